// The part of the scenario emitter that reads conditions (`running(a) on n1`).
#pragma once

#include <optional>

#include "compiler/emit/scenario_names.h"

namespace picket::compiler::emit {

/// The condition of a test or an invariant: names resolved, every part of a type
/// that makes sense. Nullopt after a mistake has been reported.
std::optional<scenario::Condition> ConditionOf(const ast::Expr& expr, const ScenarioNames& names);

}  // namespace picket::compiler::emit
