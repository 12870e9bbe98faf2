#include "solver/place/rows.h"

#include "solver/model/query.h"
#include "solver/place/hash_order.h"
#include "solver/place/neutral.h"

namespace picket::solver::place {
namespace {

void CollectRows(const Run& run, ResourceId id, SavedRows& saved) {
  saved.emplace_back(id, CopyRow(run, run.at(id).row));
  for (const ResourceId child : run.at(id).children) CollectRows(run, child, saved);
}

}  // namespace

bool IsUsable(const Run& run, NodeId node, const Cell& cell) {
  return !cell.unusable && IsAvailableWithScore(run, node, cell.score);
}

bool AnyUsable(const Run& run, const Row& row) {
  for (size_t i = 0; i < row.cells.size(); ++i) {
    if (row.cells[i].present && IsUsable(run, NodeId(i), row.cells[i])) return true;
  }
  return false;
}

std::vector<NodeId> TableOrder(const Run& run, const Row& row) {
  std::vector<std::string_view> keys;
  keys.reserve(row.inserted.size());
  for (const NodeId node : row.inserted) keys.push_back(run.at(node).id);
  std::vector<NodeId> order;
  order.reserve(keys.size());
  for (const size_t i : HashOrder(keys)) order.push_back(row.inserted[i]);
  return order;
}

Row CopyRow(const Run& run, const Row& row) {
  Row copy = row;
  // Copying inserts in the order of the old table (spec 03 §1.6.6). With the default strategy nobody looks.
  if (run.options.placement != Strategy::kDefault) copy.inserted = TableOrder(run, row);
  return copy;
}

SavedRows SaveRows(const Run& run, ResourceId id) {
  SavedRows saved;
  CollectRows(run, id, saved);
  return saved;
}

void RestoreRows(Run& run, const SavedRows& saved) {
  for (const auto& [id, row] : saved) {
    run.at(id).row = CopyRow(run, row);
    ForgetNeutral(run, id);
  }
}

void RecordScores(Run& run, ResourceId id, ScoreStage stage) {
  if (!run.recorder || !run.recorder->scores) return;
  const Resource& resource = run.at(id);
  if (resource.removed) return;
  for (const NodeId node : run.node_order) {
    if (const Cell* cell = resource.row.Find(node)) run.recorder->Add(ScoreLine{stage, id, node, cell->score});
  }
}

void RecordScoresBelow(Run& run, ResourceId id, ScoreStage stage) {
  if (!run.recorder || !run.recorder->scores || run.at(id).removed) return;
  RecordScores(run, id, stage);
  for (const ResourceId child : run.at(id).children) RecordScoresBelow(run, child, stage);
}

void RecordReason(Run& run, std::string_view what, ResourceId resource, NodeId node, Score before, Score after,
                  std::string_view cause, ResourceId via) {
  if (!WantsReasons(run) || before == after) return;
  run.recorder->Add(
      ReasonEvent{std::string(what), resource, node, before, after, std::string(cause), false, via, std::string()});
}

void TakeBackReasons(Run& run, size_t mark, ResourceId resource) {
  if (!WantsReasons(run)) return;
  run.recorder->TakeBack(mark, [&](ResourceId id) { return id == resource || IsAncestor(run, resource, id); });
}

void RecordLog(Run& run, LogLevel level, std::string text) {
  if (run.recorder && run.recorder->log) run.recorder->Add(LogLine{level, std::move(text)});
}

void SetScore(Run& run, ResourceId resource, NodeId node, Cell& cell, Score score, std::string_view what,
              std::string_view cause, ResourceId via) {
  RecordReason(run, what, resource, node, cell.score, score, cause, via);
  ForgetNeutral(run, resource);
  cell.score = score;
}

}  // namespace picket::solver::place
