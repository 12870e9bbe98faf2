// The dependency graph with what the CIB says around it: templates, tags, tickets, locations, and the fence
// devices with the nodes that they reach. For people; what depends on what stays the graph's own business.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <vector>

#include "compiler/graph/dependency_graph.h"

namespace picket::compiler {

/// For Graphviz: groups are boxes with their members in order, and a legend says what the lines mean.
std::string PictureDot(const DependencyGraph& graph, const SourceMap& sources, const pugi::xml_document& cib);

/// As GraphJson, and "things": [{"id","kind"}] for templates, tags, tickets and nodes, "links":
/// [{"from","to","kind", "label"}] by the names of resources and things.
std::string PictureJson(const DependencyGraph& graph, const SourceMap& sources, const pugi::xml_document& cib);

/// What the picture does not show, one sentence each: constraints about what has no place in it, locations
/// with rules.
std::vector<std::string> NotDrawn(const DependencyGraph& graph, const pugi::xml_document& cib);

}  // namespace picket::compiler
