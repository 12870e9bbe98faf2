// Which agents a policy is checked against: the lock that the user names, else
// `agents.lock` beside the policy, else the set that comes with the product.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "compiler/agents/agent.h"
#include "compiler/agents/lock.h"

namespace picket::compiler::agents {

inline constexpr const char* kLockName = "agents.lock";
inline constexpr const char* kBuiltinName = "built-in";

struct ChosenLock {
  std::shared_ptr<const Lock> lock;
  std::string origin;  ///< `agents.lock`, the file that was named, or `built-in`.
  /// The user chose it: it is what the nodes have.
  bool pinned = false;
};

/// A lock that was chosen and cannot be used. Without `text` it could not be
/// read at all.
struct ChoiceFault {
  std::string path;
  std::optional<std::string> text;
  LockFault fault;
};

using Reader = std::function<std::optional<std::string>(const std::string& path)>;

/// `named` may be empty; so may `folder`, if there is none to look in.
std::optional<ChosenLock> ChooseLock(const std::string& named, const std::optional<std::string>& folder,
                                     const Reader& read, ChoiceFault& fault);

}  // namespace picket::compiler::agents
