// What of a policy ever mattered: which constraints, thresholds and fencing levels were decisive in some history, and
// which never.
//
// A location, colocation or ticket is decisive where the solver recorded it as a reason that stands; a threshold where
// failures ruled a node out; an order where both of its resources act in one transition; a fencing level where its
// devices fenced. Fed from the worlds of all threads through the hooks; costs a recorder for each solve, and nothing
// where nobody asks.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "simulator/world/settings.h"
#include "solver/model/cluster.h"

namespace picket::simulator {

struct CoveredItem {
  std::string kind;      // `location`, `colocation`, `order`, `ticket`, `threshold`, `fencing level`
  std::string id;        // of the element; of a threshold the resource
  int64_t decisive = 0;  // in so many decisions
};

class Coverage {
 public:
  explicit Coverage(const solver::Cluster& cluster);

  std::shared_ptr<const WorldHooks> Hooks();
  std::vector<CoveredItem> Items() const;  // in the order of the configuration

 private:
  struct Ends {
    std::set<std::string> first;
    std::set<std::string> then;
  };
  void AddResource(const solver::ResourceDef& def, bool inherits);
  void Solved(const solver::Run& run, const solver::Recorder& recorder, const Plan& plan);
  void Fenced(const std::string& devices);

  const solver::Cluster& cluster_;
  mutable std::mutex mutex_;
  std::vector<CoveredItem> items_;
  std::map<std::string, size_t> by_id_;
  std::map<std::string, size_t> threshold_of_;           // resource -> item
  std::map<std::string, std::vector<size_t>> level_of_;  // `a,b` -> items
  std::map<size_t, Ends> orders_;
};

}  // namespace picket::simulator
