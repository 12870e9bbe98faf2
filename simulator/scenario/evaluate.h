// Is a condition true of a history, and if not, what is so instead?
//
// A condition speaks of three things: how the world is now (`running`, `online`), what has happened since the
// first fault
// (`fenced`, `promote`, `no restart of`), and amounts (`count`, `downtime`). The Observer sees every event of
// the story and keeps what cannot be told afterwards: when a state first came about, and how long a resource
// did not run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/scenario/scenario.h"
#include "simulator/world/world.h"

namespace picket::simulator {

class Observer {
 public:
  // Begins to watch: what happened before does not count.
  void Begin(const World& world);
  // Watches what these conditions will ask for.
  void Register(const compiler::scenario::Condition& condition);
  // After each event of the story.
  void See(const World& world);

  size_t since() const { return since_; }
  int64_t since_ms() const { return since_ms_; }
  // Position in the story at which the state first held (before any event: since()), if it ever did.
  std::optional<size_t> FirstTime(const compiler::scenario::InState& state) const;
  int64_t DowntimeMs(const std::string& resource, const World& world) const;

 private:
  struct StateWatch {
    const compiler::scenario::InState* state;
    std::optional<size_t> first;
  };
  struct RunWatch {
    std::string resource;
    int64_t down_ms = 0;
    std::optional<int64_t> down_since_ms;
  };
  void RegisterEvent(const compiler::scenario::Event& event);
  void RegisterQuantity(const compiler::scenario::Quantity& quantity);

  size_t since_ = 0;
  int64_t since_ms_ = 0;
  std::vector<StateWatch> states_;
  std::vector<RunWatch> runs_;
};

bool Holds(const compiler::scenario::Condition& condition, const World& world, const Observer& observer);

// What is so instead of a condition that does not hold, in a few words: `pbx runs on ha2`.
std::string Instead(const compiler::scenario::Condition& condition, const World& world,
                    const Observer& observer);

}  // namespace picket::simulator
