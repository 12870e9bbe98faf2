#include "compiler/emit/scenario.h"

#include <algorithm>
#include <map>

#include "compiler/emit/condition.h"
#include "compiler/emit/fault.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::emit {
namespace {

using namespace scenario;  // The whole file makes its types.

class Builder {
 public:
  Builder(const Symbols& symbols, const DeployReader& read, Diagnostics& diagnostics)
      : names_(symbols, diagnostics, read), diagnostics_(diagnostics) {}

  void operator()(const ast::Test& node) {
    Test test{node.name.literal, {}, span};
    names_.TakeDeployed(node.steps);
    for (const ast::TestStep& step : node.steps) Take(step, test);
    if (std::none_of(node.steps.begin(), node.steps.end(), IsExpectation)) {
      diagnostics_.Error("E0206", node.name.span, "this test expects nothing")
          .help.push_back("add a line with `expect`: what has to be true in the end");
    }
    Unique(node.name);
    names_.TakeDeployed({});
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
      auto condition = ConditionOf(step.condition, names_);
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

  void operator()(const ast::Assume& node) {
    std::visit([&](const auto& what) { Take(what); }, node.what);
  }

  template <class Other>
  void operator()(const Other&) {}

  Scenario out;
  Span span;

 private:
  static bool IsExpectation(const ast::TestStep& step) {
    const auto* condition = std::get_if<ast::ConditionStep>(&step.what);
    return condition != nullptr && condition->keyword.literal == "expect";
  }

  void Unique(const ast::Text& name) {
    const auto [first, fresh] = titles_.emplace(name.literal, name.span);
    if (fresh) return;
    Diagnostic& error = diagnostics_.Error("E0202", name.span, "a second test or invariant of this name");
    error.others.push_back({first->second, "the first one"});
    error.help.push_back("give it a name of its own, so that a report can tell them apart");
  }

  // ------------------------------------------------------------------ steps

  // What people do on purpose may be part of the given state; faults, their ends and expectations end it.
  static bool EndsTheBeginning(const Step& step) {
    const auto* fault = std::get_if<Fault>(&step.what);
    if (fault == nullptr) return !std::holds_alternative<Given>(step.what);
    return IsOneOf<Kill, Isolate, CutLink, Partition, FailResource, FailFence, Hang, RestartCluster, Heal, Repair>(
        *fault);
  }
  template <class... Kinds>
  static bool IsOneOf(const Fault& fault) {
    return (std::holds_alternative<Kinds>(fault) || ...);
  }

  void Take(const ast::TestStep& step, Test& test) {
    if (const auto* condition = std::get_if<ast::ConditionStep>(&step.what)) return Take(*condition, step.span, test);
    if (const auto* during = std::get_if<ast::DuringStep>(&step.what)) return Take(*during, step.span, test);
    if (auto fault = FaultOf(step, names_)) test.steps.push_back({std::move(*fault), step.span});
  }

  void Take(const ast::ConditionStep& step, const Span& at, Test& test) {
    auto condition = ConditionOf(step.condition, names_);
    if (step.keyword.literal == "expect") {
      Expect expect;
      if (step.within && !(expect.within_ms = DurationOf(*step.within, names_))) return;
      if (!condition) return;
      expect.condition = std::move(*condition);
      test.steps.push_back({std::move(expect), at});
      return;
    }
    if (!condition) return;
    if (std::any_of(test.steps.begin(), test.steps.end(), EndsTheBeginning)) {
      diagnostics_.Error("E0502", at, "`given` after something has happened")
          .help.push_back("what is given stands before failures and expectations; use `expect` here");
    }
    test.steps.push_back({Given{std::move(*condition)}, at});
  }

  void Take(const ast::DuringStep& step, const Span& at, Test& test) {
    During during;
    during.operation = step.operation.literal;
    const bool fencing = during.operation == "fencing";
    auto subject = fencing ? names_.Node(step.subject) : names_.Resource(step.subject);
    const bool known = fencing || IsOperation(step.operation);
    if (step.node) during.node = names_.Node(*step.node);
    if (fencing && step.node) {
      diagnostics_.Error("E0204", step.node->span, "`during fencing of N` has no `on`")
          .help.push_back("write `during fencing of " + step.subject.literal + " { … }`");
    }
    for (const ast::TestStep& one : step.faults) {
      if (auto fault = FaultOf(one, names_)) during.faults.push_back(std::move(*fault));
    }
    if (step.faults.empty()) {
      diagnostics_.Error("E0206", at, "nothing happens during this operation")
          .help.push_back("write faults between the braces: `during start of web on n2 { kill n1 }`");
    }
    if (!subject || !known) return;
    during.subject = std::move(*subject);
    test.steps.push_back({std::move(during), at});
  }

  bool IsOperation(const ast::Text& word) {
    static const std::vector<std::string> operations = {"start",  "stop",         "monitor",      "promote",
                                                        "demote", "migrate_to",   "migrate_from", "notify",
                                                        "reload", "reload-agent", "fencing"};
    return names_.Listed(word, operations, "operation").has_value();
  }

  // ------------------------------------------------------------ assumptions

  void Take(const ast::TimeAssumption& what) {
    auto resource = names_.Resource(what.resource);
    const bool known = IsOperation(what.operation);
    const auto duration = DurationOf(what.duration, names_);
    TakesTime out_time;
    if (what.node && !(out_time.node = names_.Node(*what.node))) return;
    if (!resource || !known || !duration) return;
    out_time.resource = std::move(*resource);
    out_time.operation = what.operation.literal;
    out_time.duration_ms = *duration;
    out.assumptions.push_back({std::move(out_time), span});
  }
  void Take(const ast::ScoreAssumption& what) {
    auto resource = names_.Resource(what.resource);
    SetsScore out_score;
    if (what.node && !(out_score.node = names_.Node(*what.node))) return;
    const auto score = AsScore(what.score.literal);
    if (!score) {
      diagnostics_.Error("E0205", what.score.span, "`" + what.score.literal + "` is not a score")
          .help.push_back("a score is a number, `inf` or `-inf`");
    }
    if (!resource || !score) return;
    out_score.resource = std::move(*resource);
    out_score.score = *score;
    if (what.role) out_score.when_promoted = what.role->literal == "promoted";
    out.assumptions.push_back({std::move(out_score), span});
  }
  void Take(const ast::PowerAssumption& what) {
    auto device = names_.Device(what.device);
    auto node = names_.Node(what.node);
    if (device && node) out.assumptions.push_back({PoweredBy{std::move(*device), std::move(*node)}, span});
  }

  std::optional<Scope> Over(const ast::Over& over, const Span& at) {
    Scope scope;
    scope.span = at;
    const auto range = AsRange(over.count.literal);
    const auto number = AsInteger(over.count.literal);
    const std::int64_t low = number ? *number : range && range->first ? *range->first : -1;
    const std::int64_t high = number ? *number : range && range->last ? *range->last : -1;
    if (low < 0 || high < low || high > 8) {
      diagnostics_.Error("E0205", over.count.span, "`" + over.count.literal + "` is not a number of failures")
          .help.push_back("write a number or a range such as `1..2`, up to 8");
      return std::nullopt;
    }
    scope.failures_min = static_cast<int>(low);
    scope.failures_max = static_cast<int>(high);
    static const std::map<std::string, FaultKind> kinds = {
        {"node", FaultKind::kNode},   {"resource", FaultKind::kResource}, {"link", FaultKind::kLink},
        {"fence", FaultKind::kFence}, {"ticket", FaultKind::kTicket},     {"return", FaultKind::kReturn}};
    for (const ast::Text& kind : over.kinds) {
      const auto found = kinds.find(kind.literal);
      if (found == kinds.end()) {
        names_.Unknown(kind, "kind of failure", {"node", "resource", "link", "fence", "ticket", "return"});
      } else {
        scope.kinds.push_back(found->second);
      }
    }
    return scope;
  }

  ScenarioNames names_;
  Diagnostics& diagnostics_;
  std::map<std::string, Span> titles_;
};

}  // namespace

scenario::Scenario EmitScenario(const std::vector<ast::Statement>& statements, const Symbols& symbols,
                                const DeployReader& read, Diagnostics& diagnostics) {
  Builder builder(symbols, read, diagnostics);
  for (const ast::Statement& statement : statements) {
    builder.span = statement.span;
    std::visit(builder, statement.what);
  }
  return std::move(builder.out);
}

}  // namespace picket::compiler::emit
