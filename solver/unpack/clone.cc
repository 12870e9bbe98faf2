// Clones, their instances, and what the class of a primitive allows (spec 01 §16.2, §16.3; 04 §2).
#include <algorithm>
#include <string>
#include <string_view>

#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/unpack/build.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

int32_t NodeCount(const Run& run) {
  return static_cast<int32_t>(run.node_order.size());
}

int32_t MetaInteger(const Run& run, ResourceId id, std::string_view name, int32_t standard) {
  const std::string* text = run.at(id).meta.Find(name);
  return text != nullptr ? IntegerAtLeast(text, 0) : standard;
}

// With its old name, which counts where the current one is absent.
int32_t PromotedInteger(const Run& run, ResourceId id, std::string_view name, std::string_view old_name) {
  const Table& meta = run.at(id).meta;
  if (!meta.Has(name) && meta.Has(old_name)) {
    Say(run, LogLevel::kWarning,
        "Support for the " + std::string(old_name) + " meta-attribute (such as in " + run.at(id).id +
            ") is deprecated and will be removed in a future release. Use the " + std::string(name) +
            " meta-attribute instead.");
    name = old_name;
  }
  return MetaInteger(run, id, name, 1);
}

void MarkRemoved(Run& run, ResourceId id) {
  run.at(id).removed = true;
  for (const ResourceId child : run.at(id).children) MarkRemoved(run, child);
}

void MakeAnonymous(Run& run, ResourceId id) {
  run.at(id).unique = false;
  run.at(id).meta.Set("globally-unique", "false");
  for (const ResourceId child : run.at(id).children) MakeAnonymous(run, child);
}

// Builds the next instance. None: the child cannot be built.
std::optional<ResourceId> AddInstance(Run& run, ResourceId clone) {
  const int32_t number = run.at(clone).clone->instances_created;
  const auto built = BuildResource(run, run.at(clone).def->children.front(), clone, number);
  if (!built) return std::nullopt;
  const ResourceId id = *built;
  Resource& resource = run.at(clone);
  ++resource.clone->instances_created;
  resource.children.push_back(id);
  const int32_t clone_max = resource.clone->clone_max;
  run.at(id).meta.Set("clone", std::to_string(number));
  run.at(id).meta.Set("clone-max", std::to_string(clone_max));
  if (number >= clone_max) MarkRemoved(run, id);
  return id;
}

}  // namespace

bool BuildClone(Run& run, ResourceId id) {
  CloneData data;
  if (run.at(id).promotable) {
    data.promoted_max = PromotedInteger(run, id, "promoted-max", "master-max");
    data.promoted_node_max = PromotedInteger(run, id, "promoted-node-max", "master-node-max");
  }
  data.clone_node_max = MetaInteger(run, id, "clone-node-max", 1);
  data.clone_max = MetaInteger(run, id, "clone-max", std::max(1, NodeCount(run)));
  Resource& resource = run.at(id);
  if (!resource.unique && data.clone_node_max > 1) {
    Say(run, LogLevel::kError,
        "Ignoring clone-node-max of " + std::to_string(data.clone_node_max) + " for " + resource.id +
            " because anonymous clones support only one instance per node");
    data.clone_node_max = 1;
  }
  if (const std::string* least = resource.meta.Find("clone-min")) data.clone_min = IntegerAtLeast(least, 0);
  data.interleave = IsTrue(resource.meta.Find("interleave"));
  data.ordered = IsTrue(resource.meta.Find("ordered"));
  resource.clone = data;
  if (resource.def->children.empty()) {
    Say(run, LogLevel::kError, resource.id + " has nothing to clone");
    return false;
  }
  // Only in the table: instances inherit it, the clone's own value stays 0 (spec 01 §16.2.5).
  resource.meta.Add("resource-stickiness", "1");
  resource.meta.Set("globally-unique", resource.unique ? "true" : "false");
  // The class of a primitive may lower clone-max while instances are made. With none, one is made as removed.
  do {
    if (!AddInstance(run, id)) return false;
  } while (run.at(id).clone->instances_created < run.at(id).clone->clone_max);
  return true;
}

ResourceId CreateInstance(Run& run, ResourceId clone) {
  return AddInstance(run, clone).value_or(ResourceId());
}

namespace {

// An agent of this class cannot tell its instances apart.
void ForceAnonymous(Run& run, ResourceId top, ResourceId id) {
  const Resource& resource = run.at(id);
  Say(run, LogLevel::kWarning,
      "Ignoring globally-unique for " + run.at(top).id + " because " + resource.cls + " resources such as " +
          resource.id + " can be used only as anonymous clones");
  CloneData& clone = *run.at(top).clone;
  clone.clone_node_max = 1;
  clone.clone_max = std::min(clone.clone_max, NodeCount(run));
  MakeAnonymous(run, top);
  // The instance around this resource is not among the clone's children yet: its other members stay as they
  // are.
  MakeAnonymous(run, id);
}

}  // namespace

bool BuildPrimitive(Run& run, ResourceId id) {
  const Resource& resource = run.at(id);
  const ResourceId top = Top(run, id);
  if (!run.at(top).is_clone()) return true;
  const bool ocf = EqualFolded(resource.cls, "ocf");
  if (!ocf && !EqualFolded(resource.cls, "stonith") && resource.unique) ForceAnonymous(run, top, id);
  if (!run.at(top).promotable || ocf) return true;
  Say(run, LogLevel::kError,
      "Resource " + resource.id + " is of type " + resource.cls +
          " and therefore cannot be used as a promotable clone resource");
  return false;
}

}  // namespace picket::solver
