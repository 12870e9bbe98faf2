#include "runtime/daemon/requests.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "runtime/daemon/configuration_check.h"
#include "solver/model/text.h"

namespace picket::runtime {
namespace {

using Json = nlohmann::ordered_json;

void Reply(ClientNumber client, const Json& json, Turn& turn) {
  turn.out.effects.push_back(Answer{client, LineOf(json)});
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

}  // namespace

void Requests::On(const ClientSent& event, Turn& turn) {
  if (!rooms_.connections.IsHere(event.client)) return;
  std::string error;
  const std::optional<Request> request = ReadRequest(event.line, error);
  if (!request) {
    Refuse(event.client, error, turn);
  } else if (IsChange(*request) && !rooms_.connections.MayChange(event.client)) {
    Refuse(event.client, "only root and members of the group haclient may change anything", turn);
  } else {
    std::visit([&](const auto& r) { Handle(event.client, r, turn); }, *request);
  }
}

void Requests::Refuse(ClientNumber client, std::string_view why, Turn& turn) const {
  rooms_.connections.Refuse(client, why, turn.out);
}

// --- questions -------------------------------------------------------------------------------------------------

void Requests::Handle(ClientNumber client, const AskStatus& ask, Turn& turn) {
  const bool may_change = rooms_.connections.MayChange(client);
  turn.out.effects.push_back(
      Answer{client, rooms_.status.LineFor(ask, may_change, rooms_.views.WaitsForOperator(), turn.now)});
}

void Requests::Handle(ClientNumber client, const AskEvents& ask, Turn& turn) {
  for (std::string& line : rooms_.newsroom.LinesSince(ask.since)) {
    turn.out.effects.push_back(Answer{client, std::move(line)});
  }
  if (ask.follow) {
    rooms_.connections.Follow(client);
  } else {
    Reply(client, {{"end", rooms_.newsroom.last()}}, turn);
  }
}

void Requests::Handle(ClientNumber client, const AskWatch&, Turn& turn) {
  rooms_.connections.Watch(client);
  Reply(client, {{"changed", parts_.replica.soft_version()}}, turn);
}

void Requests::Handle(ClientNumber client, const AskAttribute& ask, Turn& turn) {
  const std::string node = ask.node.empty() ? parts_.self.node : ask.node;
  Json value;
  if (ask.permanent) {
    const std::string permanent = parts_.replica.Permanent(node, ask.name);
    if (!permanent.empty()) value = permanent;
  } else if (const auto* waiting = rooms_.attributes.Waiting(node, ask.name)) {
    // Who writes and reads again reads what was written.
    if (*waiting) value = **waiting;
  } else if (const AttributeSet* sent = rooms_.mail.LastSent(node, ask.name)) {
    if (sent->value) value = *sent->value;
  } else if (const std::string* transient = parts_.replica.Transient(node, ask.name)) {
    value = *transient;
  }
  Reply(client, {{"value", value}}, turn);
}

// --- changes ---------------------------------------------------------------------------------------------------

std::string Requests::WhyNotApplied(const Apply& apply) const {
  const Hard& hard = parts_.replica.hard();
  if (apply.index && *apply.index != hard.revision) {
    return "the configuration has changed meanwhile: it is number " + std::to_string(hard.revision) + " now";
  }
  if (std::string why = WhyUnusable(apply.cib, hard, parts_.self.node); !why.empty()) return why;
  if (view_.active) return {};
  if (!view_.awaited.empty()) {
    // To go on without them is a decision of its own.
    return "nothing is changed without " + view_.awaited +
           ", which may know of later changes; `picket recover` goes on without them";
  }
  if (rooms_.views.WaitsForOperator()) return {};
  return "the members of the group have not yet told one another what they know; try again in a moment";
}

void Requests::Handle(ClientNumber client, const Apply& apply, Turn& turn) {
  if (const std::string why = WhyNotApplied(apply); !why.empty()) {
    Refuse(client, why, turn);
    return;
  }
  if (rooms_.views.WaitsForOperator()) rooms_.views.GoOnWithWhatIsLeft(turn);
  rooms_.changes.Propose(ReplaceConfiguration{apply.cib, apply.source}, client, turn, apply.index);
}

void Requests::Handle(ClientNumber client, const ChangeAttribute& change, Turn& turn) {
  const std::string node = change.node.empty() ? parts_.self.node : change.node;
  if (!parts_.replica.HasNode(node)) {
    Refuse(client, "there is no node `" + node + "`", turn);
  } else if (change.permanent) {
    rooms_.changes.Propose(SetPermanent{node, change.name, change.value}, client, turn);
  } else {
    rooms_.attributes.Set(node, change.name, change.value, change.dampen_ms, turn);
    rooms_.connections.Accept(client, parts_.replica.hard().revision, turn.out);
  }
}

void Requests::Handle(ClientNumber client, const ChangeProperty& change, Turn& turn) {
  rooms_.changes.Propose(SetProperty{change.name, change.value}, client, turn);
}

void Requests::Handle(ClientNumber client, const Cleanup& cleanup, Turn& turn) {
  Json cleaned = Json::array();
  for (const auto& node : parts_.replica.state().nodes) {
    if (!cleanup.node.empty() && !solver::EqualFolded(cleanup.node, *node->uname)) continue;
    for (const solver::ResourceHistory& history : node->history) {
      const bool named = history.id == cleanup.resource || solver::BaseName(history.id) == cleanup.resource;
      if (cleanup.resource.empty() ? !HasFailed(*node, history) : !named) continue;
      turn.out.messages.push_back(FailuresCleared{*node->uname, history.id, false});
      turn.out.messages.push_back(ResourceForgotten{*node->uname, history.id, false});
      turn.out.Tell(SayLevel::kNotice, "cleanup", *node->uname, history.id, "its history is forgotten");
      cleaned.push_back({{"node", *node->uname}, {"resource", history.id}});
    }
  }
  Reply(client, {{"cleaned", std::move(cleaned)}}, turn);
}

void Requests::Handle(ClientNumber client, const Stop& stop, Turn& turn) {
  Reply(client, {{"leaving", true}}, turn);
  rooms_.departure.Ask(AskedToLeave{!stop.keep_services}, turn, client);
}

void Requests::Handle(ClientNumber client, const Fence& fence, Turn& turn) {
  if (!parts_.replica.HasNode(fence.node)) {
    Refuse(client, "there is no node `" + fence.node + "`", turn);
  } else if (!view_.active) {
    Refuse(client, "there is no view of the group in which a node could be fenced", turn);
  } else if (fence.confirm) {
    ConfirmOff(client, fence.node, turn);
  } else if (!fence.action.empty() && fence.action != "reboot") {
    Refuse(client, "what is done to a node that is fenced is the policy's fencing-action; only that can be asked for",
           turn);
  } else {
    // The solver wants every node with this attribute fenced.
    turn.out.messages.push_back(AttributeSet{fence.node, "terminate", "true"});
    Reply(client, {{"asked", fence.node}}, turn);
  }
}

// A person says that the node is off, and nobody will look.
void Requests::ConfirmOff(ClientNumber client, const std::string& node, Turn& turn) {
  const Peer& peer = parts_.replica.PeerOf(node);
  if (peer.standing == Standing::kMember && !peer.daemon_only) {
    Refuse(client, node + " is a member of the group and talks to us: it is not off", turn);
    return;
  }
  FenceDone done;
  done.node = parts_.self.node;
  done.target = node;
  done.incarnation = peer.incarnation;
  done.boot_id = peer.boot_id;
  done.action = "off";
  done.success = true;
  done.device = "a person";
  done.when_s = turn.now.wall_s();
  turn.out.messages.push_back(std::move(done));
  Reply(client, {{"confirmed", node}}, turn);
}

void Requests::Handle(ClientNumber client, const Recover&, Turn& turn) {
  if (!rooms_.views.WaitsForOperator()) {
    const bool another = view_.verdict && !view_.active && view_.verdict->source != membership_.self();
    Refuse(client,
           another ? "it is for " + membership_.NameOf(view_.verdict->source) + " to say, which knows most; ask there"
                   : "there is nothing to recover",
           turn);
    return;
  }
  rooms_.views.GoOnWithWhatIsLeft(turn);
  const Hard& hard = parts_.replica.hard();
  if (parts_.self.grouped) {
    rooms_.connections.Accept(client, hard.revision, turn.out);
    return;
  }
  // Written anew, so that the damaged generation is older than what is in force.
  rooms_.changes.Propose(ReplaceConfiguration{hard.cib, hard.source}, client, turn);
}

}  // namespace picket::runtime
