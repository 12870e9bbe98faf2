// The stages that create actions after assignment (spec 05 §2).
#pragma once

#include "solver/model/run.h"

namespace picket::solver {

void ScheduleProbes(Run& run);         // S11, spec 05 §7, 04 §8, §12.9
void CreateResourceActions(Run& run);  // S13, spec 05 §8-§10, §17; 04 §6.1, §10.1, §12.8
void FenceAndShutDown(Run& run);       // S15, spec 05 §15.3-§15.7
// S18: the notify operations of one clone, just before it enters the graph (spec 04 §10.2-10.5, 05 §10.5).
void CreateNotifications(Run& run, ResourceId clone);

}  // namespace picket::solver
