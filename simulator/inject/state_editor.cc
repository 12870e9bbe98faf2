#include "simulator/inject/state_editor.h"

#include <algorithm>

#include "execution/history/attributes.h"
#include "execution/history/entry.h"
#include "execution/history/failures.h"
#include "execution/history/history.h"
#include "execution/history/node.h"
#include "solver/cib/values.h"

namespace picket::simulator {

using namespace execution;  // NOLINT
using namespace solver;     // NOLINT

StateEditor::StateEditor(const Cluster& cluster, State& state, int64_t now_s)
    : cluster_(cluster), state_(state), now_s_(now_s), style_(kCrmSimulate), index_(state.nodes.size()) {
  style_.feature_set = cluster.target.feature_set();
  style_.names_node = cluster.Behaves(Behaviour::kResultsNameTheirNode);
  style_.plain_attribute_ids = !style_.names_node;
  for (size_t i = 0; i < state_.nodes.size(); ++i) {
    const NodeState& node = *state_.nodes[i];
    if (node.uname) node_by_name_.emplace(*node.uname, i);
    node_by_id_.emplace(node.id, i);
  }
  for (const NodeDef& node : cluster_.nodes) configured_id_.emplace(node.uname, node.id);
  for (const NodeDef& node : state_.added_nodes) configured_id_.emplace(node.uname, node.id);
}

NodeState& StateEditor::Touch(size_t node) {
  NodeIndex& index = index_[node];
  if (!index.own) {
    index.own = std::make_shared<NodeState>(*state_.nodes[node]);
    state_.nodes[node] = index.own;
  }
  return *index.own;
}

void StateEditor::ChangedConfiguration() {
  ++configuration_changes_;
  status_changes_ = 0;
}

void StateEditor::ConfigureNode(std::string_view name, std::string_view id) {
  if (!configured_id_.emplace(name, id).second) return;
  NodeDef node;
  node.id = id;
  node.uname = name;
  state_.added_nodes.push_back(std::move(node));
  ChangedConfiguration();
}

size_t StateEditor::MakeNode(std::string_view name, std::string_view id) {
  auto node = std::make_shared<NodeState>();
  node->id = id;
  node->uname = name;
  node->attributes = {{"id", std::string(id)}, {"uname", std::string(name)}};
  const size_t position = state_.nodes.size();
  state_.nodes.push_back(node);
  index_.emplace_back().own = std::move(node);
  node_by_name_.emplace(name, position);
  node_by_id_.emplace(id, position);
  ++status_changes_;
  return position;
}

size_t StateEditor::FindOrMakeNode(std::string_view name, std::string_view id_hint) {
  const std::string key(name);
  if (configure_touched_nodes_) ConfigureNode(name, name);
  if (const auto it = node_by_name_.find(key); it != node_by_name_.end()) return it->second;

  std::string id(id_hint);
  if (id.empty()) {
    const auto configured = configured_id_.find(key);
    id = configured != configured_id_.end() ? configured->second : key;
  }
  const auto it = node_by_id_.find(id);
  if (it == node_by_id_.end()) return MakeNode(name, id);
  NodeState& node = Touch(it->second);
  node.uname = name;
  OverwriteAttribute(node.attributes, "uname", name);
  node_by_name_.emplace(name, it->second);
  return it->second;
}

void StateEditor::Mark(size_t position, const Membership& membership, std::string_view origin) {
  NodeState& node = Touch(position);
  SetMembership(node, membership);
  OverwriteAttribute(node.attributes, "crm-debug-origin", origin);
  ++status_changes_;
}

void StateEditor::BringUp(std::string_view name) {
  Mark(FindOrMakeNode(name), kMember);
}

void StateEditor::Fail(std::string_view name) {
  Mark(FindOrMakeNode(name), {.in_ccm = "false", .crmd = "online", .join = "member", .expected = "member"});
}

void StateEditor::TakeDown(std::string_view name) {
  const size_t node = FindOrMakeNode(name);
  Mark(node, kDown);
  Forget(node);
}

void StateEditor::Fence(size_t node) {
  Mark(node, kDown, "simulate_fencing_action");
  Forget(node);
}

void StateEditor::Forget(size_t position) {
  NodeState& node = Touch(position);
  if (node.has_history) ++status_changes_;
  if (node.has_transient) ++status_changes_;
  ForgetHistory(node);
  ForgetTransient(node);
  NodeIndex& index = index_[position];
  index.indexed = false;
  index.history_by_id.clear();
  index.highest_call_id.clear();
}

void StateEditor::SetQuorum(std::string_view value) {
  if (state_.have_quorum == value) return;
  state_.have_quorum = std::string(value);
  ++status_changes_;
}

void StateEditor::SetWatchdog(std::string_view value) {
  state_.watchdog = std::string(value);
  ChangedConfiguration();
}

void StateEditor::SetTicket(std::string_view id, std::string_view attribute, std::string_view value) {
  ++status_changes_;
  const auto it = std::find_if(state_.tickets.begin(), state_.tickets.end(),
                               [&](const TicketState& ticket) { return ticket.id == id; });
  TicketState& ticket =
      it != state_.tickets.end() ? *it : state_.tickets.emplace_back(TicketState{std::string(id), {}});
  OverwriteAttribute(ticket.attributes, attribute, value);
}

StoredAttribute StateEditor::Store(size_t position, const std::string& name, std::string value) {
  NodeState& node = Touch(position);
  StoreTransient(node, name, value, style_);
  return {name, std::move(value), node.id};
}

std::vector<StoredAttribute> StateEditor::CountFailure(size_t position, std::string_view resource,
                                                       std::string_view operation, uint32_t interval_ms, bool fatal) {
  const std::string suffix = FailureSuffix(resource, operation, interval_ms);
  const std::string count_name = "fail-count-" + suffix;
  const std::string* before = nullptr;
  const NodeState& node = *state_.nodes[position];
  if (!node.transient.empty()) {
    for (const NvPair& pair : node.transient.front().pairs) {
      if (pair.name == count_name && !before) before = &pair.value;
    }
  }
  std::vector<StoredAttribute> stored;
  const bool counts = cluster_.Behaves(Behaviour::kFailCountNumberSaid);
  const bool infinite = fatal && cluster_.Behaves(Behaviour::kFatalFailuresAreInfinite);
  stored.push_back(Store(position, count_name, counts ? NextFailCount(before, infinite) : "1"));
  if (!counts) stored.back().value = "value++";
  stored.push_back(Store(position, "last-failure-" + suffix, std::to_string(now_s_)));
  return stored;
}

void StateEditor::IndexHistory(size_t position) {
  NodeIndex& index = index_[position];
  if (index.indexed) return;
  index.indexed = true;
  const NodeState& node = *state_.nodes[position];
  for (size_t i = 0; i < node.history.size(); ++i) {
    index.history_by_id.emplace(node.history[i].id, i);
    index.highest_call_id.push_back(HighestCall(node.history[i]));
  }
}

size_t StateEditor::FindOrMakeHistory(size_t position, const HistoryTarget& target) {
  IndexHistory(position);
  NodeIndex& index = index_[position];
  for (const std::string& name : target.names) {
    if (const auto it = index.history_by_id.find(name); it != index.history_by_id.end()) return it->second;
  }
  NodeState& node = Touch(position);
  node.has_history = true;
  ResourceHistory history = MakeHistory(target);
  const size_t at = node.history.size();
  index.history_by_id.emplace(history.id, at);
  index.highest_call_id.push_back(0);
  node.history.Append(std::move(history));
  return at;
}

void StateEditor::Record(size_t position, const HistoryTarget& target, const OperationResult& result) {
  const size_t at = FindOrMakeHistory(position, target);
  NodeState& node = Touch(position);
  const int call_id = ++index_[position].highest_call_id[at];
  WriteEntries(node.history.Edit(at), result, {call_id, node.uname.value_or(""), now_s_}, style_);
  ++status_changes_;
}

}  // namespace picket::simulator
