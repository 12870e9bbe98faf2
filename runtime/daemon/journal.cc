// The core's journal: what the next daemon of this boot has to know, kept as it changes
// (runtime/store/session.h).
//
// A step appends what it has changed and no more; when what was appended is longer than the whole, the whole
// is written instead. An agent begins once its process is on record. Where nothing can be kept no agent
// begins, and it is tried again every second; fence agents alone are not held up for longer than that takes
// to find out.
#include <algorithm>

#include "runtime/daemon/core.h"

namespace picket::runtime {
namespace {

// So much may be appended before the whole is written anew, however short that is.
constexpr size_t kAppendedMin = size_t{1} << 20;
constexpr int64_t kRetryMs = 1000;
constexpr int64_t kFencingHeldMs = 2000;
// Numbers are promised in advance, so that not every use of one is a change.
constexpr uint64_t kAhead = 1000;

}  // namespace

Session Core::WholeSession() const {
  Session session;
  session.boot_id = self_.boot_id;
  session.node = self_.node;
  session.next_run = executor_.next_run + kAhead;
  session.next_order = coordinator_.next_order + kAhead;
  session.next_call = executor_.next_call + static_cast<int32_t>(kAhead);
  session.wall_minus_boot_ms = clock_.offset_ms();
  session.runs = executor_.Runs();
  std::erase_if(session.runs, [](const RunRecord& run) { return run.pid == 0; });
  session.started = executor_.Started();
  session.fencing = fencer_.Processes();
  session.soft = replica_.SoftText(self_.node);
  return session;
}

std::string Core::SessionChangesText() {
  std::string text;
  const auto add = [&](const SessionChange& change) { text += EncodeChange(change); };
  for (const ExecutorChange& change : executor_.TakeChanges()) {
    std::visit([&](const auto& what) { add(what); }, change);
  }
  if (saved_fencing_ != fencer_.version()) {
    saved_fencing_ = fencer_.version();
    add(FencingProcesses{fencer_.Processes()});
  }
  SessionNumbers& kept = session_numbers_;
  if (executor_.next_run + kAhead / 2 > kept.next_run || coordinator_.next_order + kAhead / 2 > kept.next_order ||
      executor_.next_call + static_cast<int32_t>(kAhead / 2) > kept.next_call) {
    kept = {executor_.next_run + kAhead, coordinator_.next_order + kAhead,
            executor_.next_call + static_cast<int32_t>(kAhead)};
    add(kept);
  }
  if (seen_soft_ == replica_.soft_version()) return text;
  seen_soft_ = replica_.soft_version();
  const SoftChanges soft = replica_.TakeSoftChanges(self_.node);
  session_whole_ = session_whole_ || soft.whole;
  if (session_whole_) return text;
  if (soft.attributes) add(SoftPart{{}, replica_.SoftPart(self_.node, {})});
  for (const std::string& resource : soft.resources) {
    add(SoftPart{resource, replica_.SoftPart(self_.node, resource)});
  }
  return text;
}

void Core::KeepSession() {
  if (!booted_ || left_) return;
  const std::string changes = SessionChangesText();
  for (const RunNumber run : executor_.TakeUnrecorded()) unrecorded_.push_back(run);
  if (session_retry_ms_ && turn_.now.boot_ms < *session_retry_ms_) {
    session_whole_ = true;
    return;
  }
  if (changes.empty() && unrecorded_.empty() && !session_whole_) return;
  session_whole_ = session_whole_ || session_bytes_ + changes.size() > std::max(kAppendedMin, 2 * session_whole_bytes_);
  SaveSession save;
  save.save = next_save_++;
  save.whole = std::exchange(session_whole_, false);
  if (save.whole) {
    const Session whole = WholeSession();
    session_numbers_ = {whole.next_run, whole.next_order, whole.next_call};
    save.bytes = EncodeSession(whole);
    session_whole_bytes_ = save.bytes.size();
    session_bytes_ = 0;
  } else {
    save.bytes = changes;
    session_bytes_ += changes.size();
  }
  session_retry_ms_.reset();
  recording_[save.save] = std::exchange(unrecorded_, {});
  HoldFencing(save.save);
  turn_.out.effects.push_back(std::move(save));
}

void Core::On(const SessionSaved& event) {
  ReleaseHeldFencing(event.save);
  const auto recording = recording_.extract(event.save);
  if (recording.empty()) return;
  if (event.kept) {
    if (std::exchange(session_failing_, false)) {
      turn_.out.Tell(SayLevel::kNotice, "session", self_.node, {}, "what runs here can be written down again");
    }
    for (const RunNumber run : recording.mapped()) executor_.Recorded(run, turn_.now, turn_.out);
    return;
  }
  unrecorded_.insert(unrecorded_.end(), recording.mapped().begin(), recording.mapped().end());
  session_whole_ = true;
  session_retry_ms_ = turn_.now.boot_ms + kRetryMs;
  if (!std::exchange(session_failing_, true)) {
    turn_.out.Tell(SayLevel::kError, "session", self_.node, {},
                   "what runs here cannot be written down, and nothing is begun until it can: " + event.error);
  }
}

// Fence agents that this step releases wait for the save as well, but not for ever: a disk that hangs must
// not keep a lost node from being fenced.
void Core::HoldFencing(uint64_t save) {
  std::vector<Release> held;
  std::erase_if(turn_.out.effects, [&](const Effect& effect) {
    const auto* release = std::get_if<Release>(&effect);
    if (!release || release->run != turn_.spawned || !fencer_.Owns(release->run)) return false;
    held.push_back(*release);
    return true;
  });
  if (!held.empty()) held_fencing_[save] = {turn_.now.boot_ms + kFencingHeldMs, std::move(held)};
}

void Core::ReleaseHeldFencing(uint64_t save) {
  for (auto held = held_fencing_.begin(); held != held_fencing_.end();) {
    if (held->first > save && held->second.until_ms > turn_.now.boot_ms) {
      ++held;
      continue;
    }
    for (const Release& release : held->second.releases) turn_.out.effects.push_back(release);
    held = held_fencing_.erase(held);
  }
}

}  // namespace picket::runtime
