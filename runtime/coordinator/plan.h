// A plan: what the solver decided, as a value that outlives the solver's working memory.
//
// MakePlan() is `Schedule` and nothing else: the transition it holds is the one that `picket simulate` shows for
// the same state. Each step carries everything that is needed to do it. Pure; cost: one solve, and the actions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/group/operation.h"
#include "solver/model/cluster.h"
#include "solver/model/run.h"
#include "solver/model/state.h"

namespace picket::runtime {

enum class StepKind : uint8_t {
  kPseudo,         // nothing to do but to be in order
  kOperation,      // an agent runs
  kCancel,         // a recurring operation ends
  kClearFailures,  // fail counts are forgotten
  kForget,         // a resource's history on a node is forgotten
  kShutDown,       // the node has nothing left to run and may leave
  kFence,          // a node is fenced, or unfenced
  kOther,          // nothing that concerns us
};

struct PlanStep {
  StepKind kind = StepKind::kPseudo;
  std::string label;  // `db_start_0 on n1`, for people
  std::string node;
  std::string resource;
  Operation operation;       // kOperation and kCancel
  std::string fence_action;  // kFence: `reboot`, `off`, `on`
  int64_t fence_delay_ms = 0;                // before the first device
  std::string digests_all, digests_secure;   // of an unfencing
  int32_t priority = 0;
  uint32_t open_inputs = 0;
  std::vector<uint32_t> followers;
};

struct Plan {
  std::vector<PlanStep> steps;
  std::optional<int64_t> recheck_by_s;  // solve again then, even if nothing happens
  int64_t recheck_every_ms = 0;         // and at least so often; 0: never for its own sake
  int64_t fence_timeout_ms = 60000;   // for the whole of a fencing
  int batch_limit = 0;                  // 0: none
  int migration_limit = 0;              // 0: none
  std::vector<std::string> changes;   // one line for each resource or node that changes
  std::vector<std::string> messages;  // errors of the solver

  // Whether it asks for anything to be done.
  bool empty() const;
};

// Needs a thread with a large stack (solver/schedule.h). `run` is scratch.
Plan MakePlan(const solver::Cluster& cluster, const solver::State& state, solver::Run& run);

}  // namespace picket::runtime
