// Looking entries up by what the status section says, for the rules that see it as a document: nodes by their exact
// name, resources by the exact id of their history (spec 02 §12, §16.2).
#pragma once

#include <string_view>

#include "solver/model/run.h"
#include "solver/status/entry_order.h"

namespace picket::solver {

// The entries of all histories with that resource id, of all node states with that uname; document order.
Entries EntriesOf(const Run& run, std::string_view resource_id, std::string_view node_name);

}  // namespace picket::solver
