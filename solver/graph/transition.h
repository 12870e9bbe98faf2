// The transition: the listed actions in order of listing, and what each waits for (spec 05 §21, 06 §2-§7).
//
// A Transition refers to the Run it was made from and is valid until that Run is used again. The finished
// graph is small and flat: inputs of synapse i are inputs[first_input[i] .. first_input[i+1]).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "solver/actions/summary.h"
#include "solver/model/run.h"

namespace picket::solver {

struct Transition {
  std::vector<ActionId> synapses;     // order of listing = synapse ids
  std::vector<uint32_t> first_input;  // synapses.size() + 1 entries
  std::vector<ActionId> inputs;       // ascending ids within a synapse; an input need not be listed itself
  int32_t transition_id = 1;
  std::optional<int64_t> recheck_by_s;  // of the Run when listing ended; what writing evaluates later does not count
  TransitionSummary summary;            // filled by Schedule() (target //solver/actions:summary)
};

// S18 and listing: creates notify operations and maintenance_nodes, then lists (spec 05 §21.4).
Transition BuildTransition(Run& run);

// Everything the graph file says about one action (spec 06 §4, §5), for the file, the simulator and the
// runtime.
struct ActionDescription {
  std::string element;              // `rsc_op`, `crm_event`, `pseudo_event`
  Attributes attributes;            // of the element, in the order in which they are written
  Attributes resource;              // of the `primitive` child: id, long-id, class, provider, type; empty: no child
  Attributes parameters;            // of the `attributes` child, sorted by name
  Attributes params;                // `param` children: names that start with a digit
  std::vector<std::string> downed;  // node ids; see has_downed
  bool has_downed = false;
  std::vector<std::pair<std::string, bool>> maintenance;  // node id -> new node_in_maintenance
  int32_t priority = 0;                                   // of the synapse; 0: not written
};
ActionDescription Describe(Run& run, ActionId action);
// The same for each listed action, in the order of listing: what many of them share is worked out once. `visit` gets a
// description that is good until it returns.
void DescribeEach(Run& run, const Transition& transition, const std::function<void(const ActionDescription&)>& visit);
// Attributes 1-7 only (spec 06 §4.2).
ActionDescription DescribeShort(Run& run, ActionId action);

// The graph file (spec 06 §2) and the dot file (spec 06 §7), whole texts.
std::string GraphXml(Run& run, const Transition& transition);
std::string DotText(Run& run, const Transition& transition, bool all_actions, bool with_ids);

}  // namespace picket::solver
