#include "runtime/daemon/core.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>

#include "runtime/store/secret_pairs.h"
#include "solver/model/assert.h"
#include "solver/model/text.h"

namespace picket::runtime {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
constexpr size_t kNewsKept = 2000;
// By how much the wall clock may be slewed between two steps without being called set.
constexpr int64_t kClockJumpMs = 1000;

template <typename T, typename... Ts>
constexpr bool kIsOneOf = (std::is_same_v<T, Ts> || ...);

// Reports: they are kept until they are delivered, and sent again if the group changes meanwhile. Everything else
// dies with its term.
bool IsReport(const Message& message) {
  return std::visit(
      [](const auto& m) {
        using M = std::decay_t<decltype(m)>;
        if constexpr (kIsOneOf<M, FailuresCleared, ResourceForgotten>) return !m.planned;
        return kIsOneOf<M, Result, AttributeSet, FenceDone>;
      },
      message);
}

// What only the coordinator has to say.
bool IsCoordinators(const Message& message) {
  return std::visit(
      [](const auto& m) {
        return kIsOneOf<std::decay_t<decltype(m)>, Order, FenceOrder, MayLeave, DaemonGone, Progress, ClockSet>;
      },
      message);
}

}  // namespace

Core::Core(Settings settings) : settings_(settings), executor_(settings), fencer_(settings) {
  if (settings_.wire_high != 0) wire_.high = settings_.wire_high;
  fencer_.next_run = &executor_.next_run;
  coordinator_.self = settings_.node;
}

Effects Core::Step(const Moment& now, const Event& event) {
  out_ = {};
  if (left_) return {};
  if (!group_offset_ms_) group_offset_ms_ = now.wall_ms - now.boot_ms;
  now_ = now;
  now_.wall_ms = now.boot_ms + *group_offset_ms_;
  wall_ms_ = now.wall_ms;
  spawned_.reset();
  NoticePause();
  std::visit([this](const auto& e) { On(e); }, event);
  BeatPulse();
  NoticeClock();
  NoticeDaemons();
  Settle();
  KeepSession();
  Publish();
  AskToBeWoken();
  CheckPromises();
  return std::move(out_.effects);
}

// What holds between two steps.
void Core::CheckPromises() const {
  PICKET_ASSERT(!active_ || booted_, "a view begins after the start");
  PICKET_ASSERT(!active_ || (group_ && verdict_), "a view has a group and the verdict of its round");
  PICKET_ASSERT(active_ || left_ || commands_.empty(), "numbered changes belong to a view");
  for (size_t i = 1; i < commands_.size(); ++i)
    PICKET_ASSERT(!commands_[i].begun, "only the first change is being written");
  PICKET_ASSERT(commands_.empty() || !commands_.front().begun || commands_.front().result.index == last_number_,
                "the change that is being written has the last number");
  PICKET_ASSERT(!echo_awaited_ ? held_begins_.empty() : active_, "what is held back waits for an echo in a view");
}

// What is to be said is said; alone it comes back at once and is delivered. Then the coordinator gives what has
// become ready, and again.
void Core::Settle() {
  while (!left_) {
    Dispatch();
    if (!loop_.empty()) {
      const Envelope envelope = std::move(loop_.front());
      loop_.pop_front();
      Receive(group_->self.node, envelope);
      continue;
    }
    if (!booted_) return;
    if (MayGiveOrders()) coordinator_.Advance(replica_, now_, out_);
    const bool quiet = executor_.quiet() && fencer_.idle() && unacked_.empty() && out_.messages.empty();
    if (active_ && may_leave_ && !said_goodbye_ && quiet) {
      said_goodbye_ = true;
      NameWhatRunsOn();
      out_.messages.push_back(Goodbye{settings_.node});
    }
    if (out_.messages.empty()) return;
  }
}

