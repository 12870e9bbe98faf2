// A request as picketd carries it out: one node gets the order, and tries its devices in their order.
#pragma once

#include "execution/fencing/request.h"

namespace picket::execution {

FenceOutcome FenceByPicketd(const Fencing& fencing, const FenceRequest& request, const FenceWorld& world,
                            Choices& choices);

// What of a device's `off` and `on` lies between them: power supplies want a pause.
inline constexpr int64_t kPowerPauseMs = 2000;

}  // namespace picket::execution
