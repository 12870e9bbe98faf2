// A plan: a transition as typed steps, as a value that outlives the solver's working memory.
//
// The world (simulator/world) and the coordinator (runtime/coordinator) carry out the same steps. Immutable once made
// and independent of the Run it came from, so that copies of a world and several threads share one. Cost: one
// description for each step.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "execution/history/result.h"
#include "solver/graph/transition.h"
#include "solver/model/run.h"
#include "solver/model/table.h"

namespace picket::execution {

enum class StepKind : uint8_t {
  kPseudo,
  kOperation,  // of a resource, recorded in the history
  kNotify,     // of a resource, with no lasting effect: notify, meta-data
  kCancel,     // of a recurring operation
  kFencing,
  kUnfencing,
  kShutdown,  // the node leaves in good order
  kClearFailures,
  kForget,  // the history of a resource on a node
  kOther,   // done by the cluster itself, without an effect here
};

struct PlanStep {
  StepKind kind = StepKind::kOther;
  std::string operation;  // `start`, `monitor`, `cancel`, `stonith`, …
  std::string node;
  std::string primitive;  // configured id
  std::string instance;   // the element's id: `x:1` for unique instances, else as configured
  HistoryTarget target;
  uint32_t interval_ms = 0;
  int expected_rc = 0;
  int64_t timeout_ms = 20000;
  int64_t start_delay_ms = 0;
  int64_t fence_delay_ms = 0;  // kFencing: `priority-fencing-delay`, before the first device
  std::string digest;          // kOperation: kept with the result
  std::string migrate_source, migrate_target;
  std::string detail;   // the operation that is cancelled; how a node is fenced: `reboot`, `off`, `on`
  bool locked = false;  // the resource is locked to this node, which shuts down or did (05 §16.2)
  std::string digests_all, digests_secure;  // kUnfencing: what the node is let in with
  bool failure_is_fatal = false;            // one failure counts as INFINITY (09 §9.1)
  int32_t priority = 0;                     // of the step: what an abort lets pass (06 §2.3, 09 §6.3)
  uint32_t open_inputs = 0;
  std::vector<uint32_t> followers;
};

// What an agent or a device is told beside the step's own fields, and the step in words.
struct StepOrder {
  std::string label;              // `db_start_0 on n1`
  solver::Attributes parameters;  // all that the agent is told, CRM_meta_* included
};

struct Plan {
  std::vector<PlanStep> steps;
  std::vector<uint32_t> first;          // steps that wait for nothing
  std::optional<int64_t> recheck_in_s;  // after which time alone changes the answer
  int64_t made_at_s = 0;                // by the clock of the state that it was made for
  int64_t recheck_every_ms = 0;         // solve again at least so often; 0: only when something happens
  int64_t fence_timeout_ms = 60000;     // for the whole of a fencing
  int batch_limit = 0;                  // 0: no limit
  int migration_limit = 0;              // 0: no limit
  // The following are filled by PlanOrders() only.
  std::vector<StepOrder> orders;      // one for each step
  std::vector<std::string> changes;   // one line for each resource or node that changes
  std::vector<std::string> messages;  // errors of the solver

  // True if the plan asks for nothing to be done.
  bool empty() const;
  // The same steps in the same order.
  friend bool operator==(const Plan& a, const Plan& b);
};

// `run` is what Schedule() has just filled.
Plan PlanOf(solver::Run& run, const solver::Transition& transition);
std::shared_ptr<const Plan> MakePlan(solver::Run& run, const solver::Transition& transition);

}  // namespace picket::execution
