#include <algorithm>
#include <array>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <map>
#include <set>

#include "compiler/graph/dependency_graph.h"
#include "compiler/graph/references.h"
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

// Who says that an action waits: the statement of a constraint or of a group;
// null if it is in the nature of things.
struct Wait {
  const ast::Statement* statement = nullptr;
};

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property, Wait>;

class Finder {
 public:
  Finder(const std::vector<ast::Statement>& statements, const Symbols& symbols, Diagnostics& diagnostics)
      : statements_(statements), symbols_(symbols), references_(statements, symbols), diagnostics_(diagnostics) {}

  void Run() {
    for (const Symbol& symbol : symbols_.all()) {
      if (IsResource(symbol.kind) && index_.emplace(symbol.id, names_.size()).second) names_.push_back(symbol.id);
    }
    graph_ = Graph(names_.size() * kActions * 2);
    for (std::size_t i = 0; i < names_.size(); ++i) Nature(names_[i], i);
    for (const ast::Statement& statement : statements_) {
      const auto* relation = std::get_if<ast::Relation>(&statement.what);
      if (relation == nullptr || !IsMandatory(*relation)) continue;
      if (relation->keyword.literal == "order") Order(relation->parts, *relation, &statement);
      if (relation->keyword.literal == "depend") {
        std::vector<ast::Reference> steps(relation->parts.rbegin(), relation->parts.rend());
        for (ast::Reference& step : steps) {
          if (step.role && step.role->literal == "promoted") {
            step.action = *step.role;
            step.action->literal = "promote";
          }
        }
        Order(steps, *relation, &statement);
      }
    }
    Report();
  }

 private:
  static std::string Word(const std::vector<ast::Option>& options, std::string_view name) {
    for (const ast::Option& option : options) {
      if (option.name.literal != name) continue;
      if (const auto* text = std::get_if<ast::Text>(&option.value.what)) return text->literal;
    }
    return "";
  }
  static bool IsMandatory(const ast::Relation& relation) {
    const std::string kind = Word(relation.options, "kind");
    return kind.empty() || kind == "mandatory";
  }

  static std::size_t Begin(std::size_t resource, Action action) { return (resource * kActions + action) * 2; }
  static std::size_t End(std::size_t resource, Action action) { return Begin(resource, action) + 1; }

  void Edge(std::size_t from, std::size_t to, const ast::Statement* statement) {
    boost::add_edge(from, to, Wait{statement}, graph_);
  }

