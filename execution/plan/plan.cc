#include "execution/plan/plan.h"

#include <algorithm>
#include <unordered_map>

#include "execution/plan/known_names.h"
#include "solver/cib/values.h"
#include "solver/model/assert.h"
#include "solver/model/text.h"

namespace picket::execution {
namespace {

constexpr int64_t kRecheckEveryMs = 15 * 60 * 1000;

using solver::AttributeOr;

int64_t Number(std::string_view text, int64_t fallback, int64_t most = INT32_MAX) {
  return std::clamp<int64_t>(solver::ParseInteger(text).value_or(fallback), 0, most);
}

StepKind KindOf(const solver::ActionDescription& action, std::string_view operation) {
  if (action.element == "pseudo_event") return StepKind::kPseudo;
  if (operation == "stonith") {
    const bool unfences = AttributeOr(action.parameters, "CRM_meta_stonith_action") == "on";
    return unfences ? StepKind::kUnfencing : StepKind::kFencing;
  }
  if (operation == "do_shutdown") return StepKind::kShutdown;
  if (operation == "clear_failcount") return StepKind::kClearFailures;
  if (operation == "lrm_delete" || operation == "delete") return StepKind::kForget;
  if (action.element != "rsc_op") return StepKind::kOther;
  if (operation == "cancel") return StepKind::kCancel;
  if (operation == "notify" || operation == "meta-data") return StepKind::kNotify;
  return StepKind::kOperation;
}

PlanStep MakeStep(const solver::Run& run, const solver::ActionDescription& action, const KnownNames& names) {
  const auto parameter = [&](std::string_view name) { return AttributeOr(action.parameters, name); };
  PlanStep step;
  step.operation = AttributeOr(action.attributes, "operation");
  step.kind = KindOf(action, step.operation);
  step.priority = action.priority;
  if (step.kind == StepKind::kPseudo) return step;
  step.node = AttributeOr(action.attributes, "on_node");
  step.instance = AttributeOr(action.resource, "id");
  step.primitive = solver::BaseName(step.instance);
  step.target = {{names.NameOf(action), step.instance},
                 std::string(AttributeOr(action.resource, "class")),
                 std::string(AttributeOr(action.resource, "provider")),
                 std::string(AttributeOr(action.resource, "type"))};
  step.interval_ms = static_cast<uint32_t>(Number(parameter("CRM_meta_interval"), 0, UINT32_MAX));
  step.expected_rc = static_cast<int>(Number(parameter("CRM_meta_op_target_rc"), 0));
  step.timeout_ms = Number(parameter("CRM_meta_timeout"), 20000);
  step.start_delay_ms = Number(parameter("CRM_meta_start_delay"), 0);
  if (step.kind == StepKind::kOperation) step.digest = OperationDigest(action, step.interval_ms);
  step.locked = !AttributeOr(action.attributes, "shutdown-lock").empty();
  if (step.kind == StepKind::kUnfencing) {
    step.digests_all = parameter("CRM_meta_digests_all");
    step.digests_secure = parameter("CRM_meta_digests_secure");
  }
  step.migrate_source = parameter("CRM_meta_migrate_source");
  step.migrate_target = parameter("CRM_meta_migrate_target");
  step.failure_is_fatal = step.operation == "stop" || (step.operation == "start" && run.options.start_failure_is_fatal);
  if (step.kind == StepKind::kFencing || step.kind == StepKind::kUnfencing) {
    step.detail = parameter("CRM_meta_stonith_action");
    step.fence_delay_ms = int64_t{1000} * Number(parameter("CRM_meta_priority_fencing_delay"), 0);
  }
  if (step.kind == StepKind::kCancel) step.detail = parameter("CRM_meta_operation");
  return step;
}

bool Same(const PlanStep& a, const PlanStep& b) {
  return a.kind == b.kind && a.operation == b.operation && a.node == b.node && a.instance == b.instance &&
         a.target.names == b.target.names && a.interval_ms == b.interval_ms && a.expected_rc == b.expected_rc &&
         a.timeout_ms == b.timeout_ms && a.start_delay_ms == b.start_delay_ms && a.fence_delay_ms == b.fence_delay_ms &&
         a.priority == b.priority && a.locked == b.locked && a.digest == b.digest &&
         a.migrate_source == b.migrate_source && a.migrate_target == b.migrate_target && a.detail == b.detail &&
         a.open_inputs == b.open_inputs && a.followers == b.followers;
}

}  // namespace

bool operator==(const Plan& a, const Plan& b) {
  if (a.first != b.first || a.steps.size() != b.steps.size()) return false;
  for (size_t i = 0; i < a.steps.size(); ++i) {
    if (!Same(a.steps[i], b.steps[i])) return false;
  }
  return true;
}

bool Plan::empty() const {
  return std::all_of(steps.begin(), steps.end(), [](const PlanStep& step) { return step.kind == StepKind::kPseudo; });
}

namespace {

void AddOptions(const solver::Run& run, Plan& plan) {
  // What expires by age is not all in recheck-by.
  const std::string* every = run.options.raw.Find("cluster-recheck-interval");
  plan.recheck_every_ms = every ? solver::DurationOrZero(*every) : kRecheckEveryMs;
  for (const char* name : {"fencing-timeout", "stonith-timeout"}) {
    const std::string* timeout = run.options.raw.Find(name);
    if (timeout) plan.fence_timeout_ms = std::max<int64_t>(solver::DurationOrZero(*timeout), 1000);
  }
  plan.batch_limit = static_cast<int>(Number(run.options.batch_limit, 0));
  plan.migration_limit = static_cast<int>(Number(run.options.migration_limit, 0));
}

void AddEdges(const solver::Transition& transition, Plan& plan) {
  std::unordered_map<int32_t, uint32_t> step_of;
  step_of.reserve(transition.synapses.size());
  for (size_t i = 0; i < transition.synapses.size(); ++i) {
    step_of.emplace(transition.synapses[i].value, static_cast<uint32_t>(i));
  }
  for (size_t i = 0; i < plan.steps.size(); ++i) {
    for (uint32_t k = transition.first_input[i]; k < transition.first_input[i + 1]; ++k) {
      ++plan.steps[i].open_inputs;
      const auto found = step_of.find(transition.inputs[k].value);
      // An input that is not listed never completes: the step waits for ever, as in a real cluster.
      if (found != step_of.end()) plan.steps[found->second].followers.push_back(static_cast<uint32_t>(i));
    }
    if (plan.steps[i].open_inputs == 0) plan.first.push_back(static_cast<uint32_t>(i));
  }
}

}  // namespace

Plan PlanOf(solver::Run& run, const solver::Transition& transition) {
  Plan plan;
  if (transition.recheck_by_s) plan.recheck_in_s = *transition.recheck_by_s - run.state->now.epoch_s;
  plan.made_at_s = run.state->now.epoch_s;
  AddOptions(run, plan);
  if (transition.synapses.empty()) return plan;
  PICKET_ASSERT(transition.first_input.size() == transition.synapses.size() + 1,
                "each step has its part of the inputs");
  const KnownNames names(run);
  plan.steps.reserve(transition.synapses.size());
  solver::DescribeEach(run, transition, [&](const solver::ActionDescription& action) {
    plan.steps.push_back(MakeStep(run, action, names));
  });
  AddEdges(transition, plan);
  return plan;
}

std::shared_ptr<const Plan> MakePlan(solver::Run& run, const solver::Transition& transition) {
  return std::make_shared<const Plan>(PlanOf(run, transition));
}

}  // namespace picket::execution
