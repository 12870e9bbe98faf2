#include "solver/status/status_entries.h"

namespace picket::solver {

Entries EntriesOf(const Run& run, std::string_view resource_id, std::string_view node_name) {
  Entries found;
  for (const auto& node : run.state->nodes) {
    if (!node->uname || *node->uname != node_name) continue;
    for (const ResourceHistory& history : node->history) {
      if (history.id != resource_id) continue;
      for (const HistoryEntry& entry : history.entries) found.push_back(&entry);
    }
  }
  return found;
}

}  // namespace picket::solver
