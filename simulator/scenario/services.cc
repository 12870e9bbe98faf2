#include "simulator/scenario/services.h"

#include <algorithm>
#include <stdexcept>

#include "simulator/scenario/evaluate.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;

constexpr std::string_view kFenceClass = "stonith";

say::Condition ServesAt(const std::string& id, bool promotable, std::optional<std::string> node = std::nullopt) {
  say::InState state;
  state.state = promotable ? say::State::kPromoted : say::State::kRunning;
  state.subject.id = id;
  if (node) state.node = say::Name{*node, {}};
  return {std::move(state), {}};
}

std::string Seconds(int64_t ms) {
  return std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100) + " s";
}

StoryEvent NoteOf(const std::string& id, int64_t time_ms, std::string text) {
  StoryEvent event;
  event.time_ms = time_ms;
  event.resource = id;
  event.text = std::move(text);
  return event;
}

bool IsFenceDevice(const World& world, const std::string& resource) {
  const CatalogEntry* entry = resource.empty() ? nullptr : world.catalog().Find(resource);
  return entry && entry->def->cls == kFenceClass;
}

}  // namespace

void ServiceWatch::Begin(const World& world, const Observer& observer) {
  services_.clear();
  moments_.clear();
  if (!world.settings().keep_story) return;
  for (const solver::ResourceDef& def : world.catalog().cluster().resources) {
    const CatalogEntry* entry = world.catalog().Find(def.id);
    if (!entry || def.cls == kFenceClass) continue;
    Service service{def.id, entry->promotable, false, std::nullopt};
    service.serves = Holds(ServesAt(def.id, service.promotable), world, observer);
    services_.push_back(std::move(service));
  }
}

void ServiceWatch::See(const World& world, const Observer& observer, const PlacesSeen& places) {
  const bool verify = world.settings().verify_plans;
  if (!verify && !places.all_changed() && places.changed().empty()) return;
  for (Service& service : services_) {
    const bool touched = places.Touch(world, service.id);
    if (!touched && !verify) continue;
    const bool serves = Holds(ServesAt(service.id, service.promotable), world, observer);
    if (serves == service.serves) continue;
    if (!touched) throw std::logic_error("a service has changed that no event touched");
    service.serves = serves;
    const char* verb = service.promotable ? " is promoted" : " serves";
    std::string text = service.id + (service.promotable ? " is promoted nowhere" : " is down");
    if (serves) {
      std::string nodes;
      for (const auto& [name, node] : world.nodes()) {
        if (Holds(ServesAt(service.id, service.promotable, name), world, observer)) {
          nodes += (nodes.empty() ? "" : ", ") + name;
        }
      }
      text = service.id + verb + (service.down_since_ms ? " again on " : " on ") + nodes;
      if (service.down_since_ms) text += ", after " + Seconds(world.now_ms() - *service.down_since_ms);
      service.down_since_ms.reset();
    } else {
      service.down_since_ms = world.now_ms();
    }
    moments_.push_back({world.events(), NoteOf(service.id, world.now_ms(), std::move(text))});
  }
}

Story ServiceWatch::Told(const World& world) const {
  Story story;
  size_t next = 0;
  for (size_t i = 0; i < world.story().size(); ++i) {
    StoryEvent event = world.story()[i];
    if (event.device.empty() && IsFenceDevice(world, event.resource)) event.device = event.resource;
    story.push_back(std::move(event));
    for (; next < moments_.size() && moments_[next].after == i + 1; ++next) story.push_back(moments_[next].event);
  }
  for (const Service& service : services_) {
    if (!service.down_since_ms) continue;
    story.push_back(NoteOf(service.id, world.now_ms(),
                           service.id + (service.promotable ? " is still promoted nowhere" : " is still down")));
  }
  return story;
}

}  // namespace picket::simulator
