// What would happen: a day-to-day verb or a reboot, played from the live state and told in plain words.
//
// The simulated world (simulator/foretell) plays; this room tells: which services are away and for how long,
// what moves, what ends nowhere, which node is fenced; and whether that is safe. Needs a thread with a large
// stack (solver/schedule.h).
#pragma once

#include <optional>
#include <string>

#include "simulator/world/settings.h"
#include "web/serve/change.h"
#include "web/serve/picture.h"

namespace picket::web {

// {"title","answer":"yes"|"interrupts"|"no","sentence","parts":[{"when","lines":[{"text","level"}]}],"notes":[…]}.
// Nullopt and the reason if the change cannot be made.
std::optional<Json> ForecastOf(const Reading& reading, const Change& change, const simulator::WorldSettings& settings,
                               std::string& reason);

// `3 s`, `1 min 5 s`, `300 ms`.
std::string DurationText(int64_t ms);

}  // namespace picket::web
