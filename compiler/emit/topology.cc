#include "compiler/emit/topology.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/check/option_values.h"
#include "compiler/check/symbols.h"
#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/shape.h"
#include "solver/model/behaviour.h"

namespace picket::compiler::emit {
namespace {

class Builder {
 public:
  explicit Builder(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  Topology Run(const std::vector<ast::Statement>& statements) {
    for (const ast::Statement& statement : statements) {
      if (const auto* cluster = std::get_if<ast::Cluster>(&statement.what)) Cluster(*cluster);
    }
    for (const ast::Statement& statement : statements) {
      if (const auto* node = std::get_if<ast::Node>(&statement.what)) {
        if (!node->kind) Node(*node);
      }
    }
    Ids();
    return std::move(topology_);
  }

 private:
  std::string Text(const ast::Value& value, const std::string& name) {
    if (const auto* text = std::get_if<ast::Text>(&value.what)) return text->literal;
    diagnostics_.Error("E0205", value.span, "`" + name + "` is a single value");
    return "";
  }

  // A value that goes into corosync.conf as it is: a line break or a brace would end more than the value.
  std::string Word(const ast::Option& option) {
    std::string text = Text(option.value, option.name.literal);
    const bool breaks_out = std::any_of(text.begin(), text.end(),
                                        [](unsigned char c) { return c < 0x20 || c == 0x7f || c == '{' || c == '}'; });
    if (breaks_out) {
      diagnostics_.Error("E0205", option.value.span, "corosync.conf cannot hold this `" + option.name.literal + "`")
          .help.push_back("write it without line breaks, tabs, `{` and `}`");
    }
    return text;
  }

  bool Switch(const ast::Option& option) {
    const auto value = AsBoolean(Text(option.value, option.name.literal));
    CheckValue(Holder::kQuorum, option, diagnostics_);
    return value.value_or(false);
  }

  std::int64_t Duration(const ast::Option& option) {
    const std::string word = Text(option.value, option.name.literal);
    // A bare number is what corosync.conf means by one: milliseconds.
    if (const auto number = AsInteger(word)) return *number;
    const auto value = AsDurationMs(word);
    if (!value) {
      diagnostics_.Error("E0205", option.value.span, "`" + option.name.literal + "` is a duration, not `" + word + "`")
          .help.push_back("durations are `500ms`, `20s`, `10min` and `2h`; a bare number is milliseconds");
    }
    return value.value_or(0);
  }

  void Cluster(const ast::Cluster& cluster) {
    topology_.cluster = cluster.name.literal;
    for (const ast::ClusterItem& item : cluster.items) {
      if (const auto* option = std::get_if<ast::Option>(&item)) {
        if (option->name.literal == "transport") {
          topology_.transport = Text(option->value, "transport");
          if (topology_.transport != "knet" && topology_.transport != "udp" && topology_.transport != "udpu") {
            diagnostics_
                .Error("E0205", option->value.span,
                       "`transport` is knet, udpu or udp, not `" + topology_.transport + "`")
                .help.push_back("write `transport = knet`, which has links of its own over UDP");
          }
        } else if (option->name.literal == "engine") {
          topology_.engine = EngineOf(option->value);
        } else if (option->name.literal == "pacemaker") {
          topology_.pacemaker = ReleaseOf(option->value);
        } else {
          Diagnostic& error =
              diagnostics_.Error("E0204", option->name.span, "a cluster has no option `" + option->name.literal + "`");
          static const std::vector<std::string> known = {"transport", "engine", "pacemaker"};
          if (const char* section = SectionOf(option->name.literal)) {
            const auto* text = std::get_if<ast::Text>(&option->value.what);
            error.help.push_back(std::string("write `") + section + ' ' + option->name.literal + '=' +
                                 (text != nullptr ? text->literal : "…") + "`");
          } else if (auto nearest = Nearest(option->name.literal, known)) {
            error.help.push_back("did you mean `" + *nearest + "`?");
          } else {
            error.help.push_back("options of totem, quorum and crypto follow those words");
          }
        }
      } else if (const auto* link = std::get_if<ast::ClusterLink>(&item)) {
        Link out{link->name.literal, {}};
        for (const ast::Option& one : link->options) {
          CheckValue(Holder::kLink, one, diagnostics_);
          out.options.emplace_back(one.name.literal, Word(one));
        }
        // Second and ninth links have been reported by name.
        const bool known = std::any_of(topology_.links.begin(), topology_.links.end(),
                                       [&](const Link& one) { return one.name == out.name; });
        if (!known && topology_.links.size() < kLinksMax) topology_.links.push_back(std::move(out));
      } else if (const auto* section = std::get_if<ast::ClusterSection>(&item)) {
        Section(*section);
      } else if (const auto* preflight = std::get_if<ast::Preflight>(&item)) {
        for (const ast::Check& check : preflight->checks) Preflight(check);
      }
    }
  }

  // In which line of `cluster` an option of Corosync stands whose values are known; null if it is none.
  static const char* SectionOf(std::string_view name) {
    const auto has = [&](Holder holder) {
      const KnownOption* known = FindAttribute(holder, name);
      return known != nullptr && known->shape != OptionShape::kAny;
    };
    return has(Holder::kTotem) ? "totem" : has(Holder::kQuorum) ? "quorum" : has(Holder::kCrypto) ? "crypto" : nullptr;
  }

  std::string ReleaseOf(const ast::Value& value) {
    const std::string word = Text(value, "pacemaker");
    std::string reason;
    if (!solver::Target::Parse(word, reason)) diagnostics_.Error("E0205", value.span, reason);
    return word;
  }

  Engine EngineOf(const ast::Value& value) {
    const std::string word = Text(value, "engine");
    if (word != "pacemaker" && word != "picket") {
      diagnostics_.Error("E0205", value.span, "`engine` is pacemaker or picket, not `" + word + "`")
          .help.push_back("write `engine = pacemaker`, or `engine = picket` where picketd runs");
    }
    return word == "picket" ? Engine::kPicket : Engine::kPacemaker;
  }

  // Whether it is so is looked at on the nodes; here, whether it can be asked.
  void Preflight(const ast::Check& check) {
    static const std::vector<std::string> bare = {"hosts", "time-sync", "versions", "agents", "fencing"};
    static const std::vector<std::string> known = {"hosts",   "time-sync", "versions", "agents",
                                                   "fencing", "firewall",  "selinux"};
    const std::string& name = check.name.literal;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      Diagnostic& error = diagnostics_.Error("E0204", check.name.span, "`preflight` has no check `" + name + "`");
      const auto nearest = Nearest(name, known);
      error.help.push_back(nearest ? "did you mean `" + *nearest + "`?"
                                   : "known are hosts, time-sync, versions, agents, fencing, firewall and selinux");
      return;
    }
    PreflightCheck out{name, {}};
    const bool is_bare = std::find(bare.begin(), bare.end(), name) != bare.end();
    if (is_bare != !check.value) {
      diagnostics_
          .Error("E0205", check.value ? check.value->span : check.name.span,
                 is_bare ? "`" + name + "` stands alone" : "`" + name + "` needs a value")
          .help.push_back(is_bare              ? "write `" + name + "`"
                          : name == "firewall" ? "write `firewall=[\"tcp/2224\", \"udp/5405-5412\"]`"
                                               : "write `selinux=checked`");
      return;
    }
    if (check.value) {
      std::vector<ast::Value> values = {*check.value};
      if (const auto* list = std::get_if<ast::List>(&check.value->what)) values = list->items;
      for (const ast::Value& value : values) {
        const std::string word = Text(value, name);
        const bool port = name == "firewall";
        if (port ? !IsPort(word) : !IsSelinux(word)) {
          diagnostics_.Error("E0205", value.span, "`" + word + "` is no " + (port ? "port" : "mode of SELinux"))
              .help.push_back(port ? "ports are `\"tcp/2224\"` and `\"udp/5405-5412\"`"
                                   : "write checked, enforcing, permissive or disabled");
        }
        out.values.push_back(word);
      }
    }
    topology_.preflight.push_back(std::move(out));
  }

