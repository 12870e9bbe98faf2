#include "compiler/graph/dependency_graph.h"

#include <map>
#include <optional>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graph_traits.hpp>

#include "compiler/syntax/dump.h"

namespace picket::compiler {
namespace {

// Every member of one set with every member of another: past this many pairs a
// junction stands between the sets.
constexpr std::size_t kPairsMax = 100;

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS,
                                    DependencyVertex, DependencyEdge>;

class Builder {
 public:
  explicit Builder(const Symbols& symbols) : symbols_(symbols) {
    for (const Symbol& symbol : symbols.all()) {
      if (IsResource(symbol.kind)) {
        index_[symbol.id] = boost::add_vertex(
            DependencyVertex{symbol.id, std::string(KindName(symbol.kind)), symbol.span}, graph_);
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
      const EdgeKind kind =
          keyword == "separate" ? EdgeKind::kSeparation : EdgeKind::kColocation;
      for (std::size_t i = 0; i + 1 < relation.parts.size(); ++i) {
        Between(relation.parts[i], relation.parts[i + 1], kind, Label(relation, relation.parts[i + 1]), span);
      }
      if (keyword != "depend") {
        for (const ast::Reference& part : relation.parts) Inside(part, kind, span, false);
      }
    }
    if (keyword == "order") {
      for (std::size_t i = 0; i + 1 < relation.parts.size(); ++i) {
        Between(relation.parts[i + 1], relation.parts[i], EdgeKind::kOrder,
                Label(relation, relation.parts[i]), span);
      }
      for (const ast::Reference& part : relation.parts) Inside(part, EdgeKind::kOrder, span, true);
    }
    if (keyword == "depend") {
      for (std::size_t i = 0; i + 1 < relation.parts.size(); ++i) {
        Between(relation.parts[i], relation.parts[i + 1], EdgeKind::kOrder,
                Label(relation, relation.parts[i + 1]), span);
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

  // The resources that a reference stands for; a tag stands for its members.
  std::vector<std::string> Members(const ast::Reference& reference) const {
    std::vector<std::string> names;
    const auto add = [&](const ast::Text& name) {
      const Symbol* symbol = symbols_.Find(name.literal);
      if (symbol == nullptr) return;
      if (const auto* tag = std::get_if<ast::Tag>(&symbol->statement->what)) {
        for (const ast::Text& member : tag->members) {
          if (index_.contains(member.literal)) names.push_back(member.literal);
        }
      } else if (index_.contains(name.literal)) {
        names.push_back(name.literal);
      }
    };
    if (const auto* name = std::get_if<ast::Text>(&reference.what)) {
      add(*name);
    } else {
      for (const ast::Text& member : std::get<ast::Set>(reference.what).members) add(member);
    }
    return names;
  }

  void Between(const ast::Reference& from, const ast::Reference& to, EdgeKind kind,
               const std::string& label, const Span& why) {
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

  // Inside [a, b, c] each needs the one before it.
  void Inside(const ast::Reference& part, EdgeKind kind, const Span& why, bool order) {
    const auto* set = std::get_if<ast::Set>(&part.what);
    if (set == nullptr || (order && !set->ordered)) return;
    if (kind == EdgeKind::kColocation && !set->ordered) return;
    const std::vector<std::string> members = Members(part);
    for (std::size_t i = 0; i + 1 < members.size(); ++i) {
      Edge(members[i + 1], members[i], kind, "", why);
    }
  }

  void Edge(const std::string& from, const std::string& to, EdgeKind kind,
            const std::string& label, const Span& why) {
    const auto a = index_.find(from), b = index_.find(to);
    if (a != index_.end() && b != index_.end()) EdgeTo(a->second, b->second, kind, label, why);
  }

  void EdgeTo(std::size_t from, std::size_t to, EdgeKind kind, const std::string& label,
              const Span& why) {
    boost::add_edge(from, to, DependencyEdge{from, to, kind, label, why}, graph_);
  }

  const Symbols& symbols_;
  Graph graph_;
  std::map<std::string, std::size_t> index_;
};

}  // namespace

DependencyGraph BuildDependencyGraph(const std::vector<ast::Statement>& statements,
                                     const Symbols& symbols) {
  Builder builder(symbols);
  for (const ast::Statement& statement : statements) {
    if (const auto* relation = std::get_if<ast::Relation>(&statement.what)) {
      builder.Take(*relation, statement.span);
    }
  }
  return builder.Result();
}

}  // namespace picket::compiler
