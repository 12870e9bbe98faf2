// The part of the agents' check (agents.h) that looks at parameters.
#pragma once

#include <map>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "compiler/check/agent_report.h"
#include "compiler/check/configured.h"

namespace picket::compiler {

/// Parameters held against what the agent describes: names, values, what is
/// missing, what must differ between resources. For fence devices the
/// parameters of Pacemaker's fence daemon count as well.
class ParameterCheck {
 public:
  ParameterCheck(Configuration& configuration, AgentReport& report);

  /// The parameter that a name means, in the words of the agent or of the
  /// daemon; null for one that neither describes.
  const agents::Parameter* Find(const agents::Agent& agent, const std::string& name) const;
  /// Whether the name means anything there.
  bool Knows(const agents::Agent& agent, const std::string& name) const;

  /// What the element itself says, a primitive or a template.
  void Own(pugi::xml_node element, const agents::Agent& agent);
  /// Of several agents the one with the nearest name is shown.
  void Unknown(pugi::xml_node element, const ConfiguredPair& pair, const std::vector<const agents::Agent*>& agents);
  void Known(const ConfiguredPair& pair, const agents::Parameter& parameter, const agents::Agent& agent);
  /// What a primitive lacks, with everything that it inherits.
  void Missing(pugi::xml_node primitive, const agents::Agent& agent);
  /// The same value where each resource of the agent needs its own; to be
  /// called for one primitive after the other.
  void Unique(pugi::xml_node primitive, const agents::Agent& agent);

 private:
  void ActionThatItHas(const ConfiguredPair& pair, const agents::Agent& agent);
  void WrongType(const ConfiguredPair& pair, const agents::Parameter& parameter, const agents::Agent& agent);
  void Deprecated(const ConfiguredPair& pair, const agents::Parameter& parameter, const agents::Agent& agent);

  Configuration& configuration_;
  AgentReport& report_;
  const agents::Agent* daemon_ = nullptr;
  std::map<std::string, std::string> seen_;  ///< Unique values, and the resource that has them.
};

}  // namespace picket::compiler
