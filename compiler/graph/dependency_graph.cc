#include "compiler/graph/dependency_graph.h"

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graph_traits.hpp>
#include <map>
#include <pugixml.hpp>

#include "compiler/graph/references.h"
#include "compiler/syntax/dump.h"

namespace picket::compiler {
namespace {

// Every member of one set with every member of another: past this many pairs a
// junction stands between the sets.
constexpr std::size_t kPairsMax = 100;

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, DependencyVertex, DependencyEdge>;

// Constraints that stand in an `xml` statement, as far as the graph draws them.
class XmlConstraints {
 public:
  static std::vector<ast::Relation> Read(const ast::Xml& xml) {
    std::vector<ast::Relation> relations;
    pugi::xml_document document;
    const std::string& text = xml.content.literal;
    if (!document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_fragment)) return relations;
    for (const pugi::xml_node element : document.children()) {
      const std::string_view name = element.name();
      ast::Relation relation;
      if (name == "rsc_order") {
        relation.keyword.literal = "order";
        relation.parts = {Plain(element, "first", "first-action"), Plain(element, "then", "then-action")};
      } else if (name == "rsc_colocation") {
        const bool apart = std::string_view(element.attribute("score").value()).starts_with('-');
        relation.keyword.literal = apart ? "separate" : "colocation";
        relation.parts = {Plain(element, "rsc", "rsc-role"), Plain(element, "with-rsc", "with-rsc-role")};
      } else {
        continue;
      }
      if (element.child("resource_set")) Sets(element, relation);
      relations.push_back(std::move(relation));
    }
    return relations;
  }

 private:
  static ast::Text TextOf(const char* literal) {
    ast::Text text;
    text.literal = literal;
    return text;
  }
  static ast::Reference Plain(pugi::xml_node element, const char* name, const char* word) {
    ast::Reference part;
    part.what = TextOf(element.attribute(name).value());
    if (const pugi::xml_attribute said = element.attribute(word)) {
      part.action = TextOf(said.value());
      boost::algorithm::to_lower(part.action->literal);
    }
    return part;
  }
  static void Sets(pugi::xml_node element, ast::Relation& relation) {
    relation.parts.clear();
    for (const pugi::xml_node one : element.children("resource_set")) {
      ast::Set set;
      set.ordered = one.attribute("sequential").as_bool(true);
      if (one.attribute("id-ref")) set.from = TextOf(one.attribute("id-ref").value());
      for (const pugi::xml_node member : one.children("resource_ref")) {
        set.members.push_back(TextOf(member.attribute("id").value()));
      }
      ast::Reference part;
      part.what = std::move(set);
      relation.parts.push_back(std::move(part));
    }
  }
};

class Builder {
 public:
  Builder(const std::vector<ast::Statement>& statements, const Symbols& symbols) : references_(statements, symbols) {
    for (const Symbol& symbol : symbols.all()) {
      if (IsResource(symbol.kind)) {
        index_[symbol.id] =
            boost::add_vertex(DependencyVertex{symbol.id, std::string(KindName(symbol.kind)), symbol.span}, graph_);
      }
    }
    for (const Symbol& symbol : symbols.all()) {
      if (IsResource(symbol.kind) && !symbol.container.empty()) {
        Edge(symbol.id, symbol.container, EdgeKind::kMember, "", symbol.span);
      }
    }
  }

  void Take(const ast::Relation& relation, const Span& span) {
    const std::string& keyword = relation.keyword.literal;
    if (keyword == "ticket") return;
    if (keyword == "depend" || keyword == "colocation" || keyword == "separate") {
      const EdgeKind kind = keyword == "separate" ? EdgeKind::kSeparation : EdgeKind::kColocation;
      for (std::size_t i = 0; i + 1 < relation.parts.size(); ++i) {
        Between(relation.parts[i], relation.parts[i + 1], kind, Label(relation, relation.parts[i + 1]), span);
      }
      if (keyword != "depend") {
        for (const ast::Reference& part : relation.parts) Inside(part, kind, span, relation.parts.size() == 1);
      }
    }
    if (keyword == "order") {
      for (std::size_t i = 0; i + 1 < relation.parts.size(); ++i) {
        Between(relation.parts[i + 1], relation.parts[i], EdgeKind::kOrder, Label(relation, relation.parts[i]), span);
      }
      for (const ast::Reference& part : relation.parts) Inside(part, EdgeKind::kOrder, span, false);
    }
    if (keyword == "depend") {
      for (std::size_t i = 0; i + 1 < relation.parts.size(); ++i) {
        Between(relation.parts[i], relation.parts[i + 1], EdgeKind::kOrder, Label(relation, relation.parts[i + 1]),
                span);
      }
    }
  }

