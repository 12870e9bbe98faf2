// S9: every resource gets a node or none (spec 03 §7).
#include <optional>

#include "solver/model/merge_sort.h"
#include "solver/model/query.h"
#include "solver/place/assign.h"
#include "solver/place/merge.h"
#include "solver/place/place.h"
#include "solver/place/rows.h"
#include "solver/place/utilization.h"

namespace picket::solver {
namespace place {
namespace {

// What a resource expects, made when it is first compared: nothing it depends on changes while sorting.
class Expectations {
 public:
  explicit Expectations(Run& run) : run_(run), rows_(run.resources.size()) {
    for (const NodeId node : run.node_order) nodes_.push_back({node, run.at(node).base_score});
    SortNodes(run, nodes_, NodeId());
  }

  int Compare(ResourceId a, ResourceId b) {
    if (run_.at(a).priority != run_.at(b).priority) return run_.at(a).priority > run_.at(b).priority ? -1 : 1;
    const Score score_a = ScoreAt(a, CurrentNode(run_, a));
    const Score score_b = ScoreAt(b, CurrentNode(run_, b));
    if (score_a != score_b) return score_a > score_b ? -1 : 1;
    for (const Candidate& candidate : nodes_) {
      const Score on_a = ScoreAt(a, candidate.node);
      const Score on_b = ScoreAt(b, candidate.node);
      if (on_a != on_b) return on_a > on_b ? -1 : 1;
    }
    return 0;
  }

 private:
  Score ScoreAt(ResourceId id, NodeId node) {
    auto& row = rows_[id.index()];
    if (!row) row = ExpectedRow(run_, id);
    const Cell* cell = row->Find(node);
    return cell ? cell->score : Score::MinusInfinity();
  }

  Run& run_;
  std::vector<Candidate> nodes_;
  std::vector<std::optional<Row>> rows_;
};

}  // namespace

void SortResources(Run& run) {
  Expectations expectations(run);
  MergeSort(run.top_level, [&](ResourceId a, ResourceId b) { return expectations.Compare(a, b); });
}

}  // namespace place

void AssignResources(Run& run) {
  using namespace place;  // NOLINT: this is the door of that room.
  PrepareUtilization(run);
  run.below.assign(run.resources.size(), Below());
  if (run.options.placement != Strategy::kDefault) SortResources(run);
  RecordCapacities(run, true);
  const std::vector<ResourceId> top_level = run.top_level;
  if (run.has_remote_nodes) {
    // Connections come first, because they decide which remote nodes are there for everybody else.
    for (const ResourceId resource : top_level) {
      if (run.at(resource).connection) Assign(run, resource, run.at(resource).migration_target, true);
    }
  }
  // A connection whose node is not a remote one is never assigned, and so stops.
  for (const ResourceId resource : top_level) {
    WorkFor(run, resource);
    if (!run.at(resource).connection) Assign(run, resource, NodeId(), true);
  }
  RecordCapacities(run, false);
}

}  // namespace picket::solver
