#include "simulator/world/world.h"

#include <algorithm>
#include <unordered_set>

#include "simulator/world/execution.h"
#include "simulator/world/history.h"
#include "solver/cib/values.h"
#include "solver/model/text.h"
#include "solver/schedule.h"

namespace picket::simulator {
namespace {

bool IsClusterNode(const solver::NodeDef& node) {
  return node.type.empty() || solver::EqualFolded(node.type, "member");
}

// Entries of history that decide, without the numbers and times that only grow.
void AppendHistory(std::string& key, const solver::NodeState& state) {
  for (const solver::ResourceHistory& history : state.history) {
    key += history.id;
    std::vector<const solver::HistoryEntry*> entries;
    for (const solver::HistoryEntry& entry : history.entries) entries.push_back(&entry);
    std::sort(entries.begin(), entries.end(), [](const auto* a, const auto* b) {
      return a->call_id != b->call_id ? a->call_id < b->call_id : a->id < b->id;
    });
    for (const solver::HistoryEntry* entry : entries) {
      key += ' ';
      key += entry->id + "=" + entry->operation + ":" + std::to_string(entry->rc.value_or(-1)) + ":" +
             std::to_string(entry->status.value_or(-2));
    }
    key += '\n';
  }
}

}  // namespace

World::World(std::shared_ptr<const Catalog> catalog, solver::State initial, WorldSettings settings)
    : catalog_(std::move(catalog)), settings_(std::move(settings)), state_(std::move(initial)) {
  for (const solver::NodeDef& def : catalog_->cluster().nodes) {
    if (!IsClusterNode(def)) continue;
    TrueNode node;
    node.name = def.uname;
    node.id = def.id;
    nodes_.emplace(def.uname, std::move(node));
  }
  state_.now.epoch_s = settings_.start_epoch_s;
  const std::string* fatal = PlainValue(catalog_->cluster().properties, "start-failure-is-fatal");
  start_failure_is_fatal_ = !fatal || solver::ParseBoolean(*fatal).value_or(true);
}

void World::StartCluster() {
  std::string names;
  for (auto& [name, node] : nodes_) {
    node.powered = true;
    names += (names.empty() ? "" : ", ") + name;
  }
  Tell(EventKind::kClusterStarts, {}, "the cluster starts: " + names);
  UpdateMembership();
}

void World::Tell(StoryEvent event) {
  event.time_ms = now_ms_;
  story_.push_back(std::move(event));
  if (on_event) on_event(*this);
}

void World::Tell(EventKind kind, std::string node, std::string text) {
  StoryEvent event;
  event.kind = kind;
  event.node = std::move(node);
  event.text = std::move(text);
  Tell(std::move(event));
}

void World::SetTimer(int64_t at_ms, TimerKind kind, std::string node, std::string instance,
                     std::string operation, uint32_t interval_ms) {
  Timer timer{at_ms,      next_sequence_++, kind, std::move(node), std::move(instance), std::move(operation),
              interval_ms};
  const auto later =
      std::find_if(timers_.begin(), timers_.end(), [&](const Timer& t) { return t.at_ms > timer.at_ms; });
  timers_.insert(later, std::move(timer));
}

bool World::FireFirstTimer() {
  const Timer timer = timers_.front();
  timers_.erase(timers_.begin());
  now_ms_ = std::max(now_ms_, timer.at_ms);
  switch (timer.kind) {
    case TimerKind::kMembership:
      return UpdateMembership();
    case TimerKind::kBoot:
      Boot(nodes_.at(timer.node));
      return UpdateMembership();
    case TimerKind::kMonitor:
      return NoticeFailure(timer);
  }
  return false;
}

bool World::NoticeFailure(const Timer& timer) {
  TrueNode& node = nodes_.at(timer.node);
  if (!node.powered || !node.member) return false;
  const auto found = node.resources.find(timer.instance);
  // Stopped or started anew in the meantime: nothing to notice.
  if (found == node.resources.end() || found->second.failing_rc == 0) return false;
  if (!HasRecurring(StateOf(timer.node), timer.instance, timer.operation, timer.interval_ms)) return false;
  const solver::ResourceDef* def = catalog_->Find(found->second.primitive)->def;
  OperationResult result;
  result.resource_id = timer.instance;
  result.cls = def->cls;
  result.provider = def->provider;
  result.type = def->type;
  result.operation = timer.operation;
  result.interval_ms = timer.interval_ms;
  result.expected_rc = found->second.role == solver::Role::kPromoted ? 8 : 0;
  result.timed_out = hanging_.count(found->second.primitive) > 0;
  result.rc = found->second.failing_rc;
  result.when_s = EpochNow();
  result.node = timer.node;
  for (const solver::ResourceHistory& history : StateOf(timer.node).history) {
    if (history.id != timer.instance) continue;
    for (const solver::HistoryEntry& entry : history.entries) {
      if (entry.operation == timer.operation && entry.interval_ms == timer.interval_ms)
        result.digest = entry.Get("op-digest");
    }
  }
  solver::NodeState& state = Edit(timer.node);
  RecordResult(state, result);
  CountFailure(state, timer.instance, timer.operation, timer.interval_ms, false, EpochNow());
  StoryEvent event;
  event.kind = EventKind::kFailureNoticed;
  event.resource = found->second.primitive;
  event.instance = timer.instance;
  event.operation = timer.operation;
  event.interval_ms = timer.interval_ms;
  event.node = timer.node;
  event.rc = result.rc;
  event.timed_out = result.timed_out;
  // An agent that says "not running" is right: what it monitors is gone.
  if (result.rc == 7) node.resources.erase(found);
  Tell(std::move(event));
  return true;
}

Rest World::Settle(solver::Run& run) {
  std::unordered_set<std::string> seen;
  int transitions = 0;
  while (true) {
    state_.now.epoch_s = EpochNow();
    const solver::Transition transition = solver::Schedule(catalog_->cluster(), state_, run, nullptr);
    Execution execution(*this, run, transition);
    if (!execution.Carry()) {
      if (timers_.empty()) return Rest::kSettled;
      FireFirstTimer();
      continue;
    }
    if (++transitions >= settings_.max_transitions) return Rest::kRestless;
    if (seen.insert(CanonicalState()).second) continue;
    // Where fencing was given up the cluster goes round for ever, doing nothing that matters: it waits for a person.
    if (!GaveUpFencing()) return Rest::kLivelock;
    Tell(EventKind::kNote, {}, "fencing is given up; the cluster waits for somebody to look");
    return Rest::kSettled;
  }
}

bool World::GaveUpFencing() const {
  return std::any_of(fence_attempts_.begin(), fence_attempts_.end(),
                     [&](const auto& attempts) { return attempts.second >= settings_.max_fence_attempts; });
}

solver::NodeState& World::Edit(std::string_view name) {
  for (auto& shared : state_.nodes) {
    if (shared->uname && solver::EqualFolded(*shared->uname, name)) {
      auto copy = std::make_shared<solver::NodeState>(*shared);
      solver::NodeState& editable = *copy;
      shared = std::move(copy);
      return editable;
    }
  }
  auto fresh = std::make_shared<solver::NodeState>();
  const TrueNode& node = nodes_.at(std::string(name));
  fresh->id = node.id;
  fresh->uname = node.name;
  fresh->attributes = {{"id", node.id}, {"uname", node.name}};
  solver::NodeState& editable = *fresh;
  state_.nodes.push_back(std::move(fresh));
  return editable;
}

const solver::NodeState& World::StateOf(std::string_view name) const {
  static const solver::NodeState kNothing;
  for (const auto& shared : state_.nodes) {
    if (shared->uname && solver::EqualFolded(*shared->uname, name)) return *shared;
  }
  return kNothing;
}

// A state seen before in one reaction means that the reaction never ends. Fail counts only grow, so they are
// cut to what is judged: none, some, at the threshold. Times and call numbers go.
std::string World::CanonicalState() const {
  std::string key = quorate_ ? "quorate\n" : "inquorate\n";
  for (const auto& shared : state_.nodes) {
    for (const auto& [name, value] : shared->attributes) key += name + "=" + value + " ";
    for (const solver::NvBlock& block : shared->transient) {
      for (const solver::NvPair& pair : block.pairs) {
        if (pair.name.starts_with("last-failure-")) continue;
        if (!pair.name.starts_with("fail-count-")) {
          key += pair.name + "=" + pair.value + " ";
          continue;
        }
        const std::string resource = pair.name.substr(11, pair.name.find('#') - 11);
        const CatalogEntry* entry = catalog_->Find(solver::BaseName(resource));
        const std::string* limit = entry ? PlainValue(entry->def->meta, "migration-threshold") : nullptr;
        if (!limit) limit = PlainValue(catalog_->cluster().rsc_defaults, "migration-threshold");
        const solver::Score threshold = limit ? solver::ParseScore(*limit).value_or(solver::Score::Infinity())
                                              : solver::Score::Infinity();
        const solver::Score count = solver::ParseScore(pair.value).value_or(solver::Score());
        key += pair.name + "=" +
               (threshold.is_infinite() && !count.is_infinite() ? "some"
                                                                : std::min(count, threshold).ToString()) +
               " ";
      }
    }
    key += '\n';
    AppendHistory(key, *shared);
  }
  for (const auto& [name, node] : nodes_) {
    key += name + (node.powered ? "+" : "-") + std::to_string(node.group) + ":";
    for (const auto& [instance, resource] : node.resources) {
      key += instance + "=" + std::string(solver::RoleName(resource.role)) +
             std::to_string(resource.failing_rc) + " ";
    }
    key += '\n';
  }
  for (const Timer& timer : timers_) {
    key += timer.node + timer.instance + "@" + std::to_string(timer.at_ms - now_ms_) + " ";
  }
  for (const auto& [node, attempts] : fence_attempts_) key += node + "?" + std::to_string(attempts) + " ";
  return key;
}

}  // namespace picket::simulator
