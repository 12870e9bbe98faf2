#include "compiler/profile/profile.h"

#include <doctest/doctest.h>

#include "compiler/diagnostics/render.h"

namespace picket::compiler {
namespace {

constexpr const char* kPolicy = R"(cluster c { transport=knet; link lan; totem token=5s; sbd watchdog=5s }
node n1 { id=1; link lan 192.0.2.1 }
node n2 { id=2; link lan 192.0.2.2 }
node n3 { id=3; link lan 192.0.2.3 }
fence f stonith:fence_azure_arm for n1, n2, n3 { pcmk_reboot_timeout=300; op monitor interval=1h timeout=120s }
rsc_defaults resource-stickiness=1000
primitive a ocf:pacemaker:Dummy { op monitor interval=10s; meta priority=5 }
group g of a { resource-stickiness=1 }
)";

// The messages about the policy, one on each line.
std::string Said(const std::string& lines) {
  ProfileFault fault;
  const auto profile = ReadProfile("profile p\n" + lines, fault);
  REQUIRE_MESSAGE(profile, fault.message);
  CompileOptions options;
  options.read = [](const std::string&) { return std::optional<std::string>(); };
  options.review = [&](const Review& review) { CheckProfile(*profile, review); };
  const CompileResult result = CompileText(kPolicy, "p.picket", options);
  std::string said;
  for (const Diagnostic& one : result.diagnostics.list()) {
    const Place place = result.source_map.PlaceOf(one.span);
    said += std::to_string(place.line) + ' ' + std::string(one.code) + ' ' + one.message + '\n';
  }
  return said;
}

std::string FaultOf(std::string_view text) {
  ProfileFault fault;
  if (ReadProfile(text, fault)) return "none";
  CHECK(!fault.help.empty());
  return std::to_string(fault.line) + ": " + fault.message;
}

TEST_CASE("what a policy shares with a profile is not told") {
  CHECK(Said("totem token = 5000 \"milliseconds, as in corosync.conf\"\n"
             "totem consensus = 6780ms\n"
             "links = 1\n"
             "transport = knet\n"
             "sbd watchdog <= 15s\n"
             "quorum two_node = no\n"
             "rsc_defaults resource-stickiness = 1000\n"
             "param stonith:fence_azure_arm pcmk_reboot_timeout >= 5min\n"
             "op stonith:fence_azure_arm monitor interval = 3600\n"
             "meta ocf:pacemaker:Dummy priority != 10\n")
            .empty());
}

TEST_CASE("a bound that is no amount is a fault of the profile") {
  CHECK(FaultOf("profile p\ntotem token >= -5s\n") == "2: `-5s` is no amount that can be compared");
  CHECK(FaultOf("profile p\nlinks <= many\n") == "2: `many` is no amount that can be compared");
  CHECK(FaultOf("profile p\nlinks >= 2\ntotem token >= 5s\n") == "none");
}

TEST_CASE("what it does not share is told at its place") {
  CHECK(Said("totem token = 30000\n") == "1 W0490 `totem token` is 5000ms; profile p wants 30000\n");
  CHECK(Said("links >= 2\n") == "1 W0490 there are 1 links; profile p wants at least 2\n");
  CHECK(Said("sbd watchdog = 15s\n") == "1 W0490 `sbd watchdog` is 5000ms; profile p wants 15s\n");
  CHECK(Said("param stonith:fence_azure_arm pcmk_reboot_timeout = 900s\n") ==
        "5 W0490 `pcmk_reboot_timeout` of `f` is 300; profile p wants 900s\n");
  CHECK(Said("property fencing-timeout >= 900s\n") ==
        "1 W0490 `fencing-timeout` is not set; profile p wants at least 900s\n");
  CHECK(Said("op stonith:fence_azure_arm monitor timeout <= 60s\n") ==
        "5 W0490 `op monitor timeout` of `f` is 120s; profile p wants at most 60s\n");
}

TEST_CASE("a meta attribute is the resource's own, its container's, or a default") {
  CHECK(Said("meta ocf:pacemaker:Dummy priority = 10\n") == "7 W0490 `priority` of `a` is 5; profile p wants 10\n");
  CHECK(Said("meta ocf:pacemaker:* resource-stickiness = 5\n") ==
        "8 W0490 `resource-stickiness` of `a` is 1; profile p wants 5\n");
  CHECK(Said("meta stonith:fence_azure_arm resource-stickiness = 5\n") ==
        "6 W0490 `resource-stickiness` of `f` is 1000; profile p wants 5\n");
}

TEST_CASE("an opinion may be for those who have an agent") {
  CHECK(Said("property fencing-timeout >= 900s where stonith:fence_gce\n").empty());
  CHECK(!Said("property fencing-timeout >= 900s where stonith:fence_azure*\n").empty());
}

TEST_CASE("SBD, of which a policy need not speak, is compared only where it does") {
  CHECK(Said("sbd msgwait = 120s\n").empty());
}

TEST_CASE("an option of an operation that is not there is not set") {
  CHECK(Said("op ocf:pacemaker:Dummy start timeout = 60s\n") ==
        "7 W0490 `op start timeout` of `a` is not set; profile p wants 60s\n");
}

TEST_CASE("what is no profile is refused at its line") {
  CHECK(FaultOf("") == "0: no profile");
  CHECK(FaultOf("# nothing\n\n") == "2: no profile");
  CHECK(FaultOf("totem token = 5s\n") == "1: expected one line `profile NAME` before all others");
  CHECK(FaultOf("profile p\nprofile q\n") == "2: expected one line `profile NAME` before all others");
  CHECK(FaultOf("profile p\ntotem token 5s\n") == "2: expected a comparison such as `= 30s` or `>= 2`");
  CHECK(FaultOf("profile p\ntotm token = 5s\n") == "2: `totm` is nothing that a profile speaks of");
  CHECK(FaultOf("profile p\nparam pcmk_delay_max = 5s\n") == "2: `param` is followed by too much or too little");
  CHECK(FaultOf("profile p\nlinks = 2 \"no end\n") == "2: a text in quotes has no end");
  CHECK(FaultOf("profile p\nlinks = 2 # a comment\r\n") == "none");
  CHECK(FaultOf(std::string("profile \0 p\n", 12)) == "1: expected one line `profile NAME` before all others");
}

}  // namespace
}  // namespace picket::compiler
