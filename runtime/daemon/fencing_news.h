// What people are told of a fencing that has ended.
#pragma once

#include "runtime/group/outbox.h"
#include "runtime/store/replica.h"

namespace picket::runtime {

// `verdict`: what the group makes of it (Replica::Apply).
void TellFencing(const FenceDone& done, FenceVerdict verdict, Outbox& out);

}  // namespace picket::runtime
