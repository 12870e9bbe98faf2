// How the simulated world is built: links, votes, and how long things take.
//
// Durations are guesses unless the policy states them, so each has a source that reports can print. All in
// milliseconds.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "compiler/scenario/scenario.h"

namespace picket::solver {
struct Run;
class Recorder;
}  // namespace picket::solver

namespace picket::execution {
struct Plan;
}  // namespace picket::execution

namespace picket::simulator {

using execution::Plan;

struct Durations {
  int64_t start_ms = 2000;
  int64_t stop_ms = 1000;
  int64_t promote_ms = 1000;
  int64_t demote_ms = 1000;
  int64_t migrate_ms = 5000;
  int64_t monitor_ms = 100;
  int64_t notify_ms = 100;
  int64_t other_ms = 100;
  int64_t fence_ms = 3000;         // beside the device's own delay
  int64_t sbd_message_ms = 10000;  // SBD's msgwait: twice its watchdog
  int64_t boot_ms = 60000;         // of a node that was reset, until it joins again
  int64_t detection_ms = 6600;     // from the loss of a node to the others' notice: token and consensus
  int64_t meet_ms = 1500;          // from the healing of a cut until both sides see each other
  int64_t decide_ms = 100;         // from news to the first action of the reaction
  int64_t elect_ms = 1400;         // the same where the coordinator is lost and another one is elected
  int64_t join_ms = 1500;          // from a node's appearance in the ring to its first probe
  int64_t halt_ms = 500;           // from a node's leave to the end of its power
  int64_t cleanup_ms = 1200;       // from a clean-up to the first probe
  int64_t respawn_ms = 700;        // from the crash of a controller until it is back
  bool longest = false;            // what works takes as long as its timeout lets it, unless the policy says how long
  std::string source = "default";  // of the operations' durations
  std::string detection_source = "Corosync's default token";
};

// Corosync's rules of quorum beside `two_node` and `wait_for_all` (spec 09 §3).
struct QuorumRules {
  enum class Device : uint8_t { kNone, kFiftyFifty, kLastManStanding };
  bool last_man_standing = false;
  int64_t last_man_standing_window_ms = 10000;
  bool auto_tie_breaker = false;
  bool tie_breaker_highest = false;
  Device device = Device::kNone;

  bool HasDevice() const { return device != Device::kNone; }
  // The votes that a quorum device adds to those of so many nodes.
  int DeviceVotes(size_t nodes) const {
    return device == Device::kLastManStanding ? static_cast<int>(nodes) - 1 : device == Device::kFiftyFifty ? 1 : 0;
  }
};

class PlanCache;

// Who wants to know how the worlds decide: called from whichever thread plays. A recorder listens for reasons
// then.
struct WorldHooks {
  std::function<void(const solver::Run&, const solver::Recorder&, const Plan&)> solved;
  std::function<void(const std::string& devices)> fenced;
};

struct WorldSettings {
  std::vector<compiler::scenario::Assumption> assumptions;  // where the author knows better
  bool picket_engine = false;                               // picketd carries the policy out, not Pacemaker
  std::map<std::string, int> votes;                         // node -> votes; a node that is missing has 1
  std::vector<std::string> links;                           // names; empty: one unnamed link
  bool two_node = false;
  bool wait_for_all = false;
  QuorumRules quorum;
  Durations durations;
  int64_t start_epoch_s = 1767614400;  // 2026-01-05 12:00 UTC, a Monday: rules with dates see a fixed day
  int max_transitions = 200;           // between two rests; more is reported as a cluster that does not settle
  bool keep_story = true;              // a search keeps none: it plays what it wants to tell again
  std::shared_ptr<PlanCache> plans;    // shared with other worlds of the same cluster; null: solve each time
  std::shared_ptr<const WorldHooks> hooks;
  bool verify_plans = false;  // solve even so and compare: for tests of the canonical form
};

}  // namespace picket::simulator
