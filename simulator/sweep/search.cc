#include "simulator/sweep/search.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <unordered_map>

#include "simulator/world/plan_cache.h"
#include "solver/schedule.h"

namespace picket::simulator {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kMaxPoints = 20'000'000;

int64_t Since(Clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count();
}

std::string MomentText(const World& world) {
  const PlanStep* next = world.NextAction();
  if (!next) return "at rest";
  if (next->kind == StepKind::kFencing) return "before the fencing of " + next->node;
  std::string text = "before ";
  if (next->operation == "monitor") {
    text += next->interval_ms == 0 ? "the probe" : "the first monitor";
  } else {
    text += next->operation;
  }
  if (!next->instance.empty()) text += " of " + next->instance;
  return text + (next->node.empty() ? "" : " on " + next->node);
}

// States from which a history was seen to end without an objection, and how.
class Ends {
 public:
  struct End {
    bool excused = false;
  };
  std::optional<End> Find(const Hash& key) {
    Shard& shard = shards_[key.b % kShards];
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.ends.find(key);
    if (found == shard.ends.end()) return std::nullopt;
    return found->second;
  }
  void Put(const Hash& key, End end) {
    Shard& shard = shards_[key.b % kShards];
    const std::lock_guard lock(shard.mutex);
    if (shard.ends.size() < kMaxEnds / kShards) shard.ends.emplace(key, end);
  }

 private:
  static constexpr size_t kShards = 16;
  static constexpr size_t kMaxEnds = 16'000'000;
  struct Shard {
    std::mutex mutex;
    std::unordered_map<Hash, End, HashOfHash> ends;
  };
  std::array<Shard, kShards> shards_;
};

}  // namespace

// Points next to each other that lie in one reaction, so that a worker comes past them in one go.
struct Search::Task {
  size_t first = 0;
  size_t end = 0;
};

struct Search::Outcome {
  int64_t played = 0;
  int64_t covered = 0;
  int64_t excused = 0;
  int64_t broken = 0;
  struct Reaction {
    size_t point = 0;
    uint32_t fault = 0;
    std::vector<Hash> points;  // the last one is the point at rest
  };
  std::vector<Reaction> reactions;  // only if another level follows
  struct Broken {
    size_t point;
    uint32_t fault;
    int64_t number;  // of the history within the task
  };
  std::optional<Broken> first_broken;
};

struct Search::Shared {
  std::shared_ptr<PlanCache> plans = std::make_shared<PlanCache>();
  Ends ends;
  Clock::time_point begin = Clock::now();
  std::atomic<size_t> next_task{0};
  std::atomic<size_t> broken_task{SIZE_MAX};  // the first task known to have a counterexample
  std::atomic<int64_t> played{0};
  std::atomic<int64_t> played_before{0};  // in earlier levels
  std::atomic<int> ended{static_cast<int>(Ended::kComplete)};
  std::mutex mutex;
  std::condition_variable done;
  size_t working = 0;
};

int64_t SearchResult::Played() const {
  int64_t sum = random_histories;
  for (const Level& level : levels) sum += level.played;
  return sum;
}

int64_t SearchResult::Covered() const {
  int64_t sum = random_histories;
  for (const Level& level : levels) sum += level.covered;
  return sum;
}

// One thread's part: plays what it is told to, with its own scratch.
class Search::Worker {
 public:
  explicit Worker(const Search& search) : search_(search), shared_(*search.shared_) {}

  // A world at the root of all histories, which keeps no story.
  World Root() const {
    World world = search_.rested_;
    world.KeepNoStory(shared_.plans, search_.options_.verify_plans);
    return world;
  }
  Judge Fresh(const World& world) const {
    Judge judge(search_.invariants_, search_.options_.beyond);
    judge.Begin(world);
    return judge;
  }

