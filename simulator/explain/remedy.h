// The smallest change after which a resource would run: candidates tried by solving again, never guessed.
//
// Candidates are what an operator can do: clean up failures, end a standby, bring a node back, grant a ticket, lift a
// ban, raise a limit, drop a constraint; of the resource itself and of what it depends on. Single changes are tried
// first, the gentlest first, then pairs. Only what the solver agrees with is told. Cost: one Schedule for each try,
// bounded by `tries_max`.
#pragma once

#include <string_view>
#include <vector>

#include "simulator/explain/reason.h"
#include "simulator/explain/situation.h"

namespace picket::simulator::explain {

struct Remedy {
  std::vector<Change> changes;       // together they suffice; empty: nothing that was tried does
  std::vector<Change> alternatives;  // single changes that would do as well
  int tried = 0;
};

// `document` is what `situation` was solved from.
Remedy FindRemedy(const pugi::xml_document& document, const Situation& situation, std::string_view resource,
                  int tries_max = 400);

}  // namespace picket::simulator::explain
