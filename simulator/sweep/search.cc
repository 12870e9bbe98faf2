#include "simulator/sweep/search.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "execution/choices.h"
#include "simulator/profile/stage_times.h"
#include "simulator/world/plan_cache.h"
#include "solver/schedule.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;
using Clock = std::chrono::steady_clock;

constexpr size_t kMaxPoints = 20'000'000;
// Stages of a profile, beside those of the solver.
constexpr std::string_view kClaimsStage = "claims";
constexpr std::string_view kWorldStage = "the world";
constexpr size_t kMostRandomChoices = 8;  // of one reaction; after them always the first alternative

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
  // Of the history that passes there, and of those that go on from its rest with the end of an outage.
  struct End {
    bool excused = false;
    int64_t excused_after = 0;
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
  struct Counts {
    int64_t played = 0;
    int64_t covered = 0;
    int64_t excused = 0;
    int64_t broken = 0;
    std::vector<int64_t> judged;
  };
  Counts faults;   // of histories that end with a fault
  Counts returns;  // of those that go on with the end of an outage
  struct Reaction {
    size_t point = 0;
    std::vector<Blow> blows;  // a fault, and then the ends of outages; the reaction is to the last one
    std::vector<Hash> points;
    bool rests = true;      // the last point is the one at rest; else it met another way of this reaction
    bool first_way = true;  // everything that was open was decided by the first alternative
  };
  std::vector<Reaction> reactions;  // only if another level follows
  struct Broken {
    size_t point;
    std::vector<Blow> blows;
  };
  std::optional<Broken> broken_by_fault;
  std::optional<Broken> broken_by_return;
};

struct Search::Shared {
  std::shared_ptr<PlanCache> plans = std::make_shared<PlanCache>();
  Ends ends;
  Clock::time_point begin = Clock::now();
  std::atomic<size_t> next_task{0};
  std::atomic<size_t> broken_task{SIZE_MAX};         // the first task known to have a counterexample
  std::atomic<size_t> broken_return_task{SIZE_MAX};  // the same, one that ends with the end of an outage
  std::atomic<int64_t> played{0};
  std::atomic<int64_t> reactions{0};
  std::atomic<int64_t> played_before{0};  // in earlier levels
  std::atomic<int> ended{static_cast<int>(Ended::kComplete)};
  std::atomic<bool> ways_left_out{false};
  std::mutex mutex;
  StageTimes profile;  // of the workers that have ended
  std::condition_variable done;
  size_t working = 0;
};

std::string LeftOpen(const Counterexample& example) {
  std::string text;
  for (const std::string& choice : example.open) text += (text.empty() ? "" : ", ") + choice;
  return text.empty() ? "" : "; the cluster leaves it open (" + text + ")";
}

