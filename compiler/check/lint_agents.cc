#include <set>

#include "compiler/check/known_options.h"
#include "compiler/check/lint_families.h"
#include "compiler/check/lint_words.h"

// What a cluster never notices or never finds: resources without any monitor (W0461), agents of alerts
// without a whole path (W0466), units named with their ending (W0467), parameters that
// nobody reads (W0429).
namespace picket::compiler {
namespace {

// Agents that stand for a service and have none.
bool IsStandIn(std::string_view agent) {
  return agent.ends_with(":Dummy") || agent.ends_with(":Stateful") || agent.empty();
}

// `told` holds the places that are told already: what a loop makes is told once.
void Unwatched(const PolicyView& view, const Symbol& primitive, std::set<std::pair<std::uint32_t, std::uint32_t>>& told,
               Diagnostics& diagnostics) {
  if (IsConnection(primitive) || IsStandIn(view.Agent(primitive))) return;
  for (const ast::Operation* operation : view.Operations(primitive)) {
    if (operation->name.literal == "monitor") return;
  }
  if (!told.emplace(primitive.span.file, primitive.span.begin).second) return;
  Diagnostic& warning =
      diagnostics.Warning("W0461", primitive.span, "no failure of `" + primitive.id + "` is ever noticed");
  warning.label = "has no `op monitor`";
  warning.help.push_back("add `op monitor interval=10s timeout=20s`");
}

void Alert(const ast::Alert& alert, Diagnostics& diagnostics) {
  const auto* path = std::get_if<ast::Text>(&alert.path.what);
  if (path == nullptr || path->literal.starts_with("/") || path->literal.empty()) return;
  Diagnostic& warning =
      diagnostics.Warning("W0466", path->span, "`" + path->literal + "` is not a whole path: the alert is never sent");
  warning.help.push_back("write where the program is on every node, as in `/usr/share/pacemaker/alerts/" +
                         path->literal.substr(path->literal.rfind('/') + 1) + "`");
}

void Unit(const ast::Source& source, Diagnostics& diagnostics) {
  const std::string& agent = source.name.literal;
  if (source.is_template || !agent.starts_with("systemd:") || !agent.ends_with(".service")) return;
  const std::string bare = agent.substr(0, agent.size() - 8);
  Diagnostic& warning =
      diagnostics.Warning("W0467", source.name.span, "`.service` is added where a unit is named without an ending");
  warning.label = "another name for `" + bare + "`";
  warning.help.push_back("write `" + bare + "`");
}

// W0429: parameters that nobody reads: of units, and what the cluster itself tells a fence device.
void Unread(const std::string& agent, const std::vector<ast::Item>& items, Diagnostics& diagnostics) {
  const bool unit = agent.starts_with("systemd:") || agent.starts_with("lsb:") || agent.starts_with("service:");
  const bool device = agent.starts_with("stonith:");
  if (!unit && !device) return;
  const auto one = [&](const ast::Option& option) {
    const std::string& name = option.name.literal;
    if (unit) {
      if (IsPlainlyMeta(name)) return;  // W0420 tells more.
      Diagnostic& warning =
          diagnostics.Warning("W0429", option.span, "`" + agent + "` is a unit, and takes no parameters");
      warning.label = "nobody reads it";
      warning.help.push_back("write it in the files of the service, or use an `ocf` agent");
    } else if (name == "action" || name == "option" || name == "nodename") {
      Diagnostic& warning =
          diagnostics.Warning("W0429", option.span, "the cluster tells the device its `" + name + "`");
      warning.label = "what stands here is not used, or harms";
      warning.help.push_back(name == "nodename" ? "leave it out" : "write `pcmk_reboot_action=off` if `off` is meant");
    }
  };
  for (const ast::Item& item : items) {
    if (const auto* option = std::get_if<ast::Option>(&item)) one(*option);
    const auto* block = std::get_if<ast::Attributes>(&item);
    if (block != nullptr && block->kind.literal == "params") ForEachOption(*block, one);
  }
}

}  // namespace

void LintAgents(const PolicyView& view, Diagnostics& diagnostics) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> told;
  for (const Symbol& symbol : view.symbols().all()) {
    if (symbol.kind == SymbolKind::kPrimitive && !std::holds_alternative<ast::Xml>(symbol.statement->what)) {
      Unwatched(view, symbol, told, diagnostics);
    }
  }
  for (const ast::Statement& statement : view.statements()) {
    if (const auto* alert = std::get_if<ast::Alert>(&statement.what)) Alert(*alert, diagnostics);
    if (const auto* primitive = std::get_if<ast::Primitive>(&statement.what)) {
      Unit(primitive->source, diagnostics);
      if (!primitive->source.is_template) Unread(primitive->source.name.literal, primitive->items, diagnostics);
    }
    if (const auto* fence = std::get_if<ast::Fence>(&statement.what)) {
      if (!fence->source.is_template) Unread(fence->source.name.literal, fence->items, diagnostics);
    }
  }
}

}  // namespace picket::compiler
