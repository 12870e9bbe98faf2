#include <set>
#include <string>
#include <string_view>

#include "compiler/check/lint_families.h"
#include "compiler/syntax/shape.h"
#include "compiler/syntax/walk.h"

// W0498: what a template engine, or whoever copied the text, was to put something else for.
namespace picket::compiler {
namespace {

bool IsBetween(std::string_view text, std::string_view open, std::string_view close) {
  const std::size_t at = text.find(open);
  return at != std::string_view::npos && text.find(close, at + open.size()) != std::string_view::npos;
}

// `{{ vip }}` of Jinja. `{{.Name}}` is meant for the container engine.
bool IsOfAnEngine(std::string_view text) {
  const std::size_t braces = text.find("{{");
  const bool jinja = IsBetween(text, "{{", "}}") && text.find_first_not_of(' ', braces + 2) != std::string_view::npos &&
                     text[text.find_first_not_of(' ', braces + 2)] != '.';
  return jinja || IsBetween(text, "{%", "%}") || IsBetween(text, "<%", "%>");
}

// `<password>`, CHANGEME, YOUR_USER
bool IsToBeReplaced(std::string_view text) {
  if (text.size() > 2 && text.front() == '<' && text.back() == '>' && text.find_first_of("<>", 1) == text.size() - 1 &&
      text.find_first_of("/=\"") == std::string_view::npos)
    return true;
  std::string word;
  for (const char c : Lower(std::string(text))) {
    if (c != '_' && c != '-' && c != ' ') word += c;
  }
  static const std::set<std::string, std::less<>> words = {"changeme", "replaceme", "fixme",        "todo",
                                                           "tbd",      "xxx",       "yourpassword", "yourip",
                                                           "yourhost", "youruser",  "yourusername", "insertpassword"};
  return words.contains(word);
}

class PlaceholderLinter {
 public:
  explicit PlaceholderLinter(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void operator()(const ast::Text& text) {
    if (!text.IsLiteral() || text.literal.size() > kLengthMax) return;
    const bool engine = IsOfAnEngine(text.literal);
    if (!engine && !IsToBeReplaced(text.literal)) return;
    Diagnostic& warning = diagnostics_.Warning("W0498", text.span, "`" + text.literal + "` stands for something else");
    warning.label = engine ? "no template engine has been here" : "nobody has filled it in";
    warning.help.push_back(engine ? "run the template engine first, or write `let NAME = VALUE` and `${NAME}`"
                                  : "write the value itself; `secret(\"PATH\")` keeps a password out of the policy");
  }

 private:
  static constexpr std::size_t kLengthMax = 1000;

  Diagnostics& diagnostics_;
};

}  // namespace

void LintPlaceholders(const PolicyView& view, Diagnostics& diagnostics) {
  PlaceholderLinter linter(diagnostics);
  for (const ast::Statement& statement : view.statements()) {
    if (const auto* node = std::get_if<ast::Primitive>(&statement.what)) ast::Walk(linter, node->items);
    if (const auto* node = std::get_if<ast::Fence>(&statement.what)) ast::Walk(linter, node->items);
    if (const auto* node = std::get_if<ast::Members>(&statement.what)) ast::Walk(linter, node->items);
    if (const auto* node = std::get_if<ast::Bundle>(&statement.what)) ast::Walk(linter, node->items);
    if (const auto* node = std::get_if<ast::Node>(&statement.what)) ast::Walk(linter, *node);
    if (const auto* node = std::get_if<ast::Defaults>(&statement.what)) ast::Walk(linter, *node);
    if (const auto* node = std::get_if<ast::Cluster>(&statement.what)) ast::Walk(linter, *node);
  }
}

}  // namespace picket::compiler