  void Nature(const std::string& id, std::size_t number) {
    for (int action = 0; action < kActions; ++action) {
      Edge(Begin(number, Action(action)), End(number, Action(action)), nullptr);
    }
    Edge(End(number, kStart), Begin(number, kPromote), nullptr);
    Edge(End(number, kDemote), Begin(number, kStop), nullptr);
    const Symbol* symbol = symbols_.Find(id);
    const auto* members = symbol != nullptr ? std::get_if<ast::Members>(&symbol->statement->what) : nullptr;
    if (members == nullptr || members->name.literal != id) return;
    std::size_t previous = SIZE_MAX;
    for (const ast::Text& name : members->members) {
      const auto member = index_.find(name.literal);
      if (member == index_.end()) continue;
      for (int action = 0; action < kActions; ++action) {
        Edge(Begin(number, Action(action)), Begin(member->second, Action(action)), nullptr);
        Edge(End(member->second, Action(action)), End(number, Action(action)), nullptr);
      }
      if (previous != SIZE_MAX && members->keyword.literal == "group") {
        Edge(End(previous, kStart), Begin(member->second, kStart), symbol->statement);
        Edge(End(member->second, kStop), Begin(previous, kStop), symbol->statement);
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

  Gate Part(const ast::Reference& reference, bool reverse, const ast::Statement* statement) {
    const Action written = reference.action ? ActionOf(reference.action->literal) : kStart;
    const Action action = reverse ? Opposite(written) : written;
    const Gate gate{boost::add_vertex(graph_), boost::add_vertex(graph_)};
    std::vector<std::string> names = references_.Resources(reference);
    const ast::Set* set = references_.SetOf(reference);
    const bool ordered = set != nullptr && set->ordered && AsBoolean(Word(set->options, "sequential")).value_or(true);
    // Where any one is enough, nothing waits for a certain one.
    const auto all = set != nullptr ? AsBoolean(Word(set->options, "require-all")) : std::nullopt;
    const bool every = names.size() == 1 || (!reference.any && all.value_or(true));
    if (reverse) std::reverse(names.begin(), names.end());
    std::size_t previous = SIZE_MAX;
    for (const std::string& name : names) {
      const auto found = index_.find(name);
      if (found == index_.end()) continue;
      Edge(gate.first, Begin(found->second, action), statement);
      if (every) Edge(End(found->second, action), gate.last, statement);
      if (ordered && previous != SIZE_MAX) {
        Edge(End(previous, action), Begin(found->second, action), statement);
      }
      previous = found->second;
    }
    return gate;
  }

  void Order(const std::vector<ast::Reference>& parts, const ast::Relation& relation, const ast::Statement* statement) {
    Chain(parts, false, statement);
    const auto symmetrical = AsBoolean(Word(relation.options, "symmetrical"));
    if (symmetrical && !*symmetrical) return;
    std::vector<ast::Reference> reversed(parts.rbegin(), parts.rend());
    Chain(reversed, true, statement);
  }

  void Chain(const std::vector<ast::Reference>& parts, bool reverse, const ast::Statement* statement) {
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
    boost::strong_components(
        graph_, boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, graph_)));
    // A component with an edge inside holds a circle. Only its first vertex is
    // asked for one: a second circle shows when the first has been mended.
    std::map<std::size_t, std::size_t> begins;
    const auto edges = boost::edges(graph_);
    for (auto e = edges.first; e != edges.second; ++e) {
      const std::size_t from = boost::source(*e, graph_);
      if (graph_[*e].statement == nullptr || component[from] != component[boost::target(*e, graph_)]) continue;
      const auto [place, fresh] = begins.emplace(component[from], from);
      if (!fresh) place->second = std::min(place->second, from);
    }
    // Starting and stopping give the same circle twice: it is told once.
    std::set<std::set<const ast::Statement*>> told;
    for (const auto& [number, begin] : begins) {
      const std::vector<Step> circle = Circle(begin, component);
      std::set<const ast::Statement*> statements;
      for (const Step& step : circle) statements.insert(step.statement);
      if (!circle.empty() && told.insert(statements).second) Tell(circle);
    }
  }

  struct Step {
    const ast::Statement* statement;
    std::string waits, on;  // "start of `b`"; empty between two sets.
  };

  // The shortest way from a vertex back to itself, as the statements on it.
  std::vector<Step> Circle(std::size_t begin, const std::vector<std::size_t>& component) const {
    std::map<std::size_t, Graph::edge_descriptor> reached;
    std::vector<std::size_t> open = {begin};
    for (std::size_t i = 0; i < open.size() && !reached.contains(begin); ++i) {
      const auto edges = boost::out_edges(open[i], graph_);
      for (auto e = edges.first; e != edges.second; ++e) {
        const std::size_t next = boost::target(*e, graph_);
        if (component[next] == component[begin] && reached.emplace(next, *e).second) open.push_back(next);
      }
    }
    if (!reached.contains(begin)) return {};
    std::vector<Graph::edge_descriptor> way;
    for (std::size_t at = begin; way.empty() || at != begin; at = boost::source(way.back(), graph_)) {
      way.push_back(reached.at(at));
    }
    std::reverse(way.begin(), way.end());
    // Edges of one statement that follow one another are one step: from the
    // last action before them to the first one behind.
    std::vector<Step> steps;
    std::string before = NameOf(begin);
    for (const auto& edge : way) {
      const ast::Statement* statement = graph_[edge].statement;
      const std::string to = NameOf(boost::target(edge, graph_));
      const bool goes_on = !steps.empty() && steps.back().statement == statement && steps.back().waits.empty();
      if (statement != nullptr && !goes_on) steps.push_back({statement, "", before});
      if (!to.empty()) {
        before = to;
        if (!steps.empty() && steps.back().waits.empty() && statement != nullptr) steps.back().waits = to;
      }
    }
    return steps;
  }

  // "start of `a`"; empty for the gates of sets.
  std::string NameOf(std::size_t vertex) const {
    const std::size_t resource = vertex / (kActions * 2);
    if (resource >= names_.size()) return "";
    constexpr std::array<const char*, kActions> words = {"start", "promote", "demote", "stop"};
    return std::string(words[vertex / 2 % kActions]) + " of `" + names_[resource] + '`';
  }

  static std::string Label(const Step& step) {
    if (step.waits.empty() || step.on.empty()) return "in the circle";
    return step.waits + " waits for " + step.on;
  }

  void Tell(const std::vector<Step>& circle) {
    // The first in the text is the one that is pointed at.
    std::size_t first = 0;
    std::set<const ast::Statement*> statements;
    for (std::size_t i = 0; i < circle.size(); ++i) {
      statements.insert(circle[i].statement);
      if (circle[i].statement < circle[first].statement) first = i;
    }
    Diagnostic& error = diagnostics_.Error("E0210", circle[first].statement->span,
                                           statements.size() == 1 ? "this waits for itself"
                                                                  : "these " + std::to_string(statements.size()) +
                                                                        " statements wait for each other in a circle");
    error.label = Label(circle[first]);
    std::set<const ast::Statement*> shown = {circle[first].statement};
    for (std::size_t i = 1; i < circle.size() && error.others.size() < 8; ++i) {
      const Step& step = circle[(first + i) % circle.size()];
      if (shown.insert(step.statement).second) error.others.push_back({step.statement->span, Label(step)});
    }
    error.help.push_back("take one of them out, or make it `kind=optional`");
  }

  const std::vector<ast::Statement>& statements_;
  const Symbols& symbols_;
  References references_;
  Diagnostics& diagnostics_;
  std::map<std::string, std::size_t> index_;
  std::vector<std::string> names_;  // By number.
  Graph graph_;
};

}  // namespace

void CheckOrderCycles(const std::vector<ast::Statement>& statements, const Symbols& symbols, Diagnostics& diagnostics) {
  Finder(statements, symbols, diagnostics).Run();
}

}  // namespace picket::compiler
