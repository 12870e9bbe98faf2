#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>

#include "compiler/graph/dependency_graph.h"
#include "compiler/syntax/shape.h"

// Cycles are looked for among actions, not resources: "promote a after start b"
// and "start b after start a" are no circle. Each action of a resource has a
// begin and an end; a container's action begins before and ends after its
// members'. What waits for a container waits for its end, what a container
// waits for comes before its begin.
namespace picket::compiler {
namespace {

enum Action { kStart, kPromote, kDemote, kStop, kActions };

Action ActionOf(const std::string& word) {
  if (word == "promote") return kPromote;
  if (word == "demote") return kDemote;
  return word == "stop" ? kStop : kStart;
}

Action Opposite(Action action) {
  constexpr std::array<Action, kActions> opposite = {kStop, kDemote, kPromote, kStart};
  return opposite[action];
}

struct Wait {
  std::size_t statement = SIZE_MAX;  ///< SIZE_MAX: no constraint, but in the nature of things.
};

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property, Wait>;

class Finder {
 public:
  Finder(const std::vector<ast::Statement>& statements, const Symbols& symbols,
         Diagnostics& diagnostics)
      : statements_(statements), symbols_(symbols), diagnostics_(diagnostics) {}

  void Run() {
    for (const Symbol& symbol : symbols_.all()) {
      if (IsResource(symbol.kind)) index_[symbol.id] = index_.size();
    }
    graph_ = Graph(index_.size() * kActions * 2);
    for (const auto& [id, number] : index_) Nature(id, number);
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      const auto* relation = std::get_if<ast::Relation>(&statements_[i].what);
      if (relation == nullptr || !IsMandatory(*relation)) continue;
      if (relation->keyword.literal == "order") Order(relation->parts, *relation, i);
      if (relation->keyword.literal == "depend") {
        std::vector<ast::Reference> steps(relation->parts.rbegin(), relation->parts.rend());
        for (ast::Reference& step : steps) {
          if (step.role && step.role->literal == "promoted") {
            step.action = *step.role;
            step.action->literal = "promote";
          }
        }
        Order(steps, *relation, i);
      }
    }
    Report();
  }

 private:
  static std::string Word(const ast::Relation& relation, std::string_view name) {
    for (const ast::Option& option : relation.options) {
      if (option.name.literal != name) continue;
      if (const auto* text = std::get_if<ast::Text>(&option.value.what)) return text->literal;
    }
    return "";
  }
  static bool IsMandatory(const ast::Relation& relation) {
    const std::string kind = Word(relation, "kind");
    return kind.empty() || kind == "mandatory";
  }

  static std::size_t Begin(std::size_t resource, Action action) {
    return (resource * kActions + action) * 2;
  }
  static std::size_t End(std::size_t resource, Action action) { return Begin(resource, action) + 1; }

  void Edge(std::size_t from, std::size_t to, std::size_t statement) {
    boost::add_edge(from, to, Wait{statement}, graph_);
  }

  void Nature(const std::string& id, std::size_t number) {
    for (int action = 0; action < kActions; ++action) {
      Edge(Begin(number, Action(action)), End(number, Action(action)), SIZE_MAX);
    }
    Edge(End(number, kStart), Begin(number, kPromote), SIZE_MAX);
    Edge(End(number, kDemote), Begin(number, kStop), SIZE_MAX);
    const Symbol* symbol = symbols_.Find(id);
    const auto* members = symbol != nullptr ? std::get_if<ast::Members>(&symbol->statement->what) : nullptr;
    if (members == nullptr || members->name.literal != id) return;
    std::size_t previous = SIZE_MAX;
    for (const ast::Text& name : members->members) {
      const auto member = index_.find(name.literal);
      if (member == index_.end()) continue;
      for (int action = 0; action < kActions; ++action) {
        Edge(Begin(number, Action(action)), Begin(member->second, Action(action)), SIZE_MAX);
        Edge(End(member->second, Action(action)), End(number, Action(action)), SIZE_MAX);
      }
      if (previous != SIZE_MAX && members->keyword.literal == "group") {
        Edge(End(previous, kStart), Begin(member->second, kStart), SIZE_MAX);
        Edge(End(member->second, kStop), Begin(previous, kStop), SIZE_MAX);
      }
      previous = member->second;
    }
  }

