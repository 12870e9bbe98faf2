// The lrm_rsc_op elements that a simulated operation writes: their ids and attributes (spec 06 §13.4).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/inject/state_editor.h"
#include "solver/model/state.h"

namespace picket::simulator {

// The ids under which a result is recorded, in the order of writing: a failure of a non-recurring operation
// has two.
std::vector<std::string> EntryIds(const SimulatedResult& result);

struct EntryContext {
  int call_id = 0;
  std::string node;
  int64_t now_s = 0;
};
// Sets the entry's attributes in place; attributes that it does not know stay.
void FillEntry(solver::HistoryEntry& entry, const std::string& id, const SimulatedResult& result,
               const EntryContext& context);

// Overwrites in place or appends.
void OverwriteAttribute(solver::Attributes& attributes, std::string_view name, std::string_view value);
// Characters that an XML id may not have become dots.
std::string XmlId(std::string text);

}  // namespace picket::simulator
