#include <algorithm>
#include <map>
#include <set>

#include "compiler/check/lint_families.h"
#include "compiler/check/lint_words.h"
#include "compiler/graph/references.h"
#include "compiler/syntax/shape.h"

// What keeps resources from running, although nobody may have meant it so:
// switches left on, partners that stay stopped, nodes that nothing is let in
// on, nodes without room.
namespace picket::compiler {
namespace {

constexpr std::size_t kNamesMax = 4;

bool IsYes(const std::optional<Setting>& setting) {
  return setting && !setting->conditional && AsBoolean(setting->value).value_or(false);
}

class StandstillLinter {
 public:
  StandstillLinter(const PolicyView& view, Diagnostics& diagnostics)
      : view_(view), references_(view.statements(), view.symbols()), diagnostics_(diagnostics) {}

  void Run() {
    Switches();
    Unmanaged();
    NothingAllowed();
    HealthAgents();
    for (const ast::Statement& statement : view_.statements()) {
      const auto* relation = std::get_if<ast::Relation>(&statement.what);
      if (relation != nullptr) StoppedPartner(*relation);
    }
    Room();
  }

 private:
  // W0434
  void Switches() {
    const auto tell = [&](const std::optional<Setting>& setting, const char* message) {
      if (!IsYes(setting)) return;
      diagnostics_.Warning("W0434", setting->span, message)
          .help.push_back("take it out of the policy; set it in the cluster for as long as it is needed");
    };
    tell(view_.Property({"maintenance-mode"}), "in maintenance mode the cluster starts, stops and recovers nothing");
    tell(view_.Property({"stop-all-resources"}), "every resource is stopped, and stays so");
  }

  // W0428: what somebody switched off for an hour, and what is a policy now. A member may say otherwise.
  void Unmanaged() {
    for (const char* name : {"is-managed", "maintenance"}) {
      const bool off = std::string_view(name) == "maintenance";
      const auto is_off = [&](const std::optional<Setting>& setting) {
        return setting && !setting->conditional && AsBoolean(setting->value) == std::optional<bool>(off);
      };
      const auto by_default = view_.Default("rsc_defaults", name);
      if (is_off(by_default)) SetAside(name, *by_default, AllPrimitives(), "any resource");
      for (const Symbol& symbol : view_.symbols().all()) {
        if (!IsResource(symbol.kind)) continue;
        const auto setting = view_.OwnMeta(symbol, name);
        if (is_off(setting)) SetAside(name, *setting, view_.Primitives(symbol), '`' + symbol.id + '`');
      }
    }
    for (const std::string& name : view_.symbols().nodes()) NodeSetAside(name);
  }

  std::vector<const Symbol*> AllPrimitives() const {
    std::vector<const Symbol*> all;
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind == SymbolKind::kPrimitive) all.push_back(&symbol);
    }
    return all;
  }

  // `whom` if the setting holds for all of them, else those for which it does.
  void SetAside(const char* name, const Setting& setting, const std::vector<const Symbol*>& among,
                const std::string& whom) {
    if (!told_spans_.insert({setting.span.file, setting.span.begin}).second) return;  // Of a template: once.
    std::vector<std::string> left;
    for (const Symbol* symbol : among) {
      const auto holds = view_.Meta(*symbol, name);
      if (holds && holds->span.file == setting.span.file && holds->span.begin == setting.span.begin)
        left.push_back(symbol->id);
    }
    if (left.empty() && !among.empty()) return;
    LeftBehind(setting.span,
               "the cluster never starts, stops or recovers " + (left.size() == among.size() ? whom : NamesOf(left)));
  }

  static std::string NamesOf(const std::vector<std::string>& names) {
    std::string list;
    for (std::size_t i = 0; i < names.size() && i < kNamesMax; ++i) list += (i > 0 ? ", `" : "`") + names[i] + '`';
    if (names.size() > kNamesMax) list += " and " + std::to_string(names.size() - kNamesMax) + " more";
    return list;
  }

  // W0428 of a node.
  void NodeSetAside(const std::string& name) {
    const auto& node = std::get<ast::Node>(view_.symbols().FindNode(name)->what);
    for (const ast::Item& item : node.items) {
      const auto* block = std::get_if<ast::Attributes>(&item);
      if (block == nullptr || block->kind.literal != "attributes" || block->when) continue;
      ForEachOption(*block, [&](const ast::Option& option) {
        const ast::Text* value = TextOf(option);
        const bool standby = option.name.literal == "standby";
        if (value == nullptr || !AsBoolean(value->literal).value_or(false)) return;
        if (!standby && option.name.literal != "maintenance") return;
        LeftBehind(option.span, standby ? "nothing runs on `" + name + '`'
                                        : "the cluster never starts, stops or recovers anything on `" + name + '`');
      });
    }
  }

