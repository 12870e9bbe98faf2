// The file `agents.lock`: a set of agents as JSON, written by
// `picket agents lock` on a host that has them and kept beside the policy, so
// that a check needs no agents and says the same everywhere.
//
// The text is a function of the set alone: names are sorted, each parameter
// and each action has a line of its own, and what has its usual value is left
// out, so that a new version of a package changes the lines it changes.
// Readers skip keys that they do not know; a change that old readers would
// misunderstand gets another version number.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/agents/agent.h"

namespace picket::compiler::agents {

inline constexpr int kLockVersion = 1;

std::string WriteLock(const Lock& lock);

/// What is wrong with a text, and where, in bytes.
struct LockFault {
  std::string message;
  std::size_t offset = 0;
};

/// Any bytes may come in; a text that is no lock gives nothing and the fault.
std::optional<Lock> ReadLock(std::string_view text, LockFault& fault);

}  // namespace picket::compiler::agents