  static bool IsSelinux(const std::string& word) {
    return word == "checked" || word == "enforcing" || word == "permissive" || word == "disabled";
  }

  // tcp/2224, udp/5405-5412
  static bool IsPort(const std::string& word) {
    const std::size_t slash = word.find('/');
    const std::string protocol = word.substr(0, slash);
    if (slash == std::string::npos || (protocol != "tcp" && protocol != "udp" && protocol != "sctp")) return false;
    const std::string ports = word.substr(slash + 1);
    const std::size_t dash = ports.find('-');
    const auto first = AsInteger(ports.substr(0, dash));
    const auto last = dash == std::string::npos ? first : AsInteger(ports.substr(dash + 1));
    return first && last && *first >= 1 && *first <= *last && *last <= 65535;
  }

  void Section(const ast::ClusterSection& section) {
    const std::string& kind = section.kind.literal;
    if (kind == "qdevice") {
      topology_.device = QuorumDevice{section.model->literal, {}};
      if (section.model->literal != "net") {
        diagnostics_
            .Error("E0205", section.model->span, "Corosync has no quorum device `" + section.model->literal + "`")
            .help.push_back("write `qdevice net host=…`");
      }
    }
    for (const ast::Option& option : section.options) {
      const std::string& name = option.name.literal;
      if (kind == "totem" && (name == "cluster_name" || name == "transport" || name == "version")) {
        Elsewhere(option);
      } else if (kind == "quorum" && name == "two_node") {
        topology_.two_node = Switch(option);
      } else if (kind == "quorum" && name == "wait_for_all") {
        topology_.wait_for_all = Switch(option);
      } else if (kind == "totem" && name == "token") {
        topology_.token_ms = Duration(option);
      } else if (kind == "totem" && name == "consensus") {
        topology_.consensus_ms = Duration(option);
      } else if (kind == "sbd") {
        SbdOption(option);
      } else if (kind == "qdevice") {
        topology_.device->options.emplace_back(name, Word(option));
        CheckValue(Holder::kQdevice, option, diagnostics_);
      } else if (kind == "crypto" || kind == "totem" || kind == "quorum") {
        auto& list = kind == "crypto" ? topology_.crypto : kind == "totem" ? topology_.totem : topology_.quorum;
        list.emplace_back(name, Word(option));
        CheckValue(kind == "crypto"  ? Holder::kCrypto
                   : kind == "totem" ? Holder::kTotem
                                     : Holder::kQuorum,
                   option, diagnostics_);
      }
    }
  }

