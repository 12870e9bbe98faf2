// Fail counts: transient node attributes that say how often an operation failed (spec 02 §16).
#include <algorithm>

#include "solver/actions/create.h"
#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/status/entry_order.h"
#include "solver/status/status.h"
#include "solver/status/status_entries.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

constexpr std::string_view kFailCount = "fail-count-";
constexpr std::string_view kLastFailure = "last-failure-";

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// `.+_[0-9]+`, the operation and its interval.
bool IsOperation(std::string_view text) {
  size_t digits = text.size();
  while (digits > 0 && IsDigit(text[digits - 1])) --digits;
  return digits < text.size() && digits >= 2 && text[digits - 1] == '_';
}

// Whether what follows the prefix is `RSC[:N]#OP_INTERVAL`. The resource is read as a regular expression, of which
// ids can contain only the dot (spec 02 §16.1).
bool NamesResource(std::string_view text, std::string_view resource, bool any_instance) {
  if (text.size() < resource.size()) return false;
  const bool same = std::equal(resource.begin(), resource.end(), text.begin(),
                               [](char pattern, char c) { return pattern == '.' || pattern == c; });
  if (!same) return false;
  text.remove_prefix(resource.size());
  if (any_instance && text.size() > 1 && text[0] == ':' && IsDigit(text[1])) {
    text.remove_prefix(1);
    while (!text.empty() && IsDigit(text[0])) text.remove_prefix(1);
  }
  return !text.empty() && text[0] == '#' && IsOperation(text.substr(1));
}

// Before feature set 3.0.13 a resource had one count, whatever operation failed (spec 07 C-9).
FailCount OldAttributes(const Run& run, std::string_view name, NodeId node) {
  const Table& attributes = run.at(node).attributes;
  const std::string* count = attributes.Find(std::string(kFailCount).append(name));
  const std::string* last_failure = attributes.Find(std::string(kLastFailure).append(name));
  return {count ? ParseScore(*count).value_or(Score()).value() : 0,
          last_failure ? ParseInteger(*last_failure).value_or(0) : 0};
}

FailCount SumOfAttributes(const Run& run, ResourceId id, NodeId node) {
  const Resource& resource = run.at(id);
  const std::string& known_as = resource.history_id.empty() ? resource.id : resource.history_id;
  const std::string_view name = resource.unique ? std::string_view(known_as) : BaseName(known_as);
  if (!run.Behaves(Behaviour::kFailCountsNameOperations) && CompareVersions(run.cluster->feature_set, "3.0.13") < 0) {
    return OldAttributes(run, name, node);
  }
  Score sum;
  int64_t last_failure_s = 0;
  for (const auto& [key, value] : run.at(node).attributes) {
    const std::string_view text(key);
    if (text.starts_with(kFailCount) && NamesResource(text.substr(kFailCount.size()), name, !resource.unique)) {
      sum += ParseScore(value).value_or(Score());
    } else if (text.starts_with(kLastFailure) &&
               NamesResource(text.substr(kLastFailure.size()), name, !resource.unique)) {
      last_failure_s = std::max(last_failure_s, ParseInteger(value).value_or(0));
    }
  }
  return {sum.value(), last_failure_s};
}

// Whether the entry is a failure of an operation that is configured to block (spec 02 §16.2.2).
bool IsFailureOf(const OperationDef& operation, const HistoryEntry& entry, std::string_view base) {
  if (entry.operation != operation.name || entry.interval_ms != operation.interval_ms) return false;
  const std::string prefix = std::string(base) + "_";
  if (entry.id == prefix + "last_failure_0") return true;
  return entry.id == prefix + operation.name + "_" + std::to_string(operation.interval_ms) &&
         entry.rc.value_or(-1) != ExpectedResult(entry);
}

bool HasBlockingFailure(const Run& run, ResourceId id, NodeId node, const HistoryEntry* context) {
  const Resource& resource = run.at(id);
  if (!resource.def || resource.def->operations_by_reference) return false;
  const std::string base(BaseName(resource.id));
  for (const OperationDef& operation : resource.def->operations) {
    if (AttributeOr(operation.attributes, "on-fail") != "block") continue;
    if (context) {
      if (IsFailureOf(operation, *context, base)) return true;
      continue;
    }
    for (const HistoryEntry* entry : EntriesOf(run, base, run.at(node).name)) {
      if (IsFailureOf(operation, *entry, base)) return true;
    }
  }
  return false;
}

// What a guest node's inhabitants failed counts against what launches it (spec 02 §16.2.4).
void AddLaunched(Run& run, ResourceId id, NodeId node, bool effective, FailCount& total) {
  const std::vector<ResourceId> launched = run.at(id).launched;
  if (run.at(id).bundled) return;
  for (const ResourceId resource : launched) {
    const FailCount count = CountFailures(run, resource, node, effective, true);
    total.count = (Score(total.count) + Score(count.count)).value();
    total.last_failure_s = std::max(total.last_failure_s, count.last_failure_s);
  }
}

}  // namespace

FailCount CountFailures(Run& run, ResourceId id, NodeId node, bool effective, bool with_launched,
                        const HistoryEntry* context) {
  FailCount count = SumOfAttributes(run, id, node);
  Resource& resource = run.at(id);
  if (count.count > 0 && resource.failure_timeout_ms > 0 && HasBlockingFailure(run, id, node, context)) {
    resource.failure_timeout_ms = 0;
  }
  const int64_t timeout_s = WholeSeconds(run, resource.failure_timeout_ms);
  if (effective && count.count > 0 && count.last_failure_s > 0 && timeout_s > 0 &&
      run.state->now.epoch_s > count.last_failure_s + timeout_s) {
    count.count = 0;
  }
  if (with_launched) AddLaunched(run, id, node, effective, count);
  if (count.count <= 0) count.last_failure_s = 0;
  return count;
}

bool ThresholdReached(Run& run, ResourceId id, NodeId node) {
  const Resource& resource = run.at(id);
  if (HasClearFailCount(run, id, node)) return false;
  if (resource.migration_threshold == 0 || resource.failure_ignored) return false;
  const FailCount count = CountFailures(run, id, node, true, true);
  return count.count > 0 && run.at(id).migration_threshold - count.count <= 0;
}

void BanByThreshold(Run& run, ResourceId id, NodeId node) {
  ForEachPrimitive(run, id, [&](ResourceId primitive) {
    if (ThresholdReached(run, primitive, node)) AddScore(run, BanTarget(run, primitive), node, Score::MinusInfinity());
  });
}

}  // namespace picket::solver