  void LeftBehind(const Span& span, const std::string& message) {
    Diagnostic& warning = diagnostics_.Warning("W0428", span, message);
    warning.label = "for as long as the policy says so";
    warning.help.push_back("take it out of the policy; set it in the cluster for as long as it is needed");
  }

  // W0440: in a cluster where nothing may run unless it is let in.
  void NothingAllowed() {
    const auto symmetric = view_.Property({"symmetric-cluster"});
    if (!symmetric || symmetric->conditional || AsBoolean(symmetric->value) != std::optional<bool>(false)) return;
    std::set<const Symbol*> allowed;
    for (const ast::Statement& statement : view_.statements()) {
      if (std::holds_alternative<ast::Xml>(statement.what)) return;  // It may say anything.
      const auto* location = std::get_if<ast::Location>(&statement.what);
      if (location == nullptr || !LetsIn(*location)) continue;
      if (location->pattern) return;
      for (const ast::Reference& subject : location->subjects) {
        for (const std::string& name : references_.Resources(subject)) {
          const Symbol* symbol = view_.symbols().Find(name);
          if (symbol != nullptr) allowed.insert(&view_.Outermost(*symbol));
        }
      }
    }
    std::vector<std::string> names;
    for (const Symbol& symbol : view_.symbols().all()) {
      if (!IsResource(symbol.kind) || &view_.Outermost(symbol) != &symbol || allowed.contains(&symbol)) continue;
      if (!view_.IsKeptStopped(symbol)) names.push_back(symbol.id);
    }
    if (names.empty()) return;
    Diagnostic& warning = diagnostics_.Warning("W0440", symmetric->span, "no node is allowed to run " + NamesOf(names));
    warning.label = "nothing runs where no location lets it in";
    warning.help.push_back("write `location " + names.front() + " allows NODE, …` for each; `only` forbids the other " +
                           "nodes and lets in on none");
  }

  static bool LetsIn(const ast::Location& location) {
    return std::any_of(location.clauses.begin(), location.clauses.end(), [](const ast::Clause& clause) {
      return clause.verb.literal == "prefers" || clause.verb.literal == "allows";
    });
  }

