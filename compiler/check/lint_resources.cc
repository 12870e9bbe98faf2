#include <algorithm>
#include <map>
#include <set>

#include "compiler/check/known_options.h"
#include "compiler/check/lint_families.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

bool IsMonitor(const ast::Operation& operation) {
  return operation.name.literal == "monitor";
}

// Without an interval an operation is carried out once, not again and again.
std::int64_t IntervalMs(const ast::Operation& operation) {
  return AsDurationMs(OptionText(operation.options, "interval")).value_or(0);
}

bool IsForPromoted(const ast::Operation& operation) {
  const std::string role = Lower(OptionText(operation.options, "role"));
  return role == "promoted" || role == "master";
}

class ResourceLinter {
 public:
  ResourceLinter(const PolicyView& view, Diagnostics& diagnostics) : view_(view), diagnostics_(diagnostics) {
    for (const std::string& name : view.symbols().nodes()) {
      const auto& node = std::get<ast::Node>(view.symbols().FindNode(name)->what);
      if (!node.kind || node.kind->literal != "ping") ++places_;
    }
  }

  void Run() {
    for (const Symbol& symbol : view_.symbols().all()) {
      switch (symbol.kind) {
        case SymbolKind::kPrimitive:
          ProbeOnly(symbol);
          EqualIntervals(symbol);
          FailuresForgotten(symbol);
          MetaAmongParameters(symbol);
          break;
        case SymbolKind::kFence:
        case SymbolKind::kTemplate:
          MetaAmongParameters(symbol);
          break;
        case SymbolKind::kPromotable:
          UncheckedRole(symbol);
          SeveralPromoted(symbol);
          TooManyCopies(symbol);
          AlikeOnOneNode(symbol);
          break;
        case SymbolKind::kClone:
          TooManyCopies(symbol);
          AlikeOnOneNode(symbol);
          SharedFilesystem(symbol);
          break;
        case SymbolKind::kBundle:
          TooManyReplicas(symbol);
          break;
        default:
          break;
      }
    }
    UnusedTemplates();
  }

 private:
  // W0418: a monitor without an interval is only the probe before the start.
  void ProbeOnly(const Symbol& primitive) {
    const ast::Operation* first = nullptr;
    for (const ast::Operation* operation : view_.Operations(primitive)) {
      if (!IsMonitor(*operation)) continue;
      if (IntervalMs(*operation) > 0) return;
      // What is no duration is told as that.
      const std::string interval = OptionText(operation->options, "interval");
      if (!interval.empty() && !AsDurationMs(interval)) return;
      if (first == nullptr) first = operation;
    }
    if (first == nullptr) return;
    Diagnostic& warning =
        diagnostics_.Warning("W0418", first->name.span,
                             "`" + primitive.id + "` is looked at once and never again: no monitor has an interval");
    warning.help.push_back("write `op monitor interval=10s`; without an interval it is only the probe before a start");
  }

  // W0407: the cluster tells operations apart by name and interval only, so of
  // two for different roles one is not carried out.
  void EqualIntervals(const Symbol& primitive) {
    const auto operations = view_.Operations(primitive);
    std::map<std::pair<std::string, std::int64_t>, const ast::Operation*> first;
    for (const ast::Operation* operation : operations) {
      const std::int64_t interval_ms = IntervalMs(*operation);
      if (interval_ms == 0) continue;
      const auto [place, fresh] = first.emplace(std::make_pair(operation->name.literal, interval_ms), operation);
      if (fresh) continue;
      const std::string role = Lower(OptionText(operation->options, "role"));
      // Of a template and its user the latter wins; equals are an error.
      if (role == Lower(OptionText(place->second->options, "role"))) continue;
      Diagnostic& warning = diagnostics_.Warning(
          "W0407", operation->name.span,
          "two `" + operation->name.literal + "` of `" + primitive.id + "` have the same interval: only one is run");
      warning.others.push_back({place->second->name.span, "the first one"});
      warning.help.push_back("give each role an interval of its own, such as 10s and 11s");
    }
  }

