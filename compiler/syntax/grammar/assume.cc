#include "compiler/syntax/grammar/linked.h"

// assume.
namespace picket::compiler::grammar {
namespace {

constexpr auto what = [](auto& c) { x3::_val(c).what = std::move(x3::_attr(c)); };

// `assume promotion score of …`: a device may be called promotion as well.
bool OpensScore(const State& state, Cursor at) {
  return state.IsWord(at, "promotion") && state.IsWord(at + 1, "score");
}

// The word behind the name says what is assumed.
bool OpensPower(const State& state, Cursor at) {
  return at->kind != Token::Kind::kNewline && at < state.end && state.IsWord(at + 1, "is");
}

}  // namespace

bool ParseAssume(Cursor& first, State& state, ast::Statement& out) {
  static const auto time = rule<ast::TimeAssumption>(
      name[set<&ast::TimeAssumption::operation>] > named("`of` and a resource, or `is powered by`", join("of")) >
      named("the name of a resource", name)[set<&ast::TimeAssumption::resource>] >
      -(join("on") > name[set<&ast::TimeAssumption::node>]) > kw("takes") >
      named("a duration", word)[set<&ast::TimeAssumption::duration>]);
  static const auto score =
      rule<ast::ScoreAssumption>(kw("promotion") > kw("score") > join("of") >
                                 named("the name of a resource", name)[set<&ast::ScoreAssumption::resource>] >
                                 -(join("on") > name[set<&ast::ScoreAssumption::node>]) > kw("is") >
                                 named("a score", word)[set<&ast::ScoreAssumption::score>] >
                                 -(join("when") > one_of("promoted unpromoted")[set<&ast::ScoreAssumption::role>]));
  static const auto power = rule<ast::PowerAssumption>(
      named("the name of a fence device", name)[set<&ast::PowerAssumption::device>] > kw("is") > kw("powered") >
      join("by") > named("the name of a node", name)[set<&ast::PowerAssumption::node>]);
  static const auto of_time =
      rule<ast::Assume>(kw("assume") > named("an operation, a fence device or `promotion score`", time)[what]);
  static const auto of_score = rule<ast::Assume>(kw("assume") > score[what]);
  static const auto of_power = rule<ast::Assume>(kw("assume") > power[what]);
  if (OpensScore(state, first + 1)) return RunStatement<ast::Assume>(of_score, first, state, out);
  if (OpensPower(state, first + 1)) return RunStatement<ast::Assume>(of_power, first, state, out);
  return RunStatement<ast::Assume>(of_time, first, state, out);
}

}  // namespace picket::compiler::grammar
