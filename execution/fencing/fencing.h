// Fencing: what a configuration says of fence devices, where they may be used, and in which levels.
//
// Read once from a Cluster. A device is used from each node on which it is registered, whether or not it is started
// there or anywhere. Registration follows the configuration alone: no status is looked at, no ticket is granted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "execution/fencing/agent_facts.h"
#include "solver/model/cluster.h"
#include "solver/model/score.h"
#include "solver/model/state.h"
#include "solver/model/table.h"

namespace picket::execution {

// Whether a node knows a device, and if not, why.
enum class Registration : uint8_t {
  kRegistered,
  kDisabled,        // target-role
  kUnusedWatchdog,  // named `watchdog` where no watchdog fences
  kTicket,          // tickets are never seen as granted
  kExclusive,       // resource-discovery=exclusive is for other nodes
  kNotNamed,        // the cluster is opt-in, and no location names the node
  kBanned,          // any negative score
  kGroupBanned,     // the same of the group that the device is in
  kUnknownNode,     // not in the `nodes` section, or no node that fences
};
// `it is disabled`, …: what follows "because".
std::string_view ReasonOf(Registration registration);

struct DeviceOnNode {
  Registration registration = Registration::kUnknownNode;
  solver::Score score;
  solver::Table parameters;  // as rules make them for this node
};

struct FenceDevice {
  std::string id;
  std::string registered_as;  // the id, but `ID:0` in a clone: levels do not know it under that name
  std::string agent;          // the file's name: `fence_ipmilan`
  AgentFacts facts;           // what its metadata says
  int64_t priority = 0;
  bool unfences = false;         // `provides=unfencing`
  bool top_level = true;         // not in a group or clone
  std::vector<DeviceOnNode> on;  // in the order of Fencing::nodes
};

// The levels of one target, pattern or attribute.
struct TopologyLevel {
  std::string id;  // of the element
  int32_t index = 0;
  std::vector<std::string> devices;
};
struct TopologyEntry {
  enum class Kind : uint8_t { kTarget, kPattern, kAttribute };
  Kind kind = Kind::kTarget;
  std::string key;  // the target, the pattern, or `attribute=value`
  std::string attribute;
  std::string value;
  std::vector<TopologyLevel> levels;  // by index, which is unique
  // Levels that a later element with the same key and index replaced: (replaced, by).
  std::vector<std::pair<std::string, std::string>> replaced;
};

struct Fencing {
  std::vector<std::string> nodes;       // the cluster's own, as configured
  std::vector<FenceDevice> devices;     // by priority as resources, then as in the configuration
  std::vector<TopologyEntry> topology;  // as in the configuration
  // Permanent attributes of every configured node, for levels by attribute: rules are not looked at.
  std::vector<std::pair<std::string, solver::Table>> attributes;
  bool enabled = true;         // fencing-enabled
  int64_t timeout_ms = 60000;  // fencing-timeout, in whole seconds
  int64_t watchdog_ms = 0;     // fencing-watchdog-timeout; 0: no watchdog fences

  const FenceDevice* Find(std::string_view id) const;
  // Nothing is known of nodes that are not the cluster's own.
  const DeviceOnNode* On(const FenceDevice& device, std::string_view node) const;
  bool IsRegistered(const FenceDevice& device, std::string_view node) const;
};

Fencing ReadFencing(const solver::Cluster& cluster, const solver::Instant& now);
std::vector<TopologyEntry> ReadTopology(const solver::Cluster& cluster);

// The levels that Pacemaker's fencers know after somebody has edited `before` into `after`, if they knew `known`. Where
// a level was created or deleted they read all anew. A level that was changed is put where it belongs now, and stays
// where it belonged before as well (spec 08 §8.1).
std::vector<TopologyEntry> EditedTopology(std::vector<TopologyEntry> known, const solver::Cluster& before,
                                          const solver::Cluster& after);

// The entries that may be the target's: that of its own name alone if there is one, else all that match it. A cluster
// uses one of them, never two; which one of several is nowhere determined.
std::vector<const TopologyEntry*> EntriesFor(const Fencing& fencing, std::string_view target);

// Whether a POSIX extended regular expression matches somewhere in the text; one that is invalid never does.
bool MatchesPattern(const std::string& pattern, const std::string& text);

}  // namespace picket::execution