  // W0408: the count of failures starts anew before a second one can be seen.
  void FailuresForgotten(const Symbol& primitive) {
    const auto timeout = view_.Meta(primitive, "failure-timeout");
    const auto threshold = view_.Meta(primitive, "migration-threshold");
    if (!timeout || !threshold || timeout->conditional || threshold->conditional) return;
    const auto forgotten_ms = AsDurationMs(timeout->value);
    const auto count = AsInteger(threshold->value);
    if (!forgotten_ms || *forgotten_ms <= 0 || !count || *count < 2) return;
    std::int64_t shortest_ms = 0;
    for (const ast::Operation* operation : view_.Operations(primitive)) {
      const std::int64_t interval_ms = IntervalMs(*operation);
      if (IsMonitor(*operation) && interval_ms > 0 && (shortest_ms == 0 || interval_ms < shortest_ms)) {
        shortest_ms = interval_ms;
      }
    }
    if (shortest_ms == 0 || shortest_ms < *forgotten_ms) return;
    Diagnostic& warning = diagnostics_.Warning("W0408", primitive.span,
                                               "`" + primitive.id + "` never fails " + threshold->value +
                                                   " times: each failure is forgotten before the next monitor");
    warning.others.push_back({timeout->span, "forgotten after this"});
    warning.others.push_back({threshold->span, "counts up to this"});
    warning.help.push_back("write a `failure-timeout` of several monitor intervals");
  }

  // W0420: meta-attributes written among the agent's parameters.
  void MetaAmongParameters(const Symbol& resource) {
    const auto& what = resource.statement->what;
    const auto* primitive = std::get_if<ast::Primitive>(&what);
    const auto* fence = std::get_if<ast::Fence>(&what);
    if (primitive == nullptr && fence == nullptr) return;
    const auto tell = [&](const ast::Option& option) {
      if (!IsPlainlyMeta(option.name.literal)) return;
      const bool of_clone = IsCloneOption(option.name.literal);
      Diagnostic& warning =
          diagnostics_.Warning("W0420", option.name.span,
                               "`" + option.name.literal + "` is given to the agent here, which does not know it");
      warning.label = "the cluster does not look here";
      warning.help.push_back(of_clone ? "write it in the braces of the clone"
                                      : "write `meta " + option.name.literal + "=…`");
    };
    for (const ast::Item& item : primitive != nullptr ? primitive->items : fence->items) {
      if (const auto* option = std::get_if<ast::Option>(&item)) tell(*option);
      const auto* block = std::get_if<ast::Attributes>(&item);
      if (block == nullptr || block->kind.literal != "params") continue;
      for (const ast::Option& option : block->options) {
        if (!block->has_body) tell(option);
      }
      for (const ast::Pair& pair : block->pairs) {
        if (const auto* option = std::get_if<ast::Option>(&pair)) tell(*option);
      }
    }
  }

  // W0406: each role has monitors of its own; one that has none is never checked.
  void UncheckedRole(const Symbol& promotable) {
    for (const Symbol* member : view_.MembersOf(promotable)) {
      const ast::Operation *promoted = nullptr, *other = nullptr;
      for (const ast::Operation* operation : view_.Operations(*member)) {
        if (!IsMonitor(*operation) || IntervalMs(*operation) == 0) continue;
        (IsForPromoted(*operation) ? promoted : other) = operation;
      }
      if ((promoted == nullptr) == (other == nullptr)) continue;
      const char* missing = promoted == nullptr ? "promoted" : "unpromoted";
      Diagnostic& warning = diagnostics_.Warning(
          "W0406", (promoted == nullptr ? other : promoted)->name.span,
          "`" + member->id + "` is never checked where it is " + missing + ": no monitor has `role=" + missing + "`");
      warning.others.push_back({promotable.span, "this gives it two roles"});
      warning.help.push_back(std::string("add `op monitor interval=11s role=") + missing +
                             "`, with an interval that no other monitor of it has");
    }
  }

