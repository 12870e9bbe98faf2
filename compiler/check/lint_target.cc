#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "compiler/check/lint_families.h"
#include "compiler/check/lint_words.h"
#include "compiler/syntax/shape.h"

// What Pacemaker 3 takes otherwise than 2.1 (specification 07): deprecated there (W0480), ignored there (W0481), or of
// another meaning (W0482).
namespace picket::compiler {
namespace {

// One name in one kind of block.
struct Word {
  std::string_view code;
  std::string_view what;  // `is ignored …`: follows the name
  std::string_view help;
};
using Words = std::map<std::string_view, Word>;

const Words& OfCluster() {
  static const Words words = {
      {"concurrent-fencing",
       {"W0480", "is deprecated: nodes are fenced at the same time unless it is no", "leave it out"}},
      {"enable-startup-probes", {"W0480", "is deprecated", "leave it out: without probes a cluster starts what runs"}},
      {"cluster-ipc-limit", {"W0480", "is deprecated, and no longer needed", "leave it out"}},
      {"remove-after-stop", {"W0481", "is gone", "leave it out: nobody set it but for tests"}},
      {"crmd-integration-timeout", {"W0481", "is gone", "write `join-integration-timeout`"}},
      {"crmd-finalization-timeout", {"W0481", "is gone", "write `join-finalization-timeout`"}},
      {"crmd-transition-delay", {"W0481", "is gone", "write `transition-delay`"}},
  };
  return words;
}

const Words& OfResources() {
  static const Words words = {
      {"restart-type", {"W0481", "is gone", "write the order without `kind=optional`"}},
      {"isolation", {"W0481", "is gone", "leave it out"}},
      {"can-fail", {"W0481", "is gone", "write `on-fail=ignore` for the operation"}},
      {"can_fail", {"W0481", "is gone", "write `on-fail=ignore` for the operation"}},
      {"role_after_failure", {"W0481", "is gone", "write `on-fail=demote` for the monitor"}},
      {"master-max", {"W0480", "is deprecated", "write `promoted-max`"}},
      {"master-node-max", {"W0480", "is deprecated", "write `promoted-node-max`"}},
  };
  return words;
}

const Words& OfOperations() {
  static const Words words = {
      {"record-pending", {"W0480", "is deprecated: operations under way are always recorded", "leave it out"}},
      {"can-fail", {"W0481", "is gone", "write `on-fail=ignore`"}},
      {"can_fail", {"W0481", "is gone", "write `on-fail=ignore`"}},
      {"role_after_failure", {"W0481", "is gone", "write `on-fail=demote`"}},
  };
  return words;
}

// What only `xml` can bring in: a piece of the text, and what becomes of it.
constexpr std::array<std::pair<std::string_view, Word>, 12> kElements = {{
    {"<master", {"W0481", "`<master>` is ignored", "write `promotable`"}},
    {"<lifetime", {"W0481", "`<lifetime>` is ignored", "write a `location` with a date in its condition"}},
    {"rsc-instance", {"W0481", "single instances of a clone are no longer named", "leave the attribute out"}},
    {"with-rsc-instance", {"W0481", "single instances of a clone are no longer named", "leave the attribute out"}},
    {"first-instance", {"W0481", "single instances of a clone are no longer named", "leave the attribute out"}},
    {"then-instance", {"W0481", "single instances of a clone are no longer named", "leave the attribute out"}},
    {"role_after_failure", {"W0481", "`role_after_failure` is ignored", "write `on-fail=demote`"}},
    {"can_fail", {"W0481", "`can_fail` is ignored", "write `on-fail=ignore`"}},
    {"moon=", {"W0481", "`moon` is ignored", "leave it out"}},
    {"<rkt", {"W0481", "bundles of rkt are dropped", "write `bundle NAME podman`"}},
    {"class=\"upstart\"", {"W0481", "resources of upstart are dropped", "write a unit of systemd"}},
    {"class=\"nagios\"", {"W0481", "resources of nagios are dropped", "write an `ocf` agent"}},
}};

class TargetLinter {
 public:
  TargetLinter(const PolicyView& view, const NameInTarget& name_in_target, Diagnostics& diagnostics)
      : view_(view), name_in_target_(name_in_target), diagnostics_(diagnostics) {}

