#include "simulator/checks/fencing.h"

#include <set>
#include <string>

#include "simulator/checks/fencing_view.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"

namespace picket::simulator {
namespace {

// Ids that are missing or there twice are reported elsewhere, and no node is lost by them.
void NumberNodes(solver::Cluster& cluster) {
  std::set<std::string> ids;
  bool sound = true;
  for (const solver::NodeDef& node : cluster.nodes) sound = !node.id.empty() && ids.insert(node.id).second && sound;
  if (sound) return;
  for (size_t i = 0; i < cluster.nodes.size(); ++i) cluster.nodes[i].id = std::to_string(i + 1);
}

}  // namespace

void CheckFencing(const compiler::Review& review) {
  pugi::xml_document document;
  document.reset(review.cib);
  std::string warning;
  solver::DocumentError error;
  if (!solver::UpgradeDocument(document, warning, error)) return;
  solver::Cluster cluster = solver::ReadCluster(document);
  NumberNodes(cluster);
  const FencingView view(review, std::move(cluster));
  if (!view.fencing().enabled) return;
  if (review.fencing_names_are_known) CheckReach(view);
  if (!review.names_are_known) return;
  CheckOwnDevices(view);
  CheckLevels(view);
  CheckDelays(view);
}

}  // namespace picket::simulator
