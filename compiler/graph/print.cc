#include <nlohmann/json.hpp>

#include "compiler/graph/dependency_graph.h"

namespace picket::compiler {
namespace {

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string_view StyleOf(EdgeKind kind) {
  switch (kind) {
    case EdgeKind::kOrder:
      return "color=\"#1f6feb\"";
    case EdgeKind::kColocation:
      return "color=\"#2da44e\", style=dashed";
    case EdgeKind::kSeparation:
      return "color=\"#cf222e\", style=dotted, arrowhead=none";
    case EdgeKind::kMember:
      return "color=\"#6e7781\", arrowhead=odiamond";
  }
  return "";
}

}  // namespace

std::string GraphDot(const DependencyGraph& graph, const SourceMap& sources) {
  std::string out =
      "digraph policy {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n"
      "  edge [fontname=\"sans-serif\", fontsize=10];\n";
  for (std::size_t i = 0; i < graph.vertices.size(); ++i) {
    const DependencyVertex& vertex = graph.vertices[i];
    out += "  n" + std::to_string(i);
    if (vertex.id.empty()) {
      out += " [shape=point];\n";
      continue;
    }
    out += " [label=" + Quoted(vertex.id);
    if (vertex.kind == "fence device") out += ", shape=octagon";
    if (vertex.kind != "primitive" && vertex.kind != "fence device") out += ", style=rounded";
    const Place place = sources.PlaceOf(vertex.span);
    out += ", tooltip=" + Quoted(vertex.kind + ", line " + std::to_string(place.line)) + "];\n";
  }
  for (const DependencyEdge& edge : graph.edges) {
    out += "  n" + std::to_string(edge.from) + " -> n" + std::to_string(edge.to) + " [";
    out += StyleOf(edge.kind);
    if (!edge.label.empty()) out += ", label=" + Quoted(edge.label);
    const Place place = sources.PlaceOf(edge.why);
    out += ", tooltip=" + Quoted(std::string(WordOf(edge.kind)) + ", line " + std::to_string(place.line)) + "];\n";
  }
  return out + "}\n";
}

std::string GraphJson(const DependencyGraph& graph, const SourceMap& sources) {
  using nlohmann::ordered_json;
  ordered_json document;
  document["format"] = "picket-graph";
  document["version"] = 1;
  document["vertices"] = ordered_json::array();
  document["edges"] = ordered_json::array();
  const auto place = [&](ordered_json& out, const Span& span) {
    const Place at = sources.PlaceOf(span);
    out["file"] = at.path;
    out["line"] = at.line;
  };
  for (const DependencyVertex& vertex : graph.vertices) {
    ordered_json out;
    out["id"] = vertex.id;
    out["kind"] = vertex.kind;
    place(out, vertex.span);
    document["vertices"].push_back(out);
  }
  for (const DependencyEdge& edge : graph.edges) {
    ordered_json out;
    out["from"] = edge.from;
    out["to"] = edge.to;
    out["kind"] = WordOf(edge.kind);
    if (!edge.label.empty()) out["label"] = edge.label;
    place(out, edge.why);
    document["edges"].push_back(out);
  }
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace picket::compiler