  Outcome Play(const Task& task, int level, bool last_level) {
    Outcome outcome;
    const Point& first = search_.points_[task.first];
    World world = Root();
    Judge judge = Fresh(world);
    std::vector<bool> struck(search_.result_.faults.size());
    if (first.parent != Point::kRoot) {
      const std::vector<Blow> path = search_.PathTo(task.first);
      for (const Blow& blow : path) struck[blow.fault] = true;
      Follow(world, judge, path);
    }
    std::optional<uint32_t> here;  // before which action of the reaction the world stands
    bool rested = first.parent == Point::kRoot;
    for (size_t point = task.first; point < task.end; ++point) {
      const uint32_t wanted = search_.points_[point].at;
      Attach(world, judge);
      while (!rested && here != wanted) {
        rested = world.Proceed(run_) == World::Pause::kAtRest;
        here = here ? *here + 1 : 0;
      }
      Detach(world);
      for (uint32_t fault = 0; fault < struck.size(); ++fault) {
        if (struck[fault]) continue;
        if (Stops()) return outcome;
        PlayHistory(world, judge, point, fault, level, last_level, outcome);
        if (outcome.first_broken && !search_.options_.keep_going) return outcome;
      }
    }
    return outcome;
  }

  // Strikes the path's blows one after the other; the world is then in the reaction to the last one.
  void Follow(World& world, Judge& judge, const std::vector<Blow>& path, std::vector<std::string>* when = nullptr) {
    for (size_t i = 0; i < path.size(); ++i) {
      if (i > 0) GoTo(world, judge, path[i].before_action);
      if (when) when->push_back(MomentText(world));
      Attach(world, judge);
      judge.Expect(search_.result_.faults[path[i].fault]);
      world.Strike(search_.result_.faults[path[i].fault]);
      Detach(world);
    }
  }

  // On to the point before that action of the reaction under way, or to rest.
  void GoTo(World& world, Judge& judge, uint32_t before_action) {
    Attach(world, judge);
    uint32_t passed = 0;
    while (world.Proceed(run_) == World::Pause::kBeforeAction && passed != before_action) ++passed;
    Detach(world);
  }

  // A history of random blows; the same for the same seed and number.
  std::optional<std::vector<Blow>> PlayRandom(uint64_t seed, int64_t number, int at_least, int at_most) {
    std::mt19937_64 random(seed * 0x9E3779B97F4A7C15u + static_cast<uint64_t>(number));
    const auto below = [&](uint64_t limit) { return limit == 0 ? 0 : random() % limit; };
    World world = Root();
    Judge judge = Fresh(world);
    judge.Arm();
    const size_t faults = search_.result_.faults.size();
    const auto count = static_cast<size_t>(at_least) + below(static_cast<uint64_t>(at_most - at_least + 1));
    std::vector<bool> struck(faults);
    std::vector<Blow> blows;
    while (blows.size() < std::min(count, faults)) {
      auto fault = static_cast<uint32_t>(below(faults));
      while (struck[fault]) fault = static_cast<uint32_t>((fault + 1) % faults);
      struck[fault] = true;
      Blow blow{fault, Blow::kAtRest};
      Attach(world, judge);
      if (!blows.empty() && below(4) != 0) {
        // Before one of the first actions more often than before a late one.
        const auto wanted = static_cast<uint32_t>(below(1 + below(40)));
        uint32_t passed = 0;
        World::Pause pause = world.Proceed(run_);
        while (pause == World::Pause::kBeforeAction && passed < wanted) {
          ++passed;
          pause = world.Proceed(run_);
        }
        if (pause == World::Pause::kBeforeAction) blow.before_action = passed;
      } else if (!blows.empty()) {
        world.Settle(run_);
      }
      judge.Expect(search_.result_.faults[fault]);
      world.Strike(search_.result_.faults[fault]);
      blows.push_back(blow);
      if (judge.violation()) break;
    }
    judge.AtRest(world, world.Settle(run_));
    Detach(world);
    if (!judge.violation()) return std::nullopt;
    return blows;
  }

  solver::Run& run() { return run_; }

  bool Stops() const {
    if (search_.options_.interrupted && search_.options_.interrupted->load()) return End(Ended::kInterrupted);
    if (search_.options_.max_ms > 0 && Since(shared_.begin) >= search_.options_.max_ms) return End(Ended::kTime);
    if (search_.options_.max_histories > 0 &&
        shared_.played.load() + shared_.played_before.load() >= search_.options_.max_histories)
      return End(Ended::kHistories);
    return false;
  }

