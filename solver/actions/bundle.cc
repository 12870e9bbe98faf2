// Actions of a bundle (spec 05 §10.3b, 04 §12.8).
#include "solver/actions/create.h"
#include "solver/actions/resource_actions.h"
#include "solver/model/query.h"

namespace picket::solver {

void CreateBundleActions(Run& run, ResourceId bundle) {
  const std::vector<Replica> replicas = run.at(bundle).bundle->replicas;
  for (const Replica& replica : replicas) {
    for (const ResourceId part : {replica.ip, replica.container, replica.connection}) {
      if (part.valid()) CreateActions(run, part);
    }
  }
  CreateInstanceActions(run, bundle, Instances(run, bundle));

  const ResourceId contained = run.at(bundle).bundle->contained;
  if (!contained.valid()) return;
  CreateActions(run, contained);
  if (!run.at(contained).promotable) return;
  // Required only through their instances, when they are summed up during propagation (spec 04 §6.2).
  RequestPseudo(run, bundle, Symbol::kPromote, true, true);
  run.at(RequestPseudo(run, bundle, Symbol::kPromoted, true, true)).priority = kTopPriority;
  RequestPseudo(run, bundle, Symbol::kDemote, true, true);
  run.at(RequestPseudo(run, bundle, Symbol::kDemoted, true, true)).priority = kTopPriority;
}

}  // namespace picket::solver
