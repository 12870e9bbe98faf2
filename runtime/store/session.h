// The session: what one daemon leaves for the next one of the same boot, in case it dies.
//
// Agents and services outlive picketd. So the processes that were begun are written down before they do anything,
// and with them this node's history and attributes: the next daemon takes them over and restarts nothing. It is
// kept where a reboot wipes it, and names the boot it belongs to all the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/executor/agent_runs.h"
#include "runtime/executor/executor.h"

namespace picket::runtime {

struct Session {
  std::string boot_id;
  std::string node;
  uint64_t next_run = 1;
  uint64_t next_order = 1;
  int32_t next_call = 1;
  int64_t wall_minus_boot_ms = 0;
  std::vector<RunRecord> runs;
  std::vector<StartedWith> started;
  std::vector<AgentProcess> fencing;  // fence agents that were at work
  std::string soft;  // Replica::SoftText()
};

std::string EncodeSession(const Session& session);
// Nothing if the text is not whole.
std::optional<Session> DecodeSession(std::string_view text);

}  // namespace picket::runtime
