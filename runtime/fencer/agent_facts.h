// What a fence agent says of itself in its metadata, as far as fencing depends on it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace picket::runtime {

// The defaults are taken where an agent does not answer: what most can, and a list that will fail if it cannot.
struct AgentFacts {
  std::string host_argument = "port";  // the parameter that takes the target; empty: none
  bool reboots = true;
  bool switches_on = true;
  bool lists = true;
  bool reports_status = true;
  bool unfences = false;  // its `on` lets a node back to what its `off` took: done by itself when the node joins
};

// Nothing if the text is no metadata.
std::optional<AgentFacts> ReadAgentFacts(std::string_view metadata);

}  // namespace picket::runtime
