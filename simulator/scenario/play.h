// Playing tests and invariants of a policy in the world, and the verdicts.
//
// A test plays one history. An invariant plays every ordered combination of its faults, each struck at rest,
// fewer faults first, so the first counterexample is a shortest one. (Faults struck in the middle of a
// reaction are the sweep's.)
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compiler/scenario/scenario.h"
#include "simulator/scenario/because.h"
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
  solver::State state;      // of the cluster at that moment, for questions why
  std::vector<WhyQuestion> questions;
};

struct Verdict {
  std::string name;
  bool is_invariant = false;
  compiler::Span span;
  std::optional<Objection> objection;  // none: passed
  int64_t histories = 1;               // played
  int64_t excused = 0;                 // histories in which the assumption did not hold
  int64_t cluster_time_ms = 0;         // of the test's history
  Story story;                         // of the test's history, from its beginning
  size_t story_begins = 0;             // where the part that matters begins
};

class Observer;

class Player {
 public:
  Player(std::shared_ptr<const Catalog> catalog, solver::State initial, WorldSettings settings);

  // Starts the cluster and lets it come to rest, once; the verdicts below begin there. An objection if it
  // never rests.
  std::optional<Objection> Start();
  Verdict Play(const compiler::scenario::Test& test);
  Verdict Play(const compiler::scenario::Invariant& invariant);
  // How many histories an invariant asks for.
  int64_t HistoriesOf(const compiler::scenario::Invariant& invariant) const;

  const World& rested() const { return rested_; }
  // Called after each history of an invariant with the number played so far.
  std::function<void(int64_t)> on_history;

 private:
  bool Steer(World& world, const compiler::scenario::Condition& condition, const Observer& observer);
  std::vector<compiler::scenario::Fault> FaultsOf(const compiler::scenario::Scope& scope,
                                                  const World& world) const;
  void GrantWhatMayBeLost(const std::vector<compiler::scenario::Fault>& faults, World& world);
  struct History;
  std::optional<Objection> PlayHistory(const compiler::scenario::Invariant& invariant, History& history,
                                       const compiler::scenario::Fault* fault, Verdict& verdict);

  World rested_;
  solver::Run run_;
};

// The story in lines, `  12.345  ha1 is fenced by ipmi-ha1`, from event `begin` on; monitors and
// notifications that say nothing new are left out.
std::string TellStory(const Story& story, size_t begin);

}  // namespace picket::simulator
