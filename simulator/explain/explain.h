// Why a resource is where it is, or is not: the recorder's events and the finished run, read for one resource.
//
// What was recorded while deciding is put in order, nothing is decided again: scores come from the choices, orders
// from the relations of actions that cannot run. A reason that is itself a decision about another resource
// (colocation, order) has that decision below it, to a depth that a reader can follow. Cost: the events once, then
// those of the resources that are told about.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/explain/reason.h"
#include "simulator/explain/situation.h"

namespace picket::simulator::explain {

// `id`: a resource as it is configured, or one instance (`drbd:1`). None if there is no such resource.
std::optional<Explanation> Explain(const Situation& situation, std::string_view id);

// Whether the resource will run: a primitive or an instance somewhere, all members of a group.
bool Runs(const Situation& situation, std::string_view id);

// Every configured id, for questions about all of them and for names that were misspelt.
std::vector<std::string> ResourceIds(const solver::Cluster& cluster);

}  // namespace picket::simulator::explain
