// S5: the constraints of the configuration in document order.
#include <optional>
#include <variant>

#include "solver/cib/rules.h"
#include "solver/constraints/read_constraint.h"
#include "solver/order/order.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {

namespace {

// As FindResource() finds them.
void IndexResource(Run& run, ResourceId id) {
  const Resource& resource = run.at(id);
  run.resource_by_id.try_emplace(resource.id, id);
  if (!resource.history_id.empty()) run.resource_by_id.try_emplace(resource.history_id, id);
  for (const ResourceId child : resource.children) IndexResource(run, child);
}

}  // namespace

void UnpackConstraints(Run& run) {
  struct Reader {
    Run& run;
    // Releases before 3.0 use a constraint with a lifetime while that lasts (spec 07 A-14).
    bool Lives(const std::optional<RuleDef>& lifetime) const {
      if (!lifetime) return true;
      RuleInput input;
      input.now = run.state->now;
      input.recorder = run.recorder;
      input.target = &run.cluster->target;
      NextChange next_change;
      const bool lives = RulePasses(*lifetime, input, next_change);
      if (next_change) ConsiderRecheck(run, *next_change);
      return lives;
    }
    void operator()(const LocationDef& def) const { constraints::ReadLocation(run, def); }
    void operator()(const ColocationDef& def) const { constraints::ReadColocation(run, def); }
    void operator()(const OrderDef& def) const { UnpackOrder(run, def); }
    void operator()(const TicketDef& def) const { constraints::ReadTicket(run, def); }
  };
  for (const ResourceId top : run.top_level) IndexResource(run, top);
  for (const ConstraintDef& def : run.cluster->constraints) {
    const Reader reader{run};
    std::visit(
        [&reader](const auto& constraint) {
          if (reader.Lives(constraint.lifetime)) reader(constraint);
        },
        def);
  }
}

}  // namespace picket::solver
