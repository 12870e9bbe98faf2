// Inside the graph room: how actions are named in the graph file and in the dot file (spec 06 §4.1, §4.2,
// §7.3).
#pragma once

#include <string>
#include <string_view>

#include "solver/model/run.h"

namespace picket::solver {

// `rsc_op`, `crm_event` or `pseudo_event`.
std::string_view ElementName(const Action& action);
// Whether the element says on which node the action runs.
bool HasNodeAttributes(const Action& action);
// `operation_key`: the key, under the resource's history id if it has one; appended to `out`.
void AppendPrintedKey(const Run& run, ActionId action, std::string& out);
// The node's name in the dot file, without quotes.
std::string DotName(const Run& run, ActionId action, bool with_id);

}  // namespace picket::solver
