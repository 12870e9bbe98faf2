#include "simulator/world/plan.h"

#include <charconv>

#include "simulator/inject/known_names.h"
#include "solver/model/text.h"

namespace picket::simulator {
namespace {

using solver::AttributeOr;

int64_t ToNumber(std::string_view text, int64_t fallback) {
  int64_t value = fallback;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

StepKind KindOf(const solver::ActionDescription& action, std::string_view operation) {
  if (action.element == "pseudo_event") return StepKind::kPseudo;
  if (operation == "stonith") {
    const bool unfences = AttributeOr(action.parameters, "CRM_meta_stonith_action") == "on";
    return unfences ? StepKind::kOther : StepKind::kFencing;
  }
  if (operation == "do_shutdown") return StepKind::kShutdown;
  if (operation == "clear_failcount") return StepKind::kClearFailures;
  if (operation == "lrm_delete" || operation == "delete") return StepKind::kForget;
  if (action.element != "rsc_op") return StepKind::kOther;
  if (operation == "cancel") return StepKind::kCancel;
  if (operation == "notify" || operation == "meta-data") return StepKind::kNotify;
  return StepKind::kOperation;
}

PlanStep MakeStep(const solver::ActionDescription& action, const KnownNames& names) {
  const auto parameter = [&](std::string_view name) { return AttributeOr(action.parameters, name); };
  PlanStep step;
  step.operation = AttributeOr(action.attributes, "operation");
  step.kind = KindOf(action, step.operation);
  if (step.kind == StepKind::kPseudo) return step;
  step.node = AttributeOr(action.attributes, "on_node");
  step.instance = AttributeOr(action.resource, "id");
  step.primitive = solver::BaseName(step.instance);
  step.target = {{names.NameOf(action), step.instance},
                 std::string(AttributeOr(action.resource, "class")),
                 std::string(AttributeOr(action.resource, "provider")),
                 std::string(AttributeOr(action.resource, "type"))};
  step.interval_ms = static_cast<uint32_t>(ToNumber(parameter("CRM_meta_interval"), 0));
  step.expected_rc = static_cast<int>(ToNumber(parameter("CRM_meta_op_target_rc"), 0));
  step.timeout_ms = ToNumber(parameter("CRM_meta_timeout"), 20000);
  if (step.kind == StepKind::kOperation) step.digest = OperationDigest(action, step.interval_ms);
  step.migrate_source = parameter("CRM_meta_migrate_source");
  step.migrate_target = parameter("CRM_meta_migrate_target");
  if (step.kind == StepKind::kFencing) step.detail = parameter("CRM_meta_stonith_action");
  if (step.kind == StepKind::kCancel) step.detail = parameter("CRM_meta_operation");
  return step;
}

bool Same(const PlanStep& a, const PlanStep& b) {
  return a.kind == b.kind && a.operation == b.operation && a.node == b.node && a.instance == b.instance &&
         a.target.names == b.target.names && a.interval_ms == b.interval_ms && a.expected_rc == b.expected_rc &&
         a.timeout_ms == b.timeout_ms && a.digest == b.digest && a.migrate_source == b.migrate_source &&
         a.migrate_target == b.migrate_target && a.detail == b.detail && a.open_inputs == b.open_inputs &&
         a.followers == b.followers;
}

}  // namespace

bool operator==(const Plan& a, const Plan& b) {
  if (a.first != b.first || a.steps.size() != b.steps.size()) return false;
  for (size_t i = 0; i < a.steps.size(); ++i) {
    if (!Same(a.steps[i], b.steps[i])) return false;
  }
  return true;
}

std::shared_ptr<const Plan> MakePlan(solver::Run& run, const solver::Transition& transition) {
  auto plan = std::make_shared<Plan>();
  if (transition.recheck_by_s) plan->recheck_in_s = *transition.recheck_by_s - run.state->now.epoch_s;
  if (transition.synapses.empty()) return plan;
  const KnownNames names(run);
  std::unordered_map<int32_t, uint32_t> index_of;
  plan->steps.reserve(transition.synapses.size());
  for (size_t i = 0; i < transition.synapses.size(); ++i) {
    plan->steps.push_back(MakeStep(solver::Describe(run, transition.synapses[i]), names));
    index_of.emplace(transition.synapses[i].value, static_cast<uint32_t>(i));
  }
  for (size_t i = 0; i < plan->steps.size(); ++i) {
    for (uint32_t k = transition.first_input[i]; k < transition.first_input[i + 1]; ++k) {
      ++plan->steps[i].open_inputs;
      const auto found = index_of.find(transition.inputs[k].value);
      // An input that is not listed never completes: the step waits for ever, as in a real cluster.
      if (found != index_of.end()) plan->steps[found->second].followers.push_back(static_cast<uint32_t>(i));
    }
    if (plan->steps[i].open_inputs == 0) plan->first.push_back(static_cast<uint32_t>(i));
  }
  return plan;
}

std::shared_ptr<const Plan> PlanCache::Find(const Hash& key) {
  Shard& shard = shards_[key.b % kShards];
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.plans.find(key);
  return found == shard.plans.end() ? nullptr : found->second;
}

void PlanCache::Put(const Hash& key, std::shared_ptr<const Plan> plan) {
  Shard& shard = shards_[key.b % kShards];
  const std::lock_guard lock(shard.mutex);
  if (shard.steps > max_steps_) {
    shard.plans.clear();
    shard.steps = 0;
  }
  shard.steps += plan->steps.size() + 1;
  shard.plans.emplace(key, std::move(plan));
}

}  // namespace picket::simulator
