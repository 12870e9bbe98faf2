#include <algorithm>
#include <map>
#include <set>

#include "compiler/check/lint_families.h"
#include "compiler/check/lint_words.h"
#include "compiler/check/rules_of.h"
#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/shape.h"

// W0504 and W0505: rules on node attributes that no node has, on values that no node has, and on options that the
// resource does not set.
namespace picket::compiler {
namespace {

// What a policy says of node attributes.
struct Known {
  /// The values of each attribute by node, as `node` statements give them.
  std::map<std::string, std::map<std::string, std::string>, std::less<>> of_nodes;
  /// Set by agents or in tests: any node may have any value.
  std::set<std::string, std::less<>> set_later;
  /// Of attributes that a ping sets: which resource, and the most that it counts to; 0: not known.
  struct Ping {
    std::string by;
    std::int64_t most = 0;
    std::string why;
  };
  std::map<std::string, Ping, std::less<>> pings;
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

// A ping counts the hosts that answer, `multiplier` for each.
Known::Ping PingOf(const PolicyView& view, const Symbol& resource) {
  Known::Ping ping{resource.id, 0, ""};
  const auto hosts = HeldParameter(view, resource, "host_list"),
             multiplier = HeldParameter(view, resource, "multiplier");
  if (BorrowsParameters(resource) || !hosts || hosts->conditional || (multiplier && multiplier->conditional))
    return ping;
  std::int64_t count = 0;
  for (std::size_t at = 0; (at = hosts->value.find_first_not_of(" ,\t", at)) != std::string::npos; ++count)
    at = std::min(hosts->value.find_first_of(" ,\t", at), hosts->value.size());
  const auto factor = multiplier ? AsInteger(multiplier->value) : 1;
  if (!factor || hosts->value.find('$') != std::string::npos) return ping;
  ping.most = count * *factor;
  ping.why = std::to_string(count) + (count == 1 ? " host, `multiplier=" : " hosts, `multiplier=") +
             std::to_string(*factor) + '`' + (multiplier ? "" : ", which is the agent's own");
  return ping;
}

// Agents that are known to set no attribute but those of a parameter, or those that are listed.
void SetByAgent(const PolicyView& view, const Symbol& resource, Known& known, bool& all_known) {
  const std::string agent = view.Agent(resource);
  const std::string type = agent.substr(agent.rfind(':') + 1);
  const auto parameter = [&](const char* name, const std::string& otherwise) {
    const auto setting = HeldParameter(view, resource, name);
    known.set_later.insert(setting && !setting->value.empty() ? setting->value : otherwise);
  };
  if (type == "ping" || type == "pingd") {
    parameter("name", "pingd");
    const auto name = HeldParameter(view, resource, "name");
    const auto [other, fresh] = known.pings.emplace(name ? name->value : "pingd", PingOf(view, resource));
    if (!fresh) other->second.most = 0;
  }
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
      if (!junction->conjunction) Either(*junction);
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

  // `where node == param(host)`: of a resource that has no such parameter.
  void OwnOptions(const ast::Location& location) {
    const auto* name = location.subjects.size() == 1 ? std::get_if<ast::Text>(&location.subjects[0].what) : nullptr;
    const Symbol* symbol = name != nullptr ? view_.symbols().Find(name->literal) : nullptr;
    if (symbol == nullptr || symbol->kind != SymbolKind::kPrimitive) return;
    if (BorrowsParameters(*symbol)) return;
    for (const ast::Clause& clause : location.clauses) {
      if (clause.where && clause.where->condition) OwnOptions(*symbol, *clause.where->condition);
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
  void OwnOptions(const Symbol& symbol, const ast::Expr& expr) {
    if (const auto* negated = std::get_if<ast::Not>(&expr.what)) OwnOptions(symbol, *negated->operand);
    if (const auto* junction = std::get_if<ast::Junction>(&expr.what)) {
      for (const ast::Expr& one : junction->operands) OwnOptions(symbol, one);
    }
    const auto* binary = std::get_if<ast::Binary>(&expr.what);
    const auto* right = binary != nullptr ? std::get_if<ast::Value>(&binary->right->what) : nullptr;
    const auto* call = right != nullptr ? std::get_if<ast::Call>(&right->what) : nullptr;
    const ast::Text* option = call != nullptr ? Argument(*call) : nullptr;
    if (option == nullptr) return;
    const bool parameter = call->name.literal == "param";
    if (!parameter && call->name.literal != "meta") return;
    if (parameter ? HeldParameter(view_, symbol, option->literal) : view_.Meta(symbol, option->literal)) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0507", option->span,
        "`" + symbol.id + "` sets no " + (parameter ? "parameter" : "meta attribute") + " `" + option->literal + "`");
    warning.label = "compared with nothing";
    warning.help.push_back(std::string("write `") + (parameter ? "" : "meta ") + option->literal +
                           "=…` in the braces of `" + symbol.id + "`, or compare with a value");
  }

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
    if (type != "string" && type != "version") BeyondPing(binary, *name, *value);
    const auto found = known_.of_nodes.find(name->literal);
    if (found == known_.of_nodes.end() || known_.set_later.contains(name->literal) || !known_.complete) return;
    if (type == "number" || type == "integer") {
      NoNumbers(*name, found->second);
    } else if (binary.op == "==" && type != "version") {
      HasValue(*name, *value, found->second);
    }
  }

  // `pingd < 1000`, where the ping counts to 100.
  void BeyondPing(const ast::Binary& binary, const ast::Text& name, const ast::Text& value) {
    const auto ping = known_.pings.find(name.literal);
    const auto number = AsInteger(value.literal);
    if (ping == known_.pings.end() || ping->second.most <= 0 || !number || known_.of_nodes.contains(name.literal))
      return;
    const std::int64_t most = ping->second.most;
    const bool always = (binary.op == "<" && *number > most) || (binary.op == "<=" && *number >= most);
    const bool never = (binary.op == ">" && *number >= most) || (binary.op == ">=" && *number > most) ||
                       (binary.op == "==" && *number > most);
    if (!always && !never) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0505", value.span, "`" + name.literal + "` is at most " + std::to_string(most) + ": " + ping->second.why);
    warning.label = always ? "always true" : "never true";
    warning.help.push_back("write a larger `multiplier` in `" + ping->second.by + "`, or compare with less than " +
                           std::to_string(most));
  }

  // `rack != a or rack != b`
  void Either(const ast::Junction& junction) {
    std::map<std::string, std::string> values;
    for (const ast::Expr& operand : junction.operands) {
      const auto* binary = std::get_if<ast::Binary>(&operand.what);
      if (binary == nullptr || binary->op != "!=") continue;
      const ast::Text *name = TextIn(*binary->left), *value = TextIn(*binary->right);
      if (name == nullptr || value == nullptr) continue;
      const auto [first, fresh] = values.emplace(name->literal, value->literal);
      if (fresh || first->second == value->literal) continue;
      Diagnostic& warning = diagnostics_.Warning("W0505", operand.span,
                                                 "`" + name->literal + "` is always something else than `" +
                                                     first->second + "` or than `" + value->literal + "`");
      warning.label = "always true";
      warning.help.push_back("join them by `and`");
    }
  }

  static const ast::Text* TextIn(const ast::Expr& expr) {
    const auto* value = std::get_if<ast::Value>(&expr.what);
    return value != nullptr ? std::get_if<ast::Text>(&value->what) : nullptr;
  }

  // `rack == a and rack == b`
  void Both(const ast::Junction& junction) {
    std::map<std::string, std::string> values;
    for (const ast::Expr& operand : junction.operands) {
      const auto* binary = std::get_if<ast::Binary>(&operand.what);
      if (binary == nullptr || binary->op != "==") continue;
      const ast::Text *name = TextIn(*binary->left), *value = TextIn(*binary->right);
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
    if (word == "pingd" && !known_.pings.empty()) {
      const auto& [set, ping] = *known_.pings.begin();
      Diagnostic& warning = diagnostics_.Warning("W0504", name.span, "no node has the attribute `pingd`");
      warning.label = "`" + ping.by + "` sets `" + set + "`";
      warning.help.push_back("write `" + set + "`, or leave `name` out of `" + ping.by + "`");
      return false;
    }
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
    if (const auto* location = std::get_if<ast::Location>(&statement.what)) {
      linter.Scores(*location);
      linter.OwnOptions(*location);
    }
  }
  ForEachRule(view.statements(), [&](const ast::Rule& rule) {
    if (rule.condition) linter.Condition(*rule.condition);
  });
}

}  // namespace picket::compiler
