// The disk: durable generations written by a thread that may hang without the daemon hanging, and the session,
// which lies where writing does not block.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runtime/ports/effects.h"
#include "runtime/ports/events.h"

namespace picket::runtime {

// A file replaced whole: written beside, synced if `durable`, renamed, the folder synced.
WriteOutcome ReplaceFile(const std::string& folder, const std::string& name, const std::string& bytes, bool durable,
                         std::string& error);
// The files of a folder, each up to `limit` bytes; what cannot be read is left out.
std::vector<StoredFile> ReadFolder(const std::string& folder, const std::string& prefix, size_t limit);

class Disk {
 public:
  // `done` is called on the thread with each StoreWritten.
  Disk(std::string folder, std::function<void(Event)> done);
  ~Disk();
  void Do(WriteStore write);

 private:
  void Work();

  std::string folder_;
  std::function<void(Event)> done_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<WriteStore> queue_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace picket::runtime
