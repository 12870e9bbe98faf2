#include "compiler/graph/picture.h"

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "compiler/graph/surroundings.h"

namespace picket::compiler {
namespace {

using pugi::xml_node;

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// How a line looks, and what it says: for the edges and for the legend.
struct Line {
  std::string_view kind;
  std::string_view style;
  std::string_view says;
};
constexpr Line kLines[] = {
    {"order", "color=\"#1f6feb\"", "is started after"},
    {"colocation", "color=\"#2da44e\", style=dashed", "is placed with"},
    {"separation", "color=\"#cf222e\", style=dotted, arrowhead=none", "is kept apart from"},
    {"member", "color=\"#6e7781\", arrowhead=odiamond", "is a part of"},
    {"next", "color=\"#6e7781\"", "comes after, in a group"},
    {"made from", "color=\"#8250df\", style=dashed, arrowhead=empty", "is made from"},
    {"tagged", "color=\"#9a6700\", style=dotted, arrowhead=none", "is a tag of"},
    {"needs ticket", "color=\"#bf3989\", arrowhead=vee", "needs the ticket"},
    {"fences", "color=\"#cf222e\", arrowhead=tee", "can fence"},
    {"location", "color=\"#57606a\", style=dotted, arrowhead=open", "has a score for"},
};

std::string_view StyleOf(std::string_view kind) {
  for (const Line& line : kLines) {
    if (line.kind == kind) return line.style;
  }
  return "";
}

std::string_view ShapeOf(std::string_view kind) {
  if (kind == "fence device") return "shape=octagon";
  if (kind == "primitive") return "shape=box";
  if (kind == "template") return "shape=box, style=dashed";
  if (kind == "tag") return "shape=note";
  if (kind == "ticket") return "shape=diamond";
  if (kind == "node") return "shape=box3d";
  if (kind == "nodes") return "shape=box3d, style=dashed";
  return "shape=box, style=rounded";
}

class Picture {
 public:
  Picture(const DependencyGraph& graph, const SourceMap& sources, const pugi::xml_document& cib)
      : graph_(graph), sources_(sources), around_(SurroundingsOf(cib)) {
    for (std::size_t i = 0; i < graph.vertices.size(); ++i) {
      if (!graph.vertices[i].id.empty()) name_of_[graph.vertices[i].id] = "n" + std::to_string(i);
    }
    for (std::size_t i = 0; i < around_.things.size(); ++i)
      name_of_.emplace(around_.things[i].id, "t" + std::to_string(i));
    Groups(cib.document_element().child("configuration").child("resources"));
  }

  std::string Dot() {
    out_ =
        "digraph policy {\n  rankdir=LR;\n  compound=true;\n  node [shape=box, fontname=\"sans-serif\"];\n"
        "  edge [fontname=\"sans-serif\", fontsize=10];\n";
    for (const auto& [group, members] : groups_) Box(group, members);
    for (std::size_t i = 0; i < graph_.vertices.size(); ++i) Vertex(i, "  ", 0);
    for (const Surroundings::Thing& thing : around_.things) {
      if (name_of_.at(thing.id)[0] != 't') continue;
      out_ += "  " + name_of_.at(thing.id) + " [label=" + Quoted(thing.id) + ", " + std::string(ShapeOf(thing.kind)) +
              ", tooltip=" + Quoted(thing.kind) + "];\n";
    }
    for (const DependencyEdge& edge : graph_.edges) Edge(edge);
    for (const Surroundings::Link& link : around_.links) {
      const auto from = name_of_.find(link.from), to = name_of_.find(link.to);
      if (from != name_of_.end() && to != name_of_.end())
        Draw(from->second, to->second, link.kind, link.label, link.kind);
    }
    Legend();
    return out_ + "}\n";
  }

 private:
  // A group is a box; its members stand in it in their order.
  void Groups(xml_node parent) {
    for (const xml_node element : parent.children()) {
      const std::string_view tag = element.name();
      if (tag == "clone" || tag == "master") Groups(element);
      if (tag != "group" || !name_of_.contains(element.attribute("id").value())) continue;
      std::vector<std::string> members;
      for (const xml_node member : element.children("primitive")) {
        if (name_of_.contains(member.attribute("id").value())) members.emplace_back(member.attribute("id").value());
      }
      groups_.emplace_back(element.attribute("id").value(), std::move(members));
    }
  }

  std::size_t IndexOf(const std::string& id) const { return std::stoul(name_of_.at(id).substr(1)); }

  void Box(const std::string& group, const std::vector<std::string>& members) {
    out_ += "  subgraph cluster_" + name_of_.at(group) + " {\n    label=" + Quoted("group " + group) +
            ";\n    style=rounded;\n    fontname=\"sans-serif\";\n";
    out_ += "    " + name_of_.at(group) + " [label=" + Quoted(group) + ", shape=plaintext];\n";
    drawn_.insert(IndexOf(group));
    for (std::size_t i = 0; i < members.size(); ++i) Vertex(IndexOf(members[i]), "    ", i + 1);
    for (std::size_t i = 0; i < members.size(); ++i) {
      const std::string& before = i == 0 ? group : members[i - 1];
      const std::string style = i == 0 ? "style=invis" : std::string(StyleOf("next"));
      out_ += "    " + name_of_.at(members[i]) + " -> " + name_of_.at(before) + " [" + style + "];\n";
      in_group_.insert({IndexOf(members[i]), IndexOf(group)});
    }
    out_ += "  }\n";
  }

