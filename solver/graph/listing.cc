// S18: which actions are listed, in which order, with which inputs (spec 05 §21, 06 §3, §6).
//
// Cost: actions, and for each its relations sorted once.
#include "solver/graph/listing.h"

#include <vector>

#include "solver/actions/create.h"
#include "solver/actions/stages.h"
#include "solver/graph/transition.h"
#include "solver/model/merge_sort.h"
#include "solver/model/query.h"
#include "solver/order/order.h"

namespace picket::solver {
namespace {

// Each first action once, and in the order of ids: most lists have one relation.
bool IsMerged(const Run& run, const Action& action) {
  RelationId last = action.before_head;
  if (!last.valid()) return true;
  for (RelationId r = run.at(last).next_before; r.valid(); r = run.at(r).next_before) {
    if (run.at(last).first.value >= run.at(r).first.value) return false;
    last = r;
  }
  return true;
}

}  // namespace

void MergeBefore(Run& run, ActionId id) {
  Action& action = run.at(id);
  if (action.inputs_merged) return;
  action.inputs_merged = true;
  if (IsMerged(run, action)) return;
  std::vector<RelationId> relations;
  for (RelationId r = action.before_head; r.valid(); r = run.at(r).next_before) relations.push_back(r);
  // Stable, by the first action's id; of several for the same action the first stays and takes all kinds (05
  // §21.3).
  MergeSort(relations, [&run](RelationId a, RelationId b) { return run.at(a).first.value - run.at(b).first.value; });
  std::vector<RelationId> merged;
  for (const RelationId r : relations) {
    if (!merged.empty() && run.at(merged.back()).first == run.at(r).first) {
      run.at(merged.back()).kinds_before |= run.at(r).kinds_before;
    } else {
      merged.push_back(r);
    }
  }
  RelationId next;
  for (auto it = merged.rbegin(); it != merged.rend(); ++it) {
    run.at(*it).next_before = next;
    next = *it;
  }
  action.before_head = next;
}

namespace {

class Listing {
 public:
  explicit Listing(Run& run) : run_(run) {}

  Transition List() {
    transition_.first_input.push_back(0);
    const std::vector<ResourceId> resources = run_.top_level;
    for (const ResourceId resource : resources) ListResource(resource);
    RequestMaintenanceUpdate();
    for (size_t i = run_.actions.size(); i-- > 0;) Visit(ActionId(i));
    transition_.recheck_by_s = run_.recheck_by_s;
    return std::move(transition_);
  }

 private:
  void Visit(ActionId id) {
    if (run_.at(id).visited) return;
    run_.at(id).visited = true;
    WorkFor(run_, run_.at(id).resource);
    MergeBefore(run_, id);
    if (!PassesGraphFilter(run_, id)) return;
    run_.at(id).listed = true;
    for (RelationId r = run_.at(id).before_head; r.valid(); r = run_.at(r).next_before) {
      if (!AcceptsInput(run_, r)) continue;
      run_.at(r).accepted = true;
      transition_.inputs.push_back(run_.at(r).first);
    }
    transition_.synapses.push_back(id);
    transition_.first_input.push_back(static_cast<uint32_t>(transition_.inputs.size()));
  }

  void VisitOwn(ResourceId resource) {
    const std::vector<ActionId> actions = run_.at(resource).actions;
    for (auto it = actions.rbegin(); it != actions.rend(); ++it) Visit(*it);
  }

  void ListChildren(ResourceId resource) {
    const std::vector<ResourceId> children = run_.at(resource).children;
    for (const ResourceId child : children) ListResource(child);
  }

  void ListClone(ResourceId clone) {
    // Asked only for what asking does: the clone's actions follow their instances (05 §21.4).
    const std::vector<ActionId> actions = run_.at(clone).actions;
    for (auto it = actions.rbegin(); it != actions.rend(); ++it) RefreshCollective(run_, *it);
    CreateNotifications(run_, clone);
    ListChildren(clone);
    VisitOwn(clone);
  }

  void ListBundle(ResourceId bundle) {
    const BundleData& data = *run_.at(bundle).bundle;
    const std::vector<Replica> replicas = data.replicas;
    if (data.contained.valid()) ListClone(data.contained);
    for (const Replica& replica : replicas) {
      if (replica.ip.valid()) VisitOwn(replica.ip);
      VisitOwn(replica.container);
      if (replica.connection.valid()) VisitOwn(replica.connection);
    }
  }

  void ListResource(ResourceId resource) {
    switch (run_.at(resource).variant) {
      case Variant::kPrimitive:
      case Variant::kGroup:
        VisitOwn(resource);
        ListChildren(resource);
        break;
      case Variant::kClone:
        ListClone(resource);
        break;
      case Variant::kBundle:
        ListBundle(resource);
        break;
    }
  }

  // 05 §21.4.2: remote nodes are told when their maintenance begins or ends.
  void RequestMaintenanceUpdate() {
    for (const NodeId id : run_.node_order) {
      if (!ChangesRemoteMaintenance(run_.at(id))) continue;
      constexpr std::string_view kKey = "maintenance_nodes";
      const ActionId update = RequestClusterAction(run_, kKey, kKey, NodeId(), /*optional=*/true, /*pseudo=*/true);
      run_.at(update).forced_in = true;
      return;
    }
  }

  Run& run_;
  Transition transition_;
};

}  // namespace

Transition BuildTransition(Run& run) {
  return Listing(run).List();
}

}  // namespace picket::solver
