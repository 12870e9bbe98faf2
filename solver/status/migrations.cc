// Live migrations: two recorded halves on two nodes, either of which may be missing, failed or overtaken by later
// operations (spec 02 §12).
//
// The rules see the status section as a document: node states by their exact name, histories by the resource's own id
// (not the name under which the history knows it), and what is asked for counts only if exactly one element has it.
#include <algorithm>

#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/status/active.h"
#include "solver/status/history.h"
#include "solver/status/status_entries.h"

namespace picket::solver {
namespace {

constexpr int kResultOfPending = 193;

// Both ends, by name and as nodes (invalid if unknown).
struct Ends {
  std::string source_name;
  std::string target_name;
  NodeId source;
  NodeId target;
};

// Nothing unless both ends are named and this node is the one that it should be (spec 02 §12.1).
std::optional<Ends> EndsOf(const Run& run, const HistoryReading& reading, const HistoryEntry& entry) {
  if (!entry.Has("migrate_source") || !entry.Has("migrate_target")) return std::nullopt;
  Ends ends;
  ends.source_name = entry.Get("migrate_source");
  ends.target_name = entry.Get("migrate_target");
  const std::string& here = entry.operation == "migrate_to" ? ends.source_name : ends.target_name;
  if (!EqualFolded(here, run.at(reading.node).name)) return std::nullopt;
  ends.source = FindNodeByName(run, ends.source_name);
  ends.target = FindNodeByName(run, ends.target_name);
  return ends;
}

bool IsUp(const Run& run, NodeId node) {
  return node.valid() && run.at(node).online;
}

bool Succeeded(const HistoryEntry& entry) {
  return entry.rc == 0 && entry.status == 0;
}

// The questions of spec 02 §12 about one resource.
class Records {
 public:
  Records(const Run& run, ResourceId resource) : run_(run), id_(run.at(resource).id) {}

  // The `migrate_from` on the target with this source, or the `migrate_to` on the source with this target.
  const HistoryEntry* MigrateFrom(const Ends& ends) const {
    return Only(ends.target_name, "migrate_from", "migrate_source", ends.source_name);
  }
  const HistoryEntry* MigrateTo(const Ends& ends) const {
    return Only(ends.source_name, "migrate_to", "migrate_target", ends.target_name);
  }

  // Something other than a monitor happened on the node after `entry`.
  // `same`: the entry is of that node.
  bool NonMonitorAfter(const HistoryEntry& entry, std::string_view node, bool same) const {
    for (const HistoryEntry* other : EntriesOf(run_, id_, node)) {
      const std::string& operation = other->operation;
      const bool changes =
          operation == "start" || operation == "stop" || operation == "migrate_to" || operation == "migrate_from";
      if (other != &entry && changes && CompareEntries(*other, entry, UnnamedIsSame(run_, same)) > 0) return true;
    }
    return false;
  }

  // The state on the node is newer than this migration (either half may be missing, not both).
  bool NewerState(std::string_view node, const HistoryEntry* to, const HistoryEntry* from) const {
    const HistoryEntry* entry = from ? from : to;
    if (to && from && from->Get("migrate_source") == node) entry = to;
    const bool same = entry->Get(entry == to ? "migrate_source" : "migrate_target") == node;
    return NonMonitorAfter(*entry, node, same) || FoundStoppedAfter(*entry, node, same);
  }

  // Nothing with a result is known of the resource there.
  bool Unknown(std::string_view node) const {
    const Entries entries = EntriesOf(run_, id_, node);
    if (!run_.Behaves(Behaviour::kCleanedMigrationKnown)) return entries.empty();
    return std::none_of(entries.begin(), entries.end(),
                        [](const HistoryEntry* entry) { return entry->rc && *entry->rc != kResultOfPending; });
  }

 private:
  const HistoryEntry* Only(std::string_view node, std::string_view operation, std::string_view attribute,
                           std::string_view value) const {
    const HistoryEntry* found = nullptr;
    for (const HistoryEntry* entry : EntriesOf(run_, id_, node)) {
      if (entry->operation != operation || !entry->Has(attribute) || entry->Get(attribute) != value) continue;
      if (found) return nullptr;
      found = entry;
    }
    return found;
  }

