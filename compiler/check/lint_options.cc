#include <algorithm>
#include <map>
#include <vector>

#include "compiler/check/lint_families.h"
#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/duration_help.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

enum class Shape { kAny, kBoolean, kDuration, kInteger, kScore, kWords };

struct Known {
  Shape shape = Shape::kAny;
  std::vector<std::string> words;  // Of kWords.
};

using Table = std::map<std::string, Known, std::less<>>;

Known Words(std::vector<std::string> words) {
  return {Shape::kWords, std::move(words)};
}

// The cluster options, under the names of both targets, and what a cluster
// writes there itself.
const Table& Properties() {
  static const Table table = [] {
    Table t;
    for (const char* name :
         {"concurrent-fencing", "enable-acl", "enable-startup-probes", "fencing-enabled", "stonith-enabled",
          "have-watchdog", "maintenance-mode", "remove-after-stop", "shutdown-lock", "start-failure-is-fatal",
          "startup-fencing", "stop-all-resources", "stop-orphan-actions", "cancel-removed-actions",
          "stop-orphan-resources", "stop-removed-resources", "symmetric-cluster"}) {
      t[name] = {Shape::kBoolean, {}};
    }
    for (const char* name :
         {"cluster-delay", "cluster-recheck-interval", "dc-deadtime", "election-timeout", "fencing-timeout",
          "stonith-timeout", "join-finalization-timeout", "join-integration-timeout", "node-pending-timeout",
          "priority-fencing-delay", "shutdown-escalation", "shutdown-lock-limit", "transition-delay"}) {
      t[name] = {Shape::kDuration, {}};
    }
    for (const char* name : {"batch-limit", "cluster-ipc-limit", "migration-limit", "node-action-limit",
                             "pe-error-series-max", "pe-input-series-max", "pe-warn-series-max"}) {
      t[name] = {Shape::kInteger, {}};
    }
    for (const char* name : {"node-health-base", "node-health-green", "node-health-yellow", "node-health-red"}) {
      t[name] = {Shape::kScore, {}};
    }
    for (const char* name :
         {"cluster-infrastructure", "cluster-name", "dc-version", "last-lrm-refresh", "load-threshold",
          "fencing-watchdog-timeout", "stonith-watchdog-timeout", "fencing-max-attempts", "stonith-max-attempts"}) {
      t[name] = {};
    }
    t["no-quorum-policy"] = Words({"stop", "freeze", "ignore", "demote", "fence", "suicide"});
    t["fencing-action"] = t["stonith-action"] = Words({"reboot", "off", "poweroff"});
    t["fencing-reaction"] = t["fence-reaction"] = Words({"stop", "panic"});
    t["node-health-strategy"] = Words({"none", "migrate-on-red", "only-green", "progressive", "custom"});
    t["placement-strategy"] = Words({"default", "utilization", "minimal", "balanced"});
    return t;
  }();
  return table;
}

const Table& MetaAttributes() {
  static const Table table = [] {
    Table t;
    for (const char* name :
         {"allow-migrate", "allow-unhealthy-nodes", "critical", "globally-unique", "interleave", "is-managed",
          "maintenance", "notify", "ordered", "promotable", "remote-allow-migrate", "enabled", "record-pending"}) {
      t[name] = {Shape::kBoolean, {}};
    }
    for (const char* name : {"failure-timeout", "remote-connect-timeout", "timeout", "interval", "start-delay"}) {
      t[name] = {Shape::kDuration, {}};
    }
    for (const char* name :
         {"clone-max", "clone-min", "clone-node-max", "promoted-max", "promoted-node-max", "remote-port"}) {
      t[name] = {Shape::kInteger, {}};
    }
    for (const char* name : {"migration-threshold", "priority", "resource-stickiness"}) t[name] = {Shape::kScore, {}};
    for (const char* name : {"container-attribute-target", "description", "interval-origin", "remote-addr",
                             "remote-node", "resource-discovery-enabled", "role"}) {
      t[name] = {};
    }
    t["target-role"] = Words({"started", "stopped", "promoted", "unpromoted", "master", "slave"});
    t["multiple-active"] = Words({"stop_start", "stop_only", "stop_unexpected", "block"});
    t["requires"] = Words({"nothing", "quorum", "fencing", "unfencing"});
    t["on-fail"] = Words({"restart", "stop", "block", "ignore", "demote", "standby", "fence", "restart-container"});
    return t;
  }();
  return table;
}

