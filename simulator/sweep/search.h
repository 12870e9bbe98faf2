// Every ordered combination of up to K faults, each struck at rest and before each action of the reaction to
// the one before it, fewest faults first. Where the ends of outages are among the faults, they strike at rest
// after the outage, in every order, and are not counted (happenings.h).
//
// The combinations are walked breadth first over points: a point is a moment at which the next fault may
// strike, and two points at which everything that can still make a difference is equal (the world's future,
// what the claims have seen, which faults are left) are one, played once and counted as often as it was
// reached. So the number of histories of a level is known before the level begins, and the first
// counterexample has the fewest faults; among those, one in which no outage ends comes first. All of it is
// deterministic: the number of threads changes nothing but the time it takes (a budget of time does).
//
// What a cluster leaves open (execution/choices.h) is tried in every way, at most kMostWaysOfReaction of them
// for each reaction: a history keeps a claim only if it keeps the claim in all of these. Ways that lead to
// the same state are one from there on. A reaction's other ways give points of their own; they are not
// counted as histories.
//
// Cost: one reaction for each distinct point and fault, and for each end of an outage behind it. A history
// ends early where it meets a state that another has gone on from without objection.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/scenario/scenario.h"
#include "simulator/scenario/judge.h"
#include "simulator/sweep/happenings.h"
#include "simulator/world/world.h"

namespace picket::simulator {

struct SearchOptions {
  int failures_min = 1;  // histories with fewer faults are not judged
  int failures_max = 1;
  unsigned threads = 0;          // 0: as many as the machine has
  int64_t max_histories = 0;     // 0: no limit
  int64_t max_ms = 0;            // 0: no limit
  bool beyond = false;           // judge invariants for more failures than their `over` names, too
  bool keep_going = false;       // play on after a counterexample and count the others
  std::optional<uint64_t> seed;  // then random interleavings beyond, until a limit is reached
  std::atomic<bool>* interrupted = nullptr;
  bool verify_plans = false;  // for tests: solve even where the plan is known, and compare
  bool profile = false;       // SearchResult::profile is wanted
};

// In how many ways a reaction is tried at most.
inline constexpr int kMostWaysOfReaction = 16;

// One fault of a history, when it struck, and how the cluster took what it left open.
struct Blow {
  static constexpr uint32_t kAtRest = UINT32_MAX;
  uint32_t fault = 0;                // in the list of faults
  uint32_t before_action = kAtRest;  // of the reaction to the blow before: 0 is the first action
  std::vector<size_t> chosen = {};   // the choices in the reaction; after them always the first alternative

  friend auto operator<=>(const Blow&, const Blow&) = default;
};

struct Level {
  int faults = 0;
  int64_t expected = 0;   // histories there are
  int64_t returning = 0;  // of those expected: an outage ends after the last fault
  int64_t covered = 0;    // played, or equal to one that was
  int64_t played = 0;
  int64_t excused = 0;          // of those covered
  int64_t broken = 0;           // of those covered, histories with an objection
  std::vector<int64_t> judged;  // of those covered: histories that each invariant speaks of
  bool complete = false;
};

struct Counterexample {
  std::vector<Blow> blows;
  std::vector<std::string> when;  // of each blow, in words: `at rest`, `before start of vip on n2`
  // What the cluster leaves open and did not take the first way in, in words; empty: the first way
  // everywhere.
  std::vector<std::string> open;
  Violation violation;
  Story story;  // of the whole history
  size_t story_begins = 0;
};

// `; the cluster leaves it open (which node fences n1: 2 of 3)`; empty if everything open went the first way.
std::string LeftOpen(const Counterexample& example);
// What a verdict rests on if ways were left out (SearchResult).
std::string WaysLeftOut();

// kNotProven: everything was played, but the answers of the solver leave preferences out (solver/schedule.h).
enum class Ended : uint8_t { kComplete, kCounterexample, kTime, kHistories, kInterrupted, kMemory, kNotProven };

struct SearchResult {
  std::vector<compiler::scenario::Fault> faults;  // outages, then ends of outages
  size_t outages = 0;
  std::vector<Level> levels;
  int64_t reactions = 0;  // that were played, for the speed; depends on the threads
  int64_t random_histories = 0;
  int random_faults_max = 0;
  std::optional<Counterexample> counterexample;
  Ended ended = Ended::kComplete;
  int64_t elapsed_ms = 0;
  unsigned threads = 1;
  bool ways_left_out = false;  // a reaction was open in more than kMostWaysOfReaction ways
  std::string profile;         // where the time went, of all threads, in words; empty if it was not asked for

  int64_t Played() const;
  int64_t Covered() const;
};

struct Progress {
  int level = 0;        // faults; 0: random histories
  int64_t played = 0;   // of this level
  int64_t to_play = 0;  // of this level; 0: no end
  int64_t elapsed_ms = 0;
};

class Search {
 public:
  // `rested` is where every history begins; it and the invariants outlive the search.
  Search(const World& rested, std::vector<const compiler::scenario::Invariant*> invariants,
         const std::vector<compiler::scenario::Fault>& faults, SearchOptions options);

  // Called before a level begins, with the number of its histories.
  std::function<void(const Level&)> on_level;
  // Called now and then by the thread that runs the search.
  std::function<void(const Progress&)> on_progress;

  SearchResult Run();

 private:
  // A moment at which a fault may strike: before an action of the reaction to a fault that struck at another
  // point, or at rest after it.
  struct Point {
    static constexpr size_t kRoot = SIZE_MAX;
    size_t parent = kRoot;
    Blow blow;                    // the last fault, with where it struck
    uint32_t ends = 0;            // the ends of outages at rest behind it: a number in `endings_`
    uint32_t at = Blow::kAtRest;  // before which action of the reaction to the last of these
    int64_t weight = 1;           // how many histories pass through here or an equal point
  };
  struct Task;
  struct Outcome;
  struct Shared;
  class Worker;

  bool RunLevel(int level);
  Level Expected(int level, std::vector<Task>& tasks, int64_t& to_play) const;
  void PlayTasks(const std::vector<Task>& tasks, std::vector<Outcome>& outcomes, const Level& level, int64_t to_play);
  // Sums up what counts, and gives the counterexample if there is one.
  std::optional<std::vector<Blow>> SumUp(const std::vector<Outcome>& outcomes, Level& level) const;
  void MakePoints(const std::vector<Outcome>& outcomes);
  uint32_t NumberOf(const std::vector<Blow>& ending);
  std::vector<bool> StruckAt(size_t point) const;
  void RunRandom();
  void Tell(const std::vector<Blow>& blows);  // plays the counterexample again, with its story
  std::vector<Blow> PathTo(size_t point) const;

  const World& rested_;
  std::vector<const compiler::scenario::Invariant*> invariants_;
  SearchOptions options_;
  Happenings happenings_;
  SearchResult result_;
  std::vector<Point> points_;                                  // of all levels so far
  size_t first_point_ = 0;                                     // of the level that is played
  std::vector<std::vector<Blow>> endings_ = {{}};              // sequences of ends of outages, each once
  std::map<std::vector<Blow>, uint32_t> numbers_ = {{{}, 0}};  // of the endings
  std::shared_ptr<Shared> shared_;
};

}  // namespace picket::simulator
