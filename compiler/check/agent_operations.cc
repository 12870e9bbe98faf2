#include "compiler/check/agent_operations.h"

#include <algorithm>
#include <array>

#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

// What every agent has to have.
constexpr std::array<std::string_view, 3> kOfAll = {"start", "stop", "monitor"};

bool IsOfAll(std::string_view name) {
  return std::find(kOfAll.begin(), kOfAll.end(), name) != kOfAll.end();
}

// The timeout that is advised for an operation: for its role and depth where the
// agent tells them apart; of several that may be meant the shortest.
const agents::Action* AdviceFor(const agents::Agent& agent, const ConfiguredOperation& operation) {
  const std::string role = operation.role.empty() || operation.role == "Started" ? "Unpromoted" : operation.role;
  const agents::Action* best = nullptr;
  int best_rank = 0;
  for (const agents::Action& action : agent.actions) {
    if (action.name != operation.name || !AsDurationMs(action.timeout)) continue;
    const std::string wanted = action.role.empty() || action.role == "Started" ? "Unpromoted" : action.role;
    const int rank = (wanted == role ? 2 : 0) + (action.depth == operation.depth ? 1 : 0);
    const bool better = best == nullptr || rank > best_rank ||
                        (rank == best_rank && *AsDurationMs(action.timeout) < *AsDurationMs(best->timeout));
    if (!better) continue;
    best = &action;
    best_rank = rank;
  }
  return best;
}

}  // namespace

void OperationCheck::Own(pugi::xml_node element, const agents::Agent& agent) {
  for (const ConfiguredOperation& operation : configuration_.OperationsOf(element)) {
    const auto place = report_.sources.Find(operation.id, "name");
    if (!operation.own || !place) continue;
    if (agent.actions.empty() || IsOfAll(operation.name) || agent.HasAction(operation.name)) {
      Timeout(operation, agent);
      continue;
    }
    std::vector<std::string> known(kOfAll.begin(), kOfAll.end());
    for (const agents::Action& action : agent.actions) known.push_back(action.name);
    Diagnostic& mistake = report_.Mistake("E0313", *place,
                                          "the agent of `" + std::string(element.attribute("id").value()) +
                                              "` has no operation `" + operation.name + "`");
    mistake.label = report_.Source(agent) + " cannot do that";
    const auto nearest = Nearest(operation.name, known);
    mistake.help.push_back(nearest ? "did you mean `" + *nearest + "`?" : report_.ShowHint(agent));
  }
}

void OperationCheck::Timeout(const ConfiguredOperation& operation, const agents::Agent& agent) {
  const agents::Action* advice = AdviceFor(agent, operation);
  const auto given = AsDurationMs(operation.timeout);
  if (advice == nullptr || !given || *given >= *AsDurationMs(advice->timeout)) return;
  const auto place = report_.sources.Find(operation.id, "timeout");
  if (!place) return;
  Diagnostic& warning = report_.diagnostics.Warning(
      "W0316", *place, "the timeout of `" + operation.name + "` is shorter than its agent advises");
  warning.label = report_.Source(agent) + " advises " + advice->timeout;
  warning.help.push_back("write `timeout=" + advice->timeout + "`, or more");
}

void OperationCheck::Whole(pugi::xml_node primitive, const agents::Agent& agent, bool promotable) {
  const std::vector<ConfiguredOperation> operations = configuration_.OperationsOf(primitive);
  DefaultTimeouts(primitive, operations, agent, promotable);
  LiveMigration(primitive, agent);
  if (promotable) MonitoredRoles(primitive, operations, agent);
}

// W0438, for agents; units of systemd and the like need no metadata to be told.
void OperationCheck::LiveMigration(pugi::xml_node primitive, const agents::Agent& agent) {
  if (agent.actions.empty() || agent.HasAction("migrate_to")) return;
  for (const pugi::xml_node block : primitive.children("meta_attributes")) {
    const pugi::xml_node pair = block.find_child_by_attribute("nvpair", "name", "allow-migrate");
    const auto place = report_.sources.Find(pair.attribute("id").value(), "name");
    if (block.child("rule") || !place || !AsBoolean(pair.attribute("value").value()).value_or(false)) continue;
    Diagnostic& warning = report_.diagnostics.Warning(
        "W0438", *place,
        "`" + std::string(primitive.attribute("id").value()) + "` cannot migrate: its agent has no `migrate_to`");
    warning.label = report_.Source(agent) + " stops and starts for each move";
    warning.help.push_back("leave it out");
  }
}

