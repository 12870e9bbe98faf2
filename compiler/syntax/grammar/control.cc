#include "compiler/syntax/grammar/linked.h"

// import, let, for, if, define, use, xml: what compiler/expand takes away.
namespace picket::compiler::grammar {
namespace {

bool ParseParameter(Cursor& first, State& state, ast::Parameter& out) {
  static const auto definition = rule<ast::Parameter>(
      name[set<&ast::Parameter::name>] >>
      -(tok(':') > named("a type, such as `int`, `ipv4` or `1..10`", word)[set<&ast::Parameter::type>]) >>
      -(tok('=') > value[set<&ast::Parameter::fallback>]));
  return RunRule(definition, first, state, out);
}
constexpr Linked<ast::Parameter, ParseParameter> parameter{"a parameter"};

// `else if` is a loop, not a recursion: a chain of them may be long.
bool ParseIf(Cursor& first, State& state, ast::If& out) {
  static const auto head =
      rule<ast::If>(kw("if") > named("a condition", expr)[set<&ast::If::condition>] > block[set<&ast::If::then>]);
  static const auto otherwise = rule<std::vector<ast::Statement>>(block[put]);
  std::vector<ast::If> arms;
  std::vector<Cursor> starts;
  while (true) {
    starts.push_back(first);
    ast::If arm;
    if (!RunRule(head, first, state, arm)) return false;
    arms.push_back(std::move(arm));
    if (!state.IsWord(first, "else")) break;
    ++first;
    if (state.IsWord(first, "if") && arms.size() < 64) continue;
    if (first->punctuation != '{') {
      boost::throw_exception(Failure(first, "`{` or `if`"));
    }
    RunRule(otherwise, first, state, arms.back().otherwise);
    break;
  }
  // From the last arm backwards, each becomes the `else` of the one before.
  for (std::size_t i = arms.size() - 1; i > 0; --i) {
    ast::Statement nested;
    nested.what = std::move(arms[i]);
    nested.span = state.Between(starts[i], first);
    nested.keyword = state.At(starts[i]);
    arms[i - 1].otherwise.push_back(std::move(nested));
  }
  out = std::move(arms[0]);
  return true;
}
constexpr Linked<ast::If, ParseIf> if_{"`if`"};

}  // namespace

bool ParseControl(Cursor& first, State& state, ast::Statement& out) {
  static const auto import =
      rule<ast::Import>(kw("import") > string[set<&ast::Import::path>] > -(kw("as") > name[set<&ast::Import::alias>]));
  static const auto let = rule<ast::Let>(kw("let") > named("the variable's name", name)[set<&ast::Let::name>] >
                                         tok('=') > value[set<&ast::Let::value>]);
  static const auto loop = rule<ast::For>(
      kw("for") > named("a variable's name", name)[set<&ast::For::key>] > -(tok(',') > name[set<&ast::For::value>]) >
      join("in") > named("a list, a map or a range such as `1..3`", value)[set<&ast::For::range>] >
      block[set<&ast::For::body>]);
  static const auto define =
      rule<ast::Define>(kw("define") > named("the name of the define", name)[set<&ast::Define::name>] > tok('(') >
                        -(parameter[add<&ast::Define::parameters>] % tok(',')) > named("`,` or `)`", tok(')')) >
                        block[set<&ast::Define::body>]);
  static const auto use = rule<ast::Use>(kw("use") > named("the name of a define", word)[set<&ast::Use::callee>] >
                                         tok('(') > -(argument[add<&ast::Use::arguments>] % tok(',')) >
                                         named("`,` or `)`", tok(')')) > -(kw("as") > name[set<&ast::Use::alias>]));
  static const auto xml =
      rule<ast::Xml>(kw("xml") > named("the section of the configuration", name)[set<&ast::Xml::section>] >
                     string[set<&ast::Xml::content>]);
  static const auto branch = rule<ast::If>(if_[put]);
  if (state.IsWord(first, "import")) return RunStatement<ast::Import>(import, first, state, out);
  if (state.IsWord(first, "let")) return RunStatement<ast::Let>(let, first, state, out);
  if (state.IsWord(first, "for")) return RunStatement<ast::For>(loop, first, state, out);
  if (state.IsWord(first, "if")) return RunStatement<ast::If>(branch, first, state, out);
  if (state.IsWord(first, "define")) return RunStatement<ast::Define>(define, first, state, out);
  if (state.IsWord(first, "use")) return RunStatement<ast::Use>(use, first, state, out);
  return RunStatement<ast::Xml>(xml, first, state, out);
}

}  // namespace picket::compiler::grammar
