#include <algorithm>
#include <map>
#include <set>

#include "compiler/check/lint_families.h"
#include "compiler/check/rules_of.h"
#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/shape.h"

// W0504 and W0505: rules on node attributes that no node has, and on values that no node has.
namespace picket::compiler {
namespace {

// What a policy says of node attributes.
struct Known {
  /// The values of each attribute by node, as `node` statements give them.
  std::map<std::string, std::map<std::string, std::string>, std::less<>> of_nodes;
  /// Set by agents or in tests: any node may have any value.
  std::set<std::string, std::less<>> set_later;
  /// Given under a condition, or used by reference.
  bool complete = true;
};

bool IsOfTheCluster(const std::string& name) {
  static const std::set<std::string, std::less<>> names = {
      "standby", "maintenance", "terminate", "shutdown", "probe_complete", "site-name", "cluster-name", "kind", "type"};
  if (names.contains(name) || name.starts_with("#")) return true;
  for (const char* prefix : {"master-", "promotion-", "fail-count-", "last-failure-", "hana_", "lpa_", "node"}) {
    if (name.starts_with(prefix)) return true;
  }
  return false;
}

// Agents that are known to set no attribute but those of a parameter, or those that are listed.
void SetByAgent(const PolicyView& view, const Symbol& resource, Known& known, bool& all_known) {
  const std::string agent = view.Agent(resource);
  const std::string type = agent.substr(agent.rfind(':') + 1);
  const auto parameter = [&](const char* name, const std::string& otherwise) {
    const auto setting = view.Parameter(resource, name);
    known.set_later.insert(setting && !setting->value.empty() ? setting->value : otherwise);
  };
  if (type == "ping" || type == "pingd") parameter("name", "pingd");
  if (type == "attribute") parameter("name", "opa-" + resource.id);
  if (type == "ifspeed") parameter("name", "ifspeed");
  if (type == "ethmonitor") {
    const auto interface = view.Parameter(resource, "interface");
    parameter("name", "ethmonitor-" + (interface ? interface->value : ""));
  }
  if (type == "pgsql") known.set_later.insert({resource.id + "-status", resource.id + "-data-status"});
  static const std::set<std::string, std::less<>> plain = {"ocf:heartbeat:IPaddr2",
                                                           "ocf:heartbeat:IPaddr",
                                                           "ocf:heartbeat:Filesystem",
                                                           "ocf:heartbeat:nginx",
                                                           "ocf:heartbeat:apache",
                                                           "ocf:heartbeat:LVM-activate",
                                                           "ocf:heartbeat:nfsserver",
                                                           "ocf:heartbeat:exportfs",
                                                           "ocf:heartbeat:iscsi",
                                                           "ocf:heartbeat:Dummy",
                                                           "ocf:pacemaker:Dummy",
                                                           "ocf:pacemaker:Stateful",
                                                           "ocf:linbit:drbd",
                                                           "ocf:heartbeat:haproxy",
                                                           "ocf:heartbeat:VirtualDomain",
                                                           "ocf:heartbeat:pgsql",
                                                           "ocf:pacemaker:ping",
                                                           "ocf:pacemaker:attribute",
                                                           "ocf:heartbeat:iSCSITarget",
                                                           "ocf:heartbeat:iSCSILogicalUnit",
                                                           "ocf:heartbeat:asterisk",
                                                           "ocf:heartbeat:mysql",
                                                           "ocf:heartbeat:ethmonitor"};
  all_known = all_known && (plain.contains(agent) || agent.starts_with("systemd:") || agent.starts_with("stonith:"));
}

class AttributeLinter {
 public:
  AttributeLinter(const PolicyView& view, Diagnostics& diagnostics) : view_(view), diagnostics_(diagnostics) {
    for (const ast::Statement& statement : view.statements()) {
      if (const auto* node = std::get_if<ast::Node>(&statement.what)) Node(*node);
      if (const auto* test = std::get_if<ast::Test>(&statement.what)) Steps(test->steps);
      if (std::holds_alternative<ast::Xml>(statement.what)) known_.complete = false;
    }
    for (const Symbol& symbol : view.symbols().all()) {
      if (symbol.kind == SymbolKind::kPrimitive && !IsConnection(symbol)) {
        SetByAgent(view, symbol, known_, agents_known_);
      }
    }
  }

  void Condition(const ast::Expr& expr) {
    if (const auto* negated = std::get_if<ast::Not>(&expr.what)) Condition(*negated->operand);
    if (const auto* junction = std::get_if<ast::Junction>(&expr.what)) {
      if (junction->conjunction) Both(*junction);
      for (const ast::Expr& one : junction->operands) Condition(one);
    }
    if (const auto* binary = std::get_if<ast::Binary>(&expr.what)) Compared(*binary);
    if (const auto* value = std::get_if<ast::Value>(&expr.what)) {
      const auto* call = std::get_if<ast::Call>(&value->what);
      if (call == nullptr || call->name.literal != "defined") return;
      if (const ast::Text* name = Argument(*call)) Exists(*name, false);
    }
  }