  // W0448: what the agents know of one promoted copy only.
  void SeveralPromoted(const Symbol& promotable) {
    auto most = view_.Meta(promotable, "promoted-max");
    if (!most) most = view_.Meta(promotable, "master-max");
    if (!most || most->conditional || AsInteger(most->value).value_or(0) < 2) return;
    for (const Symbol* member : view_.MembersOf(promotable)) {
      const char* why = WhyOnePromoted(view_.Agent(*member));
      if (why == nullptr) continue;
      Diagnostic& warning = diagnostics_.Warning(
          "W0448", most->span, "`" + promotable.id + "` promotes " + most->value + " copies, and " + why);
      warning.label = "the second one fails, or has data of its own";
      warning.others.push_back({member->span, "runs " + view_.Agent(*member)});
      warning.help.push_back("leave `promoted-max` out: one copy is promoted");
      return;
    }
  }

  // Null where several copies may be promoted (drbd with two primaries, galera), and for agents that are not known.
  static const char* WhyOnePromoted(const std::string& agent) {
    static const std::map<std::string, const char*, std::less<>> agents = {
        {"ocf:heartbeat:pgsql", "PostgreSQL has one primary"},
        {"ocf:heartbeat:pgsqlms", "PostgreSQL has one primary"},
        {"ocf:heartbeat:mysql", "replicas of MySQL follow one source"},
        {"ocf:percona:mysql_prm", "replicas of MySQL follow one source"},
        {"ocf:heartbeat:mariadb", "replicas of MariaDB follow one source"},
        {"ocf:heartbeat:redis", "replicas of Redis follow one master"},
        {"ocf:heartbeat:db2", "Db2 has one primary"},
        {"ocf:heartbeat:SAPInstance", "one instance of SAP has the locks"},
        {"ocf:heartbeat:conntrackd", "one machine forwards the connections"},
        {"ocf:heartbeat:rabbitmq-server-ha", "the others join the one that is promoted"},
        {"ocf:heartbeat:SAPHana", "HANA has one primary"},
        {"ocf:suse:SAPHana", "HANA has one primary"},
        {"ocf:heartbeat:SAPHanaController", "HANA has one primary"},
        {"ocf:suse:SAPHanaController", "HANA has one primary"}};
    const auto found = agents.find(agent);
    return found != agents.end() ? found->second : nullptr;
  }

  // W0446: before Pacemaker 3, copies that are alike run once on a node, whatever is asked for.
  void AlikeOnOneNode(const Symbol& clone) {
    const auto each = view_.OwnMeta(clone, "clone-node-max"), unique = view_.OwnMeta(clone, "globally-unique");
    if (!each || each->conditional || AsInteger(each->value).value_or(1) < 2) return;
    if (unique && (unique->conditional || AsBoolean(unique->value).value_or(true))) return;
    Diagnostic& warning = diagnostics_.Warning("W0446", each->span,
                                               "a node runs one copy of `" + clone.id + "`: its copies are all alike");
    warning.label = "ignored before Pacemaker 3, which takes the copies for different ones";
    warning.help.push_back("write `globally-unique=yes` beside it, or leave it out");
  }

  // W0414: copies that find no node.
  void TooManyCopies(const Symbol& clone) {
    if (places_ == 0) return;
    const auto most = view_.OwnMeta(clone, "clone-max");
    const auto promoted = view_.OwnMeta(clone, "promoted-max");
    const auto count = most && !most->conditional ? AsInteger(most->value) : std::nullopt;
    const auto each = view_.OwnMeta(clone, "clone-node-max");
    const std::int64_t room = places_ * (each ? std::max<std::int64_t>(1, AsInteger(each->value).value_or(1)) : 1);
    if (count && *count > room) {
      diagnostics_
          .Warning("W0414", most->span,
                   "`" + clone.id + "` has " + most->value + " copies, and there is room for " + std::to_string(room))
          .help.push_back("leave out `clone-max` for one copy on each node");
    }
    const auto promoted_count = promoted && !promoted->conditional ? AsInteger(promoted->value) : std::nullopt;
    const std::int64_t copies = count.value_or(room);
    if (promoted_count && *promoted_count > copies) {
      diagnostics_
          .Warning("W0414", promoted->span,
                   "`" + clone.id + "` promotes " + promoted->value + " of " + std::to_string(copies) + " copies")
          .help.push_back("write at most `promoted-max=" + std::to_string(copies) + "`");
    }
  }

