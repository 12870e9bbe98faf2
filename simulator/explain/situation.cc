#include "simulator/explain/situation.h"

#include <utility>

#include "solver/cib/read.h"
#include "solver/schedule.h"

namespace picket::simulator::explain {
namespace {

void Decide(Situation& situation, bool reasons) {
  situation.recorder.reasons = reasons;
  situation.transition = solver::Schedule(situation.cluster, situation.state, situation.run, &situation.recorder);
}

}  // namespace

std::unique_ptr<Situation> Solve(const pugi::xml_document& document, const solver::Instant& now, bool reasons,
                                 const solver::Target& target, std::vector<std::string> not_fenced) {
  auto situation = std::make_unique<Situation>();
  situation->not_fenced = std::move(not_fenced);
  situation->cluster = solver::ReadCluster(document, target);
  situation->state = solver::ReadState(document, now, now);
  Decide(*situation, reasons);
  return situation;
}

std::unique_ptr<Situation> Solve(const solver::Cluster& cluster, const solver::State& state,
                                 std::vector<std::string> not_fenced) {
  auto situation = std::make_unique<Situation>();
  situation->not_fenced = std::move(not_fenced);
  situation->cluster = cluster;
  situation->state = state;
  Decide(*situation, true);
  return situation;
}

}  // namespace picket::simulator::explain
