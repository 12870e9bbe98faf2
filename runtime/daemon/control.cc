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

std::string LineOf(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string_view Word(SayLevel level) {
  switch (level) {
    case SayLevel::kInfo:
      return "info";
    case SayLevel::kNotice:
      return "notice";
    case SayLevel::kWarning:
      return "warning";
    case SayLevel::kError:
      return "error";
  }
  return "info";
}

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
  Json view = {{"active", active_}, {"term", term_}, {"group", settings_.group}};
  if (!active_) {
    view["waits_for"] = !settings_.group || ring_ ? (awaited_.empty() ? "the other members" : awaited_) : "Corosync";
    return view;
  }
  view["members"] = MemberNames();
  view["coordinator"] = NameOf(coordinator_id_);
  view["started"] = started_ || !settings_.group;
  return view;
}

void Core::On(const ClientSent& event) {
  const auto client = clients_.find(event.client);
  if (client == clients_.end()) return;
  std::string error;
  const std::optional<Request> request = ReadRequest(event.line, error);
  if (!request) {
    Refuse(event.client, error);
  } else if (IsChange(*request) && !client->second.may_change) {
    Refuse(event.client, "only root and members of the group haclient may change anything");
  } else {
    std::visit([&](const auto& r) { Handle(event.client, r); }, *request);
  }
}

void Core::Refuse(std::optional<ClientNumber> client, std::string_view why) {
  if (!client || clients_.count(*client) == 0) return;
  out_.effects.push_back(Answer{*client, LineOf({{"error", why}})});
}

void Core::AnswerAccepted(std::optional<ClientNumber> client) {
  if (!client || clients_.count(*client) == 0) return;
  out_.effects.push_back(Answer{*client, LineOf({{"accepted", replica_.hard().revision}})});
}

std::string Core::NewsLine(const KeptNews& kept) const {
  return LineOf({{"number", kept.number},
                 {"wall_ms", kept.wall_ms},
                 {"level", Word(kept.news.level)},
                 {"kind", kept.news.kind},
                 {"node", kept.news.node},
                 {"resource", kept.news.resource},
                 {"text", kept.news.text}});
}

void Core::Handle(ClientNumber client, const AskStatus& ask) {
  Json in_flight = Json::array();
  for (const Order& order : coordinator_.InFlight()) in_flight.push_back(Brief(order.node, order.operation));
  Json recurring = Json::array();
  for (const Operation& operation : executor_.Recurring()) recurring.push_back(Brief(settings_.node, operation));
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
                 {"node", settings_.node},
                 {"nodes", std::move(nodes)},
                 {"quorate", active_ ? replica_.state().have_quorum == "1" : quorate_},
                 {"incarnation", incarnation_},
                 {"index", replica_.hard().revision},
                 {"source", replica_.hard().source},
                 {"configured", replica_.configured()},
                 {"view", ViewForStatus()},
                 {"waits_for_operator", WaitsForOperator()},
                 {"leaving", leaving_},
                 {"settled", settled()},
                 {"transition", coordinator_.leads() ? coordinator_.transition() : progress_.transition},
                 {"wall_ms", now_.wall_ms},
                 {"messages", MessagesForStatus()},
                 {"fencing", std::move(fencing)},
                 {"in_flight", std::move(in_flight)},
                 {"recurring", std::move(recurring)}};
  const bool may_change = clients_[client].may_change;
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
  out_.effects.push_back(Answer{client, std::move(line)});
}

// As JSON. To make it takes longer than anything else that is asked for, and many may ask.
const std::string& Core::CibForStatus(bool secrets) {
  const std::string key = std::to_string(replica_.soft_version()) + " " + std::to_string(replica_.hard().term) + " " +
                          std::to_string(replica_.hard().index) + " " + replica_.state().have_quorum.value_or("") +
                          " " + replica_.state().dc_uuid + " " + std::to_string(now_.wall_s()) + (secrets ? " s" : "");
  if (kept_cib_.key != key) kept_cib_ = {key, LineOf(Json(replica_.Text(now_, secrets)))};
  return kept_cib_.json;
}

void Core::Handle(ClientNumber client, const AskEvents& ask) {
  for (const KeptNews& kept : news_) {
    if (kept.number > ask.since) out_.effects.push_back(Answer{client, NewsLine(kept)});
  }
  if (ask.follow) {
    clients_[client].follows = true;
  } else {
    out_.effects.push_back(Answer{client, LineOf({{"end", next_news_ - 1}})});
  }
}

void Core::Handle(ClientNumber client, const AskWatch&) {
  clients_[client].watches = true;
  out_.effects.push_back(Answer{client, LineOf({{"changed", replica_.soft_version()}})});
}

