#include "runtime/executor/reloads.h"

#include <doctest/doctest.h>

#include "solver/status/parameter_digest.h"

namespace picket::runtime {
namespace {

constexpr const char* kMetadata = R"(<?xml version="1.0"?><resource-agent name="x"><parameters>
<parameter name="state" unique-group="state"/><parameter name="passwd" reloadable="1"/>
<parameter name="fake" reloadable="true"/><parameter name="mode" reloadable="0"/></parameters>
<actions><action name="reload"/><action name="reload-agent"/></actions></resource-agent>)";

std::string DigestOf(const solver::Attributes& pairs) {
  solver::Table table;
  for (const auto& [name, value] : pairs) table.Add(name, value);
  return solver::ParameterDigest(table);
}

Operation Start(const solver::Attributes& parameters) {
  Operation operation;
  operation.cls = "ocf";
  operation.name = "start";
  operation.parameters = parameters;
  operation.digest = DigestOf(parameters);
  operation.parameters.emplace_back("CRM_meta_timeout", "20000");
  operation.parameters.emplace_back("crm_feature_set", "3.19.0");
  return operation;
}

TEST_CASE("what metadata says of reloading") {
  const auto facts = ReadReloadFacts(kMetadata);
  REQUIRE(facts);
  CHECK(facts->reloads);
  CHECK(facts->reloadable == std::set<std::string>{"fake", "passwd"});
  CHECK(facts->others == std::set<std::string>{"mode", "state"});
  // `reload` alone is what the service understands, not the cluster.
  const auto old = ReadReloadFacts(R"(<resource-agent><actions><action name="reload"/></actions></resource-agent>)");
  REQUIRE(old);
  CHECK_FALSE(old->reloads);
  CHECK_FALSE(ReadReloadFacts("no such action"));
  CHECK_FALSE(ReadReloadFacts("<resource-agent><actions>"));
  CHECK_FALSE(ReadReloadFacts("<resource-agent/>"));
}

TEST_CASE("what is recorded so that a change can be told from another") {
  const ReloadFacts facts = *ReadReloadFacts(kMetadata);
  const auto record = RestartRecordOf(Start({{"state", "x"}, {"fake", "1"}, {"unheard_of", "2"}}), facts);
  REQUIRE(record);
  CHECK(record->names == " mode state unheard_of ");
  CHECK(record->digest == DigestOf({{"state", "x"}, {"unheard_of", "2"}}));
  const auto changed = RestartRecordOf(Start({{"state", "x"}, {"fake", "9"}, {"unheard_of", "2"}}), facts);
  REQUIRE(changed);
  CHECK(changed->digest == record->digest);
  const auto x = RestartRecordOf(Start({{"state", "x"}}), facts);
  const auto y = RestartRecordOf(Start({{"state", "y"}}), facts);
  CHECK(x->digest != y->digest);
  CHECK(RestartRecordOf(Start({}), facts)->digest == DigestOf({}));
}

TEST_CASE("what cannot be reloaded, or is not what was planned, is not recorded") {
  ReloadFacts facts = *ReadReloadFacts(kMetadata);
  Operation monitor = Start({{"state", "x"}});
  monitor.interval_ms = 10000;
  CHECK_FALSE(RestartRecordOf(monitor, facts));
  Operation other = Start({{"state", "x"}});
  other.digest = DigestOf({{"state", "y"}});
  CHECK_FALSE(RestartRecordOf(other, facts));
  other.digest.clear();
  CHECK_FALSE(RestartRecordOf(other, facts));
  facts.reloads = false;
  CHECK_FALSE(RestartRecordOf(Start({{"state", "x"}}), facts));
}

}  // namespace
}  // namespace picket::runtime