  // What a policy says in words of its own; a second time it would contradict them.
  void Elsewhere(const ast::Option& option) {
    const std::string& name = option.name.literal;
    diagnostics_.Error("E0204", option.name.span, "`totem` has no option `" + name + "` here")
        .help.push_back(name == "cluster_name" ? "the name of the cluster stands behind the word: `cluster NAME { … }`"
                        : name == "transport"  ? "write `transport = …` in the braces of the cluster"
                                               : "leave it out");
  }

  // As in sbd's own files, a bare number is seconds.
  void SbdOption(const ast::Option& option) {
    if (!topology_.sbd) topology_.sbd.emplace();
    const std::string& name = option.name.literal;
    if (name != "watchdog" && name != "msgwait") {
      Diagnostic& error = diagnostics_.Error("E0204", option.name.span, "`sbd` has no option `" + name + "`");
      const auto nearest = Nearest(name, {"watchdog", "msgwait"});
      error.help.push_back(nearest ? "did you mean `" + *nearest + "`?"
                                   : "write `sbd watchdog=5s msgwait=10s`, as the nodes and disks have it");
      return;
    }
    const std::string word = Text(option.value, name);
    const auto time_ms = AsDurationMs(word);
    if (!time_ms || *time_ms <= 0) {
      diagnostics_.Error("E0205", option.value.span, "`" + name + "` is a duration, not `" + word + "`")
          .help.push_back("durations are `20s` and `2min`; a bare number is seconds");
    }
    (name == "watchdog" ? topology_.sbd->watchdog_ms : topology_.sbd->msgwait_ms) = time_ms;
  }

