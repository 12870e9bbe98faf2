#include "execution/agents/promotion.h"

#include <doctest/doctest.h>

namespace picket::execution {

TEST_CASE("agents set promotion scores each in their own way") {
  const PromotionModel& stateful = PromotionModelOf("pacemaker", "Stateful");
  CHECK(stateful.start == "5");
  CHECK(stateful.promote == "10");
  CHECK(stateful.stop == "");  // deleted
  const PromotionModel& paf = PromotionModelOf("heartbeat", "pgsqlms");
  CHECK_FALSE(paf.promote.has_value());  // the monitor of the promoted instance does it
  CHECK(paf.board_promoted == "1001");
  CHECK(PromotionModelOf("linbit", "drbd").board_first == "10000");
}

TEST_CASE("an agent without a model does what a simple one does, and is not called known") {
  const PromotionModel& other = PromotionModelOf("example", "database");
  CHECK_FALSE(other.known);
  CHECK(other.start == "5");
  CHECK(other.promote == "10");
}

}  // namespace picket::execution
