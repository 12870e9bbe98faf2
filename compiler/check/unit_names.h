// Names of systemd units that systemd can have no unit of: a mistake that the
// nodes would otherwise find out one after the other, when nothing can be
// done about it.
#pragma once

#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler {

/// E0240 where a resource of the class `systemd` names such a unit.
void CheckUnitNames(const std::vector<ast::Statement>& statements, Diagnostics& diagnostics);

}  // namespace picket::compiler
