// Whether a colocation takes part: influence and the effect filter (spec 03 §6.3, §9.3; 04 §5.7).
#include "solver/place/colocation.h"

#include <algorithm>

namespace picket::solver::place {
namespace {

const Replica* ReplicaOf(const Run& run, ResourceId container) {
  const ResourceId parent = run.at(container).parent;
  if (!parent.valid() || !run.at(parent).is_bundle()) return nullptr;
  for (const Replica& replica : run.at(parent).bundle->replicas) {
    if (replica.container == container) return &replica;
  }
  return nullptr;
}

bool IsReplicaConnection(const Run& run, ResourceId id) {
  const Resource& resource = run.at(id);
  return resource.connection && resource.parent.valid() && run.at(resource.parent).is_bundle();
}

// A bundle is active where its containers are.
bool IsActiveAnywhere(const Run& run, ResourceId id) {
  const Resource& resource = run.at(id);
  if (!resource.is_bundle()) return !resource.active.empty();
  const auto& replicas = resource.bundle->replicas;
  return std::any_of(replicas.begin(), replicas.end(),
                     [&run](const Replica& replica) { return !run.at(replica.container).active.empty(); });
}

}  // namespace

bool IsContainer(const Run& run, ResourceId id) {
  return ReplicaOf(run, id) != nullptr;
}

ResourceId RoleHolder(const Run& run, ResourceId id) {
  return run.Behaves(Behaviour::kBundleRolesInColocations) ? ChildOrSelf(run, id) : id;
}

ResourceId ChildOrSelf(const Run& run, ResourceId id) {
  const Replica* replica = ReplicaOf(run, id);
  return replica && replica->child.valid() ? replica->child : id;
}

bool HasInfluence(const Run& run, const Colocation& colocation, ResourceId primary_id) {
  const Resource& primary = run.at(primary_id);
  // A connection never moves a healthy container.
  if (IsReplicaConnection(run, colocation.dependent) && !primary.failed && primary.active.size() == 1) return false;
  return colocation.influence || !IsActiveAnywhere(run, primary_id);
}

Effect EffectOf(const Run& run, ResourceId dependent, ResourceId primary, const Colocation& colocation, bool preview) {
  if (!preview && !run.at(primary).assigned) return Effect::kNone;
  const Resource& holder = run.at(RoleHolder(run, dependent));
  if (colocation.dependent_role >= Role::kUnpromoted && holder.assigned && holder.parent.valid() &&
      run.at(holder.parent).promotable) {
    return Effect::kRole;
  }
  if (!preview && run.at(dependent).assigned) return Effect::kNone;
  // Before 2.1.7 a filter of a negative score stopped what it should have let through (spec 07 A-7).
  const bool inverted = colocation.score < Score() && !run.Behaves(Behaviour::kAntiColocationRolesMatch);
  const auto differs = [inverted](Role filter, Role next) {
    return filter != Role::kUnknown && (filter != next) != inverted;
  };
  if (differs(colocation.dependent_role, holder.next_role)) return Effect::kNone;
  if (differs(colocation.primary_role, run.at(RoleHolder(run, primary)).next_role)) return Effect::kNone;
  return Effect::kLocation;
}

void AddPriority(Run& run, ResourceId id, Score change) {
  Resource& resource = run.at(id);
  resource.priority = (Score(resource.priority) + change).value();
}

}  // namespace picket::solver::place
