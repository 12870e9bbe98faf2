#include <algorithm>
#include <array>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <map>
#include <optional>
#include <set>

#include "compiler/graph/dependency_graph.h"
#include "compiler/graph/references.h"
#include "compiler/syntax/shape.h"

// A vertex is a statement about any one node: "an instance of this resource,
// in this role, is here". An edge says that it takes another one to be true on
// the same node: an absolute colocation, the member before in a group. What
// two statements can never hold on one node (`separate`), and on which nodes
// one may hold at all (`only`, `never`), is laid over that. If a vertex needs,
// however far away, what excludes each other, its resource runs nowhere.
//
// Only what is certain counts: no scores below infinity, no conditions, no
// patterns, no `same=`.
namespace picket::compiler {
namespace {

enum Role { kAny, kPromoted, kUnpromoted, kRoles };

struct Need {
  const ast::Statement* statement = nullptr;  ///< Null: in the nature of roles.
  bool group = false;                         ///< The group does it, not a constraint.
};

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, boost::no_property, Need>;
using Edge = boost::graph_traits<Graph>::edge_descriptor;

// Steps of all searches together: what takes more is not looked at.
constexpr std::size_t kStepsMax = 3000000;
constexpr std::size_t kOthersMax = 8;

std::string Word(const std::vector<ast::Option>& options, std::string_view name) {
  for (const ast::Option& option : options) {
    if (option.name.literal != name) continue;
    const auto* text = std::get_if<ast::Text>(&option.value.what);
    return text != nullptr ? text->literal : "?";
  }
  return "";
}

bool IsAbsolute(const ast::Relation& relation) {
  if (!Word(relation.options, "same").empty()) return false;
  const std::string score = Word(relation.options, "score");
  if (score.empty()) return true;
  const auto spelt = AsScore(score);
  if (!spelt) return false;
  const auto number = AsInteger(*spelt);
  return *spelt == "INFINITY" || *spelt == "+INFINITY" || (number && *number >= 1000000);
}

class Searcher {
 public:
  Searcher(const std::vector<ast::Statement>& statements, const Symbols& symbols, Diagnostics& diagnostics)
      : statements_(statements), symbols_(symbols), references_(statements, symbols), diagnostics_(diagnostics) {}

  void Run() {
    for (const Symbol& symbol : symbols_.all()) {
      if (!IsResource(symbol.kind)) continue;
      if (number_.emplace(symbol.id, resources_.size()).second) resources_.push_back(&symbol);
    }
    if (resources_.empty()) return;
    graph_ = Graph(resources_.size() * kRoles);
    for (std::size_t i = 0; i < resources_.size(); ++i) Nature(i);
    Nodes();
    for (const ast::Statement& statement : statements_) {
      if (const auto* relation = std::get_if<ast::Relation>(&statement.what)) Take(*relation, statement);
      if (const auto* location = std::get_if<ast::Location>(&statement.what)) Take(*location, statement);
    }
    for (std::size_t i = 0; i < resources_.size(); ++i) OnClusterNodes(i);
    Apart();
    Places();
  }

 private:
  struct Exclusion {
    std::size_t left, right;
    const ast::Statement* statement;
  };
  // The nodes on which a vertex may be true, by one statement.
  struct Bound {
    const ast::Statement* statement;
    std::set<std::size_t> allowed;
    bool in_its_nature = false;  ///< It is a resource of the kind that runs on cluster nodes only.
  };

  // ------------------------------------------------------------------ the graph

  static std::size_t Vertex(std::size_t resource, Role role) { return resource * kRoles + role; }
  const std::string& NameOf(std::size_t vertex) const { return resources_[vertex / kRoles]->id; }
  std::string Member(std::size_t vertex) const {
    return (vertex % kRoles == kPromoted ? "promoted " : "") + NameOf(vertex);
  }
  // Whoever names a group means its first or its last member; it is shown as
  // the group again.
  std::string Shown(std::size_t vertex) const {
    const Symbol& symbol = *resources_[vertex / kRoles];
    const auto group = symbol.container.empty() ? number_.end() : number_.find(symbol.container);
    if (group == number_.end() || resources_[group->second]->kind != SymbolKind::kGroup) return Member(vertex);
    return symbol.container;
  }

