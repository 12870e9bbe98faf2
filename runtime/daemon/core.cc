#include "runtime/daemon/core.h"

#include <algorithm>
#include <limits>

namespace picket::runtime {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
constexpr size_t kNewsKept = 2000;
// By how much the wall clock may be slewed between two steps without being called set.
constexpr int64_t kClockJumpMs = 1000;
constexpr size_t kProposalsMax = 64;

}  // namespace

Core::Core(Settings settings) : settings_(settings), executor_(std::move(settings)) {}

Effects Core::Step(const Moment& now, const Event& event) {
  now_ = now;
  out_ = {};
  if (left_) return {};
  NoticeClock();
  std::visit([this](const auto& e) { On(e); }, event);
  Settle();
  SaveSessionIfChanged();
  Publish();
  AskToBeWoken();
  return std::move(out_.effects);
}

// Messages are delivered until there are none, then the coordinator gives what has become ready, and again.
void Core::Settle() {
  while (!left_) {
    while (!out_.messages.empty()) {
      const std::vector<Message> messages = std::exchange(out_.messages, {});
      for (const Message& message : messages) {
        std::visit([this](const auto& m) { Deliver(m); }, message);
      }
    }
    if (!booted_ || waits_for_operator_) return;
    coordinator_.Advance(replica_, now_, out_);
    if (coordinator_.leaves && *coordinator_.leaves == settings_.node) {
      if (executor_.idle()) {
        Leave(0);
        return;
      }
    }
    if (out_.messages.empty()) return;
  }
}

void Core::On(const Booted& event) {
  boot_id_ = event.boot_id;
  incarnation_ = event.incarnation;
  booted_ = true;
  coordinator_.jobs_per_node = std::max(4, 2 * event.cores);
  for (const StoredFile& file : event.store) generations_.push_back(file.name);
  LoadedHard loaded = LoadHard(event.store);
  for (const std::string& complaint : loaded.complaints) out_.Tell(SayLevel::kError, "store", {}, {}, complaint);
  std::string error;
  if (!replica_.Install(std::move(loaded.hard), error)) {
    out_.Tell(SayLevel::kError, "store", {}, {}, "the stored configuration is not used: " + error);
    loaded.forgetful = true;
  }
  replica_.SetMembers({settings_.node});
  replica_.SetQuorate(true);
  newest_seen_ = loaded.newest_seen;
  waits_for_operator_ = loaded.forgetful;
  if (waits_for_operator_) {
    out_.Tell(SayLevel::kError, "store", {}, {},
              "the newest configuration is lost; nothing is done until `picket recover` takes number " +
                  std::to_string(replica_.hard().index) + " instead, or a policy is applied");
  }
  TakeSession(event);
  if (!event.configuration.empty() && event.configuration != replica_.hard().cib) {
    if (!CheckConfiguration(event.configuration, error)) {
      out_.Tell(SayLevel::kError, "configuration", {}, {}, event.source + " cannot be used: " + error);
      Leave(2);
      return;
    }
    Propose(ReplaceConfiguration{event.configuration, event.source}, std::nullopt);
  }
  out_.Tell(SayLevel::kNotice, "daemon", settings_.node, {},
            replica_.configured() ? "picketd is here, with configuration " + std::to_string(replica_.hard().index)
                                  : "picketd is here and has no configuration yet");
}

void Core::TakeSession(const Booted& event) {
  if (event.session.empty()) return;
  const std::optional<Session> session = DecodeSession(event.session);
  if (!session) {
    out_.Tell(SayLevel::kWarning, "session", {}, {}, "what the last picketd left behind cannot be read");
    return;
  }
  if (session->boot_id != boot_id_ || session->node != settings_.node) return;
  executor_.next_run = session->next_run;
  executor_.next_call = session->next_call;
  coordinator_.next_order = session->next_order;
  if (!replica_.TakeSoftText(settings_.node, session->soft)) return;
  // The clock may have been set while nobody was here.
  const int64_t set_by_ms = now_.wall_ms - now_.boot_ms - session->wall_minus_boot_ms;
  if (std::abs(set_by_ms) > kClockJumpMs) replica_.ShiftTimes(set_by_ms / 1000);
  replica_.Apply(AttributeSet{settings_.node, "shutdown", std::nullopt});
  replica_.TakeOver(settings_.node);
  std::set<std::string> alive;
  for (const RunRecord& run : session->runs) {
    // One without a process never began.
    if (run.pid == 0) continue;
    executor_.Adopt(run, now_, out_);
    if (run.repeat) continue;
    alive.insert(run.operation.resource);
    coordinator_.Delivered(Begin{run.order, settings_.node, now_.wall_s(), run.operation});
  }
  // What had begun and has nobody left to report on it: probe.
  for (const std::string& resource : replica_.Pending(settings_.node)) {
    if (alive.count(resource) == 0) out_.messages.push_back(ResourceForgotten{settings_.node, resource, false});
  }
  out_.Tell(SayLevel::kNotice, "session", settings_.node, {},
            "what the last picketd left behind is taken over, " + std::to_string(alive.size()) + " agents alive");
}