  void TooManyReplicas(const Symbol& bundle) {
    const auto* node = std::get_if<ast::Bundle>(&bundle.statement->what);
    if (node == nullptr || places_ == 0) return;
    std::int64_t replicas = 0, each = 1;
    Span span;
    for (const ast::BundleItem& item : node->items) {
      const auto* option = std::get_if<ast::Option>(&item);
      const auto* text = option != nullptr ? std::get_if<ast::Text>(&option->value.what) : nullptr;
      if (text == nullptr) continue;
      if (option->name.literal == "replicas-per-host") each = AsInteger(text->literal).value_or(1);
      if (option->name.literal != "replicas") continue;
      replicas = AsInteger(text->literal).value_or(0);
      span = option->span;
    }
    if (replicas <= places_ * std::max<std::int64_t>(1, each)) return;
    diagnostics_
        .Warning("W0414", span,
                 "`" + bundle.id + "` has " + std::to_string(replicas) + " replicas, and there is room for " +
                     std::to_string(places_ * std::max<std::int64_t>(1, each)))
        .help.push_back("write fewer, or `replicas-per-host=` for several on one node");
  }

  // W0415: two nodes that write to one ext4 destroy it.
  void SharedFilesystem(const Symbol& clone) {
    static const std::set<std::string, std::less<>> alone = {"ext2", "ext3",     "ext4", "xfs",  "btrfs", "jfs",
                                                             "f2fs", "reiserfs", "vfat", "ntfs", "zfs"};
    const auto most = view_.OwnMeta(clone, "clone-max");
    if (most && most->value == "1") return;
    for (const Symbol* primitive : view_.Primitives(clone)) {
      if (view_.Agent(*primitive) != "ocf:heartbeat:Filesystem") continue;
      const auto type = view_.Parameter(*primitive, "fstype");
      if (!type || type->conditional || !alone.contains(type->value)) continue;
      Diagnostic& warning = diagnostics_.Warning("W0415", type->span,
                                                 "`" + primitive->id + "` mounts " + type->value +
                                                     " on every node: if they share the device, they destroy it");
      warning.others.push_back({clone.span, "this runs it everywhere"});
      warning.help.push_back("use a cluster filesystem (gfs2, ocfs2), or mount it on one node: `depend " +
                             primitive->id + " on …` without a clone");
    }
  }

  // W0417: a template that nothing is made from.
  void UnusedTemplates() {
    std::vector<const Symbol*> templates;
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind == SymbolKind::kTemplate && std::holds_alternative<ast::Primitive>(symbol.statement->what)) {
        templates.push_back(&symbol);
      }
    }
    if (templates.empty()) return;
    std::set<std::string, std::less<>> used;
    for (const ast::Statement& statement : view_.statements()) {
      if (const auto* primitive = std::get_if<ast::Primitive>(&statement.what)) {
        if (primitive->source.is_template) used.insert(primitive->source.name.literal);
      } else if (const auto* fence = std::get_if<ast::Fence>(&statement.what)) {
        if (fence->source.is_template) used.insert(fence->source.name.literal);
      } else if (const auto* bundle = std::get_if<ast::Bundle>(&statement.what)) {
        for (const ast::BundleItem& item : bundle->items) {
          const auto* member = std::get_if<ast::BundlePrimitive>(&item);
          if (member != nullptr && member->primitive.source.is_template) {
            used.insert(member->primitive.source.name.literal);
          }
        }
      } else if (const auto* xml = std::get_if<ast::Xml>(&statement.what)) {
        for (const Symbol* one : templates) {
          if (xml->content.literal.find('"' + one->id + '"') != std::string::npos) used.insert(one->id);
        }
      }
    }
    for (const Symbol* one : templates) {
      if (used.contains(one->id)) continue;
      diagnostics_.Warning("W0417", one->span, "nothing is made from the template `" + one->id + "`")
          .help.push_back("write `primitive NAME from " + one->id + "`, or remove it");
    }
  }

  const PolicyView& view_;
  Diagnostics& diagnostics_;
  std::int64_t places_ = 0;  // Nodes that can run something.
};

}  // namespace

void LintResources(const PolicyView& view, Diagnostics& diagnostics) {
  ResourceLinter(view, diagnostics).Run();
}

}  // namespace picket::compiler
