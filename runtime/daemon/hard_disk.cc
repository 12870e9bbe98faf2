#include "runtime/daemon/hard_disk.h"

#include <algorithm>
#include <utility>

namespace picket::runtime {

void HardDisk::Load(const std::vector<StoredFile>& files, Replica& replica, Turn& turn) {
  for (const StoredFile& file : files) generations_.push_back(file.name);
  LoadedHard loaded = LoadHard(files);
  for (const std::string& complaint : loaded.complaints) {
    turn.out.Tell(SayLevel::kError, "store", {}, {}, complaint);
  }
  std::string error;
  if (!replica.Install(loaded.hard, error)) {
    turn.out.Tell(SayLevel::kError, "store", {}, {}, "the stored configuration is not used: " + error);
    loaded.forgetful = true;
  }
  durable_ = replica.hard();
  bool damaged = false;
  promised_term_ = LoadPromise(files, damaged);
  if (damaged) {
    turn.out.Tell(SayLevel::kError, "store", {}, {}, "`promise` is damaged: what this node has promised is not known");
  }
  newest_seen_ = loaded.newest_seen;
  forgetful_ = loaded.forgetful || damaged;
}

void HardDisk::Write(const Hard& hard, Outbox& out) {
  // Writes are carried out in turn: those that wait before this one are generations by then.
  std::vector<std::string> generations = generations_;
  for (const auto& [write, waiting] : writing_) generations.push_back(GenerationName(waiting.index));
  const uint64_t write = next_write_++;
  writing_[write] = hard;
  out.effects.push_back(
      WriteStore{write, GenerationName(hard.index), EncodeHard(hard), OldGenerations(generations, hard.index)});
}

void HardDisk::WritePromise(uint64_t term, Outbox& out) {
  const uint64_t write = next_write_++;
  writing_promise_[write] = term;
  out.effects.push_back(WriteStore{write, kPromiseName, EncodePromise(term), {}});
}

HardDisk::Written HardDisk::On(const StoreWritten& event, Turn& turn) {
  // What is in force is still known here; only the disk is no longer to be trusted.
  if (event.outcome == WriteOutcome::kUncertain) uncertain_ = true;
  if (const auto promise = writing_promise_.find(event.write); promise != writing_promise_.end()) {
    const uint64_t term = promise->second;
    writing_promise_.erase(promise);
    if (event.outcome != WriteOutcome::kDone) return {};
    promised_term_ = std::max(promised_term_, term);
    return PromiseKept{term};
  }
  const auto write = writing_.find(event.write);
  if (write == writing_.end()) return {};
  const Hard hard = std::move(write->second);
  writing_.erase(write);
  return OnGeneration(hard, event, turn);
}

HardDisk::GenerationWritten HardDisk::OnGeneration(const Hard& hard, const StoreWritten& event, Turn& turn) {
  // A write that failed may have left its file: it is removed with the others, later.
  std::erase(generations_, GenerationName(hard.index));
  generations_.push_back(GenerationName(hard.index));
  if (event.outcome != WriteOutcome::kDone) {
    turn.out.Tell(SayLevel::kError, "store", {}, {}, "a change could not be kept: " + event.error);
    return {hard, event.error};
  }
  for (const std::string& old : OldGenerations(generations_, hard.index)) std::erase(generations_, old);
  durable_ = hard;
  return {hard, {}};
}

}  // namespace picket::runtime
