#include "runtime/daemon/status.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "runtime/daemon/connections.h"

namespace picket::runtime {

using Json = nlohmann::ordered_json;

namespace {

Json Brief(const std::string& node, const Operation& operation) {
  return {{"node", node},
          {"resource", operation.resource},
          {"operation", operation.cancels ? "cancel " + operation.name : operation.name},
          {"interval_ms", operation.interval_ms}};
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

Json UnderWay(const Coordinator& coordinator) {
  Json in_flight = Json::array();
  for (const Order& order : coordinator.InFlight()) in_flight.push_back(Brief(order.node, order.operation));
  return in_flight;
}

Json Recurring(const std::string& node, const Executor& executor) {
  Json recurring = Json::array();
  for (const Operation& operation : executor.Recurring()) recurring.push_back(Brief(node, operation));
  return recurring;
}

Json Fencing(const Coordinator& coordinator) {
  Json fencing = Json::array();
  for (const FenceOrder& order : coordinator.Fencing()) {
    fencing.push_back({{"node", order.target}, {"action", order.action}, {"by", order.node}});
  }
  return fencing;
}

}  // namespace

Json Status::Nodes() const {
  const Replica& replica = parts_.replica;
  Json nodes = Json::array();
  for (const auto& node : replica.state().nodes) {
    const Peer& peer = replica.PeerOf(*node->uname);
    nodes.push_back({{"name", *node->uname},
                     {"id", node->id},
                     {"member", peer.standing == Standing::kMember},
                     {"standing", Word(peer)},
                     {"ready", peer.standing == Standing::kMember && !peer.fencing}});
  }
  for (const solver::NodeDef& node : replica.cluster()->nodes) {
    if (replica.Find(node.uname)) continue;
    nodes.push_back(
        {{"name", node.uname}, {"id", node.id}, {"member", false}, {"standing", "unseen"}, {"ready", false}});
  }
  return nodes;
}

Json Status::ViewAsJson() const {
  const bool grouped = parts_.self.grouped;
  Json view = {{"active", view_.active}, {"term", view_.term}, {"group", grouped}};
  if (!view_.active) {
    const std::string others = view_.awaited.empty() ? "the other members" : view_.awaited;
    view["waits_for"] = !grouped || membership_.has_ring() ? others : "Corosync";
    return view;
  }
  view["members"] = view_.MemberNames();
  view["coordinator"] = membership_.NameOf(view_.coordinator);
  view["started"] = gate_.started() || !grouped;
  return view;
}

std::vector<std::string> Status::Messages() const {
  const Coordinator& coordinator = parts_.coordinator;
  if (!coordinator.leads() || !coordinator.plan()) return view_.progress.messages;
  std::vector<std::string> messages = coordinator.plan()->messages;
  for (std::string& text : coordinator.Braked()) messages.push_back(std::move(text));
  return messages;
}

const std::string& Status::Cib(bool secrets, const Moment& now) {
  const Replica& replica = parts_.replica;
  const std::string key = std::to_string(replica.soft_version()) + " " + std::to_string(replica.hard().term) + " " +
                          std::to_string(replica.hard().index) + " " + replica.state().have_quorum.value_or("") + " " +
                          replica.state().dc_uuid + " " + std::to_string(now.wall_s()) + (secrets ? " s" : "");
  if (kept_cib_.key != key) kept_cib_ = {key, LineOf(Json(replica.Text(now, secrets)))};
  return kept_cib_.json;
}

std::string Status::LineFor(const AskStatus& ask, bool may_change, bool waits_for_operator, const Moment& now) {
  const Replica& replica = parts_.replica;
  const Coordinator& coordinator = parts_.coordinator;
  const Hard& hard = replica.hard();
  Json answer = {{"version", 1},
                 {"node", parts_.self.node},
                 {"nodes", Nodes()},
                 {"quorate", view_.active ? replica.state().have_quorum == "1" : membership_.quorate()},
                 {"incarnation", parts_.self.incarnation},
                 {"index", hard.revision},
                 {"source", hard.source},
                 {"configured", replica.configured()},
                 {"view", ViewAsJson()},
                 {"waits_for_operator", waits_for_operator},
                 {"leaving", departure_.leaving()},
                 {"settled", IsSettled(view_, parts_.executor)},
                 {"transition", coordinator.leads() ? coordinator.transition() : view_.progress.transition},
                 {"wall_ms", now.wall_ms},
                 {"messages", Messages()},
                 {"fencing", Fencing(coordinator)},
                 {"in_flight", UnderWay(coordinator)},
                 {"recurring", Recurring(parts_.self.node, parts_.executor)}};
  if (ask.configuration && may_change) {
    answer["hard"] = {{"cib", hard.cib}, {"attributes", hard.attributes}, {"properties", hard.properties}};
  }
  std::string line = LineOf(answer);
  if (ask.cib) {
    line.pop_back();
    line += ",\"cib\":" + Cib(may_change, now) + "}";
  }
  return line;
}

}  // namespace picket::runtime
