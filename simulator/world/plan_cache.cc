#include "simulator/world/plan_cache.h"

namespace picket::simulator {

std::shared_ptr<const Plan> PlanCache::Find(const Hash& key) {
  Shard& shard = shards_[key.b % kShards];
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.plans.find(key);
  return found == shard.plans.end() ? nullptr : found->second;
}

void PlanCache::Put(const Hash& key, std::shared_ptr<const Plan> plan) {
  Shard& shard = shards_[key.b % kShards];
  const std::lock_guard lock(shard.mutex);
  if (shard.steps > max_steps_) {
    shard.plans.clear();
    shard.steps = 0;
  }
  shard.steps += plan->steps.size() + 1;
  shard.plans.emplace(key, std::move(plan));
}

}  // namespace picket::simulator
