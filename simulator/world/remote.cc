// Remote machines: they run no Corosync, and are reached through a connection that one of the nodes holds
// (spec 09 §14.1). Guests live and die with the resource that launches them (§14.2).
#include <algorithm>

#include "execution/history/node.h"
#include "simulator/world/world.h"

namespace picket::simulator {
namespace {

// Attempts to connect end so long before the timeout of the start.
constexpr int64_t kLastAttemptMs = 3000;

StoryEvent LostEvent(const PlanStep& what) {
  StoryEvent event;
  event.kind = EventKind::kActionLost;
  event.resource = what.primitive;
  event.instance = what.instance;
  event.operation = what.operation;
  event.interval_ms = what.interval_ms;
  event.node = what.node;
  return event;
}

}  // namespace

// A machine of its own: its connection is a resource of the configuration. That of a guest is not.
bool World::IsRemoteMachine(const std::string& name) const {
  const CatalogEntry* entry = catalog_->Find(name);
  return entry && entry->def && entry->def->type == "remote" && entry->def->provider == "pacemaker";
}

// The node that holds the connection; empty: none that lives.
std::string World::HostOf(const std::string& remote) const {
  for (const auto& [name, node] : nodes_) {
    if (!node.remote && node.runs() && node.resources.count(remote) > 0) return name;
  }
  return {};
}

std::vector<std::string> World::PlacesOf(const ClusterSide& side) const {
  std::vector<std::string> places = MembersOf(side);
  if (&side != &Main()) return places;
  for (const auto& [name, node] : nodes_) {
    if (node.remote && node.powered && !HostOf(name).empty()) places.push_back(name);
  }
  return places;
}

bool World::CanConnect(const TrueNode& host, const TrueNode& remote) const {
  return remote.powered && host.group == remote.group;
}

// Connections to machines that are gone or cut off no longer answer their monitors; those to machines that
// are reached again, and have not lost their power, do.
void World::ConnectionsToRemotes() {
  for (auto& [name, remote] : nodes_) {
    if (!remote.remote || !IsRemoteMachine(name)) continue;
    const std::string host = HostOf(name);
    if (host.empty()) continue;
    TrueNode& node = nodes_.at(host);
    TrueResource& connection = node.resources.at(name);
    const bool works = connection.failing_rc == 0;
    const bool can_work = CanConnect(node, remote);
    if (works == can_work) continue;
    if (works) {
      StopServing(name, host, 1, true);
    } else if (connection.reported_rc == 0 && remote.died_ms == 0) {
      connection.failing_rc = 0;
      connection.times_out = false;
    }
  }
}

// A start connects as soon as the machine can be reached, and gives up shortly before its timeout.
void World::AwaitRemote(const PlanStep& what, Flight::Step& step) const {
  const bool connects = what.operation == "start" || what.operation == "migrate_from";
  if (!connects || !IsRemoteMachine(what.instance)) return;
  const auto remote = nodes_.find(what.instance);
  const auto host = nodes_.find(what.node);
  if (remote == nodes_.end() || host == nodes_.end() || CanConnect(host->second, remote->second)) return;
  const auto boot = std::find_if(timers_.begin(), timers_.end(), [&](const Timer& timer) {
    return timer.kind == TimerKind::kBoot && timer.node == what.instance;
  });
  const bool comes = boot != timers_.end() && host->second.group == remote->second.group &&
                     boot->at_ms <= now_ms_ + what.timeout_ms - kLastAttemptMs;
  if (comes) {
    step.acts_ms = std::max(step.acts_ms, boot->at_ms);
  } else {
    step.times_out = step.fails = true;
    step.failing_rc = 1;
  }
}

// What the start and the stop of a connection leave in the node's state. True if a remote node has come.
bool World::ConnectionChanged(ClusterSide& side, const PlanStep& what, int rc) {
  if (what.target.type != "remote" || rc != 0) return false;
  if (what.operation != "start" && what.operation != "stop") return false;
  if (what.operation == "start") {
    // Since 3.0.2 the attributes stay where the machine has been up longer than its connection was away (spec 09
    // §11.3).
    const bool was_up = IsRemoteMachine(what.instance) && nodes_.at(what.instance).died_ms == 0;
    nodes_.at(what.instance).died_ms = 0;
    execution::MarkRemoteUp(Edit(side, what.instance),
                            was_up && catalog_->cluster().target.release() >= solver::Release::k3_0_2);
    return true;
  }
  execution::MarkRemoteDown(Edit(side, what.instance));
  return false;
}

// The connection is known to be lost: what was under way through it has failed.
void World::DropRemote(ClusterSide& side, const std::string& name) {
  if (!side.flight) return;
  Flight& flight = *side.flight;
  std::erase_if(flight.in_flight, [&](uint32_t index) {
    const PlanStep& what = flight.plan->steps[index];
    if (what.node != name || what.kind == StepKind::kFencing) return false;
    flight.steps[index].progress = Flight::Progress::kDropped;
    flight.Abort();
    Tell(LostEvent(what));
    return true;
  });
}

// The machine is up again; whoever connects finds nothing running.
void World::BootRemote(TrueNode& node) {
  node.powered = node.in_cluster = true;
  node.stays_away = false;
}

void World::ClearGuestsOf(const std::string& launcher) {
  const CatalogEntry* entry = catalog_->Find(launcher);
  if (!entry || !entry->def) return;
  const std::string* guest = PlainValue(entry->def->meta, "remote-node");
  const auto found = guest ? nodes_.find(*guest) : nodes_.end();
  if (found != nodes_.end()) found->second.resources.clear();
}

}  // namespace picket::simulator
