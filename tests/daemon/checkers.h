// What must hold whatever happens, each as an object that looks on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/daemon/fleet.h"

namespace picket::daemon_test {

// An exclusive service is active on one powered machine at most, and a promotable one promoted, in true time.
std::unique_ptr<Checker> OneHome();
// What ran on a machine that was lost starts elsewhere only after a fence device has truly done it, or the machine
// is back.
std::unique_ptr<Checker> ProofFirst();
// Nobody is fenced who is a member like any other: together with the one who wants it, and no stop failed there.
// Whom nobody wanted fenced is not shot either.
std::unique_ptr<Checker> NoHealthyFenced();
// Never two operations at once on one resource and machine.
std::unique_ptr<Checker> OneAtATime();
// Nothing is started, stopped, promoted or demoted that no event explains: not a new daemon, not a clock.
std::unique_ptr<Checker> NothingUnexplained();
// When it is left alone it settles, what it knows is true, and the solver has nothing to add.
std::unique_ptr<Checker> SettlesRight();
// A change whose author was told that it is accepted is there for ever, and none comes after one that was asked for
// after it.
std::unique_ptr<Checker> NothingLost();
// Members with the same number have the same configuration.
std::unique_ptr<Checker> SameNumberSameState();
// Queues, files and the number of steps stay small.
std::unique_ptr<Checker> Bounded();

std::vector<std::unique_ptr<Checker>> AllCheckers();

// Histories in which a checker may be right and the core is not to blame.
struct Excuse {
  const char* name;
  const char* checker;
  bool (*holds)(const Odds& odds);
};
const std::vector<Excuse>& Excuses();
// The complaints that nothing excuses.
std::vector<std::string> Unexcused(const Fleet& fleet);

}  // namespace picket::daemon_test
