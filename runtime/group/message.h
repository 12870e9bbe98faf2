// What the members of a group tell one another, in total order. A group of one tells itself.
//
// Delivery is what counts: nothing is known, begun or ended before its message has come back. So a daemon alone
// and one among many are the same code, and what replicas do with a message is a function of the message and of
// what they held before: time stamps, call numbers and verdicts travel in it (docs/runtime.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "runtime/group/operation.h"

namespace picket::runtime {

// The coordinator wants something done. An order without a delivered Begin dies with its term.
struct Order {
  uint64_t number = 0;
  uint64_t term = 0;
  std::string node;
  Operation operation;
};

// The executor has taken the order; it starts the agent when this comes back to it.
struct Begin {
  uint64_t order = 0;
  std::string node;
  int64_t when_s = 0;
  Operation operation;
};

// How it ended. A recurring operation reports its first result and then changes only, under the same number.
struct Result {
  uint64_t order = 0;
  std::string node;
  Operation operation;
  Outcome outcome;
  int32_t call = 0;
  int64_t when_s = 0;
  int64_t exec_ms = 0;
  bool first = true;  // of a recurring operation: the run that was ordered
};

// A transient node attribute was set, or erased.
struct AttributeSet {
  std::string node;
  std::string name;
  std::optional<std::string> value;
};

// Fail counts, and the failures that the history shows, of a resource on a node are forgotten.
struct FailuresCleared {
  std::string node;
  std::string resource;
  bool planned = false;  // a step of the coordinator's own plan
};
// All that is known of a resource on a node is forgotten; it will be probed if it is still wanted.
struct ResourceForgotten {
  std::string node;
  std::string resource;
  bool planned = false;  // a step of the coordinator's own plan
};

using Message = std::variant<Order, Begin, Result, AttributeSet, FailuresCleared, ResourceForgotten>;

}  // namespace picket::runtime