 private:
  bool End(Ended how) const {
    int expected = static_cast<int>(Ended::kComplete);
    shared_.ended.compare_exchange_strong(expected, static_cast<int>(how));
    return true;
  }

  static void Attach(World& world, Judge& judge) {
    world.on_event = [&judge](const World& now, const StoryEvent& event) { judge.See(now, event); };
  }
  static void Detach(World& world) {
    world.on_event = nullptr;
    world.on_plan = nullptr;
  }

  void PlayHistory(const World& from, const Judge& seen, size_t point, uint32_t fault, int level, bool last_level,
                   Outcome& outcome) {
    World world = from;
    Judge judge = seen;
    if (level >= search_.options_.failures_min) judge.Arm();
    Attach(world, judge);
    // What can be met again: only where nothing follows that depends on the way.
    std::vector<Hash> passed;
    std::optional<Ends::End> met;
    if (last_level) {
      world.on_plan = [&](const World& now, const Plan&) {
        Hasher hasher;
        hasher.Add(now.FutureHash());
        judge.AddKey(hasher, now);
        passed.push_back(hasher.Get());
        met = shared_.ends.Find(passed.back());
        return !met.has_value();
      };
    }
    Outcome::Reaction reaction{point, fault, {}};
    judge.Expect(search_.result_.faults[fault]);
    world.Strike(search_.result_.faults[fault]);
    const auto note_point = [&] {
      Hasher hasher;
      hasher.Add(world.FutureHash());
      judge.AddKey(hasher, world);
      reaction.points.push_back(hasher.Get());
    };
    if (last_level) {
      world.Settle(run_);
    } else {
      while (world.Proceed(run_) == World::Pause::kBeforeAction) note_point();
      note_point();
    }
    if (!met) judge.AtRest(world, world.rest());
    Detach(world);
    const int64_t weight = search_.points_[point].weight;
    const bool broken = judge.violation().has_value();
    const bool excused = met ? met->excused : judge.excused();
    ++outcome.played;
    ++shared_.played;
    outcome.covered += weight;
    if (excused) outcome.excused += weight;
    if (broken) {
      outcome.broken += weight;
      if (!outcome.first_broken) outcome.first_broken = {point, fault, outcome.played};
    } else if (last_level) {
      for (const Hash& key : passed) shared_.ends.Put(key, {excused});
    }
    // What has broken once is not looked at further.
    if (!last_level && !broken) outcome.reactions.push_back(std::move(reaction));
  }

  const Search& search_;
  Shared& shared_;
  solver::Run run_;
};

Search::Search(const World& rested, std::vector<const compiler::scenario::Invariant*> invariants,
               std::vector<compiler::scenario::Fault> faults, SearchOptions options)
    : rested_(rested), invariants_(std::move(invariants)), options_(options), shared_(std::make_shared<Shared>()) {
  result_.faults = std::move(faults);
  result_.threads = options_.threads > 0 ? options_.threads : std::max(1u, std::thread::hardware_concurrency());
}

std::vector<Blow> Search::PathTo(size_t point) const {
  std::vector<Blow> path;
  for (; points_[point].parent != Point::kRoot; point = points_[point].parent) path.push_back(points_[point].blow);
  std::reverse(path.begin(), path.end());
  return path;
}

void Search::Tell(const std::vector<Blow>& blows) {
  Counterexample example;
  example.blows = blows;
  World world = rested_;
  Judge judge(invariants_, options_.beyond);
  judge.Begin(world);
  example.story_begins = judge.observer().since();
  Worker worker(*this);
  if (static_cast<int>(blows.size()) < options_.failures_min) return;
  judge.Arm();
  worker.Follow(world, judge, blows, &example.when);
  world.on_event = [&judge](const World& now, const StoryEvent& event) { judge.See(now, event); };
  judge.AtRest(world, world.Settle(worker.run()));
  world.on_event = nullptr;
  if (!judge.violation()) return;
  example.violation = *judge.violation();
  example.story = judge.observer().services().Told(world);
  result_.counterexample = std::move(example);
}

