// Operations as JSON, for what is kept between two daemons and for the control socket.
#pragma once

#include <nlohmann/json.hpp>

#include "runtime/group/operation.h"

namespace picket::runtime {

nlohmann::ordered_json JsonOf(const Operation& operation);
// Throws nlohmann's exception if a part is missing or of another kind.
Operation OperationFrom(const nlohmann::ordered_json& json);

}  // namespace picket::runtime
