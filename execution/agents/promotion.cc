#include "execution/agents/promotion.h"

#include <array>

#include "execution/agents/parameter.h"

namespace picket::execution {
namespace {

using Board = PromotionModel::Board;

constexpr std::string_view kDeleted = "";

struct Known {
  std::string_view provider;
  std::string_view type;
  PromotionModel model;
};

constexpr PromotionModel kStateful = {.start = "5",
                                      .promote = "10",
                                      .demote = "5",
                                      .stop = kDeleted,
                                      .probe_promoted = "10",
                                      .probe_unpromoted = "5",
                                      .stop_while_promoted_rc = 8};

constexpr PromotionModel AsStatefulButUnknown() {
  PromotionModel model = kStateful;
  model.stop_while_promoted_rc = 0;
  model.known = false;
  return model;
}
constexpr PromotionModel kUnknown = AsStatefulButUnknown();

// With synchronous replication one standby is in sync; the others may not be promoted. The promoted instance's data,
// and those of the standby in sync, are current.
constexpr PromotionModel kPgsqlInSync = {.start = "-INFINITY",
                                         .promote = "1000",
                                         .demote = "-INFINITY",
                                         .probe_promoted = "1000",
                                         .probe_unpromoted = "-INFINITY",
                                         .board = Board::kMonitorOfPromoted,
                                         .board_promoted = "1000",
                                         .board_first = "100",
                                         .board_others = "-INFINITY",
                                         .board_chosen = "1000",
                                         .board_looks = 3,
                                         .board_current = true};

// With asynchronous replication the one standby of two nodes may be promoted at once; of more nobody knows which is
// best, before they have compared their logs.
constexpr PromotionModel AsPgsqlBehind(std::string_view others) {
  PromotionModel model = kPgsqlInSync;
  model.board_first = model.board_others = others;
  model.board_current = false;
  return model;
}
constexpr PromotionModel kPgsqlOfTwo = AsPgsqlBehind("100");
constexpr PromotionModel kPgsqlOfMany = AsPgsqlBehind("-INFINITY");

constexpr PromotionModel kSapHana = {.start = "100",
                                     .promote = "150",
                                     .demote = "-INFINITY",
                                     .stop = "0",
                                     .probe_promoted = "150",
                                     .probe_unpromoted = "100",
                                     .board = Board::kMonitorOfPromoted,
                                     .board_promoted = "150",
                                     .board_first = "100",
                                     .board_chosen = "150"};

constexpr std::array kModels = {
    Known{"pacemaker", "Stateful", kStateful},
    Known{"heartbeat", "Stateful", {.start = "5", .promote = "10", .demote = "5", .stop = kDeleted}},
    Known{"heartbeat", "portblock", {.start = "5", .promote = "10", .demote = "5", .stop = kDeleted}},
    Known{"linbit",
          "drbd",
          {.start = "1000",
           .stop = kDeleted,
           .probe_promoted = "10000",
           .probe_unpromoted = "1000",
           .board = Board::kEachByPeers,
           .board_promoted = "10000",
           .board_first = "10000",
           .board_alone = "1000"}},
    Known{"heartbeat",
          "pgsqlms",
          {.board = Board::kMonitorOfPromoted,
           .board_promoted = "1001",
           .board_first = "1000",
           .board_step = 10,
           .board_chosen = "1"}},
    Known{"heartbeat",
          "mysql",
          {.start = "1",
           .promote = "3601",
           .demote = "1",
           .stop = kDeleted,
           .probe_promoted = "3601",
           .probe_unpromoted = "1"}},
    Known{"heartbeat",
          "mariadb",
          {.start = kDeleted,
           .demote = kDeleted,
           .stop = kDeleted,
           .board = Board::kBestStarts,
           .board_promoted = "100",
           .board_chosen = "100"}},
    Known{"heartbeat",
          "galera",
          {.start = kDeleted,
           .demote = kDeleted,
           .stop = kDeleted,
           .probe_promoted = "100",
           .board = Board::kAllAfterPromotion,
           .board_promoted = "100",
           .board_chosen = "100"}},
    Known{"heartbeat", "redis", {.start = "100", .stop = kDeleted}},
    Known{"rabbitmq", "rabbitmq-server-ha", {.start = "100", .promote = "1000", .demote = "100", .stop = "0"}},
    Known{"heartbeat",
          "SAPInstance",
          {.start = "100", .promote = "100", .stop = "0", .probe_promoted = "100", .probe_unpromoted = "100"}},
    Known{"heartbeat",
          "db2",
          {.start = "8000",
           .promote = "10000",
           .demote = "8000",
           .stop = kDeleted,
           .probe_promoted = "10000",
           .probe_unpromoted = "8000"}},
    Known{"heartbeat",
          "conntrackd",
          {.start = "100", .promote = "1000", .demote = "100", .probe_promoted = "1000", .probe_unpromoted = "100"}},
    Known{"suse", "SAPHana", kSapHana},
    Known{"suse", "SAPHanaController", kSapHana},
};

}  // namespace

const PromotionModel& PromotionModelOf(const solver::ResourceDef& primitive, size_t copies) {
  if (primitive.provider == "heartbeat" && primitive.type == "pgsql") {
    if (ParameterOf(primitive, "rep_mode") == "sync") return kPgsqlInSync;
    return Electorate(primitive, copies) > 2 ? kPgsqlOfMany : kPgsqlOfTwo;
  }
  for (const Known& known : kModels) {
    if (known.provider == primitive.provider && known.type == primitive.type) return known.model;
  }
  return kUnknown;
}

size_t Electorate(const solver::ResourceDef& primitive, size_t copies) {
  if (primitive.provider != "heartbeat") return copies;
  const bool galera = primitive.type == "galera";
  if (!galera && primitive.type != "mariadb" && primitive.type != "pgsql") return copies;
  const int64_t listed = WordsIn(ParameterOf(primitive, galera ? "wsrep_cluster_address" : "node_list"));
  return listed > 0 ? static_cast<size_t>(listed) : copies;
}

}  // namespace picket::execution
