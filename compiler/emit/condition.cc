#include "compiler/emit/condition.h"

#include <map>

#include "compiler/syntax/keywords.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::emit {
namespace {

using namespace scenario;  // The whole file makes its types.

const ast::Text* TextIn(const ast::Expr& expr) {
  const auto* value = std::get_if<ast::Value>(&expr.what);
  return value != nullptr ? std::get_if<ast::Text>(&value->what) : nullptr;
}
const ast::Call* CallIn(const ast::Expr& expr) {
  const auto* value = std::get_if<ast::Value>(&expr.what);
  return value != nullptr ? std::get_if<ast::Call>(&value->what) : nullptr;
}

class Converter {
 public:
  explicit Converter(const ScenarioNames& names) : names_(names) {}

  std::optional<Condition> Convert(const ast::Expr& expr) {
    if (const auto* node = std::get_if<ast::Not>(&expr.what)) {
      auto operand = Convert(*node->operand);
      if (!operand) return std::nullopt;
      return Condition{Not{std::make_shared<const Condition>(std::move(*operand))}, expr.span};
    }
    if (const auto* node = std::get_if<ast::Junction>(&expr.what)) {
      std::vector<Condition> operands;
      bool fine = true;
      for (const ast::Expr& one : node->operands) {
        auto operand = Convert(one);
        fine = fine && operand;
        if (operand) operands.push_back(std::move(*operand));
      }
      if (!fine) return std::nullopt;
      if (node->conjunction) return Condition{And{std::move(operands)}, expr.span};
      return Condition{Or{std::move(operands)}, expr.span};
    }
    if (const auto* node = std::get_if<ast::Implies>(&expr.what)) {
      auto premise = Convert(*node->premise);
      auto conclusion = Convert(*node->conclusion);
      if (!premise || !conclusion) return std::nullopt;
      return Condition{Implies{std::make_shared<const Condition>(std::move(*premise)),
                               std::make_shared<const Condition>(std::move(*conclusion))},
                       expr.span};
    }
    if (const auto* node = std::get_if<ast::StateAtom>(&expr.what)) return Atom(*node, expr.span);
    if (const auto* node = std::get_if<ast::UndisturbedAtom>(&expr.what)) {
      auto resource = names_.Resource(node->resource);
      if (!resource) return std::nullopt;
      const auto kind = node->kind.literal == "move" ? Undisturbed::Kind::kMove : Undisturbed::Kind::kRestart;
      std::optional<Name> on;
      if (node->node && kind == Undisturbed::Kind::kMove) {
        return Wrong(node->node->span, "`no move of` has no `on`", "write `no restart of R on N`, or `running R on N`");
      }
      if (node->node && !(on = names_.Node(*node->node))) return std::nullopt;
      return Condition{Undisturbed{kind, std::move(*resource), std::move(on)}, expr.span};
    }
    if (const auto* node = std::get_if<ast::Binary>(&expr.what)) return Compared(*node, expr.span);
    if (const ast::Call* call = CallIn(expr)) {
      if (call->name.literal == "utilization_fits" && call->arguments.empty()) {
        return Condition{UtilizationFits{}, expr.span};
      }
      return Wrong(expr.span, "`" + call->name.literal + "(…)` is not a condition of a test", HelpForCall(*call));
    }
    if (const ast::Text* text = TextIn(expr); text != nullptr && IsState(text->literal)) {
      return Wrong(
          expr.span, "`" + text->literal + "` needs a name",
          "`" + text->literal + (text->literal == "online" || text->literal == "fenced" ? " NODE`" : " RESOURCE`"));
    }
    return Wrong(expr.span, "not a condition of a test",
                 "`running R on N`, `stopped R`, `fenced N`, `count(…) >= 1`, joined by `and`, "
                 "`or`, `not` and `implies`");
  }

 private:
  // `running(a)` is written `running a`; anything else that is called is a number.
  static std::string HelpForCall(const ast::Call& call) {
    const std::string& name = call.name.literal;
    const auto* value = call.arguments.size() == 1 ? std::get_if<ast::Value>(&call.arguments[0].value->what) : nullptr;
    const auto* text = value != nullptr ? std::get_if<ast::Text>(&value->what) : nullptr;
    if (IsState(name) && text != nullptr) return "write `" + name + ' ' + text->literal + '`';
    return "compare it, as in `count(running web) >= 2`";
  }

  std::nullopt_t Wrong(const Span& at, std::string message, std::string help = "") {
    Diagnostic& error = names_.diagnostics().Error("E0501", at, std::move(message));
    if (!help.empty()) error.help.push_back(std::move(help));
    return std::nullopt;
  }

