// Plans by the canonical hash of the state they were made for (canonical.h): equal canonical states have equal plans,
// which a test checks by solving again.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "execution/plan/plan.h"
#include "simulator/world/hash.h"

namespace picket::simulator {

using execution::Plan;

// Shared by threads. Keeps at most so many steps and then begins anew.
class PlanCache {
 public:
  explicit PlanCache(size_t max_steps = 3'000'000) : max_steps_(max_steps / kShards) {}
  std::shared_ptr<const Plan> Find(const Hash& key);
  void Put(const Hash& key, std::shared_ptr<const Plan> plan);

  // Some plan left preferences out (solver/schedule.h): nothing that rests on these plans is proven.
  void NotePreferencesLeftOut() { leaves_preferences_out_ = true; }
  bool leaves_preferences_out() const { return leaves_preferences_out_; }

 private:
  static constexpr size_t kShards = 16;
  struct Shard {
    std::mutex mutex;
    std::unordered_map<Hash, std::shared_ptr<const Plan>, HashOfHash> plans;
    size_t steps = 0;
  };
  size_t max_steps_;
  std::atomic<bool> leaves_preferences_out_{false};
  std::array<Shard, kShards> shards_;
};

}  // namespace picket::simulator
