#include "runtime/deploy/preview.h"

#include <set>

#include "solver/cib/dates.h"

namespace picket::runtime {

using Json = nlohmann::ordered_json;

Hard HardFrom(const Json& status) {
  Hard hard;
  hard.index = status.value("index", uint64_t{0});
  hard.source = status.value("source", std::string());
  if (const auto found = status.find("hard"); found != status.end()) {
    hard.cib = found->at("cib").get<std::string>();
    hard.attributes = found->at("attributes").get<decltype(hard.attributes)>();
    hard.properties = found->at("properties").get<decltype(hard.properties)>();
  }
  return hard;
}

std::optional<Replica> ReplicaFrom(const Json& status, const std::optional<Hard>& hard, std::string& error) {
  std::optional<Replica> replica(std::in_place);
  if (!replica->Install(hard ? *hard : HardFrom(status), error)) return std::nullopt;
  const std::string cib = status.value("cib", std::string());
  std::set<std::string> members;
  for (const Json& node : status.at("nodes")) {
    const std::string name = node.at("name").get<std::string>();
    if (node.at("member").get<bool>()) members.insert(name);
    if (replica->HasNode(name)) replica->TakeSoftText(name, cib);
  }
  // A daemon without a configuration knows of no nodes but of itself.
  members.insert(status.at("node").get<std::string>());
  replica->SetMembers(members);
  replica->SetQuorate(status.value("quorate", true));
  return replica;
}

Plan Preview(const Replica& replica, const Json& status) {
  Moment now;
  now.wall_ms = status.value("wall_ms", int64_t{0});
  now.utc_offset_s = solver::LocalOffset(now.wall_s());
  solver::Run run;
  const solver::State state = replica.Snapshot(now);
  return MakePlan(*replica.cluster(), state, run);
}

}  // namespace picket::runtime
