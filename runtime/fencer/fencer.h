// The fencer: carries out on this node what is to be done to another one.
//
// Devices and levels come from the configuration (primitives of class `stonith`, `fencing-topology`). For a target
// it finds the devices that can reach it (pcmk_host_map, pcmk_host_list, pcmk_host_check), tries them level by
// level, waits out delays, tries again as often as a device allows, and makes a reboot of an off and an on where
// there are several devices or one that knows no reboot. A success is that of a whole level.
//
// Part of the core: it sees events, leaves effects and messages (FenceDone), and touches nothing else. At most one
// order for a target is under way here. Whom to fence, and who does it, is the coordinator's business.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "runtime/executor/invocation.h"
#include "runtime/group/outbox.h"
#include "runtime/ports/moment.h"
#include "solver/model/cluster.h"

namespace picket::runtime {

class Fencer {
 public:
  explicit Fencer(Settings settings);
  ~Fencer();

  // A configuration is in force; what is under way goes on as it began.
  void Configure(std::shared_ptr<const solver::Cluster> cluster);
  // Our own name turned out to be another one.
  void Rename(const std::string& node);
  // Random delays (pcmk_delay_max) come from here, so that a history can be played again.
  void Seed(uint64_t seed);

  // An order for this node was delivered. FenceDone follows, whatever happens.
  void Take(const FenceOrder& order, const Moment& now, Outbox& out);
  // Whether the process is one of ours; the numbers are drawn from `next_run`, which the executor owns.
  bool Owns(RunNumber run) const;
  void On(const ProcessSpawned& event, const Moment& now, Outbox& out);
  void On(const SpawnFailed& event, const Moment& now, Outbox& out);
  void On(const ProcessEnded& event, const Moment& now, Outbox& out);
  void OnTimer(const Moment& now, Outbox& out);
  // When OnTimer() is wanted; INT64_MAX if never.
  int64_t NextDeadline() const;

  // Orders that were taken and have not ended.
  std::vector<FenceOrder> InFlight() const;

  // Where run numbers come from; set by the core before the first order.
  RunNumber* next_run = nullptr;

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

}  // namespace picket::runtime
