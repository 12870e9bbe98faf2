// Unpacking: the configuration of a Cluster becomes the nodes and resources of a Run (spec 01 §1 steps 3-11).
//
// What it is not: reading XML (solver/cib) or history (solver/status). Cost: proportional to the
// configuration, with its instances.
#pragma once

#include "solver/model/run.h"

namespace picket::solver {

// Clears `run` and fills options, nodes, resources (with launchers and connection links, sorted by priority),
// tags and template members from *run.cluster and *run.state. Expects cluster, state and recorder to be set.
void UnpackConfiguration(Run& run);

// A further instance of `clone` with the next number, appended to its children; removed if the number is
// clone-max or more (spec 01 §16.2.8-9, 02 §3.2).
ResourceId CreateInstance(Run& run, ResourceId clone);

// A removed top-level primitive from the attributes of an lrm_resource (spec 01 §19.4, 02 §3.4): normal
// unpacking, flag removed, appended to the resource list; a remote connection gets its node, linked and
// shutting down; without stop-removed-resources it is unmanaged, else banned everywhere.
ResourceId CreateRemovedPrimitive(Run& run, const Attributes& history_attributes);

// Parameters of a resource evaluated for a node, or for none: own blocks, then the ancestors', never
// overwriting (spec 01 §13.8).
Table EvaluateParams(Run& run, ResourceId resource, NodeId node);

// Reads transient attributes over the permanent ones and refreshes the generated ones (spec 01 §7.4, §8.1.4).
void ApplyTransientAttributes(Run& run, NodeId node, const NodeState& state);

// `candidate_s` becomes the recheck time if it lies in the future and is earlier than the one known (spec 01
// §5.8).
void ConsiderRecheck(Run& run, int64_t candidate_s);

// A configured time in seconds: rounded, or before 3.0 cut off (spec 02 §1, 07 C-10).
uint32_t WholeSeconds(const Run& run, uint32_t ms);

// Adds a node to the run, keeping node_order (spec 01 §7.1). Sets #kind.
NodeId AddNode(Run& run, std::string_view id, std::string_view name, bool remote, Score base_score);

// "Add score S on node N" (spec 01 §13.7, 03 §3.2): children first, then the resource; entries are created
// from the node's base score and probe mode.
void AddScore(Run& run, ResourceId resource, NodeId node, Score score);
// A fresh table with every node at -INFINITY, of this resource alone (spec 02 §11.6, 03 §3.2).
void BanEverywhereFresh(Run& run, ResourceId resource);

}  // namespace picket::solver
