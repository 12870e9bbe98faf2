// The parameters of a fence device that are the cluster's and not the agent's (`pcmk_…`), read as a fencer reads them.
//
// Pure functions; texts come from people, and whatever is wrong in them counts as not written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "execution/fencing/agent_facts.h"
#include "solver/model/table.h"

namespace picket::execution {

struct HostPort {
  std::string host;
  std::string port;
};
// `n1:1;n2:2,3`, also with `=` for the first `:`; pieces end at `;`, blank or tab, never at a comma. Pieces without a
// name or a port are left out; of two for one name the last counts.
std::vector<HostPort> ParseHostMap(std::string_view text);
// `n1,n2;n3 n4`. Of each name only letters, digits and `_-.` before the first other character count. `on` and `off`
// are no names, and a line that has `invalid` or `variable` in it is no list.
std::vector<std::string> ParseHostList(std::string_view text);

// How a device's targets are known.
enum class HostCheck : uint8_t {
  kStaticList,   // from its parameters
  kDynamicList,  // it is asked for all of them
  kStatus,       // it is asked for each
  kNone,         // it reaches everybody
  kInvalid,      // a word that nobody knows: it reaches nobody
};
// Without pcmk_host_check: static if there is a list or a map; else as the agent is able to answer.
HostCheck HostCheckOf(const solver::Table& parameters, const AgentFacts& facts);

// What the device calls the target: its port in the map, or its own name.
std::string PortOf(const solver::Table& parameters, std::string_view target);
// The agent's parameter that takes the target; empty: none.
std::string HostArgument(const solver::Table& parameters, const AgentFacts& facts);

// pcmk_delay_base for the target, in whole seconds: one duration, or a map of them in which other targets have none.
// What separates a name from its duration: for Pacemaker `:` alone (spec 08 §11.2), for picketd `=` as well.
enum class DelayMap : uint8_t { kColon, kColonOrEquals };
int64_t DelayBaseMs(const solver::Table& parameters, std::string_view target, DelayMap map);
// pcmk_delay_max: what base and chance come to at most; the base if it is not set.
int64_t DelayMaxMs(const solver::Table& parameters, std::string_view target, DelayMap map);

// pcmk_ACTION_timeout rounded up to seconds, else `otherwise_ms`.
int64_t ActionTimeoutMs(const solver::Table& parameters, std::string_view action, int64_t otherwise_ms);
// pcmk_ACTION_retries: how many attempts in all.
int64_t ActionAttempts(const solver::Table& parameters, std::string_view action);
// pcmk_ACTION_action: what the agent is told to do.
std::string ActionName(const solver::Table& parameters, std::string_view action);
// pcmk_action_limit: at a time on one device; below 0: any number.
int64_t ActionLimit(const solver::Table& parameters);

// An agent that knows no `reboot` is told `off`; parameters of `off` then count.
std::string ActionFor(std::string_view action, const AgentFacts& facts);

}  // namespace picket::execution
