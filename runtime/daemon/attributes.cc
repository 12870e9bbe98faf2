#include "runtime/daemon/attributes.h"

#include <algorithm>

namespace picket::runtime {

void Attributes::Set(const std::string& node, const std::string& name, std::optional<std::string> value,
                     int64_t dampen_ms, Turn& turn) {
  const auto key = std::pair(node, name);
  const auto waiting = dampened_.find(key);
  if (dampen_ms <= 0 && waiting == dampened_.end()) {
    turn.out.messages.push_back(AttributeSet{node, name, std::move(value)});
    return;
  }
  if (waiting != dampened_.end()) {
    waiting->second.value = std::move(value);
    if (dampen_ms <= 0) waiting->second.due_ms = turn.now.boot_ms;
  } else {
    dampened_[key] = {std::move(value), turn.now.boot_ms + dampen_ms};
  }
  Flush(turn);
}

void Attributes::Flush(Turn& turn) {
  for (auto it = dampened_.begin(); it != dampened_.end();) {
    if (it->second.due_ms > turn.now.boot_ms) {
      ++it;
      continue;
    }
    turn.out.messages.push_back(AttributeSet{it->first.first, it->first.second, std::move(it->second.value)});
    it = dampened_.erase(it);
  }
}

int64_t Attributes::NextDeadline() const {
  int64_t next = INT64_MAX;
  for (const auto& [key, waiting] : dampened_) next = std::min(next, waiting.due_ms);
  return next;
}

const std::optional<std::string>* Attributes::Waiting(const std::string& node, const std::string& name) const {
  const auto waiting = dampened_.find({node, name});
  return waiting == dampened_.end() ? nullptr : &waiting->second.value;
}

}  // namespace picket::runtime
