// Notifications of clones (spec 04 §10, 05 §10.4-§10.5). Used inside this room; the stage that the graph
// calls, CreateNotifications(), is in stages.h.
//
// Four pseudo-actions per operation surround it: pre, confirmed-pre, the operation, its completion, post,
// confirmed-post. They are made with the clone's other pseudo-actions, so that orderings can use them. The
// operations that really notify the instances are made much later, when it is known who starts, stops, and so
// on.
#pragma once

#include <cstdint>

#include "solver/model/run.h"

namespace picket::solver {

enum class Notified : uint8_t { kStart, kStop, kPromote, kDemote };

// The four pseudo-actions of one operation, and their links; once per clone and operation (spec 05 §10.4).
void CreateNotificationPoints(Run& run, ResourceId clone, Notified operation, ActionId action, ActionId completion);

// "confirmed-post of `before` -> pre of `after`", if both exist.
void LinkNotifications(Run& run, ResourceId clone, Notified before, Notified after);

// `fencing` implies the stop of a resource with `notify` (spec 04 §10.6).
void NotifyImpliedStop(Run& run, ResourceId resource, ActionId stop, ActionId fencing);

}  // namespace picket::solver
