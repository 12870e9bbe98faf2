// Actions of resources, by variant (spec 05 §8-§10, §17; 04 §6.1, §12.8). Used inside this room only.
//
// Everything is asked for with RequestAction(), which reuses what exists: instances of promotable clones and
// containers of bundles go through here twice, and the second pass may change flags but creates nothing new.
#pragma once

#include <vector>

#include "solver/model/run.h"

namespace picket::solver {

constexpr int32_t kTopPriority = Score::kInfinityValue;  // of completions and post-notifications

// Dispatches on the variant.
void CreateActions(Run& run, ResourceId resource);

void CreatePrimitiveActions(Run& run, ResourceId primitive);
void CreateGroupActions(Run& run, ResourceId group);
void CreateCloneActions(Run& run, ResourceId clone);
void CreateBundleActions(Run& run, ResourceId bundle);

// Recurring operations and their cancels (spec 05 §9).
void CreateRecurring(Run& run, ResourceId primitive);

// Whether a primitive that moves from `current` to its assigned node may migrate (spec 05 §17.1).
bool MayMigrate(const Run& run, ResourceId primitive, NodeId current);
// The migration actions on top of the stop and start of the role walk (spec 05 §17.2).
void CreateMigration(Run& run, ResourceId primitive, NodeId current);

// The actions of the instances and then the four pseudo-actions of their collective (spec 05 §10.2): children
// of a clone, containers of a bundle.
void CreateInstanceActions(Run& run, ResourceId collective, const std::vector<ResourceId>& instances);
// The second pass over a promotable clone (spec 05 §10.3).
void CreatePromotableActions(Run& run, ResourceId clone);

}  // namespace picket::solver
