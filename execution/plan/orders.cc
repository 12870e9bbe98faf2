#include "execution/plan/orders.h"

#include <algorithm>

#include "solver/schedule.h"
#include "solver/status/digest.h"

namespace picket::execution {
namespace {

using solver::AttributeOr;

// The digest that the solver will compare with when it checks the definition (CheckDefinitions()).
std::string DigestOf(solver::Run& run, solver::ActionId id, const PlanStep& step) {
  const solver::Action& action = run.at(id);
  if (!action.resource.valid() || !action.node.valid() || !run.at(action.resource).is_primitive()) return {};
  const bool reload = step.operation == "reload" || step.operation == "reload-agent";
  const std::string task = reload ? "start" : step.operation;
  return solver::DigestsFor(run, action.resource, task, step.interval_ms, action.node, nullptr).full;
}

StepOrder OrderOf(solver::Run& run, solver::ActionId id, PlanStep& step) {
  const solver::ActionDescription action = solver::Describe(run, id);
  StepOrder order;
  order.label = AttributeOr(action.attributes, "operation_key");
  if (!step.node.empty()) order.label += " on " + step.node;
  if (step.kind != StepKind::kOperation && step.kind != StepKind::kNotify && step.kind != StepKind::kCancel) {
    return order;
  }
  order.parameters = action.parameters;
  order.parameters.insert(order.parameters.end(), action.params.begin(), action.params.end());
  if (step.kind == StepKind::kOperation) step.digest = DigestOf(run, id, step);
  return order;
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

Plan PlanOrders(const solver::Cluster& cluster, const solver::State& state, solver::Run& run) {
  solver::Recorder recorder;
  recorder.log = true;
  const solver::Transition transition = solver::Schedule(cluster, state, run, &recorder);
  Plan plan = PlanOf(run, transition);
  plan.orders.reserve(plan.steps.size());
  for (size_t i = 0; i < plan.steps.size(); ++i) {
    plan.orders.push_back(OrderOf(run, transition.synapses[i], plan.steps[i]));
  }
  AddWords(transition, recorder, plan);
  run.recorder = nullptr;
  return plan;
}

}  // namespace picket::execution
