// Which element of the configuration a fact comes from: options with their inheritance, constraints between two
// resources.
#pragma once

#include <string>
#include <string_view>

#include "solver/model/run.h"

namespace picket::simulator::explain {

// The nvpair that gives a resource its meta-attribute: its own, that of a resource around it, or a default; empty if
// nobody sets it. Rules are not evaluated: of several blocks the first that has the name counts.
std::string MetaOrigin(const solver::Run& run, solver::ResourceId resource, std::string_view name);
// The nvpair of a cluster option, under its name of today or an older one.
std::string PropertyOrigin(const solver::Run& run, std::string_view name);
// The nvpair of a node's configured attribute.
std::string NodeAttributeOrigin(const solver::Run& run, solver::NodeId node, std::string_view name);

// What says how much the resource needs.
std::string UtilizationOrigin(const solver::Run& run, solver::ResourceId resource);

// The order constraint or the group that makes `then` wait for `first`; empty: none is known.
std::string OrderOrigin(const solver::Run& run, solver::ResourceId first, solver::ResourceId then);

// The id in the configuration of what a run calls `drbd:1`.
const std::string& ConfiguredId(const solver::Run& run, solver::ResourceId resource);

}  // namespace picket::simulator::explain
