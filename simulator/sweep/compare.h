// Two clusters under the same faults: in which histories their behaviour differs.
//
// Each fault strikes at rest: moments in the middle of a reaction have no counterpart in another policy. Histories are
// walked fewest faults first; one is told if it differs in something in which the history before its last fault did
// not, so that a difference is told once, where it begins. Cost: two reactions for each history.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/scenario/scenario.h"
#include "simulator/world/world.h"

namespace picket::simulator {

struct DifferentAnswer {
  std::string what;  // `web`, `fenced n1`, `downtime of web`, `invariant "…"`
  std::string before;
  std::string after;
  friend bool operator==(const DifferentAnswer&, const DifferentAnswer&) = default;
};

struct DifferentHistory {
  std::vector<std::string> faults;  // in order; empty: at rest, before anything fails
  std::vector<DifferentAnswer> answers;
};

struct Side {
  const World* rested = nullptr;
  const compiler::scenario::Scenario* scenario = nullptr;
};

struct Comparison {
  std::vector<DifferentHistory> histories;
  std::vector<std::string> only_before;  // faults that only one of the two can have
  std::vector<std::string> only_after;
  int64_t compared = 0;
};

Comparison CompareBehaviour(const Side& before, const Side& after,
                            const std::vector<compiler::scenario::FaultKind>& kinds, int failures_max);

}  // namespace picket::simulator
