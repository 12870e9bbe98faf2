// How long each service is away after each fault, part by part.
//
// The faults are played in the world: what is told here is what `picket test` and `picket sweep` see, by construction.
// Each history is played twice: with the durations that the world assumes, and with every operation and every fence
// device running just as long as its timeout lets it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/scenario/scenario.h"
#include "simulator/world/world.h"

namespace picket::simulator {

// What the time goes into, each part from the end of the one before. `kAgain`: the service served, and was away again
// later, as when a node comes back.
enum class ChainPart : uint8_t { kNotice, kStop, kFence, kStart, kAgain };
std::string_view NameOf(ChainPart part);

struct ChainTime {
  ChainPart part = ChainPart::kNotice;
  int64_t ms = 0;
};

// One history, the worst of what a live cluster leaves open.
struct ChainHistory {
  std::vector<ChainTime> parts;     // in the order in which they followed; empty if it does not come back
  std::optional<int64_t> away_ms;   // nothing: it does not come back
  std::vector<std::string> fenced;  // `n1 by ipmi-n1`
};

enum class ChainFault : uint8_t { kNodeDies, kResourceFails, kStopHangs, kDeviceHangs };

struct Chain {
  std::string service;  // a resource at the top level that is no fence device
  std::string node;     // where it runs, or is promoted, before the fault
  ChainFault fault = ChainFault::kNodeDies;
  std::string subject;                            // the node, the primitive, the device
  std::vector<compiler::scenario::Fault> faults;  // as they strike, together
  ChainHistory assumed;
  ChainHistory longest;  // every operation and device needs its timeout; of any member of the service
};

struct ChainsResult {
  std::vector<Chain> chains;      // in the order of the configuration; a service that serves on has none
  std::vector<std::string> idle;  // services that do not run when the cluster has started
  bool rests = true;              // else the cluster does not even start
};

// `settings` says how the world is; its durations are those that are assumed. Needs a thread with a large stack.
ChainsResult ChainsOf(std::shared_ptr<const Catalog> catalog, const solver::State& state, const WorldSettings& settings,
                      bool resume);

}  // namespace picket::simulator