void Core::Dispatch() {
  for (Message& message : std::exchange(out_.messages, {})) {
    // What agents say goes everywhere from here, and they may repeat what they were told.
    if (auto* result = std::get_if<Result>(&message)) {
      result->outcome.reason = replica_.Masked(std::move(result->outcome.reason));
    } else if (auto* done = std::get_if<FenceDone>(&message)) {
      done->reason = replica_.Masked(std::move(done->reason));
    }
    if (active_) Transmit({term_, message});
    if (IsReport(message)) unacked_.push_back(std::move(message));
  }
}

void Core::Transmit(const Envelope& envelope) {
  if (loopback_) {
    loop_.push_back(envelope);
    return;
  }
  for (std::string& piece : wire_.Pack(envelope)) out_.effects.push_back(Multicast{std::move(piece)});
}

void Core::Receive(NodeId from, const Envelope& envelope) {
  if (const auto* hello = std::get_if<Hello>(&envelope.message)) return TakeHello(from, *hello);
  if (const auto* transfer = std::get_if<Transfer>(&envelope.message)) return TakeTransfer(from, *transfer);
  if (const auto* pulse = std::get_if<Pulse>(&envelope.message)) return TakePulse(from, *pulse);
  if (const auto* overdue = std::get_if<Overdue>(&envelope.message)) return TakeOverdue(from, *overdue);
  if (!active_ || envelope.term != term_) return;
  if (from != coordinator_id_ && IsCoordinators(envelope.message)) return;
  if (from == group_->self.node && IsReport(envelope.message) && !unacked_.empty()) unacked_.pop_front();
  std::visit([this](const auto& m) { Deliver(m); }, envelope.message);
}

void Core::On(const Booted& event) {
  boot_id_ = event.boot_id;
  incarnation_ = event.incarnation;
  booted_ = true;
  fencer_.Seed(event.seed);
  coordinator_.jobs_per_node = std::max(4, 2 * event.cores);
  for (const StoredFile& file : event.store) generations_.push_back(file.name);
  LoadedHard loaded = LoadHard(event.store);
  for (const std::string& complaint : loaded.complaints) out_.Tell(SayLevel::kError, "store", {}, {}, complaint);
  std::string error;
  if (!replica_.Install(loaded.hard, error)) {
    out_.Tell(SayLevel::kError, "store", {}, {}, "the stored configuration is not used: " + error);
    loaded.forgetful = true;
  }
  durable_ = replica_.hard();
  bool damaged = false;
  promised_term_ = LoadPromise(event.store, damaged);
  if (damaged) {
    out_.Tell(SayLevel::kError, "store", {}, {}, "`promise` is damaged: what this node has promised is not known");
  }
  newest_seen_ = loaded.newest_seen;
  forgetful_ = loaded.forgetful || damaged;
  fencer_.Configure(replica_.cluster());
  Peer self;
  self.standing = Standing::kMember;
  self.in_ring = true;
  replica_.SetPeer(settings_.node, self);
  TakeSession(event);
  if (!event.configuration.empty() && event.configuration != replica_.hard().cib) {
    if (!CheckConfiguration(event.configuration, error)) {
      out_.Tell(SayLevel::kError, "configuration", {}, {}, event.source + " cannot be used: " + error);
      Leave(2);
      return;
    }
    recovered_ = true;
    Propose(ReplaceConfiguration{event.configuration, event.source}, std::nullopt);
  }
  if (!settings_.group) BeAlone(true);
  out_.Tell(SayLevel::kNotice, "daemon", settings_.node, {},
            replica_.configured() ? "picketd is here, with configuration " + std::to_string(replica_.hard().revision)
                                  : "picketd is here and has no configuration yet");
}

