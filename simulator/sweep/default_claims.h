// What a sweep claims of a cluster whose policy has no invariant.
//
// As long as the nodes that are online can have quorum: whatever ran at the beginning runs again at rest, a promotable
// is promoted again; and always: a primitive that is not cloned serves on one node at most, and no more instances are
// promoted than promoted-max allows. docs/sweep.md says so to its readers.
#pragma once

#include <memory>

#include "compiler/scenario/scenario.h"
#include "simulator/world/world.h"

namespace picket::simulator {

std::unique_ptr<const compiler::scenario::Invariant> DefaultClaims(const World& rested);

// A claim made here in words, since no policy has it; empty for others.
std::string DefaultClaimText(const compiler::scenario::Claim& claim);

}  // namespace picket::simulator