  bool FoundStoppedAfter(const HistoryEntry& entry, std::string_view node, bool same) const {
    const HistoryEntry* monitor = nullptr;
    for (const HistoryEntry* other : EntriesOf(run_, id_, node)) {
      if (other->operation != "monitor") continue;
      if (monitor) return false;
      monitor = other;
    }
    return monitor && monitor->rc == 7 && monitor->status == 0 &&
           CompareEntries(*monitor, entry, UnnamedIsSame(run_, same)) > 0;
  }

  const Run& run_;
  const std::string id_;
};

void FailMigration(Resource& resource) {
  FailAndStop(resource);
  resource.migratable = false;
}

void AddDangling(Resource& resource, NodeId source) {
  if (source.valid()) resource.dangling.insert(resource.dangling.begin(), source);
}

// The target did not take over, or not yet.
void ReadHalfMigration(Run& run, ResourceId id, const Ends& ends, bool target_may_run_it, bool source_changed,
                       const HistoryEntry* migrate_from) {
  if (migrate_from && migrate_from->status != -1) {
    if (target_may_run_it) {
      AddActive(run, id, ends.target, true);
    } else {
      FailMigration(run.at(id));
    }
    return;
  }
  if (run.Behaves(Behaviour::kCleanedMigrationKnown) && IsUp(run, ends.target) &&
      Records(run, id).Unknown(ends.target_name)) {
    return;  // A probe will tell.
  }
  if (target_may_run_it) {
    AddActive(run, id, ends.target, false);
    if (IsUp(run, ends.source)) {
      run.at(id).migration_source = ends.source;
      run.at(id).migration_target = ends.target;
    }
  } else if (!source_changed) {
    FailMigration(run.at(id));
  }
}

}  // namespace

void ReadMigrateToSuccess(Run& run, const HistoryReading& reading, const HistoryEntry& entry) {
  const auto ends = EndsOf(run, reading, entry);
  if (!ends) return;
  const Records records(run, reading.resource);
  const bool source_changed = records.NonMonitorAfter(entry, ends->source_name, true);
  const HistoryEntry* from = records.MigrateFrom(*ends);
  if (from && source_changed) return;
  const bool target_changed = records.NewerState(ends->target_name, &entry, from);
  if (source_changed && target_changed) return;

  Resource& resource = run.at(reading.resource);
  if (from && Succeeded(*from)) {
    // All is done but the stop on the source.
    resource.role = Role::kStopped;
    AddDangling(resource, ends->source);
    return;
  }
  resource.role = Role::kStarted;
  const bool target_may_run_it = !target_changed && IsUp(run, ends->target);
  ReadHalfMigration(run, reading.resource, *ends, target_may_run_it, source_changed, from);
}

void ReadMigrateToFailure(Run& run, const HistoryReading& reading, const HistoryEntry& entry) {
  const auto ends = EndsOf(run, reading, entry);
  if (!ends) return;
  run.at(reading.resource).role = Role::kStarted;
  const Records records(run, reading.resource);
  const HistoryEntry* from = records.MigrateFrom(*ends);
  if (from && !Succeeded(*from)) from = nullptr;
  if (!records.Unknown(ends->target_name) && !records.NewerState(ends->target_name, &entry, from)) {
    if (IsUp(run, ends->target)) AddActive(run, reading.resource, ends->target, false);
  } else if (!records.NonMonitorAfter(entry, ends->source_name, true)) {
    AddDangling(run.at(reading.resource), ends->source);
  }
}

void ReadMigrateFromFailure(Run& run, const HistoryReading& reading, const HistoryEntry& entry) {
  const auto ends = EndsOf(run, reading, entry);
  if (!ends) return;
  run.at(reading.resource).role = Role::kStarted;
  const Records records(run, reading.resource);
  const HistoryEntry* to = records.MigrateTo(*ends);
  if (to && !Succeeded(*to)) to = nullptr;
  if (!records.Unknown(ends->source_name) && !records.NewerState(ends->source_name, to, &entry)) {
    if (IsUp(run, ends->source)) AddActive(run, reading.resource, ends->source, true);
  }
}

}  // namespace picket::solver
