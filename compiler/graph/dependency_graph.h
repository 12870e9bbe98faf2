// What depends on what in a policy, and because of which line.
//
// Made for people and for the checks that need the whole: pictures, cycles,
// "what falls with this". It says what the author wrote; what the cluster
// makes of it is the solver's business. Plain data on the outside; the
// algorithms are Boost.Graph's, inside the .cc files.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/check/symbols.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source_map/source_map.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler {

struct DependencyVertex {
  std::string id;    ///< Of a resource; empty for a junction of two sets.
  std::string kind;  ///< "primitive", "group", …; "set" for a junction.
  Span span;
};

enum class EdgeKind { kOrder, kColocation, kSeparation, kMember };
/// `order`, `colocation`, `separation`, `member`.
std::string_view WordOf(EdgeKind kind);

/// `from` needs `to`: is started after it, is placed with it, is a member of it.
struct DependencyEdge {
  std::size_t from = 0;
  std::size_t to = 0;
  EdgeKind kind = EdgeKind::kOrder;
  std::string label;  ///< "promote", "score 500"; may be empty.
  Span why;           ///< The statement that says so.
};

struct DependencyGraph {
  std::vector<DependencyVertex> vertices;
  std::vector<DependencyEdge> edges;
};

DependencyGraph BuildDependencyGraph(const std::vector<ast::Statement>& statements, const Symbols& symbols);

/// Reports mandatory orders that wait for each other in a circle, each circle
/// once, with the lines that make it.
void CheckOrderCycles(const std::vector<ast::Statement>& statements, const Symbols& symbols, Diagnostics& diagnostics);

/// Reports resources that can run nowhere, because statements that hold
/// absolutely contradict one another: with a partner and apart from it, or on
/// no node on which what they need may be. The statements are shown.
void CheckContradictions(const std::vector<ast::Statement>& statements, const Symbols& symbols,
                         Diagnostics& diagnostics);

/// The graph for Graphviz.
std::string GraphDot(const DependencyGraph& graph, const SourceMap& sources);

/// {"version":1,"vertices":[{"id","kind","file","line"}],"edges":[{"from","to",
/// "kind","label","file","line"}]}; ends of edges are indices of vertices.
std::string GraphJson(const DependencyGraph& graph, const SourceMap& sources);

}  // namespace picket::compiler
