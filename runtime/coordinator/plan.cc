#include "runtime/coordinator/plan.h"

#include <algorithm>
#include <unordered_map>

#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/schedule.h"
#include "solver/status/digest.h"

namespace picket::runtime {
namespace {

using solver::ActionDescription;

constexpr int64_t kRecheckEveryMs = 15 * 60 * 1000;
using solver::AttributeOr;

int Number(std::string_view text, int fallback) {
  return static_cast<int>(std::clamp<int64_t>(solver::ParseInteger(text).value_or(fallback), 0, INT32_MAX));
}

StepKind KindOf(const ActionDescription& action, std::string_view operation) {
  if (action.element == "pseudo_event") return StepKind::kPseudo;
  // No agent is asked to forget a resource.
  if (action.element == "rsc_op" && operation != "delete") {
    return operation == "cancel" ? StepKind::kCancel : StepKind::kOperation;
  }
  if (operation == "stonith") return StepKind::kFence;
  if (operation == "do_shutdown") return StepKind::kShutDown;
  if (operation == "clear_failcount") return StepKind::kClearFailures;
  if (operation == "lrm_delete" || operation == "delete") return StepKind::kForget;
  return StepKind::kOther;
}

// What is recorded with the result: the digest that CheckDefinitions() will compare with.
std::string DigestOf(solver::Run& run, solver::ActionId id, const Operation& operation) {
  const solver::Action& action = run.at(id);
  if (!action.resource.valid() || !action.node.valid() || !run.at(action.resource).is_primitive()) return {};
  const bool reload = operation.name == "reload" || operation.name == "reload-agent";
  const std::string task = reload ? "start" : operation.name;
  return solver::DigestsFor(run, action.resource, task, operation.interval_ms, action.node, nullptr).full;
}

Operation OperationOf(solver::Run& run, solver::ActionId id, const ActionDescription& action) {
  Operation operation;
  const auto parameter = [&](std::string_view name) { return AttributeOr(action.parameters, name); };
  operation.resource = AttributeOr(action.resource, "id");
  operation.cls = AttributeOr(action.resource, "class");
  operation.provider = AttributeOr(action.resource, "provider");
  operation.type = AttributeOr(action.resource, "type");
  operation.name = AttributeOr(action.attributes, "operation");
  operation.cancels = operation.name == "cancel";
  if (operation.cancels) operation.name = parameter("CRM_meta_operation");
  operation.interval_ms = static_cast<uint32_t>(Number(parameter("CRM_meta_interval"), 0));
  operation.timeout_ms = static_cast<uint32_t>(Number(parameter("CRM_meta_timeout"), 20000));
  operation.start_delay_ms = static_cast<uint32_t>(Number(parameter("CRM_meta_start_delay"), 0));
  operation.target_rc = Number(parameter("CRM_meta_op_target_rc"), 0);
  operation.migrate_source = parameter("CRM_meta_migrate_source");
  operation.migrate_target = parameter("CRM_meta_migrate_target");
  operation.failure_is_fatal =
      operation.name == "stop" || (operation.name == "start" && run.options.start_failure_is_fatal);
  operation.parameters = action.parameters;
  operation.parameters.insert(operation.parameters.end(), action.params.begin(), action.params.end());
  const bool recorded = operation.name != "notify" && operation.name != "meta-data";
  if (recorded && !operation.cancels) operation.digest = DigestOf(run, id, operation);
  return operation;
}

PlanStep StepOf(solver::Run& run, solver::ActionId id) {
  const ActionDescription action = solver::Describe(run, id);
  PlanStep step;
  const std::string_view name = AttributeOr(action.attributes, "operation");
  step.kind = KindOf(action, name);
  step.node = AttributeOr(action.attributes, "on_node");
  step.resource = AttributeOr(action.resource, "id");
  step.label = AttributeOr(action.attributes, "operation_key");
  if (!step.node.empty()) step.label += " on " + step.node;
  step.priority = action.priority;
  if (step.kind == StepKind::kFence) {
    step.fence_action = AttributeOr(action.parameters, "CRM_meta_stonith_action");
    step.fence_delay_ms = int64_t{1000} * Number(AttributeOr(action.parameters, "CRM_meta_priority_fencing_delay"), 0);
    step.digests_all = AttributeOr(action.parameters, "CRM_meta_digests_all");
    step.digests_secure = AttributeOr(action.parameters, "CRM_meta_digests_secure");
  }
  if (step.kind == StepKind::kOperation || step.kind == StepKind::kCancel) {
    step.operation = OperationOf(run, id, action);
  }
  return step;
}

void AddEdges(const solver::Transition& transition, Plan& plan) {
  std::unordered_map<int32_t, uint32_t> step_of;
  for (size_t i = 0; i < transition.synapses.size(); ++i) {
    step_of.emplace(transition.synapses[i].value, static_cast<uint32_t>(i));
  }
  for (size_t i = 0; i < transition.synapses.size(); ++i) {
    for (uint32_t k = transition.first_input[i]; k < transition.first_input[i + 1]; ++k) {
      // An input that is not listed never completes, and so its step is never done.
      ++plan.steps[i].open_inputs;
      const auto found = step_of.find(transition.inputs[k].value);
      if (found != step_of.end()) plan.steps[found->second].followers.push_back(static_cast<uint32_t>(i));
    }
  }
}

void AddWords(const solver::Transition& transition, const solver::Recorder& recorder, Plan& plan) {
  const auto add = [&](std::string line, const std::string& reason) {
    if (!reason.empty()) line += ", " + reason;
    plan.changes.push_back(std::move(line));
  };
  for (const solver::NodeSummary& node : transition.summary.nodes) {
    add(node.task + " " + node.node_text, node.reason);
  }
  for (const solver::ResourceSummary& resource : transition.summary.resources) {
    add(resource.change + " " + resource.id + " (" + resource.details + ")", resource.reason);
  }
  for (const solver::Event& event : recorder.events()) {
    const auto* line = std::get_if<solver::LogLine>(&event);
    if (!line || line->level != solver::LogLevel::kError) continue;
    if (std::find(plan.messages.begin(), plan.messages.end(), line->text) == plan.messages.end()) {
      plan.messages.push_back(line->text);
    }
  }
}

}  // namespace

bool Plan::empty() const {
  return std::all_of(steps.begin(), steps.end(),
                     [](const PlanStep& step) { return step.kind == StepKind::kPseudo; });
}

Plan MakePlan(const solver::Cluster& cluster, const solver::State& state, solver::Run& run) {
  solver::Recorder recorder;
  recorder.log = true;
  const solver::Transition transition = solver::Schedule(cluster, state, run, &recorder);
  Plan plan;
  plan.recheck_by_s = transition.recheck_by_s;
  // What expires by age is not all in recheck-by.
  const std::string* every = run.options.raw.Find("cluster-recheck-interval");
  plan.recheck_every_ms = every ? solver::DurationOrZero(*every) : kRecheckEveryMs;
  for (const char* name : {"fencing-timeout", "stonith-timeout"}) {
    const std::string* timeout = run.options.raw.Find(name);
    if (timeout) plan.fence_timeout_ms = std::max<int64_t>(solver::DurationOrZero(*timeout), 1000);
  }
  plan.batch_limit = Number(run.options.batch_limit, 0);
  plan.migration_limit = Number(run.options.migration_limit, 0);
  plan.steps.reserve(transition.synapses.size());
  for (const solver::ActionId id : transition.synapses) plan.steps.push_back(StepOf(run, id));
  AddEdges(transition, plan);
  AddWords(transition, recorder, plan);
  run.recorder = nullptr;
  return plan;
}

}  // namespace picket::runtime
