// Placement: who runs where (spec 03, 04 §4, §5, §9, §12.2-12.4).
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "solver/model/run.h"

namespace picket::solver {

void ApplyHealth(Run& run);        // S4, spec 03 §3.4
void ApplyNodeCriteria(Run& run);  // S6, spec 03 §5: locks, locations, stickiness, thresholds, exclusive discovery
void AssignResources(Run& run);    // S9, spec 03 §7-§14

// Stores a colocation in both lists and, for -INFINITY, records its orderings (spec 03 §6.4).
ColocationId AddColocation(Run& run, Colocation colocation);
// Stores a location in front of the resource's list (spec 03 §4.4).
LocationId AddLocation(Run& run, Location location);

// The collected lists of spec 03 §6.6, quirk of §6.7 included.
std::vector<ColocationId> ThisWith(const Run& run, ResourceId resource);
std::vector<ColocationId> WithThis(const Run& run, ResourceId resource);

// Before 2.1.6 a group's own colocations become those of its members when it is placed (spec 07 ).
void MoveColocationsToMembers(Run& run, ResourceId group);
// Whether a clone or bundle has fewer instances than available nodes in its own table (spec 07 B-1).
bool HasFewInstances(const Run& run, ResourceId collective);
// Before 2.1.6 an instance takes over its collective's colocations at each attempt to place it (spec 07 B-1).
void AppendColocationsOfParent(Run& run, ResourceId instance, bool few);

// Compatible instances of one collective, asked for several resources in turn (spec 04 §5.4). What the
// instances' places say is kept until an assignment changes. `attribute` must stay as long as this does.
class Partners {
 public:
  Partners(Run& run, ResourceId collective, Role role, bool current, std::string_view attribute = {});
  ResourceId Of(ResourceId resource);

 private:
  void Look();
  ResourceId On(NodeId node, ResourceId resource) const;

  Run& run_;
  const ResourceId collective_;
  const Role role_;
  const bool current_;
  const std::string_view attribute_;
  uint64_t seen_ = 0;  // Run::placements when the places were looked up
  std::vector<std::pair<NodeId, ResourceId>> placed_;
};

// The compatible instance of `collective` for `resource` (spec 04 §5.4). `role` kUnknown: any. `current`:
// current state, else next. `attribute` empty: node identity. None if there is none.
ResourceId CompatibleInstance(Run& run, ResourceId resource, ResourceId collective, Role role, bool current,
                              std::string_view attribute = {});
// "Forcibly left unassigned" as a final failed assignment (spec 04 §5.2.3, 05 §19.6.2). Gives whether the
// assigned node changed.
bool AssignToNone(Run& run, ResourceId resource);
// Candidate order of spec 03 §12.1 over the resource's allowed nodes; `favoured` may be none.
std::vector<NodeId> SortedCandidates(const Run& run, ResourceId resource, NodeId favoured);
// The value of a node attribute as a colocation or rule of `resource` sees it (spec 04 §5.9); none: missing.
const std::string* AttributeFor(const Run& run, ResourceId resource, NodeId node, std::string_view attribute,
                                bool assigned_host);

}  // namespace picket::solver