  void Run() {
    for (const ast::Statement& statement : view_.statements()) {
      std::visit([this](const auto& what) { Look(what); }, statement.what);
    }
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind == SymbolKind::kClone || symbol.kind == SymbolKind::kPromotable) Copies(symbol);
    }
  }

 private:
  template <typename Other>
  void Look(const Other& /*nothing changed*/) {}

  void Look(const ast::Defaults& defaults) {
    const std::string& kind = defaults.block.kind.literal;
    if (kind == "property") return Property(defaults.block);
    Block(defaults.block, kind == "op_defaults" ? OfOperations() : OfResources());
  }
  void Look(const ast::Primitive& primitive) {
    Agent(primitive.source);
    Items(primitive.items, false);
  }
  void Look(const ast::Fence& fence) {
    Items(fence.items, false);
    for (const ast::Item& item : fence.items) {
      const auto* option = std::get_if<ast::Option>(&item);
      const ast::Text* text = option != nullptr ? TextOf(*option) : nullptr;
      if (text == nullptr || option->name.literal != "pcmk_host_map") continue;
      if (text->literal.find('\\') == std::string::npos) continue;
      Tell("W0482", option->span, "`pcmk_host_map` no longer has escapes: the backslash is part of the name",
           "give the port a name without blanks, or write one device for each node");
    }
  }
  void Look(const ast::Members& members) { Items(members.items, true); }
  void Look(const ast::Bundle& bundle) {
    if (bundle.runtime.literal == "rkt") {
      Tell("W0481", bundle.runtime.span, "bundles of rkt are dropped", "write `podman` or `docker`");
    }
    for (const ast::BundleItem& item : bundle.items) {
      const auto* option = std::get_if<ast::Option>(&item);
      if (option != nullptr && option->name.literal == "masters") {
        Tell("W0481", option->span, "`masters` is ignored", "write `promoted-max`");
      }
      const auto* block = std::get_if<ast::Attributes>(&item);
      if (block != nullptr && block->kind.literal == "meta") Block(*block, OfResources());
      const auto* member = std::get_if<ast::BundlePrimitive>(&item);
      if (member != nullptr) Look(member->primitive);
    }
  }
  void Look(const ast::Node& node) {
    if (!node.kind || node.kind->literal != "ping") return;
    Tell("W0482", node.kind->span,
         "`" + node.name.literal + "` is a node like any other: there are no nodes of type ping",
         "take the node out; `ocf:pacemaker:ping` watches addresses");
  }
  void Look(const ast::Cluster& cluster) {
    for (const ast::ClusterItem& item : cluster.items) {
      const auto* section = std::get_if<ast::ClusterSection>(&item);
      if (section == nullptr || section->kind.literal != "cib") continue;
      for (const ast::Option& option : section->options) {
        if (option.name.literal != "remote-clear-port") continue;
        Tell("W0480", option.span, "`remote-clear-port` is deprecated: it sends the configuration unencrypted",
             "write `remote-tls-port`");
      }
    }
  }
  void Look(const ast::Xml& xml) {
    for (const auto& [piece, word] : kElements) {
      if (xml.content.literal.find(piece) == std::string::npos) continue;
      return Tell(word.code, xml.content.span, std::string(word.what), std::string(word.help));
    }
  }

  void Property(const ast::Attributes& block) {
    Block(block, OfCluster());
    ForEachOption(block, [&](const ast::Option& option) {
      const std::string& name = option.name.literal;
      if (const std::string current = name_in_target_(name); current != name) {
        Tell("W0480", option.name.span, "`" + name + "` is deprecated, and compiled to `" + current + "`",
             "write `" + current + "`");
      }
      const ast::Text* value = TextOf(option);
      if (value != nullptr && value->literal == "poweroff" && name.ends_with("-action")) {
        Tell("W0481", option.span, "`poweroff` is no action any more", "write `" + name + "=off`");
      }
    });
  }

