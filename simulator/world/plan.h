// A transition as the world carries it out: what each step is, what it waits for, in the world's own words.
//
// Immutable once made and independent of the Run it came from, so that copies of a world and several threads share
// it. A PlanCache remembers the plan of a state by the state's canonical hash (canonical.h): equal canonical states
// have equal plans, which a test checks by solving again. Cost of a plan: one description for each step.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "simulator/inject/history_entry.h"
#include "simulator/world/hash.h"
#include "solver/graph/transition.h"
#include "solver/model/run.h"

namespace picket::simulator {

enum class StepKind : uint8_t {
  kPseudo,
  kOperation,      // of a resource, recorded in the history
  kNotify,         // of a resource, with no lasting effect: notify, meta-data
  kCancel,         // of a recurring operation
  kFencing,
  kShutdown,       // the node leaves in good order
  kClearFailures,
  kForget,         // the history of a resource on a node
  kOther,          // done by the cluster itself, without an effect here
};

struct PlanStep {
  StepKind kind = StepKind::kOther;
  std::string operation;  // `start`, `monitor`, `stonith`, …
  std::string node;
  std::string primitive;  // configured id
  std::string instance;   // the element's id: `x:1` for unique instances, else as configured
  HistoryTarget target;
  uint32_t interval_ms = 0;
  int expected_rc = 0;
  int64_t timeout_ms = 20000;
  std::string digest;
  std::string migrate_source, migrate_target;
  std::string detail;  // what is cancelled; how a node is fenced
  uint32_t open_inputs = 0;
  std::vector<uint32_t> followers;
};

struct Plan {
  std::vector<PlanStep> steps;
  std::vector<uint32_t> first;               // steps that wait for nothing
  std::optional<int64_t> recheck_in_s;       // after which time alone changes the answer
  friend bool operator==(const Plan& a, const Plan& b);
};

// `run` is what Schedule() has just filled.
std::shared_ptr<const Plan> MakePlan(solver::Run& run, const solver::Transition& transition);

// Shared by threads. Keeps at most so many steps and then begins anew.
class PlanCache {
 public:
  explicit PlanCache(size_t max_steps = 3'000'000) : max_steps_(max_steps / kShards) {}
  std::shared_ptr<const Plan> Find(const Hash& key);
  void Put(const Hash& key, std::shared_ptr<const Plan> plan);

 private:
  static constexpr size_t kShards = 16;
  struct Shard {
    std::mutex mutex;
    std::unordered_map<Hash, std::shared_ptr<const Plan>, HashOfHash> plans;
    size_t steps = 0;
  };
  size_t max_steps_;
  std::array<Shard, kShards> shards_;
};

}  // namespace picket::simulator
