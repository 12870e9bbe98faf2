#include "execution/history/failures.h"

#include "execution/history/attributes.h"
#include "execution/history/entry.h"
#include "execution/history/history.h"
#include "solver/cib/values.h"

namespace picket::execution {

std::string FailureSuffix(std::string_view resource, std::string_view operation, uint32_t interval_ms) {
  std::string suffix(resource);
  return suffix.append("#").append(operation).append("_").append(std::to_string(interval_ms));
}

std::string NextFailCount(const std::string* before, bool fatal) {
  if (fatal) return "INFINITY";
  return std::to_string((before ? solver::ParseInteger(*before).value_or(0) : 0) + 1);
}

void CountFailure(solver::NodeState& node, std::string_view resource, std::string_view operation, uint32_t interval_ms,
                  bool fatal, int64_t when_s, const Style& style) {
  const std::string suffix = FailureSuffix(resource, operation, interval_ms);
  const std::string* before = FindTransient(node, "fail-count-" + suffix);
  const bool given_up = before && solver::ParseScore(*before).value_or(solver::Score()).is_infinite();
  StoreTransient(node, "fail-count-" + suffix, NextFailCount(before, fatal || given_up), style);
  StoreTransient(node, "last-failure-" + suffix, std::to_string(when_s), style);
}

Weight WeightOf(const OperationResult& result, bool start_failure_is_fatal) {
  if (result.status == OperationStatus::kInvalid || PlainResult(result.rc) == result.expected_rc) return Weight::kNone;
  const std::string_view operation = RecordedOperation(result, kLive);
  const bool probe = operation == "monitor" && result.interval_ms == 0;
  if (probe || IsMigration(operation) || !IsRecorded(result, kLive)) return Weight::kNone;
  if (operation == "stop" || (operation == "start" && start_failure_is_fatal)) return Weight::kInfinity;
  return Weight::kOne;
}

bool CountResult(solver::NodeState& node, std::string_view resource, const OperationResult& result, Counting counting,
                 int64_t when_s, const Style& style) {
  const Weight weight = WeightOf(result, counting.start_failure_is_fatal);
  if (weight == Weight::kNone) return false;
  const std::string_view operation = RecordedOperation(result, kLive);
  if (counting.ignored) {
    const std::string suffix = FailureSuffix(resource, operation, result.interval_ms);
    StoreTransient(node, "last-failure-" + suffix, std::to_string(when_s), style);
  } else {
    CountFailure(node, resource, operation, result.interval_ms, weight == Weight::kInfinity, when_s, style);
  }
  return true;
}

namespace {

template <typename Condition>
void EraseAttributes(solver::NodeState& node, const Condition& condition) {
  for (solver::NvBlock& block : node.transient) {
    std::erase_if(block.pairs, [&](const solver::NvPair& pair) { return condition(pair.name); });
  }
}

}  // namespace

void ClearFailCounts(solver::NodeState& node, const HistoryTarget& target) {
  for (const std::string& name : target.names) {
    const std::string count = "fail-count-" + name + "#";
    const std::string last = "last-failure-" + name + "#";
    EraseAttributes(node, [&](const std::string& id) { return id.starts_with(count) || id.starts_with(last); });
  }
}

void ClearFailures(solver::NodeState& node, const HistoryTarget& target) {
  ClearFailCounts(node, target);
  ForgetLastFailure(node, target);
}

void ClearFailCounts(solver::NodeState& node, const HistoryTarget& target, std::string_view operation,
                     uint32_t interval_ms) {
  for (const std::string& name : target.names) {
    const std::string suffix = FailureSuffix(name, operation, interval_ms);
    const std::string count = "fail-count-" + suffix;
    const std::string last = "last-failure-" + suffix;
    EraseAttributes(node, [&](const std::string& id) { return id == count || id == last; });
  }
}

void ClearFailures(solver::NodeState& node, const HistoryTarget& target, std::string_view operation,
                   uint32_t interval_ms) {
  ClearFailCounts(node, target, operation, interval_ms);
  ForgetLastFailure(node, target, operation, interval_ms);
}

}  // namespace picket::execution
