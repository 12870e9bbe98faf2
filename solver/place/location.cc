#include "solver/place/location.h"

#include <utility>

#include "solver/place/place.h"
#include "solver/place/rows.h"

namespace picket::solver {

LocationId AddLocation(Run& run, Location location) {
  const LocationId id(run.locations.size());
  auto& own = run.at(location.resource).locations;
  own.insert(own.begin(), id);  // The newest is applied first (spec 03 §4.4).
  run.locations.push_back(std::move(location));
  return id;
}

namespace place {
namespace {

enum class Amount : uint8_t { kFull, kZero };

// The filter compares with the next role of the moment; `Promoted` waits for role selection (spec 03 §4.5.1).
bool RoleMatches(const Run& run, ResourceId resource, const Location& location) {
  return location.role == Role::kUnknown || location.role == run.at(resource).next_role;
}

void ApplyToOne(Run& run, ResourceId id, const Location& location, Amount amount) {
  if (!RoleMatches(run, id, location)) return;
  for (const auto& [node, configured] : location.nodes) {
    const Score score = amount == Amount::kFull ? configured : Score();
    Row& row = run.at(id).row;
    const bool existed = row.Find(node) != nullptr;
    Cell& cell = row.FindOrCreate(node, score, run.at(node).probe_mode);
    if (!existed) {
      RecordReason(run, "location", id, node, Score(), score, location.id);
    } else {
      SetScore(run, id, node, cell, cell.score + score, "location", location.id);
    }
    if (location.discovery > cell.probe_mode) {
      cell.probe_mode = location.discovery;
      if (cell.probe_mode == ProbeMode::kExclusive) run.at(id).exclusive_discovery = true;
    }
  }
}

void Apply(Run& run, ResourceId id, const Location& location, Amount amount);

// Members after the first of a colocated group get zeros: the nodes become possible, but nothing counts twice.
void ApplyToGroup(Run& run, ResourceId id, const Location& location, Amount amount) {
  ApplyToOne(run, id, location, amount);
  const std::vector<ResourceId> members = run.at(id).children;
  const bool collocated = run.at(id).group_collocated;
  for (size_t i = 0; i < members.size(); ++i) {
    Apply(run, members[i], location, collocated && i > 0 ? Amount::kZero : amount);
  }
}

void ApplyToBundle(Run& run, ResourceId id, const Location& location, Amount amount) {
  ApplyToOne(run, id, location, amount);
  const BundleData bundle = *run.at(id).bundle;
  for (const Replica& replica : bundle.replicas) {
    if (replica.container.valid()) Apply(run, replica.container, location, amount);
    if (replica.ip.valid()) Apply(run, replica.ip, location, amount);
  }
}

void Apply(Run& run, ResourceId id, const Location& location, Amount amount) {
  switch (run.at(id).variant) {
    case Variant::kPrimitive:
      ApplyToOne(run, id, location, amount);
      return;
    case Variant::kGroup:
      ApplyToGroup(run, id, location, amount);
      return;
    case Variant::kClone: {
      ApplyToOne(run, id, location, amount);
      const std::vector<ResourceId> instances = run.at(id).children;
      for (const ResourceId instance : instances) Apply(run, instance, location, amount);
      return;
    }
    case Variant::kBundle:
      ApplyToBundle(run, id, location, amount);
      return;
  }
}

}  // namespace

void ApplyLocation(Run& run, ResourceId id, LocationId location_id) {
  const Location location = run.at(location_id);
  Apply(run, id, location, Amount::kFull);
  // The promotion of a bundle's replicas is decided by its clone, which therefore keeps the constraint as well.
  if (run.at(id).is_bundle() && location.role == Role::kPromoted && run.at(id).bundle->contained.valid()) {
    const ResourceId contained = run.at(id).bundle->contained;
    Apply(run, contained, location, Amount::kFull);
    auto& own = run.at(contained).locations;
    own.insert(own.begin(), location_id);
  }
}

void ApplyLocationsToRow(const Run& run, ResourceId group, ResourceId member, Row& row) {
  for (const LocationId id : run.at(group).locations) {
    const Location& location = run.at(id);
    if (!RoleMatches(run, member, location)) continue;
    for (const auto& [node, score] : location.nodes) {
      if (Cell* cell = row.Find(node)) {
        cell->score += score;
      } else {
        row.FindOrCreate(node, score, run.at(node).probe_mode);
      }
    }
  }
}

}  // namespace place
}  // namespace picket::solver