  void Nature(std::size_t resource) {
    const Symbol& symbol = *resources_[resource];
    if (symbol.kind == SymbolKind::kPromotable) {
      boost::add_edge(Vertex(resource, kPromoted), Vertex(resource, kAny), Need{}, graph_);
      boost::add_edge(Vertex(resource, kUnpromoted), Vertex(resource, kAny), Need{}, graph_);
    }
    if (symbol.kind != SymbolKind::kGroup) return;
    // Each member needs the one before it.
    const std::vector<std::size_t> members = MembersOf(symbol);
    for (std::size_t i = 0; i + 1 < members.size(); ++i) {
      boost::add_edge(Vertex(members[i + 1], kAny), Vertex(members[i], kAny), Need{symbol.statement, true}, graph_);
    }
  }

  // All nodes, also those that resources bring along.
  void Nodes() {
    nodes_ = symbols_.nodes();
    for (const std::string& name : symbols_.implied_nodes()) {
      if (symbols_.FindNode(name) == nullptr) nodes_.push_back(name);
    }
    for (std::size_t i = 0; i < symbols_.nodes().size(); ++i) {
      if (!std::get<ast::Node>(symbols_.FindNode(nodes_[i])->what).kind) cluster_nodes_.insert(i);
    }
  }

  // Connections to remote nodes, hosts of guests and fence devices run on no
  // remote or guest node.
  void OnClusterNodes(std::size_t resource) {
    const Symbol& symbol = *resources_[resource];
    const bool is_host = !symbols_.GuestsOf(symbol.id).empty();
    const bool bound = IsConnection(symbol) || symbol.kind == SymbolKind::kFence || is_host;
    if (!bound || cluster_nodes_.empty() || cluster_nodes_.size() == nodes_.size()) return;
    bounds_[Vertex(resource, kAny)].push_back({symbol.statement, cluster_nodes_, true});
  }

  std::vector<std::size_t> MembersOf(const Symbol& group) const {
    std::vector<std::size_t> out;
    const auto* members = std::get_if<ast::Members>(&group.statement->what);
    if (members == nullptr || members->name.literal != group.id) return out;
    for (const ast::Text& member : members->members) {
      const auto found = number_.find(member.literal);
      if (found != number_.end() && resources_[found->second]->container == group.id) out.push_back(found->second);
    }
    return out;
  }

  // Who needs a group needs its last member; what a group needs, its first
  // does, and so all do.
  enum class End { kFirst, kLast };

  std::optional<std::size_t> VertexOf(const std::string& name, const std::optional<ast::Text>& word, End end) const {
    const auto found = number_.find(name);
    if (found == number_.end()) return std::nullopt;
    const Symbol& symbol = *resources_[found->second];
    const std::string role = word ? word->literal : "";
    if (role == "promoted" || role == "unpromoted") {
      if (symbol.kind != SymbolKind::kPromotable) return std::nullopt;
      return Vertex(found->second, role == "promoted" ? kPromoted : kUnpromoted);
    }
    if (!role.empty() && role != "started") return std::nullopt;
    if (symbol.kind == SymbolKind::kGroup) {
      const std::vector<std::size_t> members = MembersOf(symbol);
      if (members.empty()) return std::nullopt;
      return Vertex(end == End::kFirst ? members.front() : members.back(), kAny);
    }
    return Vertex(found->second, kAny);
  }

  std::vector<std::size_t> Vertices(const ast::Reference& part, End end) const {
    std::vector<std::size_t> out;
    for (const std::string& name : references_.Resources(part)) {
      if (const auto vertex = VertexOf(name, part.role, end)) out.push_back(*vertex);
    }
    return out;
  }

  // A set with a score of its own, or said to be otherwise than its brackets.
  bool IsPlain(const ast::Reference& part) const {
    const ast::Set* set = references_.SetOf(part);
    if (set == nullptr) return std::holds_alternative<ast::Text>(part.what);
    return set->options.empty();
  }

  static bool IsSetOfMany(const ast::Reference& part) {
    const auto* set = std::get_if<ast::Set>(&part.what);
    return set != nullptr && set->ordered && set->members.size() > 1;
  }

