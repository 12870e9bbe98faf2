// One transition carried out as crm_simulate does it, quirks and all (spec 06 §13).
//
// It is instantaneous and forgetful: every operation gives what the scheduler expected, unless a failure was
// asked for; fail counts are not cleared, a cancelled monitor stays in the history, a node that is shut down
// stays up, promotion scores never change. simulator/world is the room where time passes and nodes come back.
// What happened is told as events, in order; simulator/text makes the words. Cost: (steps + inputs) × log
// steps, and what Describe() costs for each step.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "simulator/inject/modifications.h"
#include "simulator/inject/state_editor.h"
#include "solver/graph/transition.h"
#include "solver/model/run.h"

namespace picket::simulator {

struct PseudoFired {
  std::string task;
  std::string key;
  std::string node;
};  // node may be empty
struct ResourceFired {
  std::string name;
  std::string operation;
  uint32_t interval_ms = 0;
  std::string node;
};
struct FencingFired {
  std::string node;
  std::string operation;
};
struct ClusterFired {
  std::string operation;
  std::string resource;
  std::string node;
};  // resource may be empty
struct FailurePretended {
  int32_t action = 0;
  int rc = 0;
};
using ExecutionEvent = std::variant<PseudoFired, ResourceFired, FencingFired, ClusterFired, FailurePretended,
                                    AttributeInjected, Complaint>;

struct Replayed {
  std::vector<ExecutionEvent> events;
  bool terminated = false;  // steps were left over although nothing had been aborted: the transition is invalid
};

// `run` and `transition` are what Schedule() made; the state that `editor` works on must be a copy of the one
// it was made from. `failures` are specifications NAME_OP_INTERVAL@NODE=RC (-F).
Replayed Replay(solver::Run& run, const solver::Transition& transition, const std::vector<std::string>& failures,
                StateEditor& editor);

}  // namespace picket::simulator
