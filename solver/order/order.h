// Orderings: recording them, linking actions, and what follows (spec 05 §11-§14, §18-§20).
#pragma once

#include "solver/model/run.h"

namespace picket::solver {

// Appends a recorded ordering and its migration equivalents (spec 05 §11.2, §17.3). Ends given as actions are
// filled in.
void Record(Run& run, OrderingEnd first, OrderingEnd then, Kinds kinds);
inline OrderingEnd End(ResourceId resource, Symbol operation, uint32_t interval_ms = 0) {
  return OrderingEnd{resource, operation, interval_ms, ActionId()};
}
inline OrderingEnd End(ActionId action) {
  return OrderingEnd{ResourceId(), Symbol::kNone, 0, action};
}

// Links two existing actions (spec 05 §11.3). Gives whether a record was added.
bool Link(Run& run, ActionId first, ActionId then, Kinds kinds);

// S5: one configured ordering (spec 05 §12).
void UnpackOrder(Run& run, const OrderDef& order);
// 13.6: orderings of a mandatory anti-colocation, recorded when the colocation is stored.
void RecordAntiColocation(Run& run, const Colocation& colocation);
// S7: implicit orderings, colocations and bans, per top-level resource (spec 05 §13, 03 §5.6, §6.5).
void RecordImplicit(Run& run);
// S14 (spec 05 §14).
void OrderRemote(Run& run);
// State of a remote or guest node's connection (spec 05 §14.1).
enum class ConnectionState : uint8_t { kUnknown, kFailed, kStopped, kResting, kAlive };
ConnectionState StateOfConnection(const Run& run, NodeId node);
// S16 and S17 (spec 05 §18-§20). Recursion is deep: run on a thread with a large stack (see schedule.h).
void Materialise(Run& run);
void Propagate(Run& run);

// Brings a collective's action in line with those of its members or instances, as asking for its effective
// attributes does (spec 05 §19.3, §21.4).
void RefreshCollective(Run& run, ActionId action);

// Whether the record may become a graph input (spec 05 §21.2, 06 §6.2); may disable it. Used by the loop test
// of §20 and by solver/graph.
bool AcceptsInput(Run& run, RelationId relation);
// Whether an action passes the filter of the graph (spec 05 §21.1).
bool PassesGraphFilter(const Run& run, ActionId action);

}  // namespace picket::solver
