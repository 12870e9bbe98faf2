// Rows of scores: what the allowed-node table of a resource is asked and how it is kept aside (spec 03 §1.3, §1.6).
//
// A row is copied wherever the specification may take a change back: a colocation that would leave no node, a trial
// placement, a merge. Under strategies that see the order of the table a copy has the order of a copied hash table.
// Cost: one row, or the rows at and below a resource.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "solver/explain/note.h"
#include "solver/model/run.h"

namespace picket::solver::place {

// "Available with score" of a table entry; an entry marked unusable is not (spec 03 §1.3, §10.3.6).
bool IsUsable(const Run& run, NodeId node, const Cell& cell);
bool AnyUsable(const Run& run, const Row& row);

// The nodes of a row in the order of the hash table that it stands for (spec 03 §1.6).
std::vector<NodeId> TableOrder(const Run& run, const Row& row);
Row CopyRow(const Run& run, const Row& row);

// The rows of a resource and of everything below it.
using SavedRows = std::vector<std::pair<ResourceId, Row>>;
SavedRows SaveRows(const Run& run, ResourceId resource);
void RestoreRows(Run& run, const SavedRows& saved);

// Calls visit(NodeId, Cell&) for every entry; nothing may depend on the order.
template <typename AnyRow, typename Visit>
void ForEachCell(AnyRow& row, Visit&& visit) {
  for (size_t i = 0; i < row.cells.size(); ++i) {
    if (row.cells[i].present) visit(NodeId(i), row.cells[i]);
  }
}

// The score block of a resource, its row only or with everything below it (spec 03 §15). Removed resources are silent.
void RecordScores(Run& run, ResourceId resource, ScoreStage stage);
void RecordScoresBelow(Run& run, ResourceId resource, ScoreStage stage);

// A contribution to a decision; nothing if nobody listens or nothing changed. `via`: a colocation's other resource.
void RecordReason(Run& run, std::string_view what, ResourceId resource, NodeId node, Score before, Score after,
                  std::string_view cause, ResourceId via = {});
// For steps that the specification may undo; what they decided about other resources than `resource` and what is below
// it stands.
inline size_t MarkReasons(const Run& run) {
  return WantsReasons(run) ? run.recorder->Mark() : 0;
}
void TakeBackReasons(Run& run, size_t mark, ResourceId resource);
void RecordLog(Run& run, LogLevel level, std::string text);

// Sets an entry of the resource's row, with the reason.
void SetScore(Run& run, ResourceId resource, NodeId node, Cell& cell, Score score, std::string_view what,
              std::string_view cause, ResourceId via = {});

}  // namespace picket::solver::place
