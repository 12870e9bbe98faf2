#include "runtime/deploy/preview.h"

#include <string>
#include <utility>
#include <vector>

#include "solver/cib/dates.h"

namespace picket::runtime {

using Json = nlohmann::ordered_json;

Hard HardFrom(const Json& status) {
  Hard hard;
  hard.index = hard.revision = status.value("index", uint64_t{0});
  hard.source = status.value("source", std::string());
  if (const auto found = status.find("hard"); found != status.end()) {
    hard.cib = found->at("cib").get<std::string>();
    hard.attributes = found->at("attributes").get<decltype(hard.attributes)>();
    hard.properties = found->at("properties").get<decltype(hard.properties)>();
  }
  return hard;
}

namespace {

Peer PeerFrom(const Json& node) {
  static const std::pair<const char*, Standing> kWords[] = {
      {"lost", Standing::kLost}, {"left", Standing::kLeft}, {"fenced", Standing::kFenced}};
  Peer peer;
  if (node.at("member").get<bool>()) {
    peer.standing = Standing::kMember;
    peer.in_ring = true;
    peer.fencing = !node.value("ready", true);
    return peer;
  }
  const std::string word = node.value("standing", "left");
  for (const auto& [name, standing] : kWords) {
    if (word == name) peer.standing = standing;
  }
  return peer;
}

}  // namespace

std::optional<Replica> ReplicaFrom(const Json& status, const std::optional<Hard>& hard, std::string& error) {
  std::optional<Replica> replica(std::in_place);
  if (!replica->Install(hard ? *hard : HardFrom(status), error)) return std::nullopt;
  const std::string cib = status.value("cib", std::string());
  for (const Json& node : status.at("nodes")) {
    const std::string name = node.at("name").get<std::string>();
    replica->SetPeer(name, PeerFrom(node));
    if (replica->HasNode(name)) replica->TakeSoftText(name, cib);
  }
  // A daemon without a configuration knows of no nodes but of those that it has met; a group of one of none else.
  const Json view = status.value("view", Json::object());
  Peer peer;
  peer.standing = Standing::kMember;
  peer.in_ring = true;
  const std::string self = status.at("node").get<std::string>();
  for (const std::string& name : view.value("members", std::vector<std::string>{self})) {
    if (replica->PeerOf(name).standing == Standing::kUnseen) replica->SetPeer(name, peer);
  }
  if (!view.value("group", false)) {
    peer.standing = Standing::kLeft;
    for (const solver::NodeDef& node : replica->cluster()->nodes) {
      if (replica->PeerOf(node.uname).standing == Standing::kUnseen) replica->SetPeer(node.uname, peer);
    }
  }
  replica->SetCoordinator(view.value("coordinator", self));
  replica->SetQuorate(status.value("quorate", true));
  return replica;
}

execution::Plan Preview(const Replica& replica, const Json& status) {
  Moment now;
  now.wall_ms = status.value("wall_ms", int64_t{0});
  now.utc_offset_s = solver::LocalOffset(now.wall_s());
  solver::Run run;
  const solver::State state = replica.Snapshot(now);
  return execution::PlanOrders(*replica.cluster(), state, run);
}

}  // namespace picket::runtime
