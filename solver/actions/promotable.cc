// The part of a promotable clone's actions that is about roles (spec 05 §10.3, 04 §6.1, §9.7).
#include "solver/actions/create.h"
#include "solver/actions/notify.h"
#include "solver/actions/resource_actions.h"
#include "solver/model/query.h"

namespace picket::solver {

void CreatePromotableActions(Run& run, ResourceId clone) {
  bool promoting = false;
  bool demoting = false;
  const std::vector<ResourceId> instances = run.at(clone).children;
  for (const ResourceId instance : instances) {
    CreateActions(run, instance);  // roles were chosen for the first pass too; flags may change now
    ForEachPrimitive(run, instance, [&](ResourceId primitive) {
      for (const ActionId id : run.at(primitive).actions) {
        const Action& action = run.at(id);
        if (action.optional) continue;
        promoting = promoting || action.name == Symbol::kPromote;
        demoting = demoting || action.name == Symbol::kDemote;
      }
    });
  }
  const bool notify = run.at(clone).notify;

  const ActionId promote = RequestPseudo(run, clone, Symbol::kPromote, !promoting, true);
  const ActionId promoted = RequestPseudo(run, clone, Symbol::kPromoted, !promoting, true);
  run.at(promoted).priority = kTopPriority;
  if (notify) CreateNotificationPoints(run, clone, Notified::kPromote, promote, promoted);

  const ActionId demote = RequestPseudo(run, clone, Symbol::kDemote, !demoting, true);
  const ActionId demoted = RequestPseudo(run, clone, Symbol::kDemoted, !demoting, true);
  run.at(demoted).priority = kTopPriority;
  if (notify) {
    CreateNotificationPoints(run, clone, Notified::kDemote, demote, demoted);
    LinkNotifications(run, clone, Notified::kStop, Notified::kPromote);
    LinkNotifications(run, clone, Notified::kStart, Notified::kPromote);
    LinkNotifications(run, clone, Notified::kDemote, Notified::kPromote);
    LinkNotifications(run, clone, Notified::kDemote, Notified::kStart);
    LinkNotifications(run, clone, Notified::kDemote, Notified::kStop);
  }
  // Placement raised them to choose roles; what goes into the graph is the configured one.
  for (const ResourceId instance : instances) run.at(instance).priority = run.at(clone).priority;
}

}  // namespace picket::solver
