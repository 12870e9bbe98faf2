#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "compiler/check/lint_families.h"
#include "compiler/check/lint_words.h"
#include "compiler/check/rules_of.h"
#include "compiler/diagnostics/nearest.h"

// Words that mean nothing in this policy: patterns that match no name (W0506), conditions on resources, operations and
// options that are not there (W0507), agents that are obsolete (W0322, W0323), devices that are cloned (W0492), a ping
// that runs on one node only (W0496), a bundle whose resource the cluster cannot reach (E0241).
namespace picket::compiler {
namespace {

// The fence agent that does what an agent of cluster-glue did, and how its parameters are called there.
struct Successor {
  const char* agent;
  const char* parameters;
};
const std::map<std::string, Successor, std::less<>>& Successors() {
  static const std::map<std::string, Successor, std::less<>> all = {
      {"external/ipmi",
       {"fence_ipmilan",
        "`ipaddr` is `ip`, `userid` is `username`, `passwd` is `password`, `interface=lanplus` is "
        "`lanplus=yes`, and `for NODE` takes the place of `hostname`"}},
      {"ipmilan", {"fence_ipmilan", "`ipaddr` is `ip`, `login` is `username`, and `for NODE` names the host"}},
      {"external/ibmrsa", {"fence_rsa", "`ipaddr` is `ip`, `userid` is `username`, `passwd` is `password`"}},
      {"external/ibmrsa-telnet", {"fence_rsa", "`ip_address` is `ip`, and `for NODE` names the host"}},
      {"external/drac5", {"fence_drac5", "`ipaddr` is `ip`, `userid` is `username`, `passwd` is `password`"}},
      {"external/dracmc-telnet", {"fence_drac5", "`drac_mc_ip` is `ip`, `server_name` is `plug`"}},
      {"external/riloe",
       {"fence_ilo",
        "`ilo_hostname` is `ip`, `ilo_user` is `username`, `ilo_password` is "
        "`password`, and `for NODE` takes the place of `hostlist`"}},
      {"external/sbd", {"fence_sbd", "`sbd_device` is `devices`"}},
      {"external/libvirt",
       {"fence_virsh",
        "`hypervisor_uri` is `ip` (the host's) and `username`; `for NODE=DOMAIN` "
        "takes the place of `hostlist`"}},
      {"external/xen0", {"fence_virsh", "`dom0` is `ip`; `for NODE=DOMAIN` takes the place of `hostlist`"}},
      {"external/vcenter",
       {"fence_vmware_rest",
        "`VI_SERVER` is `ip`; `for NODE=MACHINE` takes the place of "
        "`HOSTLIST`"}},
      {"external/ec2", {"fence_aws", "`for NODE=i-…` names the instances, instead of the tag"}},
      {"external/rackpdu",
       {"fence_apc_snmp", "`pduip` is `ip`, `community` stays; `for NODE=OUTLET` names the outlets"}},
      {"apcmaster", {"fence_apc", "`ipaddr` is `ip`, `login` is `username`; `for NODE=OUTLET` names the outlets"}},
      {"apcmastersnmp", {"fence_apc_snmp", "`ipaddr` is `ip`, `community` stays; `for NODE=OUTLET` names the outlets"}},
      {"apcsmart", {"fence_apc", "it is for a switch on the network"}},
      {"external/hmchttp", {"fence_lpar", "`user` is `username`, `hmc_ipaddr` is `ip`"}},
      {"ibmhmc", {"fence_lpar", "`ipaddr` is `ip`; `for NODE=LPAR` names the partitions"}},
      {"external/kdumpcheck", {"fence_kdump", "`for NODE` takes the place of `hostlist`"}},
      {"external/nut", {"fence_eps", "or the agent of your UPS"}},
      {"wti_nps", {"fence_wti", "`ipaddr` is `ip`; `for NODE=OUTLET` names the outlets"}},
      {"wti_mpc", {"fence_wti", "`ipaddr` is `ip`; `for NODE=OUTLET` names the outlets"}},
      {"bladehpi", {"fence_hpblade", "`host_ip` is `ip`"}},
      {"cyclades", {"fence_cyclades", "`ipaddr` is `ip`, `login` is `username`"}},
      {"external/zvm", {"fence_zvmip", "`for NODE=GUEST` names the guests"}},
  };
  return all;
}

// Agents for trying things out, and for people.
bool FencesNobody(std::string_view type) {
  return type == "external/ssh" || type == "ssh" || type == "null" || type == "external/null" || type == "meatware";
}

const std::map<std::string, const char*, std::less<>>& NewerAgents() {
  static const std::map<std::string, const char*, std::less<>> all = {
      {"ocf:heartbeat:LVM", "ocf:heartbeat:LVM-activate"},
      {"ocf:heartbeat:clvm", "ocf:heartbeat:lvmlockd"},
      {"ocf:lvm2:clvmd", "ocf:heartbeat:lvmlockd"},
      {"ocf:heartbeat:IPaddr", "ocf:heartbeat:IPaddr2"},
      {"ocf:heartbeat:drbd", "ocf:linbit:drbd"},
      {"ocf:heartbeat:pingd", "ocf:pacemaker:ping"},
      {"ocf:pacemaker:pingd", "ocf:pacemaker:ping"},
      {"ocf:heartbeat:Raid1", "ocf:heartbeat:mdraid"},
      {"ocf:heartbeat:SAPDatabase", "the agent of the database"},
      {"ocf:heartbeat:Xen", "ocf:heartbeat:VirtualDomain"},
      {"ocf:pacemaker:SystemHealth", "ocf:pacemaker:HealthCPU"},
  };
  return all;
}

// Whether a pattern of the CIB finds a name; nothing for one that is not understood.
std::optional<bool> Finds(const std::string& pattern, const std::vector<std::string>& names) {
  constexpr std::size_t kPatternMax = 200;
  if (pattern.size() > kPatternMax) return std::nullopt;
  try {
    const std::regex regex(pattern, std::regex::extended | std::regex::nosubs);
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return std::regex_search(name, regex); });
  } catch (const std::regex_error&) {
    return std::nullopt;
  }
}

