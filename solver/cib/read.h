// From a document to the solver's values and back (spec 01, 02 §1; solver.md "Three lifetimes").
#pragma once

#include <optional>
#include <pugixml.hpp>

#include "solver/model/cluster.h"
#include "solver/model/state.h"

namespace picket::solver {

// The configuration as the release `target` reads it. Never fails: what is wrong in a part drops that part
// (spec 01 throughout).
Cluster ReadCluster(const pugi::xml_document& document, const Target& target = {});

// Status and root attributes. `now`: the caller's date (-t); else execution-date; else `wall_clock`.
State ReadState(const pugi::xml_document& document, std::optional<Instant> now, Instant wall_clock);

// Parses an entry's fields from its attributes again, after those changed.
void RefreshEntry(HistoryEntry& entry);

// Writes node states and tickets into the document's `status`, replacing them, keeping everything else; sets
// have-quorum; adds `added_nodes` to the configuration's `nodes`.
void WriteState(const State& state, pugi::xml_document& document);

}  // namespace picket::solver
