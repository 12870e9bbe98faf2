// What a fence agent says of itself in its metadata, as far as fencing depends on it.
#pragma once

#include <string>
#include <string_view>

namespace picket::execution {

// The defaults are those of the fence library, which most agents are made with.
struct AgentFacts {
  std::string host_argument = "plug";  // the parameter that takes the target: `plug`, else `port`; empty: none
  bool reboots = true;
  bool switches_on = true;
  bool lists = true;
  bool reports_status = true;
  bool unfences = false;      // its `on` lets a node back to what its `off` took: done when the node joins
  bool on_by_target = false;  // only the target itself may run its `on`

  friend bool operator==(const AgentFacts&, const AgentFacts&) = default;
};

// What is known of an agent (`fence_ipmilan`) without asking it; the defaults for agents that nobody knows.
AgentFacts KnownFacts(std::string_view agent);

}  // namespace picket::execution
