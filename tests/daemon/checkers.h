// What must hold whatever happens, each as an object that looks on.
#pragma once

#include <memory>
#include <vector>

#include "tests/daemon/machine.h"

namespace picket::daemon_test {

// Never two operations at once on one resource.
std::unique_ptr<Checker> OneAtATime();
// Nothing is started, stopped, promoted or demoted that no event explains: not a new daemon, not a clock.
std::unique_ptr<Checker> NothingUnexplained();
// When it is left alone it settles, what it knows is true, and the solver has nothing to add.
std::unique_ptr<Checker> SettlesRight();
// A change whose author was told that it is accepted is there for ever.
std::unique_ptr<Checker> NothingLost();

std::vector<std::unique_ptr<Checker>> AllCheckers();

}  // namespace picket::daemon_test
