// S5: the constraints of the configuration in document order.
#include <variant>

#include "solver/constraints/read_constraint.h"
#include "solver/order/order.h"

namespace picket::solver {

void UnpackConstraints(Run& run) {
  struct Reader {
    Run& run;
    void operator()(const LocationDef& def) const { constraints::ReadLocation(run, def); }
    void operator()(const ColocationDef& def) const { constraints::ReadColocation(run, def); }
    void operator()(const OrderDef& def) const { UnpackOrder(run, def); }
    void operator()(const TicketDef& def) const { constraints::ReadTicket(run, def); }
  };
  for (const ConstraintDef& def : run.cluster->constraints) std::visit(Reader{run}, def);
}

}  // namespace picket::solver
