#include "runtime/daemon/journal.h"

#include <algorithm>
#include <set>
#include <utility>

namespace picket::runtime {
namespace {

// So much may be appended before the whole is written anew, however short that is.
constexpr size_t kAppendedMin = size_t{1} << 20;
constexpr int64_t kRetryMs = 1000;
// Numbers are promised in advance, so that not every use of one is a change.
constexpr uint64_t kAhead = 1000;

}  // namespace

// --- what the last daemon left ---------------------------------------------------------------------------------

void Journal::TakeOver(const Booted& event, Turn& turn) {
  if (event.session.empty()) return;
  const std::optional<Session> session = DecodeSession(event.session);
  if (!session) {
    turn.out.Tell(SayLevel::kWarning, "session", {}, {}, "what the last picketd left behind cannot be read");
    return;
  }
  const Self& self = parts_.self;
  if (session->boot_id != self.boot_id || (session->node != self.node && !self.grouped)) return;
  parts_.Rename(session->node);
  parts_.executor.next_run = session->next_run;
  parts_.executor.next_call = session->next_call;
  parts_.coordinator.next_order = session->next_order;
  if (!parts_.replica.TakeSoftText(self.node, session->soft)) return;
  for (const auto& [resource, text] : session->parts) parts_.replica.TakeSoftPart(self.node, resource, text);
  // The clock may have been set while nobody was here; the group's goes on as it was.
  clock_.Set(turn.now.boot_ms + session->wall_minus_boot_ms, turn);
  parts_.replica.Apply(AttributeSet{self.node, "shutdown", std::nullopt});
  parts_.replica.TakeOver(self.node);
  Adopt(*session, turn);
}

void Journal::Adopt(const Session& session, Turn& turn) {
  const std::string& node = parts_.self.node;
  std::set<std::string> alive;
  for (const RunRecord& run : session.runs) {
    // One without a process never began.
    if (run.pid == 0) continue;
    parts_.executor.Adopt(run, turn.now, turn.out);
    if (!run.repeat) alive.insert(run.operation.resource);
  }
  for (const StartedWith& started : session.started) parts_.executor.TakeStarted(started);
  for (const AgentProcess& process : session.fencing) parts_.fencer.EndEarlier(process, turn.out);
  // What had begun and has nobody left to report on it: probe.
  for (const std::string& resource : parts_.replica.Pending(node)) {
    if (alive.count(resource) == 0) parts_.replica.Apply(ResourceForgotten{node, resource, false});
  }
  turn.out.Tell(SayLevel::kNotice, "session", node, {},
                "what the last picketd left behind is taken over, " + std::to_string(alive.size()) + " agents alive");
}

// --- what the next one gets ------------------------------------------------------------------------------------

Session Journal::Whole() const {
  Session session;
  session.boot_id = parts_.self.boot_id;
  session.node = parts_.self.node;
  session.next_run = parts_.executor.next_run + kAhead;
  session.next_order = parts_.coordinator.next_order + kAhead;
  session.next_call = parts_.executor.next_call + static_cast<int32_t>(kAhead);
  session.wall_minus_boot_ms = clock_.offset_ms();
  session.runs = parts_.executor.Runs();
  std::erase_if(session.runs, [](const RunRecord& run) { return run.pid == 0; });
  session.started = parts_.executor.Started();
  session.fencing = parts_.fencer.Processes();
  session.soft = parts_.replica.SoftText(parts_.self.node);
  return session;
}

std::string Journal::ChangesText() {
  const Executor& executor = parts_.executor;
  const Coordinator& coordinator = parts_.coordinator;
  std::string text;
  const auto add = [&](const SessionChange& change) { text += EncodeChange(change); };
  for (const ExecutorChange& change : parts_.executor.TakeChanges()) {
    std::visit([&](const auto& what) { add(what); }, change);
  }
  if (saved_fencing_ != parts_.fencer.version()) {
    saved_fencing_ = parts_.fencer.version();
    add(FencingProcesses{parts_.fencer.Processes()});
  }
  if (executor.next_run + kAhead / 2 > numbers_.next_run || coordinator.next_order + kAhead / 2 > numbers_.next_order ||
      executor.next_call + static_cast<int32_t>(kAhead / 2) > numbers_.next_call) {
    numbers_ = {executor.next_run + kAhead, coordinator.next_order + kAhead,
                executor.next_call + static_cast<int32_t>(kAhead)};
    add(numbers_);
  }
  if (seen_soft_ == parts_.replica.soft_version()) return text;
  seen_soft_ = parts_.replica.soft_version();
  const std::string& node = parts_.self.node;
  const SoftChanges soft = parts_.replica.TakeSoftChanges(node);
  whole_ = whole_ || soft.whole;
  if (whole_) return text;
  if (soft.attributes) add(SoftPart{{}, parts_.replica.SoftPart(node, {})});
  for (const std::string& resource : soft.resources) add(SoftPart{resource, parts_.replica.SoftPart(node, resource)});
  return text;
}

void Journal::Keep(Turn& turn) {
  whole_ = whole_ || written_for_ != parts_.self.node;
  written_for_ = parts_.self.node;
  const std::string changes = ChangesText();
  for (const RunNumber run : parts_.executor.TakeUnrecorded()) unrecorded_.push_back(run);
  if (retry_ms_ && turn.now.boot_ms < *retry_ms_) {
    whole_ = true;
    return;
  }
  if (changes.empty() && unrecorded_.empty() && !whole_) return;
  whole_ = whole_ || appended_bytes_ + changes.size() > std::max(kAppendedMin, 2 * whole_bytes_);
  SaveSession save;
  save.save = next_save_++;
  save.whole = std::exchange(whole_, false);
  if (save.whole) {
    const Session whole = Whole();
    numbers_ = {whole.next_run, whole.next_order, whole.next_call};
    save.bytes = EncodeSession(whole);
    whole_bytes_ = save.bytes.size();
    appended_bytes_ = 0;
  } else {
    save.bytes = changes;
    appended_bytes_ += changes.size();
  }
  retry_ms_.reset();
  recording_[save.save] = std::exchange(unrecorded_, {});
  hold_.Hold(save.save, parts_.fencer, turn);
  turn.out.effects.push_back(std::move(save));
}

void Journal::On(const SessionSaved& event, Turn& turn) {
  hold_.Release(event.save, turn);
  const auto recording = recording_.extract(event.save);
  if (recording.empty()) return;
  if (event.kept) {
    if (std::exchange(failing_, false)) {
      turn.out.Tell(SayLevel::kNotice, "session", parts_.self.node, {}, "what runs here can be written down again");
    }
    for (const RunNumber run : recording.mapped()) parts_.executor.Recorded(run, turn.now, turn.out);
    return;
  }
  unrecorded_.insert(unrecorded_.end(), recording.mapped().begin(), recording.mapped().end());
  whole_ = true;
  retry_ms_ = turn.now.boot_ms + kRetryMs;
  if (!std::exchange(failing_, true)) {
    turn.out.Tell(SayLevel::kError, "session", parts_.self.node, {},
                  "what runs here cannot be written down, and nothing is begun until it can: " + event.error);
  }
}

int64_t Journal::NextDeadline() const {
  return std::min(hold_.NextDeadline(), retry_ms_.value_or(INT64_MAX));
}

}  // namespace picket::runtime
