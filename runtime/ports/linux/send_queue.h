// Messages that wait until Corosync takes them: in order, bounded in bytes, and lost with the connection that they
// were meant for.
//
// A message is sent because of what was known when it was made. So each carries the number of the connection in which
// that was; one of an older connection is dropped rather than said in a group that has heard nothing of before.
// No threads and no Corosync in here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>

namespace picket::runtime {

enum class Sending : uint8_t { kSent, kTryAgain, kFailed };

class SendQueue {
 public:
  explicit SendQueue(size_t bytes_max) : bytes_max_(bytes_max) {}

  // False if there is no room. The message is then lost, so the connection it was meant for is of no use any more.
  bool Push(uint64_t connection, std::string bytes) {
    if (bytes_ + bytes.size() > bytes_max_) return false;
    bytes_ += bytes.size();
    queue_.emplace_back(connection, std::move(bytes));
    return true;
  }

  // Sends what it can in that connection with `send(bytes)`, which gives a Sending; the last answer, kSent if nothing
  // is left.
  template <typename Send>
  Sending Flush(uint64_t connection, Send send) {
    while (!queue_.empty()) {
      if (queue_.front().first == connection) {
        const Sending answer = send(queue_.front().second);
        if (answer != Sending::kSent) return answer;
      }
      bytes_ -= queue_.front().second.size();
      queue_.pop_front();
    }
    return Sending::kSent;
  }

  void Clear() {
    queue_.clear();
    bytes_ = 0;
  }
  bool empty() const { return queue_.empty(); }
  size_t bytes() const { return bytes_; }

 private:
  size_t bytes_max_;
  size_t bytes_ = 0;
  std::deque<std::pair<uint64_t, std::string>> queue_;
};

}  // namespace picket::runtime