  void Vertex(std::size_t i, const char* indentation, std::size_t place) {
    if (!drawn_.insert(i).second) return;
    const DependencyVertex& vertex = graph_.vertices[i];
    out_ += std::string(indentation) + "n" + std::to_string(i);
    if (vertex.id.empty()) {
      out_ += " [shape=point];\n";
      return;
    }
    const std::string label = (place > 0 ? std::to_string(place) + ". " : "") + vertex.id;
    out_ += " [label=" + Quoted(label) + ", " + std::string(ShapeOf(vertex.kind)) +
            ", tooltip=" + Quoted(vertex.kind + ", line " + std::to_string(sources_.PlaceOf(vertex.span).line)) +
            "];\n";
  }

  void Edge(const DependencyEdge& edge) {
    if (edge.kind == EdgeKind::kMember && in_group_.contains({edge.from, edge.to})) return;
    const std::string kind(WordOf(edge.kind));
    Draw("n" + std::to_string(edge.from), "n" + std::to_string(edge.to), kind, edge.label,
         kind + ", line " + std::to_string(sources_.PlaceOf(edge.why).line));
  }

  void Draw(const std::string& from, const std::string& to, const std::string& kind, const std::string& label,
            const std::string& tip) {
    used_.insert(kind);
    out_ += "  " + from + " -> " + to + " [" + std::string(StyleOf(kind));
    if (!label.empty()) out_ += ", label=" + Quoted(label);
    out_ += ", tooltip=" + Quoted(tip) + "];\n";
  }

  // Only what is in the picture.
  void Legend() {
    if (!groups_.empty()) used_.insert("next");
    if (used_.empty()) return;
    out_ +=
        "  subgraph cluster_legend {\n    label=\"legend\";\n    fontname=\"sans-serif\";\n    fontsize=10;\n"
        "    node [shape=plaintext, fontsize=10, width=0.1, height=0.1];\n";
    int number = 0;
    for (const Line& line : kLines) {
      if (!used_.contains(std::string(line.kind))) continue;
      const std::string a = "la" + std::to_string(number), b = "lb" + std::to_string(number);
      out_ += "    " + a + " [label=\"a\"];\n    " + b + " [label=\"b\"];\n    " + a + " -> " + b + " [" +
              std::string(line.style) + ", label=" + Quoted(line.says) + "];\n";
      ++number;
    }
    out_ += "  }\n";
  }

  const DependencyGraph& graph_;
  const SourceMap& sources_;
  Surroundings around_;
  std::map<std::string, std::string> name_of_;
  std::vector<std::pair<std::string, std::vector<std::string>>> groups_;
  std::set<std::size_t> drawn_;
  std::set<std::pair<std::size_t, std::size_t>> in_group_;
  std::set<std::string> used_;
  std::string out_;
};

}  // namespace

std::string PictureDot(const DependencyGraph& graph, const SourceMap& sources, const pugi::xml_document& cib) {
  return Picture(graph, sources, cib).Dot();
}

std::string PictureJson(const DependencyGraph& graph, const SourceMap& sources, const pugi::xml_document& cib) {
  using nlohmann::ordered_json;
  ordered_json document = ordered_json::parse(GraphJson(graph, sources));
  const Surroundings around = SurroundingsOf(cib);
  document["things"] = ordered_json::array();
  document["links"] = ordered_json::array();
  for (const Surroundings::Thing& thing : around.things)
    document["things"].push_back({{"id", thing.id}, {"kind", thing.kind}});
  for (const Surroundings::Link& link : around.links) {
    ordered_json out = {{"from", link.from}, {"to", link.to}, {"kind", link.kind}};
    if (!link.label.empty()) out["label"] = link.label;
    document["links"].push_back(out);
  }
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

std::vector<std::string> NotDrawn(const DependencyGraph& graph, const pugi::xml_document& cib) {
  Surroundings around = SurroundingsOf(cib);
  std::set<std::string> known;
  for (const DependencyVertex& vertex : graph.vertices) known.insert(vertex.id);
  for (const Surroundings::Thing& thing : around.things) known.insert(thing.id);
  const xml_node configuration = cib.document_element().child("configuration");
  for (const xml_node constraint : configuration.child("constraints").children()) {
    const std::string_view tag = constraint.name();
    if (tag != "rsc_order" && tag != "rsc_colocation") continue;
    const auto missing = [&](const std::string& id) { return !id.empty() && !known.contains(id); };
    bool whole = true;
    for (const char* name : {"rsc", "with-rsc", "first", "then"})
      whole = whole && !missing(constraint.attribute(name).value());
    for (const xml_node set : constraint.children("resource_set")) {
      for (const xml_node member : set.children()) whole = whole && !missing(member.attribute("id").value());
    }
    if (!whole)
      around.not_drawn.push_back("`" + std::string(constraint.attribute("id").value()) +
                                 "`, which is about a resource that stands as XML or nowhere");
  }
  return std::move(around.not_drawn);
}

}  // namespace picket::compiler
