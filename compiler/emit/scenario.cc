#include "compiler/emit/scenario.h"

#include <algorithm>
#include <map>

#include "compiler/diagnostics/nearest.h"
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

class Builder {
 public:
  Builder(const Symbols& symbols, Diagnostics& diagnostics)
      : symbols_(symbols), diagnostics_(diagnostics) {}

  void operator()(const ast::Test& node) {
    Test test{node.name.literal, {}, span};
    for (const ast::TestStep& step : node.steps) {
      std::visit([&](const auto& what) { Take(what, step.span, test); }, step.what);
    }
    Unique(node.name);
    out.tests.push_back(std::move(test));
  }

  void operator()(const ast::Invariant& node) {
    Invariant invariant;
    invariant.name = node.name.literal;
    invariant.span = span;
    for (const ast::InvariantItem& item : node.items) {
      if (const auto* over = std::get_if<ast::Over>(&item.what)) {
        invariant.scope = Over(*over, item.span);
        continue;
      }
      const auto& step = std::get<ast::ConditionStep>(item.what);
      auto condition = Convert(step.condition);
      if (!condition) continue;
      const std::string& keyword = step.keyword.literal;
      if (keyword == "assuming") {
        invariant.assuming = std::move(*condition);
        continue;
      }
      Claim claim;
      claim.kind = keyword == "always"  ? Claim::Kind::kAlways
                   : keyword == "never" ? Claim::Kind::kNever
                                        : Claim::Kind::kSettles;
      claim.condition = std::move(*condition);
      claim.span = item.span;
      invariant.claims.push_back(std::move(claim));
    }
    if (invariant.claims.empty()) {
      diagnostics_.Error("E0206", node.name.span, "this invariant claims nothing")
          .help.push_back("add a line with `always`, `never` or `settles`");
    }
    Unique(node.name);
    out.invariants.push_back(std::move(invariant));
  }

  template <class Other>
  void operator()(const Other&) {}

  Scenario out;
  Span span;

 private:
  // ------------------------------------------------------------------ names

  void Unknown(const ast::Text& name, const std::string& what,
               const std::vector<std::string>& known) {
    const bool full = diagnostics_.IsFull();
    Diagnostic& error = diagnostics_.Error("E0201", name.span,
                                           "unknown " + what + " `" + name.literal + "`");
    if (full) return;  // The search below looks at every name there is.
    if (auto nearest = Nearest(name.literal, known)) {
      error.help.push_back("did you mean `" + *nearest + "`?");
    } else if (!known.empty() && known.size() <= 8) {
      std::string list;
      for (const std::string& one : known) list += (list.empty() ? "`" : ", `") + one + '`';
      error.help.push_back("known are " + list);
    }
  }

  std::optional<Name> Listed(const ast::Text& name, const std::vector<std::string>& known,
                             const std::string& what) {
    if (std::find(known.begin(), known.end(), name.literal) == known.end()) {
      Unknown(name, what, known);
      return std::nullopt;
    }
    return Name{name.literal, name.span};
  }
  std::optional<Name> NodeName(const ast::Text& name) {
    if (symbols_.FindNode(name.literal) != nullptr) return Name{name.literal, name.span};
    Unknown(name, "node", symbols_.nodes());
    return std::nullopt;
  }

  std::optional<Name> ResourceName(const ast::Text& name) {
    const Symbol* symbol = symbols_.Find(name.literal);
    if (symbol == nullptr) {
      Unknown(name, "resource",
              diagnostics_.IsFull() ? std::vector<std::string>{} : symbols_.Names(IsResource));
      return std::nullopt;
    }
    if (!IsResource(symbol->kind)) {
      diagnostics_
          .Error("E0203", name.span,
                 "`" + name.literal + "` is a " + std::string(KindName(symbol->kind)) +
                     ", not a resource")
          .others.push_back({symbol->span, "defined here"});
      return std::nullopt;
    }
    return Name{name.literal, name.span};
  }

  std::optional<Name> DeviceName(const ast::Text& name) {
    const auto fits = [](SymbolKind kind) {
      return kind == SymbolKind::kFence || kind == SymbolKind::kPrimitive;
    };
    const Symbol* symbol = symbols_.Find(name.literal);
    if (symbol == nullptr || !fits(symbol->kind)) {
      Unknown(name, "fence device",
              symbols_.Names([](SymbolKind kind) { return kind == SymbolKind::kFence; }));
      return std::nullopt;
    }
    return Name{name.literal, name.span};
  }

  std::vector<Name> NodeNames(const std::vector<ast::Text>& names) {
    std::vector<Name> list;
    for (const ast::Text& name : names) {
      if (auto node = NodeName(name)) list.push_back(std::move(*node));
    }
    return list;
  }

