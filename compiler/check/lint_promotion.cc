#include <algorithm>
#include <cctype>

#include "compiler/check/lint_families.h"
#include "compiler/syntax/shape.h"

// Roles and actions of resources that are never promoted. What the cluster
// makes of them depends on where they stand: an order waits for ever, a
// colocation pulls the wrong way round, anything else has no effect.
namespace picket::compiler {
namespace {

bool IsWord(const std::optional<ast::Text>& word, std::string_view wanted) {
  return word && word->literal == wanted;
}

class PromotionLinter {
 public:
  PromotionLinter(const PolicyView& view, Diagnostics& diagnostics) : view_(view), diagnostics_(diagnostics) {}

  void Run() {
    for (const ast::Statement& statement : view_.statements()) {
      if (const auto* relation = std::get_if<ast::Relation>(&statement.what)) Relation(*relation);
      if (const auto* primitive = std::get_if<ast::Primitive>(&statement.what)) Operations(*primitive);
      if (const auto* location = std::get_if<ast::Location>(&statement.what)) {
        for (const ast::Reference& subject : location->subjects) Idle(subject, "this has no effect");
      }
    }
    for (const Symbol& symbol : view_.symbols().all()) {
      if (IsResource(symbol.kind) && symbol.kind != SymbolKind::kBundle) TargetRole(symbol);
    }
  }

 private:
  // W0216: a role to aim at that is never reached (spec 01 §13.6).
  void TargetRole(const Symbol& symbol) {
    const auto role = view_.OwnMeta(symbol, "target-role");
    if (!role || view_.CanBePromoted(symbol)) return;
    std::string word = role->value;
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
    if (word != "promoted" && word != "unpromoted" && word != "master" && word != "slave") return;
    Diagnostic& warning =
        diagnostics_.Warning("W0216", role->span, "`" + symbol.id + "` is never promoted: it belongs to no promotable");
    warning.label = "ignored: it is started";
    warning.help.push_back("leave `target-role` out, or write `stopped` if it should not run");
  }

  // W0445: monitors of a role that a resource never has.
  void Operations(const ast::Primitive& primitive) {
    const Symbol* symbol = view_.symbols().Find(primitive.name.literal);
    if (symbol == nullptr || view_.CanBePromoted(*symbol)) return;
    for (const ast::Item& item : primitive.items) {
      const auto* operation = std::get_if<ast::Operation>(&item);
      if (operation == nullptr) continue;
      std::string role = OptionText(operation->options, "role");
      std::transform(role.begin(), role.end(), role.begin(), [](unsigned char c) { return std::tolower(c); });
      if (role != "promoted" && role != "unpromoted" && role != "master" && role != "slave") continue;
      Diagnostic& warning =
          diagnostics_.Warning("W0445", operation->span,
                               "this `" + operation->name.literal + "` never runs: `" + symbol->id + "` is never " +
                                   (role == "promoted" || role == "master" ? "promoted" : "unpromoted"));
      Describe(primitive.name, warning);
      warning.help.push_back(Remedy(primitive.name, "role"));
      return;
    }
  }

  void Relation(const ast::Relation& relation) {
    const std::string& keyword = relation.keyword.literal;
    for (std::size_t i = 0; i < relation.parts.size(); ++i) {
      const ast::Reference& part = relation.parts[i];
      const ast::Reference* next = i + 1 < relation.parts.size() ? &relation.parts[i + 1] : nullptr;
      const ast::Reference* previous = i > 0 ? &relation.parts[i - 1] : nullptr;
      if (keyword == "order") {
        if (!Endless(relation, part, next)) Idle(part, "this has no effect");
      } else if (keyword == "depend" && Endless(relation, part, previous)) {
        continue;
      } else if (keyword == "ticket" || relation.parts.size() != 2) {
        Idle(part, "this has no effect");
      } else {
        WrongWay(keyword, part, next != nullptr ? *next : *previous, next != nullptr);
      }
    }
  }

  // What a reference names and what is never promoted.
  std::vector<const ast::Text*> NeverPromoted(const ast::Reference& part) const {
    std::vector<const ast::Text*> found;
    for (const ast::Text* name : NamesIn(part)) {
      const Symbol* symbol = view_.symbols().Find(name->literal);
      if (symbol != nullptr && !view_.CanBePromoted(*symbol)) found.push_back(name);
    }
    return found;
  }

  static std::string ActionOf(const ast::Reference& part) {
    if (IsWord(part.role, "promoted")) return "promote";
    return part.action ? part.action->literal : "start";
  }
  static std::string Participle(const std::string& action) {
    return action == "stop" ? "stopped" : action + (action.ends_with('e') ? "d" : "ed");
  }

