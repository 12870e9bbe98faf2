#include "simulator/timing/chains.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "execution/choices.h"
#include "simulator/scenario/evaluate.h"
#include "simulator/scenario/play.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;

constexpr int kWaysMax = 16;
constexpr std::string_view kFenceClass = "stonith";

struct Service {
  std::string id;
  bool promotable = false;
  std::vector<std::string> primitives;
};

std::vector<Service> ServicesOf(const Catalog& catalog) {
  std::vector<Service> services;
  for (const solver::ResourceDef& def : catalog.cluster().resources) {
    const CatalogEntry* entry = catalog.Find(def.id);
    if (!entry || def.cls == kFenceClass || entry->primitives.empty()) continue;
    services.push_back({def.id, entry->promotable, entry->primitives});
  }
  return services;
}

bool Serves(const Service& service, const World& world, const Observer& observer,
            std::optional<std::string> node = std::nullopt) {
  say::InState state;
  state.state = service.promotable ? say::State::kPromoted : say::State::kRunning;
  state.subject.id = service.id;
  if (node) state.node = say::Name{*std::move(node), {}};
  return Holds({std::move(state), {}}, world, observer);
}

// What one history did to the services.
class Watch {
 public:
  Watch(const World& begin, const std::vector<Service>& services) : services_(services), world_(begin) {
    world_.on_event = [this](const World&, const StoryEvent&) { Look(); };
    observer_.Begin(world_);
    tracks_.resize(services.size());
    for (size_t i = 0; i < services.size(); ++i) tracks_[i].serves = Serves(services[i], world_, observer_);
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  void Play(const std::vector<say::Fault>& faults, execution::Choices& way, solver::Run& run) {
    world_.choices = &way;
    begin_ms_ = world_.now_ms();
    first_ = world_.story().size();
    for (const say::Fault& fault : faults) world_.Strike(fault);
    Look();
    world_.Settle(run);
    Look();
  }

  bool WasDown(size_t service) const { return tracks_[service].was_down; }

  ChainHistory Of(size_t service) const {
    const Track& track = tracks_[service];
    ChainHistory history;
    const bool returns = track.serves && track.first_back_ms;
    Marks(services_[service], track.first_back_ms.value_or(track.back_ms), history);
    if (!returns) {
      history.parts.clear();
      return history;
    }
    history.away_ms = track.away_ms;
    if (const int64_t again_ms = track.away_ms - track.first_away_ms; again_ms > 0) {
      history.parts.push_back({ChainPart::kAgain, again_ms});
    }
    return history;
  }

  std::string FirstDevice() const {
    for (size_t i = first_; i < world_.story().size(); ++i) {
      if (world_.story()[i].kind == EventKind::kFenceCall) return world_.story()[i].device;
    }
    return {};
  }

 private:
  struct Track {
    bool serves = false;
    bool was_down = false;
    int64_t down_since_ms = 0;
    int64_t back_ms = 0;
    int64_t away_ms = 0;
    std::optional<int64_t> first_back_ms;
    int64_t first_away_ms = 0;
  };

  void Look() {
    for (size_t i = 0; i < services_.size(); ++i) {
      Track& track = tracks_[i];
      const bool serves = Serves(services_[i], world_, observer_);
      if (serves == track.serves) continue;
      track.serves = serves;
      if (serves) {
        track.back_ms = world_.now_ms();
        track.away_ms += track.back_ms - track.down_since_ms;
        if (!track.first_back_ms) {
          track.first_back_ms = track.back_ms;
          track.first_away_ms = track.away_ms;
        }
      } else {
        track.was_down = true;
        track.down_since_ms = world_.now_ms();
      }
    }
  }

  // Where the time until `back_ms` went: the ends of what had to be over first.
  void Marks(const Service& service, int64_t back_ms, ChainHistory& history) const {
    std::optional<int64_t> noticed;
    int64_t stopped = -1;
    int64_t fenced = -1;
    const auto is_own = [&](const StoryEvent& event) {
      return std::find(service.primitives.begin(), service.primitives.end(), event.resource) !=
             service.primitives.end();
    };
    for (size_t i = first_; i < world_.story().size(); ++i) {
      const StoryEvent& event = world_.story()[i];
      if (event.time_ms > back_ms && tracks_[&service - services_.data()].serves) break;
      switch (event.kind) {
        case EventKind::kNodeLost:
        case EventKind::kFailureNoticed:
          if (!noticed) noticed = event.time_ms;
          break;
        case EventKind::kActionDone:
        case EventKind::kActionFails:
          if (is_own(event) && (event.operation == "stop" || event.operation == "demote")) stopped = event.time_ms;
          break;
        case EventKind::kFenced:
          fenced = event.time_ms;
          history.fenced.push_back(event.node + " by " + (event.device.empty() ? "its own watchdog" : event.device));
          break;
        default:
          break;
      }
    }
    std::vector<std::pair<int64_t, ChainPart>> ends;
    if (noticed) ends.emplace_back(*noticed, ChainPart::kNotice);
    if (stopped >= 0) ends.emplace_back(stopped, ChainPart::kStop);
    if (fenced >= 0) ends.emplace_back(fenced, ChainPart::kFence);
    std::stable_sort(ends.begin(), ends.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    ends.emplace_back(back_ms, ChainPart::kStart);
    int64_t from_ms = begin_ms_;
    for (const auto& [end_ms, part] : ends) {
      history.parts.push_back({part, end_ms - from_ms});
      from_ms = end_ms;
    }
  }

  const std::vector<Service>& services_;
  World world_;
  Observer observer_;
  std::vector<Track> tracks_;
  int64_t begin_ms_ = 0;
  size_t first_ = 0;
};

// Plays faults against all services at once, in one world.
class Stage {
 public:
  Stage(std::shared_ptr<const Catalog> catalog, const solver::State& state, WorldSettings settings, bool resume,
        const std::vector<Service>& services)
      : services_(services), player_(std::move(catalog), state, std::move(settings)) {
    player_.resume = resume;
    rests_ = !player_.Start();
    observer_.Begin(player_.rested());
  }

  bool rests() const { return rests_; }
  const World& rested() const { return player_.rested(); }
  bool IsUp(const Service& service) const { return Serves(service, rested(), observer_); }
  std::string NodeOf(const Service& service) const {
    for (const auto& [name, node] : rested().nodes()) {
      if (Serves(service, rested(), observer_, name)) return name;
    }
    return {};
  }

  struct Played {
    std::vector<std::optional<ChainHistory>> of;  // by service; nothing: it served on
    std::string first_device;
  };
  // The worst of all ways, for each service.
  Played Play(const std::vector<say::Fault>& faults) {
    Played played;
    played.of.resize(services_.size());
    int ways = 0;
    for (std::optional<execution::Choices> way = execution::Choices(); way && ways < kWaysMax;
         way = way->Next(), ++ways) {
      Watch watch(rested(), services_);
      watch.Play(faults, *way, run_);
      if (played.first_device.empty()) played.first_device = watch.FirstDevice();
      for (size_t i = 0; i < services_.size(); ++i) {
        if (!watch.WasDown(i)) continue;
        ChainHistory history = watch.Of(i);
        if (!played.of[i] || IsWorse(history, *played.of[i])) played.of[i] = std::move(history);
      }
    }
    return played;
  }

  static bool IsWorse(const ChainHistory& a, const ChainHistory& b) {
    if (!a.away_ms || !b.away_ms) return !a.away_ms && b.away_ms;
    return *a.away_ms > *b.away_ms;
  }

 private:
  const std::vector<Service>& services_;
  Player player_;
  Observer observer_;
  solver::Run run_;
  bool rests_ = false;
};

class Chainer {
 public:
  Chainer(std::shared_ptr<const Catalog> catalog, const solver::State& state, WorldSettings settings, bool resume)
      : services_(ServicesOf(*catalog)),
        assumed_(catalog, state, settings, resume, services_),
        longest_(catalog, state, Longest(settings), resume, services_) {}

  ChainsResult Run() {
    ChainsResult result;
    result.rests = assumed_.rests() && longest_.rests();
    if (!result.rests) return result;
    std::map<std::string, std::vector<size_t>> on_node;
    for (size_t i = 0; i < services_.size(); ++i) {
      const std::string node = assumed_.NodeOf(services_[i]);
      if (node.empty()) {
        result.idle.push_back(services_[i].id);
      } else {
        on_node[node].push_back(i);
      }
    }
    for (const auto& [node, services] : on_node) Node(node, services, result.chains);
    for (const auto& [node, services] : on_node) {
      for (const size_t service : services) {
        Member(service, node, ChainFault::kResourceFails, result.chains);
        Member(service, node, ChainFault::kStopHangs, result.chains);
      }
    }
    std::stable_sort(result.chains.begin(), result.chains.end(), [&](const Chain& a, const Chain& b) {
      return std::tuple(IndexOf(a.service), a.fault == ChainFault::kDeviceHangs ? 1 : 2 * static_cast<int>(a.fault)) <
             std::tuple(IndexOf(b.service), b.fault == ChainFault::kDeviceHangs ? 1 : 2 * static_cast<int>(b.fault));
    });
    return result;
  }

 private:
  static WorldSettings Longest(WorldSettings settings) {
    settings.durations.longest = true;
    return settings;
  }

  size_t IndexOf(const std::string& service) const {
    size_t i = 0;
    while (services_[i].id != service) ++i;
    return i;
  }

  // The node dies; it dies and the device that is used first hangs.
  void Node(const std::string& node, const std::vector<size_t>& services, std::vector<Chain>& chains) {
    const say::Fault kill = say::Kill{{{node, {}}}};
    const std::string device = Add({kill}, ChainFault::kNodeDies, node, node, services, chains);
    if (device.empty()) return;
    const say::Fault hang = say::FailFence{{device, {}}, say::FailFence::How::kTimesOut};
    Add({hang, kill}, ChainFault::kDeviceHangs, device, node, services, chains);
  }

  std::string Add(const std::vector<say::Fault>& faults, ChainFault fault, const std::string& subject,
                  const std::string& node, const std::vector<size_t>& services, std::vector<Chain>& chains) {
    const Stage::Played assumed = assumed_.Play(faults);
    const Stage::Played longest = longest_.Play(faults);
    for (const size_t i : services) {
      if (!assumed.of[i]) continue;
      chains.push_back(
          {services_[i].id, node, fault, subject, faults, *assumed.of[i], longest.of[i].value_or(*assumed.of[i])});
    }
    return assumed.first_device;
  }

  // Of the members of a service, the one whose failure keeps it away longest. Which one that is may be another one
  // where all needs its timeout: a bound holds for every member.
  void Member(size_t service, const std::string& node, ChainFault fault, std::vector<Chain>& chains) {
    std::optional<Chain> worst;
    std::optional<ChainHistory> bound;
    for (const std::string& primitive : services_[service].primitives) {
      say::FailResource fail;
      fail.resource.id = primitive;
      fail.node = say::Name{node, {}};
      std::vector<say::Fault> faults = {fail};
      if (fault == ChainFault::kStopHangs) {
        say::FailResource stop = fail;
        stop.operation = "stop";
        stop.timed_out = true;
        faults.insert(faults.begin(), stop);
      }
      std::vector<Chain> own;
      Add(faults, fault, primitive, node, {service}, own);
      if (own.empty()) continue;
      if (!bound || Stage::IsWorse(own.front().longest, *bound)) bound = own.front().longest;
      if (!worst || Stage::IsWorse(own.front().assumed, worst->assumed)) worst = std::move(own.front());
    }
    if (!worst) return;
    worst->longest = *std::move(bound);
    chains.push_back(*std::move(worst));
  }

  const std::vector<Service> services_;
  Stage assumed_;
  Stage longest_;
};

}  // namespace

std::string_view NameOf(ChainPart part) {
  switch (part) {
    case ChainPart::kNotice:
      return "notice";
    case ChainPart::kStop:
      return "stop";
    case ChainPart::kFence:
      return "fence";
    case ChainPart::kStart:
      return "start";
    case ChainPart::kAgain:
      return "again";
  }
  return "";
}

ChainsResult ChainsOf(std::shared_ptr<const Catalog> catalog, const solver::State& state, const WorldSettings& settings,
                      bool resume) {
  return Chainer(std::move(catalog), state, settings, resume).Run();
}

}  // namespace picket::simulator