  void Unique(const ast::Text& name) {
    const auto [first, fresh] = names_.emplace(name.literal, name.span);
    if (fresh) return;
    Diagnostic& error =
        diagnostics_.Error("E0202", name.span, "a second test or invariant of this name");
    error.others.push_back({first->second, "the first one"});
    error.help.push_back("give it a name of its own, so that a report can tell them apart");
  }

  // ------------------------------------------------------------------ steps

  template <class F>
  void Add(Test& test, F fault, const Span& at) {
    test.steps.push_back({Fault(std::move(fault)), at});
  }

  // What an operator does on purpose (a ticket granted, a node in standby) may lead to what is given; a failure and an
  // expectation may not.
  static bool EndsTheBeginning(const Step& step) {
    if (std::holds_alternative<Expect>(step.what)) return true;
    const auto* fault = std::get_if<Fault>(&step.what);
    if (fault == nullptr) return false;
    return !std::holds_alternative<Grant>(*fault) && !std::holds_alternative<Revoke>(*fault) &&
           !std::holds_alternative<Standby>(*fault) && !std::holds_alternative<Online>(*fault) &&
           !std::holds_alternative<SetAttribute>(*fault) && !std::holds_alternative<Advance>(*fault);
  }

  void Take(const ast::ConditionStep& step, const Span& at, Test& test) {
    auto condition = Convert(step.condition);
    if (!condition) return;
    if (step.keyword.literal == "expect") {
      test.steps.push_back({Expect{std::move(*condition)}, at});
      return;
    }
    if (std::any_of(test.steps.begin(), test.steps.end(), EndsTheBeginning)) {
      diagnostics_.Error("E0502", at, "`given` after something has happened")
          .help.push_back("what is given stands before failures and expectations; use `expect` here");
    }
    test.steps.push_back({Given{std::move(*condition)}, at});
  }
  void Take(const ast::NodesFault& fault, const Span& at, Test& test) {
    std::vector<Name> nodes = NodeNames(fault.nodes);
    const std::string& verb = fault.verb.literal;
    if (verb == "kill") Add(test, Kill{std::move(nodes)}, at);
    else if (verb == "standby") Add(test, Standby{std::move(nodes)}, at);
    else if (verb == "online") Add(test, Online{std::move(nodes)}, at);
    else Add(test, Isolate{std::move(nodes)}, at);
  }
  void Take(const ast::CutFault& fault, const Span& at, Test& test) {
    auto link = Listed(fault.link, symbols_.links(), "link");
    std::optional<Name> node;
    if (fault.node && !(node = NodeName(*fault.node))) return;
    if (link) Add(test, CutLink{std::move(*link), std::move(node)}, at);
  }
  void Take(const ast::PartitionFault& fault, const Span& at, Test& test) {
    Partition partition{NodeNames(fault.left), NodeNames(fault.right)};
    for (const Name& left : partition.left) {
      for (const Name& right : partition.right) {
        if (left.id == right.id) {
          diagnostics_.Error("E0502", right.span, "`" + right.id + "` stands on both sides");
        }
      }
    }
    Add(test, std::move(partition), at);
  }
  void Take(const ast::FailFault& fault, const Span& at, Test& test) {
    if (fault.operation && fault.operation->literal == "fencing") return TakeFencing(fault, at, test);
    auto resource = ResourceName(fault.resource);
    FailResource out_fault;
    if (fault.operation) out_fault.operation = fault.operation->literal;
    if (fault.node) out_fault.node = NodeName(*fault.node);
    for (const ast::Option& option : fault.options) {
      const auto* text = std::get_if<ast::Text>(&option.value.what);
      const auto number = text != nullptr ? AsInteger(text->literal) : std::nullopt;
      if (option.name.literal == "times") {
        const bool always = text != nullptr && text->literal == "always";
        if (!always && (!number || *number < 1 || *number > 1000)) {
          diagnostics_.Error("E0205", option.value.span, "`times` is a number from 1 to 1000, or `always`");
        }
        out_fault.times = always ? FailResource::kAlways : static_cast<int>(number.value_or(1));
      } else if (option.name.literal != "rc") {
        diagnostics_.Error("E0204", option.name.span,
                           "`fail` has no option `" + option.name.literal + "`")
            .help.push_back("`rc=` is what the agent returns, `times=` how often");
      } else if (text != nullptr && text->literal == "timeout") {
        out_fault.timed_out = true;
      } else if (!number || *number < 0 || *number > 255) {
        diagnostics_.Error("E0205", option.value.span,
                           "`rc` is a number from 0 to 255, or `timeout`");
      } else {
        out_fault.exit_code = static_cast<int>(*number);
      }
    }
    if (!resource) return;
    out_fault.resource = std::move(*resource);
    Add(test, std::move(out_fault), at);
  }
  // `fail D fencing rc=…`: what the device answers when it is to fence. 0 is a lie, for nothing has happened.
  void TakeFencing(const ast::FailFault& fault, const Span& at, Test& test) {
    FailFence out_fault;
    for (const ast::Option& option : fault.options) {
      const auto* text = std::get_if<ast::Text>(&option.value.what);
      const auto code = text != nullptr ? AsInteger(text->literal) : std::nullopt;
      if (option.name.literal != "rc") {
        diagnostics_.Error("E0204", option.name.span, "`fail … fencing` has no option `" + option.name.literal + "`")
            .help.push_back("`rc=timeout` hangs, `rc=0` says yes and does nothing");
      } else if (text != nullptr && text->literal == "timeout") {
        out_fault.how = FailFence::How::kTimesOut;
      } else if (!code || *code < 0 || *code > 255) {
        diagnostics_.Error("E0205", option.value.span, "`rc` is a number from 0 to 255, or `timeout`");
      } else {
        out_fault.how = *code == 0 ? FailFence::How::kLies : FailFence::How::kRefuses;
      }
    }
    if (fault.node) diagnostics_.Error("E0204", fault.node->span, "a broken fence device is broken for every node");
    auto device = DeviceName(fault.resource);
    if (!device) return;
    out_fault.device = std::move(*device);
    Add(test, std::move(out_fault), at);
  }
  void Take(const ast::FailFenceFault& fault, const Span& at, Test& test) {
    if (auto device = DeviceName(fault.device)) Add(test, FailFence{std::move(*device)}, at);
  }
  void Take(const ast::HangFault& fault, const Span& at, Test& test) {
    if (auto resource = ResourceName(fault.resource)) Add(test, Hang{std::move(*resource)}, at);
  }
  void Take(const ast::TicketFault& fault, const Span& at, Test& test) {
    auto ticket = Listed(fault.ticket, symbols_.tickets(), "ticket");
    if (!ticket) return;
    if (fault.verb.literal == "grant") Add(test, Grant{std::move(*ticket)}, at);
    else Add(test, Revoke{std::move(*ticket)}, at);
  }
  void Take(const ast::SetFault& fault, const Span& at, Test& test) {
    const auto* text = std::get_if<ast::Text>(&fault.option.value.what);
    auto node = NodeName(fault.node);
    if (text == nullptr) {
      diagnostics_.Error("E0205", fault.option.value.span, "an attribute is a single value");
      return;
    }
    if (node) Add(test, SetAttribute{fault.option.name.literal, text->literal, std::move(*node)}, at);
  }
  void Take(const ast::AdvanceFault& fault, const Span& at, Test& test) {
    const auto duration = AsDurationMs(fault.duration.literal);
    if (!duration) {
      diagnostics_.Error("E0205", fault.duration.span,
                         "`" + fault.duration.literal + "` is not a duration")
          .help.push_back("durations are `500ms`, `20s`, `10min` and `2h`");
      return;
    }
    Add(test, Advance{*duration}, at);
  }
  void Take(const ast::RestartFault&, const Span& at, Test& test) { Add(test, RestartCluster{}, at); }

