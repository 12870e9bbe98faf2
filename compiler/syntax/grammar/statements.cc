#include <unordered_map>

#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/grammar/linked.h"
#include "compiler/syntax/keywords.h"

// The list of statements, and which family reads which.
namespace picket::compiler::grammar {
namespace {

using Family = bool (*)(Cursor&, State&, ast::Statement&);

Family FamilyOf(std::string_view keyword) {
  static const std::unordered_map<std::string_view, Family> families = {
      {"import", ParseControl},      {"let", ParseControl},           {"for", ParseControl},
      {"if", ParseControl},          {"define", ParseControl},        {"use", ParseControl},
      {"xml", ParseControl},         {"cluster", ParseCluster},       {"node", ParseCluster},
      {"property", ParseCluster},    {"rsc_defaults", ParseCluster},  {"op_defaults", ParseCluster},
      {"primitive", ParseResource},  {"rsc_template", ParseResource}, {"fence", ParseResource},
      {"group", ParseResource},      {"clone", ParseResource},        {"promotable", ParseResource},
      {"bundle", ParseBundle},       {"fencing", ParseFencing},       {"location", ParseLocation},
      {"colocation", ParseRelation}, {"separate", ParseRelation},     {"order", ParseRelation},
      {"depend", ParseRelation},     {"ticket", ParseRelation},       {"tag", ParseAdministration},
      {"role", ParseAdministration}, {"acl", ParseAdministration},    {"alert", ParseAdministration},
      {"test", ParseScenario},       {"invariant", ParseScenario},    {"assume", ParseAssume}};
  const auto found = families.find(keyword);
  return found == families.end() ? nullptr : found->second;
}

void UnknownStatement(State& state, Cursor& at) {
  const Cursor start = at;
  const std::string found(state.Raw(at));
  RecoverUnknown(state, at, "a statement", {});
  Diagnostic& error = state.diagnostics->list().back();
  if (error.span != state.At(start)) return;  // Too many errors: it was not kept.
  error.help.clear();
  if (state.OpensOption(start)) {
    error.code = "E0102";
    error.message = "an option `" + found + "` where a statement should be";
    error.help.push_back("options stand in the braces of a statement; a variable is `let NAME = …`");
    return;
  }
  if (start->kind == Token::Kind::kWord) {
    error.code = "E0102";
    error.message = "unknown statement `" + found + "`";
    if (auto nearest = Nearest(found, StatementKeywords())) {
      error.help.push_back("did you mean `" + *nearest + "`?");
      return;
    }
  }
  error.help.push_back("a statement begins with a word such as `primitive`, `group` or `order`");
}

}  // namespace

bool ParseStatement(Cursor& first, State& state, ast::Statement& out) {
  if (first->kind != Token::Kind::kWord) return false;
  const Family family = FamilyOf(state.Raw(first));
  if (family == nullptr) return false;
  const Cursor start = first;
  if (!family(first, state, out)) return false;
  out.keyword = state.At(start);
  out.span = state.Between(start, first);
  return true;
}

// One statement list; `end` is its closing brace or the end of the tokens.
static void ParseList(Cursor& first, Cursor end, State& state, std::vector<ast::Statement>& out) {
  while (true) {
    while (first < end && first->kind == Token::Kind::kNewline) ++first;
    if (first >= end) return;
    const Cursor start = first;
    ast::Statement statement;
    try {
      if (!ParseStatement(first, state, statement)) {
        first = start;
        UnknownStatement(state, first);
        continue;
      }
      out.push_back(std::move(statement));
      if (!AtItemEnd(state, first)) RecoverTrailing(state, start, first);
    } catch (const Failure& failure) {
      Recover(state, start, first, failure);
    }
  }
}

bool ParseBlock(Cursor& first, State& state, std::vector<ast::Statement>& out) {
  if (first->punctuation != '{') return false;
  const Cursor close = state.begin + first->partner;
  ++first;
  ParseList(first, close, state, out);
  first = close + 1;
  return true;
}

void ParseStatements(Cursor& first, State& state, std::vector<ast::Statement>& out) {
  ParseList(first, state.end, state, out);
}

}  // namespace picket::compiler::grammar
