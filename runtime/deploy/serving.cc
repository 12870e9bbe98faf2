#include "runtime/deploy/serving.h"

#include <algorithm>

namespace picket::runtime {
namespace {

using solver::Resource;
using solver::Role;

class Looking {
 public:
  explicit Looking(const solver::Run& run) : run_(run) {}

  void Look(const Resource& resource) {
    if (resource.disabled || resource.removed) return;
    if (resource.is_group()) {
      for (const solver::ResourceId child : resource.children) Look(run_.at(child));
    } else if (resource.is_clone() || resource.is_bundle()) {
      LookAtClone(resource);
    } else if (TellFailures(resource); !Runs(resource, Role::kStarted)) {
      lines.push_back(resource.id + " does not run");
    }
  }

  std::vector<std::string> lines;

 private:
  bool Runs(const Resource& resource, Role at_least) const {
    if (resource.is_primitive()) return resource.role >= at_least && !resource.active.empty();
    const auto runs = [&](solver::ResourceId child) { return Runs(run_.at(child), at_least); };
    const auto& children = resource.children;
    if (resource.is_group()) return std::all_of(children.begin(), children.end(), runs);
    return std::any_of(children.begin(), children.end(), runs);
  }

  void LookAtClone(const Resource& clone) {
    for (const solver::ResourceId child : clone.children) TellFailures(run_.at(child));
    if (!Runs(clone, Role::kStarted)) {
      lines.push_back(clone.id + " does not run");
    } else if (clone.promotable && !Runs(clone, Role::kPromoted)) {
      lines.push_back(clone.id + " is not promoted anywhere");
    }
  }

  void TellFailures(const Resource& resource) {
    for (const solver::ResourceId child : resource.children) TellFailures(run_.at(child));
    if (!resource.is_primitive() || !resource.failed || resource.active.empty()) return;
    std::string nodes;
    for (const solver::NodeId node : resource.active) nodes += (nodes.empty() ? "" : ", ") + run_.at(node).name;
    lines.push_back(resource.id + " has failed on " + nodes);
  }

  const solver::Run& run_;
};

}  // namespace

std::vector<std::string> NotRunning(const solver::Run& run) {
  if (run.options.stop_all_resources) return {};
  Looking looking(run);
  for (const Resource& resource : run.resources) {
    if (!resource.parent.valid() && !resource.internal) looking.Look(resource);
  }
  return std::move(looking.lines);
}

}  // namespace picket::runtime
