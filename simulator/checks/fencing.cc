#include "simulator/checks/fencing.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

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

std::optional<solver::Cluster> ClusterOf(const compiler::Review& review) {
  pugi::xml_document document;
  document.reset(review.cib);
  std::string warning;
  solver::DocumentError error;
  if (!solver::UpgradeDocument(document, warning, error)) return std::nullopt;
  solver::Cluster cluster = solver::ReadCluster(document);
  NumberNodes(cluster);
  return cluster;
}

}  // namespace

std::vector<Limit> LimitsOf(const compiler::Review& review) {
  const auto cluster = ClusterOf(review);
  if (!cluster) return {};
  return LimitsOf(execution::ReadFencing(*cluster, {}), review.topology, review.agent_default);
}

void CheckFencing(const compiler::Review& review) {
  auto cluster = ClusterOf(review);
  if (!cluster) return;
  // What has errors is not laid out for a solve: a number of copies may be one of them.
  if (!review.diagnostics.HasErrors()) CheckChains(review, *cluster);
  const FencingView view(review, *std::move(cluster));
  if (!view.fencing().enabled) return;
  if (review.fencing_names_are_known) CheckReach(view);
  if (!review.names_are_known) return;
  CheckOwnDevices(view);
  CheckLevels(view);
  CheckDelays(view);
  CheckTimes(view);
}

}  // namespace picket::simulator
