// One part of the cluster: the nodes whose cluster software sees one another, the CIB that they share, their
// coordinator, and the transition that the coordinator carries out.
//
// A whole cluster has one Side. A cut that lasts makes two of it, with a CIB each; when the cut heals they
// become one again (spec 09 §2.4, §13.8). A value: a World holds its sides and is copied with them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "simulator/world/canonical.h"
#include "simulator/world/catalog.h"
#include "simulator/world/flight.h"
#include "simulator/world/hash.h"
#include "solver/model/state.h"

namespace picket::simulator {

// The configuration that a part of the cluster goes by, or that a node which is in none has on its disk. Where parts
// and nodes meet, that of the highest epoch wins (spec 09 §5.3).
struct Configuration {
  int64_t epoch = 0;  // of the CIB: each edit raises it
  // Somebody edited the configuration elsewhere: what it still is here, and how that differs from what was written.
  // Null: it is the newest.
  std::shared_ptr<const Catalog> behind;
  std::set<std::string> deviations_behind;
};

struct ClusterSide {
  int id = 0;
  solver::State state;
  // What is known of the hash of each node state: the whole, while the node state is unchanged and time does not
  // matter; its histories.
  struct NodeHash {
    std::optional<Hash> whole;
    std::shared_ptr<const HistoryHashes> histories;
  };
  mutable std::vector<NodeHash> node_hashes;

  Configuration configuration;

  std::string coordinator;        // empty: nobody leads, so nothing is decided
  std::set<std::string> joining;  // members of the ring that have not been taken into the cluster yet
  bool refreshes_all = false;     // the next join is after an election: every member's history is replaced
  bool quorate = false;
  int expected_votes = 0;        // falls only with last_man_standing
  bool has_device_vote = false;  // the quorum device votes for this side

  bool wants_run = true;         // something happened that the coordinator has to think about
  int64_t run_at_ms = 0;         // not before this moment
  bool gives_up = false;         // fencing failed for good: no run before the next event
  bool tries_again = false;      // picketd gives nothing up: it is at rest only because nobody looks
  std::optional<Flight> flight;  // the transition under way
  Hash flight_key;
  std::optional<int64_t> recheck_by_ms;  // as the last plan says: when time alone changes the answer
  int64_t idle_since_ms = 0;             // the last transition ended then, and none followed
  std::vector<Operation> orphans;        // operations that an earlier coordinator ordered and that still run

  std::map<std::string, int> failed_fencings;  // per target, since its last success
};

}  // namespace picket::simulator
