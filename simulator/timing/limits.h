// Times of a policy that have to fit one another: of SBD, of the fence devices and their agents, of Corosync.
//
// Each limit is an inequality with its two numbers, whether it holds or not: `check` warns of those that do not, and
// `picket timing` shows them all. Device times are those that fencing is carried out with (execution/fencing).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/topology/topology.h"
#include "execution/fencing/fencing.h"

namespace picket::simulator {

struct Limit {
  std::string_view code;  // of the warning where it does not hold, `W0470`; of static storage
  std::string less;       // `2 × SBD's watchdog`
  int64_t less_ms = 0;
  std::string more;  // `msgwait`
  int64_t more_ms = 0;
  std::string otherwise;  // what happens where it does not hold
  std::string help;       // what to write then

  // Where it is to be mended: a parameter of a fence device, a cluster option, or an option of a section of
  // `cluster`; the others are empty.
  std::string device;
  std::string parameter;
  std::string property;
  std::string section;

  bool holds() const { return less_ms <= more_ms; }
};

// What an agent (`fence_ipmilan`) takes a parameter for where nothing is set; nothing if that is not known.
using AgentDefault = std::function<std::optional<std::string>(std::string_view agent, std::string_view parameter)>;

// In a fixed order; only those whose numbers are known.
std::vector<Limit> LimitsOf(const execution::Fencing& fencing, const compiler::Topology& topology,
                            const AgentDefault& agent_default);

// `6.6 s`, to a tenth of a second.
std::string SecondsText(int64_t ms);

}  // namespace picket::simulator