void Core::On(const TimerFired&) {
  executor_.OnTimer(now_, out_);
  coordinator_.OnTimer(now_);
  FlushDampened();
}

void Core::On(const AskedToLeave& event) {
  if (!event.stop_services || leaving_) {
    Leave(0);
    return;
  }
  StopServices();
}

void Core::StopServices() {
  if (!replica_.configured() || waits_for_operator_) {
    Leave(0);
    return;
  }
  leaving_ = true;
  out_.Tell(SayLevel::kNotice, "daemon", settings_.node, {}, "all services are stopped, then picketd leaves");
  out_.messages.push_back(AttributeSet{settings_.node, "shutdown", std::to_string(now_.wall_s())});
}

void Core::Leave(int status) {
  left_ = true;
  const bool clean = coordinator_.leaves && *coordinator_.leaves == settings_.node;
  out_.Tell(SayLevel::kNotice, "daemon", settings_.node, {},
            clean ? "nothing runs here any more; picketd leaves" : "picketd leaves; what runs here goes on");
  // Nothing to take over: the next daemon begins with probes.
  if (clean) out_.effects.push_back(SaveSession{});
  Publish();
  out_.effects.push_back(Exit{status});
}

// --- messages --------------------------------------------------------------------------------------------------

void Core::Deliver(const Order& order) {
  if (order.node == settings_.node) executor_.Take(order, now_, out_);
}

void Core::Deliver(const Begin& begin) {
  replica_.Apply(begin);
  coordinator_.Delivered(begin);
  if (begin.node == settings_.node) executor_.Begun(begin, now_, out_);
}

void Core::Deliver(const Result& result) {
  replica_.Apply(result);
  coordinator_.Delivered(result, out_);
}

void Core::Deliver(const AttributeSet& set) {
  if (!replica_.Apply(set)) return;
  coordinator_.Changed();
  out_.Tell(SayLevel::kInfo, "attribute", set.node, {},
            set.value ? set.name + " is " + *set.value : set.name + " is no longer set");
}

void Core::Deliver(const FailuresCleared& cleared) {
  replica_.Apply(cleared);
  if (!cleared.planned) coordinator_.Changed();
}

void Core::Deliver(const ResourceForgotten& forgotten) {
  replica_.Apply(forgotten);
  if (forgotten.node == settings_.node) executor_.Forget(forgotten.resource, now_, out_);
  if (!forgotten.planned) coordinator_.Changed();
}

// --- hard state ------------------------------------------------------------------------------------------------

void Core::Propose(Command command, std::optional<ClientNumber> client) {
  if (store_uncertain_) {
    Refuse(client, "the disk failed to keep a change; nothing is accepted until picketd has been restarted");
    return;
  }
  if (proposals_.size() >= kProposalsMax) {
    Refuse(client, "too many changes at once");
    return;
  }
  proposals_.push_back({std::move(command), client});
  if (!writing_) WriteNext();
}

void Core::WriteNext() {
  if (proposals_.empty()) return;
  written_ = Applied(replica_.hard(), proposals_.front().command);
  // Newer than a generation that could not be read, too, or that one would be asked for again.
  written_.index = std::max(written_.index, newest_seen_ + 1);
  writing_ = next_write_++;
  out_.effects.push_back(WriteStore{*writing_, GenerationName(written_.index), EncodeHard(written_),
                                    OldGenerations(generations_, written_.index)});
}

void Core::On(const StoreWritten& event) {
  if (writing_ != event.write) return;
  writing_.reset();
  const Proposal proposal = std::move(proposals_.front());
  proposals_.pop_front();
  if (event.outcome != WriteOutcome::kDone) {
    store_uncertain_ = event.outcome == WriteOutcome::kUncertain;
    out_.Tell(SayLevel::kError, "store", {}, {}, "a change could not be kept: " + event.error);
    Refuse(proposal.client, "it could not be kept on disk: " + event.error);
    // Those behind it were made for a state that never came to be.
    for (const Proposal& waiting : std::exchange(proposals_, {})) Refuse(waiting.client, "an earlier change failed");
    return;
  }
  for (const std::string& old : OldGenerations(generations_, written_.index)) std::erase(generations_, old);
  generations_.push_back(GenerationName(written_.index));
  std::string error;
  const bool replaced = std::holds_alternative<ReplaceConfiguration>(proposal.command);
  if (!replica_.Install(written_, error)) {
    // It was checked before; that it cannot be used now is a defect of ours, and the old one stays in force.
    out_.Tell(SayLevel::kError, "configuration", {}, {}, "a stored change cannot be used: " + error);
    Refuse(proposal.client, error);
  } else {
    if (replaced) waits_for_operator_ = false;
    coordinator_.Changed();
    out_.Tell(SayLevel::kNotice, "configuration", {}, {},
              "number " + std::to_string(written_.index) + " is in force" +
                  (replaced && !written_.source.empty() ? ", from " + written_.source : ""));
    AnswerAccepted(proposal.client);
  }
  WriteNext();
}

