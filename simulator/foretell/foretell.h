// What a changed configuration does to a live cluster, foretold: from the state that it is in now until it
// rests.
//
// The world (simulator/world) goes on from the live state under the new configuration. Operations take as
// long as the history says that they took; where it says nothing, as long as the world guesses. What is told
// are services: which are away, for how long, and which end nowhere; and the actions one by one, to be
// compared with what the cluster did.
//
// Not `simulator/sweep/replacement`, which compares two clusters at rest for `picket diff`: here nothing is
// at rest but what the live cluster says.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "simulator/world/settings.h"
#include "solver/model/cluster.h"
#include "solver/model/run.h"
#include "solver/model/state.h"

namespace picket::simulator {

// What happens to a service or a node, worst first.
enum class Fate : uint8_t {
  kFenced,   // a node
  kNowhere,  // it should run, and ends nowhere
  kStopped,  // it runs no longer where it ran, and that is meant
  kRestarted,
  kMoved,
  kDemoted,
  kMigrated,  // it moves and serves on
  kReloaded,
  kPromoted,
  kStarted,
};

struct Impact {
  Fate fate = Fate::kStarted;
  std::string subject;             // a primitive; of kFenced a node
  std::vector<std::string> nodes;  // where; of kMoved and kMigrated to where
  std::vector<std::string> from;   // of kMoved and kMigrated
  int64_t outage_ms = 0;           // how long nothing of it serves; while something of it serves on, 0
  bool for_good = false;           // the outage does not end
  std::string source;              // where the duration comes from; empty without an outage that ends
  // The same of what is promoted, if something of it was promoted before: how long nothing of it is.
  int64_t promoted_outage_ms = 0;
  bool promoted_for_good = false;
};

// An operation of an agent. Probes are monitors without an interval.
struct ForetoldAction {
  std::string operation;
  std::string instance;  // as the history calls it
  std::string node;
  uint32_t interval_ms = 0;
  friend auto operator<=>(const ForetoldAction&, const ForetoldAction&) = default;
};
std::string ActionText(const ForetoldAction& action);  // `web_start_0 on n1`

struct Foresight {
  std::vector<Impact> impacts;          // worst first, then in the order of the configuration
  std::vector<ForetoldAction> actions;  // in the order of their beginning
  std::vector<std::string> orphans;     // run, and are in the configuration no longer
  size_t probes = 0;
  bool rests = true;                         // else the cluster does not come to rest
  bool busy_anyway = false;                  // there was something to do without the change
  std::shared_ptr<const solver::State> end;  // where it rests
};

// `settings` says who votes and how the engine is; the durations of the live history are put into them. Needs
// a thread with a large stack (solver/schedule.h); `run` is scratch.
Foresight Foretell(const solver::Cluster& before, const solver::Cluster& after, const solver::State& live,
                   WorldSettings settings, solver::Run& run);

// What faults and deeds, in the words of `test`, do to a live cluster: it comes to rest first, then each of them
// strikes at rest. One foresight for each; `busy_anyway` and `orphans` are the first one's. Otherwise as Foretell.
std::vector<Foresight> ForetellFaults(const solver::Cluster& cluster, const solver::State& live,
                                      const std::vector<compiler::scenario::Fault>& faults, WorldSettings settings,
                                      solver::Run& run);

std::string FateText(Fate fate);  // `restarts`

// The operations of agents in the first transition that the solver makes of a state: what was asked for, if
// that is a scheduler input that a cluster saved.
std::vector<ForetoldAction> ActionsOrdered(const solver::Cluster& cluster, const solver::State& state,
                                           solver::Run& run);

}  // namespace picket::simulator
