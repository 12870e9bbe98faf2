// A policy's tests as JSON, for players that are other programs (cli/lab).
//
// Each fault is an object with `do` (its word in the language) and its parts; each condition one with `is`. Names are
// plain strings, durations are milliseconds.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "compiler/scenario/scenario.h"

namespace picket::compiler::scenario {

nlohmann::json JsonOf(const Fault& fault);
nlohmann::json JsonOf(const Condition& condition);
nlohmann::json JsonOf(const Assumption& assumption);

}  // namespace picket::compiler::scenario