  // A tag stands for its members: it is in a state if every one of them is.
  std::optional<Condition> OfTag(const ast::Tag& tag, const ast::StateAtom& atom, const Span& at) {
    std::vector<Condition> members;
    for (const ast::Text& member : tag.members) {
      const Symbol* symbol = names_.symbols().Find(member.literal);
      if (symbol == nullptr || !IsResource(symbol->kind)) continue;
      ast::StateAtom one = atom;
      one.subject.literal = member.literal;
      auto condition = Atom(one, at);
      if (!condition) return std::nullopt;
      members.push_back(std::move(*condition));
    }
    if (members.empty()) {
      return Wrong(atom.subject.span, "the tag `" + atom.subject.literal + "` holds no resource");
    }
    if (members.size() == 1) return std::move(members[0]);
    return Condition{And{std::move(members)}, at};
  }

  std::optional<Condition> Atom(const ast::StateAtom& atom, const Span& at) {
    const Symbol* subject = names_.symbols().Find(atom.subject.literal);
    if (subject != nullptr && subject->kind == SymbolKind::kTag && ResourceState(atom.state.literal)) {
      if (const auto* tag = std::get_if<ast::Tag>(&subject->statement->what)) return OfTag(*tag, atom, at);
    }
    auto event = EventOf(atom, at);
    if (!event) return std::nullopt;
    if (auto* state = std::get_if<InState>(&event->what)) return Condition{std::move(*state), at};
    return Condition{std::move(std::get<Happened>(event->what)), at};
  }

  std::optional<Event> EventOf(const ast::StateAtom& atom, const Span& at) {
    const std::string& word = atom.state.literal;
    std::optional<Name> node;
    if (atom.node && !(node = names_.Node(*atom.node))) return std::nullopt;
    if (atom.device && word != "fenced") {
      return Wrong(atom.device->span, "`by` says which device fenced a node");
    }
    if (IsAction(word)) {
      auto resource = names_.Resource(atom.subject);
      if (!resource) return std::nullopt;
      const Action action = word == "start"     ? Action::kStart
                            : word == "stop"    ? Action::kStop
                            : word == "promote" ? Action::kPromote
                                                : Action::kDemote;
      return Event{Happened{action, std::move(*resource), std::move(node)}, at};
    }
    InState state;
    if (word == "fenced" || word == "online") {
      state.state = word == "fenced" ? State::kFenced : State::kOnline;
      if (node) return Wrong(atom.node->span, "`" + word + "` is about a node already");
      auto subject = names_.Node(atom.subject);
      if (!subject) return std::nullopt;
      state.subject = std::move(*subject);
      if (atom.device && !(state.device = names_.Device(*atom.device))) return std::nullopt;
      return Event{std::move(state), at};
    }
    state.state = *ResourceState(word);
    auto subject = names_.Resource(atom.subject);
    if (!subject) return std::nullopt;
    state.subject = std::move(*subject);
    state.node = std::move(node);
    return Event{std::move(state), at};
  }

  static std::optional<State> ResourceState(const std::string& word) {
    if (word == "running") return State::kRunning;
    if (word == "stopped") return State::kStopped;
    if (word == "promoted") return State::kPromoted;
    if (word == "unpromoted") return State::kUnpromoted;
    return std::nullopt;
  }

  std::optional<Condition> Compared(const ast::Binary& binary, const Span& at) {
    if (binary.op == "before") {
      const auto* left = std::get_if<ast::StateAtom>(&binary.left->what);
      const auto* right = std::get_if<ast::StateAtom>(&binary.right->what);
      if (left == nullptr || right == nullptr) {
        return Wrong(left == nullptr ? binary.left->span : binary.right->span, "`before` stands between two events",
                     "`fenced ha1 before promote drbd-ms on ha2`");
      }
      auto first = EventOf(*left, binary.left->span);
      auto second = EventOf(*right, binary.right->span);
      if (!first || !second) return std::nullopt;
      return Condition{Before{std::move(*first), std::move(*second)}, at};
    }
    static const std::map<std::string, Comparison::Op> ops = {
        {"==", Comparison::Op::kEqual},     {"!=", Comparison::Op::kNotEqual}, {"<", Comparison::Op::kLess},
        {"<=", Comparison::Op::kLessEqual}, {">", Comparison::Op::kGreater},   {">=", Comparison::Op::kGreaterEqual}};
    const auto op = ops.find(binary.op);
    if (op == ops.end()) {
      const ast::Text* time = binary.op == "in" ? TextIn(*binary.right) : nullptr;
      if (time != nullptr && AsDurationMs(time->literal)) {
        return Wrong(binary.right->span, "`in` does not say how soon", "write `within " + time->literal + "`");
      }
      return Wrong(at, "`" + binary.op + "` does not make a condition",
                   "compare with `==`, `!=`, `<`, `<=`, `>` or `>=`");
    }
    auto left = Amount(*binary.left);
    auto right = Amount(*binary.right);
    if (!left || !right) return std::nullopt;
    if (BareNumber(*binary.left, *left, *right) || BareNumber(*binary.right, *right, *left)) return std::nullopt;
    return Condition{Comparison{op->second, std::move(*left), std::move(*right)}, at};
  }

