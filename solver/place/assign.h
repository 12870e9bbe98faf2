// Assigning: the decision about a resource's node, by variant, and how it is fixed and undone (spec 03 §8, §11-§13;
// 04 §4, §12.2).
//
// Assigning one resource may assign others first: primaries of its colocations, its parent. A loop ends where a
// resource is asked for while it is being assigned. Cost: see each file.
#pragma once

#include "solver/model/run.h"

namespace picket::solver::place {

// Assigns `resource`, preferring a node if one is given. Not `final`: a trial for an instance, which leaves roles and
// actions alone. Gives the node, or none.
NodeId Assign(Run& run, ResourceId resource, NodeId preferred, bool final);

NodeId AssignPrimitive(Run& run, ResourceId primitive, NodeId preferred, bool final);
NodeId AssignGroup(Run& run, ResourceId group, NodeId preferred, bool final);
NodeId AssignClone(Run& run, ResourceId clone, NodeId preferred, bool final);
NodeId AssignBundle(Run& run, ResourceId bundle, NodeId preferred, bool final);

// Chooses a primitive's node among its candidates and fixes it (spec 03 §12.2).
NodeId Choose(Run& run, ResourceId primitive, NodeId preferred, bool final);

// Fixes `node` (or none) for a resource and everything below it; `force`: whatever the scores say (spec 03 §13.1).
// Gives whether a node changed.
bool Fix(Run& run, ResourceId resource, NodeId node, bool force, bool final);
// Takes the assignment back (spec 03 §13.2).
void Unassign(Run& run, ResourceId resource);

// A node as a candidate: the score that counts in a comparison (spec 03 §12.1).
struct Candidate {
  NodeId node;
  Score score;
};
void SortNodes(const Run& run, std::vector<Candidate>& candidates, NodeId favoured);

// Sorts the resource list by expected scores, for placement strategies other than the default (spec 03 §7.1).
void SortResources(Run& run);

}  // namespace picket::solver::place