  std::optional<Scope> Over(const ast::Over& over, const Span& at) {
    Scope scope;
    scope.span = at;
    const auto range = AsRange(over.count.literal);
    const auto number = AsInteger(over.count.literal);
    const std::int64_t low = number ? *number : range && range->first ? *range->first : -1;
    const std::int64_t high = number ? *number : range && range->last ? *range->last : -1;
    if (low < 0 || high < low || high > 8) {
      diagnostics_.Error("E0205", over.count.span,
                         "`" + over.count.literal + "` is not a number of failures")
          .help.push_back("write a number or a range such as `1..2`, up to 8");
      return std::nullopt;
    }
    scope.failures_min = static_cast<int>(low);
    scope.failures_max = static_cast<int>(high);
    static const std::map<std::string, FaultKind> kinds = {{"node", FaultKind::kNode},
                                                           {"resource", FaultKind::kResource},
                                                           {"link", FaultKind::kLink},
                                                           {"fence", FaultKind::kFence},
                                                           {"ticket", FaultKind::kTicket}};
    for (const ast::Text& kind : over.kinds) {
      const auto found = kinds.find(kind.literal);
      if (found == kinds.end()) {
        Unknown(kind, "kind of failure", {"node", "resource", "link", "fence", "ticket"});
      } else {
        scope.kinds.push_back(found->second);
      }
    }
    return scope;
  }

  // -------------------------------------------------------------- conditions

