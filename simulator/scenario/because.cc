#include "simulator/scenario/because.h"

#include "solver/model/overloaded.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;

void Ask(const say::InState& state, bool holds, std::vector<WhyQuestion>& questions) {
  if (state.state == say::State::kFenced || state.state == say::State::kOnline) return;
  // A resource that is stopped as nobody wished does not run, one that is not stopped does.
  const bool runs = state.state == say::State::kStopped ? !holds : holds;
  questions.push_back({state.subject.id, state.node ? state.node->id : "", !runs});
}

void Ask(const say::Quantity& quantity, std::vector<WhyQuestion>& questions) {
  if (const auto* count = std::get_if<say::Count>(&quantity.what)) {
    if (count->subject) questions.push_back({count->subject->id, "", false});
  } else if (const auto* downtime = std::get_if<say::Downtime>(&quantity.what)) {
    questions.push_back({downtime->resource.id, "", false});
  } else if (const auto* sum = std::get_if<std::shared_ptr<const say::Arithmetic>>(&quantity.what)) {
    Ask((*sum)->left, questions);
    Ask((*sum)->right, questions);
  }
}

// Of an order that does not hold: why each of the two is where it is, or is not.
void Ask(const say::Event& event, std::vector<WhyQuestion>& questions) {
  if (const auto* state = std::get_if<say::InState>(&event.what)) return Ask(*state, false, questions);
  const auto& happened = std::get<say::Happened>(event.what);
  const bool begins = happened.action == say::Action::kStart || happened.action == say::Action::kPromote;
  questions.push_back({happened.resource.id, happened.node ? happened.node->id : "", begins});
}

void Ask(const say::Condition& condition, bool holds, const World& world, const Observer& observer,
         std::vector<WhyQuestion>& questions) {
  if (Holds(condition, world, observer) != holds) return;
  const auto all = [&](const std::vector<say::Condition>& operands) {
    for (const say::Condition& operand : operands) Ask(operand, holds, world, observer, questions);
  };
  std::visit(Overloaded{
                 [&](const say::InState& state) { Ask(state, holds, questions); },
                 [&](const say::Happened& happened) {
                   questions.push_back({happened.resource.id, "", !holds});
                 },
                 [&](const say::Undisturbed& calm) {
                   questions.push_back({calm.resource.id, "", false});
                 },
                 [&](const say::UtilizationFits&) {},
                 [&](const say::Comparison& comparison) {
                   Ask(comparison.left, questions);
                   Ask(comparison.right, questions);
                 },
                 [&](const say::Before& before) {
                   Ask(before.first, questions);
                   Ask(before.second, questions);
                 },
                 [&](const say::Not& no) { Ask(*no.operand, !holds, world, observer, questions); },
                 [&](const say::And& both) { all(both.operands); },
                 [&](const say::Or& either) { all(either.operands); },
                 [&](const say::Implies& implies) {
                   Ask(*implies.premise, !holds, world, observer, questions);
                   Ask(*implies.conclusion, holds, world, observer, questions);
                 },
             },
             condition.what);
}

}  // namespace

Moment MomentOf(const World& world) {
  return {world.shared_catalog(), world.state(), world.NotFenced()};
}

std::vector<WhyQuestion> QuestionsOf(const say::Condition& condition, bool holds, const World& world,
                                     const Observer& observer) {
  std::vector<WhyQuestion> questions;
  Ask(condition, holds, world, observer, questions);
  return questions;
}

}  // namespace picket::simulator