// What corosync.conf has in its sections.
const std::map<std::string, std::vector<std::string>, std::less<>>& CorosyncOptions() {
  static const std::map<std::string, std::vector<std::string>, std::less<>> options = {
      {"totem",
       {"token",
        "token_retransmit",
        "token_retransmits_before_loss_const",
        "token_coefficient",
        "token_warning",
        "consensus",
        "join",
        "merge",
        "hold",
        "send_join",
        "downcheck",
        "fail_recv_const",
        "seqno_unchanged_const",
        "heartbeat_failures_allowed",
        "max_network_delay",
        "window_size",
        "max_messages",
        "miss_count_const",
        "knet_pmtud_interval",
        "knet_mtu",
        "knet_compression_model",
        "knet_compression_threshold",
        "knet_compression_level",
        "netmtu",
        "ip_version",
        "ip_dscp",
        "interface",
        "link_mode",
        "secauth",
        "block_unlisted_ips",
        "cancel_token_hold_on_retransmit",
        "version",
        "keyfile",
        "key",
        "config_version",
        "crypto_model",
        "crypto_cipher",
        "crypto_hash"}},
      {"quorum",
       {"provider", "two_node", "wait_for_all", "last_man_standing", "last_man_standing_window", "auto_tie_breaker",
        "auto_tie_breaker_node", "expected_votes", "expected_votes_tracking", "allow_downscale", "votes"}},
      {"crypto", {"cipher", "hash", "model"}}};
  return options;
}

class OptionLinter {
 public:
  OptionLinter(const PolicyView& view, Diagnostics& diagnostics) : view_(view), diagnostics_(diagnostics) {}

  void Run() {
    for (const ast::Statement& statement : view_.statements()) {
      const auto& what = statement.what;
      if (const auto* defaults = std::get_if<ast::Defaults>(&what)) {
        const bool property = defaults->block.kind.literal == "property";
        Block(defaults->block, property ? Properties() : MetaAttributes(),
              property ? "a cluster option" : "an option of `" + defaults->block.kind.literal + '`');
      } else if (const auto* cluster = std::get_if<ast::Cluster>(&what)) {
        Corosync(*cluster);
      } else if (const auto* primitive = std::get_if<ast::Primitive>(&what)) {
        Items(primitive->items, false);
      } else if (const auto* fence = std::get_if<ast::Fence>(&what)) {
        Items(fence->items, false);
      } else if (const auto* members = std::get_if<ast::Members>(&what)) {
        Items(members->items, true);
      } else if (const auto* bundle = std::get_if<ast::Bundle>(&what)) {
        for (const ast::BundleItem& item : bundle->items) {
          const auto* block = std::get_if<ast::Attributes>(&item);
          if (block != nullptr && block->kind.literal == "meta") Block(*block, MetaAttributes(), kMeta);
          const auto* member = std::get_if<ast::BundlePrimitive>(&item);
          if (member != nullptr) Items(member->primitive.items, false);
        }
      }
    }
  }

 private:
  static constexpr const char* kMeta = "a meta attribute";

  void Misspelt(const ast::Text& name, const std::string& what, const std::string& who, const std::string& meant) {
    Diagnostic& warning =
        diagnostics_.Warning("W0421", name.span, "`" + name.literal + "` is not " + what + " that " + who + " knows");
    warning.label = "has no effect";
    warning.help.push_back("did you mean `" + meant + "`?");
  }

  void Corosync(const ast::Cluster& cluster) {
    for (const ast::ClusterItem& item : cluster.items) {
      const auto* section = std::get_if<ast::ClusterSection>(&item);
      const auto known = section != nullptr ? CorosyncOptions().find(section->kind.literal) : CorosyncOptions().end();
      if (known == CorosyncOptions().end()) continue;
      for (const ast::Option& option : section->options) {
        const auto& names = known->second;
        if (std::find(names.begin(), names.end(), option.name.literal) != names.end()) continue;
        if (auto meant = Nearest(option.name.literal, names)) {
          Misspelt(option.name, "an option of `" + known->first + '`', "Corosync", *meant);
        }
      }
    }
  }

