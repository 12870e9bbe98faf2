// The core's answers to the control socket.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "runtime/daemon/core.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/cib/valid.h"
#include "solver/model/text.h"

namespace picket::runtime {
namespace {

using Json = nlohmann::ordered_json;

Json Brief(const std::string& node, const Operation& operation) {
  return {{"node", node},
          {"resource", operation.resource},
          {"operation", operation.cancels ? "cancel " + operation.name : operation.name},
          {"interval_ms", operation.interval_ms}};
}

bool HasFailed(const solver::NodeState& node, const solver::ResourceHistory& history) {
  for (const solver::HistoryEntry& entry : history.entries) {
    if (entry.id.ends_with("_last_failure_0")) return true;
  }
  const std::string prefix = "fail-count-" + history.id + "#";
  for (const solver::NvBlock& block : node.transient) {
    for (const solver::NvPair& pair : block.pairs) {
      if (pair.name.starts_with(prefix)) return true;
    }
  }
  return false;
}

std::string_view Word(const Peer& peer) {
  switch (peer.standing) {
    case Standing::kUnseen:
      return "unseen";
    case Standing::kMember:
      return peer.daemon_only ? "without picketd" : peer.fencing ? "being fenced" : "member";
    case Standing::kLost:
      return "lost";
    case Standing::kLeft:
      return "left";
    case Standing::kFenced:
      return "fenced";
  }
  return "unseen";
}

}  // namespace

bool Core::WaitsForOperator() const {
  if (active_ || !verdict_ || verdict_->source != group_->self.node) return false;
  return verdict_->forgetful || !awaited_.empty();
}

std::vector<std::string> Core::MessagesForStatus() const {
  if (!coordinator_.leads() || !coordinator_.plan()) return progress_.messages;
  std::vector<std::string> messages = coordinator_.plan()->messages;
  for (std::string& text : coordinator_.Braked()) messages.push_back(std::move(text));
  return messages;
}

nlohmann::ordered_json Core::ViewForStatus() const {
  Json view = {{"active", active_}, {"term", term_}, {"group", self_.grouped}};
  if (!active_) {
    view["waits_for"] = !self_.grouped || ring_ ? (awaited_.empty() ? "the other members" : awaited_) : "Corosync";
    return view;
  }
  view["members"] = MemberNames();
  view["coordinator"] = NameOf(coordinator_id_);
  view["started"] = started_ || !self_.grouped;
  return view;
}

void Core::On(const ClientSent& event) {
  if (!connections_.IsHere(event.client)) return;
  std::string error;
  const std::optional<Request> request = ReadRequest(event.line, error);
  if (!request) {
    connections_.Refuse(event.client, error, turn_.out);
  } else if (IsChange(*request) && !connections_.MayChange(event.client)) {
    connections_.Refuse(event.client, "only root and members of the group haclient may change anything", turn_.out);
  } else {
    std::visit([&](const auto& r) { Handle(event.client, r); }, *request);
  }
}

void Core::Handle(ClientNumber client, const AskStatus& ask) {
  Json in_flight = Json::array();
  for (const Order& order : coordinator_.InFlight()) in_flight.push_back(Brief(order.node, order.operation));
  Json recurring = Json::array();
  for (const Operation& operation : executor_.Recurring()) recurring.push_back(Brief(self_.node, operation));
  Json nodes = Json::array();
  for (const auto& node : replica_.state().nodes) {
    const Peer& peer = replica_.PeerOf(*node->uname);
    nodes.push_back({{"name", *node->uname},
                     {"id", node->id},
                     {"member", peer.standing == Standing::kMember},
                     {"standing", Word(peer)},
                     {"ready", peer.standing == Standing::kMember && !peer.fencing}});
  }
  for (const solver::NodeDef& node : replica_.cluster()->nodes) {
    if (replica_.Find(node.uname)) continue;
    nodes.push_back(
        {{"name", node.uname}, {"id", node.id}, {"member", false}, {"standing", "unseen"}, {"ready", false}});
  }
  Json fencing = Json::array();
  for (const FenceOrder& order : coordinator_.Fencing()) {
    fencing.push_back({{"node", order.target}, {"action", order.action}, {"by", order.node}});
  }
  Json answer = {{"version", 1},
                 {"node", self_.node},
                 {"nodes", std::move(nodes)},
                 {"quorate", active_ ? replica_.state().have_quorum == "1" : quorate_},
                 {"incarnation", self_.incarnation},
                 {"index", replica_.hard().revision},
                 {"source", replica_.hard().source},
                 {"configured", replica_.configured()},
                 {"view", ViewForStatus()},
                 {"waits_for_operator", WaitsForOperator()},
                 {"leaving", leaving_},
                 {"settled", settled()},
                 {"transition", coordinator_.leads() ? coordinator_.transition() : progress_.transition},
                 {"wall_ms", turn_.now.wall_ms},
                 {"messages", MessagesForStatus()},
                 {"fencing", std::move(fencing)},
                 {"in_flight", std::move(in_flight)},
                 {"recurring", std::move(recurring)}};
  const bool may_change = connections_.MayChange(client);
  if (ask.configuration && may_change) {
    answer["hard"] = {{"cib", replica_.hard().cib},
                      {"attributes", replica_.hard().attributes},
                      {"properties", replica_.hard().properties}};
  }
  std::string line = LineOf(answer);
  if (ask.cib) {
    line.pop_back();
    line += ",\"cib\":" + CibForStatus(may_change) + "}";
  }
  turn_.out.effects.push_back(Answer{client, std::move(line)});
}

// As JSON. To make it takes longer than anything else that is asked for, and many may ask.
const std::string& Core::CibForStatus(bool secrets) {
  const std::string key = std::to_string(replica_.soft_version()) + " " + std::to_string(replica_.hard().term) + " " +
                          std::to_string(replica_.hard().index) + " " + replica_.state().have_quorum.value_or("") +
                          " " + replica_.state().dc_uuid + " " + std::to_string(turn_.now.wall_s()) +
                          (secrets ? " s" : "");
  if (kept_cib_.key != key) kept_cib_ = {key, LineOf(Json(replica_.Text(turn_.now, secrets)))};
  return kept_cib_.json;
}

void Core::Handle(ClientNumber client, const AskEvents& ask) {
  for (std::string& line : newsroom_.LinesSince(ask.since)) {
    turn_.out.effects.push_back(Answer{client, std::move(line)});
  }
  if (ask.follow) {
    connections_.Follow(client);
  } else {
    turn_.out.effects.push_back(Answer{client, LineOf({{"end", newsroom_.last()}})});
  }
}

void Core::Handle(ClientNumber client, const AskWatch&) {
  connections_.Watch(client);
  turn_.out.effects.push_back(Answer{client, LineOf({{"changed", replica_.soft_version()}})});
}

void Core::Handle(ClientNumber client, const AskAttribute& ask) {
  const std::string node = ask.node.empty() ? self_.node : ask.node;
  Json value;
  if (ask.permanent) {
    const std::string permanent = replica_.Permanent(node, ask.name);
    if (!permanent.empty()) value = permanent;
  } else if (const auto* waiting = attributes_.Waiting(node, ask.name)) {
    // Who writes and reads again reads what was written.
    if (*waiting) value = **waiting;
  } else if (const AttributeSet* sent = LastSent(node, ask.name)) {
    if (sent->value) value = *sent->value;
  } else if (const std::string* transient = replica_.Transient(node, ask.name)) {
    value = *transient;
  }
  turn_.out.effects.push_back(Answer{client, LineOf({{"value", value}})});
}

// What was said and has not come back yet.
const AttributeSet* Core::LastSent(const std::string& node, const std::string& name) const {
  for (auto message = unacked_.rbegin(); message != unacked_.rend(); ++message) {
    const auto* set = std::get_if<AttributeSet>(&*message);
    if (set && set->node == node && set->name == name) return set;
  }
  return nullptr;
}

bool Core::CheckConfiguration(const std::string& cib, std::string& error) const {
  Hard hard = replica_.hard();
  hard.cib = cib;
  pugi::xml_document document;
  if (!Compose(hard, document, error)) return false;
  pugi::xml_document as_it_came;
  as_it_came.load_string(cib.c_str());
  const std::vector<solver::CibFault> faults = solver::FindFaults(as_it_came);
  if (!faults.empty()) {
    error = faults.front().Where() + " " + faults.front().what;
    return false;
  }
  const solver::Cluster cluster = solver::ReadCluster(document);
  const bool ours = std::any_of(cluster.nodes.begin(), cluster.nodes.end(), [&](const solver::NodeDef& node) {
    return solver::EqualFolded(node.uname, self_.node);
  });
  if (ours) return true;
  error = "it has no node `" + self_.node + "`, which is who we are";
  if (!cluster.nodes.empty()) error += "; its nodes:";
  for (const solver::NodeDef& node : cluster.nodes) error += " " + node.uname;
  return false;
}

void Core::Handle(ClientNumber client, const Apply& apply) {
  std::string error;
  if (apply.index && *apply.index != replica_.hard().revision) {
    connections_.Refuse(
        client,
        "the configuration has changed meanwhile: it is number " + std::to_string(replica_.hard().revision) + " now",
        turn_.out);
  } else if (!CheckConfiguration(apply.cib, error)) {
    connections_.Refuse(client, error, turn_.out);
  } else if (!active_ && !awaited_.empty()) {
    // To go on without them is a decision of its own.
    connections_.Refuse(client,
                        "nothing is changed without " + awaited_ +
                            ", which may know of later changes; `picket recover` goes on without them",
                        turn_.out);
  } else if (!active_ && !WaitsForOperator()) {
    connections_.Refuse(client,
                        "the members of the group have not yet told one another what they know; try again in a moment",
                        turn_.out);
  } else {
    if (WaitsForOperator()) GoOnWithWhatIsLeft();
    Propose(ReplaceConfiguration{apply.cib, apply.source}, client, apply.index);
  }
}

void Core::Handle(ClientNumber client, const ChangeAttribute& change) {
  const std::string node = change.node.empty() ? self_.node : change.node;
  if (!replica_.HasNode(node)) {
    connections_.Refuse(client, "there is no node `" + node + "`", turn_.out);
  } else if (change.permanent) {
    Propose(SetPermanent{node, change.name, change.value}, client);
  } else {
    attributes_.Set(node, change.name, change.value, change.dampen_ms, turn_);
    connections_.Accept(client, replica_.hard().revision, turn_.out);
  }
}

void Core::Handle(ClientNumber client, const ChangeProperty& change) {
  Propose(SetProperty{change.name, change.value}, client);
}

void Core::Handle(ClientNumber client, const Cleanup& cleanup) {
  Json cleaned = Json::array();
  for (const auto& node : replica_.state().nodes) {
    if (!cleanup.node.empty() && !solver::EqualFolded(cleanup.node, *node->uname)) continue;
    for (const solver::ResourceHistory& history : node->history) {
      const bool named = history.id == cleanup.resource || solver::BaseName(history.id) == cleanup.resource;
      if (cleanup.resource.empty() ? !HasFailed(*node, history) : !named) continue;
      turn_.out.messages.push_back(FailuresCleared{*node->uname, history.id, false});
      turn_.out.messages.push_back(ResourceForgotten{*node->uname, history.id, false});
      turn_.out.Tell(SayLevel::kNotice, "cleanup", *node->uname, history.id, "its history is forgotten");
      cleaned.push_back({{"node", *node->uname}, {"resource", history.id}});
    }
  }
  turn_.out.effects.push_back(Answer{client, LineOf({{"cleaned", std::move(cleaned)}})});
}

void Core::Handle(ClientNumber client, const Stop& stop) {
  turn_.out.effects.push_back(Answer{client, LineOf({{"leaving", true}})});
  stop_client_ = client;
  On(AskedToLeave{!stop.keep_services});
}

void Core::Handle(ClientNumber client, const Fence& fence) {
  if (!replica_.HasNode(fence.node)) {
    connections_.Refuse(client, "there is no node `" + fence.node + "`", turn_.out);
  } else if (!active_) {
    connections_.Refuse(client, "there is no view of the group in which a node could be fenced", turn_.out);
  } else if (fence.confirm) {
    const Peer& peer = replica_.PeerOf(fence.node);
    if (peer.standing == Standing::kMember && !peer.daemon_only) {
      connections_.Refuse(client, fence.node + " is a member of the group and talks to us: it is not off", turn_.out);
      return;
    }
    FenceDone done;
    done.node = self_.node;
    done.target = fence.node;
    done.incarnation = peer.incarnation;
    done.boot_id = peer.boot_id;
    done.action = "off";
    done.success = true;
    done.device = "a person";
    done.when_s = turn_.now.wall_s();
    turn_.out.messages.push_back(std::move(done));
    turn_.out.effects.push_back(Answer{client, LineOf({{"confirmed", fence.node}})});
  } else if (!fence.action.empty() && fence.action != "reboot") {
    connections_.Refuse(
        client, "what is done to a node that is fenced is the policy's fencing-action; only that can be asked for",
        turn_.out);
  } else {
    // The solver wants every node with this attribute fenced.
    turn_.out.messages.push_back(AttributeSet{fence.node, "terminate", "true"});
    turn_.out.effects.push_back(Answer{client, LineOf({{"asked", fence.node}})});
  }
}

// Somebody said so: what was accepted last may be lost.
void Core::GoOnWithWhatIsLeft() {
  recovered_ = true;
  awaited_.clear();
  SendTransfer(*verdict_);
}

void Core::Handle(ClientNumber client, const Recover&) {
  if (!WaitsForOperator()) {
    connections_.Refuse(client,
                        verdict_ && !active_ && verdict_->source != group_->self.node
                            ? "it is for " + NameOf(verdict_->source) + " to say, which knows most; ask there"
                            : "there is nothing to recover",
                        turn_.out);
    return;
  }
  GoOnWithWhatIsLeft();
  if (self_.grouped) {
    connections_.Accept(client, replica_.hard().revision, turn_.out);
    return;
  }
  // Written anew, so that the damaged generation is older than what is in force.
  Propose(ReplaceConfiguration{replica_.hard().cib, replica_.hard().source}, client);
}

}  // namespace picket::runtime
