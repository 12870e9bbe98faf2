#include "simulator/scenario/places_seen.h"

#include <algorithm>
#include <map>
#include <variant>

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;

bool IsPlace(say::State state) {
  return state != say::State::kFenced && state != say::State::kOnline;
}

bool AsksOnlyForPlaces(const say::Quantity& quantity, std::vector<std::string>& resources) {
  if (std::holds_alternative<say::Constant>(quantity.what)) return true;
  if (const auto* count = std::get_if<say::Count>(&quantity.what)) {
    if (count->subject) resources.push_back(count->subject->id);
    return IsPlace(count->state);
  }
  if (const auto* arithmetic = std::get_if<std::shared_ptr<const say::Arithmetic>>(&quantity.what)) {
    return AsksOnlyForPlaces((*arithmetic)->left, resources) && AsksOnlyForPlaces((*arithmetic)->right, resources);
  }
  return false;
}

bool AllAsk(const std::vector<say::Condition>& operands, std::vector<std::string>& resources) {
  return std::all_of(operands.begin(), operands.end(),
                     [&](const say::Condition& operand) { return simulator::AsksOnlyForPlaces(operand, resources); });
}

}  // namespace

void PlacesSeen::Look(const World& world) {
  changed_.clear();
  const bool same_nodes = std::equal(nodes_.begin(), nodes_.end(), world.nodes().begin(), world.nodes().end(),
                                     [](const NodeSeen& seen, const auto& node) { return seen.name == node.first; });
  all_changed_ = nodes_.empty() || !same_nodes;
  if (!same_nodes) {
    nodes_.clear();
    for (const auto& [name, node] : world.nodes()) {
      nodes_.push_back({name, std::make_shared<const std::vector<Place>>()});
    }
  }
  auto seen = nodes_.begin();
  for (const auto& [name, node] : world.nodes()) LookAt(node, *seen++);
}

// Both are sorted by instance: what one has alone, or otherwise, has changed.
void PlacesSeen::LookAt(const TrueNode& node, NodeSeen& seen) {
  const size_t changed_before = changed_.size();
  auto before = seen.places->begin();
  const auto end = seen.places->end();
  for (const auto& [instance, now] : node.resources) {
    for (; before != end && before->instance < instance; ++before) changed_.push_back(before->primitive);
    const bool is_known = before != end && before->instance == instance;
    const bool same = is_known && before->role == now.role && before->failing_rc == now.failing_rc &&
                      before->primitive == now.primitive;
    if (!same) changed_.push_back(now.primitive);
    if (is_known && before->primitive != now.primitive) changed_.push_back(before->primitive);
    if (is_known) ++before;
  }
  for (; before != end; ++before) changed_.push_back(before->primitive);
  if (changed_.size() == changed_before) return;
  std::vector<Place> places;
  places.reserve(node.resources.size());
  for (const auto& [instance, now] : node.resources) {
    places.push_back({instance, now.primitive, now.role, now.failing_rc});
  }
  seen.places = std::make_shared<const std::vector<Place>>(std::move(places));
}

bool PlacesSeen::Touch(const World& world, std::string_view resource) const {
  if (all_changed_) return true;
  if (changed_.empty()) return false;
  const CatalogEntry* entry = world.catalog().Find(resource);
  return std::any_of(changed_.begin(), changed_.end(), [&](const std::string& primitive) {
    if (!entry) return primitive == resource;
    return std::find(entry->primitives.begin(), entry->primitives.end(), primitive) != entry->primitives.end();
  });
}

bool AsksOnlyForPlaces(const say::Condition& condition, std::vector<std::string>& resources) {
  if (const auto* state = std::get_if<say::InState>(&condition.what)) {
    resources.push_back(state->subject.id);
    return IsPlace(state->state);
  }
  if (const auto* comparison = std::get_if<say::Comparison>(&condition.what)) {
    return AsksOnlyForPlaces(comparison->left, resources) && AsksOnlyForPlaces(comparison->right, resources);
  }
  if (const auto* negation = std::get_if<say::Not>(&condition.what)) {
    return AsksOnlyForPlaces(*negation->operand, resources);
  }
  if (const auto* all = std::get_if<say::And>(&condition.what)) return AllAsk(all->operands, resources);
  if (const auto* any = std::get_if<say::Or>(&condition.what)) return AllAsk(any->operands, resources);
  if (const auto* implies = std::get_if<say::Implies>(&condition.what)) {
    return AsksOnlyForPlaces(*implies->premise, resources) && AsksOnlyForPlaces(*implies->conclusion, resources);
  }
  return false;
}

}  // namespace picket::simulator
