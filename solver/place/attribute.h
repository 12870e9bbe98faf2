// Node attributes as placement sees them: of the node, or of the host below a guest (spec 03 §9.4, 04 §5.9).
//
// A host moves while resources are assigned, so nothing here is remembered. Cost: a scan of one node's
// attributes.
#pragma once

#include <string>
#include <string_view>

#include "solver/model/run.h"

namespace picket::solver::place {

// The attribute as the resource's `container-attribute-target` asks for it; `assigned_host`: where the
// launcher is assigned, else where it is active now. None: unset, or there is no host.
const std::string* TargetedAttribute(const Run& run, ResourceId resource, NodeId node, std::string_view attribute,
                                     bool assigned_host);

// Whether any node's attributes may be those of another node for this resource.
bool LooksAtHosts(const Run& run, ResourceId resource);

// Whether the node's `#uname` is its name. A node that only a connection made has none before a node_state is
// read for it (spec 01 §7.4), so that all such nodes are one place for a colocation.
bool KnowsItsName(const Run& run, NodeId node);

// Two missing values are equal (spec 03 §9.4.2).
bool SameValue(const std::string* a, const std::string* b);

}  // namespace picket::solver::place