  std::nullopt_t Wrong(const Span& at, std::string message, std::string help = "") {
    Diagnostic& error = diagnostics_.Error("E0501", at, std::move(message));
    if (!help.empty()) error.help.push_back(std::move(help));
    return std::nullopt;
  }

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
      auto resource = ResourceName(node->resource);
      if (!resource) return std::nullopt;
      const auto kind = node->kind.literal == "move" ? Undisturbed::Kind::kMove
                                                     : Undisturbed::Kind::kRestart;
      return Condition{Undisturbed{kind, std::move(*resource)}, expr.span};
    }
    if (const auto* node = std::get_if<ast::Binary>(&expr.what)) return Compared(*node, expr.span);
    if (const ast::Call* call = CallIn(expr)) {
      if (call->name.literal == "utilization_fits" && call->arguments.empty()) {
        return Condition{UtilizationFits{}, expr.span};
      }
      return Wrong(expr.span, "`" + call->name.literal + "(…)` is not a condition of a test",
                   "compare it, as in `count(running web) >= 2`");
    }
    if (const ast::Text* text = TextIn(expr); text != nullptr && IsState(text->literal)) {
      return Wrong(expr.span, "`" + text->literal + "` needs a name",
                   "`" + text->literal + (text->literal == "online" || text->literal == "fenced"
                                              ? " NODE`" : " RESOURCE`"));
    }
    return Wrong(expr.span, "not a condition of a test",
                 "`running R on N`, `stopped R`, `fenced N`, `count(…) >= 1`, joined by `and`, "
                 "`or`, `not` and `implies`");
  }

  // A tag stands for its members: it is in a state if every one of them is.
  std::optional<Condition> OfTag(const ast::Tag& tag, const ast::StateAtom& atom, const Span& at) {
    std::vector<Condition> members;
    for (const ast::Text& member : tag.members) {
      const Symbol* symbol = symbols_.Find(member.literal);
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
    const Symbol* subject = symbols_.Find(atom.subject.literal);
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
    if (atom.node && !(node = NodeName(*atom.node))) return std::nullopt;
    if (atom.device && word != "fenced") {
      return Wrong(atom.device->span, "`by` says which device fenced a node");
    }
    if (IsAction(word)) {
      auto resource = ResourceName(atom.subject);
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
      auto subject = NodeName(atom.subject);
      if (!subject) return std::nullopt;
      state.subject = std::move(*subject);
      if (atom.device && !(state.device = DeviceName(*atom.device))) return std::nullopt;
      return Event{std::move(state), at};
    }
    state.state = *ResourceState(word);
    auto subject = ResourceName(atom.subject);
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
        return Wrong(left == nullptr ? binary.left->span : binary.right->span,
                     "`before` stands between two events",
                     "`fenced ha1 before promote drbd-ms on ha2`");
      }
      auto first = EventOf(*left, binary.left->span);
      auto second = EventOf(*right, binary.right->span);
      if (!first || !second) return std::nullopt;
      return Condition{Before{std::move(*first), std::move(*second)}, at};
    }
    static const std::map<std::string, Comparison::Op> ops = {
        {"==", Comparison::Op::kEqual},    {"!=", Comparison::Op::kNotEqual},
        {"<", Comparison::Op::kLess},      {"<=", Comparison::Op::kLessEqual},
        {">", Comparison::Op::kGreater},   {">=", Comparison::Op::kGreaterEqual}};
    const auto op = ops.find(binary.op);
    if (op == ops.end()) {
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
      return Quantity{std::make_shared<const Arithmetic>(
                          Arithmetic{op->second, std::move(*left), std::move(*right)}),
                      expr.span};
    }
    const ast::Call* call = CallIn(expr);
    if (call != nullptr && call->name.literal == "downtime" && call->arguments.size() == 1) {
      const ast::Text* name = TextIn(*call->arguments[0].value);
      if (name == nullptr) return Wrong(expr.span, "`downtime` needs a resource");
      auto resource = ResourceName(*name);
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
    auto resource = ResourceName(atom->subject);
    if (!resource) return std::nullopt;
    return Quantity{Count{*state, std::move(*resource)}, at};
  }

  const Symbols& symbols_;
  Diagnostics& diagnostics_;
  std::map<std::string, Span> names_;
};

}  // namespace

scenario::Scenario EmitScenario(const std::vector<ast::Statement>& statements,
                                const Symbols& symbols, Diagnostics& diagnostics) {
  Builder builder(symbols, diagnostics);
  for (const ast::Statement& statement : statements) {
    builder.span = statement.span;
    std::visit(builder, statement.what);
  }
  return std::move(builder.out);
}

}  // namespace picket::compiler::emit
