// Two clusters under the same faults: in which histories their behaviour differs.
//
// Each fault strikes at rest: moments in the middle of a reaction have no counterpart in another policy. Ends
// of outages are played as in a search (happenings.h). Histories are walked fewest faults first; one is told
// if it differs in something in which the history before its last event did not, so that a difference is told
// once, where it begins. Cost: two reactions for each history.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/scenario/scenario.h"
#include "simulator/world/world.h"

namespace picket::simulator {

struct DifferentAnswer {
  std::string what;  // `web`, `fenced n1`, `downtime of web`, `invariant "…"`
  std::string before;
  std::string after;
  // Only of times; kStillDown where the time has no end.
  std::optional<int64_t> before_ms;
  std::optional<int64_t> after_ms;
};
inline constexpr int64_t kStillDown = INT64_MAX / 4;

struct DifferentHistory {
  std::vector<std::string> faults;  // in order; empty: at rest, before anything fails
  std::vector<DifferentAnswer> answers;
};

// Histories that differ in the same way: in the same answers, or, of times, both longer or both shorter.
struct DifferentGroup {
  std::vector<size_t> histories;         // numbers in the list; the first one is the example
  std::vector<DifferentAnswer> answers;  // of times: `13.6 to 18.6 s`
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

// In the order of their first histories.
std::vector<DifferentGroup> GroupsOf(const std::vector<DifferentHistory>& histories);

}  // namespace picket::simulator
