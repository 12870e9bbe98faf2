// Transient attributes on their way into the group: those that agents set with a delay (`--delay`, dampening).
//
// An attribute that is set in quick succession is sent once, with its last value. The delay runs from the first
// change, so one that flaps is sent all the same. What was sent is the group's matter (replica.h). Cost: the attributes
// that wait.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "runtime/daemon/turn.h"

namespace picket::runtime {

class Attributes {
 public:
  // Sends AttributeSet now, or `dampen_ms` after the first change that still waits. Without a delay what waits goes
  // at once, with this value. Without a value the attribute is erased.
  void Set(const std::string& node, const std::string& name, std::optional<std::string> value, int64_t dampen_ms,
           Turn& turn);
  // Sends what is due.
  void Flush(Turn& turn);
  // When Flush() is wanted, on the clock of `now.boot_ms`; INT64_MAX if never.
  int64_t NextDeadline() const;

  // What is to be set once its delay is over; nullptr if nothing waits under that name.
  const std::optional<std::string>* Waiting(const std::string& node, const std::string& name) const;

 private:
  struct Dampened {
    std::optional<std::string> value;
    int64_t due_ms = 0;
  };

  std::map<std::pair<std::string, std::string>, Dampened> dampened_;  // by node and name
};

}  // namespace picket::runtime
