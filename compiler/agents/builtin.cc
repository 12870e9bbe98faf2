#include "compiler/agents/builtin.h"

#include <string_view>

#include "compiler/agents/table.h"

namespace picket::compiler::agents {

// Made from data/agents/builtin.lock by the build.
extern const std::string_view kBuiltinTable;

const Lock& BuiltinLock() {
  static const Lock lock = ReadTable(kBuiltinTable);
  return lock;
}

}  // namespace picket::compiler::agents