  // W0433: health agents report when a node is well again, if they run there.
  void HealthAgents() {
    static const std::set<std::string, std::less<>> agents = {"ocf:pacemaker:HealthCPU", "ocf:pacemaker:HealthIOWait",
                                                              "ocf:pacemaker:HealthSMART", "ocf:heartbeat:azure-events",
                                                              "ocf:heartbeat:azure-events-az"};
    static const std::set<std::string, std::less<>> banning = {"migrate-on-red", "only-green", "progressive"};
    const auto strategy = view_.Property({"node-health-strategy"});
    if (!strategy || strategy->conditional || !banning.contains(strategy->value)) return;
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind != SymbolKind::kPrimitive || !agents.contains(view_.Agent(symbol))) continue;
      const Symbol& outermost = view_.Outermost(symbol);
      const auto allowed = view_.Meta(outermost, "allow-unhealthy-nodes");
      if (allowed && (allowed->conditional || AsBoolean(allowed->value).value_or(true))) continue;
      Diagnostic& warning = diagnostics_.Warning(
          "W0433", symbol.span,
          "`" + symbol.id + "` is banned from an unhealthy node as well, and never finds it healthy again");
      warning.others.push_back({strategy->span, "bans everything"});
      const bool plain = outermost.kind == SymbolKind::kPrimitive;
      warning.help.push_back(plain ? "write `meta allow-unhealthy-nodes=yes`"
                                   : "write `allow-unhealthy-nodes=yes` in the braces of `" + outermost.id + '`');
    }
  }

  // W0435
  void StoppedPartner(const ast::Relation& relation) {
    const std::string& keyword = relation.keyword.literal;
    if (keyword != "depend" && keyword != "order" && keyword != "colocation") return;
    const std::string kind = OptionText(relation.options, "kind"), score = OptionText(relation.options, "score");
    const bool ordered = keyword != "colocation" && (kind.empty() || kind == "mandatory");
    const bool placed = keyword != "order" && (score.empty() || ScoreNumber(score).value_or(0) >= kInfinity) &&
                        !HasOption(relation.options, "same");
    if ((!ordered && !placed) || relation.parts.size() != 2) return;
    const ast::Reference& upper = relation.parts[keyword == "order" ? 1 : 0];
    const ast::Reference& lower = relation.parts[keyword == "order" ? 0 : 1];
    const auto starts = [](const ast::Reference& part) { return !part.action || part.action->literal == "start"; };
    const bool promoted =
        (lower.action && lower.action->literal == "promote") || (lower.role && lower.role->literal == "promoted");
    if (!starts(upper) || (!promoted && (!starts(lower) || lower.role))) return;
    const auto* waiting = std::get_if<ast::Text>(&upper.what);
    const auto* other = std::get_if<ast::Text>(&lower.what);
    const Symbol* dependent = waiting != nullptr ? view_.symbols().Find(waiting->literal) : nullptr;
    const Symbol* partner = other != nullptr ? view_.symbols().Find(other->literal) : nullptr;
    if (dependent == nullptr || partner == nullptr || !IsResource(dependent->kind) || !IsResource(partner->kind))
      return;
    const auto role = view_.TargetRole(*partner);
    const bool kept =
        role && (role->value == "stopped" || (promoted && (role->value == "unpromoted" || role->value == "slave")));
    if (!kept || view_.IsKeptStopped(*dependent)) return;
    Diagnostic& warning = diagnostics_.Warning("W0435", waiting->span,
                                               "`" + waiting->literal + "` does not start: `" + other->literal +
                                                   "`, which it needs, is to stay " + role->value);
    warning.others.push_back({role->span, "here"});
    warning.help.push_back("leave `target-role` out, or stop `" + waiting->literal + "` too");
  }

  // ------------------------------------------------------------- W0432: room

  using Amounts = std::map<std::string, std::int64_t>;

  static void Add(const ast::Option& option, Amounts& amounts) {
    const auto* text = std::get_if<ast::Text>(&option.value.what);
    if (text == nullptr) return;
    auto amount = AsInteger(text->literal);
    if (!amount) amount = AsMebibytes(text->literal);
    if (amount) amounts.emplace(option.name.literal, *amount);
  }
  static void Add(const ast::Attributes& block, Amounts& amounts) {
    if (block.when || block.from) return;
    if (!block.has_body) {
      for (const ast::Option& option : block.options) Add(option, amounts);
    }
    for (const ast::Pair& pair : block.pairs) {
      if (const auto* option = std::get_if<ast::Option>(&pair)) Add(*option, amounts);
    }
  }

  void Room() {
    const auto strategy = view_.Property({"placement-strategy"});
    if (!strategy || strategy->conditional || strategy->value == "default") return;
    std::vector<Amounts> nodes;
    for (const std::string& name : view_.symbols().nodes()) {
      const auto& node = std::get<ast::Node>(view_.symbols().FindNode(name)->what);
      if (node.kind && node.kind->literal == "ping") continue;
      nodes.emplace_back();
      for (const ast::Item& item : node.items) {
        const auto* block = std::get_if<ast::Attributes>(&item);
        if (block != nullptr && block->kind.literal == "utilization") Add(*block, nodes.back());
      }
    }
    for (const Symbol& symbol : view_.symbols().all()) {
      // It tells the nodes' sizes while they run.
      if (view_.Agent(symbol) == "ocf:pacemaker:NodeUtilization") return;
      if (std::holds_alternative<ast::Xml>(symbol.statement->what)) return;
    }
    if (nodes.empty() || !view_.symbols().implied_nodes().empty()) return;
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind == SymbolKind::kPrimitive || symbol.kind == SymbolKind::kGroup) Fits(symbol, nodes);
    }
  }

  void Fits(const Symbol& resource, const std::vector<Amounts>& nodes) {
    Amounts needed;
    std::optional<Span> place;
    for (const Symbol* primitive : view_.Primitives(resource)) {
      Amounts own;
      const auto blocks = view_.Blocks(*primitive, "utilization");
      if (!blocks.empty() && !place) place = blocks.front()->span;
      // The template's come last, and what is set stays.
      for (const ast::Attributes* block : blocks) Add(*block, own);
      for (const auto& [name, amount] : own) needed[name] += amount;
    }
    if (!place || told_.contains(view_.Outermost(resource).id)) return;
    const auto fits = [&](const Amounts& node) {
      return std::all_of(needed.begin(), needed.end(), [&](const auto& one) {
        const auto has = node.find(one.first);
        return one.second <= (has != node.end() ? has->second : 0);
      });
    };
    if (std::any_of(nodes.begin(), nodes.end(), fits)) return;
    told_.insert(view_.Outermost(resource).id);
    std::string list;
    for (const auto& [name, amount] : needed) {
      list += (list.empty() ? "" : " ") + name + '=' + std::to_string(amount);
    }
    Diagnostic& warning =
        diagnostics_.Warning("W0432", *place, "no node has room for `" + resource.id + "`, which needs `" + list + "`");
    warning.label = "never runs";
    warning.help.push_back("write `utilization` with as much in a node, or ask for less");
  }

  const PolicyView& view_;
  References references_;
  Diagnostics& diagnostics_;
  std::set<std::string, std::less<>> told_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> told_spans_;
};

}  // namespace

void LintStandstill(const PolicyView& view, Diagnostics& diagnostics) {
  StandstillLinter(view, diagnostics).Run();
}

}  // namespace picket::compiler
