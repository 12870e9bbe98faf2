// How picketd leaves: at once, or after its services have been stopped; and that it has left.
//
// Who is asked to stop the services first sets the attribute `shutdown`, as Pacemaker's nodes do: the coordinator then
// plans that everything ends here, and says when nothing is left to run (MayLeave). Then the last words are sent
// (Goodbye), and when these are delivered the daemon ends, on every path through Leave(). Nothing happens in a core
// that has left.
#pragma once

#include <optional>

#include "runtime/daemon/connections.h"
#include "runtime/daemon/journal.h"
#include "runtime/daemon/newsroom.h"
#include "runtime/daemon/parts.h"
#include "runtime/daemon/turn.h"
#include "runtime/daemon/view.h"

namespace picket::runtime {

// The exit status of a picketd without which the others have gone on: it is to be started anew.
inline constexpr int kExitOverdue = 75;
// The exit status of a picketd that cannot use what the group has accepted: a defect of Picket.
inline constexpr int kExitDefect = 70;

class Departure {
 public:
  Departure(Parts& parts, const View& view, const Connections& connections, Newsroom& newsroom, Journal& journal)
      : parts_(parts), view_(view), connections_(connections), newsroom_(newsroom), journal_(journal) {}

  // The daemon ends with this exit status; the news of the turn are told first. `clean`: nothing runs here any more.
  void Leave(int status, Turn& turn, bool clean = false);
  // Somebody wants us to leave: a client that waits for it, or a signal. Without a view there is nobody to stop the
  // services for us, and they go on.
  void Ask(const AskedToLeave& event, Turn& turn, std::optional<ClientNumber> client = std::nullopt);
  // MayLeave was delivered: the plan has nothing left to run here.
  void Allow() { may_leave_ = true; }
  // Sends the last words, once in a view, if we may leave and nothing is under way here (`quiet`). Names what runs
  // on: in maintenance, or where a resource is not managed, services go on without us.
  void SayGoodbye(bool quiet, Turn& turn);
  void EndView() { said_goodbye_ = false; }

  bool left() const { return left_; }
  bool leaving() const { return leaving_; }

 private:
  void NameWhatRunsOn(Turn& turn) const;

  Parts& parts_;
  const View& view_;
  const Connections& connections_;
  Newsroom& newsroom_;
  Journal& journal_;
  std::optional<ClientNumber> client_;  // who waits for us to leave
  bool leaving_ = false;
  bool may_leave_ = false;
  bool said_goodbye_ = false;
  bool left_ = false;
};

}  // namespace picket::runtime
