#include "solver/actions/resource_actions.h"

#include "solver/actions/stages.h"

namespace picket::solver {

void CreateActions(Run& run, ResourceId id) {
  switch (run.at(id).variant) {
    case Variant::kPrimitive:
      return CreatePrimitiveActions(run, id);
    case Variant::kGroup:
      return CreateGroupActions(run, id);
    case Variant::kClone:
      return CreateCloneActions(run, id);
    case Variant::kBundle:
      return CreateBundleActions(run, id);
  }
}

void CreateResourceActions(Run& run) {
  const std::vector<ResourceId> resources = run.top_level;
  for (const ResourceId id : resources) {
    WorkFor(run, id);
    CreateActions(run, id);
  }
}

}  // namespace picket::solver
