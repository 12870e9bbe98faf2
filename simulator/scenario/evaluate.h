// Is a condition true of a history, and if not, what is so instead?
//
// A condition speaks of three things: how the world is now (`running`, `online`), what has happened since the
// first fault (`fenced`, `promote`, `no restart of`), and amounts (`count`, `downtime`). The Observer is the little
// automaton that sees every event and keeps what will be asked for: it needs no story, so a search keeps none.
// Its key says when two of them can no longer give different answers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/scenario/scenario.h"
#include "simulator/scenario/places_seen.h"
#include "simulator/scenario/services.h"
#include "simulator/world/world.h"

namespace picket::simulator {

class Observer {
 public:
  // Begins to watch: what happened before does not count.
  void Begin(const World& world);
  // Watches what this condition will ask for. The condition must stay where it is.
  void Register(const compiler::scenario::Condition& condition);
  // The cluster has come to rest: what is down now stays down.
  void AtRest() { at_rest_ = true; }
  // After each event.
  void See(const World& world, const StoryEvent& event);
  // What still makes a difference to answers, into a hash.
  void AddKey(Hasher& hasher, const World& world) const;

  const ServiceWatch& services() const { return services_; }
  size_t since() const { return since_; }
  int64_t since_ms() const { return since_ms_; }
  // Number of the event at which the state first held, if it ever did.
  std::optional<size_t> FirstTime(const compiler::scenario::InState& state) const;
  // Number of the event at which the action was first begun, or first done.
  std::optional<size_t> FirstBegun(const compiler::scenario::Happened& happened) const;
  std::optional<size_t> FirstDone(const compiler::scenario::Happened& happened) const;
  bool IsUndisturbed(const compiler::scenario::Undisturbed& claim) const;
  // Empty device: by whichever.
  bool WasFenced(std::string_view node, std::string_view device) const;
  // kForEverMs at rest for what is down.
  int64_t DowntimeMs(const std::string& resource, const World& world) const;
  static constexpr int64_t kForEverMs = 1'000'000'000'000'000;  // sums of several are still numbers

 private:
  struct StateWatch {
    const compiler::scenario::InState* state;
    std::optional<size_t> first;
  };
  struct ActionWatch {
    const compiler::scenario::Happened* happened;
    std::optional<size_t> begun;
    std::optional<size_t> done;
  };
  struct DisturbanceWatch {
    const compiler::scenario::Undisturbed* claim;
    // primitive -> where it was stopped and not started since; of what is no clone, the last place alone
    std::map<std::string, std::set<std::string>> stopped;
    bool disturbed = false;
  };
  struct RunWatch {
    std::string resource;
    int64_t down_ms = 0;
    std::optional<int64_t> down_since_ms;
  };
  int64_t DownSoFarMs(const RunWatch& watch, const World& world) const;
  void RegisterEvent(const compiler::scenario::Event& event);
  void RegisterQuantity(const compiler::scenario::Quantity& quantity);
  void SeeRuns(const World& world);
  void SeeAction(const World& world, const StoryEvent& event, size_t number);

  ServiceWatch services_;
  PlacesSeen places_;  // at the last event; only if somebody waits for a resource to run, or services are watched
  bool at_rest_ = false;
  size_t since_ = 0;
  int64_t since_ms_ = 0;
  std::set<std::pair<std::string, std::string>> fenced_;  // node, device
  std::vector<StateWatch> states_;
  std::vector<ActionWatch> actions_;
  std::vector<DisturbanceWatch> disturbances_;
  std::vector<RunWatch> runs_;
};

bool Holds(const compiler::scenario::Condition& condition, const World& world, const Observer& observer);

// What is so instead of a condition that does not hold, in a few words: `pbx runs on ha2`.
std::string Instead(const compiler::scenario::Condition& condition, const World& world, const Observer& observer);

}  // namespace picket::simulator
