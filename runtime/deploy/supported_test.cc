#include "runtime/deploy/supported.h"

#include <doctest/doctest.h>

namespace picket::runtime {
namespace {

std::string Of(const char* configuration) {
  pugi::xml_document document;
  const std::string text = "<cib><configuration>" + std::string(configuration) + "</configuration></cib>";
  REQUIRE(document.load_string(text.c_str()));
  std::string all;
  for (const Refusal& refusal : RefusalsOf(document)) all += refusal.what + "\n";
  return all;
}

TEST_CASE("what runs is not refused") {
  CHECK(Of(R"(<nodes><node id="1" uname="n1"/><node id="2" uname="n2" type="member"/></nodes>
      <resources><primitive id="a" class="ocf" provider="heartbeat" type="Dummy"/>
      <primitive id="b" class="stonith" type="fence_x"/><primitive id="c" class="lsb" type="x"/>
      <primitive id="s" class="systemd" type="x"/><primitive id="t" class="service" type="x"/>
      <primitive id="d" template="t"/></resources>)")
            .empty());
}

TEST_CASE("what does not is named") {
  CHECK(Of(R"(<nodes><node id="1" uname="n1" type="remote"/></nodes>)") ==
        "`n1` is a remote node, and picketd has only members yet\n");
  CHECK(Of(R"(<resources><group id="g"><primitive id="w" class="daemontools" type="nginx"/></group>
      <bundle id="b"/></resources>)") ==
        "`w` has an agent of class `daemontools`, and picketd runs those of ocf, lsb, systemd, service and stonith\n"
        "`b` is a bundle, and picketd runs no containers yet\n");
  CHECK(Of(R"(<constraints><rsc_ticket id="t"/></constraints><alerts><alert id="a"/></alerts>)") ==
        "`t` waits for a ticket, and picketd has nobody yet who grants one\n"
        "`a` is an alert, and picketd sends none yet\n");
}

}  // namespace
}  // namespace picket::runtime