  // E0230: `then` waits for a promotion that never comes. True if that is so,
  // and has been told.
  bool Endless(const ast::Relation& relation, const ast::Reference& first, const ast::Reference* then) {
    const bool promotes = IsWord(first.action, "promote") || IsWord(first.role, "promoted");
    const std::string kind = OptionText(relation.options, "kind");
    if (!promotes || then == nullptr || !(kind.empty() || kind == "mandatory")) return false;
    const std::vector<const ast::Text*> never = NeverPromoted(first), waiting = NamesIn(*then);
    const auto* set = std::get_if<ast::Set>(&first.what);
    const std::string all = OptionText(
        set != nullptr && HasOption(set->options, "require-all") ? set->options : relation.options, "require-all");
    const bool any_is_enough = first.any || !AsBoolean(all).value_or(true);
    if (never.empty() || waiting.empty() || (any_is_enough && never.size() < NamesIn(first).size())) return false;
    const std::string action = ActionOf(*then);
    const bool of_promotables = action == "promote" || action == "demote";
    if (of_promotables && NeverPromoted(*then).size() == waiting.size()) return false;
    const ast::Text& name = *never.front();
    Diagnostic& error =
        diagnostics_.Error("E0230", name.span,
                           "`" + waiting.front()->literal + "` can never be " + Participle(action) +
                               ": it waits until `" + name.literal + "` is promoted, which never happens");
    error.label = "belongs to no promotable";
    Describe(name, error);
    error.help.push_back(Remedy(name, IsWord(first.action, "promote") ? "promote" : "promoted"));
    return true;
  }

  // W0216 in a colocation: the role is never there to be placed with, yet the
  // preferences of the one still count for the other.
  void WrongWay(const std::string& keyword, const ast::Reference& part, const ast::Reference& partner, bool is_left) {
    if (!IsWord(part.role, "promoted")) return Idle(part, "this has no effect");
    const auto* name = std::get_if<ast::Text>(&part.what);
    const auto* other = std::get_if<ast::Text>(&partner.what);
    if (name == nullptr || other == nullptr) return Idle(part, "this has no effect");
    const std::vector<const ast::Text*> never = NeverPromoted(part);
    if (never.empty()) return;
    const Symbol* symbol = view_.symbols().Find(name->literal);
    const ast::Text& left = is_left ? *name : *other;
    const ast::Text& right = is_left ? *other : *name;
    if (!is_left && view_.Outermost(*symbol).kind == SymbolKind::kClone) {
      return Told(*name, part, "`" + left.literal + "` goes with any instance of `" + right.literal + '`');
    }
    const std::string left_name = '`' + left.literal + '`', right_name = '`' + right.literal + '`';
    if (keyword == "separate") {
      return Told(*name, part,
                  left_name + " may run beside " + right_name + "; instead " + right_name + " avoids where " +
                      left_name + " runs");
    }
    Told(*name, part,
         left_name + " does not follow " + right_name + "; instead " + right_name + " is drawn to where " + left_name +
             " runs");
  }

  // W0216 where it only says nothing.
  void Idle(const ast::Reference& part, const std::string& label) {
    if (!IsWord(part.role, "promoted") && !IsWord(part.action, "promote") && !IsWord(part.action, "demote")) return;
    for (const ast::Text* name : NeverPromoted(part)) Told(*name, part, label);
  }

  void Told(const ast::Text& name, const ast::Reference& part, const std::string& label) {
    Diagnostic& warning = diagnostics_.Warning("W0216", name.span,
                                               "`" + name.literal + "` is never promoted: it belongs to no promotable");
    warning.label = label;
    Describe(name, warning);
    warning.help.push_back(Remedy(name, part.role ? part.role->literal : part.action->literal));
  }

  void Describe(const ast::Text& name, Diagnostic& diagnostic) const {
    const Symbol& outermost = view_.Outermost(*view_.symbols().Find(name.literal));
    diagnostic.others.push_back({outermost.span, "a " + std::string(KindName(outermost.kind))});
  }

  std::string Remedy(const ast::Text& name, const std::string& word) const {
    const Symbol& outermost = view_.Outermost(*view_.symbols().Find(name.literal));
    const std::string leave = "leave `" + word + "` out";
    const auto* members = std::get_if<ast::Members>(&outermost.statement->what);
    if (outermost.kind == SymbolKind::kClone && members != nullptr && members->members.size() == 1) {
      return "write `promotable " + outermost.id + " of " + members->members[0].literal + "` instead of `clone`, or " +
             leave;
    }
    return leave + ", or put it into a `promotable` if its agent can be promoted";
  }

  const PolicyView& view_;
  Diagnostics& diagnostics_;
};

}  // namespace

void LintPromotion(const PolicyView& view, Diagnostics& diagnostics) {
  PromotionLinter(view, diagnostics).Run();
}

}  // namespace picket::compiler
