// The check that comes before all others: names. What has passed it may be looked up without asking again.
#pragma once

#include <vector>

#include "compiler/check/symbols.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler {

/// Checks that every name that is used names something, and something of a kind
/// that fits there: members of groups, sides of constraints, fence devices,
/// nodes, links, tickets, roles. Unknown names are reported with the nearest
/// known one. After it has found nothing, the emitter may look names up freely.
void CheckNames(const std::vector<ast::Statement>& statements, const Symbols& symbols, Diagnostics& diagnostics);

}  // namespace picket::compiler
