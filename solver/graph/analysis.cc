#include "solver/graph/analysis.h"

#include <algorithm>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/graph/topological_sort.hpp>
#include <utility>

namespace picket::solver {
namespace {

using Graph = boost::compressed_sparse_row_graph<boost::directedS>;

// Vertices are synapses; an edge leads from an action to what waits for it. Inputs that are not listed are no
// vertices.
Graph GraphOf(const Transition& transition) {
  int32_t highest = -1;
  for (const ActionId id : transition.synapses) highest = std::max(highest, id.value);
  std::vector<int32_t> synapse_of(static_cast<size_t>(highest + 1), -1);
  for (size_t i = 0; i < transition.synapses.size(); ++i)
    synapse_of[transition.synapses[i].index()] = static_cast<int32_t>(i);
  std::vector<std::pair<size_t, size_t>> edges;
  edges.reserve(transition.inputs.size());
  for (size_t i = 0; i < transition.synapses.size(); ++i) {
    for (uint32_t k = transition.first_input[i]; k < transition.first_input[i + 1]; ++k) {
      const ActionId input = transition.inputs[k];
      const int32_t from = input.index() < synapse_of.size() ? synapse_of[input.index()] : -1;
      if (from >= 0) edges.emplace_back(static_cast<size_t>(from), i);
    }
  }
  return Graph(boost::edges_are_unsorted_multi_pass, edges.begin(), edges.end(), transition.synapses.size());
}

}  // namespace

std::vector<std::vector<ActionId>> FindLoops(const Transition& transition) {
  const Graph graph = GraphOf(transition);
  const size_t count = transition.synapses.size();
  std::vector<size_t> component(count);
  const size_t components = boost::strong_components(
      graph, boost::make_iterator_property_map(component.begin(), get(boost::vertex_index, graph)));
  std::vector<std::vector<ActionId>> members(components);
  std::vector<size_t> order;  // components by their first member
  std::vector<bool> waits_for_itself(components, false);
  for (size_t i = 0; i < count; ++i) {
    if (members[component[i]].empty()) order.push_back(component[i]);
    members[component[i]].push_back(transition.synapses[i]);
    for (auto [edge, end] = boost::out_edges(i, graph); edge != end; ++edge) {
      if (boost::target(*edge, graph) == i) waits_for_itself[component[i]] = true;
    }
  }
  std::vector<std::vector<ActionId>> loops;
  for (const size_t c : order) {
    if (members[c].size() > 1 || waits_for_itself[c]) loops.push_back(std::move(members[c]));
  }
  return loops;
}

std::optional<CriticalPath> FindCriticalPath(const Transition& transition, const std::vector<int64_t>& duration_ms) {
  if (!FindLoops(transition).empty()) return std::nullopt;
  CriticalPath path;
  if (transition.synapses.empty()) return path;
  const Graph graph = GraphOf(transition);
  std::vector<size_t> sorted;  // last first
  boost::topological_sort(graph, std::back_inserter(sorted));

  constexpr size_t kNone = static_cast<size_t>(-1);
  std::vector<int64_t> finish_ms(duration_ms);
  std::vector<size_t> previous(transition.synapses.size(), kNone);
  size_t last = sorted.back();
  for (auto it = sorted.rbegin(); it != sorted.rend(); ++it) {
    if (finish_ms[*it] > finish_ms[last]) last = *it;
    for (auto [edge, end] = boost::out_edges(*it, graph); edge != end; ++edge) {
      const size_t then = boost::target(*edge, graph);
      const int64_t candidate_ms = finish_ms[*it] + duration_ms[then];
      if (candidate_ms <= finish_ms[then] && previous[then] != kNone) continue;
      if (candidate_ms < finish_ms[then]) continue;
      finish_ms[then] = candidate_ms;
      previous[then] = *it;
    }
  }
  path.length_ms = finish_ms[last];
  for (size_t at = last; at != kNone; at = previous[at]) path.actions.push_back(transition.synapses[at]);
  std::reverse(path.actions.begin(), path.actions.end());
  return path;
}

}  // namespace picket::solver
