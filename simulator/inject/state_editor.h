// Changes to a State as crm_simulate makes them to a CIB: nodes go up and down, operations leave history,
// failures count (spec 06 §12.3, §13.4, §13.5).
//
// The editor works on a State that belongs to its caller. A node state is copied the first time it is
// changed; the others stay shared with whatever State this one was copied from. While an editor lives, its
// State is not to be copied, because the editor goes on changing the node states that it has copied once. It
// neither decides nor prints. Finding a node or a history is a map look-up, and the highest call id of each
// history is kept, so that recording an operation costs its own attributes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "execution/history/node.h"
#include "execution/history/result.h"
#include "execution/history/style.h"
#include "solver/model/cluster.h"
#include "solver/model/state.h"

namespace picket::simulator {

// A transient attribute as it was stored.
struct StoredAttribute {
  std::string name;
  std::string value;
  std::string node_state_id;
};

class StateEditor {
 public:
  // `now_s` is the moment at which everything happens, in seconds since 1970.
  StateEditor(const solver::Cluster& cluster, solver::State& state, int64_t now_s);

  // From now on a node that is touched gets an entry in the configuration if it has none (spec 06 §12.3).
  void ConfigureTouchedNodes() { configure_touched_nodes_ = true; }

  // The position of the node's state. It is found by name, else by the id of the configured node of that name
  // or by `id_hint`, else made.
  size_t FindOrMakeNode(std::string_view name, std::string_view id_hint = {});
  const std::string& NodeStateId(size_t node) const { return state_.nodes[node]->id; }

  void BringUp(std::string_view name);
  // Also forgets the node's history and transient attributes.
  void TakeDown(std::string_view name);
  void Fail(std::string_view name);
  // The same as the effect of a fencing operation, which leaves its own name in the node state.
  void Fence(size_t node);

  void SetQuorum(std::string_view value);
  void SetWatchdog(std::string_view value);
  void SetTicket(std::string_view ticket, std::string_view attribute, std::string_view value);

  // Counts a failure of `resource`: to INFINITY if `fatal`, else one more than before. Gives the two
  // attributes stored.
  std::vector<StoredAttribute> CountFailure(size_t node, std::string_view resource, std::string_view operation,
                                            uint32_t interval_ms, bool fatal);
  void Record(size_t node, const execution::HistoryTarget& target, const execution::OperationResult& result);

  // How often the configuration and the rest were changed, for the version numbers of a saved CIB (spec 06
  // §12.2): the second counts from the last change of the configuration.
  int configuration_changes() const { return configuration_changes_; }
  int status_changes() const { return status_changes_; }

 private:
  struct NodeIndex {
    std::shared_ptr<solver::NodeState> own;  // set once this editor has copied it
    bool indexed = false;
    std::unordered_map<std::string, size_t> history_by_id;  // first in document order
    std::vector<int> highest_call_id;                       // of each history
  };

  solver::NodeState& Touch(size_t node);
  void IndexHistory(size_t node);
  size_t FindOrMakeHistory(size_t node, const execution::HistoryTarget& target);
  size_t MakeNode(std::string_view name, std::string_view id);
  void ConfigureNode(std::string_view name, std::string_view id);
  void Mark(size_t node, const execution::Membership& membership, std::string_view origin = "crm_simulate");
  void Forget(size_t node);
  StoredAttribute Store(size_t node, const std::string& name, std::string value);
  void ChangedConfiguration();

  const solver::Cluster& cluster_;
  solver::State& state_;
  int64_t now_s_;
  execution::Style style_;  // of the release that decides
  bool configure_touched_nodes_ = false;
  int configuration_changes_ = 0;
  int status_changes_ = 0;
  std::unordered_map<std::string, size_t> node_by_name_;
  std::unordered_map<std::string, size_t> node_by_id_;
  std::unordered_map<std::string, std::string> configured_id_;  // node name -> id in the configuration
  std::vector<NodeIndex> index_;
};

}  // namespace picket::simulator
