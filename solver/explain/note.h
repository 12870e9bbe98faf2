// Reasons that change no single score: bans of a whole resource, resources that are blocked or left alone.
//
// For rooms that set scores of a resource and everything below it in one step. Costs one test if nobody listens;
// callers build a `detail` only behind WantsReasons().
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "solver/model/run.h"

namespace picket::solver {

inline bool WantsReasons(const Run& run) {
  return run.recorder && run.recorder->reasons;
}

// `node` none: every node.
inline void NoteBan(Run& run, std::string_view what, ResourceId resource, NodeId node, std::string_view cause,
                    std::string detail = {}) {
  if (!WantsReasons(run)) return;
  run.recorder->Add(ReasonEvent{std::string(what), resource, node, Score(), Score::MinusInfinity(), std::string(cause),
                                false, ResourceId(), std::move(detail)});
}

}  // namespace picket::solver
