#include "compiler/syntax/grammar/linked.h"

// primitive, rsc_template, group, clone, promotable.
namespace picket::compiler::grammar {
namespace {

bool ParseSource(Cursor& first, State& state, ast::Source& out) {
  static const auto definition = rule<ast::Source>(
      (join("from")[mark<&ast::Source::is_template>] > name[set<&ast::Source::name>]) | word[set<&ast::Source::name>]);
  return RunRule(definition, first, state, out);
}

constexpr const char* kResourceWords = "op operations meta params utilization description";

}  // namespace

constexpr Linked<ast::Source, ParseSource> source{
    "an agent, such as `ocf:heartbeat:IPaddr2`, or `from` and a template"};

bool ParsePrimitive(Cursor& first, State& state, ast::Primitive& out) {
  static const auto definition = rule<ast::Primitive>(
      one_of("primitive rsc_template")[set<&ast::Primitive::keyword>] >
      named("the resource's name", name)[set<&ast::Primitive::name>] > source[set<&ast::Primitive::source>] >
      -body("an item of a resource", kResourceWords, resource_item)[set<&ast::Primitive::items>]);
  return RunRule(definition, first, state, out);
}

bool ParseResource(Cursor& first, State& state, ast::Statement& out) {
  static const auto any_primitive = rule<ast::Primitive>(primitive[put]);
  static const auto members = rule<ast::Members>(
      one_of("group clone promotable")[set<&ast::Members::keyword>] > named("a name", name)[set<&ast::Members::name>] >
      join("of") > (named("the name of a member", name)[add<&ast::Members::members>] % tok(',')) >
      -body("an option", "meta params description", collection_item)[set<&ast::Members::items>]);
  static const auto fence = rule<ast::Fence>(
      kw("fence") > named("the device's name", name)[set<&ast::Fence::name>] > source[set<&ast::Fence::source>] >
      -(join("for") > (rule<ast::Host>(name[set<&ast::Host::name>] >>
                                       -(tok('=') > value[set<&ast::Host::alias>]))[add<&ast::Fence::hosts>] %
                       tok(','))) >
      -body("an item of a resource", kResourceWords, resource_item)[set<&ast::Fence::items>]);
  if (state.IsWord(first, "fence")) return RunStatement<ast::Fence>(fence, first, state, out);
  if (state.IsWord(first, "primitive") || state.IsWord(first, "rsc_template")) {
    return RunStatement<ast::Primitive>(any_primitive, first, state, out);
  }
  return RunStatement<ast::Members>(members, first, state, out);
}

}  // namespace picket::compiler::grammar