// One warning for all operations whose time nobody has said.
void OperationCheck::DefaultTimeouts(pugi::xml_node primitive, const std::vector<ConfiguredOperation>& operations,
                                     const agents::Agent& agent, bool promotable) {
  const auto given = AsDurationMs(default_timeout_);
  if (!given) return;
  std::vector<std::string> names, lines;
  const auto look = [&](const ConfiguredOperation& operation) {
    const agents::Action* advice = AdviceFor(agent, operation);
    if (advice == nullptr || *AsDurationMs(advice->timeout) <= *given) return;
    if (std::find(names.begin(), names.end(), operation.name) != names.end()) return;
    names.push_back(operation.name);
    lines.push_back(operation.name == "monitor" ? "`timeout=" + advice->timeout + "` at `op monitor`"
                                                : "`op " + operation.name + " timeout=" + advice->timeout + "`");
  };
  for (const char* name : {"start", "stop", "promote", "demote"}) {
    const std::string_view word = name;
    if (!promotable && (word == "promote" || word == "demote")) continue;
    const auto written = std::find_if(operations.begin(), operations.end(),
                                      [&](const ConfiguredOperation& operation) { return operation.name == word; });
    if (written == operations.end())
      look({.name = name});
    else if (written->timeout.empty())
      look(*written);
  }
  for (const ConfiguredOperation& operation : operations) {
    if (operation.name == "monitor" && operation.timeout.empty()) look(operation);
  }
  if (names.empty()) return;
  const std::string id = primitive.attribute("id").value();
  Diagnostic& warning =
      report_.diagnostics.Warning("W0317", report_.NameOf(id),
                                  ListOf(names) + " of `" + id + (names.size() > 1 ? "` have" : "` has") +
                                      " the default timeout of " + default_timeout_ + ", less than the agent advises");
  warning.label = "runs " + report_.Source(agent);
  std::string help = "write ";
  for (std::size_t i = 0; i < lines.size(); ++i) help += (i > 0 ? ", " : "") + lines[i];
  warning.help.push_back(help + "; `op_defaults timeout=…` is for all resources");
}

// One monitor for one role only is a lint of its own, which needs no metadata.
void OperationCheck::MonitoredRoles(pugi::xml_node primitive, const std::vector<ConfiguredOperation>& operations,
                                    const agents::Agent& agent) {
  const auto advised = [&](std::string_view role) -> const agents::Action* {
    for (const agents::Action& action : agent.actions) {
      if (action.name == "monitor" && action.role == role) return &action;
    }
    return nullptr;
  };
  const agents::Action* promoted = advised("Promoted");
  const agents::Action* unpromoted = advised("Unpromoted");
  if (promoted == nullptr || unpromoted == nullptr) return;
  for (const ConfiguredOperation& operation : operations) {
    if (operation.name == "monitor" && AsIntervalMs(operation.interval).value_or(0) > 0) return;
  }
  const auto line = [](const agents::Action& action, std::string_view role, std::string_view interval) {
    return "`op monitor interval=" + (action.interval.empty() ? std::string(interval) : action.interval) +
           (action.timeout.empty() ? "" : " timeout=" + action.timeout) + " role=" + std::string(role) + "`";
  };
  const std::string id = primitive.attribute("id").value();
  Diagnostic& warning =
      report_.diagnostics.Warning("W0318", report_.NameOf(id), "nothing monitors `" + id + "`, in neither role");
  warning.label = report_.Source(agent) + " advises a monitor for each";
  warning.help.push_back("write " + line(*promoted, "promoted", "10s") + " and " +
                         line(*unpromoted, "unpromoted", "11s"));
}

}  // namespace picket::compiler
