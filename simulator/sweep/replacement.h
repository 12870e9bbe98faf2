// What a changed configuration does to a cluster at rest under the old one.
//
// The resources go on as they are, and the world decides and acts under the new configuration. Nodes that
// only the new one has are down at first and then boot; nodes that it has no longer are gone, with what ran
// there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/world/world.h"

namespace picket::simulator {

struct Effect {
  enum class Kind : uint8_t { kRestarts, kMoves, kMigrates, kStops, kStarts, kPromotes, kDemotes, kReloads, kFences };
  Kind kind = Kind::kRestarts;
  std::string subject;             // a primitive; of kFences a node
  std::vector<std::string> nodes;  // where; of a move or migration: to where
  std::vector<std::string> from;   // of a move or migration
};

struct Replacement {
  std::vector<Effect> effects;  // by kind, then in the order of the new configuration
  bool rests = true;
};

// `before` is at rest. Of `after` its configuration and settings count. Fence devices are not told.
Replacement Replace(const World& before, const World& after, solver::Run& run);

std::string KindText(Effect::Kind kind);
// `restarts t2, l2; moves web from n1 to n2`; empty if there is no effect.
std::string EffectsText(const Replacement& replacement);

}  // namespace picket::simulator
