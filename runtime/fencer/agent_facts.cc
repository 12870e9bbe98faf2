#include "runtime/fencer/agent_facts.h"

#include "runtime/executor/agent_metadata.h"

namespace picket::runtime {
namespace {

bool HasNamed(pugi::xml_node parent, const char* element, std::string_view name) {
  for (const pugi::xml_node child : parent.children(element)) {
    if (child.attribute("name").value() == name) return true;
  }
  return false;
}

}  // namespace

std::optional<AgentFacts> ReadAgentFacts(std::string_view metadata) {
  pugi::xml_document document;
  if (!LoadMetadata(metadata, document)) return std::nullopt;
  const pugi::xml_node root = document.child("resource-agent");
  const pugi::xml_node parameters = root.child("parameters");
  const pugi::xml_node actions = root.child("actions");
  AgentFacts facts;
  // Where both are there, `port` is the old name for `plug`.
  facts.host_argument = HasNamed(parameters, "parameter", "plug")   ? "plug"
                        : HasNamed(parameters, "parameter", "port") ? "port"
                                                                    : "";
  facts.reboots = HasNamed(actions, "action", "reboot");
  facts.switches_on = HasNamed(actions, "action", "on");
  facts.lists = HasNamed(actions, "action", "list");
  facts.reports_status = HasNamed(actions, "action", "status");
  for (const pugi::xml_node action : actions.children("action")) {
    const bool on = std::string_view(action.attribute("name").value()) == "on";
    if (!on) continue;
    if (IsSet(action.attribute("automatic")) || IsSet(action.attribute("required"))) facts.unfences = true;
    facts.on_by_target = IsSet(action.attribute("on_target"));
  }
  return facts;
}

}  // namespace picket::runtime
