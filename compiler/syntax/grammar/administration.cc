#include "compiler/syntax/grammar/linked.h"

// tag, role, acl, alert.
namespace picket::compiler::grammar {
namespace {

using ast::Permission;

constexpr bool IsPermissionKind(std::string_view word) {
  return word == "read" || word == "write" || word == "deny";
}
constexpr bool IsObject(std::string_view word) {
  return word == "all" || word == "secrets";
}
constexpr bool IsPart(std::string_view word) {
  return word == "meta" || word == "params";
}
constexpr bool IsSelection(std::string_view word) {
  return word == "nodes" || word == "fencing" || word == "resources" || word == "attributes";
}

// `meta of web`, told from a resource called `meta`.
struct PartAhead : Terminal<PartAhead, x3::unused_type> {
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor&, const Context& context, RContext&, Attribute&) const {
    const State& state = StateOf(context);
    return first->kind == Token::Kind::kWord && IsPart(state.Raw(first)) && state.IsWord(first + 1, "of");
  }
};

bool ParsePermission(Cursor& first, State& state, Permission& out) {
  static const auto definition = rule<Permission>(
      Choice{IsPermissionKind}[set<&Permission::kind>] > -id[set<&Permission::id>] >
      ((PartAhead{} >> word[set<&Permission::object>] >> join("of") > name[set<&Permission::name>]) |
       (kw("xpath")[set<&Permission::object>] > string[set<&Permission::name>]) |
       (kw("element")[set<&Permission::object>] > name[set<&Permission::name>] >
        -(kw("attribute") > name[set<&Permission::attribute>])) |
       Choice{IsObject}[set<&Permission::object>] |
       named("`all`, `secrets`, `xpath`, `element`, `meta of` or a name", name)[set<&Permission::name>]) >
      *option[add<&Permission::options>]);
  return RunSpanned(definition, first, state, out);
}
constexpr Linked<Permission, ParsePermission> permission{"`read`, `write` or `deny`"};

bool ParseRoleItem(Cursor& first, State& state, ast::RoleItem& out) {
  static const auto definition = rule<ast::RoleItem>(permission[put] | description[put]);
  return RunRule(definition, first, state, out);
}
constexpr Linked<ast::RoleItem, ParseRoleItem> role_item{"`read`, `write` or `deny`"};

bool ParseRecipient(Cursor& first, State& state, ast::Recipient& out) {
  static const auto definition =
      rule<ast::Recipient>(kw("recipient") > -id[set<&ast::Recipient::id>] > value[set<&ast::Recipient::value>] >
                           -body("an option", "meta params description", collection_item)[set<&ast::Recipient::items>]);
  return RunSpanned(definition, first, state, out);
}
constexpr Linked<ast::Recipient, ParseRecipient> recipient{"`recipient`"};

bool ParseSelect(Cursor& first, State& state, ast::Select& out) {
  static const auto selection = rule<ast::Selection>(
      named("`nodes`, `fencing`, `resources` or `attributes`", Choice{IsSelection})[set<&ast::Selection::kind>] >>
      -(tok('(') > (name[add<&ast::Selection::attributes>] % tok(',')) > tok(')')));
  static const auto definition = rule<ast::Select>(
      kw("select") >
      (named("`nodes`, `fencing`, `resources` or `attributes`", selection)[add<&ast::Select::selections>] % tok(',')));
  return RunSpanned(definition, first, state, out);
}
constexpr Linked<ast::Select, ParseSelect> select{"`select`"};

bool ParseAlertItem(Cursor& first, State& state, ast::AlertItem& out) {
  static const auto definition =
      rule<ast::AlertItem>(option[put] | recipient[put] | select[put] | attributes[put] | description[put]);
  return RunRule(definition, first, state, out);
}
constexpr Linked<ast::AlertItem, ParseAlertItem> alert_item{"an option"};

}  // namespace

bool ParseAdministration(Cursor& first, State& state, ast::Statement& out) {
  static const auto tag = rule<ast::Tag>(kw("tag") > named("the tag's name", name)[set<&ast::Tag::name>] > join("of") >
                                         (name[add<&ast::Tag::members>] % tok(',')));
  static const auto role = rule<ast::Role>(
      kw("role") > named("the role's name", name)[set<&ast::Role::name>] >
      body("`read`, `write` or `deny`", "read write deny description", role_item)[set<&ast::Role::items>]);
  static const auto acl = rule<ast::Acl>(
      kw("acl") > named("`user` or `group`", one_of("user group"))[set<&ast::Acl::kind>] > -id[set<&ast::Acl::id>] >
      name[set<&ast::Acl::name>] > -(kw("is") > (named("the name of a role", name)[add<&ast::Acl::roles>] % tok(','))));
  static const auto alert =
      rule<ast::Alert>(kw("alert") > named("the alert's name", name)[set<&ast::Alert::name>] >
                       named("the path of the program", value)[set<&ast::Alert::path>] >
                       -body("`select`, `recipient` or an option", "select recipient meta params description",
                             alert_item)[set<&ast::Alert::items>]);
  if (state.IsWord(first, "tag")) return RunStatement<ast::Tag>(tag, first, state, out);
  if (state.IsWord(first, "role")) return RunStatement<ast::Role>(role, first, state, out);
  if (state.IsWord(first, "acl")) return RunStatement<ast::Acl>(acl, first, state, out);
  return RunStatement<ast::Alert>(alert, first, state, out);
}

}  // namespace picket::compiler::grammar
