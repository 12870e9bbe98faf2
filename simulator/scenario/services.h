// When each service went down and when it served again: what people read a story for.
//
// A service is a resource at the top level that is no fence device; a promotable one serves where it is promoted. Keeps
// nothing where the world keeps no story.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/scenario/places_seen.h"
#include "simulator/world/world.h"

namespace picket::simulator {

class Observer;

class ServiceWatch {
 public:
  void Begin(const World& world, const Observer& observer);
  bool empty() const { return services_.empty(); }
  // After each event. `places`: what has changed since the event before; no other service is looked at.
  void See(const World& world, const Observer& observer, const PlacesSeen& places);
  // The world's story with the services' moments in it, as notes about a resource. Events of fence devices name the
  // device, so that they can be left out.
  Story Told(const World& world) const;

 private:
  struct Service {
    std::string id;
    bool promotable = false;
    bool serves = false;
    std::optional<int64_t> down_since_ms;
  };
  struct Moment {
    size_t after = 0;  // how many events came before
    StoryEvent event;
  };

  std::vector<Service> services_;
  std::vector<Moment> moments_;
};

}  // namespace picket::simulator
