// Colocations at work: which count, whether they take part, and what they do to a dependent (spec 03 §6, §9; 04 §5).
//
// What dependents wish of their primary is merge.h. Cost: one colocation over one row, times the instances of a
// collective primary.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "solver/model/run.h"

namespace picket::solver::place {

inline bool IsMandatory(const Colocation& colocation) {
  return colocation.score.is_infinite() || colocation.score.is_minus_infinite();
}

// A container of a bundle is judged by the instance inside it where roles are asked for (spec 03 §9.3).
ResourceId RoleHolder(const Run& run, ResourceId resource);
// The same for every release: what is inside a container, or the resource itself.
ResourceId ChildOrSelf(const Run& run, ResourceId resource);
bool IsContainer(const Run& run, ResourceId resource);

// Whether the dependent's preferences count for `primary`, the configured one or one of its instances (spec 03 §6.3).
bool HasInfluence(const Run& run, const Colocation& colocation, ResourceId primary);

// What a colocation between two primitives touches (spec 03 §9.3). `preview` asks what it will touch, whoever is
// assigned already.
enum class Effect : uint8_t { kNone, kRole, kLocation };
Effect EffectOf(const Run& run, ResourceId dependent, ResourceId primary, const Colocation& colocation, bool preview);

// Applies a colocation to `dependent`, the configured one or a part of it, with `primary` likewise; gives the change of
// the dependent's promotion priority (spec 03 §9.2).
Score ApplyColocation(Run& run, ResourceId dependent, ResourceId primary, ColocationId colocation);

// The same as a step of assigning `resource`: the primary is assigned first, and what leaves no node may be reverted
// (spec 03 §9.1).
void ApplyThisWith(Run& run, ResourceId resource, ColocationId colocation);

// Adds to a promotion priority, which is a score.
void AddPriority(Run& run, ResourceId resource, Score change);

}  // namespace picket::solver::place
