// What a node's controller remembers of the resources it ran, and what a join makes of it (09 §8.6).
//
// The CIB can hold more than the memory: a join, and an election for every node, puts the memory in the place of the
// node's history. A value; cost of remembering: a look-up and the result.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "execution/history/result.h"
#include "execution/history/style.h"
#include "solver/model/state.h"

namespace picket::execution {

class Memory {
 public:
  // A result as RecordResult() was told. Its call id is the one that it was recorded with.
  void Remember(const HistoryTarget& target, const OperationResult& result, int64_t now_s);
  // Whether a later result of a recurring operation says something else than the last one: only then it is reported
  // (09 §7.4).
  bool IsNews(const HistoryTarget& target, const OperationResult& result) const;

  // The operation was cancelled.
  void ForgetRecurring(const HistoryTarget& target, std::string_view operation, uint32_t interval_ms);
  // The failure was cleared; with an operation: only if it is of that operation.
  void ForgetLastFailure(const HistoryTarget& target);
  void ForgetLastFailure(const HistoryTarget& target, std::string_view operation, uint32_t interval_ms);
  // The resource was deleted, cleaned up or refreshed.
  void ForgetResource(const HistoryTarget& target);
  // The controller has stopped.
  void Clear() { resources_.clear(); }
  bool empty() const { return resources_.empty(); }

  // Puts the memory in the place of the node's history. `keeps_locks`: with `shutdown-lock`, locked resources stay.
  void WriteHistory(solver::NodeState& state, bool keeps_locks, const Style& style = kLive) const;

 private:
  struct Remembered {
    OperationResult result;
    int64_t when_s = 0;
  };
  // A recurring operation that runs.
  struct Recurring {
    std::string operation;
    uint32_t interval_ms = 0;
    int rc = 0;  // as last reported
    OperationStatus status = OperationStatus::kDone;
    std::optional<Remembered> good;  // the last result that was as expected
  };
  struct Resource {
    HistoryTarget target;
    std::optional<Remembered> failed;  // the last failure, whatever the operation
    std::optional<Remembered> last;    // the last success that was not recurring
    std::vector<Recurring> recurring;  // since the last operation that was neither recurring nor a probe
  };

  Resource* Find(const HistoryTarget& target);

  std::map<std::string, Resource, std::less<>> resources_;  // by history name
};

// The same from the history alone, for those who keep no memory: the last operation that changed something, the last
// failure, and the monitors since then. What differs from a memory: the result before a failed last one is not known.
void KeepWhatIsRemembered(solver::NodeState& state);

}  // namespace picket::execution
