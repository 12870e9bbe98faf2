// Inside of unpacking: how one resource is made from its definition (spec 01 §13-§18).
//
// Building may fail at any depth; BuildResource then takes back what it had created. Ids are held across
// calls, never references, because every call may create resources.
#pragma once

#include <optional>

#include "solver/cib/rules.h"
#include "solver/model/run.h"

namespace picket::solver {

// --- evaluating
// ------------------------------------------------------------------------------------------------ Reads
// blocks into a table; what changes next feeds the recheck time (spec 01 §5.8).
void ReadInto(Run& run, const NvBlocks& blocks, const RuleInput& input, Table& target);
// An input with the time only.
RuleInput TimeInput(const Run& run);
void Say(const Run& run, LogLevel level, std::string text);

// --- options and nodes
void UnpackOptions(Run& run);
void UnpackNodes(Run& run);
// Fencing is in use and applies to nodes that were never seen (spec 01 §7.3).
bool StartupFencing(const Run& run);
// Top-level definitions in list order: those of the configuration, then the connections of guest nodes, which
// are generated here. Creates the nodes of remote and guest connections (spec 01 §17.1, 17.2).
std::vector<const ResourceDef*> DiscoverRemoteNodes(Run& run);

// --- resources
// ------------------------------------------------------------------------------------------------- None if
// the definition is unusable; the reason is logged.
std::optional<ResourceId> BuildResource(Run& run, const ResourceDef& def, ResourceId parent,
                                        std::optional<int32_t> instance_number);
// Children by kind. False: the resource cannot exist.
bool BuildPrimitive(Run& run, ResourceId id);
bool BuildGroup(Run& run, ResourceId id);
bool BuildClone(Run& run, ResourceId id);
bool BuildBundle(Run& run, ResourceId id);
// A node and a resource in its own table only: score added, entry made if there is none.
void AddOwnScore(Run& run, ResourceId resource, NodeId node, Score score);
// Sets the properties that the meta table states (spec 01 §13.3-13.7).
void ReadProperties(Run& run, ResourceId id);
void ReadUtilization(Run& run, ResourceId id);
// A score or health word of the configuration.
std::optional<Score> ReadScore(const Run& run, std::string_view text);

// --- links
// Launchers and connection-to-node links of the whole list (spec 01 §17.3, 17.4).
void LinkResources(Run& run);
// The node of a connection that is not inside a collective.
void LinkNode(Run& run, ResourceId connection);

}  // namespace picket::solver
