// The lints, a function and a file for each family. Each looks at the whole
// policy once and is silent where it cannot be sure.
#pragma once

#include "compiler/check/lints.h"
#include "compiler/check/policy_view.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/topology/topology.h"

namespace picket::compiler {

/// Orders and colocations that say half of what was meant, or nothing.
void LintRelations(const PolicyView& view, Diagnostics& diagnostics);
/// Promotions of what is never promoted: W0216, and E0230 where a start waits for one.
void LintPromotion(const PolicyView& view, Diagnostics& diagnostics);
/// Connections of remote nodes where their machines are meant.
void LintRemotes(const PolicyView& view, Diagnostics& diagnostics);
/// Preferences that lose against stickiness, or win where nobody wanted it.
void LintPlaces(const PolicyView& view, Diagnostics& diagnostics);
/// Operations, copies and filesystems.
void LintResources(const PolicyView& view, Diagnostics& diagnostics);
/// Options of operations that do not do what they seem to.
void LintOperations(const PolicyView& view, Diagnostics& diagnostics);
/// Live migrations that never take place.
void LintMigration(const PolicyView& view, Diagnostics& diagnostics);
/// What keeps resources from running, although it may not be meant so.
void LintStandstill(const PolicyView& view, Diagnostics& diagnostics);
/// Settings that nobody reads, and rules on what only an agent knows.
void LintIdle(const PolicyView& view, Diagnostics& diagnostics);
/// Boards, devices, addresses, names and nodes that two cannot share.
void LintSharing(const PolicyView& view, Diagnostics& diagnostics);
/// Names and values of cluster options and meta attributes.
void LintOptions(const PolicyView& view, Diagnostics& diagnostics);
/// Fencing switched off.
void LintFencing(const PolicyView& view, Diagnostics& diagnostics);
/// Calendar fields and dates that never come.
void LintDates(const PolicyView& view, Diagnostics& diagnostics);
/// Node attributes, and values of them, that no node has.
void LintAttributes(const PolicyView& view, Diagnostics& diagnostics);
/// Options in a block where nobody reads them.
void LintBlocks(const PolicyView& view, Diagnostics& diagnostics);
/// Scores, quantities and durations that say something else than they seem to.
void LintNumbers(const PolicyView& view, Diagnostics& diagnostics);
/// What stands there twice, or never acts.
void LintRepeats(const PolicyView& view, Diagnostics& diagnostics);
/// Which side of a pair depends, and on which copies.
void LintSides(const PolicyView& view, Diagnostics& diagnostics);
/// Names of nodes in the parameters of agents.
void LintHosts(const PolicyView& view, Diagnostics& diagnostics);
/// Addresses and times that Corosync refuses, and addresses that somebody has already.
void LintAddresses(const PolicyView& view, const Topology& topology, Diagnostics& diagnostics);
/// What Corosync refuses as a whole, links in one network, addresses that are taken.
void LintNetworks(const PolicyView& view, Diagnostics& diagnostics);
/// What a template engine or a person was to fill in.
void LintPlaceholders(const PolicyView& view, Diagnostics& diagnostics);
/// What stands on storage that another resource brings.
void LintStorage(const PolicyView& view, Diagnostics& diagnostics);
/// Replicated services, and what follows their promotion.
void LintReplication(const PolicyView& view, Diagnostics& diagnostics);
/// Patterns, conditions, agents and bundles that mean nothing here.
void LintMeaning(const PolicyView& view, Diagnostics& diagnostics);
/// Resources that nobody watches, agents that nobody finds.
void LintAgents(const PolicyView& view, Diagnostics& diagnostics);
/// What Pacemaker 3 ignores, deprecates or takes otherwise.
void LintTarget(const PolicyView& view, const NameInTarget& name_in_target, Diagnostics& diagnostics);
/// Quorum, and what a test claims about the time that a failover takes.
void LintCluster(const PolicyView& view, const Topology& topology, Diagnostics& diagnostics);

}  // namespace picket::compiler