// Gives whether the search goes on.
bool Search::RunLevel(int level) {
  const bool last_level = level == options_.failures_max;
  const size_t end_point = points_.size();
  std::vector<Task> tasks;
  Level counts;
  counts.faults = level;
  const auto left = static_cast<int64_t>(result_.faults.size()) - (level - 1);
  int64_t to_play = 0;
  for (size_t point = first_point_; point < end_point; ++point) {
    counts.expected += points_[point].weight * std::max<int64_t>(left, 0);
    to_play += std::max<int64_t>(left, 0);
    const bool same = !tasks.empty() && points_[point].parent == points_[tasks.back().first].parent &&
                      points_[point].blow.fault == points_[tasks.back().first].blow.fault;
    if (same) {
      tasks.back().end = point + 1;
    } else {
      tasks.push_back({point, point + 1});
    }
  }
  if (on_level) on_level(counts);
  if (left <= 0) {
    counts.complete = true;
    result_.levels.push_back(counts);
    return false;
  }
  shared_->played_before += shared_->played.exchange(0);
  shared_->next_task = 0;
  std::vector<Outcome> outcomes(tasks.size());
  const auto work = [&] {
    Worker worker(*this);
    while (true) {
      const size_t index = shared_->next_task++;
      if (index >= tasks.size() || worker.Stops()) break;
      if (!options_.keep_going && index > shared_->broken_task.load()) break;
      outcomes[index] = worker.Play(tasks[index], level, last_level);
      if (!outcomes[index].first_broken) continue;
      size_t known = shared_->broken_task.load();
      while (index < known && !shared_->broken_task.compare_exchange_weak(known, index)) {
      }
    }
    const std::lock_guard lock(shared_->mutex);
    --shared_->working;
    shared_->done.notify_all();
  };
  std::vector<std::thread> threads;
  const size_t wanted = std::min<size_t>(result_.threads, tasks.size());
  shared_->working = wanted;
  for (size_t i = 0; i < wanted; ++i) threads.emplace_back([&] { solver::WithLargeStack(work); });
  {
    std::unique_lock lock(shared_->mutex);
    while (shared_->working > 0) {
      shared_->done.wait_for(lock, std::chrono::milliseconds(100));
      if (on_progress) on_progress({level, shared_->played.load(), to_play, Since(shared_->begin)});
    }
  }
  for (std::thread& thread : threads) thread.join();

  const bool complete = shared_->ended.load() == static_cast<int>(Ended::kComplete);
  const size_t broken_task = shared_->broken_task.load();
  std::optional<Outcome::Broken> broken;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    const Outcome& outcome = outcomes[i];
    counts.played += outcome.played;
    counts.covered += outcome.covered;
    counts.excused += outcome.excused;
    counts.broken += outcome.broken;
    if (outcome.first_broken && !broken) broken = outcome.first_broken;
    // What other threads have played beyond is not said, so that it makes no difference how many there were.
    if (!options_.keep_going && i == broken_task) break;
  }
  counts.complete = complete && (options_.keep_going || !broken);
  result_.levels.push_back(counts);
  if (broken && !result_.counterexample) {
    std::vector<Blow> blows = PathTo(broken->point);
    blows.push_back({broken->fault, points_[broken->point].at});
    Tell(blows);
  }
  if (!complete || (broken && !options_.keep_going) || last_level) return false;

  // The points of the next level, each once.
  std::unordered_map<Hash, size_t, HashOfHash> known;
  const size_t next_first = points_.size();
  for (const Outcome& outcome : outcomes) {
    for (const Outcome::Reaction& reaction : outcome.reactions) {
      std::vector<uint32_t> struck = {reaction.fault};
      for (const Blow& blow : PathTo(reaction.point)) struck.push_back(blow.fault);
      std::sort(struck.begin(), struck.end());
      for (size_t i = 0; i < reaction.points.size(); ++i) {
        Hasher hasher;
        hasher.Add(reaction.points[i]);
        for (const uint32_t fault : struck) hasher.Add(fault);
        const int64_t weight = points_[reaction.point].weight;
        const auto [at, fresh] = known.emplace(hasher.Get(), points_.size());
        if (!fresh) {
          points_[at->second].weight += weight;
          continue;
        }
        Point point;
        point.parent = reaction.point;
        point.blow = {reaction.fault, points_[reaction.point].at};
        point.at = i + 1 == reaction.points.size() ? Blow::kAtRest : static_cast<uint32_t>(i);
        point.weight = weight;
        points_.push_back(point);
      }
    }
  }
  first_point_ = next_first;
  if (points_.size() > kMaxPoints) {
    shared_->ended = static_cast<int>(Ended::kMemory);
    return false;
  }
  return true;
}

