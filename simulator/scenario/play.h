// Playing tests and invariants of a policy in the world, and the verdicts.
//
// A test plays one history. An invariant is searched for a counterexample over every combination of its faults
// (simulator/sweep/search.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/scenario/scenario.h"
#include "simulator/scenario/because.h"
#include "simulator/sweep/search.h"
#include "simulator/world/world.h"
#include "solver/model/run.h"

namespace picket::simulator {

// Why a test or an invariant does not hold.
struct Objection {
  compiler::Span claim;     // the expectation, in the policy
  std::string what;         // `expected`, `given`, `always`, … : which kind of statement objected
  std::string instead;      // what is so instead
  Story story;              // of the history that shows it
  size_t story_begins = 0;  // where the part that matters begins: the first fault
  Moment moment;            // for questions why
  std::vector<WhyQuestion> questions;
};

// What a reader should know of a claim that holds.
struct Note {
  compiler::Span claim;
  std::string text;
};

struct Verdict {
  std::string name;
  bool is_invariant = false;
  compiler::Span span;
  std::optional<Objection> objection;  // none: passed
  int64_t histories = 1;               // played
  int failures_min = 0;                // of an invariant: the numbers of faults it was judged for
  int failures_max = 0;
  std::vector<Note> notes;
  int64_t excused = 0;            // histories in which the assumption did not hold
  int64_t merged = 0;             // histories that are equal to others, and were not played again
  std::set<std::string> assumed;  // what the history rests on and the policy does not say, one sentence each
  int64_t cluster_time_ms = 0;    // of the test's history
  Story story;                    // of the test's history, from its beginning
  size_t story_begins = 0;        // where the part that matters begins
};

// What a counterexample says against its invariant.
Objection ObjectionOf(const compiler::scenario::Invariant& invariant, const Counterexample& example);

// Called whenever the cluster of a test has come to rest, with what struck since the rest before.
using RestListener = std::function<void(const World&, const std::string&)>;

class Player {
 public:
  Player(std::shared_ptr<const Catalog> catalog, solver::State initial, WorldSettings settings);

  // Starts the cluster and lets it come to rest, once; the verdicts below begin there. An objection if it
  // never rests.
  std::optional<Objection> Start();
  Verdict Play(const compiler::scenario::Test& test);
  Verdict Play(const compiler::scenario::Invariant& invariant);
  const World& rested() const { return rested_; }
  // Called now and then while an invariant is searched.
  std::function<void(const Progress&)> on_progress;
  // Called at each rest of a test, with what led to it: `start`, `given`, or the faults.
  RestListener on_rest;
  unsigned threads = 0;  // for invariants; 0: as many as the machine has
  bool resume = false;   // begin with the initial state as it is, instead of starting every node

 private:
  World rested_;
  solver::Run run_;
};

// The story in lines, `  12.345  ha1 is fenced by ipmi-ha1`, from event `begin` on; monitors and
// notifications that say nothing new are left out, and so are starts and stops of fence devices unless `with_devices`.
std::string TellStory(const Story& story, size_t begin, bool with_devices = false);

}  // namespace picket::simulator
