// The port to Corosync: membership and messages of the group `picket` out of libcpg, quorum out of libquorum, and what
// corosync.conf says out of libcmap.
//
// A thread of its own makes all the calls, for some of them wait as long as Corosync does not answer. With Corosync
// 3.1.7 stopped by a signal, cpg_model_initialize and cpg_local_get came back when it was continued, and cpg_finalize
// two seconds after it was killed. cpg_mcast_joined and cpg_dispatch never waited: five messages of 200 kB went into
// the buffer that is shared with Corosync, and from then on it said try again. It says so for some milliseconds at
// every change of the ring, too.
//
// What was seen of the order of events (three nodes, token 1000 ms):
// - Within a connection cpg's order is kept: group, ring and messages. A change shows as GroupChanged, then
//   RingChanged of the ring in which it came about, then the messages of that ring. GroupChanged is left out when no
//   process of the group came or went with the ring (a machine without picketd), RingChanged when a process alone did.
// - At joining the first is GroupChanged with ourselves in it, then RingChanged of the ring that is. When the ring
//   changes in the same moment, RingChanged comes first, once or twice (the second is dropped here).
// - A partition gives each side a ring of its own; the rings may have the same sequence, and differ in their
//   representative. Merging gives one GroupChanged with all, then one RingChanged.
// - A machine that was paused, or whose Corosync was: what was on the way is delivered to it as of the old ring; then
//   GroupChanged with itself alone and GroupChanged with all in the same millisecond, and RingChanged of the new ring
//   only: the ring in which it was alone is never shown. What it sent while it was away is delivered to all in the new
//   ring, after RingChanged.
// - QuorumChanged follows RingChanged of the same ring by 0.2 to 30 ms, where it was seen. At joining it comes before
//   GroupChanged. It comes at every change of the ring, also when quorum stays as it is.
// - Corosync ends, in good order or not: the calls fail (CS_ERR_LIBRARY), and connecting fails until it is back.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/ports/effects.h"
#include "runtime/ports/events.h"

namespace picket::runtime {

class Corosync {
 public:
  // `say` is called on the thread, with what people should know: that Corosync is waited for, and why.
  explicit Corosync(std::function<void(const std::string&)> say);
  // Leaves the group. Waits no longer than a second for a Corosync that does not answer.
  ~Corosync();

  // Readable when there is something to take.
  int fd() const;
  // What has happened. While nobody takes, no more is read than a bound of bytes, and Corosync keeps the rest.
  void Take(std::vector<Event>& events);
  // Sent when Corosync takes it, and lost with the connection that was there at the last Take. When more waits than
  // the longest message has, the connection is given up, with GroupLost.
  void Do(Multicast multicast);

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

// The name of this node. Waits until Corosync says what it is; `say` is called once if that takes longer.
std::string OwnNodeName(const std::function<void(const std::string&)>& say);

}  // namespace picket::runtime
