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

Core::Core(const Settings& settings) : executor_(settings), fencer_(settings) {
  self_.node = settings.node;
  self_.grouped = settings.group;
  if (settings.wire_high != 0) wire_.high = settings.wire_high;
  fencer_.next_run = &executor_.next_run;
  coordinator_.self = self_.node;
}

Effects Core::Step(const Moment& now, const Event& event) {
  if (left_) return {};
  turn_ = clock_.Begin(now);
  NoticePause();
  std::visit([this](const auto& e) { On(e); }, event);
  BeatPulse();
  if (coordinator_.leads()) clock_.Notice(turn_);
  NoticeDaemons();
  Settle();
  KeepSession();
  newsroom_.Publish(replica_, connections_, turn_);
  AskToBeWoken();
  CheckPromises();
  return std::move(turn_.out.effects);
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
    if (MayGiveOrders()) coordinator_.Advance(replica_, turn_.now, turn_.out);
    const bool quiet = executor_.quiet() && fencer_.idle() && unacked_.empty() && turn_.out.messages.empty();
    if (active_ && may_leave_ && !said_goodbye_ && quiet) {
      said_goodbye_ = true;
      NameWhatRunsOn();
      turn_.out.messages.push_back(Goodbye{self_.node});
    }
    if (turn_.out.messages.empty()) return;
  }
}

