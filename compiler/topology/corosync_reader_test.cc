#include "compiler/topology/corosync_reader.h"

#include <doctest/doctest.h>

#include <string>

namespace picket::compiler {
namespace {

Topology Read(const std::string& text) {
  CorosyncError error;
  const auto topology = ReadCorosyncConf(text, error);
  REQUIRE_MESSAGE(topology, error.line << ": " << error.message);
  return *topology;
}

Topology Everything() {
  Topology topology;
  topology.cluster = "pbx";
  topology.links = {{"link0", {}}, {"link1", {{"priority", "2"}, {"mcastport", "5409"}}}};
  topology.nodes = {{"ha1", 1, {{0, "192.0.2.1"}, {1, "fd00::1"}}, 2}, {"ha2", 7, {{0, "192.0.2.2"}}, {}}};
  topology.two_node = true;
  topology.wait_for_all = false;
  topology.token_ms = 5000;
  topology.consensus_ms = 6000;
  topology.device = QuorumDevice{"net", {{"host", "qnetd.example.org"}, {"algorithm", "ffsplit"}}};
  topology.totem = {{"join", "60"}};
  topology.quorum = {{"last_man_standing", "1"}};
  topology.crypto = {{"cipher", "aes256"}, {"hash", "sha256"}};
  return topology;
}

TEST_CASE("what is printed is read back") {
  Topology bare;
  bare.cluster = "c";
  bare.transport = "udpu";
  bare.links = {{"link0", {}}};
  bare.nodes = {{"n1", 1, {{0, "n1.example.org"}}, {}}};
  for (const Topology& topology : {Everything(), bare}) {
    const std::string text = CorosyncConf(topology);
    CHECK(CorosyncConf(Read(text)) == text);
  }
}

TEST_CASE("every member is told") {
  const Topology read = Read(CorosyncConf(Everything()));
  CHECK(read.cluster == "pbx");
  CHECK(read.transport == "knet");
  REQUIRE(read.links.size() == 2);
  CHECK(read.links[1].name == "link1");
  CHECK(read.links[1].options[0].first == "priority");
  REQUIRE(read.nodes.size() == 2);
  CHECK(read.nodes[0].addresses[1].address == "fd00::1");
  CHECK(read.nodes[0].votes == 2);
  CHECK(read.nodes[1].id == 7);
  CHECK(read.two_node);
  CHECK(read.wait_for_all == false);
  CHECK(read.DetectionMs() == 11000);
  CHECK(read.device->model == "net");
  CHECK(read.device->options.size() == 2);
}

TEST_CASE("files as people write them") {
  const Topology read = Read(
      "# Please read the corosync.conf.5 manual page\r\n"
      "totem {\r\n  version: 2\n\tcluster_name:x\n  interface {\n    ringnumber: 0\n    bindnetaddr: "
      "192.0.2.0\n  }\n}\n"
      "logging {\n  logger_subsys {\n    subsys: QUORUM\n  }\n}\n"
      "nodelist {\n  node {\n    nodeid: 1\n    ring0_addr: a.example.org\n  }\n"
      "  node {\n    ring0_addr: fd00::2\n    name: b\n    nodeid: 2\n  }\n}\n"
      "quorum {\n  # two of them\n  two_node: 1\n}");
  CHECK(read.cluster == "x");
  CHECK(read.nodes[0].name == "a.example.org");
  CHECK(read.nodes[1].addresses[0].address == "fd00::2");
  CHECK(read.WaitsForAll());
}

TEST_CASE("what is wrong is told with its line") {
  struct Case {
    std::string text;
    std::size_t line;
    std::string message;
  };
  const std::string node = "nodelist {\nnode {\nring0_addr: a\nnodeid: 1\n}\n}\n";
  const Case cases[] = {
      {"", 0, "no `node` in a `nodelist`"},
      {"totem {\n", 1, "the section `totem` is not closed"},
      {"totem {\n}\n}\n", 3, "a `}` without a section"},
      {"totem\n", 1, "`totem` is neither an option nor a section"},
      {"totem {\ntoken: soon\n}\n", 2, "`token` is a number, not `soon`"},
      {"totem {\ntoken: 0\n}\n", 2, "`token` is a number, not `0`"},
      {"quorum {\ntwo_node: 2\n}\n", 2, "`two_node` is 1 or 0, not `2`"},
      {"quorum {\ndevice {\n}\n}\n", 2, "a quorum device without a `model`"},
      {"totem {\ninterface {\nlinknumber: 8\n}\n}\n", 3, "there are links 0 to 7, and no other"},
      {"nodelist {\nnode {\nnodeid: 1\n}\n}\n", 2, "a node without an address"},
      {"nodelist {\nnode {\nring0_addr: a\n}\n}\n", 2, "node `a` has no `nodeid`"},
      {"nodelist {\nnode {\nringx_addr: a\n}\n}\n", 3, "`ringx_addr` is a number, not `x`"},
      {node + "nodelist {\nnode {\nring0_addr: b\nnodeid: 1\n}\n}\n", 8, "a second node with the id 1"},
      {node + "nodelist {\nnode {\nring0_addr: a\nnodeid: 2\n}\n}\n", 8, "a second node `a`"},
      {std::string(100, '{') + "\n", 1, "the section"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    CorosyncError error;
    CHECK_FALSE(ReadCorosyncConf(one.text, error));
    CHECK(error.line == one.line);
    CHECK(error.message.find(one.message) == 0);
  }
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "a {\n";
  CorosyncError error;
  CHECK_FALSE(ReadCorosyncConf(deep, error));
  CHECK(error.message == "sections nested too deeply");
}

}  // namespace
}  // namespace picket::compiler
