// The session: what one daemon leaves for the next one of the same boot, in case it dies.
//
// Agents and services outlive picketd. So the processes that were begun are written down before they do
// anything, and with them this node's history and attributes: the next daemon takes them over and restarts
// nothing. It is kept where a reboot wipes it, and names the boot it belongs to all the same.
//
// On disk it is a list of entries, each a line: a whole session, and what has changed since. So what is
// written is what changed; when the changes are longer than the whole, it is written anew
// (runtime/daemon/journal.cc).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime/executor/agent_runs.h"
#include "runtime/executor/executor.h"

namespace picket::runtime {

// The soft state of one resource on this node, or without a resource that of its transient attributes.
struct SoftPart {
  std::string resource;
  std::string text;  // Replica::SoftPart()
};

// Numbers that were given out by the last daemon are below these.
struct SessionNumbers {
  uint64_t next_run = 1;
  uint64_t next_order = 1;
  int32_t next_call = 1;
};

struct Session {
  std::string boot_id;
  std::string node;
  uint64_t next_run = 1;
  uint64_t next_order = 1;
  int32_t next_call = 1;
  int64_t wall_minus_boot_ms = 0;
  std::vector<RunRecord> runs;
  std::vector<StartedWith> started;
  std::vector<AgentProcess> fencing;         // fence agents that were at work
  std::string soft;                          // Replica::SoftText()
  std::map<std::string, std::string> parts;  // resource -> text, newer than that
};

struct FencingProcesses {
  std::vector<AgentProcess> processes;
};
using SessionChange =
    std::variant<RunRecord, RunEnded, StartedWith, NoLongerStarted, FencingProcesses, SessionNumbers, SoftPart>;

// Lines, with their ends.
std::string EncodeSession(const Session& session);
std::string EncodeChange(const SessionChange& change);
// A session and its changes. A last line without an end was being written when its daemon died, and does not
// count. Nothing if the text is not whole.
std::optional<Session> DecodeSession(std::string_view text);

}  // namespace picket::runtime
