// CIB to policy to CIB, over CIBs that nobody has seen: drawn from the whole
// schema. PICKET_SEEDS=N tries N of them instead of a few hundred, and
// PICKET_SEED=N prints number N and what became of it.
#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "tests/roundtrip/random_configuration.h"
#include "tests/roundtrip/round_trip.h"

namespace picket {
namespace {

std::uint64_t Number(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void TryAll(Taste taste) {
  const std::uint64_t only = Number("PICKET_SEED", 0);
  const std::uint64_t first = only > 0 ? only : 1;
  const std::uint64_t last = only > 0 ? only : Number("PICKET_SEEDS", 400);
  std::size_t failures = 0;
  for (std::uint64_t seed = first; seed <= last && failures < 20; ++seed) {
    const std::string cib = RandomConfiguration(seed, taste);
    if (only > 0) std::cout << cib;
    for (const bool all_ids : {false, true}) {
      const RoundTrip trip = GoRound(cib, {.all_ids = all_ids});
      if (only > 0) std::cout << trip.policy;
      CHECK_MESSAGE(trip.trouble == "", "seed " << seed << std::string(all_ids ? ", --ids: " : ": ") << trip.trouble);
      failures += !trip.trouble.empty();
      if (taste == Taste::kWild) continue;
      // The first of the elements, with the comment that says why.
      const std::size_t comment = trip.policy.find("# as it is");
      const std::string why = comment == std::string::npos ? "" : trip.policy.substr(comment, 400);
      CHECK_MESSAGE(trip.elements_as_xml == 0, "seed " << seed << ": no words for " << why);
      failures += trip.elements_as_xml > 0;
    }
  }
}

TEST_CASE("a sound configuration comes back the same, and has words for all of it") {
  TryAll(Taste::kSound);
}
TEST_CASE("any configuration comes back the same") {
  TryAll(Taste::kWild);
}

}  // namespace
}  // namespace picket
