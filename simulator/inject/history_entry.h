// What an operation leaves behind in a node's state: its lrm_rsc_op elements, their ids and attributes, and the
// attributes that count failures (spec 06 §13.4, §13.5). The one home for writing them: crm_simulate's execution
// (simulator/replay, through StateEditor) and the world (simulator/world) both do it here.
//
// Works on values that the caller owns; finds nothing by name and knows no time of its own. Cost: the attributes of
// the entries written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "solver/model/state.h"

namespace picket::simulator {

// What an operation left behind.
struct SimulatedResult {
  std::string resource;   // in the entry's ids
  std::string operation;  // as executed: `start`, `monitor`, `notify`, `reload-agent`, …
  uint32_t interval_ms = 0;
  int rc = 0;
  int expected_rc = 0;
  std::string exit_reason;
  std::string notify_type;       // notify only
  std::string notify_operation;  // notify only
  std::optional<std::string> migrate_source;
  std::optional<std::string> migrate_target;
  std::optional<std::string> digest;
  // crm_simulate calls every operation done and instantaneous; the world knows better.
  int status = 0;  // op-status: 0 done, 2 timed out, 4 error
  int64_t exec_ms = 0;
};

// The lrm_resource that a result goes to: the first of `names` that exists, else a new one called
// names.back().
struct HistoryTarget {
  std::vector<std::string> names;
  std::string cls;
  std::string provider;  // may be empty
  std::string type;
};

struct EntryContext {
  int call_id = 0;
  std::string node;
  int64_t now_s = 0;
};

// The ids under which a result is recorded, in the order of writing: a failure of a non-recurring operation
// has two.
std::vector<std::string> EntryIds(const SimulatedResult& result);
// A new, empty history for the target.
solver::ResourceHistory MakeHistory(const HistoryTarget& target);
// Writes the result's entries, in place where they exist; attributes that it does not know stay.
void WriteEntries(solver::ResourceHistory& history, const SimulatedResult& result, const EntryContext& context);
// The highest call id in the history, or 0: the next result gets one more.
int HighestCall(const solver::ResourceHistory& history);

// Stores a transient attribute of the node, and gives it as it is stored.
void StoreTransient(solver::NodeState& node, std::string_view name, std::string_view value);
// The name of what counts an operation's failures: `r#start_0`, behind `fail-count-` and `last-failure-`.
std::string FailureSuffix(std::string_view resource, std::string_view operation, uint32_t interval_ms);
// The value that a fail count has after one more failure: INFINITY if `fatal`. `before` may be null.
std::string NextFailCount(const std::string* before, bool fatal);

// Overwrites in place or appends.
void OverwriteAttribute(solver::Attributes& attributes, std::string_view name, std::string_view value);
// Characters that an XML id may not have become dots.
std::string XmlId(std::string text);

}  // namespace picket::simulator
