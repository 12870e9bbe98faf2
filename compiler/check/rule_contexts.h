// The check of what a rule can know at the place where the rule stands.
#pragma once

#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler {

/// Warns where a condition asks for what is not known at that place.
///
/// The CIB takes every expression in every rule. Who reads the rule does not:
/// a cluster option is read for the whole cluster, so no node's attribute has
/// a value there; a meta attribute is read before its resource has a node. The
/// comparison is then simply false (or, of `!=` and under `not`, true), which
/// nobody who wrote it meant. Dates are known everywhere. What can never
/// become a rule at all (`fenced n1`) is refused where rules are emitted.
void CheckRuleContexts(const std::vector<ast::Statement>& statements, Diagnostics& diagnostics);

}  // namespace picket::compiler