  // A set as two vertices: everything in it comes after `first` and before
  // `last`.
  struct Gate {
    std::size_t first;
    std::size_t last;
  };

  Gate Part(const ast::Reference& reference, bool reverse, std::size_t statement) {
    const Action written = reference.action ? ActionOf(reference.action->literal) : kStart;
    const Action action = reverse ? Opposite(written) : written;
    const Gate gate{boost::add_vertex(graph_), boost::add_vertex(graph_)};
    std::vector<ast::Text> names;
    bool ordered = false;
    if (const auto* name = std::get_if<ast::Text>(&reference.what)) {
      names.push_back(*name);
    } else {
      const auto& set = std::get<ast::Set>(reference.what);
      names = set.members;
      ordered = set.ordered;
    }
    if (reverse) std::reverse(names.begin(), names.end());
    std::size_t previous = SIZE_MAX;
    for (const ast::Text& name : names) {
      const auto found = index_.find(name.literal);
      if (found == index_.end()) continue;
      Edge(gate.first, Begin(found->second, action), statement);
      Edge(End(found->second, action), gate.last, statement);
      if (ordered && previous != SIZE_MAX) {
        Edge(End(previous, action), Begin(found->second, action), statement);
      }
      previous = found->second;
    }
    return gate;
  }

  void Order(const std::vector<ast::Reference>& parts, const ast::Relation& relation,
             std::size_t statement) {
    Chain(parts, false, statement);
    const auto symmetrical = AsBoolean(Word(relation, "symmetrical"));
    if (symmetrical && !*symmetrical) return;
    std::vector<ast::Reference> reversed(parts.rbegin(), parts.rend());
    Chain(reversed, true, statement);
  }

  void Chain(const std::vector<ast::Reference>& parts, bool reverse, std::size_t statement) {
    std::size_t last = SIZE_MAX;
    for (const ast::Reference& part : parts) {
      const Gate gate = Part(part, reverse, statement);
      if (last != SIZE_MAX) Edge(last, gate.first, statement);
      last = gate.last;
    }
  }

  void Report() {
    std::vector<std::size_t> component(boost::num_vertices(graph_));
    if (component.empty()) return;
    boost::strong_components(graph_, boost::make_iterator_property_map(
                                         component.begin(), boost::get(boost::vertex_index, graph_)));
    // The constraints both of whose ends lie in one component make its circles.
    std::map<std::size_t, std::set<std::size_t>> circles;
    const auto edges = boost::edges(graph_);
    for (auto e = edges.first; e != edges.second; ++e) {
      const std::size_t statement = graph_[*e].statement;
      const std::size_t from = boost::source(*e, graph_), to = boost::target(*e, graph_);
      if (statement != SIZE_MAX && component[from] == component[to]) {
        circles[component[from]].insert(statement);
      }
    }
    // Starting and stopping give the same circle twice: it is told once.
    std::set<std::set<std::size_t>> told;
    for (const auto& [number, statements] : circles) {
      if (!told.insert(statements).second) continue;
      const ast::Statement& first = statements_[*statements.begin()];
      Diagnostic& error =
          statements.size() == 1
              ? diagnostics_.Error("E0210", first.span, "this waits for itself")
              : diagnostics_.Error("E0210", first.span,
                                   "these " + std::to_string(statements.size()) +
                                       " statements wait for each other in a circle");
      for (auto i = std::next(statements.begin()); i != statements.end() && error.others.size() < 8; ++i) {
        error.others.push_back({statements_[*i].span, "and this"});
      }
      error.help.push_back("take one of them out, or make it `kind=optional`");
    }
  }

  const std::vector<ast::Statement>& statements_;
  const Symbols& symbols_;
  Diagnostics& diagnostics_;
  std::map<std::string, std::size_t> index_;
  Graph graph_;
};

}  // namespace

void CheckOrderCycles(const std::vector<ast::Statement>& statements, const Symbols& symbols,
                      Diagnostics& diagnostics) {
  Finder(statements, symbols, diagnostics).Run();
}

}  // namespace picket::compiler
