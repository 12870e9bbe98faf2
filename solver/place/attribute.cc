#include "solver/place/attribute.h"

#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/place/place.h"

namespace picket::solver {
namespace place {
namespace {

const std::string* OwnAttribute(const Run& run, NodeId node, std::string_view attribute) {
  return run.at(node).attributes.Find(attribute);
}

const std::string* HostAttribute(const Run& run, NodeId guest, std::string_view attribute, bool assigned_host) {
  const Resource& launcher = run.at(LauncherOf(run, guest));
  NodeId host = launcher.node;
  if (!assigned_host) host = launcher.active.empty() ? NodeId() : launcher.active.front();
  return host.valid() ? OwnAttribute(run, host, attribute) : nullptr;
}

bool TargetsHost(const Run& run, ResourceId resource) {
  return EqualFolded(run.at(resource).meta.Get("container-attribute-target"), "host");
}

// Inside the clone of a bundle: the replicas' instances and what is below them.
bool IsContained(const Run& run, ResourceId resource) {
  return EnclosingBundle(run, resource).valid() && run.at(Top(run, resource)).is_clone();
}

}  // namespace

const std::string* TargetedAttribute(const Run& run, ResourceId resource, NodeId node, std::string_view attribute,
                                     bool assigned_host) {
  if (TargetsHost(run, resource) && IsGuestNode(run, node)) {
    return HostAttribute(run, node, attribute, assigned_host);
  }
  return OwnAttribute(run, node, attribute);
}

bool LooksAtHosts(const Run& run, ResourceId resource) {
  return run.has_remote_nodes && run.Behaves(Behaviour::kBundleRolesInColocations) &&
         (TargetsHost(run, resource) || IsContained(run, resource));
}

bool KnowsItsName(const Run& run, NodeId node) {
  const std::string* name = run.at(node).attributes.Find("#uname");
  return name != nullptr && *name == run.at(node).name;
}

bool SameValue(const std::string* a, const std::string* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return EqualFolded(*a, *b);
}

}  // namespace place

const std::string* AttributeFor(const Run& run, ResourceId resource, NodeId node, std::string_view attribute,
                                bool assigned_host) {
  if (!run.Behaves(Behaviour::kBundleRolesInColocations)) return place::OwnAttribute(run, node, attribute);
  if (IsBundleNode(run, node) && place::IsContained(run, resource)) {
    return place::HostAttribute(run, node, attribute, assigned_host);
  }
  return place::TargetedAttribute(run, resource, node, attribute, assigned_host);
}

}  // namespace picket::solver
