// Changes of the hard state: from somebody's wish to an accepted command.
//
// A wish is sent to the group and comes back to all with its place in the order. The members put the first command on
// their disks, one at a time, and say so; it is accepted, and in force, when nodes with more than half of all votes
// have it (in a group that is quorate with fewer: when everybody here has it and who is missing is known to be off).
// Nothing is written without quorum. A view with quorum begins with promises and a record of its members.
//
// That a member never again speaks in an older term has to be on its disk before the view records itself: else a later
// view could take the same number, and two histories would look alike. Cost of a message: the members, and for the
// first command a copy of the hard state.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "runtime/daemon/connections.h"
#include "runtime/daemon/departure.h"
#include "runtime/daemon/hard_disk.h"
#include "runtime/daemon/membership.h"
#include "runtime/daemon/parts.h"
#include "runtime/daemon/turn.h"
#include "runtime/daemon/view.h"

namespace picket::runtime {

class Changes {
 public:
  Changes(Parts& parts, const Membership& membership, const View& view, const Connections& connections, HardDisk& disk,
          Departure& departure)
      : parts_(parts),
        membership_(membership),
        view_(view),
        connections_(connections),
        disk_(disk),
        departure_(departure) {}

  // Somebody here wants a change; `only_at`: only while the configuration has that number. The client is answered when
  // the change is in force or refused.
  void Propose(Command command, std::optional<ClientNumber> client, Turn& turn,
               std::optional<uint64_t> only_at = std::nullopt);

  // The messages about changes, and what the disk says.
  void Take(const Proposed& proposed, Turn& turn);
  void Take(const Stored& stored, Turn& turn);
  void Take(const Promised& promised, Turn& turn);
  void On(const StoreWritten& event, Turn& turn);

  // A view is open: wishes that waited for one are sent.
  void BeginView(Turn& turn);
  // The view has ended. What was on enough disks is in force in the next one, what was on none is not.
  void EndView(Turn& turn);
  // There is quorum in the view that goes on.
  void GainQuorum(Turn& turn);
  // Something that decides has changed: who has what on disk, who is known to be off.
  void Judge(Turn& turn);

  // A hard state is in force from now on. False if it cannot be used: then this member leaves, since it would go on
  // with another state than the other members.
  bool Install(Hard hard, Turn& turn);

  // Changes that wait for a view, and that wait for disks.
  size_t queued() const { return commands_.size() + waiting_.size(); }
  // PICKET_ASSERT: numbered changes belong to a view, only the first is written, and under the last number.
  void CheckPromises() const;

 private:
  // On its way into the group.
  struct Wish {
    Command command;
    std::optional<uint64_t> only_at;
    std::optional<ClientNumber> client;
  };
  // Has its place in the order: the first one is being put on the members' disks.
  struct Numbered {
    Proposed proposed;
    Hard result;                    // once it is the first
    bool begun = false;             // it is being written here
    std::set<std::string> stored;   // who has it on disk
    std::set<std::string> refused;  // who will not
    std::string why;                // the first refusal
  };

  void SendWishes(Turn& turn);
  void BeginFirst(Turn& turn);
  bool NumberFirst();
  void AcceptFirst(Turn& turn);
  void RejectFirst(Turn& turn);
  // Who here asked for it; nothing if somebody else did.
  std::optional<std::optional<ClientNumber>> TakeAsker(const Proposed& proposed);
  bool Suffices(const std::set<std::string>& nodes) const;
  void RecordMembersOnce(Turn& turn);
  void WritePromise(Turn& turn);

  Parts& parts_;
  const Membership& membership_;
  const View& view_;
  const Connections& connections_;
  HardDisk& disk_;
  Departure& departure_;

  std::deque<Wish> waiting_;  // for a view
  std::deque<Numbered> commands_;
  uint64_t last_number_ = 0;                               // of a command in this view, accepted or not
  std::map<uint64_t, std::optional<ClientNumber>> asked_;  // our own commands in the group, and who wants them
  uint64_t next_command_ = 1;
  std::set<std::string> promised_;  // who has, in this term
  bool recorded_ = false;           // the members of this view are being recorded
};

}  // namespace picket::runtime
