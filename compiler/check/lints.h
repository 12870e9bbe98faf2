// Warnings: the way into all families of lints (lint_families.h), and the comments that silence a warning.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/check/symbols.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source_map/source_map.h"
#include "compiler/syntax/ast.h"
#include "compiler/topology/topology.h"

namespace picket::compiler {

/// What Pacemaker 3 calls a cluster option; unset where the policy is for 2.1.
using NameInTarget = std::function<std::string(std::string_view name)>;

/// What is allowed but rarely meant: half a dependency, a preference that
/// stickiness outweighs (lint_families.h has the list), a condition that is
/// never true where it stands.
///
/// What is said about a name that does not exist would be wrong once it is
/// mended, so without `names_are_known` there are no warnings. With `name_in_target` set, what Pacemaker 3 takes
/// otherwise is told as well.
void CheckLints(const std::vector<ast::Statement>& statements, const Symbols& symbols, const Topology& topology,
                bool names_are_known, const NameInTarget& name_in_target, Diagnostics& diagnostics);

/// W0495: comments `# allow …` that allow nothing: a code that does not exist, an error, no reason.
void CheckAllows(const std::vector<ast::Comment>& comments, Diagnostics& diagnostics);

/// Drops the warnings for which a comment `# allow W0207: reason` stands on the
/// warning's line. Errors cannot be silenced, nor can a warning be without a
/// reason.
void DropAllowed(const std::vector<ast::Comment>& comments, const SourceMap& sources, Diagnostics& diagnostics);

}  // namespace picket::compiler
