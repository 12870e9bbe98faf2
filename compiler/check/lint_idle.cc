#include "compiler/check/known_options.h"
#include "compiler/check/lint_families.h"
#include "compiler/syntax/shape.h"

// Settings without effect: utilization without a strategy, options of a
// clone in a group, preferences that are the same on every node. And rules on
// what only an agent knows.
namespace picket::compiler {
namespace {

// Whether a condition asks for nothing but the date.
bool IsOfDates(const ast::Expr& expr) {
  if (std::holds_alternative<ast::DateAtom>(expr.what)) return true;
  if (const auto* junction = std::get_if<ast::Junction>(&expr.what)) {
    for (const ast::Expr& one : junction->operands) {
      if (!IsOfDates(one)) return false;
    }
    return true;
  }
  const auto* value = std::get_if<ast::Value>(&expr.what);
  const auto* call = value != nullptr ? std::get_if<ast::Call>(&value->what) : nullptr;
  return call != nullptr && call->name.literal == "date";
}

class IdleLinter {
 public:
  IdleLinter(const PolicyView& view, Diagnostics& diagnostics) : view_(view), diagnostics_(diagnostics) {}

  void Run() {
    Utilization();
    CloneOptions();
    const auto symmetric = view_.Property({"symmetric-cluster"});
    const bool opt_in = symmetric && !AsBoolean(symmetric->value).value_or(true);
    for (const ast::Statement& statement : view_.statements()) {
      played_ = played_ || std::holds_alternative<ast::Test>(statement.what) ||
                std::holds_alternative<ast::Invariant>(statement.what);
    }
    for (const ast::Statement& statement : view_.statements()) {
      const auto* location = std::get_if<ast::Location>(&statement.what);
      if (location == nullptr) continue;
      for (const ast::Clause& clause : location->clauses) {
        if (!clause.where || !clause.where->condition) continue;
        if (!opt_in) EverywhereAlike(*location, clause);
        if (played_) PromotionScores(*location, *clause.where->condition);
      }
    }
  }

 private:
  // W0431: once, at the first resource.
  void Utilization() {
    const auto strategy = view_.Property({"placement-strategy"});
    if (strategy && (strategy->conditional || strategy->value != "default")) return;
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind != SymbolKind::kPrimitive && symbol.kind != SymbolKind::kFence) continue;
      const auto blocks = view_.Blocks(symbol, "utilization");
      if (blocks.empty()) continue;
      Diagnostic& warning = diagnostics_.Warning("W0431", blocks.front()->span,
                                                 "`utilization` is ignored without a `placement-strategy`");
      warning.label = "`" + symbol.id + "` goes also where there is no room";
      warning.help.push_back("write `property placement-strategy=balanced`, or `utilization` or `minimal`");
      return;
    }
  }

  // W0443
  void CloneOptions() {
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind != SymbolKind::kGroup && symbol.kind != SymbolKind::kPrimitive) continue;
      for (const std::string& name : CloneOptionNames()) {
        const auto setting = view_.OwnMeta(symbol, name);
        if (!setting) continue;
        const Symbol* holder = symbol.container.empty() ? nullptr : view_.symbols().Find(symbol.container);
        Diagnostic& warning = diagnostics_.Warning(
            "W0443", setting->span,
            "`" + name + "` has no effect on a " + std::string(KindName(symbol.kind)) + ": it is an option of clones");
        warning.help.push_back(holder != nullptr && holder->kind != SymbolKind::kGroup
                                   ? "write it in the braces of `" + holder->id + '`'
                                   : "leave it out");
      }
    }
  }

  // W0441: an obligation that is the same everywhere may well be meant, a
  // preference not. A role is another matter: a score makes it possible.
  void EverywhereAlike(const ast::Location& location, const ast::Clause& clause) {
    const std::string& verb = clause.verb.literal;
    if ((verb != "prefers" && verb != "avoids") || !IsOfDates(*clause.where->condition)) return;
    const std::string score = OptionText(clause.options, "score");
    if (ScoreNumber(score).value_or(kInfinity) >= kInfinity || location.role) return;
    for (const ast::Reference& subject : location.subjects) {
      if (subject.role) return;
    }
    Diagnostic& warning =
        diagnostics_.Warning("W0441", clause.span, "this is the same on every node: no node is better than another");
    warning.label = "the date is no place";
    warning.help.push_back("add the nodes, as in `where node == n1 and date …`; to keep a resource where it is at " +
                           std::string("times write `rsc_defaults when date … { resource-stickiness=… }`"));
  }

  // W0444: in a test, the agent's promotion scores are somebody's guess.
  void PromotionScores(const ast::Location& location, const ast::Expr& expr) {
    if (const auto* junction = std::get_if<ast::Junction>(&expr.what)) {
      for (const ast::Expr& one : junction->operands) PromotionScores(location, one);
    } else if (const auto* negated = std::get_if<ast::Not>(&expr.what)) {
      PromotionScores(location, *negated->operand);
    } else if (const auto* binary = std::get_if<ast::Binary>(&expr.what)) {
      Compared(location, *binary, expr.span);
    }
  }

  void Compared(const ast::Location& location, const ast::Binary& binary, const Span& span) {
    const ast::Text* left = AttributeOf(*binary.left);
    const auto* value = std::get_if<ast::Value>(&binary.right->what);
    const auto* right = value != nullptr ? std::get_if<ast::Text>(&value->what) : nullptr;
    if (left == nullptr || right == nullptr || !ScoreNumber(right->literal)) return;
    if (!left->literal.starts_with("master-")) return;
    const Symbol* agent = view_.symbols().Find(left->literal.substr(std::string_view("master-").size()));
    if (agent == nullptr || !IsResource(agent->kind) || !view_.CanBePromoted(*agent)) return;
    const std::string& outermost = view_.Outermost(*agent).id;
    Diagnostic& warning = diagnostics_.Warning("W0444", span,
                                               "`" + left->literal + "` is the promotion score of `" + agent->id +
                                                   "`: tests know what its agent sets only if they are told");
    warning.label = "may hold in the cluster and not in a test";
    // An agent gives a promoted instance a good score; a bad one tells of a replica.
    const bool of_promoted = ScoreNumber(right->literal).value_or(0) > 0;
    warning.help.push_back("write `assume promotion score of " + outermost + " is " + right->literal +
                           (of_promoted ? " when promoted" : "") + "` in the test, or what the agent sets");
    const auto* subject = location.subjects.size() == 1 ? std::get_if<ast::Text>(&location.subjects[0].what) : nullptr;
    const bool forbids = location.clauses.size() == 1 && location.clauses[0].verb.literal == "never";
    if (subject == nullptr || !forbids || !of_promoted) return;
    warning.help.push_back("to keep away from where it is promoted write `separate " + subject->literal +
                           " from promoted " + outermost + '`');
  }

  // `pingd`, `number(pingd)`.
  static const ast::Text* AttributeOf(const ast::Expr& expr) {
    const auto* value = std::get_if<ast::Value>(&expr.what);
    if (value == nullptr) return nullptr;
    if (const auto* text = std::get_if<ast::Text>(&value->what)) return text;
    const auto* call = std::get_if<ast::Call>(&value->what);
    if (call == nullptr || call->arguments.size() != 1) return nullptr;
    return AttributeOf(*call->arguments[0].value);
  }

  const PolicyView& view_;
  Diagnostics& diagnostics_;
  bool played_ = false;  // There are tests.
};

}  // namespace

void LintIdle(const PolicyView& view, Diagnostics& diagnostics) {
  IdleLinter(view, diagnostics).Run();
}

}  // namespace picket::compiler
