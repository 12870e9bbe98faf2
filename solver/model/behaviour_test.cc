#include "solver/model/behaviour.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace picket::solver;  // NOLINT

namespace {

Target As(const char* text) {
  std::string reason;
  const auto target = Target::Parse(text, reason);
  CHECK_MESSAGE(target.has_value(), reason);
  return target.value_or(Target());
}

}  // namespace

TEST_CASE("A rule holds from its release on, in each of the two lines") {
  // Plain order.
  CHECK_FALSE(As("2.1.5").Behaves(Behaviour::kChainedColocationsAttenuated));
  CHECK(As("2.1.6").Behaves(Behaviour::kChainedColocationsAttenuated));
  CHECK(As("3.0.0").Behaves(Behaviour::kChainedColocationsAttenuated));
  // 3.0 only.
  CHECK_FALSE(As("2.1.10").Behaves(Behaviour::kNodeMaxMakesUnique));
  CHECK(As("3.0.0").Behaves(Behaviour::kNodeMaxMakesUnique));
  // 3.0.0 came before 2.1.10.
  CHECK(As("2.1.10").Behaves(Behaviour::kUnmanagedMemberCounts));
  CHECK_FALSE(As("3.0.0").Behaves(Behaviour::kUnmanagedMemberCounts));
  CHECK(As("3.0.1").Behaves(Behaviour::kUnmanagedMemberCounts));
  // Gone again with 3.0.
  CHECK_FALSE(As("2.1.6").Behaves(Behaviour::kOnFailSeesNode));
  CHECK(As("2.1.7").Behaves(Behaviour::kOnFailSeesNode));
  CHECK_FALSE(As("3.0.0").Behaves(Behaviour::kOnFailSeesNode));
}

TEST_CASE("A release is named with what its package was built with") {
  CHECK(As("3.0.2").IsNewest());
  CHECK(As("2.1.11").name() == "2.1.10");
  CHECK_FALSE(As("2.1.10").Behaves(Behaviour::kConcurrentFencingDefault));
  CHECK(As("2.1.10+concurrent-fencing").Behaves(Behaviour::kConcurrentFencingDefault));
  CHECK(As("2.1.10+concurrent-fencing").name() == "2.1.10+concurrent-fencing");
  CHECK(As("2.1.5").Behaves(Behaviour::kCleanedMigrationKnown));  // Debian's
  CHECK_FALSE(As("2.1.5+rhel").Behaves(Behaviour::kCleanedMigrationKnown));
  std::string reason;
  CHECK_FALSE(Target::Parse("2.1.4", reason).has_value());
  CHECK(reason.find("2.1.5") != std::string::npos);
  CHECK_FALSE(Target::Parse("2.1.5+suse", reason).has_value());
}

TEST_CASE("A cluster says which release it is") {
  CHECK(Target::Of("2.1.5-1.el9-a3f44794f94", "")->name() == "2.1.5+rhel");
  CHECK(Target::Of("2.1.10-7a2f", "3.20.5")->name() == "2.1.10");
  CHECK(Target::Of("1.1.24-1", "")->name() == "2.1.5");
  CHECK(Target::Of("", "3.17.4")->name() == "2.1.6");
  CHECK(Target::Of("", "3.16.2")->name() == "2.1.6");
  CHECK(Target::Of("", "3.20.5")->IsNewest());
  CHECK(Target::Of("", "9.0")->IsNewest());
  CHECK_FALSE(Target::Of("", "").has_value());
}

TEST_CASE("One rule can be taken from another release") {
  const Target changed = As("2.1.5").With(Behaviour::kNodeMaxMakesUnique, true);
  CHECK(changed.Behaves(Behaviour::kNodeMaxMakesUnique));
  CHECK_FALSE(changed.Behaves(Behaviour::kLifetimeGone));
}

TEST_CASE("The newest release has every rule but those that are gone") {
  for (const BehaviourInfo& info : AllBehaviours()) {
    CHECK(Target().Behaves(info.behaviour) == info.since3.has_value());
    CHECK_FALSE(info.now.empty());
    CHECK_FALSE(info.before.empty());
  }
}