  // `downtime(R) < 60` would be 60 milliseconds, which nobody means.
  bool BareNumber(const ast::Expr& expr, const Quantity& amount, const Quantity& other) {
    if (!std::holds_alternative<Downtime>(other.what)) return false;
    const ast::Text* text = TextIn(expr);
    const auto* number = std::get_if<Constant>(&amount.what);
    if (text == nullptr || number == nullptr || number->value == 0 || !AsInteger(text->literal)) return false;
    Wrong(expr.span, "a downtime is compared with a duration, not with a number",
          "write `" + text->literal + "s` if seconds are meant");
    return true;
  }

  std::optional<Quantity> Amount(const ast::Expr& expr) {
    if (const ast::Text* text = TextIn(expr)) {
      if (const auto number = AsInteger(text->literal)) return Quantity{Constant{*number}, expr.span};
      if (const auto ms = AsDurationMs(text->literal)) return Quantity{Constant{*ms}, expr.span};
      return Wrong(expr.span, "`" + text->literal + "` is neither a number nor a duration",
                   "node attributes can be asked in a location rule, not in a test");
    }
    if (const auto* binary = std::get_if<ast::Binary>(&expr.what)) {
      static const std::map<std::string, Arithmetic::Op> ops = {{"+", Arithmetic::Op::kAdd},
                                                                {"-", Arithmetic::Op::kSubtract},
                                                                {"*", Arithmetic::Op::kMultiply},
                                                                {"/", Arithmetic::Op::kDivide},
                                                                {"%", Arithmetic::Op::kRemainder}};
      const auto op = ops.find(binary->op);
      if (op == ops.end()) return Wrong(expr.span, "not an amount");
      auto left = Amount(*binary->left);
      auto right = Amount(*binary->right);
      if (!left || !right) return std::nullopt;
      return Quantity{std::make_shared<const Arithmetic>(Arithmetic{op->second, std::move(*left), std::move(*right)}),
                      expr.span};
    }
    const ast::Call* call = CallIn(expr);
    if (call != nullptr && call->name.literal == "downtime" && call->arguments.size() == 1) {
      const ast::Text* name = TextIn(*call->arguments[0].value);
      if (name == nullptr) return Wrong(expr.span, "`downtime` needs a resource");
      auto resource = names_.Resource(*name);
      if (!resource) return std::nullopt;
      return Quantity{Downtime{std::move(*resource)}, expr.span};
    }
    if (call != nullptr && call->name.literal == "count" && call->arguments.size() == 1) {
      return Counted(*call->arguments[0].value, expr.span);
    }
    if (call != nullptr) {
      return Wrong(expr.span, "`" + call->name.literal + "(…)` has no amount",
                   "`count(running R)`, `count(online)` and `downtime(R)` have");
    }
    return Wrong(expr.span, "not an amount", "a condition is not compared, but joined by `and`");
  }

  std::optional<Quantity> Counted(const ast::Expr& what, const Span& at) {
    if (const ast::Text* text = TextIn(what)) {
      if (text->literal == "online") return Quantity{Count{State::kOnline, std::nullopt}, at};
      if (text->literal == "fenced") return Quantity{Count{State::kFenced, std::nullopt}, at};
    }
    const auto* atom = std::get_if<ast::StateAtom>(&what.what);
    const auto state = atom != nullptr ? ResourceState(atom->state.literal) : std::nullopt;
    if (!state || atom->node) {
      return Wrong(what.span, "this cannot be counted",
                   "`count(running R)`, `count(promoted R)`, `count(online)`, `count(fenced)`");
    }
    auto resource = names_.Resource(atom->subject);
    if (!resource) return std::nullopt;
    return Quantity{Count{*state, std::move(*resource)}, at};
  }

  const ScenarioNames& names_;
};

}  // namespace

std::optional<Condition> ConditionOf(const ast::Expr& expr, const ScenarioNames& names) {
  return Converter(names).Convert(expr);
}

}  // namespace picket::compiler::emit
