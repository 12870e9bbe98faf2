// The faults that a search combines: one for each thing of a named kind that can break.
//
// node: its power is lost; resource: it stops serving (of a clone: on one node); link: cut for everybody;
// fence: the device refuses; ticket: revoked. In the order of the configuration, so that histories have an
// order of their own. return: the ends of the outages of the other kinds, in the same order behind them. A
// resource that failed needs no return: the cluster itself starts it again.
#pragma once

#include <optional>
#include <vector>

#include "compiler/scenario/scenario.h"
#include "simulator/world/world.h"

namespace picket::simulator {

std::vector<compiler::scenario::Fault> FaultsOf(const std::vector<compiler::scenario::FaultKind>& kinds,
                                                const World& world);

// What ends the outage: power is back, the link is healed, the device repaired, the ticket granted. Nullopt
// for a fault that nobody has to end.
std::optional<compiler::scenario::Fault> ReturnOf(const compiler::scenario::Fault& outage);

// Only what one has can be lost: where the loss of a ticket is among the faults, the cluster begins with it.
void GrantWhatMayBeLost(const std::vector<compiler::scenario::Fault>& faults, World& world, solver::Run& run);

}  // namespace picket::simulator
