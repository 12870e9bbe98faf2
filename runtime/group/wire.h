// How messages travel: an envelope as one or several pieces of bounded size, and back.
//
// Every piece is read as if an enemy had sent it: known kinds, bounded sizes, bounded memory for each sender. A piece
// is one line, `picket FORMAT MESSAGE PIECE COUNT`, and a stretch of the message's text; a format that is not ours is
// refused with its number. What a change of the group cut in two is dropped by all (Forget). Bytes that are no UTF-8
// are replaced when they are sent, so all members, the sender among them, read the same. Pure; cost: the message.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/group/message.h"
#include "runtime/ports/effects.h"

namespace picket::runtime {

// The formats that this program writes and reads.
inline constexpr int kWireLow = 1;
inline constexpr int kWireHigh = 2;  // 2: pulses, and members that are overdue
// Hellos are for ever written in this one: who shares no other format with us reads at least which ones we
// have.
inline constexpr int kWireHello = 1;
// The longest message: a configuration and the history of a large cluster.
inline constexpr size_t kMessageMax = size_t{256} << 20;

class Wire {
 public:
  // The newest format that we read: that of this program, or in tests of an earlier one.
  int high = kWireHigh;
  // What all members understand, as far as is known; hellos excepted.
  int speaks = kWireLow;

  // Pieces of at most kMulticastMax bytes, in the order in which they are to be sent; none if the message would be
  // longer than kMessageMax.
  std::vector<std::string> Pack(const Envelope& envelope);

  // A piece that was delivered. The envelope, once it is whole; nothing and no error while more is to come, or where
  // the beginning was not ours to hear; nothing and the reason if it is no piece or no message.
  std::optional<Envelope> Unpack(const GroupPeer& sender, std::string_view piece, std::string& error);

  // The group has changed: halves of messages never become whole.
  void Forget() { partial_.clear(); }

 private:
  struct Partial {
    uint64_t number = 0;
    uint32_t next = 0, count = 0;
    std::string bytes;
  };
  int FormatOf(const Message& message) const;

  uint64_t next_number_ = 1;
  std::map<GroupPeer, Partial> partial_;
};

// One message as text (JSON), and back; nothing and the reason if it is none.
std::string EncodeEnvelope(const Envelope& envelope);
std::optional<Envelope> DecodeEnvelope(std::string_view text, std::string& error);

}  // namespace picket::runtime
