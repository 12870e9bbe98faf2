// Questions about a history: why, what if every fault, which text.
#pragma once

#include <string>
#include <vector>

#include "web/engine/history.h"

namespace picket::web {

// Why the resource is where it is when the history has come to rest: the format of `picket why --format
// json`, with what would make it run if it does not.
Json Why(const Subject& subject, const History& history, const std::string& resource);

// The faults that a sweep combines, as steps: [{"step","kind"}].
Json FaultsToSweep(const Subject& subject);
// One row of the heat map: the fault, alone or with each of the others behind it at rest; for each service
// the longest outage, and after which second fault.
Json SweepRow(const Subject& subject, size_t fault, bool pairs);
// The search of `picket sweep`, with the counterexample as steps. {"text","steps"?}.
Json SweepAll(const Subject& subject, int failures, int64_t histories_max);

// What `picket test` says, as its JSON.
Json PlayTests(Subject& subject);

// The status and the transition of a CIB as it stands: `picket simulate --run`. `clock_s` is the time of day,
// in seconds since 1970, where the CIB says none.
std::string Decide(const std::string& cib, int64_t clock_s);

}  // namespace picket::web