  void Node(const ast::Node& node) {
    TopologyNode out;
    out.name = node.name.literal;
    std::set<std::string> seen;
    std::size_t misnamed = 0;
    for (const ast::Item& item : node.items) {
      if (const auto* link = std::get_if<ast::LinkAddress>(&item)) {
        const auto found = std::find_if(topology_.links.begin(), topology_.links.end(),
                                        [&](const Link& one) { return one.name == link->link.literal; });
        if (found == topology_.links.end()) {
          ++misnamed;  // Reported by name already.
          continue;
        }
        if (!seen.insert(link->link.literal).second) {
          diagnostics_.Error("E0202", link->link.span,
                             "`" + out.name + "` has two addresses on link `" + link->link.literal + "`");
          continue;
        }
        out.addresses.push_back(
            {static_cast<std::size_t>(found - topology_.links.begin()), Text(link->address, "an address")});
      } else if (const auto* option = std::get_if<ast::Option>(&item)) {
        if (option->name.literal == "id") {
          const auto number = AsInteger(Text(option->value, "id"));
          if (number && *number > 0 && *number <= UINT32_MAX) {
            out.id = static_cast<std::uint32_t>(*number);
          } else if (!topology_.links.empty()) {
            diagnostics_.Error("E0205", option->value.span, "the `id` of a node with links is a positive number")
                .help.push_back("write `id=1` (2, 3, …)");
            misnumbered_.insert(out.name);
          }
        }
      }
    }
    for (const Link& link : topology_.links) {
      if (seen.contains(link.name)) continue;
      // A misspelt link is the one that is missing.
      if (misnamed > 0 && misnamed--) continue;
      diagnostics_.Error("E0206", node.name.span, "node `" + out.name + "` has no address on link `" + link.name + "`")
          .help.push_back("write `link " + link.name + " ADDRESS` in its braces");
    }
    std::sort(out.addresses.begin(), out.addresses.end(),
              [](const Address& a, const Address& b) { return a.link < b.link; });
    topology_.nodes.push_back(std::move(out));
    places_.push_back(node.name.span);
  }

  // Ids are the author's; a node with links cannot do without one, since an id
  // that followed from the position would change when a node is put in.
  void Ids() {
    std::map<std::uint32_t, std::string> taken;
    for (std::size_t i = 0; i < topology_.nodes.size(); ++i) {
      const TopologyNode& node = topology_.nodes[i];
      const Span& span = places_[i];
      if (node.id == 0) {
        if (!topology_.links.empty() && !misnumbered_.contains(node.name)) {
          diagnostics_.Error("E0206", span, "node `" + node.name + "` has no id")
              .help.push_back("write `id=1` (2, 3, …) in its braces");
        }
        continue;
      }
      const auto [other, fresh] = taken.emplace(node.id, node.name);
      if (!fresh) {
        diagnostics_.Error("E0202", span, "nodes `" + other->second + "` and `" + node.name + "` have the same id")
            .help.push_back("give one of them another number");
      }
    }
  }

  Diagnostics& diagnostics_;
  Topology topology_;
  std::vector<Span> places_;           ///< Of the nodes' names.
  std::set<std::string> misnumbered_;  ///< Nodes whose id is told to be none.
};

}  // namespace

Topology EmitTopology(const std::vector<ast::Statement>& statements, Diagnostics& diagnostics) {
  return Builder(diagnostics).Run(statements);
}

}  // namespace picket::compiler::emit
