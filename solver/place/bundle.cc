// Assigning a bundle: containers, what belongs to each, and the clone inside (spec 04 §12.2).
//
// There is no test whether it has been done: whenever somebody asks for the bundle, everything here runs again.
#include <vector>

#include "solver/model/merge_sort.h"
#include "solver/model/query.h"
#include "solver/place/assign.h"
#include "solver/place/instances.h"
#include "solver/place/place.h"
#include "solver/place/rows.h"
#include "solver/status/status.h"

namespace picket::solver::place {
namespace {

// A container on a remote node needs the connection of that node, and its own connection has to be where that one is.
void BindToHost(Run& run, const Replica& replica) {
  const NodeId host = run.at(replica.container).node;
  if (!host.valid() || !run.at(host).remote || !run.at(host).connection.valid()) return;
  Colocation colocation;
  colocation.id = "#replica-remote-with-host-remote";
  colocation.dependent = replica.connection;
  colocation.primary = run.at(host).connection;
  colocation.score = Score::Infinity();
  AddColocation(run, std::move(colocation));
}

void AssignChild(Run& run, const Replica& replica, bool final) {
  const bool failed_too_often = ThresholdReached(run, replica.child, replica.node);
  ForEachCell(run.at(replica.child).row, [&](NodeId node, Cell& cell) {
    if (node != replica.node) {
      SetScore(run, replica.child, node, cell, Score::MinusInfinity(), "bundle", "");
    } else if (!failed_too_often) {
      SetScore(run, replica.child, node, cell, Score::Infinity(), "bundle", "");
    }
  });
  // The clone is not asked first: it comes last, when all its children have their node.
  const ResourceId clone = run.at(replica.child).parent;
  run.at(clone).assigning = true;
  Assign(run, replica.child, replica.node, final);
  run.at(clone).assigning = false;
}

void AssignReplica(Run& run, const Replica& replica, NodeId preferred, bool final) {
  if (replica.ip.valid()) Assign(run, replica.ip, preferred, final);
  if (replica.connection.valid()) {
    BindToHost(run, replica);
    Assign(run, replica.connection, preferred, final);
  }
  if (replica.child.valid()) AssignChild(run, replica, final);
}

void AssignContained(Run& run, ResourceId bundle, NodeId preferred, bool final) {
  const ResourceId contained = run.at(bundle).bundle->contained;
  ForEachCell(run.at(contained).row, [&](NodeId node, Cell& cell) {
    const ResourceId connection = run.at(node).connection;
    // Whatever its kind: a node that an injection configured is a cluster node, and this bundle's all the same.
    const bool own = connection.valid() && run.at(connection).parent == bundle;
    SetScore(run, contained, node, cell, own ? Score() : Score::MinusInfinity(), "bundle", "");
  });
  Assign(run, contained, preferred, final);
}

}  // namespace

NodeId AssignBundle(Run& run, ResourceId id, NodeId preferred, bool final) {
  run.at(id).assigning = true;
  RecordScoresBelow(run, id, ScoreStage::kBundle);
  const std::vector<Replica> replicas = run.at(id).bundle->replicas;
  std::vector<ResourceId> containers = Instances(run, id);
  MergeSort(containers, [&](ResourceId a, ResourceId b) { return CompareInstances(run, a, b); });
  Distribute(run, id, containers, static_cast<int>(replicas.size()), run.at(id).bundle->replicas_per_host);
  for (const Replica& replica : replicas) AssignReplica(run, replica, preferred, final);
  if (run.at(id).bundle->contained.valid()) AssignContained(run, id, preferred, final);
  run.at(id).assigning = false;
  run.at(id).assigned = true;
  return {};
}

}  // namespace picket::solver::place