  void Agent(const ast::Source& source) {
    const std::string& agent = source.name.literal;
    if (source.is_template) return;
    for (const char* gone : {"upstart", "nagios"}) {
      if (!agent.starts_with(std::string(gone) + ':')) continue;
      Tell("W0481", source.name.span, std::string("resources of ") + gone + " are dropped",
           std::string_view(gone) == "upstart" ? "write the unit of systemd, as in `systemd:" + agent.substr(8) + "`"
                                               : "write an `ocf` agent");
    }
    if (agent == "ocf:pacemaker:o2cb")
      Tell("W0481", source.name.span, "`ocf:pacemaker:o2cb` is gone", "write `ocf:heartbeat:o2cb`, or use gfs2");
  }

  void Items(const std::vector<ast::Item>& items, bool plain_is_meta) {
    for (const ast::Item& item : items) {
      const auto* option = std::get_if<ast::Option>(&item);
      if (option != nullptr && plain_is_meta) One(*option, OfResources());
      const auto* block = std::get_if<ast::Attributes>(&item);
      if (block != nullptr && block->kind.literal == "meta") Block(*block, OfResources());
      const auto* operation = std::get_if<ast::Operation>(&item);
      if (operation == nullptr) continue;
      for (const ast::Option& one : operation->options) One(one, OfOperations());
      for (const ast::OperationItem& inner : operation->items) {
        const auto* meta = std::get_if<ast::Attributes>(&inner);
        if (meta != nullptr && meta->kind.literal == "meta") Block(*meta, OfOperations());
      }
    }
  }

  void Block(const ast::Attributes& block, const Words& words) {
    ForEachOption(block, [&](const ast::Option& option) { One(option, words); });
    for (const ast::Pair& pair : block.pairs) {
      const auto* reference = std::get_if<ast::PairReference>(&pair);
      if (reference == nullptr || !reference->name) continue;
      Tell("W0481", reference->span, "a name beside a reference is ignored: the pair keeps the name that it has there",
           "write the pair with its value here");
    }
  }

  void One(const ast::Option& option, const Words& words) {
    const std::string& name = option.name.literal;
    const ast::Text* value = TextOf(option);
    if (const auto word = words.find(name); word != words.end()) {
      Tell(word->second.code, option.span, "`" + name + "` " + std::string(word->second.what),
           std::string(word->second.help));
    }
    if (value == nullptr) return;
    if (name == "migration-threshold" && AsInteger(value->literal).value_or(0) < 0) {
      Tell("W0482", option.span, "a negative `migration-threshold` is no limit; it was 1",
           "write `migration-threshold=1`");
    }
    std::string lower = value->literal;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    if (name == "target-role" && (lower == "master" || lower == "slave")) {
      Tell("W0480", option.span, "the role `" + lower + "` is deprecated",
           lower == "master" ? "write `promoted`" : "write `unpromoted`");
    }
  }

  // Several copies on a node are told apart by themselves now: they have names of their own, `x:0` and `x:1`.
  void Copies(const Symbol& clone) {
    const auto copies = view_.Meta(clone, "clone-node-max");
    if (!copies || copies->conditional || AsInteger(copies->value).value_or(1) <= 1) return;
    if (view_.Meta(clone, "globally-unique")) return;
    Tell("W0482", copies->span,
         "with several copies on a node the copies of `" + clone.id + "` are `globally-unique` now",
         "write `globally-unique=yes` if that is meant, `clone-node-max=1` or `globally-unique=no` if not");
  }

  void Tell(std::string_view code, const Span& span, std::string message, std::string help) {
    Diagnostic& warning = diagnostics_.Warning(code, span, std::move(message));
    warning.label = "in Pacemaker 3";
    warning.help.push_back(std::move(help));
  }

  const PolicyView& view_;
  const NameInTarget& name_in_target_;
  Diagnostics& diagnostics_;
};

}  // namespace

void LintTarget(const PolicyView& view, const NameInTarget& name_in_target, Diagnostics& diagnostics) {
  TargetLinter(view, name_in_target, diagnostics).Run();
}

}  // namespace picket::compiler
