// Two clusters under the same faults: in which histories their behaviour differs.
//
// Each fault strikes at rest: moments in the middle of a reaction have no counterpart in another policy. Ends
// of outages are played as in a search (happenings.h). Histories are walked fewest faults first; one is told
// if it differs in something in which the history before its last event did not, so that a difference is told
// once, where it begins.
//
// What a cluster leaves open (execution/choices.h) is tried in every way, at most kMostWaysOfComparison of
// them for each history and policy: two histories are the same if the same can come out of them. Ways that
// lead to the same state and the same answers are one. Cost: a reaction for each way of both.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/scenario/scenario.h"
#include "simulator/world/world.h"

namespace picket::simulator {

inline constexpr int kMostWaysOfComparison = 16;

// What can come out of a history for one question.
struct Outcome {
  std::set<std::string> values;  // never empty
  std::string text;              // `on n1`; `on n1, or on n2 (which node fences n3: 2 of 2)`
  // Only of times: the shortest and the longest; Observer::kForEverMs where the time has no end.
  std::optional<int64_t> least_ms;
  std::optional<int64_t> most_ms;
};

struct DifferentAnswer {
  std::string what;  // `web`, `fenced n1`, `downtime of web`, `invariant "…"`
  Outcome before;
  Outcome after;
};

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
  bool ways_left_out = false;           // a history was open in more than kMostWaysOfComparison ways
  bool leaves_preferences_out = false;  // some answer of the solver (solver/schedule.h): nothing is proven
};

// What the comparison rests on if ways were left out.
std::string ComparedWaysLeftOut();

Comparison CompareBehaviour(const Side& before, const Side& after,
                            const std::vector<compiler::scenario::FaultKind>& kinds, int failures_max);

// In the order of their first histories.
std::vector<DifferentGroup> GroupsOf(const std::vector<DifferentHistory>& histories);

}  // namespace picket::simulator
