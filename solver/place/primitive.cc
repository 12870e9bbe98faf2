// Assigning one primitive (spec 03 §8).
//
// Cost: its colocations over its row, what they make others do, and one sort of the candidates.
#include <algorithm>
#include <cstddef>
#include <vector>

#include "solver/model/query.h"
#include "solver/place/assign.h"
#include "solver/place/colocation.h"
#include "solver/place/merge.h"
#include "solver/place/neutral.h"
#include "solver/place/place.h"
#include "solver/place/rows.h"
#include "solver/unpack/unpack.h"

namespace picket::solver::place {
namespace {

// Calls apply(colocation) for a list that may grow meanwhile, as one walks a linked list: what comes in
// behind the current place is met, what comes in before it is not. One colocation may be there several times; a new one
// comes in before those that are there.
template <typename List, typename Apply>
void WalkGrowing(List list, Apply apply) {
  std::vector<ColocationId> now = list();
  for (size_t i = 0; i < now.size(); ++i) {
    const ColocationId current = now[i];
    const auto from_end = std::count(now.begin() + static_cast<std::ptrdiff_t>(i), now.end(), current);
    apply(current);
    now = list();
    i = now.size();
    for (std::ptrdiff_t left = from_end; left > 0;) {
      if (i == 0) return;  // It is gone, and with it the way on.
      if (now[--i] == current) --left;
    }
  }
}

// Mandatory ones first, and among each kind those in which the resource is dependent (spec 03 §8.5).
// Before 2.1.6 first all in which it is dependent (spec 07 A-3).
void ApplyColocations(Run& run, ResourceId id) {
  if (!run.Behaves(Behaviour::kMandatoryColocationsFirst)) {
    WalkGrowing([&] { return ThisWith(run, id); }, [&](ColocationId c) { ApplyThisWith(run, id, c); });
    WalkGrowing([&] { return WithThis(run, id); }, [&](ColocationId c) { ApplyWithThis(run, id, c); });
    return;
  }
  const std::vector<ColocationId> this_with = ThisWith(run, id);
  const std::vector<ColocationId> with_this = WithThis(run, id);
  for (const bool mandatory : {true, false}) {
    for (const ColocationId c : this_with) {
      if (IsMandatory(run.at(c)) == mandatory) ApplyThisWith(run, id, c);
    }
    for (const ColocationId c : with_this) {
      if (IsMandatory(run.at(c)) == mandatory) ApplyWithThis(run, id, c);
    }
  }
}

void ApplyTargetRole(Run& run, ResourceId id) {
  Resource& resource = run.at(id);
  if (resource.next_role == Role::kStopped) {
    for (const NodeId node : std::vector<NodeId>(run.node_order)) {
      const Cell* cell = run.at(id).row.Find(node);
      RecordReason(run, "target-role", id, node, cell ? cell->score : Score(), Score::MinusInfinity(), "target-role");
      AddScore(run, id, node, Score::MinusInfinity());
    }
    ForgetNeutral(run, id);
  } else if (resource.next_role > resource.role && !run.quorate &&
             run.options.no_quorum_policy == QuorumPolicy::kFreeze) {
    resource.next_role = resource.role;
  }
}

// Nobody chose: the scores are told all the same.
void RecordForced(Run& run, ResourceId id, ChoiceRule rule) {
  if (!WantsReasons(run)) return;
  ChoiceEvent event{id, run.at(id).node, rule, NodeId(), {}, false};
  for (const NodeId node : run.node_order) {
    if (const Cell* cell = run.at(id).row.Find(node)) {
      event.candidates.push_back({node, cell->score, IsAvailable(run, node)});
    }
  }
  run.recorder->Add(std::move(event));
}

void Decide(Run& run, ResourceId id, NodeId preferred, bool final) {
  if (!run.at(id).managed) {
    run.at(id).next_role = run.at(id).role;
    Fix(run, id, CurrentNode(run, id), true, final);
    RecordForced(run, id, ChoiceRule::kUnmanaged);
  } else if (run.options.stop_all_resources) {
    Fix(run, id, NodeId(), true, final);
    RecordForced(run, id, ChoiceRule::kStopAll);
  } else {
    Choose(run, id, preferred, final);
  }
}

// From here on the node behind a connection is there for others, or is not (spec 03 §8.10).
void UpdateRemoteNode(Run& run, ResourceId connection) {
  ForgetAllNeutral(run);
  const Resource& resource = run.at(connection);
  for (Node& node : run.nodes) {
    if (node.connection != connection) continue;
    if (resource.node.valid() && resource.next_role != Role::kStopped) {
      node.online = true;
      if (!node.seen) node.unclean = false;
    } else {
      node.shutting_down = true;
    }
  }
}

}  // namespace

NodeId AssignPrimitive(Run& run, ResourceId id, NodeId preferred, bool final) {
  const ResourceId parent = run.at(id).parent;
  if (parent.valid() && !run.at(parent).assigning) Assign(run, parent, preferred, final);
  if (run.at(id).assigned) return run.at(id).node;
  if (run.at(id).assigning) return {};  // A loop of colocations.
  run.at(id).assigning = true;
  ApplyColocations(run, id);
  ApplyTargetRole(run, id);
  RecordScores(run, id, ScoreStage::kPrimitive);
  const Options& options = run.options;
  if (options.fencing_enabled && !run.fence_device_exists && !options.have_watchdog) run.at(id).managed = false;
  Decide(run, id, preferred, final);
  run.at(id).assigning = false;
  if (run.at(id).connection) UpdateRemoteNode(run, id);
  return run.at(id).node;
}

NodeId Assign(Run& run, ResourceId id, NodeId preferred, bool final) {
  switch (run.at(id).variant) {
    case Variant::kPrimitive:
      return AssignPrimitive(run, id, preferred, final);
    case Variant::kGroup:
      return AssignGroup(run, id, preferred, final);
    case Variant::kClone:
      return AssignClone(run, id, preferred, final);
    case Variant::kBundle:
      return AssignBundle(run, id, preferred, final);
  }
  return {};
}

}  // namespace picket::solver::place
