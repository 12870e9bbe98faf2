// What a change would do to a live group: the state that picketd told, the change, and the solver's answer.
//
// It is the daemon's own replica and the daemon's own plan, so what is shown is what is done, as long as nothing
// else happens in between.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "execution/plan/orders.h"
#include "runtime/store/replica.h"

namespace picket::runtime {

// The replica of a daemon from its answer to `status` (with cib and configuration). `hard` replaces the hard state
// in it, if given.
std::optional<Replica> ReplicaFrom(const nlohmann::ordered_json& status, const std::optional<Hard>& hard,
                                   std::string& error);
Hard HardFrom(const nlohmann::ordered_json& status);

// Needs a thread with a large stack.
execution::Plan Preview(const Replica& replica, const nlohmann::ordered_json& status);

}  // namespace picket::runtime
