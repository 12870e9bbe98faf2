// The compatible instance: which copy of a collective goes with a given resource (spec 04 §5.4).
//
// Cost: the instances once, for as long as no assignment changes; then nodes tried × instances that have a
// place.
#include <vector>

#include "solver/model/query.h"
#include "solver/place/attribute.h"
#include "solver/place/place.h"

namespace picket::solver {
namespace {

Role RoleOf(const Run& run, ResourceId id, bool current) {
  return current ? CurrentRole(run, id) : NextRole(run, id);
}

}  // namespace

Partners::Partners(Run& run, ResourceId collective, Role role, bool current, std::string_view attribute)
    : run_(run), collective_(collective), role_(role), current_(current), attribute_(attribute) {
  Look();
}

ResourceId Partners::Of(ResourceId resource) {
  if (seen_ != run_.placements) Look();
  const NodeId location = LocationOf(run_, resource, current_);
  if (location.valid()) return On(location, resource);
  if (placed_.empty()) return {};
  for (const NodeId node : SortedCandidates(run_, resource, NodeId())) {
    const ResourceId found = On(node, resource);
    if (found.valid()) return found;
  }
  return {};
}

void Partners::Look() {
  seen_ = run_.placements;
  placed_.clear();
  for (const ResourceId instance : Instances(run_, collective_)) {
    if (role_ != Role::kUnknown && role_ != RoleOf(run_, instance, current_)) continue;
    const NodeId location = LocationOf(run_, instance, current_);
    if (location.valid() && !AnyBlocked(run_, instance)) placed_.emplace_back(location, instance);
  }
}

ResourceId Partners::On(NodeId node, ResourceId resource) const {
  for (const auto& [location, instance] : placed_) {
    if (location == node) return instance;
    if (!attribute_.empty() && place::SameValue(AttributeFor(run_, instance, location, attribute_, !current_),
                                                AttributeFor(run_, resource, node, attribute_, !current_))) {
      return instance;
    }
  }
  return {};
}

ResourceId CompatibleInstance(Run& run, ResourceId resource, ResourceId collective, Role role, bool current,
                              std::string_view attribute) {
  return Partners(run, collective, role, current, attribute).Of(resource);
}

}  // namespace picket::solver
