#include "compiler/check/rule_contexts.h"

#include <map>
#include <string>

#include "compiler/check/rules_of.h"
#include "compiler/syntax/dump.h"

namespace picket::compiler {
namespace {

// What the reader of a rule knows besides the date.
struct RuleContext {
  std::string name;         // "in a location rule", "in the condition of `meta`".
  std::string looks_at;     // For help: what may be asked instead.
  bool nodes = false;       // Attributes of nodes.
  bool references = false;  // param(…) and meta(…).
  bool resource = false;    // resource(…)
  bool operation = false;   // op(…)
};

RuleContext LocationRule() {
  return {.name = "in a location rule",
          .looks_at = "a location rule looks at node attributes and the date",
          .nodes = true,
          .references = true};
}

RuleContext OfBlock(const std::string& kind, std::string looks_at) {
  return {.name = "in the condition of `" + kind + "`", .looks_at = std::move(looks_at)};
}

RuleContext OfParams() {
  RuleContext context = OfBlock("params", "a condition of `params` looks at node attributes and the date");
  context.nodes = true;
  return context;
}

RuleContext OfMeta(const std::string& kind) {
  RuleContext context = OfBlock(kind, "a condition of `" + kind +
                                          "` looks at the date and at `resource(…)`; it is read before "
                                          "the resource has a node");
  context.resource = true;
  return context;
}

RuleContext OfOperation(const std::string& kind) {
  RuleContext context =
      OfBlock(kind, "a condition of `" + kind + "` looks at the date, at `resource(…)` and at `op(…)`");
  context.resource = context.operation = true;
  return context;
}

RuleContext OfDatesOnly(const std::string& kind) {
  return OfBlock(kind, "a condition of `" + kind + "` looks at the date only");
}

// A comparison or a call, about as the author wrote it.
std::string AsWritten(const ast::Expr& expr) {
  if (const auto* value = std::get_if<ast::Value>(&expr.what)) {
    const auto* call = std::get_if<ast::Call>(&value->what);
    if (call == nullptr) return DumpValue(*value);
    std::string out = call->name.literal + '(';
    for (const ast::Argument& argument : call->arguments) {
      if (&argument != &call->arguments.front()) out += ", ";
      if (argument.name) out += argument.name->literal + '=';
      out += AsWritten(*argument.value);
    }
    return out + ')';
  }
  const auto* binary = std::get_if<ast::Binary>(&expr.what);
  if (binary == nullptr) return "this";
  return AsWritten(*binary->left) + ' ' + binary->op + ' ' + AsWritten(*binary->right);
}

class ContextChecker {
 public:
  explicit ContextChecker(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  // Rules that have a name may be used again elsewhere, and are read by the
  // rules of that place then.
  std::map<std::string, const ast::Rule*> named;

  void operator()(const ast::Defaults& node) {
    const std::string& kind = node.block.kind.literal;
    if (kind == "property") {
      Block(node.block, OfDatesOnly(kind));
    } else {
      Block(node.block, kind == "op_defaults" ? OfOperation(kind) : OfMeta(kind));
    }
  }
  void operator()(const ast::Primitive& node) { Items(node.items); }
  void operator()(const ast::Fence& node) { Items(node.items); }
  void operator()(const ast::Members& node) { Items(node.items); }
  void operator()(const ast::Node& node) { Items(node.items); }
  void operator()(const ast::Bundle& node) {
    for (const ast::BundleItem& item : node.items) {
      if (const auto* block = std::get_if<ast::Attributes>(&item)) Block(*block);
      if (const auto* member = std::get_if<ast::BundlePrimitive>(&item)) Items(member->primitive.items);
    }
  }
  void operator()(const ast::Alert& node) {
    for (const ast::AlertItem& item : node.items) {
      if (const auto* block = std::get_if<ast::Attributes>(&item)) {
        Block(*block, OfDatesOnly(block->kind.literal));
      } else if (const auto* recipient = std::get_if<ast::Recipient>(&item)) {
        for (const ast::Item& inner : recipient->items) {
          const auto* of = std::get_if<ast::Attributes>(&inner);
          if (of != nullptr) Block(*of, OfDatesOnly(of->kind.literal));
        }
      }
    }
  }
  void operator()(const ast::Location& node) {
    for (const ast::Clause& clause : node.clauses) {
      if (clause.where) Rule(*clause.where, LocationRule());
    }
  }
  template <class Other>
  void operator()(const Other&) {}

 private:
  void Block(const ast::Attributes& block, const RuleContext& context) {
    if (block.when) Rule(*block.when, context);
  }

  void Block(const ast::Attributes& block) {
    const std::string& kind = block.kind.literal;
    if (kind == "params") return Block(block, OfParams());
    if (kind == "meta") return Block(block, OfMeta(kind));
    Block(block, OfDatesOnly(kind));  // Utilization and a node's attributes.
  }

  void Items(const std::vector<ast::Item>& items) {
    for (const ast::Item& item : items) {
      if (const auto* block = std::get_if<ast::Attributes>(&item)) Block(*block);
      const auto* operation = std::get_if<ast::Operation>(&item);
      if (operation == nullptr) continue;
      for (const ast::OperationItem& inner : operation->items) {
        const auto* block = std::get_if<ast::Attributes>(&inner);
        if (block == nullptr) continue;
        if (block->kind.literal == "params") {
          Block(*block, OfParams());
        } else {
          Block(*block, OfOperation(block->kind.literal));
        }
      }
    }
  }

  void Rule(const ast::Rule& rule, const RuleContext& context) {
    if (rule.condition) return Expr(*rule.condition, context, false, rule.condition->span);
    const auto found = rule.from ? named.find(rule.from->literal) : named.end();
    if (found != named.end() && found->second->condition) {
      Expr(*found->second->condition, context, false, rule.span);
    }
  }

  // `at` is where to point: at the expression, or at the `from` that brings it.
  void Expr(const ast::Expr& expr, const RuleContext& context, bool negated, const Span& at) {
    const bool brought = at.begin != expr.span.begin;
    if (const auto* node = std::get_if<ast::Not>(&expr.what)) {
      Expr(*node->operand, context, !negated, brought ? at : node->operand->span);
    } else if (const auto* junction = std::get_if<ast::Junction>(&expr.what)) {
      for (const ast::Expr& one : junction->operands) Expr(one, context, negated, brought ? at : one.span);
    } else if (const auto* binary = std::get_if<ast::Binary>(&expr.what)) {
      Compared(*binary, expr, context, negated, at);
    } else if (const auto* value = std::get_if<ast::Value>(&expr.what)) {
      if (const auto* call = std::get_if<ast::Call>(&value->what)) Called(*call, expr, context, negated, at);
    }
  }

  void Compared(const ast::Binary& binary, const ast::Expr& expr, const RuleContext& context, bool negated,
                const Span& at) {
    const auto* right = std::get_if<ast::Value>(&binary.right->what);
    const auto* reference = right != nullptr ? std::get_if<ast::Call>(&right->what) : nullptr;
    if (!context.nodes) {
      Tell(expr, context, (binary.op == "!=") != negated, "node attributes are not known here", at);
    } else if (reference != nullptr && !context.references) {
      const std::string& name = reference->name.literal;
      if (name != "param" && name != "meta") return;
      diagnostics_.Warning("W0501", at, "`" + name + "(…)` has no value " + context.name)
          .help.push_back("compare with a value; only location rules know the options of their resource");
    }
  }

  void Called(const ast::Call& call, const ast::Expr& expr, const RuleContext& context, bool negated, const Span& at) {
    const std::string& name = call.name.literal;
    if (name == "defined" && !context.nodes) {
      Tell(expr, context, negated, "node attributes are not known here", at);
    } else if (name == "resource" && !context.resource) {
      Tell(expr, context, false, "asked in `meta`, `rsc_defaults` and `op_defaults`", at);
    } else if (name == "op" && !context.operation) {
      Tell(expr, context, false, "asked in `op_defaults` and in the `meta` of an operation", at);
    }
  }

  void Tell(const ast::Expr& expr, const RuleContext& context, bool always, std::string label, const Span& at) {
    Diagnostic& warning = diagnostics_.Warning(
        "W0501", at, "`" + AsWritten(expr) + "` is " + (always ? "always" : "never") + " true " + context.name);
    warning.label = std::move(label);
    if (at.begin != expr.span.begin) warning.others.push_back({expr.span, "the condition"});
    warning.help.push_back(context.looks_at);
  }

  Diagnostics& diagnostics_;
};

}  // namespace

void CheckRuleContexts(const std::vector<ast::Statement>& statements, Diagnostics& diagnostics) {
  ContextChecker checker(diagnostics);
  ForEachRule(statements, [&](const ast::Rule& rule) {
    if (rule.id && rule.condition) checker.named.emplace(rule.id->literal, &rule);
  });
  for (const ast::Statement& statement : statements) std::visit(checker, statement.what);
}

}  // namespace picket::compiler
