// The part of the scenario emitter that reads the faults of a test's steps.
#pragma once

#include <cstdint>
#include <optional>

#include "compiler/emit/scenario_names.h"

namespace picket::compiler::emit {

/// The fault of a step with its names resolved. Nullopt for steps that are not
/// faults, and after a mistake has been reported.
std::optional<scenario::Fault> FaultOf(const ast::TestStep& step, const ScenarioNames& names);

/// A duration in milliseconds; reports any other word and returns nullopt.
std::optional<std::int64_t> DurationOf(const ast::Text& text, const ScenarioNames& names);

}  // namespace picket::compiler::emit