class MeaningLinter {
 public:
  MeaningLinter(const PolicyView& view, Diagnostics& diagnostics) : view_(view), diagnostics_(diagnostics) {}

  void Run() {
    for (const ast::Statement& statement : view_.statements()) {
      has_xml_ = has_xml_ || std::holds_alternative<ast::Xml>(statement.what);
    }
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind == SymbolKind::kPrimitive || symbol.kind == SymbolKind::kFence) Take(symbol);
    }
    for (const ast::Statement& statement : view_.statements()) {
      if (const auto* location = std::get_if<ast::Location>(&statement.what)) Pattern(*location);
      if (const auto* fencing = std::get_if<ast::Fencing>(&statement.what)) Pattern(*fencing);
      if (const auto* bundle = std::get_if<ast::Bundle>(&statement.what)) Reached(*bundle);
      if (const auto* clone = std::get_if<ast::Members>(&statement.what)) Cloned(*clone);
      if (const auto* primitive = std::get_if<ast::Primitive>(&statement.what)) Agent(primitive->source);
      if (const auto* fence = std::get_if<ast::Fence>(&statement.what)) Agent(fence->source);
    }
    if (!has_xml_) Conditions();
    Pings();
  }

 private:
  // What there is that a condition may be about.
  void Take(const Symbol& symbol) {
    const std::string agent = view_.Agent(symbol);
    const std::size_t first = agent.find(':'), last = agent.rfind(':');
    if (first == std::string::npos) return;
    classes_.insert(agent.substr(0, first));
    if (last > first) providers_.insert(agent.substr(first + 1, last - first - 1));
    types_.insert(agent.substr(last + 1));
  }

  // W0322, W0323
  void Agent(const ast::Source& source) {
    const std::string& agent = source.name.literal;
    if (source.is_template) return;
    const std::string type = agent.starts_with("stonith:") ? agent.substr(8) : "";
    const auto successor = Successors().find(type);
    if (successor != Successors().end() || type.starts_with("external/") || FencesNobody(type)) {
      Diagnostic& warning = diagnostics_.Warning("W0322", source.name.span,
                                                 "`" + type +
                                                     "` is an agent of cluster-glue, which most "
                                                     "systems do not have any more");
      if (FencesNobody(type)) {
        warning.label = "fences nobody for certain";
        warning.help.push_back("declare the device that takes a node's power; `confirm` of a test stands for a person");
      } else if (successor == Successors().end()) {
        warning.help.push_back("`picket agents search fence_` lists the agents of fence-agents");
      } else {
        warning.help.push_back("write `stonith:" + std::string(successor->second.agent) +
                               "`, of fence-agents: " + successor->second.parameters);
      }
      return;
    }
    const auto newer = NewerAgents().find(agent);
    if (newer == NewerAgents().end()) return;
    Diagnostic& warning =
        diagnostics_.Warning("W0323", source.name.span, "`" + agent + "` is out of date, and gone from newer systems");
    const std::string name = newer->second;
    warning.help.push_back(name.starts_with("ocf:")
                               ? "write `" + name + "`; `picket agents show " + name + "` lists its parameters"
                               : "use " + name);
  }

  // W0506
  void Pattern(const ast::Location& location) {
    if (!location.pattern || location.negated || has_xml_) return;
    std::vector<std::string> names;
    for (const Symbol& symbol : view_.symbols().all()) {
      if (IsResource(symbol.kind)) names.push_back(symbol.id);
    }
    Matches(location.pattern->pattern, names, "resource", "this location is about nothing");
  }
  void Pattern(const ast::Fencing& fencing) {
    const auto* pattern = std::get_if<ast::Regex>(&fencing.target);
    std::vector<std::string> names = view_.symbols().nodes();
    const auto& implied = view_.symbols().implied_nodes();
    names.insert(names.end(), implied.begin(), implied.end());
    if (pattern != nullptr && !names.empty()) Matches(pattern->pattern, names, "node", "these levels are for no node");
  }
  void Matches(const ast::Text& pattern, const std::vector<std::string>& names, const std::string& what,
               const char* label) {
    const auto finds = Finds(pattern.literal, names);
    if (!finds || *finds) return;
    Diagnostic& warning = diagnostics_.Warning("W0506", pattern.span, "`/" + pattern.literal + "/` matches no " + what);
    warning.label = label;
    std::string bare = pattern.literal;
    std::erase_if(bare, [](char c) { return std::string_view("^$.*+?()[]|\\").find(c) != std::string_view::npos; });
    const auto meant = Nearest(bare, names);
    std::string list;
    for (std::size_t i = 0; i < names.size() && i < 6; ++i) list += (i > 0 ? ", `" : "`") + names[i] + '`';
    warning.help.push_back(meant ? "did you mean `" + *meant + "`?" : "there are " + list);
  }

  // W0507
  void Conditions() {
    ForEachRule(view_.statements(), [&](const ast::Rule& rule) {
      if (rule.condition) In(*rule.condition);
    });
  }
  void In(const ast::Expr& expr) {
    if (const auto* negated = std::get_if<ast::Not>(&expr.what)) In(*negated->operand);
    if (const auto* junction = std::get_if<ast::Junction>(&expr.what)) {
      for (const ast::Expr& one : junction->operands) In(one);
    }
    const auto* value = std::get_if<ast::Value>(&expr.what);
    const auto* call = value != nullptr ? std::get_if<ast::Call>(&value->what) : nullptr;
    if (call == nullptr) return;
    if (call->name.literal == "resource") OfResources(*call);
    if (call->name.literal == "op") OfOperations(*call);
  }

  static const ast::Text* TextOfArgument(const ast::Argument& argument) {
    const auto* value = std::get_if<ast::Value>(&argument.value->what);
    return value != nullptr ? std::get_if<ast::Text>(&value->what) : nullptr;
  }

  void OfResources(const ast::Call& call) {
    for (const ast::Argument& argument : call.arguments) {
      const ast::Text* text = TextOfArgument(argument);
      if (text == nullptr || !argument.name) continue;
      const std::string& name = argument.name->literal;
      const auto* known = name == "class"      ? &classes_
                          : name == "provider" ? &providers_
                          : name == "type"     ? &types_
                                               : nullptr;
      if (known == nullptr || known->empty() || known->contains(text->literal)) continue;
      Nothing(*text, "no resource has the " + name + " `" + text->literal + "`", {known->begin(), known->end()});
    }
  }

  void OfOperations(const ast::Call& call) {
    static const std::vector<std::string> names = {"monitor", "start",        "stop",       "promote",      "demote",
                                                   "notify",  "migrate_from", "migrate_to", "reload-agent", "reload"};
    for (const ast::Argument& argument : call.arguments) {
      const ast::Text* text = TextOfArgument(argument);
      const bool is_name = !argument.name || argument.name->literal == "name";
      if (text == nullptr || !is_name || std::find(names.begin(), names.end(), text->literal) != names.end()) continue;
      if (Nearest(text->literal, names)) Nothing(*text, "no operation is called `" + text->literal + "`", names);
    }
  }

  void Nothing(const ast::Text& text, std::string message, const std::vector<std::string>& known) {
    Diagnostic& warning = diagnostics_.Warning("W0507", text.span, std::move(message));
    warning.label = "never true";
    const auto meant = Nearest(text.literal, known);
    std::string list;
    for (std::size_t i = 0; i < known.size() && i < 6; ++i) list += (i > 0 ? ", `" : "`") + known[i] + '`';
    warning.help.push_back(meant ? "did you mean `" + *meant + "`?" : "there are " + list);
  }

  // W0492: every node may use a device, wherever it runs.
  void Cloned(const ast::Members& clone) {
    if (clone.keyword.literal != "clone" || clone.members.size() != 1) return;
    const Symbol* member = view_.symbols().Find(clone.members[0].literal);
    if (member == nullptr || !view_.Agent(*member).starts_with("stonith:")) return;
    Diagnostic& warning = diagnostics_.Warning("W0492", clone.name.span, "`" + member->id + "` is cloned for nothing");
    warning.label = "every node can use a fence device, wherever it runs";
    warning.help.push_back("leave the clone out");
  }

  // W0496: the attribute is only on the node where the ping runs, and rules forbid the others.
  void Pings() {
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind != SymbolKind::kPrimitive) continue;
      const std::string agent = view_.Agent(symbol);
      if (agent != "ocf:pacemaker:ping" && agent != "ocf:pacemaker:pingd") continue;
      const SymbolKind kind = view_.Outermost(symbol).kind;
      if ((kind != SymbolKind::kPrimitive && kind != SymbolKind::kGroup) || view_.members().size() < 2) continue;
      if (!told_.emplace(symbol.span.file, symbol.span.begin).second) continue;
      Diagnostic& warning = diagnostics_.Warning(
          "W0496", symbol.span, "`" + symbol.id + "` tells of the node where it runs, and of no other");
      warning.label = "the others have no such attribute";
      const std::string& outermost = view_.Outermost(symbol).id;
      warning.help.push_back("write `clone " + outermost + "-clone of " + outermost + "`");
    }
  }

  // E0241
  void Reached(const ast::Bundle& bundle) {
    const ast::BundlePrimitive* member = nullptr;
    bool reached = false;
    for (const ast::BundleItem& item : bundle.items) {
      if (const auto* one = std::get_if<ast::BundlePrimitive>(&item)) member = one;
      const auto* network = std::get_if<ast::BundleNetwork>(&item);
      reached = reached || (network != nullptr && (HasOption(network->options, "ip-range-start") ||
                                                   HasOption(network->options, "control-port")));
    }
    if (member == nullptr || reached) return;
    Diagnostic& error = diagnostics_.Error("E0241", bundle.name.span,
                                           "the cluster cannot reach `" + member->primitive.name.literal +
                                               "` in the containers of `" + bundle.name.literal + "`");
    error.label = "Pacemaker refuses such a bundle";
    error.help.push_back(
        "add `network ip-range-start=ADDRESS`, or `network control-port=3121` where containers share "
        "the address of their host");
  }

  const PolicyView& view_;
  Diagnostics& diagnostics_;
  bool has_xml_ = false;  // It may say anything.
  std::set<std::string> classes_, providers_, types_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> told_;
};

}  // namespace

void LintMeaning(const PolicyView& view, Diagnostics& diagnostics) {
  MeaningLinter(view, diagnostics).Run();
}

}  // namespace picket::compiler
