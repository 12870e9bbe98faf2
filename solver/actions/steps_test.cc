#include "solver/actions/steps.h"

#include <doctest/doctest.h>

#include <string>

namespace picket::solver {
namespace {

// The walk from one role to another as letters: Stop, sTart, Promote, Demote.
std::string Walk(Role from, Role to) {
  std::string letters;
  while (from != to) {
    const Role next = RoleTowards(from, to);
    const Step step = StepBetween(from, next);
    if (step == Step::kNone) break;
    letters += " STPD"[static_cast<int>(step)];
    from = next;
  }
  return letters;
}

TEST_CASE("walks between roles (spec 05 §8.4)") {
  constexpr Role kRoles[] = {Role::kUnknown, Role::kStopped, Role::kStarted, Role::kUnpromoted, Role::kPromoted};
  const std::string expected[5][5] = {
      // to: Unknown, Stopped, Started, Unpromoted, Promoted
      {"", "S", "ST", "ST", "STP"}, {"", "", "T", "T", "TP"},    {"S", "S", "", "", "P"},
      {"S", "S", "ST", "", "P"},    {"D", "DS", "DST", "D", ""},
  };
  for (int from = 0; from < 5; ++from) {
    for (int to = 0; to < 5; ++to) {
      CAPTURE(from);
      CAPTURE(to);
      CHECK(Walk(kRoles[from], kRoles[to]) == expected[from][to]);
    }
  }
}

}  // namespace
}  // namespace picket::solver