  // `fencing where rack == a: …`
  void Target(const ast::Fencing& fencing) {
    const auto* target = std::get_if<ast::AttributeTarget>(&fencing.target);
    const auto* value = target != nullptr ? std::get_if<ast::Text>(&target->value.what) : nullptr;
    if (value == nullptr || !Exists(target->attribute, true)) return;
    const auto found = known_.of_nodes.find(target->attribute.literal);
    const bool later = known_.set_later.contains(target->attribute.literal);
    if (found != known_.of_nodes.end() && !later && known_.complete) HasValue(target->attribute, *value, found->second);
  }

  // `colocation a with b same=rack`
  void Same(const ast::Relation& relation) {
    for (const ast::Option& option : relation.options) {
      const auto* text = option.name.literal == "same" ? std::get_if<ast::Text>(&option.value.what) : nullptr;
      if (text != nullptr) Exists(*text, true);
    }
  }

  // `prefers where … score=attribute(pingd)`
  void Scores(const ast::Location& location) {
    for (const ast::Clause& clause : location.clauses) {
      for (const ast::Option& option : clause.options) {
        const auto* call = std::get_if<ast::Call>(&option.value.what);
        const ast::Text* name = call != nullptr && call->name.literal == "attribute" ? Argument(*call) : nullptr;
        if (name != nullptr) Exists(*name, true);
      }
    }
  }

 private:
  void Node(const ast::Node& node) {
    nodes_.insert(node.name.literal);
    for (const ast::Item& item : node.items) {
      const auto* block = std::get_if<ast::Attributes>(&item);
      if (block == nullptr || block->kind.literal != "attributes") continue;
      if (block->from || block->when) known_.complete = false;
      const auto take = [&](const ast::Option& option) {
        const auto* text = std::get_if<ast::Text>(&option.value.what);
        if (text != nullptr) known_.of_nodes[option.name.literal][node.name.literal] = text->literal;
      };
      for (const ast::Option& option : block->options) {
        if (!block->has_body) take(option);
      }
      for (const ast::Pair& pair : block->pairs) {
        if (const auto* option = std::get_if<ast::Option>(&pair)) take(*option);
        if (std::holds_alternative<ast::PairReference>(pair)) known_.complete = false;
      }
    }
  }

  void Steps(const std::vector<ast::TestStep>& steps) {
    for (const ast::TestStep& step : steps) {
      if (const auto* set = std::get_if<ast::SetFault>(&step.what)) known_.set_later.insert(set->option.name.literal);
      if (const auto* during = std::get_if<ast::DuringStep>(&step.what)) Steps(during->faults);
    }
  }

  static const ast::Text* Argument(const ast::Call& call) {
    const auto* value = call.arguments.size() == 1 ? std::get_if<ast::Value>(&call.arguments[0].value->what) : nullptr;
    return value != nullptr ? std::get_if<ast::Text>(&value->what) : nullptr;
  }

  void Compared(const ast::Binary& binary) {
    const auto* left = std::get_if<ast::Value>(&binary.left->what);
    const auto* right = std::get_if<ast::Value>(&binary.right->what);
    const auto* value = right != nullptr ? std::get_if<ast::Text>(&right->what) : nullptr;
    if (left == nullptr || value == nullptr) return;
    const auto* call = std::get_if<ast::Call>(&left->what);
    const ast::Text* name = call != nullptr ? Argument(*call) : std::get_if<ast::Text>(&left->what);
    if (name == nullptr) return;
    const std::string type = call != nullptr ? call->name.literal : "";
    if (name->literal == "node") return OfNode(*value);
    if (!Exists(*name, true)) return;
    const auto found = known_.of_nodes.find(name->literal);
    if (found == known_.of_nodes.end() || known_.set_later.contains(name->literal) || !known_.complete) return;
    if (type == "number" || type == "integer") {
      NoNumbers(*name, found->second);
    } else if (binary.op == "==" && type != "version") {
      HasValue(*name, *value, found->second);
    }
  }

