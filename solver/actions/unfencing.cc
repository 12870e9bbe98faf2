#include "solver/actions/unfencing.h"

#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/status/digest.h"

namespace picket::solver {
namespace {

// In reverse order of the resource list (spec 02 §18).
std::vector<ResourceId> UnfencingDevices(const Run& run) {
  std::vector<ResourceId> devices;
  for (const ResourceId top : run.top_level) {
    ForEachPrimitive(run, top, [&](ResourceId id) {
      const Resource& resource = run.at(id);
      if (!resource.fence_device) return;
      if (resource.needs_unfencing || EqualFolded(resource.meta.Get("provides"), "unfencing")) devices.push_back(id);
    });
  }
  return {devices.rbegin(), devices.rend()};
}

void Say(Run& run, std::string text) {
  if (run.recorder && run.recorder->log) run.recorder->Add(LogLine{LogLevel::kOutput, std::move(text)});
}

// Compares a device with what the node remembers from its last unfencing; gives whether it changed.
bool DeviceChanged(Run& run, NodeId node, ResourceId device, const std::string& all, const std::string& secure) {
  const Table& attributes = run.at(node).attributes;
  const std::string* known = attributes.Find("#digests-all");
  if (!known || known->find(all) != std::string::npos) return false;
  const std::string& id = run.at(device).id;
  const std::string& name = run.at(node).name;
  if (attributes.Get("#digests-secure").find(secure) != std::string_view::npos) {
    Say(run, "Only 'private' parameters to " + id + " for unfencing " + name + " changed");
    return false;
  }
  Say(run, "Parameters to " + id + " for unfencing " + name + " changed, try '" + secure + "'");
  Say(run, "notice: Unfencing node " + name + " because the definition of " + id + " changed");
  return true;
}

}  // namespace

UnfencingDigests DigestsOfUnfencingDevices(Run& run, NodeId node) {
  UnfencingDigests digests;
  for (const ResourceId device : UnfencingDevices(run)) {
    const DigestSet& set = DigestsFor(run, device, "stonith-on", 0, node, nullptr);
    const std::string agent = run.at(device).id + ":" + run.at(device).type + ":";
    const std::string all = agent + set.full;
    const std::string secure = agent + set.secure;
    digests.changed |= DeviceChanged(run, node, device, all, secure);
    digests.all += all + ",";
    digests.secure += secure + ",";
  }
  return digests;
}

}  // namespace picket::solver
