#include "compiler/syntax/grammar/linked.h"

// fencing: which devices, in which order, for which nodes.
namespace picket::compiler::grammar {
namespace {

struct IndexAhead : Terminal<IndexAhead, x3::unused_type> {
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context&, RContext&, Attribute&) const {
    return (first + 1)->punctuation == ':';
  }
};

bool ParseLevel(Cursor& first, State& state, ast::Level& out) {
  static const auto definition =
      rule<ast::Level>(-id[set<&ast::Level::id>] >> -(IndexAhead{} >> word[set<&ast::Level::index>] >> tok(':')) >>
                       (named("the name of a fence device", name)[add<&ast::Level::devices>] % join("and")));
  return RunSpanned(definition, first, state, out);
}
constexpr Linked<ast::Level, ParseLevel> level{"the name of a fence device"};

constexpr auto target = [](auto& c) { x3::_val(c).target = std::move(x3::_attr(c)); };

}  // namespace

bool ParseFencing(Cursor& first, State& state, ast::Statement& out) {
  static const auto attribute_target =
      rule<ast::AttributeTarget>(join("where") > name[set<&ast::AttributeTarget::attribute>] >
                                 named("`==`", tok(Token::kEqual)) > value[set<&ast::AttributeTarget::value>]);
  static const auto definition =
      rule<ast::Fencing>(kw("fencing") > named("a node, `/regular expression/` or `where attribute == value`",
                                               regex[target] | attribute_target[target] | name[target]) > tok(':') >
                         ((kw("none") > named("the reason, in quotes", string)[set<&ast::Fencing::none>]) |
                          (level[add<&ast::Fencing::levels>] % join("then"))));
  return RunStatement<ast::Fencing>(definition, first, state, out);
}

}  // namespace picket::compiler::grammar
