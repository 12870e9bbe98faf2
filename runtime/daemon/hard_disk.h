// What this node has on its disk of the hard state: generations, and the promise never to speak in an older term.
//
// Writes are asked for here and answered by StoreWritten; they are carried out in turn. Whether a generation is in
// force is the group's matter (changes.h): this room knows only what was written, what is being written, and whether
// the disk can be trusted. After a sync that failed it cannot, until the daemon is started again. A disk whose newest
// generation cannot be read is *forgetful*: what was accepted last may be lost.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "runtime/daemon/turn.h"
#include "runtime/store/hard.h"
#include "runtime/store/replica.h"

namespace picket::runtime {

class HardDisk {
 public:
  // At the start: installs the newest generation that can be read, and says what is wrong with the others.
  void Load(const std::vector<StoredFile>& files, Replica& replica, Turn& turn);

  // A generation, or the promise of this term, is to be written. Old generations go with it.
  void Write(const Hard& hard, Outbox& out);
  void WritePromise(uint64_t term, Outbox& out);

  // What a write has come to; nothing if it is none of ours, or a promise that was not kept.
  struct PromiseKept {
    uint64_t term = 0;
  };
  struct GenerationWritten {
    Hard hard;
    std::string refused;  // why it is not on the disk; empty: it is
  };
  using Written = std::variant<std::monostate, PromiseKept, GenerationWritten>;
  Written On(const StoreWritten& event, Turn& turn);

  // The newest state that is on the disk.
  const Hard& durable() const { return durable_; }
  uint64_t promised_term() const { return promised_term_; }
  bool promising() const { return !writing_promise_.empty(); }
  // Whether the last generation that is being written is this one.
  bool IsWriting(const Hard& hard) const { return !writing_.empty() && writing_.rbegin()->second == hard; }
  // A sync failed: nothing is kept here any more.
  bool uncertain() const { return uncertain_; }
  // The store was damaged, and the state was not taken from another member since (Recall).
  bool forgetful() const { return forgetful_; }
  void Recall() { forgetful_ = false; }
  // Of the generations that were found, readable or not, the number of the newest.
  uint64_t newest_seen() const { return newest_seen_; }

 private:
  GenerationWritten OnGeneration(const Hard& hard, const StoreWritten& event, Turn& turn);

  Hard durable_;
  uint64_t promised_term_ = 0;
  std::vector<std::string> generations_;  // the names of files
  uint64_t newest_seen_ = 0;
  bool forgetful_ = false;
  bool uncertain_ = false;
  std::map<uint64_t, Hard> writing_;  // by the number of the write
  std::map<uint64_t, uint64_t> writing_promise_;
  uint64_t next_write_ = 1;
};

}  // namespace picket::runtime
