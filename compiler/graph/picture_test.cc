#include "compiler/graph/picture.h"

#include <doctest/doctest.h>

#include "compiler/compile.h"

namespace picket::compiler {
namespace {

CompileResult Compiled(const std::string& more) {
  CompileResult result = CompileText(
      "cluster demo { link lan }\nnode ha1 { id=1; link lan 192.0.2.11 }\nnode ha2 { id=2; link lan "
      "192.0.2.12 }\n"
      "property fencing-enabled=no\nprimitive b ocf:heartbeat:Dummy\nprimitive c ocf:heartbeat:Dummy\n" +
          more,
      "demo.picket", {});
  REQUIRE(result.compiled);
  return result;
}

std::string Dot(const std::string& more) {
  const CompileResult result = Compiled(more);
  return PictureDot(result.compiled->graph, result.source_map, result.compiled->cib);
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("templates, and what is made from them") {
  const std::string dot = Dot("rsc_template T ocf:heartbeat:Dummy\nprimitive a from T\ncolocation c1: T with b\n");
  CHECK(Has(dot, "t0 [label=\"T\", shape=box, style=dashed"));
  CHECK(Has(dot, " -> t0 [color=\"#8250df\", style=dashed, arrowhead=empty"));
  CHECK(Has(dot, "tooltip=\"colocation, line 9\""));
  CHECK(Has(dot, "label=\"is made from\""));
}

TEST_CASE("a set that is used again") {
  const CompileResult result = Compiled(
      "primitive a ocf:heartbeat:Dummy\nprimitive d ocf:heartbeat:Dummy\norder o1: {@s1 b, c} then a\n"
      "order o2: {from s1} then d\n");
  CHECK(result.compiled->graph.edges.size() == 4);
  CHECK(NotDrawn(result.compiled->graph, result.compiled->cib).empty());
}

TEST_CASE("a group is a box with its members in order") {
  const std::string dot = Dot("group g of b, c\n");
  CHECK(Has(dot, "subgraph cluster_n2 {\n    label=\"group g\""));
  CHECK(Has(dot, "[label=\"1. b\", shape=box"));
  CHECK(Has(dot, "[label=\"2. c\", shape=box"));
  CHECK(Has(dot, "n1 -> n0 [color=\"#6e7781\"];"));
  CHECK(!Has(dot, "odiamond"));
}

TEST_CASE("tags, tickets and locations") {
  const std::string dot =
      Dot("tag both of b, c\nticket t: T grants b on-loss=fence\nlocation l: c prefers ha1 score=7\n");
  CHECK(Has(dot, "[label=\"both\", shape=note"));
  CHECK(Has(dot, "[label=\"ticket T\", shape=diamond"));
  CHECK(Has(dot, "label=\"on loss fence\""));
  CHECK(Has(dot, "[label=\"ha1\", shape=box3d"));
  CHECK(Has(dot, "label=\"7\""));
}

TEST_CASE("fence devices and the nodes that they reach") {
  const std::string dot = Dot("fence f stonith:fence_ipmilan for ha1, ha2 { ip=192.0.2.9 }\nfencing ha1: f\n");
  CHECK(Has(dot, "shape=octagon"));
  CHECK(Has(dot, "arrowhead=tee, label=\"level 1\""));
  CHECK(Has(dot, "label=\"can fence\""));
}

TEST_CASE("what is not drawn is said") {
  const CompileResult result = Compiled("location l: b never where node == ha2\n");
  const auto not_drawn = NotDrawn(result.compiled->graph, result.compiled->cib);
  REQUIRE(not_drawn.size() == 1);
  CHECK(not_drawn[0] == "the location `l`, which is a rule");
}

}  // namespace
}  // namespace picket::compiler