// --- attributes ------------------------------------------------------------------------------------------------

void Core::SetTransient(const std::string& node, const std::string& name, std::optional<std::string> value,
                        int64_t dampen_ms) {
  const auto key = std::pair(node, name);
  const auto waiting = dampened_.find(key);
  if (dampen_ms <= 0 && waiting == dampened_.end()) {
    out_.messages.push_back(AttributeSet{node, name, std::move(value)});
    return;
  }
  // The clock runs from the first change: an attribute that flaps is written all the same.
  if (waiting != dampened_.end()) {
    waiting->second.value = std::move(value);
    if (dampen_ms <= 0) waiting->second.due_ms = now_.boot_ms;
  } else {
    dampened_[key] = {std::move(value), now_.boot_ms + dampen_ms};
  }
  FlushDampened();
}

void Core::FlushDampened() {
  for (auto it = dampened_.begin(); it != dampened_.end();) {
    if (it->second.due_ms > now_.boot_ms) {
      ++it;
      continue;
    }
    out_.messages.push_back(AttributeSet{it->first.first, it->first.second, std::move(it->second.value)});
    it = dampened_.erase(it);
  }
}

// --- the end of a step -----------------------------------------------------------------------------------------

// Ages are what failure timeouts and date rules compare. A clock that is set must not make anything older.
void Core::NoticeClock() {
  const int64_t difference = now_.wall_ms - now_.boot_ms;
  if (wall_minus_boot_ms_ && std::abs(difference - *wall_minus_boot_ms_) > kClockJumpMs) {
    const int64_t set_by_ms = difference - *wall_minus_boot_ms_;
    replica_.ShiftTimes(set_by_ms / 1000);
    coordinator_.Changed();
    out_.Tell(SayLevel::kWarning, "clock", settings_.node, {},
              "the wall clock was set by " + std::to_string(set_by_ms / 1000) + " s; recorded times move along");
  }
  wall_minus_boot_ms_ = difference;
}

void Core::SaveSessionIfChanged() {
  if (!booted_ || left_) return;
  if (saved_soft_ == replica_.soft_version() && saved_runs_ == executor_.version()) return;
  saved_soft_ = replica_.soft_version();
  saved_runs_ = executor_.version();
  Session session;
  session.boot_id = boot_id_;
  session.node = settings_.node;
  session.next_run = executor_.next_run;
  session.next_order = coordinator_.next_order;
  session.next_call = executor_.next_call;
  session.wall_minus_boot_ms = now_.wall_ms - now_.boot_ms;
  session.runs = executor_.Runs();
  session.soft = replica_.SoftText(settings_.node);
  // Before all else: whoever comes after a crash in the middle of these effects knows of them.
  out_.effects.insert(out_.effects.begin(), SaveSession{EncodeSession(session)});
}

void Core::Publish() {
  for (News& news : std::exchange(out_.news, {})) {
    std::string text;
    if (!news.node.empty()) text += news.node + ": ";
    if (!news.resource.empty()) text += news.resource + ": ";
    out_.effects.push_back(Say{news.level, text + news.text});
    news_.push_back({next_news_++, now_.wall_ms, std::move(news)});
    const std::string line = NewsLine(news_.back());
    for (const auto& [number, client] : clients_) {
      if (client.follows) out_.effects.push_back(Answer{number, line});
    }
    if (news_.size() > kNewsKept) news_.pop_front();
  }
  const uint64_t version = replica_.soft_version() + next_news_;
  if (version == watched_) return;
  watched_ = version;
  for (const auto& [number, client] : clients_) {
    if (client.watches) out_.effects.push_back(Answer{number, "{\"changed\":" + std::to_string(version) + "}"});
  }
}

void Core::AskToBeWoken() {
  if (left_) return;
  int64_t next = std::min(executor_.NextDeadline(), coordinator_.NextDeadline());
  for (const auto& [key, waiting] : dampened_) next = std::min(next, waiting.due_ms);
  if (next != kNever) out_.effects.push_back(WakeAt{next});
}

}  // namespace picket::runtime
