#include <string>

#include "compiler/syntax/grammar/linked.h"
#include "compiler/syntax/keywords.h"

// test and invariant.
namespace picket::compiler::grammar {
namespace {

constexpr auto what = [](auto& c) { x3::_val(c).what = std::move(x3::_attr(c)); };

bool ParseStep(Cursor& first, State& state, ast::TestStep& out) {
  static const auto given = rule<ast::ConditionStep>(kw("given")[set<&ast::ConditionStep::keyword>] >
                                                     expr[set<&ast::ConditionStep::condition>]);
  static const auto expect = rule<ast::ConditionStep>(
      kw("expect")[set<&ast::ConditionStep::keyword>] > expr[set<&ast::ConditionStep::condition>] >
      -(kw("within") > named("a duration", word)[set<&ast::ConditionStep::within>]));
  static const auto during = rule<ast::DuringStep>(
      kw("during") > named("an operation, or `fencing`", name)[set<&ast::DuringStep::operation>] > join("of") >
      named("the name of a resource, or of a node that is fenced", name)[set<&ast::DuringStep::subject>] >
      -(join("on") > named("the name of a node", name)[set<&ast::DuringStep::node>]) >
      body("a fault", kFaultWords.data(), fault)[set<&ast::DuringStep::faults>]);
  static const auto any = rule<ast::TestStep>(given[what] | expect[what] | during[what]);
  const Cursor start = first;
  if (!RunRule(any, first, state, out) && !ParseFault(first, state, out)) return false;
  out.span = state.Between(start, first);
  return true;
}
constexpr Linked<ast::TestStep, ParseStep> step{"a fault"};

bool ParseInvariantItem(Cursor& first, State& state, ast::InvariantItem& out) {
  static const auto over = rule<ast::Over>(
      kw("over") > kw("failures") > named("a number or a range such as `1..2`", word)[set<&ast::Over::count>] >
      join("of") >
      (named("`node`, `resource`, `link`, `fence`, `ticket` or `return`", name)[add<&ast::Over::kinds>] % tok(',')));
  static const auto condition =
      rule<ast::ConditionStep>(one_of("assuming always never settles")[set<&ast::ConditionStep::keyword>] >
                               expr[set<&ast::ConditionStep::condition>]);
  static const auto any = rule<ast::InvariantItem>(over[what] | condition[what]);
  return RunSpanned(any, first, state, out);
}
constexpr Linked<ast::InvariantItem, ParseInvariantItem> invariant_item{"a claim"};

}  // namespace

bool ParseScenario(Cursor& first, State& state, ast::Statement& out) {
  static const std::string step_words = "given expect during " + std::string(kFaultWords);
  static const auto test =
      rule<ast::Test>(kw("test") > named("what the test is about, in quotes", string)[set<&ast::Test::name>] >
                      body("`given`, `expect` or a fault", step_words.c_str(), step)[set<&ast::Test::steps>]);
  static const auto invariant = rule<ast::Invariant>(
      kw("invariant") > named("what the invariant says, in quotes", string)[set<&ast::Invariant::name>] >
      body("`over`, `assuming`, `always`, `never` or `settles`", "over assuming always never settles",
           invariant_item)[set<&ast::Invariant::items>]);
  if (state.IsWord(first, "test")) return RunStatement<ast::Test>(test, first, state, out);
  return RunStatement<ast::Invariant>(invariant, first, state, out);
}

}  // namespace picket::compiler::grammar
