#include "runtime/executor/invocation.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace picket::runtime {
namespace {

bool Has(const Invocation& invocation, const std::string& entry) {
  return std::find(invocation.environment.begin(), invocation.environment.end(), entry) != invocation.environment.end();
}

TEST_CASE("an OCF agent gets its parameters and meta-data in the environment") {
  Settings settings;
  settings.node = "n1";
  settings.tools = "/run/picket/tools";
  settings.socket = "/run/picket/control";
  Operation operation;
  operation.resource = "vip";
  operation.cls = "ocf";
  operation.provider = "heartbeat";
  operation.type = "IPaddr2";
  operation.name = "start";
  operation.parameters = {{"ip", "10.0.0.1"},
                          {"CRM_meta_timeout", "20000"},
                          {"crm_feature_set", "3.20.5"},
                          {"bad=name", "x"},
                          {"nul", std::string("a\0b", 3)}};
  const Invocation invocation = InvocationOf(operation, settings);
  CHECK(invocation.arguments == std::vector<std::string>{"/usr/lib/ocf/resource.d/heartbeat/IPaddr2", "start"});
  CHECK(Has(invocation, "OCF_RESKEY_ip=10.0.0.1"));
  CHECK(Has(invocation, "OCF_RESKEY_CRM_meta_timeout=20000"));
  CHECK(Has(invocation, "OCF_RESKEY_crm_feature_set=3.20.5"));
  CHECK(Has(invocation, "OCF_RESOURCE_INSTANCE=vip"));
  CHECK(Has(invocation, "OCF_RA_VERSION_MAJOR=1"));
  CHECK(Has(invocation, "HA_SBIN_DIR=/run/picket/tools"));
  CHECK(std::none_of(invocation.environment.begin(), invocation.environment.end(), [](const std::string& entry) {
    return entry.starts_with("OCF_RESKEY_bad") || entry.starts_with("OCF_RESKEY_nul");
  }));
}

TEST_CASE("a name that leads out of the agents' folder is no agent") {
  Operation operation;
  operation.cls = "ocf";
  operation.provider = "..";
  operation.type = "sh";
  operation.name = "start";
  CHECK(InvocationOf(operation, {}).arguments.empty());
  operation.provider = "heartbeat";
  operation.type = "../../../../bin/sh";
  CHECK(InvocationOf(operation, {}).arguments.empty());
  operation.cls = "lsb";
  CHECK(InvocationOf(operation, {}).arguments.empty());
}

TEST_CASE("a fence agent is asked on its standard input, and told only what is for it") {
  Operation operation;
  operation.cls = "stonith";
  operation.type = "fence_ipmilan";
  operation.name = "start";
  operation.parameters = {{"ip", "10.0.0.9"},
                          {"password", "secret"},
                          {"pcmk_host_list", "n1"},
                          {"CRM_meta_timeout", "20000"},
                          {"two\nlines", "x"}};
  const Invocation invocation = InvocationOf(operation, {});
  CHECK(invocation.arguments == std::vector<std::string>{"/usr/sbin/fence_ipmilan"});
  CHECK(invocation.input == "action=monitor\nip=10.0.0.9\npassword=secret\n");
}

TEST_CASE("a device is monitored with the word that it knows") {
  Operation operation;
  operation.cls = "stonith";
  operation.type = "fence_apc";
  operation.name = "monitor";
  operation.parameters = {{"ip", "10.0.0.9"}, {"pcmk_monitor_action", "status"}, {"priority", "5"}};
  CHECK(InvocationOf(operation, {}).input == "action=status\nip=10.0.0.9\n");
}

TEST_CASE("a fence agent is told the target under its name and as the device knows it") {
  FenceRequest request{"fence_apc", "off", {{"ip", "10.0.0.9"}, {"nodename", "x"}}, "n1", "plug", "7"};
  CHECK(FenceInvocation(request, {}).input == "action=off\nip=10.0.0.9\nnodename=n1\nplug=7\n");
  request.host_argument.clear();
  CHECK(FenceInvocation(request, {}).input == "action=off\nip=10.0.0.9\nnodename=n1\n");
  request = {"fence_apc", "off", {{"plug", "3"}}, "n1", "plug", "7"};
  CHECK(FenceInvocation(request, {}).input == "action=off\nplug=3\nnodename=n1\n");
}

TEST_CASE("a fence agent that could not be told what to do is not run: by default it reboots") {
  const FenceRequest request{"fence_apc", "off", {}, "n1", "plug", "7"};
  CHECK_FALSE(FenceInvocation(request, {}).arguments.empty());
  FenceRequest bad = request;
  bad.action = "off\naction=on";
  CHECK(FenceInvocation(bad, {}).arguments.empty());
  bad.action.clear();
  CHECK(FenceInvocation(bad, {}).arguments.empty());
  bad = request;
  bad.port = "7\nplug=8";
  CHECK(FenceInvocation(bad, {}).arguments.empty());
  bad = request;
  bad.agent = "../../bin/sh";
  CHECK(FenceInvocation(bad, {}).arguments.empty());
}

TEST_CASE("LSB codes") {
  Operation operation;
  operation.cls = "lsb";
  operation.name = "monitor";
  CHECK(ResultOf(operation, 0) == 0);
  CHECK(ResultOf(operation, 1) == 7);
  CHECK(ResultOf(operation, 3) == 7);
  CHECK(ResultOf(operation, 4) == 1);
  operation.name = "stop";
  CHECK(ResultOf(operation, 7) == 0);
  CHECK(ResultOf(operation, 1) == 1);
}

TEST_CASE("the last reason counts") {
  CHECK(ReasonIn("noise\nocf-exit-reason:first\nocf-exit-reason:no such disk\nmore\n") == "no such disk");
  CHECK(ReasonIn("nothing of that kind").empty());
}

TEST_CASE("an agent's last words") {
  CHECK(LastWords("").empty());
  CHECK(LastWords("\n \n").empty());
  CHECK(LastWords("one\ntwo\n\n") == "two");
  CHECK(LastWords("ERROR: no such plug\n\nERROR: Please use '-h' for usage\n") == "ERROR: no such plug");
  CHECK(LastWords("2026-11-28 19:24:21,676 ERROR: 7 is no plug\n") == "ERROR: 7 is no plug");
  CHECK(LastWords("20 outlets are off") == "20 outlets are off");
  CHECK(LastWords("Please use '-h' for usage").empty());
  CHECK(LastWords("a\x80\xff\tb\x7f") == "a   b");
  CHECK(LastWords(std::string(100000, 'x')).size() == 200);
}

TEST_CASE("how long and how often a fence device is asked") {
  Operation operation;
  operation.cls = "stonith";
  operation.timeout_ms = 20000;
  CHECK(PatienceOf(operation).timeout_ms == 20000);
  CHECK(PatienceOf(operation).retries == 2);
  operation.parameters = {{"pcmk_monitor_timeout", "90s"}, {"pcmk_monitor_retries", "0"}};
  CHECK(PatienceOf(operation).timeout_ms == 90000);
  CHECK(PatienceOf(operation).retries == 0);
  operation.cls = "ocf";
  CHECK(PatienceOf(operation).timeout_ms == 20000);
  CHECK(PatienceOf(operation).retries == 0);
}

TEST_CASE("a degraded success is a success") {
  Operation operation;
  CHECK(AsExpected(operation, {OperationStatus::kDone, 190, {}}));
  CHECK_FALSE(AsExpected(operation, {OperationStatus::kDone, 191, {}}));
  operation.target_rc = 8;
  CHECK(AsExpected(operation, {OperationStatus::kDone, 191, {}}));
}

TEST_CASE("the name of a unit") {
  const std::pair<const char*, const char*> kCases[] = {
      {"nginx", "nginx.service"},
      {"nginx.service", "nginx.service"},
      {"data.mount", "data.mount"},
      {"pg@14-main", "pg@14-main.service"},
      {"a.b", "a.b.service"},
      {".service", ".service.service"},
      {"", ""},
      {"../x", ""},
      {"a b", ""},
  };
  for (const auto& [type, unit] : kCases) {
    CAPTURE(type);
    Operation operation;
    operation.cls = "systemd";
    operation.name = "monitor";
    operation.type = type;
    const auto call = UnitCallOf(operation);
    CHECK((call ? call->unit : "") == unit);
  }
  Operation operation;
  operation.cls = "lsb";
  operation.name = "start";
  operation.type = "nginx";
  CHECK_FALSE(UnitCallOf(operation));
}

}  // namespace
}  // namespace picket::runtime
