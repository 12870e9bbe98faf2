#include "compiler/syntax/grammar/linked.h"
#include "compiler/syntax/keywords.h"

// colocation, separate, order, depend, ticket, and the references they share.
namespace picket::compiler::grammar {
namespace {

using ast::Relation;

const auto& SetDefinition() {
  static const auto members =
      (join("from") > name[set<&ast::Set::from>]) |
      (-id[set<&ast::Set::id>] >> (named("the name of a resource", name)[add<&ast::Set::members>] % tok(',')) >>
       *option[add<&ast::Set::options>]);
  static const auto definition =
      rule<ast::Set>((open('{') > members > named("`,` or `}`", newlines >> tok('}'))) |
                     (tok('[')[mark<&ast::Set::ordered>] > members > named("`,` or `]`", tok(']'))));
  return definition;
}

constexpr auto what = [](auto& c) { x3::_val(c).what = std::move(x3::_attr(c)); };

// `any` in front of a name or a set.
constexpr Prefix any{[](std::string_view s) { return s == "any"; }};

// Both words in front are read here; the checker says where which may stand.
bool ParseAnyReference(Cursor& first, State& state, ast::Reference& out) {
  static const auto definition = rule<ast::Reference>(
      -Prefix{IsAction}[set<&ast::Reference::action>] >> -Prefix{IsRole}[set<&ast::Reference::role>] >>
      -any[set<&ast::Reference::any>] >> (SetDefinition()[what] | name[what]));
  return RunSpanned(definition, first, state, out);
}

// `depend c1, o1:` names both constraints.
struct TwoIdsAhead : Terminal<TwoIdsAhead, x3::unused_type> {
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context&, RContext&, Attribute&) const {
    return (first + 1)->punctuation == ',' && (first + 3)->punctuation == ':';
  }
};

constexpr auto keyword = set<&Relation::keyword>;
constexpr auto part = add<&Relation::parts>;
constexpr auto options = add<&Relation::options>;
constexpr auto relation_id = set<&Relation::id>;

}  // namespace

bool ParseReference(Cursor& first, State& state, ast::Reference& out) {
  return ParseAnyReference(first, state, out);
}

bool ParseRelation(Cursor& first, State& state, ast::Statement& out) {
  static const auto colocation = rule<Relation>(kw("colocation")[keyword] > -constraint_id[relation_id] >
                                                reference[part] > *(join("with") > reference[part]) > *option[options]);
  static const auto separate = rule<Relation>(kw("separate")[keyword] > -constraint_id[relation_id] > reference[part] >
                                              *(join("from") > reference[part]) > *option[options]);
  static const auto order = rule<Relation>(kw("order")[keyword] > -constraint_id[relation_id] > reference[part] >
                                           *(join("then") > reference[part]) > *option[options]);
  static const auto depend = rule<Relation>(
      kw("depend")[keyword] > -(TwoIdsAhead{} >> name[set<&Relation::first_id>] >> tok(',')) >
      -constraint_id[relation_id] > reference[part] > +(join("on") > reference[part]) > *option[options]);
  static const auto ticket = rule<Relation>(kw("ticket")[keyword] > -constraint_id[relation_id] >
                                            named("the ticket's name", name)[set<&Relation::ticket>] > join("grants") >
                                            (reference[part] % tok(',')) > *option[options]);
  if (state.IsWord(first, "colocation")) return RunStatement<Relation>(colocation, first, state, out);
  if (state.IsWord(first, "separate")) return RunStatement<Relation>(separate, first, state, out);
  if (state.IsWord(first, "order")) return RunStatement<Relation>(order, first, state, out);
  if (state.IsWord(first, "depend")) return RunStatement<Relation>(depend, first, state, out);
  return RunStatement<Relation>(ticket, first, state, out);
}

}  // namespace picket::compiler::grammar