  void Take(const ast::Relation& relation, const ast::Statement& statement) {
    const std::string& keyword = relation.keyword.literal;
    if (keyword != "colocation" && keyword != "depend" && keyword != "separate") return;
    if (!IsAbsolute(relation)) return;
    for (const ast::Reference& part : relation.parts) {
      if (!IsPlain(part)) return;
    }
    if (keyword == "separate") return Separate(relation, statement);
    for (std::size_t i = 0; i < relation.parts.size(); ++i) {
      const ast::Set* set = references_.SetOf(relation.parts[i]);
      if (keyword == "colocation" && set != nullptr && set->ordered) {
        const auto first = Vertices(relation.parts[i], End::kFirst);
        const auto last = Vertices(relation.parts[i], End::kLast);
        for (std::size_t k = 0; k + 1 < first.size() && first.size() == last.size(); ++k) {
          boost::add_edge(first[k + 1], last[k], Need{&statement, false}, graph_);
        }
      }
      if (i + 1 == relation.parts.size()) continue;
      for (const std::size_t left : Vertices(relation.parts[i], End::kFirst)) {
        for (const std::size_t right : Vertices(relation.parts[i + 1], End::kLast)) {
          if (left != right && ++steps_ < kStepsMax) boost::add_edge(left, right, Need{&statement, false}, graph_);
        }
      }
    }
  }

  void Separate(const ast::Relation& relation, const ast::Statement& statement) {
    const auto exclude = [&](std::size_t left, std::size_t right) {
      if (left != right && ++steps_ < kStepsMax) exclusions_.push_back({left, right, &statement});
    };
    if (relation.parts.size() == 1) {
      const auto members = Vertices(relation.parts[0], End::kLast);
      for (std::size_t i = 0; i < members.size(); ++i) {
        for (std::size_t k = i + 1; k < members.size(); ++k) exclude(members[i], members[k]);
      }
      return;
    }
    for (std::size_t i = 0; i + 1 < relation.parts.size(); ++i) {
      if (IsSetOfMany(relation.parts[i]) || IsSetOfMany(relation.parts[i + 1])) continue;
      for (const std::size_t left : Vertices(relation.parts[i], End::kLast)) {
        for (const std::size_t right : Vertices(relation.parts[i + 1], End::kLast)) exclude(left, right);
      }
    }
  }

  void Take(const ast::Location& location, const ast::Statement& statement) {
    if (location.pattern) return;
    for (const ast::Clause& clause : location.clauses) {
      const bool only = clause.verb.literal == "only";
      if (clause.where || clause.nodes.empty() || (!only && clause.verb.literal != "never")) continue;
      std::set<std::string> named;
      for (const ast::Text& node : clause.nodes) named.insert(node.literal);
      std::set<std::size_t> allowed;
      for (std::size_t i = 0; i < nodes_.size(); ++i) {
        if (named.contains(nodes_[i]) == only) allowed.insert(i);
      }
      for (const ast::Reference& subject : location.subjects) {
        if (!IsPlain(subject)) continue;
        for (const std::size_t vertex : Vertices(subject, End::kFirst)) {
          bounds_[vertex].push_back({&statement, allowed, false});
        }
      }
    }
  }

  // ------------------------------------------------------------- kept apart

  // The nearest vertices from which `from` is reached against the edges, with
  // the edge by which each goes on.
  std::map<std::size_t, std::pair<std::size_t, std::optional<Edge>>> Needing(std::size_t from) {
    std::map<std::size_t, std::pair<std::size_t, std::optional<Edge>>> reached;
    reached[from] = {0, std::nullopt};
    std::vector<std::size_t> open = {from};
    for (std::size_t i = 0; i < open.size() && steps_ < kStepsMax; ++i) {
      const std::size_t distance = reached[open[i]].first;
      const auto edges = boost::in_edges(open[i], graph_);
      for (auto e = edges.first; e != edges.second; ++e) {
        ++steps_;
        const std::size_t next = boost::source(*e, graph_);
        if (reached.emplace(next, std::make_pair(distance + 1, std::optional<Edge>(*e))).second) open.push_back(next);
      }
    }
    return reached;
  }

