#pragma once

#include <vector>

#include "compiler/check/symbols.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source_map/source_map.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler {

/// What is allowed but rarely meant: half a dependency, a race between fence
/// devices, a dependency on a clone that does not interleave. Also reports
/// nodes that nothing can fence, which is an error.
void CheckLints(const std::vector<ast::Statement>& statements, const Symbols& symbols,
                Diagnostics& diagnostics);

/// Drops the warnings for which a comment `# allow W0207: reason` stands on the
/// warning's line. Errors cannot be silenced, nor can a warning be without a
/// reason.
void DropAllowed(const std::vector<ast::Comment>& comments, const SourceMap& sources,
                 Diagnostics& diagnostics);

}  // namespace picket::compiler
