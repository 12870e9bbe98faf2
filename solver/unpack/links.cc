// Launchers, and nodes with their connections (spec 01 §17.3, 17.4).
#include <string>

#include "solver/model/query.h"
#include "solver/unpack/build.h"

namespace picket::solver {
namespace {

void LinkLauncher(Run& run, ResourceId id) {
  const std::string* name = run.at(id).meta.Find("container");
  if (name == nullptr) return;
  const ResourceId launcher = FindResource(run, *name);
  if (!launcher.valid()) {
    Say(run, LogLevel::kError, "Resource " + run.at(id).id + ": Unknown container " + *name);
  } else if (launcher != id) {
    run.at(id).launcher = launcher;
    run.at(launcher).launched.push_back(id);
  }
}

}  // namespace

void LinkNode(Run& run, ResourceId connection) {
  const NodeId id = FindNodeByName(run, run.at(connection).id);
  if (!id.valid()) return;
  Node& node = run.at(id);
  node.connection = connection;
  if (run.at(connection).launcher.valid()) {
    node.attributes.Set("#kind", "container");
  } else if (StartupFencing(run)) {
    node.unclean = true;
  }
}

void LinkResources(Run& run) {
  for (const ResourceId top : run.top_level) {
    ForEachPrimitive(run, top, [&run](ResourceId id) { LinkLauncher(run, id); });
    if (run.at(top).connection) LinkNode(run, top);
  }
}

}  // namespace picket::solver
