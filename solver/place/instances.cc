#include "solver/place/instances.h"

#include <algorithm>

#include "solver/model/query.h"
#include "solver/place/assign.h"
#include "solver/place/place.h"
#include "solver/place/rows.h"
#include "solver/unpack/unpack.h"

namespace picket::solver::place {
namespace {

class Distribution {
 public:
  Distribution(Run& run, ResourceId collective, int total, int per_node)
      : run_(run), collective_(collective), total_(total), per_node_(per_node) {}

  void Place(const std::vector<ResourceId>& instances) {
    ResetCounts(ParentRow());
    few_ = HasFewInstances(run_, collective_);
    const int available = AvailableNodes();
    const int optimal = available == 0 ? 1 : std::max(1, total_ / available);
    for (const ResourceId instance : instances) {
      if (assigned_ >= total_) break;
      if (!run_.at(instance).assigned && MayStay(instance, optimal) && TryToStay(instance)) ++assigned_;
    }
    for (const ResourceId instance : instances) {
      const bool refused = std::find(refused_.begin(), refused_.end(), instance) != refused_.end();
      if (!run_.at(instance).assigned && !refused) AssignSomewhere(instance);
    }
  }

 private:
  Row& ParentRow() { return run_.at(collective_).row; }

  int AvailableNodes() {
    int count = 0;
    ForEachCell(ParentRow(), [&](NodeId node, const Cell&) { count += IsAvailable(run_, node) ? 1 : 0; });
    return count;
  }

  // Pass 1 is for instances that are well where they are, as long as their node has not its share yet.
  bool MayStay(ResourceId instance, int optimal) {
    if (run_.at(instance).failed) return false;
    const NodeId node = CurrentNode(run_, instance);
    if (!node.valid() || !IsAvailableWithScore(run_, node, run_.at(node).base_score)) return false;
    const Cell* cell = ParentRow().Find(node);
    return cell && cell->count < optimal;
  }

  // Spec 04 §4.4: while other nodes are better, they are given an instance each in thought; the instance stays if its
  // own node would get one anyway.
  bool TryToStay(ResourceId instance) {
    const NodeId current = CurrentNode(run_, instance);
    const Cell* own = run_.at(instance).row.Find(current);
    if (!own || !IsAvailableWithScore(run_, current, own->score)) return false;
    if (!run_.Behaves(Behaviour::kStayingIsTried)) return StaysAtOnce(instance, current);
    TakeOverColocations(instance);
    const SavedRows saved = SaveRows(run_, instance);
    const Row parent_row = ParentRow();
    const bool stays = Trial(instance, current, saved);
    ParentRow() = parent_row;
    if (stays) ++ParentRow().Find(current)->count;
    return stays;
  }

  // Before 2.1.7 there was one attempt, and it counted (spec 07 B-2). A group instance that went elsewhere stays there,
  // and is counted nowhere.
  bool StaysAtOnce(ResourceId instance, NodeId current) {
    TakeOverColocations(instance);
    BanFullNodes(instance);
    Row saved = CopyRow(run_, run_.at(instance).row);
    const NodeId node = Assign(run_, instance, current, !run_.Behaves(Behaviour::kEarlyPlacementIsTrial));
    if (node == current) {
      ++ParentRow().Find(current)->count;
      return true;
    }
    if (!node.valid()) {
      refused_.push_back(instance);
      return false;
    }
    run_.at(instance).row = std::move(saved);
    if (!run_.at(instance).is_group()) Unassign(run_, instance);
    return false;
  }

  void TakeOverColocations(ResourceId instance) {
    if (!run_.Behaves(Behaviour::kInstanceColocationsComputed)) AppendColocationsOfParent(run_, instance, few_);
  }

  bool Trial(ResourceId instance, NodeId current, const SavedRows& saved) {
    const int budget = total_ - assigned_;
    for (int reserved = 0; reserved < budget; ++reserved) {
      const size_t mark = MarkReasons(run_);
      BanFullNodes(instance);
      const NodeId node = Assign(run_, instance, current, false);
      if (Cell* cell = ParentRow().Find(node)) ++cell->count;
      if (node == current) return true;
      RestoreRows(run_, saved);
      TakeBackReasons(run_, mark, instance);
      if (!node.valid()) {
        // Members of a group keep their "no node": a quirk that shows in the scores of pass 2.
        run_.at(instance).assigned = false;
        return false;
      }
      Unassign(run_, instance);
    }
    return false;
  }

  void AssignSomewhere(ResourceId instance) {
    if (assigned_ >= total_) {
      NoteBan(run_, "instances", instance, NodeId(), "clone-max");
      for (const NodeId node : std::vector<NodeId>(run_.node_order)) {
        AddScore(run_, instance, node, Score::MinusInfinity());
      }
      return;
    }
    TakeOverColocations(instance);
    BanFullNodes(instance);
    const NodeId node = Assign(run_, instance, NodeId(), true);
    if (!node.valid()) return;
    if (Cell* cell = ParentRow().Find(node)) ++cell->count;
    ++assigned_;
  }

  // Spec 04 §4.5.
  void BanFullNodes(ResourceId instance) {
    const Resource& resource = run_.at(instance);
    std::vector<NodeId> banned;
    ForEachCell(resource.row, [&](NodeId node, const Cell&) {
      const Cell* parent = ParentRow().Find(node);
      if (resource.removed || !IsAvailable(run_, node) || !parent || parent->score < Score() ||
          parent->count >= per_node_) {
        banned.push_back(node);
      }
    });
    const std::vector<ResourceId> members = resource.children;
    for (const NodeId node : banned) {
      Ban(instance, node);
      for (const ResourceId member : members) Ban(member, node);
    }
  }

  void Ban(ResourceId id, NodeId node) {
    if (Cell* cell = run_.at(id).row.Find(node)) {
      SetScore(run_, id, node, *cell, Score::MinusInfinity(), "instances", "clone-node-max");
    }
  }

  Run& run_;
  const ResourceId collective_;
  const int total_;
  const int per_node_;
  int assigned_ = 0;
  std::vector<ResourceId> refused_;  // got no node at the one attempt of before 2.1.7, if only for a loop
  bool few_ = false;                 // fewer instances than available nodes
};

}  // namespace

void Distribute(Run& run, ResourceId collective, const std::vector<ResourceId>& instances, int total, int per_node) {
  Distribution(run, collective, total, per_node).Place(instances);
}

void ResetCounts(Row& row) {
  ForEachCell(row, [](NodeId, Cell& cell) { cell.count = 0; });
}

}  // namespace picket::solver::place
