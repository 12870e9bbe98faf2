// The part of the emitter that reads how the nodes are joined. corosync.conf itself is written in compiler/topology.
#pragma once

#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/ast.h"
#include "compiler/topology/topology.h"

namespace picket::compiler::emit {

/// The `cluster` statement and the links of the nodes. Reports nodes without an
/// address on a link that exists, and options of impossible shape. A policy
/// without a `cluster` has one link and Corosync's defaults.
Topology EmitTopology(const std::vector<ast::Statement>& statements, Diagnostics& diagnostics);

}  // namespace picket::compiler::emit