  // Agents may have actions of their own, so only what is nearly one of these.
  void Operation(const ast::Operation& operation) {
    static const std::vector<std::string> names = {"monitor",      "start",        "stop",     "promote",      "demote",
                                                   "notify",       "migrate_to",   "status",   "migrate_from", "reload",
                                                   "reload-agent", "validate-all", "meta-data"};
    const std::string& name = operation.name.literal;
    if (std::find(names.begin(), names.end(), name) != names.end()) return;
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    if (auto meant = Nearest(lower, names)) Misspelt(operation.name, "an operation", "Pacemaker", *meant);
  }

  void Items(const std::vector<ast::Item>& items, bool plain_is_meta) {
    for (const ast::Item& item : items) {
      if (const auto* operation = std::get_if<ast::Operation>(&item)) Operation(*operation);
      const auto* option = std::get_if<ast::Option>(&item);
      if (option != nullptr && plain_is_meta) One(*option, MetaAttributes(), kMeta);
      const auto* block = std::get_if<ast::Attributes>(&item);
      if (block != nullptr && block->kind.literal == "meta") Block(*block, MetaAttributes(), kMeta);
    }
  }

  void Block(const ast::Attributes& block, const Table& table, const std::string& what) {
    if (!block.has_body) {
      for (const ast::Option& option : block.options) One(option, table, what);
    }
    for (const ast::Pair& pair : block.pairs) {
      if (const auto* option = std::get_if<ast::Option>(&pair)) One(*option, table, what);
    }
  }

  // Anybody may put options of their own there, so only what looks like a
  // slip of the pen is told.
  void One(const ast::Option& option, const Table& table, const std::string& what) {
    const std::string& name = option.name.literal;
    const auto known = table.find(name);
    if (known != table.end()) return Value(option, known->second);
    if (name.starts_with("default-") || name == "is-managed-default") return;  // Of old: W0459 tells more.
    std::string hyphens = name;
    std::transform(hyphens.begin(), hyphens.end(), hyphens.begin(), [](unsigned char c) { return std::tolower(c); });
    std::replace(hyphens.begin(), hyphens.end(), '_', '-');
    std::optional<std::string> meant;
    if (table.contains(hyphens)) {
      meant = hyphens;
    } else {
      std::vector<std::string> names;
      for (const auto& [one, shape] : table) names.push_back(one);
      meant = Nearest(name, names);
    }
    if (!meant) return;
    Misspelt(option.name, what, "Pacemaker", *meant);
  }

  void Value(const ast::Option& option, const Known& known) {
    const auto* text = std::get_if<ast::Text>(&option.value.what);
    if (text == nullptr) return;
    const std::string& name = option.name.literal;
    const std::string& value = text->literal;
    std::string wanted, remedy;
    std::string lower = value;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    switch (known.shape) {
      case Shape::kAny:
        return;
      case Shape::kBoolean:
        if (AsBoolean(value)) return;
        wanted = "yes or no";
        break;
      case Shape::kDuration:
        if (AsDurationMs(value) || AsInteger(value)) return;
        wanted = "a duration";
        remedy = DurationHelp(value);
        break;
      case Shape::kInteger:
        if (AsInteger(value) || ScoreNumber(value)) return;
        wanted = "a number";
        break;
      case Shape::kScore:
        if (ScoreNumber(value) || lower == "red" || lower == "yellow" || lower == "green") return;
        wanted = "a score";
        remedy = "a score is a number, `inf` or `-inf`";
        break;
      case Shape::kWords:
        if (std::find(known.words.begin(), known.words.end(), lower) != known.words.end()) return;
        for (const std::string& word : known.words) {
          wanted += (wanted.empty() ? "" : &word == &known.words.back() ? " or " : ", ") + word;
        }
        if (auto nearest = Nearest(lower, known.words)) remedy = "did you mean `" + *nearest + "`?";
        break;
    }
    if (lower == "default" || lower == "#default") return;  // An old way to say nothing.
    Diagnostic& warning =
        diagnostics_.Warning("W0422", option.value.span, "`" + name + "` is " + wanted + ", not `" + value + "`");
    warning.label = "ignored: the default holds";
    warning.help.push_back(remedy.empty() ? "write " + wanted : remedy);
  }

  const PolicyView& view_;
  Diagnostics& diagnostics_;
};

}  // namespace

void LintOptions(const PolicyView& view, Diagnostics& diagnostics) {
  OptionLinter(view, diagnostics).Run();
}

}  // namespace picket::compiler
