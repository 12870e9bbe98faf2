#pragma once

#include <vector>

#include "compiler/check/symbols.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source_map/source_map.h"
#include "compiler/syntax/ast.h"
#include "compiler/topology/topology.h"

namespace picket::compiler {

/// What is allowed but rarely meant: half a dependency, a preference that
/// stickiness outweighs (lint_families.h has the list), a condition that is
/// never true where it stands.
///
/// What is said about a name that does not exist would be wrong once it is
/// mended, so without `names_are_known` there are no warnings.
void CheckLints(const std::vector<ast::Statement>& statements, const Symbols& symbols,
                const Topology& topology, bool names_are_known, Diagnostics& diagnostics);

/// Drops the warnings for which a comment `# allow W0207: reason` stands on the
/// warning's line. Errors cannot be silenced, nor can a warning be without a
/// reason.
void DropAllowed(const std::vector<ast::Comment>& comments, const SourceMap& sources,
                 Diagnostics& diagnostics);

}  // namespace picket::compiler