std::string WaysLeftOut() {
  return "what is open in a reaction was tried in " + std::to_string(kMostWaysOfReaction) + " of more ways";
}

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
  explicit Worker(const Search& search) : search_(search), shared_(*search.shared_) {
    if (search_.options_.profile) run_.watch = &times_;
  }
  ~Worker() {
    const std::lock_guard lock(shared_.mutex);
    shared_.profile.Add(times_);
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

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

  Outcome Play(const std::vector<Task>& tasks, size_t index, int level) {
    const Task& task = tasks[index];
    const bool last_level = level == search_.options_.failures_max;
    Outcome outcome;
    outcome.faults.judged.resize(search_.invariants_.size());
    outcome.returns.judged.resize(search_.invariants_.size());
    const Point& first = search_.points_[task.first];
    World world = Root();
    Judge judge = Fresh(world);
    execution::Choices way;
    if (first.parent != Point::kRoot) Follow(world, judge, search_.PathTo(task.first), way);
    std::vector<bool> struck = search_.StruckAt(task.first);
    if (level >= search_.options_.failures_min) judge.Arm();
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
      for (uint32_t fault = 0; fault < search_.happenings_.outages(); ++fault) {
        if (struck[fault]) continue;
        if (Stops()) return outcome;
        History history{point, search_.points_[point].weight, index, last_level, {{fault, wanted}}, struck};
        PlayHistory(world, judge, history, outcome);
        if (outcome.broken_by_fault && !search_.options_.keep_going) return outcome;
      }
    }
    return outcome;
  }

  // Strikes the path's blows one after the other; the world is then in the reaction to the last one, in which
  // `way` decides what is open.
  void Follow(World& world, Judge& judge, const std::vector<Blow>& path, execution::Choices& way,
              Counterexample* example = nullptr) {
    for (size_t i = 0; i < path.size(); ++i) {
      if (i > 0) GoTo(world, judge, path[i].before_action);
      if (example) {
        NoteOpen(way, *example);
        example->when.push_back(MomentText(world));
      }
      way = execution::Choices(path[i].chosen);
      Attach(world, judge);
      Strike(world, judge, path[i].fault, way);
      Detach(world);
    }
  }

  static void NoteOpen(const execution::Choices& way, Counterexample& example) {
    for (const execution::Choice& choice : way.made()) {
      if (choice.chosen != 0) example.open.push_back(execution::TextOf(choice));
    }
  }

  // On to the point before that action of the reaction under way, or to rest.
  void GoTo(World& world, Judge& judge, uint32_t before_action) {
    Attach(world, judge);
    uint32_t passed = 0;
    while (world.Proceed(run_) == World::Pause::kBeforeAction && passed != before_action) ++passed;
    Detach(world);
  }

  // A history of random blows; the same for the same seed and number. Ends of outages strike at any moment.
  std::optional<std::vector<Blow>> PlayRandom(uint64_t seed, int64_t number, int at_least, int at_most) {
    std::mt19937_64 random(seed * 0x9E3779B97F4A7C15u + static_cast<uint64_t>(number));
    const auto below = [&](uint64_t limit) { return limit == 0 ? 0 : random() % limit; };
    World world = Root();
    Judge judge = Fresh(world);
    judge.Arm();
    const size_t outages = search_.happenings_.outages();
    size_t left = static_cast<size_t>(at_least) + below(static_cast<uint64_t>(at_most - at_least + 1));
    left = std::min(left, outages);
    std::vector<bool> struck(search_.happenings_.list().size());
    std::vector<Blow> blows;
    execution::Choices way;
    while (true) {
      const std::vector<uint32_t> returns = search_.happenings_.ReturnsAfter(struck);
      const bool ends = !returns.empty() && below(3) == 0;
      if (!ends && left == 0) break;
      uint32_t fault = 0;
      if (ends) {
        fault = returns[below(returns.size())];
      } else {
        --left;
        fault = static_cast<uint32_t>(below(outages));
        while (struck[fault]) fault = static_cast<uint32_t>((fault + 1) % outages);
      }
      struck[fault] = true;
      Attach(world, judge);
      const uint32_t before = blows.empty() ? Blow::kAtRest : ProceedAtRandom(world, below);
      if (!blows.empty()) blows.back().chosen = way.Chosen();
      blows.push_back({fault, before});
      std::vector<size_t> wishes(kMostRandomChoices);
      for (size_t& wish : wishes) wish = below(3) == 0 ? below(kMostRandomChoices) : 0;
      way = execution::Choices(std::move(wishes));
      Strike(world, judge, fault, way);
      if (judge.violation()) break;
    }
    judge.AtRest(world, world.Settle(run_));
    Detach(world);
    if (!blows.empty()) blows.back().chosen = way.Chosen();
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

  // The judge sees what happens.
  void Attach(World& world, Judge& judge) {
    world.on_event = [this, &judge](const World& now, const StoryEvent& event) {
      if (run_.watch) times_.Begin(kClaimsStage);
      judge.See(now, event);
      if (run_.watch) times_.Begin(kWorldStage);
    };
  }
  static void Detach(World& world) {
    world.on_event = nullptr;
    world.on_plan = nullptr;
  }

  // From here on `way` decides what is open.
  void Strike(World& world, Judge& judge, uint32_t number, execution::Choices& way) const {
    const say::Fault& fault = search_.happenings_.list()[number];
    world.choices = &way;
    judge.Expect(fault, search_.happenings_.IsReturn(number));
    world.Strike(fault);
  }

  // To rest, or before an action of the reaction under way: one of the first more often than a late one.
  template <typename Below>
  uint32_t ProceedAtRandom(World& world, const Below& below) {
    if (below(4) == 0) {
      world.Settle(run_);
      return Blow::kAtRest;
    }
    const auto wanted = static_cast<uint32_t>(below(1 + below(40)));
    uint32_t passed = 0;
    World::Pause pause = world.Proceed(run_);
    while (pause == World::Pause::kBeforeAction && passed < wanted) {
      ++passed;
      pause = world.Proceed(run_);
    }
    return pause == World::Pause::kBeforeAction ? passed : Blow::kAtRest;
  }

  // A history of the level: from a point on, a fault, and then perhaps the ends of outages.
  struct History {
    size_t point;
    int64_t weight;
    size_t task;
    bool last_level;
    std::vector<Blow> blows;   // from the point on; the choices in the reaction to the last one are open
    std::vector<bool> struck;  // before the last blow
    bool first_way = true;     // in the reactions to the blows: histories are counted in their first way only

    bool EndsWithReturn() const { return blows.size() > 1; }
  };

  // What is the same from here on, whichever way led here.
  Hash KeyOf(const World& world, const Judge& judge, const std::vector<uint32_t>& returns) const {
    Hasher hasher;
    hasher.Add(world.FutureHash());
    judge.AddKey(hasher, world);
    for (const uint32_t number : returns) hasher.Add(number);
    return hasher.Get();
  }

  // Histories of the level that have ended, or are equal to such: this one, and `after` that go on from its
  // rest.
  void Count(const History& history, const Judge& judge, const Ends::End& end, bool broken, int64_t after,
             Outcome& outcome) {
    const auto add = [&](Outcome::Counts& counts, int64_t number, int64_t excused, bool and_return) {
      if (broken) counts.broken += number * history.weight;
      if (!history.first_way) return;
      counts.played += number;
      counts.covered += number * history.weight;
      counts.excused += excused * history.weight;
      for (size_t i = 0; i < search_.invariants_.size(); ++i) {
        if (judge.SpeaksOf(*search_.invariants_[i], and_return)) counts.judged[i] += number * history.weight;
      }
    };
    add(history.EndsWithReturn() ? outcome.returns : outcome.faults, 1, end.excused ? 1 : 0, false);
    if (history.first_way) shared_.played += 1 + after;
    if (after == 0 || LooksNoFurther(history, outcome)) return;
    add(outcome.returns, after, end.excused_after, true);
  }

  // A counterexample that ends with the end of an outage is known: only one without could come before it.
  bool LooksNoFurther(const History& history, const Outcome& outcome) const {
    if (search_.options_.keep_going) return false;
    return outcome.broken_by_return || history.task > shared_.broken_return_task.load();
  }

  void NoteBroken(const History& history, Outcome& outcome) {
    std::optional<Outcome::Broken>& known =
        history.EndsWithReturn() ? outcome.broken_by_return : outcome.broken_by_fault;
    if (!known) known = {history.point, history.blows};
  }

  // Plays it in every way that is open. Gives how the first one ended, if it and all that go on from its rest
  // have kept the claims in all ways.
  std::optional<Ends::End> PlayHistory(const World& from, const Judge& seen, const History& history, Outcome& outcome) {
    Ways ways;
    std::optional<Ends::End> first;
    std::optional<execution::Choices> way = execution::Choices();
    for (int played = 0; way && played < kMostWaysOfReaction; ++played) {
      const std::optional<Ends::End> end = PlayWay(from, seen, history, *way, played == 0, ways, outcome);
      if (!end) return std::nullopt;
      if (!first) first = end;
      way = way->Next();
      if (way) ways.prefix = way->Wanted();
    }
    if (way) {
      shared_.ways_left_out = true;
      return first;
    }
    for (const Hash& key : ways.passed) shared_.ends.Put(key, *first);
    return first;
  }

  // What the ways of one reaction have in common.
  struct Ways {
    std::unordered_set<Hash, HashOfHash> seen;  // states at the beginning of plans
    std::vector<Hash> passed;                   // the same of the last level: what can be met again
    size_t prefix = 0;                          // so many choices are those of a way before, but for the last
  };

  std::optional<Ends::End> PlayWay(const World& from, const Judge& seen, const History& history,
                                   execution::Choices& way, bool first_way, Ways& ways, Outcome& outcome) {
    World world = from;
    Judge judge = seen;
    std::vector<bool> struck = history.struck;
    struck[history.blows.back().fault] = true;
    const std::vector<uint32_t> returns = search_.happenings_.ReturnsAfter(struck);
    const int64_t after = Happenings::HistoriesFrom(returns.size()) - 1;
    History now = history;
    now.first_way = history.first_way && first_way;
    Attach(world, judge);
    std::optional<Ends::End> met;
    bool met_a_way = false;
    world.on_plan = [&](const World& here, const Plan&) {
      if (run_.watch) times_.EndSolve(run_, kWorldStage);
      const Hash key = KeyOf(here, judge, returns);
      if (way.made().size() >= ways.prefix && !ways.seen.insert(key).second && !first_way) met_a_way = true;
      // What can be met again: only where nothing follows that depends on the way.
      if (history.last_level && !met_a_way) {
        ways.passed.push_back(key);
        met = shared_.ends.Find(key);
      }
      return !met && !met_a_way;
    };
    Outcome::Reaction reaction{history.point, {}, {}, true, now.first_way};
    Strike(world, judge, history.blows.back().fault, way);
    if (history.last_level) {
      world.Settle(run_);
    } else {
      while (world.Proceed(run_) == World::Pause::kBeforeAction) reaction.points.push_back(KeyOf(world, judge, {}));
      reaction.rests = !met_a_way;
      if (reaction.rests) reaction.points.push_back(KeyOf(world, judge, {}));
    }
    now.blows.back().chosen = way.Chosen();
    ++shared_.reactions;
    if (met) {
      Detach(world);
      Count(now, judge, *met, false, after, outcome);
      return met;
    }
    if (!met_a_way) judge.AtRest(world, world.rest());
    Detach(world);
    Ends::End end{judge.excused(), 0};
    if (judge.violation()) {
      Count(now, judge, end, true, after, outcome);
      NoteBroken(now, outcome);
      return std::nullopt;
    }
    Count(now, judge, end, false, 0, outcome);
    // What has broken once is not looked at further.
    reaction.blows = now.blows;
    if (!history.last_level && !reaction.points.empty()) outcome.reactions.push_back(std::move(reaction));
    if (met_a_way) return end;
    if (!PlayReturns(world, judge, now, returns, std::move(struck), end, outcome)) return std::nullopt;
    return end;
  }

  // The histories that go on from the rest of this one with the end of an outage. False if one of them
  // breaks, or was not played.
  bool PlayReturns(const World& rested, const Judge& judge, const History& history,
                   const std::vector<uint32_t>& returns, std::vector<bool> struck, Ends::End& end, Outcome& outcome) {
    bool fine = true;
    for (const uint32_t number : returns) {
      if (LooksNoFurther(history, outcome) || Stops()) return false;
      History next = history;
      next.struck = struck;
      next.blows.push_back({number, Blow::kAtRest});
      const std::optional<Ends::End> ended = PlayHistory(rested, judge, next, outcome);
      if (ended) end.excused_after += (ended->excused ? 1 : 0) + ended->excused_after;
      fine = fine && ended;
    }
    return fine;
  }

  const Search& search_;
  Shared& shared_;
  StageTimes times_;  // only with a profile
  solver::Run run_;
};

