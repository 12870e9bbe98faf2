// Reading one constraint of each kind; orderings are read by solver/order (spec 03 §4, §6; 05 §16.1).
//
// A constraint that makes no sense is left out with a message; what an earlier part of it made stays. Cost: what the
// constraint makes, rules once for each node, patterns once for each top-level resource.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "solver/constraints/constraints.h"
#include "solver/model/run.h"

namespace picket::solver::constraints {

void ReadLocation(Run& run, const LocationDef& def);
void ReadColocation(Run& run, const ColocationDef& def);
void ReadTicket(Run& run, const TicketDef& def);

// One side of a constraint as a set (spec 03 §4.2.1, §6.1.3): what stands behind a tag or template is not sequential.
ResourceSetDef AsSet(const std::string& id, const Reference& reference, const std::string* role);

// A role of a constraint: absent and `Started` mean any (kUnknown); nothing, with a message, if it is none.
std::optional<Role> ReadRole(Run& run, const std::string* text, std::string_view constraint_id);

// A score where `red`, `yellow` and `green` stand for what node health makes of them.
std::optional<Score> ReadScore(const Run& run, std::string_view text);

void ReportError(Run& run, std::string text);
void ReportWarning(Run& run, std::string text);

}  // namespace picket::solver::constraints