void Core::TakeSession(const Booted& event) {
  if (event.session.empty()) return;
  const std::optional<Session> session = DecodeSession(event.session);
  if (!session) {
    out_.Tell(SayLevel::kWarning, "session", {}, {}, "what the last picketd left behind cannot be read");
    return;
  }
  if (session->boot_id != boot_id_ || (session->node != settings_.node && !settings_.group)) return;
  Rename(session->node);
  executor_.next_run = session->next_run;
  executor_.next_call = session->next_call;
  coordinator_.next_order = session->next_order;
  if (!replica_.TakeSoftText(settings_.node, session->soft)) return;
  for (const auto& [resource, text] : session->parts) replica_.TakeSoftPart(settings_.node, resource, text);
  // The clock may have been set while nobody was here; the group's goes on as it was.
  group_offset_ms_ = session->wall_minus_boot_ms;
  now_.wall_ms = now_.boot_ms + *group_offset_ms_;
  replica_.Apply(AttributeSet{settings_.node, "shutdown", std::nullopt});
  replica_.TakeOver(settings_.node);
  std::set<std::string> alive;
  for (const RunRecord& run : session->runs) {
    // One without a process never began.
    if (run.pid == 0) continue;
    executor_.Adopt(run, now_, out_);
    if (!run.repeat) alive.insert(run.operation.resource);
  }
  for (const StartedWith& started : session->started) executor_.TakeStarted(started);
  for (const AgentProcess& process : session->fencing) fencer_.EndEarlier(process, out_);
  // What had begun and has nobody left to report on it: probe.
  for (const std::string& resource : replica_.Pending(settings_.node)) {
    if (alive.count(resource) == 0) replica_.Apply(ResourceForgotten{settings_.node, resource, false});
  }
  out_.Tell(SayLevel::kNotice, "session", settings_.node, {},
            "what the last picketd left behind is taken over, " + std::to_string(alive.size()) + " agents alive");
}

// A policy may spell the name in another case.
bool Core::IsSelf(const std::string& node) const {
  return solver::EqualFolded(node, settings_.node);
}

void Core::Rename(const std::string& node) {
  if (node == settings_.node) return;
  replica_.SetPeer(settings_.node, Peer());
  settings_.node = node;
  session_whole_ = true;
  executor_.Rename(node);
  fencer_.Rename(node);
  coordinator_.self = node;
  Peer self;
  self.standing = Standing::kMember;
  self.in_ring = true;
  replica_.SetPeer(node, self);
}

void Core::On(const TimerFired&) {
  executor_.OnTimer(now_, out_);
  fencer_.OnTimer(now_, out_);
  coordinator_.OnTimer(now_);
  FlushDampened();
  ReleaseHeldFencing(0);
  if (alone_at_ms_ && *alone_at_ms_ <= now_.boot_ms) {
    alone_at_ms_.reset();
    out_.Tell(SayLevel::kError, "group", settings_.node, {}, "without Corosync this node is alone and has no quorum");
    BeAlone(false);
  }
}

void Core::On(const AskedToLeave& event) {
  if (!event.stop_services || leaving_) {
    Leave(0);
    return;
  }
  StopServices();
}

void Core::StopServices() {
  if (!active_ && (!settings_.group || !replica_.configured())) {
    Leave(0);
    return;
  }
  leaving_ = true;
  if (!replica_.configured()) {
    may_leave_ = true;
    return;
  }
  out_.Tell(SayLevel::kNotice, "daemon", settings_.node, {}, "all services are stopped, then picketd leaves");
  out_.messages.push_back(AttributeSet{settings_.node, "shutdown", std::to_string(now_.wall_s())});
}

// In maintenance, or where a resource is not managed, services go on without us.
void Core::NameWhatRunsOn() {
  std::string names;
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const StartedWith& started : executor_.Started()) {
    // A fence device is in nobody's process.
    if (executor_.IsDevice(started.resource)) continue;
    names += (names.empty() ? "" : ", ") + started.resource;
    list.push_back(started.resource);
  }
  if (names.empty()) return;
  out_.Tell(SayLevel::kWarning, "daemon", settings_.node, {},
            "picketd leaves; these are not managed and go on: " + names);
  if (stop_client_ && clients_.count(*stop_client_) > 0) {
    out_.effects.push_back(Answer{*stop_client_, nlohmann::ordered_json{{"still_runs", std::move(list)}}.dump()});
  }
}