Search::Search(const World& rested, std::vector<const compiler::scenario::Invariant*> invariants,
               const std::vector<compiler::scenario::Fault>& faults, SearchOptions options)
    : rested_(rested),
      invariants_(std::move(invariants)),
      options_(options),
      happenings_(faults),
      shared_(std::make_shared<Shared>()) {
  result_.faults = happenings_.list();
  result_.outages = happenings_.outages();
  result_.threads = options_.threads > 0 ? options_.threads : std::max(1u, std::thread::hardware_concurrency());
}

std::vector<Blow> Search::PathTo(size_t point) const {
  std::vector<Blow> path;
  for (; points_[point].parent != Point::kRoot; point = points_[point].parent) {
    const std::vector<Blow>& ending = endings_[points_[point].ends];
    path.insert(path.end(), ending.rbegin(), ending.rend());
    path.push_back(points_[point].blow);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::vector<bool> Search::StruckAt(size_t point) const {
  std::vector<bool> struck(happenings_.list().size());
  for (const Blow& blow : PathTo(point)) struck[blow.fault] = true;
  return struck;
}

uint32_t Search::NumberOf(const std::vector<Blow>& ending) {
  const auto [at, fresh] = numbers_.emplace(ending, static_cast<uint32_t>(endings_.size()));
  if (fresh) endings_.push_back(ending);
  return at->second;
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
  execution::Choices way;
  worker.Follow(world, judge, blows, way, &example);
  world.on_event = [&judge](const World& now, const StoryEvent& event) { judge.See(now, event); };
  judge.AtRest(world, world.Settle(worker.run()));
  world.on_event = nullptr;
  Worker::NoteOpen(way, example);
  if (!judge.violation()) return;
  example.violation = *judge.violation();
  example.story = judge.observer().services().Told(world);
  result_.counterexample = std::move(example);
}

// The histories of the level, and the points from which they go on, one task for those in one reaction.
Level Search::Expected(int level, std::vector<Task>& tasks, int64_t& to_play) const {
  Level counts;
  counts.faults = level;
  counts.judged.resize(invariants_.size());
  int64_t histories = 0;  // from each of the points in one reaction
  int64_t faults = 0;
  for (size_t point = first_point_; point < points_.size(); ++point) {
    const Point& here = points_[point];
    const bool same = !tasks.empty() && here.parent == points_[tasks.back().first].parent &&
                      here.blow == points_[tasks.back().first].blow && here.ends == points_[tasks.back().first].ends;
    if (same) {
      tasks.back().end = point + 1;
    } else {
      tasks.push_back({point, point + 1});
      const std::vector<bool> struck = StruckAt(point);
      const size_t standing = happenings_.ReturnsAfter(struck).size();
      histories = faults = 0;
      for (uint32_t fault = 0; fault < happenings_.outages(); ++fault) {
        if (struck[fault]) continue;
        ++faults;
        histories += Happenings::HistoriesFrom(standing + (happenings_.MayEnd(fault) ? 1 : 0));
      }
    }
    counts.expected += here.weight * histories;
    counts.returning += here.weight * (histories - faults);
    to_play += histories;
  }
  return counts;
}

void Search::PlayTasks(const std::vector<Task>& tasks, std::vector<Outcome>& outcomes, const Level& level,
                       int64_t to_play) {
  shared_->played_before += shared_->played.exchange(0);
  shared_->next_task = 0;
  const auto lower = [](std::atomic<size_t>& first, size_t index) {
    size_t known = first.load();
    while (index < known && !first.compare_exchange_weak(known, index)) {
    }
  };
  const auto work = [&] {
    Worker worker(*this);
    while (true) {
      const size_t index = shared_->next_task++;
      if (index >= tasks.size() || worker.Stops()) break;
      if (!options_.keep_going && index > shared_->broken_task.load()) break;
      outcomes[index] = worker.Play(tasks, index, level.faults);
      if (outcomes[index].broken_by_fault) lower(shared_->broken_task, index);
      if (outcomes[index].broken_by_return) lower(shared_->broken_return_task, index);
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
      if (on_progress) on_progress({level.faults, shared_->played.load(), to_play, Since(shared_->begin)});
    }
  }
  for (std::thread& thread : threads) thread.join();
}

// What other threads have played beyond the counterexample is not counted, so that it makes no difference how
// many there were.
std::optional<std::vector<Blow>> Search::SumUp(const std::vector<Outcome>& outcomes, Level& level) const {
  const size_t by_fault = options_.keep_going ? SIZE_MAX : shared_->broken_task.load();
  const size_t by_return = options_.keep_going ? SIZE_MAX : shared_->broken_return_task.load();
  const size_t end = by_fault != SIZE_MAX ? by_fault : by_return;
  const auto add = [&](const Outcome::Counts& counts) {
    level.played += counts.played;
    level.covered += counts.covered;
    level.excused += counts.excused;
    level.broken += counts.broken;
    for (size_t i = 0; i < counts.judged.size(); ++i) level.judged[i] += counts.judged[i];
  };
  const Outcome::Broken* broken = nullptr;
  const Outcome::Broken* broken_by_return = nullptr;
  for (size_t i = 0; i < outcomes.size() && (end == SIZE_MAX || i <= end); ++i) {
    const Outcome& outcome = outcomes[i];
    add(outcome.faults);
    if (by_return == SIZE_MAX || i <= by_return) add(outcome.returns);
    if (outcome.broken_by_fault && !broken) broken = &*outcome.broken_by_fault;
    if (outcome.broken_by_return && !broken_by_return) broken_by_return = &*outcome.broken_by_return;
  }
  if (!broken) broken = broken_by_return;
  if (!broken) return std::nullopt;
  std::vector<Blow> blows = PathTo(broken->point);
  blows.insert(blows.end(), broken->blows.begin(), broken->blows.end());
  return blows;
}

// The points of the next level, each once.
void Search::MakePoints(const std::vector<Outcome>& outcomes) {
  std::unordered_map<Hash, size_t, HashOfHash> known;
  const size_t next_first = points_.size();
  for (const Outcome& outcome : outcomes) {
    for (const Outcome::Reaction& reaction : outcome.reactions) {
      std::vector<uint32_t> struck;
      for (const Blow& blow : reaction.blows) struck.push_back(blow.fault);
      for (const Blow& blow : PathTo(reaction.point)) struck.push_back(blow.fault);
      std::sort(struck.begin(), struck.end());
      Point point;
      point.parent = reaction.point;
      point.blow = reaction.blows.front();
      point.ends = NumberOf({reaction.blows.begin() + 1, reaction.blows.end()});
      point.weight = points_[reaction.point].weight;
      for (size_t i = 0; i < reaction.points.size(); ++i) {
        Hasher hasher;
        hasher.Add(reaction.points[i]);
        for (const uint32_t number : struck) hasher.Add(number);
        const auto [at, fresh] = known.emplace(hasher.Get(), points_.size());
        if (!fresh) {
          if (reaction.first_way) points_[at->second].weight += point.weight;
          continue;
        }
        const bool at_rest = reaction.rests && i + 1 == reaction.points.size();
        point.at = at_rest ? Blow::kAtRest : static_cast<uint32_t>(i);
        points_.push_back(point);
      }
    }
  }
  first_point_ = next_first;
}

// Gives whether the search goes on.
bool Search::RunLevel(int level) {
  std::vector<Task> tasks;
  int64_t to_play = 0;
  Level counts = Expected(level, tasks, to_play);
  if (on_level) on_level(counts);
  if (to_play == 0) {
    counts.complete = true;
    result_.levels.push_back(counts);
    return false;
  }
  std::vector<Outcome> outcomes(tasks.size());
  PlayTasks(tasks, outcomes, counts, to_play);
  const std::optional<std::vector<Blow>> broken = SumUp(outcomes, counts);
  const bool complete = shared_->ended.load() == static_cast<int>(Ended::kComplete);
  counts.complete = complete && (options_.keep_going || !broken);
  result_.levels.push_back(counts);
  if (broken && !result_.counterexample) Tell(*broken);
  if (!complete || (broken && !options_.keep_going) || level == options_.failures_max) return false;
  MakePoints(outcomes);
  if (points_.size() <= kMaxPoints) return true;
  shared_->ended = static_cast<int>(Ended::kMemory);
  return false;
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
      // Random histories have no end of their own: all that was promised is played.
      if (options_.max_ms > 0 && Since(shared_->begin) >= options_.max_ms) break;
      const auto blows = worker.PlayRandom(*options_.seed, number, at_least, result_.random_faults_max);
      ++shared_->played;
      ++shared_->reactions;
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
    Level level;
    level.expected = level.covered = level.played = 1;
    level.excused = judge.excused() ? 1 : 0;
    level.broken = judge.violation() ? 1 : 0;
    for (const say::Invariant* invariant : invariants_) level.judged.push_back(judge.SpeaksOf(*invariant) ? 1 : 0);
    level.complete = true;
    result_.levels.push_back(std::move(level));
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
  result_.reactions = shared_->reactions.load();
  if (result_.ended == Ended::kComplete && shared_->plans->leaves_preferences_out()) result_.ended = Ended::kNotProven;
  result_.ways_left_out = shared_->ways_left_out.load();
  if (options_.profile) result_.profile = shared_->profile.Text();
  result_.elapsed_ms = Since(shared_->begin);
  return std::move(result_);
}

}  // namespace picket::simulator
