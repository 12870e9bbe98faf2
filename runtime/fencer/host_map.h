// Which targets a fence device reaches, and under which name: pcmk_host_map, pcmk_host_list, pcmk_host_check, and
// what devices answer to `list`. Pure functions; texts come from people and from programs, and are read with bounds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/fencer/agent_facts.h"
#include "solver/model/table.h"

namespace picket::runtime {

struct HostPort {
  std::string host;
  std::string port;
};
// `n1:1;n2:2,3`, also with `=` for `:` and with white space between entries. A backslash takes the next character as
// it is. Entries without a name or a port are left out.
std::vector<HostPort> ParseHostMap(std::string_view text);
// `n1,n2;n3 n4`.
std::vector<std::string> ParseHostList(std::string_view text);

// A line of what an agent prints for `list`: the plug, and what it is also called.
struct ListedTarget {
  std::string plug;
  std::string alias;
};
// Lines that are too long or have control characters in them are left out, and so is what comes after many lines.
std::vector<ListedTarget> ParseTargets(std::string_view output);

// The plug of what is called so; nothing if there is none, or if the name is an alias of several.
std::optional<std::string> PlugOf(const std::vector<ListedTarget>& targets, std::string_view wanted);

// How a device's targets are known.
enum class HostCheck : uint8_t {
  kStaticList,   // from its parameters
  kDynamicList,  // it is asked for all of them
  kStatus,       // it is asked for each
  kNone,         // it reaches everybody
};
// Without pcmk_host_check: static if there is a list or a map; else as the agent is able to answer.
HostCheck HostCheckOf(const solver::Table& parameters, const AgentFacts& facts);

// What can be said without asking the device.
enum class Reach : uint8_t { kNo, kYes, kPerhaps };
Reach ReachOf(const solver::Table& parameters, std::string_view target);

// What the device calls the target.
std::string PortOf(const solver::Table& parameters, const std::string& target);

// pcmk_delay_base, which may be a map by target, in milliseconds.
int64_t DelayBaseOf(const solver::Table& parameters, const std::string& target);

}  // namespace picket::runtime
