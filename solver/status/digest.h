// Digests of operation parameters: how a changed definition is recognised (spec 02 §17.2, §17.3, §18).
//
// The cluster stores with every recorded operation the MD5 sum of the parameters it ran with, as canonical XML text.
// Here the same sum is made of what the configuration says now. A calculation is remembered for (node, operation), with
// the lists of names that the first compared entry brought along.
#pragma once

#include <string>
#include <string_view>

#include "solver/model/run.h"
#include "solver/status/parameter_digest.h"

namespace picket::solver {

// What an entry was recorded with for the parameters that force a restart, empty if nothing. Expired failures of
// recurring operations have one that never matches, so that they are run again (spec 02 §6.4.4).
std::string_view RestartDigestOf(const Run& run, const HistoryEntry& entry);

// The digests of an operation on a node. `entry` may be null (unfencing).
DigestSet& DigestsFor(Run& run, ResourceId resource, std::string_view task, uint32_t interval_ms, NodeId node,
                      const HistoryEntry* entry);

// How the entry's digests differ from the calculated ones (spec 02 §17.3).
DigestVerdict CompareDigests(Run& run, ResourceId resource, const HistoryEntry& entry, NodeId node);

// A connection inside a bundle whose address is that of its container's host, known only after assignment.
bool HasHostAddress(Run& run, ResourceId resource);

}  // namespace picket::solver