void Core::Handle(ClientNumber client, const AskAttribute& ask) {
  const std::string node = ask.node.empty() ? settings_.node : ask.node;
  Json value;
  if (ask.permanent) {
    const std::string permanent = replica_.Permanent(node, ask.name);
    if (!permanent.empty()) value = permanent;
  } else if (const auto waiting = dampened_.find({node, ask.name}); waiting != dampened_.end()) {
    // Who writes and reads again reads what was written.
    if (waiting->second.value) value = *waiting->second.value;
  } else if (const AttributeSet* sent = LastSent(node, ask.name)) {
    if (sent->value) value = *sent->value;
  } else if (const std::string* transient = replica_.Transient(node, ask.name)) {
    value = *transient;
  }
  out_.effects.push_back(Answer{client, LineOf({{"value", value}})});
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
    return solver::EqualFolded(node.uname, settings_.node);
  });
  if (ours) return true;
  error = "it has no node `" + settings_.node + "`, which is who we are";
  if (!cluster.nodes.empty()) error += "; its nodes:";
  for (const solver::NodeDef& node : cluster.nodes) error += " " + node.uname;
  return false;
}

void Core::Handle(ClientNumber client, const Apply& apply) {
  std::string error;
  if (apply.index && *apply.index != replica_.hard().revision) {
    Refuse(client, "the configuration has changed meanwhile: it is number " + std::to_string(replica_.hard().revision) +
                       " now");
  } else if (!CheckConfiguration(apply.cib, error)) {
    Refuse(client, error);
  } else if (!active_ && !awaited_.empty()) {
    // To go on without them is a decision of its own.
    Refuse(client, "nothing is changed without " + awaited_ +
                       ", which may know of later changes; `picket recover` goes on without them");
  } else if (!active_ && !WaitsForOperator()) {
    Refuse(client, "the members of the group have not yet told one another what they know; try again in a moment");
  } else {
    if (WaitsForOperator()) GoOnWithWhatIsLeft();
    Propose(ReplaceConfiguration{apply.cib, apply.source}, client, apply.index);
  }
}

void Core::Handle(ClientNumber client, const ChangeAttribute& change) {
  const std::string node = change.node.empty() ? settings_.node : change.node;
  if (!replica_.HasNode(node)) {
    Refuse(client, "there is no node `" + node + "`");
  } else if (change.permanent) {
    Propose(SetPermanent{node, change.name, change.value}, client);
  } else {
    SetTransient(node, change.name, change.value, change.dampen_ms);
    AnswerAccepted(client);
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
      out_.messages.push_back(FailuresCleared{*node->uname, history.id, false});
      out_.messages.push_back(ResourceForgotten{*node->uname, history.id, false});
      out_.Tell(SayLevel::kNotice, "cleanup", *node->uname, history.id, "its history is forgotten");
      cleaned.push_back({{"node", *node->uname}, {"resource", history.id}});
    }
  }
  out_.effects.push_back(Answer{client, LineOf({{"cleaned", std::move(cleaned)}})});
}

void Core::Handle(ClientNumber client, const Stop& stop) {
  out_.effects.push_back(Answer{client, LineOf({{"leaving", true}})});
  stop_client_ = client;
  On(AskedToLeave{!stop.keep_services});
}

void Core::Handle(ClientNumber client, const Fence& fence) {
  if (!replica_.HasNode(fence.node)) {
    Refuse(client, "there is no node `" + fence.node + "`");
  } else if (!active_) {
    Refuse(client, "there is no view of the group in which a node could be fenced");
  } else if (fence.confirm) {
    const Peer& peer = replica_.PeerOf(fence.node);
    if (peer.standing == Standing::kMember && !peer.daemon_only) {
      Refuse(client, fence.node + " is a member of the group and talks to us: it is not off");
      return;
    }
    FenceDone done;
    done.node = settings_.node;
    done.target = fence.node;
    done.incarnation = peer.incarnation;
    done.boot_id = peer.boot_id;
    done.action = "off";
    done.success = true;
    done.device = "a person";
    done.when_s = now_.wall_s();
    out_.messages.push_back(std::move(done));
    out_.effects.push_back(Answer{client, LineOf({{"confirmed", fence.node}})});
  } else if (!fence.action.empty() && fence.action != "reboot") {
    Refuse(client, "what is done to a node that is fenced is the policy's fencing-action; only that can be asked for");
  } else {
    // The solver wants every node with this attribute fenced.
    out_.messages.push_back(AttributeSet{fence.node, "terminate", "true"});
    out_.effects.push_back(Answer{client, LineOf({{"asked", fence.node}})});
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
    Refuse(client, verdict_ && !active_ && verdict_->source != group_->self.node
                       ? "it is for " + NameOf(verdict_->source) + " to say, which knows most; ask there"
                       : "there is nothing to recover");
    return;
  }
  GoOnWithWhatIsLeft();
  if (settings_.group) {
    AnswerAccepted(client);
    return;
  }
  // Written anew, so that the damaged generation is older than what is in force.
  Propose(ReplaceConfiguration{replica_.hard().cib, replica_.hard().source}, client);
}

}  // namespace picket::runtime
