// Changed definitions: what runs is compared with what is configured now, and restarted, reloaded, run again, cancelled
// or cleaned up (spec 02 §17, 05 §6).
#include <map>

#include "solver/actions/create.h"
#include "solver/actions/fencing.h"
#include "solver/model/query.h"
#include "solver/order/order.h"
#include "solver/status/digest.h"
#include "solver/status/entry_order.h"
#include "solver/status/history.h"
#include "solver/status/status.h"

namespace picket::solver {
namespace {

constexpr std::string_view kDefinitionChange = "resource definition change";

// Primitives by id and by history id, depth first. Read backwards, since they are collected at the front.
using Index = std::map<std::string, std::vector<ResourceId>, std::less<>>;

Index IndexOf(const Run& run) {
  Index index;
  for (const ResourceId top : run.top_level) {
    ForEachPrimitive(run, top, [&](ResourceId id) {
      const Resource& resource = run.at(id);
      index[resource.id].push_back(id);
      if (!resource.history_id.empty() && resource.history_id != resource.id) index[resource.history_id].push_back(id);
    });
  }
  return index;
}

// Only nodes whose resources may be touched, or that are in maintenance, where recurring operations are cancelled.
bool IsChecked(const Node& node) {
  if (node.maintenance) return true;
  return node.online && !node.unclean && !node.standby && !node.shutting_down;
}

// The one node state with a history that has exactly this name.
const NodeState* HistoryOf(const Run& run, const Node& node) {
  const NodeState* found = nullptr;
  for (const auto& state : run.state->nodes) {
    if (!state->has_history || !state->uname || *state->uname != node.name) continue;
    if (found) return nullptr;
    found = state.get();
  }
  return found;
}

// 10s, 1m30s, 7ms: for messages only.
std::string ReadableInterval(uint32_t interval_ms) {
  if (interval_ms == 0) return "0s";
  std::string text;
  const auto add = [&text](uint32_t amount, std::string_view unit) {
    if (amount > 0) text += std::to_string(amount) + std::string(unit);
  };
  add(interval_ms / 86400000, "d");
  add(interval_ms / 3600000 % 24, "h");
  add(interval_ms / 60000 % 60, "m");
  const uint32_t seconds = interval_ms / 1000 % 60;
  const uint32_t rest_ms = interval_ms % 1000;
  if (rest_ms == 0) {
    add(seconds, "s");
  } else if (seconds == 0 && text.empty()) {
    add(rest_ms, "ms");
  } else {
    const std::string digits = std::to_string(1000 + rest_ms).substr(1);
    text += std::to_string(seconds) + "." + digits + "s";
  }
  return text;
}

// --- consequences ------------------------------------------------------------------------------------------

// The history of an agent that is not the configured one is deleted (spec 05 §6.1).
void CleanUp(Run& run, ResourceId id, NodeId node) {
  if (run.at(id).failed || !IsClean(run, node)) return;
  const ActionId clean_up = RequestAction(run, id, Symbol::kDelete, 0, node, false);
  Record(run, End(id, Symbol::kStop), End(clean_up), kind::kSeq);
  Record(run, End(clean_up), End(id, Symbol::kStart), kind::kSeq);
}

// Asked for without node: whoever starts the resource gives it one (spec 05 §6.4).
void ForceRestart(Run& run, ResourceId id, NodeId node, const HistoryEntry& entry) {
  Symbol task = run.symbols.Intern(entry.operation);
  if (entry.interval_ms == 0 &&
      (task == Symbol::kMonitor || task == Symbol::kMigrateFrom || task == Symbol::kPromote)) {
    task = Symbol::kStart;
  }
  const ActionId required = RequestAction(run, id, task, entry.interval_ms, NodeId(), false);
  SetReason(run, required, kDefinitionChange, true);
  TriggerUnfencing(run, id, node, "Device parameters changed");
}

// Spec 05 §6.5.
void Reload(Run& run, ResourceId id, NodeId node) {
  const Resource& resource = run.at(id);
  if (!resource.managed || resource.failed) return;
  if (resource.start_pending) {
    RequestAction(run, id, Symbol::kStop, 0, node, false);
    return;
  }
  run.at(id).reloading = true;
  const ActionId reload = RequestAction(run, id, Symbol::kReloadAgent, 0, node, false);
  SetReason(run, reload, kDefinitionChange, false);
  Record(run, End(reload), End(id, Symbol::kStop), kind::kSeq | kind::kCancelFirst);
  Record(run, End(reload), End(id, Symbol::kDemote), kind::kSeq | kind::kCancelFirst);
}

void Reschedule(Run& run, ResourceId id, NodeId node, const HistoryEntry& entry) {
  const Symbol task = run.symbols.Intern(entry.operation);
  const ActionId again = RequestAction(run, id, task, entry.interval_ms, node, true);
  run.at(again).reschedule = true;
  TriggerUnfencing(run, id, node, "Device parameters changed (reschedule)");
}

void Cancel(Run& run, ResourceId id, NodeId node, const HistoryEntry& entry) {
  CancelRecurring(run, id, node, run.symbols.Intern(entry.operation), entry.interval_ms,
                  std::string(entry.Get("call-id")));
}

// --- one entry (spec 02 §17.4) -----------------------------------------------------------------------------

// Parameters that are secret or do not matter may differ, if the input was sanitized.
bool OnlyPrivateChanged(Run& run, ResourceId id, NodeId node, const HistoryEntry& entry) {
  if (!run.state->sanitized || !entry.Has("op-secure-digest")) return false;
  const DigestSet& digests = DigestsFor(run, id, entry.operation, entry.interval_ms, node, &entry);
  if (digests.secure != entry.Get("op-secure-digest")) return false;
  if (run.recorder && run.recorder->log) {
    std::string text = "Only 'private' parameters to " + ReadableInterval(entry.interval_ms) + "-interval " +
                       entry.operation + " for " + run.at(id).id + " on " + run.at(node).name + " changed: ";
    text += entry.Get("transition-magic");
    run.recorder->Add(LogLine{LogLevel::kOutput, std::move(text)});
  }
  return true;
}

// Gives whether the definition changed.
bool CheckEntry(Run& run, ResourceId id, NodeId node, const HistoryEntry& entry) {
  const bool recurring = entry.interval_ms > 0;
  if (recurring && !FindOperation(run, id, entry.operation, entry.interval_ms, true)) {
    if (run.options.cancel_removed_actions) Cancel(run, id, node, entry);
    return true;
  }
  const DigestVerdict verdict = CompareDigests(run, id, entry, node);
  if (verdict == DigestVerdict::kMatch || OnlyPrivateChanged(run, id, node, entry)) return false;
  if (verdict == DigestVerdict::kRestart) {
    ForceRestart(run, id, node, entry);
  } else if (recurring) {
    Reschedule(run, id, node, entry);
  } else if (!RestartDigestOf(run, entry).empty()) {
    TriggerUnfencing(run, id, node, "Device parameters changed (reload)");
    Reload(run, id, node);
  } else {
    ForceRestart(run, id, node, entry);
  }
  return true;
}

void CheckEntryAndCount(Run& run, ResourceId id, NodeId node, const HistoryEntry& entry) {
  if (!CheckEntry(run, id, node, entry)) return;
  if (CountFailures(run, id, node, true, false).count != 0) ClearFailCount(run, id, node);
}

bool IsCompared(const HistoryEntry& entry) {
  return entry.interval_ms > 0 || entry.operation == "monitor" || entry.operation == "start" ||
         entry.operation == "promote" || entry.operation == "migrate_from";
}

// --- one history (spec 02 §17.1) ---------------------------------------------------------------------------

// The parts of the agent's name that differ from the configured ones.
int ChangedParts(const Resource& resource, const ResourceHistory& history) {
  int changed = 0;
  if (AttributeOr(history.attributes, "type") != resource.type) ++changed;
  if (AttributeOr(history.attributes, "class") != resource.cls) ++changed;
  if (AttributeOr(history.attributes, "provider") != resource.provider) ++changed;
  return changed;
}

void CheckActive(Run& run, ResourceId id, NodeId node, const ResourceHistory& history) {
  const Entries entries = SortedEntries(history, UnnamedIsSame(run, true));
  const ActiveWindow window = WindowOf(entries);
  if (window.start < window.stop) return;
  const bool maintenance = run.at(id).maintenance || run.at(node).maintenance;
  const bool deferred = HasHostAddress(run, id);
  for (size_t i = 0; i < entries.size(); ++i) {
    const HistoryEntry& entry = *entries[i];
    if (static_cast<int>(i) < window.start) continue;
    if (entry.interval_ms > 0 && maintenance) {
      Cancel(run, id, node, entry);
    } else if (IsCompared(entry)) {
      if (deferred) {
        run.deferred_checks.push_back({id, node, &entry, true});
      } else {
        CheckEntryAndCount(run, id, node, entry);
      }
    }
  }
}

void CheckHistory(Run& run, ResourceId id, NodeId node, const ResourceHistory& history) {
  if (run.at(id).removed) {
    if (!InAnonymousClone(run, id)) CleanUp(run, id, node);
    return;
  }
  const int changed = ChangedParts(run.at(id), history);
  if (!IsActiveOn(run, id, node)) {
    if (changed > 0) CleanUp(run, id, node);
    return;
  }
  if (changed > 0) {
    TriggerUnfencing(run, id, node, "Device definition changed");
    RequestAction(run, id, Symbol::kStop, 0, node, false);
    run.at(id).start_pending = true;
    CleanUp(run, id, node);
  }
  CheckActive(run, id, node, history);
}

}  // namespace

void CheckDefinitions(Run& run) {
  const Index index = IndexOf(run);
  const std::vector<NodeId> nodes = run.node_order;
  for (const NodeId node : nodes) {
    if (!IsChecked(run.at(node))) continue;
    const NodeState* state = HistoryOf(run, run.at(node));
    if (!state) continue;
    for (const ResourceHistory& history : state->history) {
      if (history.entries.empty()) continue;
      const auto found = index.find(history.id);
      if (found == index.end()) continue;
      for (auto it = found->second.rbegin(); it != found->second.rend(); ++it) CheckHistory(run, *it, node, history);
    }
  }
}

void CheckDeferredDefinitions(Run& run) {
  for (auto it = run.deferred_checks.rbegin(); it != run.deferred_checks.rend(); ++it) {
    if (it->active_check) {
      CheckEntryAndCount(run, it->resource, it->node, *it->entry);
    } else {
      CheckFailedParameters(run, it->resource, it->node, *it->entry);
    }
  }
}

void ClearRemovedFailCounts(Run& run) {
  if (!run.options.stop_removed_resources) return;
  const std::vector<ResourceId> resources = run.top_level;
  const std::vector<NodeId> nodes = run.node_order;
  for (const ResourceId id : resources) {
    if (!run.at(id).removed) continue;
    for (const NodeId node : nodes) {
      if (!run.at(node).online || CountFailures(run, id, node, true, false).count == 0) continue;
      Record(run, End(ClearFailCount(run, id, node)), End(id, Symbol::kStop), kind::kSeq);
    }
  }
}

}  // namespace picket::solver