  // `rack == a and rack == b`
  void Both(const ast::Junction& junction) {
    std::map<std::string, std::string> values;
    for (const ast::Expr& operand : junction.operands) {
      const auto* binary = std::get_if<ast::Binary>(&operand.what);
      if (binary == nullptr || binary->op != "==") continue;
      const auto* left = std::get_if<ast::Value>(&binary->left->what);
      const auto* right = std::get_if<ast::Value>(&binary->right->what);
      const auto* name = left != nullptr ? std::get_if<ast::Text>(&left->what) : nullptr;
      const auto* value = right != nullptr ? std::get_if<ast::Text>(&right->what) : nullptr;
      if (name == nullptr || value == nullptr) continue;
      const auto [first, fresh] = values.emplace(name->literal, value->literal);
      if (fresh || first->second == value->literal) continue;
      Diagnostic& warning = diagnostics_.Warning(
          "W0505", operand.span,
          "`" + name->literal + "` is never `" + first->second + "` and `" + value->literal + "` at once");
      warning.label = "never true";
      warning.help.push_back("join them by `or`");
    }
  }

  // `node == n9`: the names of nodes are all known.
  void OfNode(const ast::Text& value) {
    if (view_.symbols().nodes().empty() || view_.symbols().IsNode(value.literal)) return;
    Diagnostic& warning = diagnostics_.Warning("W0505", value.span, "no node is called `" + value.literal + "`");
    const auto meant = Nearest(value.literal, view_.symbols().nodes());
    warning.help.push_back(meant ? "did you mean `" + *meant + "`?" : "write the name of a node");
  }

  // W0504. False if nothing more is to be said of the attribute.
  bool Exists(const ast::Text& name, bool has_value) {
    const std::string& word = name.literal;
    if (known_.of_nodes.contains(word) || known_.set_later.contains(word)) return true;
    if (name.quoted || IsOfTheCluster(word) || !known_.complete) return false;
    std::vector<std::string> names;
    for (const auto& [one, values] : known_.of_nodes) {
      if (!IsOfTheCluster(one)) names.push_back(one);
    }
    const bool gives = !names.empty();
    names.insert(names.end(), known_.set_later.begin(), known_.set_later.end());
    const auto meant = Nearest(word, names);
    if (!meant && (!gives || !agents_known_ || !has_value)) return false;
    Diagnostic& warning = diagnostics_.Warning("W0504", name.span, "no node has the attribute `" + word + "`");
    warning.label = "no statement and no agent here sets it";
    warning.help.push_back(meant ? "did you mean `" + *meant + "`?"
                                 : "write `attributes " + word + "=…` in each node that has it");
    return false;
  }

  // W0505
  void HasValue(const ast::Text& name, const ast::Text& value, const std::map<std::string, std::string>& values) {
    std::vector<std::string> different;
    for (const auto& [node, one] : values) {
      if (one == value.literal) return;
      if (std::find(different.begin(), different.end(), one) == different.end()) different.push_back(one);
    }
    Diagnostic& warning =
        diagnostics_.Warning("W0505", value.span, "no node has `" + name.literal + "=" + value.literal + "`");
    warning.label = "never true";
    if (const auto meant = Nearest(value.literal, different); meant && value.literal.size() > 1) {
      warning.help.push_back("did you mean `" + *meant + "`?");
      return;
    }
    std::string list;
    for (std::size_t i = 0; i < different.size() && i < 6; ++i) list += (i > 0 ? ", `" : "`") + different[i] + '`';
    warning.help.push_back("the nodes have " + list);
  }

  void NoNumbers(const ast::Text& name, const std::map<std::string, std::string>& values) {
    for (const auto& [node, one] : values) {
      const bool number = !one.empty() && one.find_first_not_of("0123456789.+-eE") == std::string::npos;
      if (number || ScoreNumber(one)) continue;
      Diagnostic& warning = diagnostics_.Warning(
          "W0505", name.span, "`" + name.literal + "` is no number: `" + one + "` on `" + node + "`");
      warning.label = "compared as a number";
      warning.help.push_back("compare it as it is: `" + name.literal + " == " + one + "`");
      return;
    }
  }

  const PolicyView& view_;
  Diagnostics& diagnostics_;
  Known known_;
  std::set<std::string> nodes_;
  bool agents_known_ = true;
};

}  // namespace

void LintAttributes(const PolicyView& view, Diagnostics& diagnostics) {
  AttributeLinter linter(view, diagnostics);
  for (const ast::Statement& statement : view.statements()) {
    if (const auto* fencing = std::get_if<ast::Fencing>(&statement.what)) linter.Target(*fencing);
    if (const auto* relation = std::get_if<ast::Relation>(&statement.what)) linter.Same(*relation);
    if (const auto* location = std::get_if<ast::Location>(&statement.what)) linter.Scores(*location);
  }
  ForEachRule(view.statements(), [&](const ast::Rule& rule) {
    if (rule.condition) linter.Condition(*rule.condition);
  });
}

}  // namespace picket::compiler
