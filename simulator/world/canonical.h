// The canonical form of a state, as a hash: what can still make a difference, without numbers that only grow.
//
// Call ids count by their order within one history; entries by what decides (operation, result, digest); fail counts
// as far as some threshold can tell them apart. Times count as ages, and only where something looks at them: failure
// timeouts, shutdown locks, migrations, rules with dates. Whoever adds a rule to the solver that reads more of a
// State adds it here; tests/agreement solves again at every meeting of equal hashes and compares.
//
// Cost: the entries of those of a node's histories that have changed, sorted.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "simulator/world/hash.h"
#include "solver/model/cluster.h"
#include "solver/model/state.h"

namespace picket::simulator {

// Hashes of a node's histories without their ages, each with the history that it is of: what is held does not change
// (solver/model/shared_list.h).
using HistoryHashes = std::vector<std::pair<std::shared_ptr<const solver::ResourceHistory>, Hash>>;

// What the configuration makes of times and counts. Made once.
class CanonicalForm {
 public:
  explicit CanonicalForm(const solver::Cluster& cluster);

  // One node's state. `now_s` matters only if ages do and `with_ages` is set. `known` is what is known of the node's
  // histories, perhaps of an earlier state of the node, and is brought up to date.
  Hash OfNode(const solver::NodeState& node, int64_t now_s, bool with_ages,
              std::shared_ptr<const HistoryHashes>& known) const;
  // Quorum, tickets and, where a rule reads the clock, the time.
  void AddShared(Hasher& hasher, const solver::State& state, int64_t now_s, bool with_ages) const;
  // Whether the age of a failure or of a stop, or the date, can matter.
  bool ages_matter() const { return ages_ || dates_; }
  // Whether hashes of unchanged nodes change with time.
  bool changes_with_time() const { return ages_matter() || !migrating_.empty(); }
  bool dates_matter() const { return dates_; }

 private:
  void AddAges(Hasher& hasher, const solver::ResourceHistory& history, int64_t now_s) const;

  bool ages_ = false;                             // failure timeouts, shutdown locks: ages of failures and stops
  bool dates_ = false;                            // a rule reads the clock
  bool exact_counts_ = false;                     // a rule reads fail counts
  int64_t highest_threshold_ = 0;                 // the highest finite migration-threshold anywhere; 0: none
  std::set<std::string, std::less<>> migrating_;  // primitives that may migrate: the ages of their entries order them
};

}  // namespace picket::simulator
