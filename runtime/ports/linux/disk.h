// The disk: durable generations and the session, each written by a thread that may hang without the daemon
// hanging.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/ports/effects.h"
#include "runtime/ports/events.h"
#include "runtime/ports/linux/inbox.h"
#include "runtime/ports/linux/worker.h"

namespace picket::runtime {

// A file replaced whole: written beside, synced if `durable`, renamed, the folder synced.
WriteOutcome ReplaceFile(const std::string& folder, const std::string& name, const std::string& bytes, bool durable,
                         std::string& error);
// The files of a folder, each up to `limit` bytes; what cannot be read is left out.
std::vector<StoredFile> ReadFolder(const std::string& folder, const std::string& prefix, size_t limit);

class Disk {
 public:
  // StoreWritten goes to the inbox.
  Disk(std::string folder, std::shared_ptr<Inbox> inbox);
  void Do(WriteStore write) { worker_.Do(std::move(write)); }

 private:
  Worker<WriteStore> worker_;
};

// The file `session` of a folder. What is appended is one write; after one that failed only a whole one is
// taken, since nobody knows how much of it is there.
class SessionFile {
 public:
  explicit SessionFile(std::string folder) : folder_(std::move(folder)) {}
  // False with the reason.
  bool Keep(const SaveSession& save, std::string& error);

 private:
  std::string folder_;
  Descriptor file_;
};

class SessionKeeper {
 public:
  // SessionSaved goes to the inbox.
  SessionKeeper(std::string folder, std::shared_ptr<Inbox> inbox);
  void Do(SaveSession save) { worker_.Do(std::move(save)); }

 private:
  Worker<SaveSession> worker_;
};

}  // namespace picket::runtime
