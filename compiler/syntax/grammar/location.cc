#include "compiler/syntax/grammar/linked.h"
#include "compiler/syntax/keywords.h"

// location.
namespace picket::compiler::grammar {
namespace {

bool ParseClause(Cursor& first, State& state, ast::Clause& out) {
  static const auto definition =
      rule<ast::Clause>(Choice{IsLocationVerb}[set<&ast::Clause::verb>] >
                        ((join("where") > rule_of[set<&ast::Clause::where>]) |
                         (named("the name of a node, or `where`", name)[add<&ast::Clause::nodes>] % tok(','))) >
                        *option[add<&ast::Clause::options>]);
  return RunSpanned(definition, first, state, out);
}
constexpr Linked<ast::Clause, ParseClause> clause{"`prefers`, `avoids`, `only`, `never` or `allows`"};

// `/re/`, `not /re/`, with a role in front: told by the token that ends it.
struct PatternAhead : Terminal<PatternAhead, x3::unused_type> {
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context& context, RContext&, Attribute&) const {
    const State& state = StateOf(context);
    Cursor at = first;
    if (at->kind == Token::Kind::kWord && IsRole(state.Raw(at))) ++at;
    if (state.IsWord(at, "not")) ++at;
    return at->kind == Token::Kind::kRegex;
  }
};

}  // namespace

bool ParseLocation(Cursor& first, State& state, ast::Statement& out) {
  static const auto definition = rule<ast::Location>(
      kw("location") > -constraint_id[set<&ast::Location::id>] >
      ((PatternAhead{} >> -Choice{IsRole}[set<&ast::Location::role>] >> -kw("not")[set<&ast::Location::negated>] >>
        regex[set<&ast::Location::pattern>]) |
       (named("a resource, a set or `/regular expression/`", reference)[add<&ast::Location::subjects>] % tok(','))) >
      (body("`prefers`, `avoids`, `only`, `never` or `allows`", "prefers avoids only never allows",
            clause)[([](auto& c) {
         x3::_val(c).clauses = std::move(x3::_attr(c));
         x3::_val(c).has_body = true;
       })] |
       clause[add<&ast::Location::clauses>]));
  return RunStatement<ast::Location>(definition, first, state, out);
}

}  // namespace picket::compiler::grammar
