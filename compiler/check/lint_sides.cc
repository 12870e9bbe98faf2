#include <algorithm>
#include <set>

#include "compiler/check/lint_families.h"
#include "compiler/syntax/shape.h"

// Which side of a pair depends, and on which copies: E0233, W0450, W0451.
namespace picket::compiler {
namespace {

class SideLinter {
 public:
  SideLinter(const PolicyView& view, Diagnostics& diagnostics) : view_(view), diagnostics_(diagnostics) {}

  void Run() {
    for (const ast::Statement& statement : view_.statements()) {
      if (const auto* relation = std::get_if<ast::Relation>(&statement.what)) Remember(*relation);
    }
    for (const ast::Statement& statement : view_.statements()) {
      if (const auto* relation = std::get_if<ast::Relation>(&statement.what)) {
        for (const ast::Reference& part : relation->parts) Inner(part);
        Pair(*relation);
      }
      if (const auto* location = std::get_if<ast::Location>(&statement.what)) {
        for (const ast::Reference& subject : location->subjects) Inner(subject);
      }
    }
  }

 private:
  const Symbol* Find(const ast::Reference& part) const {
    const auto* name = std::get_if<ast::Text>(&part.what);
    const Symbol* symbol = name != nullptr ? view_.symbols().Find(name->literal) : nullptr;
    return symbol != nullptr && IsResource(symbol->kind) ? symbol : nullptr;
  }

  static bool IsClone(const Symbol& symbol) {
    return symbol.kind == SymbolKind::kClone || symbol.kind == SymbolKind::kPromotable;
  }

  // Who is placed with the promoted copies of whom.
  void Remember(const ast::Relation& relation) {
    if (relation.keyword.literal == "order" || relation.keyword.literal == "ticket") return;
    for (std::size_t i = 0; i + 1 < relation.parts.size(); ++i) {
      const ast::Reference& right = relation.parts[i + 1];
      if (!right.role) continue;
      for (const ast::Text* left : NamesIn(relation.parts[i])) {
        for (const ast::Text* name : NamesIn(right)) with_role_.emplace(left->literal, name->literal);
      }
    }
  }

  // E0233: Pacemaker knows the copies of a clone by the clone's name only.
  void Inner(const ast::Reference& part) {
    for (const ast::Text* name : NamesIn(part)) {
      const Symbol* symbol = view_.symbols().Find(name->literal);
      if (symbol == nullptr || !IsResource(symbol->kind) || symbol->container.empty()) continue;
      const Symbol& outer = view_.Outermost(*symbol);
      if (!IsClone(outer) || !std::holds_alternative<ast::Members>(outer.statement->what)) continue;
      Diagnostic& error =
          diagnostics_.Error("E0233", name->span,
                             "`" + name->literal + "` is what `" + outer.id +
                                 "` makes copies of: a constraint names the " + std::string(KindName(outer.kind)));
      error.others.push_back({outer.span, "the " + std::string(KindName(outer.kind))});
      const bool promoted = part.role && part.role->literal == "promoted";
      error.help.push_back("write `" + (promoted ? "promoted " + outer.id : outer.id) + "`");
    }
  }

  void Pair(const ast::Relation& relation) {
    const std::string& keyword = relation.keyword.literal;
    if ((keyword != "depend" && keyword != "colocation") || relation.parts.size() != 2) return;
    if (HasOption(relation.options, "same")) return;
    const auto score = ScoreNumber(OptionText(relation.options, "score"));
    if (HasOption(relation.options, "score") && (!score || *score < kInfinity)) return;
    const ast::Reference &left = relation.parts[0], &right = relation.parts[1];
    const Symbol *dependent = Find(left), *needed = Find(right);
    if (dependent == nullptr || needed == nullptr || left.role || right.role) return;
    const Symbol &outer = view_.Outermost(*dependent), &other = view_.Outermost(*needed);
    const bool lone = IsLone(outer), other_lone = IsLone(other);
    if (lone && &other == needed && other.kind == SymbolKind::kPromotable) AnyCopy(keyword, left, *dependent, *needed);
    if (&outer == dependent && IsClone(outer) && other_lone) AllCopies(keyword, left, *dependent, *needed);
  }

  static bool IsLone(const Symbol& symbol) {
    return (symbol.kind == SymbolKind::kPrimitive || symbol.kind == SymbolKind::kGroup) && !IsConnection(symbol);
  }

  bool HasOneCopy(const Symbol& clone, const char* option) const {
    const auto most = view_.Meta(clone, option);
    return most && AsInteger(most->value).value_or(2) == 1;
  }

  // W0450
  void AnyCopy(const std::string& keyword, const ast::Reference& left, const Symbol& dependent, const Symbol& needed) {
    if (with_role_.contains({dependent.id, needed.id}) || HasOneCopy(needed, "clone-max")) return;
    if (!std::holds_alternative<ast::Members>(needed.statement->what)) return;
    const auto copies = view_.Meta(needed, "clone-max"), promoted = view_.Meta(needed, "promoted-max");
    if (copies && promoted && copies->value == promoted->value) return;  // All of them may be promoted.
    Diagnostic& warning = diagnostics_.Warning(
        "W0450", left.span, "`" + dependent.id + "` may run beside any copy of `" + needed.id + "`, promoted or not");
    warning.others.push_back({needed.span, "the promotable"});
    warning.help.push_back("write `" + keyword + ' ' + dependent.id + (keyword == "depend" ? " on" : " with") +
                           " promoted " + needed.id + "`; `unpromoted` if that is meant");
  }

  // W0451
  void AllCopies(const std::string& keyword, const ast::Reference& left, const Symbol& dependent,
                 const Symbol& needed) {
    if (HasOneCopy(dependent, "clone-max") || !std::holds_alternative<ast::Members>(dependent.statement->what)) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0451", left.span,
        "every copy of `" + dependent.id + "` has to run where `" + needed.id + "` runs: on one node");
    warning.label = "the others stay stopped";
    warning.others.push_back({needed.span, "runs once"});
    const char* between = keyword == "depend" ? " on " : " with ";
    const bool promotable = dependent.kind == SymbolKind::kPromotable;
    warning.help.push_back("write `" + keyword + ' ' + needed.id + between + (promotable ? "promoted " : "") +
                           dependent.id + "` if `" + needed.id + "` is what depends");
  }

  const PolicyView& view_;
  Diagnostics& diagnostics_;
  std::set<std::pair<std::string, std::string>> with_role_;
};

}  // namespace

void LintSides(const PolicyView& view, Diagnostics& diagnostics) {
  SideLinter(view, diagnostics).Run();
}

}  // namespace picket::compiler
