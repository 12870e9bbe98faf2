// What a condition is about, and whether it can be true for want of anything to judge.
//
// `count(running a) <= 1` is true of a cluster in which `a` never runs, and proves nothing. `stopped a` says just that,
// so its subject does not count here.
#pragma once

#include <set>
#include <string>

#include "compiler/scenario/scenario.h"
#include "simulator/world/world.h"

namespace picket::simulator {

// The resources that a condition speaks of other than as stopped.
std::set<std::string> SubjectsOf(const compiler::scenario::Condition& condition);

// Whether any instance of the resource is on a node, in whatever role.
bool IsSomewhere(const std::string& resource, const World& world);

// The resource, device or constraint that a fault is about, if the configuration in force has it no more; else empty.
std::string GoneSubject(const compiler::scenario::Fault& fault, const World& world);

// `web`, `web and db`, `web, db and vip`.
std::string Listed(const std::set<std::string>& names);

}  // namespace picket::simulator
