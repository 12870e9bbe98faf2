// Actions of a group (spec 05 §10.1): those of its members, and then the points that orderings of the whole
// group use.
#include "solver/actions/create.h"
#include "solver/actions/resource_actions.h"
#include "solver/cib/values.h"

namespace picket::solver {

void CreateGroupActions(Run& run, ResourceId group) {
  const std::vector<ResourceId> members = run.at(group).children;
  for (const ResourceId member : members) CreateActions(run, member);
  for (const Symbol operation : {Symbol::kStart, Symbol::kRunning, Symbol::kStop, Symbol::kStopped}) {
    RequestPseudo(run, group, operation, true, true);
  }
  if (!IsTrue(run.at(group).meta.Find("promotable"))) return;
  for (const Symbol operation : {Symbol::kDemote, Symbol::kDemoted, Symbol::kPromote, Symbol::kPromoted}) {
    RequestPseudo(run, group, operation, true, true);
  }
}

}  // namespace picket::solver
