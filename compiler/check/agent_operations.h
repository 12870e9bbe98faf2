// The part of the agents' check (agents.h) that looks at operations.
#pragma once

#include <pugixml.hpp>

#include "compiler/check/agent_report.h"
#include "compiler/check/configured.h"

namespace picket::compiler {

/// Operations held against what the agent has and advises: names, timeouts
/// (written and by default), monitors of a promotable. `promotable` is whether
/// the resource is in a clone of that kind; templates are not.
class OperationCheck {
 public:
  OperationCheck(Configuration& configuration, AgentReport& report)
      : configuration_(configuration), report_(report), default_timeout_(configuration.DefaultTimeout()) {}

  /// The operations that the element itself has, of a primitive or a template.
  void Own(pugi::xml_node element, const agents::Agent& agent);
  /// What a primitive has with its template, and what it lacks.
  void Whole(pugi::xml_node primitive, const agents::Agent& agent, bool promotable);

 private:
  void Timeout(const ConfiguredOperation& operation, const agents::Agent& agent);
  void LiveMigration(pugi::xml_node primitive, const agents::Agent& agent);
  void DefaultTimeouts(pugi::xml_node primitive, const std::vector<ConfiguredOperation>& operations,
                       const agents::Agent& agent, bool promotable);
  void MonitoredRoles(pugi::xml_node primitive, const std::vector<ConfiguredOperation>& operations,
                      const agents::Agent& agent);

  Configuration& configuration_;
  AgentReport& report_;
  std::string default_timeout_;
};

}  // namespace picket::compiler
