// What agents really do, and what they answer: services that start, stop and fail, monitors that find out,
// promotion scores and node attributes (spec 09 §7.4, §12).
#include <algorithm>

#include "execution/agents/attributes.h"
#include "execution/agents/promotion.h"
#include "execution/history/attributes.h"
#include "execution/history/history.h"
#include "simulator/world/world.h"
#include "solver/cib/values.h"
#include "solver/model/text.h"

namespace picket::simulator {
namespace {

constexpr int kUnimplemented = 3;
constexpr int kNotRunning = 7;
constexpr int kPromoted = 8;
constexpr int64_t kUsualTimeoutMs = 20000;
constexpr int64_t kUsualIntervalMs = 10000;

// Whether there is an agent that may do more than start, stop and monitor.
bool HasAgent(std::string_view cls) {
  return cls == "ocf" || cls == "stonith";
}

// The history of an instance; that of an anonymous one may have been written under another number.
const solver::ResourceHistory* HistoryOf(const solver::NodeState& state, const std::string& instance) {
  for (const solver::ResourceHistory& history : state.history) {
    if (history.id == instance) return &history;
  }
  for (const solver::ResourceHistory& history : state.history) {
    if (solver::BaseName(history.id) == instance) return &history;
  }
  return nullptr;
}

// The recurring monitor that runs most often; null: none runs. Monitors older than the last change ended with
// it, though their entries stay (spec 09 §7.5).
const solver::HistoryEntry* ActiveMonitor(const solver::ResourceHistory& history) {
  int32_t last_change = INT32_MIN;
  for (const solver::HistoryEntry& entry : history.entries) {
    const bool changes = entry.interval_ms == 0 && entry.operation != "monitor" && entry.operation != "notify";
    if (changes) last_change = std::max(last_change, entry.call_id);
  }
  const solver::HistoryEntry* best = nullptr;
  for (const solver::HistoryEntry& entry : history.entries) {
    const bool runs = entry.interval_ms > 0 && entry.operation == "monitor" && entry.call_id > last_change &&
                      !entry.id.ends_with("_last_failure_0");
    if (runs && (!best || entry.interval_ms < best->interval_ms)) best = &entry;
  }
  return best;
}

std::string ScoreName(const std::string& instance) {
  return "master-" + instance;
}

int64_t MonitorTimeoutMs(const Catalog& catalog, const std::string& primitive, uint32_t interval_ms) {
  const CatalogEntry* entry = catalog.Find(primitive);
  if (!entry || !entry->def) return kUsualTimeoutMs;
  for (const solver::OperationDef& operation : entry->def->operations) {
    if (operation.name != "monitor" || operation.interval_ms != interval_ms) continue;
    const std::string* value = solver::FindAttribute(operation.attributes, "timeout");
    return value ? solver::ParseDuration(*value).value_or(kUsualTimeoutMs) : kUsualTimeoutMs;
  }
  return kUsualTimeoutMs;
}

int64_t ShortestInterval(const solver::ResourceDef& def) {
  int64_t shortest = INT64_MAX;
  for (const solver::OperationDef& operation : def.operations) {
    if (operation.name == "monitor" && operation.interval_ms > 0)
      shortest = std::min<int64_t>(shortest, operation.interval_ms);
  }
  return shortest == INT64_MAX ? kUsualIntervalMs : shortest;
}

}  // namespace

// What the agent answers, and what it did to the world.
int World::TrueResult(const PlanStep& what, bool fails, int failing_rc) {
  TrueNode& node = PlaceOf(what.node);
  // What was deleted while it ran has the agent that it had.
  const CatalogEntry* entry = catalog_->Find(what.primitive);
  if (!entry) entry = written_->Find(what.primitive);
  const bool promotable = entry && entry->promotable;
  const auto found = node.resources.find(what.instance);
  // Units and scripts know no live migration: they refuse, and the service runs on.
  if (what.operation.starts_with("migrate_") && entry && !HasAgent(entry->def->cls)) return kUnimplemented;
  if (fails) {
    // A failed stop, promotion or demotion leaves behind what cannot be trusted.
    const bool changes = what.operation == "stop" || what.operation == "promote" || what.operation == "demote" ||
                         what.operation.starts_with("migrate_");
    if (changes && found != node.resources.end()) found->second.failing_rc = failing_rc;
    return failing_rc;
  }
  const auto put = [&](TrueNode& where, solver::Role role) {
    TrueResource& real = where.resources[what.instance];
    real = TrueResource{};
    real.primitive = what.primitive;
    real.role = role;
  };
  if (what.operation == "start" || what.operation == "migrate_from") {
    put(node, promotable ? solver::Role::kUnpromoted : solver::Role::kStarted);
    // A guest is there from the start of its connection on; a remote machine has its own power.
    if (what.target.type == "remote" && !node.remote) {
      TrueNode& remote = PlaceOf(what.instance);
      remote.member = true;
      if (!IsRemoteMachine(what.instance)) remote.powered = true;
    }
    return 0;
  }
  if (what.operation == "stop" && promotable && entry->def && found != node.resources.end() &&
      found->second.role == solver::Role::kPromoted) {
    const int rc = ModelOf(*entry).stop_while_promoted_rc;
    if (rc != 0) return rc;
  }
  if (what.operation == "stop" || what.operation == "migrate_to") {
    if (what.operation == "stop") ClearGuestsOf(what.primitive);
    if (found != node.resources.end()) node.resources.erase(found);
    // A live migration hands over without a gap: what is over here is there already.
    const auto target = nodes_.find(what.operation == "stop" ? std::string() : what.migrate_target);
    if (target != nodes_.end() && target->second.powered) put(target->second, solver::Role::kStarted);
    return 0;
  }
  if (what.operation == "promote" || what.operation == "demote") {
    // Neither works on what does not run. What does not serve cannot be promoted; a demotion that works mends
    // it.
    if (found == node.resources.end() || found->second.failing_rc == kNotRunning) return kNotRunning;
    if (what.operation == "promote" && found->second.failing_rc != 0) return found->second.failing_rc;
    put(node, what.operation == "promote" ? solver::Role::kPromoted : solver::Role::kUnpromoted);
    return 0;
  }
  if (what.operation == "monitor") {
    if (found == node.resources.end()) return kNotRunning;
    const solver::Role role = found->second.role;
    if (const int rc = found->second.failing_rc; rc != 0) {
      if (what.interval_ms > 0) found->second.reported_rc = rc;
      return rc;
    }
    return role == solver::Role::kPromoted ? kPromoted : 0;
  }
  return 0;
}

// What a test makes the next monitor answer; 0: nothing.
int World::TakeArmedMonitor(const std::string& primitive, const std::string& node) {
  for (auto armed = armed_.begin(); armed != armed_.end(); ++armed) {
    if (armed->primitive != primitive || armed->operation != "monitor") continue;
    if (!armed->node.empty() && armed->node != node) continue;
    const int rc = armed->rc;
    if (armed->times > 0 && --armed->times == 0) armed_.erase(armed);
    return rc;
  }
  return 0;
}

bool World::StoreAttribute(ClusterSide& side, const std::string& node, std::string_view name,
                           std::optional<std::string> value) {
  const std::string* before = execution::FindTransient(StateOf(side, node), name);
  if (before ? (value && *before == *value) : !value) return false;
  std::map<std::string, std::string>& believed = PlaceOf(node).believed;
  if (const auto known = believed.find(std::string(name)); known != believed.end()) {
    const bool same = value && *value == known->second;
    if (same) return false;
    believed.erase(known);
  }
  if (value) {
    execution::StoreTransient(Edit(side, node), name, *value);
  } else {
    execution::EraseTransient(Edit(side, node), name);
  }
  return true;
}

// A dampened attribute is written so long after its last change on any node (spec 09 §11.2). True if it
// changed at once.
bool World::WriteAttribute(ClusterSide& side, const std::string& node, const execution::AgentAttribute& attribute,
                           std::optional<std::string> value) {
  const std::string* written = execution::FindTransient(StateOf(side, node), attribute.name);
  const bool changes = value ? !written || *written != *value : written != nullptr;
  const bool is_waiting = std::any_of(timers_.begin(), timers_.end(), [&](const Timer& timer) {
    return timer.kind == TimerKind::kAttribute && timer.instance == attribute.name && timer.node == node;
  });
  if (!changes && !is_waiting) return false;  // An unchanged value is not sent on.
  if (attribute.dampening_ms == 0) return StoreAttribute(side, node, attribute.name, std::move(value));
  std::vector<Timer> waiting;
  std::erase_if(timers_, [&](const Timer& timer) {
    if (timer.kind != TimerKind::kAttribute || timer.instance != attribute.name) return false;
    if (timer.node != node) waiting.push_back(timer);
    return true;
  });
  const int64_t at_ms = now_ms_ + attribute.dampening_ms;
  for (const Timer& timer : waiting)
    SetTimer(at_ms, TimerKind::kAttribute, timer.node, timer.instance, timer.operation, timer.interval_ms);
  SetTimer(at_ms, TimerKind::kAttribute, node, attribute.name, value.value_or(""), value ? 1 : 0);
  return false;
}

void World::WriteDampened(const Timer& timer) {
  ClusterSide* side = SideOf(timer.node);
  const TrueNode& node = nodes_.at(timer.node);
  if (!side || !(node.remote ? node.powered : node.runs())) return;
  if (set_by_hand_.count(timer.node + " " + timer.instance) > 0) return;
  const bool stays = timer.interval_ms != 0;
  if (StoreAttribute(*side, timer.node, timer.instance, stays ? std::optional(timer.operation) : std::nullopt))
    Wake(*side, settings_.durations.decide_ms);
}

size_t World::CopiesOf(const CatalogEntry& entry) const {
  if (entry.copies > 0) return static_cast<size_t>(entry.copies);
  return static_cast<size_t>(
      std::count_if(nodes_.begin(), nodes_.end(), [](const auto& one) { return !one.second.remote; }));
}

const execution::PromotionModel& World::ModelOf(const CatalogEntry& entry) const {
  return execution::PromotionModelOf(*entry.def, CopiesOf(entry));
}

// Where scores wait for monitors that look at all instances: they look again some time after what happened.
void World::AwaitScores(const std::string& primitive) {
  const CatalogEntry* entry = catalog_->Find(primitive);
  const bool waits = std::any_of(timers_.begin(), timers_.end(), [&](const Timer& timer) {
    return timer.kind == TimerKind::kScores && timer.instance == primitive;
  });
  if (waits || !entry || !entry->def) return;
  bool any_promoted = false;
  for (const auto& [name, node] : nodes_) {
    for (const auto& [instance, real] : node.resources)
      any_promoted = any_promoted || (real.primitive == primitive && real.role == solver::Role::kPromoted);
  }
  const int looks = any_promoted ? 1 : ModelOf(*entry).board_looks;
  SetTimer(now_ms_ + ShortestInterval(*entry->def) * looks, TimerKind::kScores, {}, primitive);
}

// What the agent writes after this operation. True if an attribute changed.
bool World::AgentAttributes(ClusterSide& side, const PlanStep& what, int rc) {
  // What was deleted while it ran has the agent that it had.
  const CatalogEntry* entry = catalog_->Find(what.primitive);
  if (!entry) entry = written_->Find(what.primitive);
  if (!entry || !entry->def) return false;
  bool changed = false;
  const bool worked = rc == 0;
  const bool monitors = what.operation == "monitor" && what.interval_ms > 0;
  const bool may_write = worked && (what.operation == "start" || what.operation == "stop" || monitors);
  if (const auto attribute = may_write ? execution::AttributeWrittenBy(*entry->def) : std::nullopt;
      attribute && set_by_hand_.count(what.node + " " + attribute->name) == 0) {
    const bool writes = what.operation == "start" || (what.operation == "monitor" && attribute->by_monitor);
    if (writes) changed |= WriteAttribute(side, what.node, *attribute, attribute->value);
    if (what.operation == "stop") {
      const bool stays = !attribute->value_after.empty();
      changed |=
          WriteAttribute(side, what.node, *attribute, stays ? std::optional(attribute->value_after) : std::nullopt);
    }
  }
  if (!entry->promotable) return changed;
  const execution::PromotionModel& model = ModelOf(*entry);
  if (settings_.keep_story) {
    Assume(entry->def->id + ": promotion scores as " +
           (model.known ? "ocf:" + entry->def->provider + ":" + entry->def->type + " sets them"
                        : "ocf:pacemaker:Stateful sets them, since nothing is known of its agent"));
  }
  std::optional<std::string_view> score;
  const bool probe = what.operation == "monitor" && what.interval_ms == 0;
  if (what.operation == "start" && worked) score = model.start;
  if (what.operation == "promote" && worked) score = model.promote;
  if (what.operation == "demote" && worked) score = model.demote;
  if (what.operation == "stop" && worked) score = model.stop;
  if (probe && rc == kPromoted) score = model.probe_promoted;
  if (probe && rc == 0) score = model.probe_unpromoted;
  const bool promoted = (what.operation == "promote" && worked) || (what.operation == "monitor" && rc == kPromoted);
  if (const auto said = catalog_->AssumedScore(settings_.assumptions, what.primitive, what.node, promoted);
      said && what.operation != "stop" && (worked || rc == kPromoted)) {
    score = *said;
  }
  if (score) {
    changed |= StoreAttribute(side, what.node, ScoreName(what.instance),
                              score->empty() ? std::nullopt : std::optional(std::string(*score)));
  }
  using Board = execution::PromotionModel::Board;
  if (model.board == Board::kNobody || what.kind != StepKind::kOperation) return changed;
  // The others' scores come with the next monitor of the promoted instance, which runs at once after its
  // promotion.
  const bool now = model.board != Board::kMonitorOfPromoted || (what.operation == "monitor" && rc == kPromoted);
  if (now) return SetScores(side, what.primitive) || changed;
  if (what.interval_ms == 0) AwaitScores(what.primitive);
  return changed;
}

// The instances that serve, in the order of their nodes.
std::vector<World::Instance> World::InstancesOf(const ClusterSide& side, const std::string& primitive) const {
  std::vector<Instance> instances;
  for (const std::string& name : PlacesOf(side)) {
    for (const auto& [instance, real] : nodes_.at(name).resources) {
      if (real.primitive != primitive || real.failing_rc != 0) continue;
      const std::string* score = execution::FindTransient(StateOf(side, name), ScoreName(instance));
      const bool positive = score && solver::ParseScore(*score).value_or(solver::Score()) > solver::Score(0);
      instances.push_back({name, instance, real.role == solver::Role::kPromoted, positive});
    }
  }
  return instances;
}

bool World::SetScore(ClusterSide& side, const std::string& primitive, const Instance& instance,
                     std::string_view score) {
  const auto said = catalog_->AssumedScore(settings_.assumptions, primitive, instance.node, instance.promoted);
  return StoreAttribute(side, instance.node, ScoreName(instance.name), said ? *said : std::string(score));
}

// Scores that depend on all instances. True if one changed.
bool World::SetScores(ClusterSide& side, const std::string& primitive) {
  using Board = execution::PromotionModel::Board;
  const CatalogEntry* entry = catalog_->Find(primitive);
  if (!entry || !entry->def) return false;
  const execution::PromotionModel& model = ModelOf(*entry);
  const std::vector<Instance> instances = InstancesOf(side, primitive);
  const bool any_promoted =
      std::any_of(instances.begin(), instances.end(), [](const Instance& one) { return one.promoted; });
  if (model.board != Board::kEachByPeers)
    return any_promoted ? ScoreBesidePromoted(side, primitive, model, instances)
                        : ChooseToPromote(side, *entry, primitive, instances);
  const bool all_here = instances.size() >= CopiesOf(*entry);
  bool changed = false;
  for (const Instance& instance : instances) {
    const std::string_view score = instance.promoted ? model.board_promoted
                                   : all_here        ? model.board_first
                                                     : model.board_alone;
    changed |= SetScore(side, primitive, instance, score);
  }
  return changed;
}

// Nothing is promoted, and no instance may be: one with the newest data is chosen, once enough have reported.
bool World::ChooseToPromote(ClusterSide& side, const CatalogEntry& entry, const std::string& primitive,
                            const std::vector<Instance>& instances) {
  using Board = execution::PromotionModel::Board;
  const execution::PromotionModel& model = ModelOf(entry);
  if (std::any_of(instances.begin(), instances.end(), [](const Instance& one) { return one.has_score; })) return false;
  const auto known = current_data_.find(primitive);
  const bool began = known != current_data_.end();
  size_t electorate = execution::Electorate(*entry.def, CopiesOf(entry));
  if (model.board == Board::kMonitorOfPromoted) electorate = 1;
  if (model.board == Board::kBestStarts && began && electorate > 1) --electorate;
  if (instances.size() < electorate) return false;
  const auto chosen = std::find_if(instances.begin(), instances.end(), [&](const Instance& one) {
    return !model.board_current || !began || known->second.count(one.node) > 0;
  });
  if (chosen == instances.end()) return false;
  Assume(primitive + ": the instance on " + chosen->node + " has the newest data");
  return SetScore(side, primitive, *chosen, model.board_chosen);
}

// One is promoted: it decides who may follow it.
bool World::ScoreBesidePromoted(ClusterSide& side, const std::string& primitive, const execution::PromotionModel& model,
                                const std::vector<Instance>& instances) {
  using Board = execution::PromotionModel::Board;
  std::set<std::string> current;
  bool changed = false;
  // Who was best before stays so; else the first.
  const auto others =
      std::count_if(instances.begin(), instances.end(), [](const Instance& one) { return !one.promoted; });
  const auto best = std::find_if(instances.begin(), instances.end(), [&](const Instance& one) {
    const bool any = std::none_of(instances.begin(), instances.end(),
                                  [](const Instance& other) { return !other.promoted && other.has_score; });
    return !one.promoted && (one.has_score || any);
  });
  if (others > 1 && model.board_current) Assume(primitive + ": the replica on " + best->node + " is in sync");
  const int64_t first = solver::ParseInteger(model.board_first).value_or(0);
  int rank = 0;
  for (const Instance& instance : instances) {
    const bool is_best = best != instances.end() && &instance == &*best;
    if (instance.promoted || is_best) current.insert(instance.node);
    if (instance.promoted) {
      changed |= SetScore(side, primitive, instance, model.board_promoted);
    } else if (model.board == Board::kAllAfterPromotion) {
      changed |= SetScore(side, primitive, instance, model.board_chosen);
    } else if (model.board == Board::kMonitorOfPromoted) {
      const std::string step = std::to_string(first - model.board_step * rank++);
      const bool by_step = model.board_others.empty();
      changed |= SetScore(side, primitive, instance,
                          by_step   ? std::string_view(step)
                          : is_best ? model.board_first
                                    : model.board_others);
    }
  }
  current_data_[primitive] = std::move(current);
  return changed;
}

// A recurring monitor comes round. Only a result that differs from the last one reported is news (spec 09
// §7.4).
void World::Monitor(const Timer& timer) {
  TrueNode& node = PlaceOf(timer.node);
  ClusterSide* side = SideOf(timer.node);
  const bool answers = node.remote ? node.powered : node.runs();
  if (!answers || !side) return;
  const auto found = node.resources.find(timer.instance);
  // Stopped or started anew in the meantime: nothing to notice.
  if (found == node.resources.end()) return;
  TrueResource& real = found->second;
  const int armed_rc = real.failing_rc == 0 ? TakeArmedMonitor(real.primitive, timer.node) : 0;
  if (real.failing_rc == 0 && real.reported_rc == 0 && armed_rc == 0) return;
  const solver::ResourceHistory* history = HistoryOf(StateOf(*side, timer.node), timer.instance);
  const solver::HistoryEntry* entry = history ? ActiveMonitor(*history) : nullptr;
  if (!entry) return;
  PlanStep what;
  what.kind = StepKind::kOperation;
  what.operation = timer.operation;
  what.node = timer.node;
  what.primitive = real.primitive;
  what.instance = timer.instance;
  what.target = {{history->id}, {}, {}, {}};
  what.interval_ms = timer.interval_ms;
  what.expected_rc = real.role == solver::Role::kPromoted ? kPromoted : 0;
  what.digest = std::string(entry->Get("op-digest"));
  what.timeout_ms = MonitorTimeoutMs(*catalog_, real.primitive, timer.interval_ms);
  const bool timed_out = hanging_.count(real.primitive) > 0 || (real.failing_rc != 0 && real.times_out);
  const bool failed = real.failing_rc != 0 || armed_rc != 0;
  const int rc = real.failing_rc != 0 ? real.failing_rc : armed_rc != 0 ? armed_rc : what.expected_rc;
  const bool news = (failed ? rc : 0) != real.reported_rc;
  real.reported_rc = failed ? rc : 0;
  StoryEvent event;
  event.kind = EventKind::kFailureNoticed;
  event.resource = real.primitive;
  event.instance = timer.instance;
  event.operation = timer.operation;
  event.interval_ms = timer.interval_ms;
  event.node = timer.node;
  event.rc = rc;
  event.timed_out = timed_out;
  // The next monitor may say something else.
  const bool for_ever = std::any_of(armed_.begin(), armed_.end(), [&](const ArmedFailure& armed) {
    return armed.primitive == real.primitive && armed.operation == "monitor" && armed.times < 0;
  });
  const bool again = armed_rc != 0 && !for_ever;
  if (again)
    SetTimer(now_ms_ + timer.interval_ms, TimerKind::kMonitor, timer.node, timer.instance, timer.operation,
             timer.interval_ms);
  // An agent that says "not running" is right: what it monitors is gone.
  if (rc == kNotRunning && !again) node.resources.erase(found);
  if (!news) return;
  const bool counted = IsLed(*side) && side->joining.empty() && !side->refreshes_all;
  Record(*side, what, rc, timed_out, settings_.durations.monitor_ms, counted);
  if (failed && IsRemoteMachine(what.instance)) DropRemote(*side, what.instance);
  Wake(*side, settings_.durations.decide_ms);
  if (failed) Tell(std::move(event));
}

// The resource stops doing its work there; the next recurring monitor finds out, if one runs.
void World::StopServing(const std::string& primitive, const std::string& node_name, int rc, bool timed_out) {
  TrueNode& node = nodes_.at(node_name);
  for (auto& [instance, resource] : node.resources) {
    if (resource.primitive != primitive) continue;
    resource.failing_rc = timed_out ? 1 : rc;
    resource.times_out = timed_out;
    StoryEvent event;
    event.kind = EventKind::kServiceFails;
    event.resource = primitive;
    event.instance = instance;
    event.node = node_name;
    event.rc = resource.failing_rc;
    Tell(std::move(event));
    ArmMonitor(node, instance);
  }
}

void World::ArmMonitor(TrueNode& node, const std::string& instance) {
  ClusterSide* side = SideOf(node.name);
  if (!side) return;
  // The first monitor, in flight behind its start-delay, finds out.
  if (side->flight) {
    for (const uint32_t index : side->flight->in_flight) {
      const PlanStep& what = side->flight->plan->steps[index];
      if (what.operation == "monitor" && what.interval_ms > 0 && what.instance == instance && what.node == node.name)
        return;
    }
  }
  const solver::ResourceHistory* history = HistoryOf(StateOf(*side, node.name), instance);
  const solver::HistoryEntry* monitor = history ? ActiveMonitor(*history) : nullptr;
  if (!monitor) {
    return Tell(EventKind::kNote, node.name,
                "no recurring monitor of " + instance + " runs on " + node.name + ": nobody notices");
  }
  const TrueResource& real = node.resources.at(instance);
  int64_t at_ms = now_ms_ + monitor->interval_ms;
  if (real.monitored_from_ms > now_ms_) at_ms = real.monitored_from_ms;
  const int64_t known_ms = catalog_->KnownDurationMs(settings_.assumptions, real.primitive, "monitor", node.name);
  if (hanging_.count(real.primitive) > 0 || real.times_out || (known_ms < 0 && settings_.durations.longest)) {
    at_ms += MonitorTimeoutMs(*catalog_, real.primitive, monitor->interval_ms);
  } else {
    at_ms += known_ms >= 0 ? known_ms : settings_.durations.monitor_ms;
  }
  SetTimer(at_ms, TimerKind::kMonitor, node.name, instance, monitor->operation, monitor->interval_ms);
}

}  // namespace picket::simulator
