#include "runtime/ports/linux/corosync_keys.h"

#include <doctest/doctest.h>

namespace picket::runtime {
namespace {

// As Corosync 3.1.7 shows them.
CorosyncKeys TwoNodes() {
  return {{"nodelist.local_node_pos", "1"},
          {"nodelist.node.0.name", "node1"},
          {"nodelist.node.0.nodeid", "1"},
          {"nodelist.node.0.ring0_addr", "10.100.0.1"},
          {"nodelist.node.1.name", "node2"},
          {"nodelist.node.1.nodeid", "2"},
          {"nodelist.node.1.quorum_votes", "3"},
          {"nodelist.node.1.ring0_addr", "10.100.0.2"},
          {"quorum.provider", "corosync_votequorum"},
          {"runtime.config.totem.token", "1650"},
          {"totem.token", "1000"},
          {"totem.crypto_cipher", "aes256"}};
}

TEST_CASE("nodes, token and crypto") {
  const GroupOpened opened = OpenedFrom(TwoNodes(), "host");
  CHECK(opened.self.node == 2);
  REQUIRE(opened.nodes.size() == 2);
  CHECK(opened.nodes[0].id == 1);
  CHECK(opened.nodes[0].name == "node1");
  CHECK(opened.nodes[0].votes == 1);
  CHECK(opened.nodes[1].votes == 3);
  CHECK(opened.plain_majority);
  CHECK_FALSE(opened.two_node);
  CHECK(opened.token_ms == 1650);
  CHECK(opened.encrypted);
  CHECK(NameOf(opened, 2) == "node2");
  CHECK(NameOf(opened, 3) == "");
}

TEST_CASE("a node without a name") {
  CorosyncKeys keys = TwoNodes();
  keys.erase("nodelist.node.0.name");
  keys.erase("nodelist.node.1.name");
  CHECK(NameOf(OpenedFrom(keys, "host"), 1) == "");
  CHECK(NameOf(OpenedFrom(keys, "host"), 2) == "host");
  keys["nodelist.node.0.ring0_addr"] = "alpha";
  keys["nodelist.node.1.ring0_addr"] = "beta";
  CHECK(NameOf(OpenedFrom(keys, "host"), 1) == "alpha");
  CHECK(NameOf(OpenedFrom(keys, "host"), 2) == "beta");
  keys["nodelist.node.0.ring0_addr"] = "fd00::1";
  CHECK(NameOf(OpenedFrom(keys, "host"), 1) == "");
}

TEST_CASE("what makes quorum more or less than a majority of the nodes") {
  const std::pair<const char*, const char*> kOthers[] = {
      {"quorum.two_node", "1"},        {"quorum.last_man_standing", "1"}, {"quorum.auto_tie_breaker", "1"},
      {"quorum.allow_downscale", "1"}, {"quorum.device.model", "net"},    {"quorum.expected_votes", "2"},
  };
  for (const auto& [key, value] : kOthers) {
    CAPTURE(key);
    CorosyncKeys keys = TwoNodes();
    keys[key] = value;
    CHECK_FALSE(OpenedFrom(keys, "host").plain_majority);
    CHECK(OpenedFrom(keys, "host").two_node == (std::string(key) == "quorum.two_node"));
  }
  CorosyncKeys keys = TwoNodes();
  keys["quorum.wait_for_all"] = "1";
  keys["quorum.two_node"] = "0";
  keys["quorum.expected_votes"] = "4";
  CHECK(OpenedFrom(keys, "host").plain_majority);
}

TEST_CASE("encryption is what knet does, and off unless it is asked for") {
  CorosyncKeys keys = TwoNodes();
  keys["totem.transport"] = "udpu";
  CHECK_FALSE(OpenedFrom(keys, "host").encrypted);
  keys.erase("totem.transport");
  keys["totem.crypto_cipher"] = "none";
  CHECK_FALSE(OpenedFrom(keys, "host").encrypted);
  keys.erase("totem.crypto_cipher");
  CHECK_FALSE(OpenedFrom(keys, "host").encrypted);
  keys["totem.secauth"] = "on";
  CHECK(OpenedFrom(keys, "host").encrypted);
}

TEST_CASE("what is not there or no number is as Corosync has it by itself") {
  CorosyncKeys keys = TwoNodes();
  keys.erase("runtime.config.totem.token");
  CHECK(OpenedFrom(keys, "host").token_ms == 1000);
  keys["totem.token"] = "soon";
  keys["nodelist.node.1.quorum_votes"] = "";
  const GroupOpened opened = OpenedFrom(keys, "host");
  CHECK(opened.token_ms == 3000);
  CHECK(opened.nodes[1].votes == 1);
  CHECK(OpenedFrom({}, "host").self.node == 0);
  CHECK(OpenedFrom({}, "host").nodes.empty());
}

}  // namespace
}  // namespace picket::runtime
