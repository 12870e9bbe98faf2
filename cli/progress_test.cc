#include "cli/progress.h"

#include "doctest/doctest.h"

using namespace picket::cli;

TEST_CASE("a bar, the count, and the time to go once that can be told") {
  CHECK(ProgressText(0, 300, 0) == "[                              ] 0 of 300");
  CHECK(ProgressText(100, 300, 900) == "[##########                    ] 100 of 300");
  CHECK(ProgressText(100, 300, 2000) == "[##########                    ] 100 of 300, 4 s to go");
  CHECK(ProgressText(1, 1000, 1500) == "[                              ] 1 of 1,000, 24 min 58 s to go");
  CHECK(ProgressText(300, 300, 5000) == "[##############################] 300 of 300");
}

TEST_CASE("more than was expected, and no idea how much there is") {
  CHECK(ProgressText(400, 300, 5000) == "[##############################] 400 of 300");
  CHECK(ProgressText(1234567, 0, 5000) == "1,234,567");
}