  DependencyGraph Result() const {
    DependencyGraph out;
    const auto vertices = boost::vertices(graph_);
    for (auto v = vertices.first; v != vertices.second; ++v) out.vertices.push_back(graph_[*v]);
    const auto edges = boost::edges(graph_);
    for (auto e = edges.first; e != edges.second; ++e) {
      DependencyEdge edge = graph_[*e];
      edge.from = boost::source(*e, graph_);
      edge.to = boost::target(*e, graph_);
      out.edges.push_back(std::move(edge));
    }
    return out;
  }

 private:
  std::string Label(const ast::Relation& relation, const ast::Reference& of) {
    std::string out;
    if (of.role) out = of.role->literal;
    if (of.action && of.action->literal != "start") out = of.action->literal;
    for (const ast::Option& option : relation.options) {
      if (option.name.literal != "score" && option.name.literal != "kind") continue;
      out += (out.empty() ? "" : ", ") + option.name.literal + ' ' + DumpValue(option.value);
    }
    return out;
  }

  // What can be drawn of it: a resource that an `xml` statement merely mentions has no vertex.
  std::vector<std::string> Members(const ast::Reference& reference) const {
    std::vector<std::string> names = references_.Resources(reference);
    std::erase_if(names, [&](const std::string& name) { return !index_.contains(name); });
    return names;
  }

  void Between(const ast::Reference& from, const ast::Reference& to, EdgeKind kind, const std::string& label,
               const Span& why) {
    const std::vector<std::string> left = Members(from), right = Members(to);
    if (left.size() * right.size() <= kPairsMax) {
      for (const std::string& one : left) {
        for (const std::string& other : right) Edge(one, other, kind, label, why);
      }
      return;
    }
    const std::size_t junction = boost::add_vertex(DependencyVertex{"", "set", why}, graph_);
    for (const std::string& one : left) EdgeTo(index_[one], junction, kind, label, why);
    for (const std::string& other : right) EdgeTo(junction, index_[other], kind, label, why);
  }

  // Inside [a, b, c] each needs the one before it, or is kept apart from all others.
  void Inside(const ast::Reference& part, EdgeKind kind, const Span& why, bool alone) {
    const ast::Set* set = references_.SetOf(part);
    const bool all_pairs = kind == EdgeKind::kSeparation && alone;
    if (set == nullptr || (!all_pairs && !set->ordered)) return;
    const std::vector<std::string> members = Members(part);
    for (std::size_t i = 0; i < members.size(); ++i) {
      for (std::size_t k = i + 1; k < (all_pairs ? members.size() : std::min(i + 2, members.size())); ++k) {
        Edge(members[k], members[i], kind, "", why);
      }
    }
  }

  void Edge(const std::string& from, const std::string& to, EdgeKind kind, const std::string& label, const Span& why) {
    const auto a = index_.find(from), b = index_.find(to);
    if (a != index_.end() && b != index_.end()) EdgeTo(a->second, b->second, kind, label, why);
  }

  void EdgeTo(std::size_t from, std::size_t to, EdgeKind kind, const std::string& label, const Span& why) {
    boost::add_edge(from, to, DependencyEdge{from, to, kind, label, why}, graph_);
  }

  References references_;
  Graph graph_;
  std::map<std::string, std::size_t> index_;
};

}  // namespace

DependencyGraph BuildDependencyGraph(const std::vector<ast::Statement>& statements, const Symbols& symbols) {
  Builder builder(statements, symbols);
  for (const ast::Statement& statement : statements) {
    if (const auto* relation = std::get_if<ast::Relation>(&statement.what)) {
      builder.Take(*relation, statement.span);
    } else if (const auto* xml = std::get_if<ast::Xml>(&statement.what)) {
      for (const ast::Relation& one : XmlConstraints::Read(*xml)) builder.Take(one, statement.span);
    }
  }
  return builder.Result();
}

std::string_view WordOf(EdgeKind kind) {
  switch (kind) {
    case EdgeKind::kOrder:
      return "order";
    case EdgeKind::kColocation:
      return "colocation";
    case EdgeKind::kSeparation:
      return "separation";
    case EdgeKind::kMember:
      return "member";
  }
  return "";
}

}  // namespace picket::compiler
