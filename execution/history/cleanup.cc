#include "execution/history/cleanup.h"

#include <algorithm>

#include "execution/history/entry.h"
#include "execution/history/failures.h"
#include "execution/history/history.h"

namespace picket::execution {

using solver::HistoryEntry;

namespace {

template <typename Condition>
bool AnyEntry(const solver::NodeState& state, const HistoryTarget& target, const Condition& condition) {
  const solver::ResourceHistory* history = FindHistory(state, target);
  return history && std::any_of(history->entries.begin(), history->entries.end(), condition);
}

}  // namespace

bool Cleanup(solver::NodeState& state, const HistoryTarget& target) {
  const bool failed = AnyEntry(state, target, IsFailure);
  ClearFailCounts(state, target);
  if (failed) ForgetResource(state, target);
  return failed;
}

bool Cleanup(solver::NodeState& state, const HistoryTarget& target, std::string_view operation, uint32_t interval_ms) {
  const bool failed = AnyEntry(state, target, [&](const HistoryEntry& entry) {
    return entry.operation == operation && entry.interval_ms == interval_ms && IsFailure(entry);
  });
  ClearFailCounts(state, target, operation, interval_ms);
  if (failed) ForgetResource(state, target);
  return failed;
}

bool Refresh(solver::NodeState& state, const HistoryTarget& target) {
  const bool known = FindHistory(state, target) != nullptr;
  ClearFailures(state, target);
  ForgetResource(state, target);
  return known;
}

void RefreshAll(solver::NodeState& state) {
  for (solver::NvBlock& block : state.transient) {
    std::erase_if(block.pairs, [](const solver::NvPair& pair) {
      return pair.name.starts_with("fail-count-") || pair.name.starts_with("last-failure-");
    });
  }
  ForgetHistory(state);
}

}  // namespace picket::execution
