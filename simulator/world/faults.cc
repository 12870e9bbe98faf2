// What a test does to the world. Each fault changes facts at once; the cluster learns of it by its own means.
#include <algorithm>
#include <utility>

#include "execution/history/attributes.h"
#include "execution/history/failures.h"
#include "execution/history/history.h"
#include "simulator/world/world.h"
#include "solver/model/overloaded.h"
#include "solver/model/text.h"

namespace picket::simulator {

using namespace execution;  // NOLINT
namespace {

namespace fault = compiler::scenario;

std::string Join(const std::vector<fault::Name>& names) {
  std::string text;
  for (const fault::Name& name : names) text += (text.empty() ? "" : ", ") + name.id;
  return text;
}

void SetTicket(solver::State& state, const std::string& id, std::string_view granted) {
  for (solver::TicketState& ticket : state.tickets) {
    if (ticket.id == id) return execution::OverwriteAttribute(ticket.attributes, "granted", granted);
  }
  state.tickets.push_back({id, {{"granted", std::string(granted)}}});
}

}  // namespace

std::string FaultText(const fault::Fault& any) {
  return std::visit(
      Overloaded{
          [](const fault::Kill& kill) { return "kill " + Join(kill.nodes); },
          [](const fault::Standby& standby) { return "standby " + Join(standby.nodes); },
          [](const fault::Online& online) { return "online " + Join(online.nodes); },
          [](const fault::Isolate& isolate) { return "isolate " + Join(isolate.nodes); },
          [](const fault::CutLink& cut) { return "cut link " + cut.link.id + (cut.node ? " of " + cut.node->id : ""); },
          [](const fault::Partition& partition) {
            return "partition {" + Join(partition.left) + "} from {" + Join(partition.right) + "}";
          },
          [](const fault::FailResource& fail) {
            return "fail " + fail.resource.id + (fail.operation ? " " + *fail.operation : "") +
                   (fail.node ? " on " + fail.node->id : "") +
                   (fail.times == fault::FailResource::kAlways ? ", always"
                    : fail.times > 1                           ? ", " + std::to_string(fail.times) + " times"
                                                               : "");
          },
          [](const fault::FailFence& fail) {
            return "fail fence " + fail.device.id +
                   (fail.how == fault::FailFence::How::kTimesOut ? " (it hangs)"
                    : fail.how == fault::FailFence::How::kLies   ? " (it lies)"
                                                                 : "");
          },
          [](const fault::Hang& hang) { return "hang " + hang.resource.id; },
          [](const fault::Grant& grant) { return "grant " + grant.ticket.id; },
          [](const fault::Revoke& revoke) { return "revoke " + revoke.ticket.id; },
          [](const fault::SetAttribute& set) {
            return "set " + set.attribute + "=" + set.value + " on " + set.node.id;
          },
          [](const fault::Advance& advance) { return "advance " + std::to_string(advance.duration_ms / 1000) + "s"; },
          [](const fault::RestartCluster&) { return std::string("restart cluster"); },
          [](const fault::Shutdown& shutdown) {
            return (shutdown.boots_again ? "reboot " : shutdown.halts ? "shutdown " : "leave ") + Join(shutdown.nodes);
          },
          [](const fault::Crash& crash) { return "crash " + Join(crash.nodes); },
          [](const fault::Confirm& confirm) { return "confirm " + Join(confirm.nodes); },
          [](const fault::Heal& heal) {
            return "heal" + (heal.link ? " link " + heal.link->id : "") + (heal.node ? " of " + heal.node->id : "");
          },
          [](const fault::Repair& repair) { return "repair " + repair.subject.id; },
          [](const fault::Maintenance& maintenance) {
            return std::string("maintenance ") + (maintenance.on ? "on" : "off") +
                   (maintenance.node       ? " of " + maintenance.node->id
                    : maintenance.resource ? " of " + maintenance.resource->id
                                           : "");
          },
          [](const fault::Manage& manage) { return (manage.managed ? "manage " : "unmanage ") + manage.resource.id; },
          [](const fault::Enable& enable) { return (enable.enabled ? "enable " : "disable ") + enable.resource.id; },
          [](const fault::Move& move) {
            return std::string("move ") + (move.promoted ? "promoted " : "") + move.resource.id +
                   (move.node ? " to " + move.node->id : "");
          },
          [](const fault::Ban& ban) {
            return std::string("ban ") + (ban.promoted ? "promoted " : "") + ban.resource.id +
                   (ban.node ? " on " + ban.node->id : "");
          },
          [](const fault::Clear& clear) {
            return "clear " + clear.resource.id + (clear.node ? " on " + clear.node->id : "");
          },
          [](const fault::Cleanup& cleanup) {
            return std::string(cleanup.refresh ? "refresh" : "cleanup") +
                   (cleanup.resource ? " " + cleanup.resource->id : "") +
                   (cleanup.node ? " on " + cleanup.node->id : "");
          },
          [](const fault::Edit& edit) {
            using Block = fault::Edit::Block;
            return std::string("set ") +
                   (edit.block == Block::kProperty ? "property "
                    : edit.block == Block::kMeta   ? "meta "
                    : edit.block == Block::kParams ? "params "
                                                   : "op " + edit.operation + " ") +
                   edit.option + "=" + edit.value + (edit.resource ? " of " + edit.resource->id : "");
          },
          [](const fault::Delete& deletion) { return "delete " + deletion.subject.id; },
          [](const fault::Deploy& deploy) { return deploy.policy ? "deploy " + deploy.file : std::string("deploy"); },
          [](const fault::ByHand& by_hand) {
            return std::string("by hand ") + (by_hand.action == fault::Action::kStart ? "start " : "stop ") +
                   by_hand.resource.id + " on " + by_hand.node.id;
          },
      },
      any);
}

void World::Strike(const fault::Fault& any) {
  transitions_ = 0;
  seen_.clear();
  rest_ = Rest::kSettled;
  Tell(EventKind::kFault, {}, FaultText(any));
  Hit(any);
  for (ClusterSide& side : sides_) {
    if (std::exchange(side.tries_again, false)) Wake(side, settings_.durations.decide_ms);
  }
}

void World::Hit(const fault::Fault& any) {
  const auto wake_all = [this] {
    for (ClusterSide& side : sides_) {
      if (IsLed(side)) Wake(side, settings_.durations.decide_ms);
    }
  };
  std::visit(Overloaded{
                 [&](const fault::Kill& kill) {
                   for (const fault::Name& name : kill.nodes) {
                     LosePower(nodes_.at(name.id), true);
                     Tell(EventKind::kNodeDies, name.id, name.id + " loses power");
                   }
                   ConnectionsChanged();
                   ConnectionsToRemotes();
                 },
                 [&](const fault::Standby& standby) { SetStandby(standby.nodes, true); },
                 [&](const fault::Online& online) {
                   for (const fault::Name& name : online.nodes) BringBack(nodes_.at(name.id));
                 },
                 [&](const fault::Isolate& isolate) {
                   for (const fault::Name& name : isolate.nodes) nodes_.at(name.id).group = next_group_++;
                   ConnectionsChanged();
                   ConnectionsToRemotes();
                 },
                 [&](const fault::CutLink& cut) {
                   (cut.node ? nodes_.at(cut.node->id).cut_links : cut_links_).insert(cut.link.id);
                   ConnectionsChanged();
                 },
                 [&](const fault::Partition& partition) {
                   for (const fault::Name& name : partition.left) nodes_.at(name.id).group = next_group_;
                   ++next_group_;
                   ConnectionsChanged();
                   ConnectionsToRemotes();
                 },
                 [&](const fault::FailResource& fail) { FailResource(fail); },
                 [&](const fault::FailFence& fail) { failing_devices_[fail.device.id] = fail.how; },
                 [&](const fault::Hang& hang) {
                   const CatalogEntry* entry = catalog_->Find(hang.resource.id);
                   if (!entry) return;
                   for (const std::string& primitive : entry->primitives) {
                     if (catalog_->IsFenceDevice(primitive))
                       failing_devices_[primitive] = fault::FailFence::How::kTimesOut;
                     hanging_.insert(primitive);
                     for (auto& [name, node] : nodes_) StopServing(primitive, name, 1, true);
                   }
                 },
                 [&](const fault::Grant& grant) {
                   for (ClusterSide& side : sides_) SetTicket(side.state, grant.ticket.id, "true");
                   wake_all();
                 },
                 [&](const fault::Revoke& revoke) {
                   for (ClusterSide& side : sides_) SetTicket(side.state, revoke.ticket.id, "false");
                   wake_all();
                 },
                 [&](const fault::SetAttribute& set) {
                   ClusterSide* side = SideOf(set.node.id);
                   if (!side) return;
                   set_by_hand_.insert(set.node.id + " " + set.attribute);
                   execution::StoreTransient(Edit(*side, set.node.id), set.attribute, set.value);
                   Wake(*side, settings_.durations.decide_ms);
                 },
                 [&](const fault::Advance& advance) {
                   advance_until_ms_ = std::max(advance_until_ms_, now_ms_) + advance.duration_ms;
                 },
                 [&](const fault::RestartCluster&) {
                   for (auto& [name, node] : nodes_) {
                     if (!node.remote) LosePower(node, false);
                   }
                   timers_.clear();
                   UpdateMembership(true);
                   for (auto& [name, node] : nodes_) {
                     if (node.remote) continue;
                     node.powered = node.in_cluster = node.fresh = true;
                     node.started_ms = now_ms_;
                   }
                   UpdateMembership(false);
                 },
                 [&](const fault::Shutdown& shutdown) {
                   for (const fault::Name& name : shutdown.nodes) ShutDown(name.id, shutdown);
                 },
                 [&](const fault::Crash& crash) {
                   for (const fault::Name& name : crash.nodes) Crash(nodes_.at(name.id));
                 },
                 [&](const fault::Heal& heal) {
                   if (heal.node) {
                     nodes_.at(heal.node->id).cut_links.erase(heal.link->id);
                   } else if (heal.link) {
                     cut_links_.erase(heal.link->id);
                   } else {
                     cut_links_.clear();
                     for (auto& [name, node] : nodes_) {
                       node.group = 0;
                       node.cut_links.clear();
                     }
                   }
                   ConnectionsChanged();
                   ConnectionsToRemotes();
                 },
                 [&](const fault::Repair& repair) { Repair(repair.subject.id); },
                 [&](const auto& act) { Act(act); },
             },
             any);
}

// Ends a standby, boots a node that is off, starts its cluster software, and reconnects one that was cut off
// by itself.
void World::BringBack(TrueNode& node) {
  node.stays_away = false;
  if (node.standby) {
    if (ClusterSide* side = SideOf(node.name)) execution::EraseTransient(Edit(*side, node.name), "standby");
    SetStandby({{node.name, {}}}, false);
  }
  const bool booting = std::any_of(timers_.begin(), timers_.end(), [&](const Timer& timer) {
    return timer.kind == TimerKind::kBoot && timer.node == node.name;
  });
  if (!node.runs() && !booting)
    SetTimer(now_ms_ + (node.powered ? 0 : settings_.durations.boot_ms), TimerKind::kBoot, node.name);
  if (node.group == 0 && node.cut_links.empty()) return;
  node.group = 0;
  node.cut_links.clear();
  ConnectionsChanged();
  ConnectionsToRemotes();
}

// The node asks to leave: its services are moved away first (spec 09 §13.5).
void World::ShutDown(const std::string& name, const fault::Shutdown& how) {
  TrueNode& node = nodes_.at(name);
  if (!node.runs()) return;
  node.stays_away = !how.boots_again;
  if (how.boots_again) boots_again_.insert(name);
  if (!how.halts) stays_on_.insert(name);
  ClusterSide* side = SideOf(name);
  if (!side) return;
  execution::StoreTransient(Edit(*side, name), "shutdown", std::to_string(EpochNow()));
  if (!settings_.picket_engine) SetTimer(now_ms_ + catalog_->shutdown_escalation_ms(), TimerKind::kEscalate, name);
  Wake(*side, settings_.durations.decide_ms);
}

// What should stop before the node leaves does not: the node waits no longer.
void World::Escalate(const std::string& name) {
  if (!nodes_.at(name).runs()) return;
  Tell(EventKind::kNodeLeaves, name, name + " has waited long enough for its shutdown, and leaves as it is");
  Leave(name);
}

void World::Repair(const std::string& id) {
  const CatalogEntry* entry = catalog_->Find(id);
  if (!entry) return;
  for (const std::string& primitive : entry->primitives) {
    failing_devices_.erase(primitive);
    hanging_.erase(primitive);
    std::erase_if(armed_, [&](const ArmedFailure& armed) { return armed.primitive == primitive; });
    for (auto& [name, node] : nodes_) {
      for (auto& [instance, real] : node.resources) {
        if (real.primitive != primitive || real.failing_rc == 0) continue;
        real.failing_rc = 0;
        if (real.reported_rc != 0) ArmMonitor(node, instance);
      }
    }
  }
}

void World::FailResource(const fault::FailResource& fail) {
  const CatalogEntry* entry = catalog_->Find(fail.resource.id);
  if (!entry || entry->primitives.empty()) return;
  // Of a group or clone the first primitive that serves stands for it.
  std::string primitive = entry->primitives.front();
  const std::string only_node = fail.node ? fail.node->id : std::string();
  if (!fail.operation || *fail.operation == "monitor") {
    // Once: it is the service that fails, until it is mended. Several times or always: its monitors say so,
    // whatever the service does.
    const bool is_broken = fail.times == 1;
    if (!is_broken)
      armed_.push_back(
          {primitive, "monitor", only_node, fail.timed_out ? 1 : fail.exit_code, fail.timed_out, fail.times});
    bool serving = false;
    for (auto& [name, node] : nodes_) {
      if (!only_node.empty() && name != only_node) continue;
      for (const auto& [instance, resource] : node.resources) {
        if (resource.primitive != primitive) continue;
        serving = true;
        if (!is_broken) ArmMonitor(node, instance);
      }
      if (is_broken) StopServing(primitive, name, fail.timed_out ? 1 : fail.exit_code, fail.timed_out);
    }
    if (serving) return;
    Tell(EventKind::kNote, {},
         primitive + " runs nowhere" + (only_node.empty() ? "" : " on " + only_node) + ", so its monitor cannot fail");
    return;
  }
  if (*fail.operation == "asyncmon") return FakeFailure(primitive, only_node);
  armed_.push_back({primitive, *fail.operation, only_node, fail.exit_code, fail.timed_out, fail.times});
}

// `crm_resource --fail`: the cluster is told of a failure that nobody has seen (spec 09 §8.1, §9.1).
void World::FakeFailure(const std::string& primitive, const std::string& only_node) {
  for (const auto& [name, node] : nodes_) {
    ClusterSide* side = SideOf(name);
    if (!side || (!only_node.empty() && name != only_node)) continue;
    for (const auto& [instance, resource] : node.resources) {
      if (resource.primitive != primitive) continue;
      execution::OperationResult result;
      result.resource = instance;
      result.operation = "asyncmon";
      result.rc = 1;
      result.exit_reason = "Simulated failure";
      const CatalogEntry* entry = catalog_->Find(primitive);
      const HistoryTarget target{{instance, primitive}, entry->def->cls, entry->def->provider, entry->def->type};
      RecordResult(Edit(*side, name), target, result, EpochNow(), style());
      execution::Counting counting;
      counting.start_failure_is_fatal = catalog_->start_failure_is_fatal();
      // 2.1.5 counts it twice (spec 09 §9.1).
      const bool twice = catalog_->cluster().target.release() == solver::Release::k2_1_5;
      for (int i = 0; i < (twice ? 2 : 1); ++i) CountResult(Edit(*side, name), primitive, result, counting, EpochNow());
      Wake(*side, settings_.durations.decide_ms);
      StoryEvent event;
      event.kind = EventKind::kFailureNoticed;
      event.resource = primitive;
      event.instance = instance;
      event.operation = "asyncmon";
      event.node = name;
      event.rc = 1;
      Tell(std::move(event));
    }
  }
}

}  // namespace picket::simulator