void Core::Leave(int status, bool clean) {
  left_ = true;
  out_.Tell(SayLevel::kNotice, "daemon", settings_.node, {},
            clean ? "nothing runs here any more; picketd leaves" : "picketd leaves; what runs here goes on");
  // Nothing to take over: the next daemon begins with probes.
  if (clean) out_.effects.push_back(SaveSession{next_save_++, {}, true});
  Publish();
  out_.effects.push_back(Exit{status});
}

// --- messages --------------------------------------------------------------------------------------------------

void Core::Deliver(const Order& order) {
  if (IsSelf(order.node)) executor_.Take(order, now_, out_);
}

void Core::Deliver(const Begin& begin) {
  replica_.Apply(begin);
  coordinator_.Delivered(begin);
  if (!IsSelf(begin.node)) return;
  if (echo_awaited_) {
    held_begins_.push_back(begin);
  } else {
    executor_.Begun(begin, now_, out_);
  }
}

void Core::Deliver(const Result& result) {
  replica_.Apply(result);
  coordinator_.Delivered(result, out_);
}

void Core::Deliver(const AttributeSet& set) {
  if (!replica_.Apply(set)) return;
  coordinator_.Changed();
  out_.Tell(SayLevel::kInfo, "attribute", set.node, {},
            set.value ? set.name + " is " + (IsSecretName(set.name) ? std::string(kMask) : *set.value)
                      : set.name + " is no longer set");
}

void Core::Deliver(const FailuresCleared& cleared) {
  replica_.Apply(cleared);
  if (!cleared.planned) PersonCleaned(cleared.resource);
}

void Core::Deliver(const ResourceForgotten& forgotten) {
  replica_.Apply(forgotten);
  if (IsSelf(forgotten.node)) executor_.Forget(forgotten.resource, now_, out_);
  if (!forgotten.planned) PersonCleaned(forgotten.resource);
}

void Core::PersonCleaned(std::string_view resource) {
  replica_.ForgetStopFencings(resource);
  coordinator_.Changed();
}

void Core::Deliver(const FenceOrder& order) {
  coordinator_.Delivered(order);
  if (!IsSelf(order.node)) return;
  if (echo_awaited_) {
    held_fences_.push_back(order);
  } else {
    fencer_.Take(order, now_, out_);
  }
}

void Core::Deliver(const FenceDone& done) {
  const FenceVerdict verdict = replica_.Apply(done);
  FenceDone counted = done;
  // It is proof of nothing that anybody waits for.
  if (verdict == FenceVerdict::kStale) counted.success = false;
  coordinator_.Delivered(counted, now_);
  const std::string what = done.target + " (" + done.action + ")";
  if (!done.success) {
    out_.Tell(SayLevel::kError, "fencing", done.target, {},
              done.node + " could not fence " + what + ": " + done.reason);
  } else if (verdict == FenceVerdict::kStale) {
    out_.Tell(SayLevel::kWarning, "fencing", done.target, {},
              what + " was fenced by " + done.device + ", but it was back since and is lost again: once more");
  } else if (verdict == FenceVerdict::kNeverOff) {
    out_.Tell(SayLevel::kError, "fencing", done.target, {},
              done.device + " says that " + what + " was fenced, but it is here and was never off: the device lies");
  } else {
    out_.Tell(SayLevel::kNotice, "fencing", done.target, {}, what + " was fenced by " + done.device);
  }
  Judge();
}

void Core::Deliver(const MayLeave& may_leave) {
  if (IsSelf(may_leave.node)) may_leave_ = true;
}

void Core::Deliver(const Goodbye& goodbye) {
  replica_.Apply(goodbye);
  coordinator_.ForgetNode(goodbye.node);
  if (IsSelf(goodbye.node)) {
    Leave(0, true);
    return;
  }
  out_.Tell(SayLevel::kNotice, "view", goodbye.node, {}, goodbye.node + " has left in good order");
  Judge();
}

