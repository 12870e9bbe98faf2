// The compatible instance: which copy of a collective goes with a given resource (spec 04 §5.4).
//
// Cost: nodes tried × instances.
#include <vector>

#include "solver/model/query.h"
#include "solver/place/attribute.h"
#include "solver/place/place.h"

namespace picket::solver {
namespace {

class Search {
 public:
  Search(const Run& run, ResourceId resource, ResourceId collective, Role role, bool current,
         std::string_view attribute)
      : run_(run), resource_(resource), role_(role), current_(current), attribute_(attribute),
        instances_(Instances(run, collective)) {}

  ResourceId On(NodeId node) const {
    for (const ResourceId instance : instances_) {
      if (Fits(instance, node)) return instance;
    }
    return {};
  }

 private:
  bool Fits(ResourceId instance, NodeId node) const {
    if (role_ != Role::kUnknown && role_ != RoleOf(instance)) return false;
    if (AnyBlocked(run_, instance)) return false;
    const NodeId location = LocationOf(run_, instance, current_);
    if (!location.valid()) return false;
    if (location == node) return true;
    if (attribute_.empty()) return false;
    return place::SameValue(AttributeFor(run_, instance, location, attribute_, !current_),
                            AttributeFor(run_, resource_, node, attribute_, !current_));
  }

  Role RoleOf(ResourceId instance) const { return current_ ? CurrentRole(run_, instance) : NextRole(run_, instance); }

  const Run& run_;
  const ResourceId resource_;
  const Role role_;
  const bool current_;
  const std::string_view attribute_;
  const std::vector<ResourceId> instances_;
};

}  // namespace

ResourceId CompatibleInstance(Run& run, ResourceId resource, ResourceId collective, Role role, bool current,
                              std::string_view attribute) {
  const Search search(run, resource, collective, role, current, attribute);
  const NodeId location = LocationOf(run, resource, current);
  if (location.valid()) return search.On(location);
  for (const NodeId node : SortedCandidates(run, resource, NodeId())) {
    const ResourceId found = search.On(node);
    if (found.valid()) return found;
  }
  return {};
}

}  // namespace picket::solver
