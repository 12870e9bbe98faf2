// The way into the scenario emitter: from checked statements to what the simulator plays (compiler/scenario).
#pragma once

#include <vector>

#include "compiler/check/symbols.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/emit/scenario_names.h"
#include "compiler/scenario/scenario.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler::emit {

/// `test` and `invariant` statements with every name resolved and every
/// condition typed. What a test asks that makes no sense (a node that is
/// promoted, a duration compared with nothing) is reported here. `read` compiles
/// the policies that tests deploy.
scenario::Scenario EmitScenario(const std::vector<ast::Statement>& statements, const Symbols& symbols,
                                const DeployReader& read, Diagnostics& diagnostics);

}  // namespace picket::compiler::emit
