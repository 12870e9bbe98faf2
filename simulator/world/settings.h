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

namespace picket::simulator {

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
  int64_t boot_ms = 60000;         // of a node that was reset, until it joins again
  int64_t detection_ms = 3000;     // from the loss of a node to the others' notice: the totem token
  std::string source = "default";  // of the operations' durations
  std::string detection_source = "Corosync's default token";
};

class PlanCache;
struct Plan;

// Who wants to know how the worlds decide: called from whichever thread plays. A recorder listens for reasons then.
struct WorldHooks {
  std::function<void(const solver::Run&, const solver::Recorder&, const Plan&)> solved;
  std::function<void(const std::string& devices)> fenced;
};

struct WorldSettings {
  std::vector<compiler::scenario::Assumption> assumptions;  // where the author knows better
  bool picket_engine = false;        // picketd carries the policy out, not Pacemaker
  std::map<std::string, int> votes;  // node -> votes; a node that is missing has 1
  std::vector<std::string> links;    // names; empty: one unnamed link
  bool two_node = false;
  bool wait_for_all = false;
  Durations durations;
  int64_t start_epoch_s = 1767614400;  // 2026-01-05 12:00 UTC, a Monday: rules with dates see a fixed day
  int max_transitions = 200;    // between two rests; more is reported as a cluster that does not settle
  int max_fence_attempts = 10;  // per target, as the option stonith-max-attempts has it
  bool keep_story = true;       // a search keeps none: it plays what it wants to tell again
  std::shared_ptr<PlanCache> plans;  // shared with other worlds of the same cluster; null: solve each time
  std::shared_ptr<const WorldHooks> hooks;
  bool verify_plans = false;         // solve even so and compare: for tests of the canonical form
};

}  // namespace picket::simulator
