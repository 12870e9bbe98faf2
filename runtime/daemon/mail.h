// The mail: messages on their way into the group and back, and which of those that come back count.
//
// A message counts once it is delivered, to its sender too. Reports (results, attributes, cleanups, what became of a
// fencing) are true whatever the group does, so they are kept until they are delivered and sent again in the next view;
// everything else dies with its term. Alone, what is sent comes back at once. What agents say is sent without secret
// values, and what cannot be read is told once for each sender and view. Cost: the message.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>

#include "runtime/daemon/membership.h"
#include "runtime/daemon/turn.h"
#include "runtime/daemon/view.h"
#include "runtime/group/wire.h"
#include "runtime/store/replica.h"

namespace picket::runtime {

class Mail {
 public:
  Mail(const Membership& membership, const View& view) : membership_(membership), view_(view) {}

  // The newest format that we read, and the one that all members understand (wire.h).
  int newest_format() const { return wire_.high; }
  void ReadUpTo(int format) { wire_.high = format; }
  void Speak(int format) { wire_.speaks = format; }

  // Sends the turn's messages, if there is a view; reports are kept in any case.
  void Dispatch(const Replica& replica, Turn& turn);
  // Sends one message as it is. It is not kept.
  void Transmit(const Envelope& envelope, Outbox& out);
  // Alone: the next message that comes back.
  std::optional<Envelope> TakeOwn();

  // A piece was delivered.
  struct Piece {
    std::optional<Envelope> envelope;  // of a message that is whole now and can be read
    bool whole = false;                // a message ended here, readable or not
  };
  Piece Unpack(const GroupDelivered& event, Turn& turn);
  // Whether the message counts: it is of this view's term, and what only the coordinator may say is said by the
  // coordinator. A report of ours that counts is no longer kept.
  bool Admit(NodeId from, const Envelope& envelope);

  // The group has changed: halves of messages never become whole.
  void ForgetPieces() { wire_.Forget(); }
  void EndView() { unreadable_.clear(); }
  // Reports that were not delivered are sent again.
  void BeginView(Outbox& out);

  // Reports of ours that are not delivered, the oldest first.
  const std::deque<Message>& undelivered() const { return undelivered_; }
  // The last value that was sent and has not come back; nullptr if there is none.
  const AttributeSet* LastSent(const std::string& node, const std::string& name) const;
  size_t queued() const { return undelivered_.size() + own_.size(); }

 private:
  const Membership& membership_;
  const View& view_;
  Wire wire_;
  std::set<NodeId> unreadable_;  // whose messages could not be read, in this view
  std::deque<Envelope> own_;     // alone: to be delivered
  std::deque<Message> undelivered_;
};

}  // namespace picket::runtime