  void Apart() {
    std::set<std::pair<std::size_t, const ast::Statement*>> told;
    for (const Exclusion& exclusion : exclusions_) {
      if (steps_ >= kStepsMax) return;
      const auto left = Needing(exclusion.left), right = Needing(exclusion.right);
      std::optional<std::size_t> nearest;
      std::size_t distance = SIZE_MAX;
      for (const auto& [vertex, how] : left) {
        const auto other = right.find(vertex);
        if (other == right.end() || how.first + other->second.first >= distance) continue;
        distance = how.first + other->second.first;
        nearest = vertex;
      }
      if (!nearest || !told.emplace(*nearest, exclusion.statement).second) continue;
      // Members of one group have to be told apart.
      const bool alike = Shown(exclusion.left) == Shown(exclusion.right);
      const auto name = [&](std::size_t vertex) { return alike ? Member(vertex) : Shown(vertex); };
      const std::string a = name(exclusion.left), b = name(exclusion.right), who = name(*nearest);
      Diagnostic& error = diagnostics_.Error(
          "E0212", exclusion.statement->span,
          "`" + who + "` can run nowhere: it " +
              (who == a || who == b ? "is kept apart from `" + (who == a ? b : a) + "`, which it needs beside it"
                                    : "needs both `" + a + "` and `" + b + "` beside it, which are kept apart"));
      std::set<const ast::Statement*> shown;
      Path(*nearest, left, error, shown);
      Path(*nearest, right, error, shown);
      error.help.push_back("take one of them out, or give one of them a `score`");
    }
  }

  // The statements that lead from a vertex to where the search began.
  template <class Reached>
  void Path(std::size_t from, const Reached& reached, Diagnostic& error, std::set<const ast::Statement*>& shown) const {
    for (std::size_t at = from;;) {
      const auto how = reached.find(at);
      if (how == reached.end() || !how->second.second) return;
      const Edge edge = *how->second.second;
      const std::size_t next = boost::target(edge, graph_);
      Show(graph_[edge], at, next, error, shown);
      at = next;
    }
  }

  void Show(const Need& need, std::size_t from, std::size_t to, Diagnostic& error,
            std::set<const ast::Statement*>& shown) const {
    if (need.statement == nullptr || error.others.size() >= kOthersMax || !shown.insert(need.statement).second) return;
    error.others.push_back(
        {need.statement->span, need.group ? "`" + Member(from) + "` needs `" + Member(to) + "`, which stands before it"
                                          : "`" + Shown(from) + "` needs `" + Shown(to) + "` beside it"});
  }

  // --------------------------------------------------------------- nodes

  static std::set<std::size_t> Both(const std::set<std::size_t>& a, const std::set<std::size_t>& b) {
    std::set<std::size_t> out;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(out, out.end()));
    return out;
  }