void Search::RunRandom() {
  const int at_least = std::max(options_.failures_max + 1, 2);
  result_.random_faults_max = at_least + 2;
  shared_->played_before += shared_->played.exchange(0);
  std::atomic<int64_t> next{0};
  std::atomic<int64_t> broken{INT64_MAX};
  std::vector<std::pair<int64_t, std::vector<Blow>>> found;
  const int64_t done_before = shared_->played_before.load();
  const int64_t limit = options_.max_histories > 0 ? options_.max_histories - done_before : INT64_MAX;
  const auto work = [&] {
    Worker worker(*this);
    while (true) {
      const int64_t number = next++;
      if (number >= limit || number > broken.load()) break;
      if (options_.interrupted && options_.interrupted->load()) {
        shared_->ended = static_cast<int>(Ended::kInterrupted);
        break;
      }
      if (options_.max_ms > 0 && Since(shared_->begin) >= options_.max_ms) {
        shared_->ended = static_cast<int>(Ended::kTime);
        break;
      }
      const auto blows = worker.PlayRandom(*options_.seed, number, at_least, result_.random_faults_max);
      ++shared_->played;
      if (!blows) continue;
      const std::lock_guard lock(shared_->mutex);
      found.emplace_back(number, *blows);
      broken = std::min(broken.load(), number);
    }
    const std::lock_guard lock(shared_->mutex);
    --shared_->working;
    shared_->done.notify_all();
  };
  std::vector<std::thread> threads;
  shared_->working = result_.threads;
  for (unsigned i = 0; i < result_.threads; ++i) threads.emplace_back([&] { solver::WithLargeStack(work); });
  {
    std::unique_lock lock(shared_->mutex);
    while (shared_->working > 0) {
      shared_->done.wait_for(lock, std::chrono::milliseconds(100));
      const int64_t to_play = limit == INT64_MAX ? 0 : limit;
      if (on_progress) on_progress({0, shared_->played.load(), to_play, Since(shared_->begin)});
    }
  }
  for (std::thread& thread : threads) thread.join();
  result_.random_histories = shared_->played.load();
  if (found.empty()) return;
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  result_.random_histories = found.front().first + 1;
  Tell(found.front().second);
}

SearchResult Search::Run() {
  shared_->begin = Clock::now();
  points_.emplace_back();
  Worker worker(*this);
  if (options_.failures_min == 0) {
    // Nothing fails: the claims of the cluster as it stands.
    World world = worker.Root();
    Judge judge = worker.Fresh(world);
    judge.Arm();
    judge.AtRest(world, Rest::kSettled);
    Level level{0, 1, 1, 1, judge.excused() ? 1 : 0, judge.violation() ? 1 : 0, true};
    result_.levels.push_back(level);
    if (judge.violation()) Tell({});
  }
  bool goes_on = options_.keep_going || !result_.counterexample;
  for (int level = 1; goes_on && level <= options_.failures_max; ++level) goes_on = RunLevel(level);
  const bool whole = shared_->ended.load() == static_cast<int>(Ended::kComplete);
  if (whole && !result_.counterexample && options_.seed && !result_.faults.empty() &&
      (options_.max_ms > 0 || options_.max_histories > 0)) {
    RunRandom();
  }
  result_.ended = static_cast<Ended>(shared_->ended.load());
  if (result_.counterexample && result_.ended == Ended::kComplete && !options_.keep_going)
    result_.ended = Ended::kCounterexample;
  result_.elapsed_ms = Since(shared_->begin);
  return std::move(result_);
}

}  // namespace picket::simulator
