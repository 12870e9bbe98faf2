// The gate: whether the coordinator may give orders in this view, and what it waits for.
//
// Too early an order stops or fences what is about to be here: at a cold start nodes that are still booting, after a
// cut nodes that find one another one after the other, after a restart of Corosync everybody else, and at any time a
// machine whose picketd is away for a moment. Each of these is waited for, for a while. Cost: the machines of the ring.
#pragma once

#include <cstdint>
#include <map>

#include "runtime/daemon/membership.h"
#include "runtime/daemon/parts.h"
#include "runtime/daemon/turn.h"
#include "runtime/daemon/view.h"

namespace picket::runtime {

class Gate {
 public:
  Gate(Parts& parts, const Membership& membership, const View& view)
      : parts_(parts), membership_(membership), view_(view) {}

  // Corosync has just come: that there is no quorum means nothing for a while.
  void Open(const Turn& turn) { patient_until_ms_ = turn.now.boot_ms + kAloneAfterMs; }
  void BeginView(const Transfer& transfer, const Turn& turn);
  // Orders are given in this view, somebody says.
  void Start() { started_ = true; }

  // Machines in the ring without their picketd: the coordinator says of those that do not come back that they are gone.
  void NoticeDaemons(Turn& turn);
  // Whether orders may be given now; the first time in a cluster's life that is told to all.
  bool MayGiveOrders(Turn& turn);
  // When that may be answered otherwise because of the time; INT64_MAX if never.
  int64_t NextDeadline(const Moment& now) const;

  // Orders have been given in a view that we were in.
  bool started() const { return started_; }

 private:
  // A machine in the ring without its picketd.
  struct Absence {
    int64_t since_ms = 0;
    bool told = false;
  };

  bool SomebodyUnknown() const;

  Parts& parts_;
  const Membership& membership_;
  const View& view_;
  std::map<NodeId, Absence> daemonless_;
  int64_t patient_until_ms_ = 0;
  int64_t gathering_until_ms_ = 0;  // nobody had quorum before: who is missing may be about to come
  int64_t start_at_ms_ = 0;         // a cold start waits for the others until then
  bool started_ = false;
};

}  // namespace picket::runtime
