// The daemon's log: lines to standard error or to a file, written by a thread of its own.
//
// Whoever reads them may be slow, or stand still: then lines are dropped and counted, and the next one that
// is written says how many. A file that has become long is put aside under its name with `.1`, and a new one
// is begun.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "runtime/ports/effects.h"

namespace picket::runtime {

class Log {
 public:
  // To `file`, appended, or if it is empty to the descriptor.
  explicit Log(int descriptor, std::string file = {}, size_t file_max = size_t{8} << 20);
  // What waits is written if that takes no longer than half a second.
  ~Log();
  // Never waits. From any thread.
  void Say(SayLevel level, const std::string& text);

  // So many bytes may wait.
  static constexpr size_t kWaitingMax = size_t{256} << 10;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace picket::runtime
