#include "solver/place/below.h"

#include <utility>

#include "solver/model/query.h"
#include "solver/place/attribute.h"
#include "solver/place/neutral.h"
#include "solver/place/place.h"

namespace picket::solver::place {

bool UnderstandsBelow(const Run& run) {
  return !run.below.empty() && run.Behaves(Behaviour::kGroupColocationsStay) &&
         run.Behaves(Behaviour::kInstanceColocationsComputed) && run.Behaves(Behaviour::kChainedColocationsAttenuated);
}

bool IsSimple(const Run& run, ResourceId id) {
  if (run.at(id).is_bundle() || LooksAtHosts(run, id)) return false;
  const ResourceId top = TopWithBundle(run, id);
  return top == id || run.at(top).is_group();
}

bool IsSimple(const Run& run, const Colocation& colocation) {
  const Resource& dependent = run.at(colocation.dependent);
  if (colocation.attribute != "#uname" || !IsSimple(run, dependent.self)) return false;
  return !(colocation.explicit_ && dependent.parent.valid() && run.at(dependent.parent).is_group());
}

ResourceId Speaker(const Run& run, ResourceId dependent) {
  const Resource& resource = run.at(dependent);
  return resource.is_group() && !resource.children.empty() ? resource.children.front() : dependent;
}

void RestOn(Run& run, ResourceId source, const Colocation& colocation) {
  for (const ResourceId id : {Speaker(run, colocation.dependent), colocation.dependent}) {
    std::vector<ResourceId>& asked_for = run.below[id.index()].asked_for;
    if (asked_for.empty() || asked_for.back() != source) asked_for.push_back(source);
  }
}

namespace {

void Forget(Run& run, Below& below) {
  below.state = Below::State::kUnknown;
  for (const KeptMerge& merge : below.merges) {
    run.kept_changes -= merge.changes.size() * (1 + merge.with_drops.size());
  }
  below.merges.clear();
}

}  // namespace

void ForgetNeutral(Run& run, ResourceId resource) {
  if (run.below.empty()) return;
  std::vector<ResourceId> changed{resource};
  while (!changed.empty()) {
    const std::vector<ResourceId> asked_for = std::exchange(run.below[changed.back().index()].asked_for, {});
    changed.pop_back();
    for (const ResourceId id : asked_for) {
      Forget(run, run.below[id.index()]);
      changed.push_back(id);
    }
  }
}

void ForgetAllNeutral(Run& run) {
  if (run.below.empty()) return;
  run.below.assign(run.resources.size(), Below());
  run.kept_changes = 0;
}

}  // namespace picket::solver::place
