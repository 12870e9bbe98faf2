#include "runtime/daemon/core.h"

#include <algorithm>
#include <utility>

#include "runtime/daemon/configuration_check.h"
#include "runtime/daemon/fencing_news.h"
#include "runtime/store/secret_pairs.h"
#include "solver/model/assert.h"

namespace picket::runtime {

Core::Core(const Settings& settings) : parts_(settings) {
  if (settings.wire_high != 0) mail_.ReadUpTo(settings.wire_high);
}

Effects Core::Step(const Moment& now, const Event& event) {
  if (left()) return {};
  turn_ = clock_.Begin(now);
  pauses_.Notice(parts_.self.node, turn_);
  std::visit([this](const auto& e) { On(e); }, event);
  if (booted_ && !left()) {
    const bool no_common_format = view_.verdict && view_.verdict->wire_differs;
    silence_.Beat(no_common_format || views_.WaitsForOperator(), turn_);
  }
  if (parts_.coordinator.leads()) clock_.Notice(turn_);
  gate_.NoticeDaemons(turn_);
  Settle();
  if (booted_ && !left()) journal_.Keep(turn_);
  newsroom_.Publish(parts_.replica, connections_, turn_);
  AskToBeWoken();
  CheckPromises();
  return std::move(turn_.out.effects);
}

// --- events ----------------------------------------------------------------------------------------------------

void Core::On(const Booted& event) {
  Self& self = parts_.self;
  self.boot_id = event.boot_id;
  self.incarnation = event.incarnation;
  booted_ = true;
  parts_.fencer.Seed(event.seed);
  parts_.coordinator.jobs_per_node = std::max(4, 2 * event.cores);
  disk_.Load(event.store, parts_.replica, turn_);
  parts_.fencer.Configure(parts_.replica.cluster());
  parts_.BeHere();
  journal_.TakeOver(event, turn_);
  const Hard& hard = parts_.replica.hard();
  if (!event.configuration.empty() && event.configuration != hard.cib) {
    if (const std::string why = WhyUnusable(event.configuration, hard, self.node); !why.empty()) {
      turn_.out.Tell(SayLevel::kError, "configuration", {}, {}, event.source + " cannot be used: " + why);
      departure_.Leave(2, turn_);
      return;
    }
    views_.NeedNobody();
    changes_.Propose(ReplaceConfiguration{event.configuration, event.source}, std::nullopt, turn_);
  }
  if (!self.grouped) views_.BeAlone(true, turn_);
  turn_.out.Tell(SayLevel::kNotice, "daemon", self.node, {},
                 parts_.replica.configured() ? "picketd is here, with configuration " + std::to_string(hard.revision)
                                             : "picketd is here and has no configuration yet");
}

void Core::On(const TimerFired&) {
  parts_.executor.OnTimer(turn_.now, turn_.out);
  parts_.fencer.OnTimer(turn_.now, turn_.out);
  parts_.coordinator.OnTimer(turn_.now);
  attributes_.Flush(turn_);
  journal_.OnTimer(turn_);
  views_.OnTimer(turn_);
}

void Core::On(const ProcessSpawned& event) {
  turn_.spawned = event.run;
  ToOwner(event);
}

void Core::On(const GroupDelivered& event) {
  if (!membership_.Counts(event.sender)) return;
  const Mail::Piece piece = mail_.Unpack(event, turn_);
  if (membership_.HasProcess(event.sender.node)) silence_.NoticePiece(event.sender.node, piece.whole);
  if (piece.envelope) Receive(event.sender.node, *piece.envelope);
}

// --- messages --------------------------------------------------------------------------------------------------

void Core::Receive(NodeId from, const Envelope& envelope) {
  const Message& message = envelope.message;
  if (const auto* hello = std::get_if<Hello>(&message)) return views_.Take(from, *hello, turn_);
  if (const auto* transfer = std::get_if<Transfer>(&message)) return views_.Take(from, *transfer, turn_);
  if (const auto* pulse = std::get_if<Pulse>(&message)) return silence_.Take(from, *pulse, turn_);
  if (const auto* overdue = std::get_if<Overdue>(&message)) return views_.Take(from, *overdue, turn_);
  if (mail_.Admit(from, envelope)) std::visit([this](const auto& m) { Deliver(m); }, message);
}

void Core::Deliver(const Order& order) {
  if (parts_.self.Is(order.node)) parts_.executor.Take(order, turn_.now, turn_.out);
}

void Core::Deliver(const Begin& begin) {
  parts_.replica.Apply(begin);
  parts_.coordinator.Delivered(begin);
  if (parts_.self.Is(begin.node) && !pauses_.Hold(begin)) parts_.executor.Begun(begin, turn_.now, turn_.out);
}

void Core::Deliver(const Result& result) {
  parts_.replica.Apply(result);
  parts_.coordinator.Delivered(result, turn_.out);
}

void Core::Deliver(const AttributeSet& set) {
  if (!parts_.replica.Apply(set)) return;
  parts_.coordinator.Changed();
  turn_.out.Tell(SayLevel::kInfo, "attribute", set.node, {},
                 set.value ? set.name + " is " + (IsSecretName(set.name) ? std::string(kMask) : *set.value)
                           : set.name + " is no longer set");
}

void Core::Deliver(const FailuresCleared& cleared) {
  parts_.replica.Apply(cleared);
  if (!cleared.planned) PersonCleaned(cleared.resource);
}

void Core::Deliver(const ResourceForgotten& forgotten) {
  parts_.replica.Apply(forgotten);
  if (parts_.self.Is(forgotten.node)) parts_.executor.Forget(forgotten.resource, turn_.now, turn_.out);
  if (!forgotten.planned) PersonCleaned(forgotten.resource);
}

void Core::PersonCleaned(std::string_view resource) {
  parts_.replica.ForgetStopFencings(resource);
  parts_.coordinator.Changed();
}

void Core::Deliver(const FenceOrder& order) {
  parts_.coordinator.Delivered(order);
  if (parts_.self.Is(order.node) && !pauses_.Hold(order)) parts_.fencer.Take(order, turn_.now, turn_.out);
}

void Core::Deliver(const FenceDone& done) {
  const FenceVerdict verdict = parts_.replica.Apply(done);
  FenceDone counted = done;
  // It is proof of nothing that anybody waits for.
  if (verdict == FenceVerdict::kStale) counted.success = false;
  parts_.coordinator.Delivered(counted, turn_.now);
  TellFencing(done, verdict, turn_.out);
  changes_.Judge(turn_);
}

void Core::Deliver(const MayLeave& may_leave) {
  if (parts_.self.Is(may_leave.node)) departure_.Allow();
}

void Core::Deliver(const Goodbye& goodbye) {
  parts_.replica.Apply(goodbye);
  parts_.coordinator.ForgetNode(goodbye.node);
  if (parts_.self.Is(goodbye.node)) {
    departure_.Leave(0, turn_, true);
    return;
  }
  turn_.out.Tell(SayLevel::kNotice, "view", goodbye.node, {}, goodbye.node + " has left in good order");
  changes_.Judge(turn_);
}

void Core::Deliver(const DaemonGone& gone) {
  Peer peer = parts_.replica.PeerOf(gone.node);
  if (!peer.daemon_only) return;
  peer.daemon_only = false;
  peer.standing = Standing::kLost;
  parts_.replica.SetPeer(gone.node, peer);
  parts_.coordinator.ForgetNode(gone.node);
  turn_.out.Tell(SayLevel::kError, "view", gone.node, {}, "the picketd of " + gone.node + " has not come back");
}

void Core::Deliver(const ClockSet& set) {
  const int64_t by_s = clock_.Follow(set, turn_);
  parts_.replica.ShiftTimes(by_s);
  parts_.coordinator.Changed();
  turn_.out.Tell(SayLevel::kWarning, "clock", {}, {},
                 "the wall clock was set by " + std::to_string(by_s) + " s; recorded times move along");
}

void Core::Deliver(const Echo& echo) {
  if (echo.node != parts_.self.node) return;
  const Pauses::Held held = pauses_.Take(echo);
  for (const Begin& begin : held.begins) parts_.executor.Begun(begin, turn_.now, turn_.out);
  for (const FenceOrder& order : held.fences) parts_.fencer.Take(order, turn_.now, turn_.out);
}

// --- the end of a step -----------------------------------------------------------------------------------------

// What is to be said is said; alone it comes back at once and is delivered. Then the coordinator gives what has
// become ready, and again.
void Core::Settle() {
  while (!left()) {
    mail_.Dispatch(parts_.replica, turn_);
    if (const std::optional<Envelope> envelope = mail_.TakeOwn()) {
      Receive(membership_.self(), *envelope);
      continue;
    }
    if (!booted_) return;
    if (gate_.MayGiveOrders(turn_)) parts_.coordinator.Advance(parts_.replica, turn_.now, turn_.out);
    departure_.SayGoodbye(
        parts_.executor.quiet() && parts_.fencer.idle() && mail_.undelivered().empty() && turn_.out.messages.empty(),
        turn_);
    if (turn_.out.messages.empty()) return;
  }
}

void Core::AskToBeWoken() {
  if (left()) return;
  const int64_t next =
      std::min({parts_.executor.NextDeadline(), parts_.coordinator.NextDeadline(), parts_.fencer.NextDeadline(),
                membership_.NextDeadline(), attributes_.NextDeadline(), gate_.NextDeadline(turn_.now),
                silence_.NextDeadline(), journal_.NextDeadline(), pauses_.NextDeadline(turn_.now)});
  if (next != INT64_MAX) turn_.out.effects.push_back(WakeAt{next});
}

// What holds between two steps.
void Core::CheckPromises() const {
  PICKET_ASSERT(!active() || booted_, "a view begins after the start");
  PICKET_ASSERT(!active() || (membership_.known() && view_.verdict), "a view has a group and the verdict of its round");
  changes_.CheckPromises();
  pauses_.CheckPromises();
}

}  // namespace picket::runtime
