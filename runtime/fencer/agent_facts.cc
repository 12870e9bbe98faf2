#include "runtime/fencer/agent_facts.h"

#include <pugixml.hpp>

namespace picket::runtime {
namespace {

bool HasNamed(pugi::xml_node parent, const char* element, std::string_view name) {
  for (const pugi::xml_node child : parent.children(element)) {
    if (child.attribute("name").value() == name) return true;
  }
  return false;
}

bool IsSet(pugi::xml_attribute attribute) {
  const std::string_view value = attribute.value();
  return value == "1" || value == "true";
}

}  // namespace

std::optional<AgentFacts> ReadAgentFacts(std::string_view metadata) {
  // An agent may print something before it comes to the point.
  const size_t begin = metadata.find("<resource-agent");
  if (begin == std::string_view::npos) return std::nullopt;
  metadata.remove_prefix(begin);
  pugi::xml_document document;
  if (!document.load_buffer(metadata.data(), metadata.size())) return std::nullopt;
  const pugi::xml_node root = document.child("resource-agent");
  const pugi::xml_node parameters = root.child("parameters");
  const pugi::xml_node actions = root.child("actions");
  if (!actions) return std::nullopt;
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
    if (on && (IsSet(action.attribute("automatic")) || IsSet(action.attribute("required")))) facts.unfences = true;
  }
  return facts;
}

}  // namespace picket::runtime
