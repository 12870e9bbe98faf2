#include "compiler/syntax/grammar/linked.h"

// Values, options, arguments, and what follows `when` and `where`.
namespace picket::compiler::grammar {
namespace {

// A word directly followed by `(`: a call. With a blank between it is a word.
struct CallAhead : Terminal<CallAhead, x3::unused_type> {
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context&, RContext&, Attribute&) const {
    return first->kind == Token::Kind::kWord && (first + 1)->punctuation == '(' && !(first + 1)->blank_before;
  }
};

}  // namespace

bool ParseValue(Cursor& first, State& state, ast::Value& out) {
  static const auto call =
      rule<ast::Call>(CallAhead{} >> name[set<&ast::Call::name>] > tok('(') >
                      -(argument[add<&ast::Call::arguments>] % tok(',')) > named("`,` or `)`", tok(')')));
  static const auto list =
      rule<ast::List>(tok('[') > -(value[add<&ast::List::items>] % tok(',')) > named("`,` or `]`", tok(']')));
  static const auto map = rule<ast::Map>(open('{') > -(option[add<&ast::Map::options>] % tok(',')) >
                                         named("`,` or `}`", newlines >> tok('}')));
  static const auto any = rule<ast::Value>(call[([](auto& c) { x3::_val(c).what = std::move(x3::_attr(c)); })] |
                                           word[([](auto& c) { x3::_val(c).what = std::move(x3::_attr(c)); })] |
                                           list[([](auto& c) { x3::_val(c).what = std::move(x3::_attr(c)); })] |
                                           map[([](auto& c) { x3::_val(c).what = std::move(x3::_attr(c)); })]);
  return RunSpanned(any, first, state, out);
}

bool ParseOption(Cursor& first, State& state, ast::Option& out) {
  static const auto definition =
      rule<ast::Option>(option_ahead >> name[set<&ast::Option::name>] >> -id[set<&ast::Option::id>] > tok('=') >
                        value[set<&ast::Option::value>]);
  return RunSpanned(definition, first, state, out);
}

bool ParseArgument(Cursor& first, State& state, ast::Argument& out) {
  static const auto definition =
      rule<ast::Argument>(-(option_ahead > name[set<&ast::Argument::name>] > tok('=')) >>
                          expr[([](auto& c) { x3::_val(c).value = ast::Box<ast::Expr>(std::move(x3::_attr(c))); })]);
  return RunRule(definition, first, state, out);
}

bool ParseRule(Cursor& first, State& state, ast::Rule& out) {
  static const auto definition = rule<ast::Rule>((join("from") > name[set<&ast::Rule::from>]) |
                                                 (-id[set<&ast::Rule::id>] > expr[set<&ast::Rule::condition>]));
  return RunSpanned(definition, first, state, out);
}

}  // namespace picket::compiler::grammar