void Core::Dispatch() {
  for (Message& message : std::exchange(turn_.out.messages, {})) {
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
  for (std::string& piece : wire_.Pack(envelope)) turn_.out.effects.push_back(Multicast{std::move(piece)});
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
  self_.boot_id = event.boot_id;
  self_.incarnation = event.incarnation;
  booted_ = true;
  fencer_.Seed(event.seed);
  coordinator_.jobs_per_node = std::max(4, 2 * event.cores);
  for (const StoredFile& file : event.store) generations_.push_back(file.name);
  LoadedHard loaded = LoadHard(event.store);
  for (const std::string& complaint : loaded.complaints) turn_.out.Tell(SayLevel::kError, "store", {}, {}, complaint);
  std::string error;
  if (!replica_.Install(loaded.hard, error)) {
    turn_.out.Tell(SayLevel::kError, "store", {}, {}, "the stored configuration is not used: " + error);
    loaded.forgetful = true;
  }
  durable_ = replica_.hard();
  bool damaged = false;
  promised_term_ = LoadPromise(event.store, damaged);
  if (damaged) {
    turn_.out.Tell(SayLevel::kError, "store", {}, {}, "`promise` is damaged: what this node has promised is not known");
  }
  newest_seen_ = loaded.newest_seen;
  forgetful_ = loaded.forgetful || damaged;
  fencer_.Configure(replica_.cluster());
  Peer self;
  self.standing = Standing::kMember;
  self.in_ring = true;
  replica_.SetPeer(self_.node, self);
  TakeSession(event);
  if (!event.configuration.empty() && event.configuration != replica_.hard().cib) {
    if (!CheckConfiguration(event.configuration, error)) {
      turn_.out.Tell(SayLevel::kError, "configuration", {}, {}, event.source + " cannot be used: " + error);
      Leave(2);
      return;
    }
    recovered_ = true;
    Propose(ReplaceConfiguration{event.configuration, event.source}, std::nullopt);
  }
  if (!self_.grouped) BeAlone(true);
  turn_.out.Tell(SayLevel::kNotice, "daemon", self_.node, {},
                 replica_.configured()
                     ? "picketd is here, with configuration " + std::to_string(replica_.hard().revision)
                     : "picketd is here and has no configuration yet");
}

void Core::TakeSession(const Booted& event) {
  if (event.session.empty()) return;
  const std::optional<Session> session = DecodeSession(event.session);
  if (!session) {
    turn_.out.Tell(SayLevel::kWarning, "session", {}, {}, "what the last picketd left behind cannot be read");
    return;
  }
  if (session->boot_id != self_.boot_id || (session->node != self_.node && !self_.grouped)) return;
  Rename(session->node);
  executor_.next_run = session->next_run;
  executor_.next_call = session->next_call;
  coordinator_.next_order = session->next_order;
  if (!replica_.TakeSoftText(self_.node, session->soft)) return;
  for (const auto& [resource, text] : session->parts) replica_.TakeSoftPart(self_.node, resource, text);
  // The clock may have been set while nobody was here; the group's goes on as it was.
  clock_.Set(turn_.now.boot_ms + session->wall_minus_boot_ms, turn_);
  replica_.Apply(AttributeSet{self_.node, "shutdown", std::nullopt});
  replica_.TakeOver(self_.node);
  std::set<std::string> alive;
  for (const RunRecord& run : session->runs) {
    // One without a process never began.
    if (run.pid == 0) continue;
    executor_.Adopt(run, turn_.now, turn_.out);
    if (!run.repeat) alive.insert(run.operation.resource);
  }
  for (const StartedWith& started : session->started) executor_.TakeStarted(started);
  for (const AgentProcess& process : session->fencing) fencer_.EndEarlier(process, turn_.out);
  // What had begun and has nobody left to report on it: probe.
  for (const std::string& resource : replica_.Pending(self_.node)) {
    if (alive.count(resource) == 0) replica_.Apply(ResourceForgotten{self_.node, resource, false});
  }
  turn_.out.Tell(SayLevel::kNotice, "session", self_.node, {},
                 "what the last picketd left behind is taken over, " + std::to_string(alive.size()) + " agents alive");
}

void Core::Rename(const std::string& node) {
  if (node == self_.node) return;
  replica_.SetPeer(self_.node, Peer());
  self_.node = node;
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
  executor_.OnTimer(turn_.now, turn_.out);
  fencer_.OnTimer(turn_.now, turn_.out);
  coordinator_.OnTimer(turn_.now);
  attributes_.Flush(turn_);
  ReleaseHeldFencing(0);
  if (alone_at_ms_ && *alone_at_ms_ <= turn_.now.boot_ms) {
    alone_at_ms_.reset();
    turn_.out.Tell(SayLevel::kError, "group", self_.node, {}, "without Corosync this node is alone and has no quorum");
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
  if (!active_ && (!self_.grouped || !replica_.configured())) {
    Leave(0);
    return;
  }
  leaving_ = true;
  if (!replica_.configured()) {
    may_leave_ = true;
    return;
  }
  turn_.out.Tell(SayLevel::kNotice, "daemon", self_.node, {}, "all services are stopped, then picketd leaves");
  turn_.out.messages.push_back(AttributeSet{self_.node, "shutdown", std::to_string(turn_.now.wall_s())});
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
  turn_.out.Tell(SayLevel::kWarning, "daemon", self_.node, {},
                 "picketd leaves; these are not managed and go on: " + names);
  if (stop_client_ && connections_.IsHere(*stop_client_)) {
    turn_.out.effects.push_back(Answer{*stop_client_, nlohmann::ordered_json{{"still_runs", std::move(list)}}.dump()});
  }
}

void Core::Leave(int status, bool clean) {
  left_ = true;
  turn_.out.Tell(SayLevel::kNotice, "daemon", self_.node, {},
                 clean ? "nothing runs here any more; picketd leaves" : "picketd leaves; what runs here goes on");
  // Nothing to take over: the next daemon begins with probes.
  if (clean) turn_.out.effects.push_back(SaveSession{next_save_++, {}, true});
  newsroom_.Publish(replica_, connections_, turn_);
  turn_.out.effects.push_back(Exit{status});
}

// --- messages --------------------------------------------------------------------------------------------------

void Core::Deliver(const Order& order) {
  if (self_.Is(order.node)) executor_.Take(order, turn_.now, turn_.out);
}

void Core::Deliver(const Begin& begin) {
  replica_.Apply(begin);
  coordinator_.Delivered(begin);
  if (!self_.Is(begin.node)) return;
  if (echo_awaited_) {
    held_begins_.push_back(begin);
  } else {
    executor_.Begun(begin, turn_.now, turn_.out);
  }
}

void Core::Deliver(const Result& result) {
  replica_.Apply(result);
  coordinator_.Delivered(result, turn_.out);
}

void Core::Deliver(const AttributeSet& set) {
  if (!replica_.Apply(set)) return;
  coordinator_.Changed();
  turn_.out.Tell(SayLevel::kInfo, "attribute", set.node, {},
                 set.value ? set.name + " is " + (IsSecretName(set.name) ? std::string(kMask) : *set.value)
                           : set.name + " is no longer set");
}

void Core::Deliver(const FailuresCleared& cleared) {
  replica_.Apply(cleared);
  if (!cleared.planned) PersonCleaned(cleared.resource);
}

void Core::Deliver(const ResourceForgotten& forgotten) {
  replica_.Apply(forgotten);
  if (self_.Is(forgotten.node)) executor_.Forget(forgotten.resource, turn_.now, turn_.out);
  if (!forgotten.planned) PersonCleaned(forgotten.resource);
}

void Core::PersonCleaned(std::string_view resource) {
  replica_.ForgetStopFencings(resource);
  coordinator_.Changed();
}

void Core::Deliver(const FenceOrder& order) {
  coordinator_.Delivered(order);
  if (!self_.Is(order.node)) return;
  if (echo_awaited_) {
    held_fences_.push_back(order);
  } else {
    fencer_.Take(order, turn_.now, turn_.out);
  }
}

void Core::Deliver(const FenceDone& done) {
  const FenceVerdict verdict = replica_.Apply(done);
  FenceDone counted = done;
  // It is proof of nothing that anybody waits for.
  if (verdict == FenceVerdict::kStale) counted.success = false;
  coordinator_.Delivered(counted, turn_.now);
  const std::string what = done.target + " (" + done.action + ")";
  if (!done.success) {
    turn_.out.Tell(SayLevel::kError, "fencing", done.target, {},
                   done.node + " could not fence " + what + ": " + done.reason);
  } else if (verdict == FenceVerdict::kStale) {
    turn_.out.Tell(SayLevel::kWarning, "fencing", done.target, {},
                   what + " was fenced by " + done.device + ", but it was back since and is lost again: once more");
  } else if (verdict == FenceVerdict::kNeverOff) {
    turn_.out.Tell(
        SayLevel::kError, "fencing", done.target, {},
        done.device + " says that " + what + " was fenced, but it is here and was never off: the device lies");
  } else {
    turn_.out.Tell(SayLevel::kNotice, "fencing", done.target, {}, what + " was fenced by " + done.device);
  }
  Judge();
}

void Core::Deliver(const MayLeave& may_leave) {
  if (self_.Is(may_leave.node)) may_leave_ = true;
}

void Core::Deliver(const Goodbye& goodbye) {
  replica_.Apply(goodbye);
  coordinator_.ForgetNode(goodbye.node);
  if (self_.Is(goodbye.node)) {
    Leave(0, true);
    return;
  }
  turn_.out.Tell(SayLevel::kNotice, "view", goodbye.node, {}, goodbye.node + " has left in good order");
  Judge();
}

void Core::Deliver(const DaemonGone& gone) {
  Peer peer = replica_.PeerOf(gone.node);
  if (!peer.daemon_only) return;
  peer.daemon_only = false;
  peer.standing = Standing::kLost;
  replica_.SetPeer(gone.node, peer);
  coordinator_.ForgetNode(gone.node);
  turn_.out.Tell(SayLevel::kError, "view", gone.node, {}, "the picketd of " + gone.node + " has not come back");
}

void Core::Deliver(const Progress& progress) {
  progress_ = progress;
  started_ = true;
}

void Core::Deliver(const ClockSet& set) {
  const int64_t by_s = clock_.Follow(set, turn_);
  replica_.ShiftTimes(by_s);
  coordinator_.Changed();
  turn_.out.Tell(SayLevel::kWarning, "clock", {}, {},
                 "the wall clock was set by " + std::to_string(by_s) + " s; recorded times move along");
}

void Core::Deliver(const Echo& echo) {
  if (echo.node == self_.node && echo_awaited_ == echo.nonce) ReleaseHeld();
}

// --- pauses ----------------------------------------------------------------------------------------------------

// Who has not had a turn for long may have been lost and replaced meanwhile, and what is delivered now may be of that
// past. Only what comes back of what is said now shows that we are still among the others.
void Core::NoticePause() {
  const int64_t last_ms = last_turn_ms_.value_or(turn_.now.boot_ms);
  last_turn_ms_ = turn_.now.boot_ms;
  if (loopback_ || !active_ || turn_.now.boot_ms - last_ms <= group_->token_ms / 2) return;
  echo_awaited_ = next_echo_++;
  turn_.out.messages.push_back(Echo{self_.node, *echo_awaited_});
}

void Core::ReleaseHeld() {
  echo_awaited_.reset();
  for (const Begin& begin : std::exchange(held_begins_, {})) executor_.Begun(begin, turn_.now, turn_.out);
  for (const FenceOrder& order : std::exchange(held_fences_, {})) fencer_.Take(order, turn_.now, turn_.out);
}

// --- the end of a step -----------------------------------------------------------------------------------------

void Core::AskToBeWoken() {
  if (left_) return;
  int64_t next = std::min(
      {executor_.NextDeadline(), coordinator_.NextDeadline(), fencer_.NextDeadline(), alone_at_ms_.value_or(kNever)});
  next = std::min(next, attributes_.NextDeadline());
  // What is over was looked at in this step; to ask for it again would be to ask for ever.
  const auto wait_for = [&](int64_t when_ms) {
    if (when_ms > turn_.now.boot_ms) next = std::min(next, when_ms);
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
  if (!loopback_ && active_) next = std::min(next, turn_.now.boot_ms + group_->token_ms / 4);
  if (next != kNever) turn_.out.effects.push_back(WakeAt{next});
}

}  // namespace picket::runtime
