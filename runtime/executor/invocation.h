// How an operation becomes a program to run, and its exit code a result.
//
// The kinds of agents: OCF (1.1: parameters and meta-data in the environment, exit codes as they are), LSB scripts
// (`/etc/init.d`, whose `status` has codes of its own), systemd units, which are no programs but asked for by name,
// and fence agents, which are resources too as far as the solver is concerned: to start one is to ask whether it
// answers. A `service` is a unit where systemd has one of that name, else an LSB script. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/group/operation.h"
#include "runtime/ports/effects.h"

namespace picket::runtime {

// Where things are on this machine.
struct Settings {
  std::string node;    // our own name
  bool group = false;  // one among many, on Corosync; otherwise a group of one
  int wire_high = 0;   // for tests: speak as a picketd that knows no newer format; 0: all we know
  std::string ocf_root = "/usr/lib/ocf";
  std::string init_folder = "/etc/init.d";
  std::string fence_folder = "/usr/sbin";
  std::string tools;   // folder with crm_attribute and its like, put first in the agents' PATH
  std::string socket;  // for those
  std::string path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
};

enum class AgentClass : uint8_t { kOcf, kLsb, kSystemd, kService, kFence, kUnknown };
AgentClass ClassOf(const Operation& operation);

struct Invocation {
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::string input;
};
// Nothing may be empty in it: classes that are not known are the caller's business. Names that would lead out of
// the agents' folders give no arguments.
Invocation InvocationOf(const Operation& operation, const Settings& settings);

// What systemd is to be asked, of the classes `systemd` and `service`, but for the number of the run. Nothing if
// there can be no unit of that name, or units know no such operation.
std::optional<CallUnit> UnitCallOf(const Operation& operation);

// What a fence agent is asked to do, and to whom.
struct FenceRequest {
  std::string agent;
  std::string action;             // the word that the agent knows it by
  solver::Attributes parameters;  // the device's; those for the cluster itself are left out
  std::string target;             // the node's name; empty: the question is about the device
  std::string host_argument;      // the parameter that names the target to the agent; empty: none
  std::string port;               // what it is given
};
// Without arguments if there can be no agent of that name, or what it is asked would not fit on a line.
Invocation FenceInvocation(const FenceRequest& request, const Settings& settings);

// How long an operation may take, and how often it is tried again within that time. Fence devices have their own word
// on both (pcmk_monitor_timeout, pcmk_monitor_retries): they may be busy with somebody else for a moment.
struct Patience {
  uint32_t timeout_ms = 20000;
  int64_t retries = 0;
};
Patience PatienceOf(const Operation& operation);
// As often as a fence device is asked again if it does not say.
inline constexpr int64_t kFenceRetries = 2;

// The result that the exit code of that agent means; of a `service`, that of the LSB script.
int ResultOf(const Operation& operation, int exit_code);
// The agent's own words: the last line that begins with `ocf-exit-reason:`.
std::string ReasonIn(std::string_view errors);
// For agents that have no such line: the last thing that they said, in printable characters and of bounded length,
// without a date in front, so that the same failure is the same text.
std::string LastWords(std::string_view text);

}  // namespace picket::runtime
