#include "execution/agents/promotion.h"

#include <doctest/doctest.h>

namespace picket::execution {
namespace {

solver::ResourceDef Primitive(const std::string& provider, const std::string& type,
                              const std::vector<std::pair<std::string, std::string>>& parameters = {}) {
  solver::ResourceDef def;
  def.provider = provider;
  def.type = type;
  solver::NvBlock block;
  for (const auto& [name, value] : parameters) block.pairs.push_back({name, name, value});
  def.params.push_back(std::move(block));
  return def;
}

const PromotionModel& Model(const solver::ResourceDef& def, size_t copies = 3) {
  return PromotionModelOf(def, copies);
}

}  // namespace

TEST_CASE("agents set promotion scores each in their own way") {
  const PromotionModel& stateful = Model(Primitive("pacemaker", "Stateful"));
  CHECK(stateful.start == "5");
  CHECK(stateful.promote == "10");
  CHECK(stateful.stop == "");  // deleted
  const PromotionModel& paf = Model(Primitive("heartbeat", "pgsqlms"));
  CHECK_FALSE(paf.promote.has_value());  // the monitor of the promoted instance does it
  CHECK(paf.board_promoted == "1001");
  CHECK(Model(Primitive("linbit", "drbd")).board_first == "10000");
}

TEST_CASE("replication and the number of nodes decide which standby of pgsql may be promoted") {
  const auto pgsql = [](const char* mode, const char* nodes) {
    return Primitive("heartbeat", "pgsql", {{"rep_mode", mode}, {"node_list", nodes}});
  };
  CHECK(Model(pgsql("sync", "n1 n2 n3")).board_first == "100");
  CHECK(Model(pgsql("sync", "n1 n2 n3")).board_others == "-INFINITY");
  CHECK(Model(pgsql("async", "n1 n2")).board_first == "100");
  CHECK(Model(pgsql("async", "n1 n2 n3")).board_first == "-INFINITY");
}

TEST_CASE("who has to report before one begins stands in a parameter") {
  CHECK(Electorate(Primitive("heartbeat", "galera", {{"wsrep_cluster_address", "gcomm://n1,n2"}}), 3) == 2);
  CHECK(Electorate(Primitive("heartbeat", "galera"), 3) == 3);
  CHECK(Electorate(Primitive("linbit", "drbd"), 2) == 2);
}

TEST_CASE("an agent without a model does what a simple one does, and is not called known") {
  const PromotionModel& other = Model(Primitive("example", "database"));
  CHECK_FALSE(other.known);
  CHECK(other.start == "5");
  CHECK(other.promote == "10");
}

}  // namespace picket::execution
