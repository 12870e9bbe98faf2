#include "runtime/daemon/mail.h"

#include <type_traits>
#include <utility>

namespace picket::runtime {
namespace {

template <typename T, typename... Ts>
constexpr bool kIsOneOf = (std::is_same_v<T, Ts> || ...);

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

void Mail::Dispatch(const Replica& replica, Turn& turn) {
  for (Message& message : std::exchange(turn.out.messages, {})) {
    // What agents say goes everywhere from here, and they may repeat what they were told.
    if (auto* result = std::get_if<Result>(&message)) {
      result->outcome.reason = replica.Masked(std::move(result->outcome.reason));
    } else if (auto* done = std::get_if<FenceDone>(&message)) {
      done->reason = replica.Masked(std::move(done->reason));
    }
    if (view_.active) Transmit({view_.term, message}, turn.out);
    if (IsReport(message)) undelivered_.push_back(std::move(message));
  }
}

void Mail::Transmit(const Envelope& envelope, Outbox& out) {
  if (membership_.loopback()) {
    own_.push_back(envelope);
    return;
  }
  for (std::string& piece : wire_.Pack(envelope)) out.effects.push_back(Multicast{std::move(piece)});
}

std::optional<Envelope> Mail::TakeOwn() {
  if (own_.empty()) return std::nullopt;
  Envelope envelope = std::move(own_.front());
  own_.pop_front();
  return envelope;
}

Mail::Piece Mail::Unpack(const GroupDelivered& event, Turn& turn) {
  std::string error;
  Piece piece;
  piece.envelope = wire_.Unpack(event.sender, event.bytes, error);
  piece.whole = piece.envelope || !error.empty();
  // A stranger in the group must not flood the news.
  if (!error.empty() && unreadable_.insert(event.sender.node).second) {
    turn.out.Tell(SayLevel::kError, "group", membership_.NameOf(event.sender.node), {},
                  "a message cannot be read: " + error);
  }
  return piece;
}

bool Mail::Admit(NodeId from, const Envelope& envelope) {
  if (!view_.active || envelope.term != view_.term) return false;
  if (from != view_.coordinator && IsCoordinators(envelope.message)) return false;
  if (from == membership_.self() && IsReport(envelope.message) && !undelivered_.empty()) undelivered_.pop_front();
  return true;
}

void Mail::BeginView(Outbox& out) {
  for (const Message& message : undelivered_) Transmit({view_.term, message}, out);
}

const AttributeSet* Mail::LastSent(const std::string& node, const std::string& name) const {
  for (auto message = undelivered_.rbegin(); message != undelivered_.rend(); ++message) {
    const auto* set = std::get_if<AttributeSet>(&*message);
    if (set && set->node == node && set->name == name) return set;
  }
  return nullptr;
}

}  // namespace picket::runtime
