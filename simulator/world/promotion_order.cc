// Which of several instances with equal scores is promoted.
//
// The scheduler prefers the instance whose node state comes first in the CIB. Node states stand there in the order in
// which the nodes joined when the cluster started, and nobody knows that order beforehand. So the order is left open
// until a promotion depends on it, and is kept from then on. What is played without Choices, as the start of a test's
// cluster, takes the first way and keeps it, too.
#include <algorithm>

#include "execution/history/attributes.h"
#include "simulator/world/world.h"
#include "solver/model/text.h"

namespace picket::simulator {
namespace {

bool Promotes(const Plan& plan, const std::string& primitive, const std::string& node) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const PlanStep& step) {
    return step.kind == StepKind::kOperation && step.operation == "promote" && step.primitive == primitive &&
           step.node == node;
  });
}

std::string Either(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) text += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  return text;
}

}  // namespace

// Puts the node state of `name` before that of `before`.
void World::MoveAhead(ClusterSide& side, const std::string& name, const std::string& before) {
  const auto find = [&](const std::string& wanted) {
    const auto& states = side.state.nodes;
    return std::find_if(states.begin(), states.end(),
                        [&](const auto& state) { return state->uname && solver::EqualFolded(*state->uname, wanted); }) -
           states.begin();
  };
  const auto from = find(name);
  const auto to = find(before);
  if (from <= to) return;
  const auto rotate = [&](auto& list) { std::rotate(list.begin() + to, list.begin() + from, list.begin() + from + 1); };
  rotate(side.state.nodes);
  rotate(side.node_hashes);
}

// The nodes with an instance that may be promoted as well as the one that is, as far as scores tell.
std::vector<std::string> World::RivalsOf(const ClusterSide& side, const PlanStep& promotion) const {
  const std::string score = "master-" + promotion.instance;
  const std::string* best = execution::FindTransient(StateOf(side, promotion.node), score);
  std::vector<std::string> rivals;
  if (!best) return rivals;
  for (const Instance& one : InstancesOf(side, promotion.primitive)) {
    if (one.promoted || one.node == promotion.node || one.name != promotion.instance) continue;
    if (joined_before_.count({promotion.node, one.node}) > 0) continue;
    const std::string* theirs = execution::FindTransient(StateOf(side, one.node), score);
    if (theirs && *theirs == *best) rivals.push_back(one.node);
  }
  return rivals;
}

// The plan, or the one that promotes another of several equal instances.
std::shared_ptr<const Plan> World::LeavePromotionsOpen(ClusterSide& side, solver::Run& run,
                                                       std::shared_ptr<const Plan> plan) {
  if (settings_.picket_engine) return plan;
  for (size_t i = 0; i < plan->steps.size(); ++i) {
    const PlanStep promotion = plan->steps[i];
    if (promotion.kind != StepKind::kOperation || promotion.operation != "promote") continue;
    const std::vector<std::string> rivals = RivalsOf(side, promotion);
    if (rivals.empty()) continue;
    std::vector<std::string> equal = {promotion.node};
    const auto states = side.state.nodes;
    const auto hashes = side.node_hashes;
    for (const std::string& rival : rivals) {
      MoveAhead(side, rival, promotion.node);
      if (Promotes(*Think(side, run), promotion.primitive, rival)) equal.push_back(rival);
      side.state.nodes = states;
      side.node_hashes = hashes;
    }
    if (equal.size() > 1) {
      const std::string what =
          "which of the equal instances of " + promotion.primitive + " is promoted, on " + Either(equal);
      const std::string& chosen = equal[Choose(equal.size(), what)];
      for (const std::string& other : equal) {
        if (other != chosen) joined_before_.emplace(chosen, other);
      }
      if (chosen != promotion.node) MoveAhead(side, chosen, promotion.node);
    }
    plan = Think(side, run);
  }
  return plan;
}

}  // namespace picket::simulator
