// A cluster in a state, solved with every reason recorded: what questions are put to.
//
// Built from a document, which is copied for what-if changes. Cost: one Schedule with the recorder on.
#pragma once

#include <memory>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "solver/explain/recorder.h"
#include "solver/graph/transition.h"
#include "solver/model/cluster.h"
#include "solver/model/run.h"
#include "solver/model/state.h"

namespace picket::simulator::explain {

struct Situation {
  solver::Cluster cluster;
  solver::State state;
  solver::Run run;
  solver::Recorder recorder;
  solver::Transition transition;
  // Nodes whose fencing has failed: while they are unclean, nothing of theirs is recovered.
  std::vector<std::string> not_fenced;

  Situation() = default;
  Situation(const Situation&) = delete;  // The run points into it.
  Situation& operator=(const Situation&) = delete;
};

// `document` in the current schema's spelling. `reasons` false: only the answer is wanted. `not_fenced` are names of
// nodes whose fencing has failed.
std::unique_ptr<Situation> Solve(const pugi::xml_document& document, const solver::Instant& now, bool reasons = true,
                                 const solver::Target& target = {}, std::vector<std::string> not_fenced = {});
// The same of a cluster and a state that are at hand.
std::unique_ptr<Situation> Solve(const solver::Cluster& cluster, const solver::State& state,
                                 std::vector<std::string> not_fenced = {});

}  // namespace picket::simulator::explain
