// The agents that the program knows by itself. A file `agents.lock` (lock.h) takes their place; choose.h decides.
#pragma once

#include "compiler/agents/agent.h"

namespace picket::compiler::agents {

/// The set of agents that comes with the product, for policies without a lock
/// of their own: those of Debian 12 (data/agents/README.md says how it is
/// made). It stands in the program itself. Read at the first call, which takes
/// a millisecond.
const Lock& BuiltinLock();

}  // namespace picket::compiler::agents
