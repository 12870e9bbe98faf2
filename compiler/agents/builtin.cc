#include "compiler/agents/builtin.h"

#include <cstdlib>
#include <string_view>

#include "compiler/agents/lock.h"

namespace picket::compiler::agents {

// Made from data/agents/builtin.lock by the build.
extern const std::string_view kBuiltinText;

const Lock& BuiltinLock() {
  static const Lock lock = [] {
    LockFault fault;
    auto read = ReadLock(kBuiltinText, fault);
    // A test reads it at every build; without that set no check means anything.
    if (!read) std::abort();
    return *std::move(read);
  }();
  return lock;
}

}  // namespace picket::compiler::agents