void Core::Deliver(const DaemonGone& gone) {
  Peer peer = replica_.PeerOf(gone.node);
  if (!peer.daemon_only) return;
  peer.daemon_only = false;
  peer.standing = Standing::kLost;
  replica_.SetPeer(gone.node, peer);
  coordinator_.ForgetNode(gone.node);
  out_.Tell(SayLevel::kError, "view", gone.node, {}, "the picketd of " + gone.node + " has not come back");
}

void Core::Deliver(const Progress& progress) {
  progress_ = progress;
  started_ = true;
}

void Core::Deliver(const ClockSet& set) {
  const int64_t by_s = set.by_ms / 1000;
  clock_told_ = false;
  replica_.ShiftTimes(by_s);
  *group_offset_ms_ += by_s * 1000;
  now_.wall_ms += by_s * 1000;
  coordinator_.Changed();
  out_.Tell(SayLevel::kWarning, "clock", {}, {},
            "the wall clock was set by " + std::to_string(by_s) + " s; recorded times move along");
}

void Core::Deliver(const Echo& echo) {
  if (echo.node == settings_.node && echo_awaited_ == echo.nonce) ReleaseHeld();
}

// --- pauses ----------------------------------------------------------------------------------------------------

// Who has not had a turn for long may have been lost and replaced meanwhile, and what is delivered now may be of that
// past. Only what comes back of what is said now shows that we are still among the others.
void Core::NoticePause() {
  const int64_t last_ms = last_turn_ms_.value_or(now_.boot_ms);
  last_turn_ms_ = now_.boot_ms;
  if (loopback_ || !active_ || now_.boot_ms - last_ms <= group_->token_ms / 2) return;
  echo_awaited_ = next_echo_++;
  out_.messages.push_back(Echo{settings_.node, *echo_awaited_});
}

void Core::ReleaseHeld() {
  echo_awaited_.reset();
  for (const Begin& begin : std::exchange(held_begins_, {})) executor_.Begun(begin, now_, out_);
  for (const FenceOrder& order : std::exchange(held_fences_, {})) fencer_.Take(order, now_, out_);
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

// Ages are what failure timeouts and date rules compare. A clock that is set must not make anything older, so the
// group has a clock of its own, which follows that of the coordinator and takes all stamps along.
void Core::NoticeClock() {
  const int64_t set_by_ms = wall_ms_ - now_.wall_ms;
  if (!coordinator_.leads() || clock_told_ || std::abs(set_by_ms) <= kClockJumpMs) return;
  clock_told_ = true;
  out_.messages.push_back(ClockSet{set_by_ms});
}

void Core::Publish() {
  for (News& news : std::exchange(out_.news, {})) {
    news.text = replica_.Masked(std::move(news.text));
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
  int64_t next = std::min(
      {executor_.NextDeadline(), coordinator_.NextDeadline(), fencer_.NextDeadline(), alone_at_ms_.value_or(kNever)});
  for (const auto& [key, waiting] : dampened_) next = std::min(next, waiting.due_ms);
  // What is over was looked at in this step; to ask for it again would be to ask for ever.
  const auto wait_for = [&](int64_t when_ms) {
    if (when_ms > now_.boot_ms) next = std::min(next, when_ms);
  };
  if (coordinator_.leads()) {
    if (!started_) wait_for(start_at_ms_);
    for (const auto& [id, absence] : daemonless_) {
      if (!absence.told) wait_for(absence.since_ms + kDaemonGraceMs);
    }
  }
  if (pulse_due_ms_) next = std::min(next, *pulse_due_ms_);
  if (session_retry_ms_) next = std::min(next, *session_retry_ms_);
  for (const auto& [save, held] : held_fencing_) next = std::min(next, held.until_ms);
  // To notice a pause there has to be a turn from time to time.
  if (!loopback_ && active_) next = std::min(next, now_.boot_ms + group_->token_ms / 4);
  if (next != kNever) out_.effects.push_back(WakeAt{next});
}

}  // namespace picket::runtime