  // Components come with what they reach first, so that each needs only look
  // at its direct neighbours.
  void Places() {
    if (bounds_.empty() || nodes_.size() < 2) return;
    std::vector<std::size_t> component(boost::num_vertices(graph_));
    const std::size_t count = boost::strong_components(
        graph_, boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, graph_)));
    std::vector<std::vector<std::size_t>> inside(count);
    for (std::size_t v = 0; v < component.size(); ++v) inside[component[v]].push_back(v);
    std::vector<std::optional<std::set<std::size_t>>> feasible(count);  // Nothing: everywhere.
    for (std::size_t c = 0; c < count; ++c) {
      const auto narrow = [&](const std::set<std::size_t>& allowed) {
        feasible[c] = feasible[c] ? Both(*feasible[c], allowed) : allowed;
      };
      bool told = false;
      for (const std::size_t v : inside[c]) {
        if (const auto bounds = bounds_.find(v); bounds != bounds_.end()) {
          for (const Bound& bound : bounds->second) narrow(bound.allowed);
        }
        const auto edges = boost::out_edges(v, graph_);
        for (auto e = edges.first; e != edges.second; ++e) {
          const std::size_t next = component[boost::target(*e, graph_)];
          if (next == c || !feasible[next]) continue;
          told = told || feasible[next]->empty();
          narrow(*feasible[next]);
        }
      }
      if (feasible[c] && feasible[c]->empty() && !told) Nowhere(inside[c][0]);
    }
  }

  // Collects what is needed from nearest to farthest, until no node is left.
  void Nowhere(std::size_t start) {
    std::map<std::size_t, std::optional<std::pair<std::size_t, Need>>> reached;
    reached[start] = std::nullopt;
    std::vector<std::size_t> open = {start};
    std::vector<std::pair<std::size_t, const Bound*>> reasons;
    std::optional<std::set<std::size_t>> left;
    for (std::size_t i = 0; i < open.size() && !(left && left->empty()); ++i) {
      if (const auto bounds = bounds_.find(open[i]); bounds != bounds_.end()) {
        for (const Bound& bound : bounds->second) {
          left = left ? Both(*left, bound.allowed) : bound.allowed;
          reasons.emplace_back(open[i], &bound);
        }
      }
      const auto edges = boost::out_edges(open[i], graph_);
      for (auto e = edges.first; e != edges.second; ++e) {
        const std::size_t next = boost::target(*e, graph_);
        if (reached.emplace(next, std::make_pair(open[i], graph_[*e])).second) open.push_back(next);
      }
    }
    Shorten(reasons);
    const bool alone = std::all_of(reasons.begin(), reasons.end(), [&](const auto& one) { return one.first == start; });
    const Span& place = reasons[0].second->statement->span;
    if (alone) {
      Diagnostic& warning =
          diagnostics_.Warning("W0215", place, "`" + Shown(start) + "` can run nowhere: no node is left for it");
      Reasons(reasons, warning);
      warning.help.push_back("write `meta target-role=stopped` if it should not run");
      return;
    }
    Diagnostic& error = diagnostics_.Error(
        "E0212", place, "`" + Shown(start) + "` can run nowhere: no node may run it and what it needs beside it");
    std::set<const ast::Statement*> shown;
    for (const auto& [vertex, bound] : reasons) {
      for (std::size_t at = vertex; reached.at(at); at = reached.at(at)->first) {
        Show(reached.at(at)->second, reached.at(at)->first, at, error, shown);
      }
    }
    Reasons(reasons, error);
    error.help.push_back("give them a node in common, or give the colocation a `score`");
  }

  // Leaves out what is not needed to leave no node.
  void Shorten(std::vector<std::pair<std::size_t, const Bound*>>& reasons) const {
    for (std::size_t i = reasons.size(); i-- > 0;) {
      std::optional<std::set<std::size_t>> left;
      for (std::size_t k = 0; k < reasons.size(); ++k) {
        if (k != i) left = left ? Both(*left, reasons[k].second->allowed) : reasons[k].second->allowed;
      }
      if (left && left->empty()) reasons.erase(reasons.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

  void Reasons(const std::vector<std::pair<std::size_t, const Bound*>>& reasons, Diagnostic& diagnostic) const {
    for (std::size_t i = 1; i < reasons.size() && diagnostic.others.size() < kOthersMax; ++i) {
      diagnostic.others.push_back(
          {reasons[i].second->statement->span, reasons[i].second->in_its_nature
                                                   ? WhyOnClusterNodes(reasons[i].first)
                                                   : "this leaves no node for `" + Shown(reasons[i].first) + "`"});
    }
  }

  std::string WhyOnClusterNodes(std::size_t vertex) const {
    const Symbol& symbol = *resources_[vertex / kRoles];
    const std::string name = '`' + symbol.id + '`';
    if (IsConnection(symbol)) return "the connection to " + name + " runs on a cluster node, never on " + name;
    return name + " runs on a cluster node, never on a remote one";
  }

  const std::vector<ast::Statement>& statements_;
  const Symbols& symbols_;
  References references_;
  Diagnostics& diagnostics_;
  std::vector<const Symbol*> resources_;
  std::vector<std::string> nodes_;
  std::set<std::size_t> cluster_nodes_;  // Those that run Corosync.
  std::map<std::string, std::size_t, std::less<>> number_;
  Graph graph_;
  std::vector<Exclusion> exclusions_;
  std::map<std::size_t, std::vector<Bound>> bounds_;
  std::size_t steps_ = 0;
};

}  // namespace

void CheckContradictions(const std::vector<ast::Statement>& statements, const Symbols& symbols,
                         Diagnostics& diagnostics) {
  Searcher(statements, symbols, diagnostics).Run();
}

}  // namespace picket::compiler
