#include "compiler/compile.h"

#include <doctest/doctest.h>

#include <string>

namespace picket::compiler {
namespace {

CompileResult From(const std::string& text, FileReader read = nullptr, emit::Target target = emit::Target::k21) {
  CompileOptions options;
  options.read = read ? read : [](const std::string&) { return std::optional<std::string>(); };
  options.target = target;
  return CompileText(text, "p.picket", options);
}

std::string Codes(const CompileResult& result) {
  std::string out;
  for (const Diagnostic& d : result.diagnostics.list()) {
    out += (out.empty() ? "" : " ") + std::string(d.code);
  }
  return out;
}

constexpr const char* kPair = "primitive a ocf:heartbeat:Dummy\nprimitive b ocf:heartbeat:Dummy\n";

TEST_CASE("XML is no policy, and is told so once") {
  CHECK(Codes(From("<cib>\n<configuration/>\n<status/>\n</cib>\n")) == "E0114");
  CHECK(Codes(From("\n  <cib/>")) == "E0114");
}

TEST_CASE("a policy becomes four parts") {
  const auto result = From(
      "cluster c { link lan; quorum two_node=yes; totem token=5s }\n"
      "node n1 { id=1; link lan 192.0.2.1 }\nnode n2 { id=2; link lan 192.0.2.2 }\n"
      "fence f stonith:fence_x for n1, n2 { pcmk_delay_max=5s; password=secret(\"x\") }\n"
      "primitive a ocf:heartbeat:Dummy\n"
      "test \"t\" { kill n1; expect running a on n2 }\n");
  CHECK(Codes(result) == "");
  REQUIRE(result.compiled);
  const Compiled& compiled = *result.compiled;
  CHECK(compiled.cib.select_node("//primitive[@id='a']"));
  CHECK_FALSE(compiled.cib.select_node("//status"));
  CHECK(compiled.topology.two_node);
  CHECK(compiled.topology.WaitsForAll());
  CHECK(compiled.topology.DetectionMs() == 11000);
  REQUIRE(compiled.topology.nodes.size() == 2);
  CHECK(compiled.topology.nodes[1].addresses[0].address == "192.0.2.2");
  REQUIRE(compiled.scenario.tests.size() == 1);
  REQUIRE(compiled.scenario.tests[0].steps.size() == 2);
  REQUIRE(compiled.secrets.size() == 1);
  CHECK(compiled.secrets[0].path == "x");
  CHECK(compiled.secrets[0].pair_id == "f-instance_attributes-password");
}

TEST_CASE("what preflight looks at is kept for deployment") {
  const auto result =
      From("cluster c { link lan; preflight hosts firewall=[\"tcp/2224\", \"udp/5405-5412\"] selinux=checked }\n");
  REQUIRE(result.compiled);
  const auto& checks = result.compiled->topology.preflight;
  REQUIRE(checks.size() == 3);
  CHECK(checks[0].name == "hosts");
  CHECK(checks[0].values.empty());
  REQUIRE(checks[1].values.size() == 2);
  CHECK(checks[1].values[1] == "udp/5405-5412");
  CHECK(checks[2].values == std::vector<std::string>{"checked"});
}

TEST_CASE("elements lead back to lines") {
  const auto result = From(std::string(kPair) + "order o: a then b kind=optional\n");
  REQUIRE(result.compiled);
  const auto kind = result.source_map.Find("o", "kind");
  REQUIRE(kind);
  CHECK(result.source_map.PlaceOf(*kind).line == 3);
  CHECK(result.source_map.PlaceOf(*kind).column == 19);
  CHECK(result.source_map.Find("o", "nothing") == result.source_map.Find("o"));
  CHECK_FALSE(result.source_map.Find("nothing"));
}

TEST_CASE("derived ids do not move when a line is put in") {
  const std::string before = std::string(kPair) + "depend a on b\nlocation a never where x == 1\n";
  const std::string after = std::string(kPair) +
                            "primitive c ocf:heartbeat:Dummy\ndepend c on b\ndepend a on b\n"
                            "location a never where y == 1\nlocation a never where x == 1\n";
  const auto first = From(before);
  const auto second = From(after);
  REQUIRE(first.compiled);
  REQUIRE(second.compiled);
  for (const auto& found : first.compiled->cib.select_nodes("//constraints//*[@id]")) {
    const std::string id = found.node().attribute("id").value();
    CAPTURE(id);
    CHECK(second.compiled->cib.select_node(("//*[@id='" + id + "']").c_str()));
  }
}

TEST_CASE("compiling twice gives the same bytes") {
  const std::string text = std::string(kPair) + "separate [a, b]\ntag t of a, b\n";
  const auto first = From(text);
  const auto second = From(text);
  REQUIRE(first.compiled);
  CHECK(first.source_map.entries().size() == second.source_map.entries().size());
}

TEST_CASE("imports are read, once, beside the file that imports them") {
  std::string asked;
  const auto read = [&](const std::string& path) -> std::optional<std::string> {
    asked += path + ' ';
    if (path == "lib/x.picket") {
      return "let n = 3\ndefine d(name) { primitive ${name} ocf:heartbeat:Dummy }\n";
    }
    return std::nullopt;
  };
  const auto result = From("import \"lib/x.picket\" as x\nuse x::d(a)\ntag t of a\n", read);
  CHECK(Codes(result) == "");
  CHECK(asked == "lib/x.picket ");
  CHECK(Codes(From("import \"no.picket\"\n", read)) == "E0001");
  const auto circle = [](const std::string&) { return std::optional<std::string>("import \"p.picket\""); };
  CHECK(Codes(From("import \"q.picket\"\n", circle)) == "E0404");
}

TEST_CASE("a mistake inside a define shows how it came there") {
  const auto result = From("define d(x) { group g-${x} of nothing }\nfor i in 1..2 { use d(${i}) }\n");
  // The second round says the same of the same line: once is enough.
  REQUIRE(result.diagnostics.list().size() == 1);
  const Diagnostic& first = result.diagnostics.list()[0];
  REQUIRE(first.span.frame != 0);
  const Frame& frame = result.source_map.frames[first.span.frame];
  CHECK(frame.label == "use d(1)");
  CHECK(result.source_map.frames[frame.parent].label == "for i = 1");
}

TEST_CASE("option names follow the target") {
  const std::string text = "property fencing-enabled=no stonith-timeout=30s\n";
  const auto old = From(text);
  CHECK(old.compiled->cib.select_node("//nvpair[@name='stonith-enabled']"));
  const auto current = From(text, nullptr, emit::Target::k30);
  CHECK(current.compiled->cib.select_node("//nvpair[@name='fencing-enabled']"));
  CHECK(current.compiled->cib.select_node("//nvpair[@name='fencing-timeout']"));
}

TEST_CASE("order circles are found among actions, not resources") {
  CHECK(Codes(From(std::string(kPair) + "depend b on a\ndepend a on b\n")) == "E0210");
  CHECK(Codes(From(std::string(kPair) + "depend b on a\norder b then a kind=optional\n")) == "");
  CHECK(Codes(From(std::string(kPair) + "group g of a, b\norder b then a\n")).starts_with("E0210"));
  CHECK(Codes(From(std::string(kPair) + "group g of a, b\norder a then b\n")) == "W0209");
  // b starts after a, and is promoted after b is started: no circle.
  CHECK(Codes(From("primitive d ocf:pacemaker:Stateful\npromotable m of d\nprimitive b ocf:heartbeat:Dummy\n"
                   "order m then b\norder b then promote m\n")) == "");
}

TEST_CASE("lints, and what silences them") {
  const std::string half = std::string(kPair) + "colocation a with b";
  CHECK(Codes(From(half + "\n")) == "W0207");
  CHECK(Codes(From(half + "  # allow W0207: the agent waits\n")) == "");
  CHECK(Codes(From(half + "  # allow W0207:\n")) == "W0207 W0495");
  CHECK(Codes(From(half + "  # allow W0403: other\n")) == "W0207");
  CHECK(Codes(From(half + "\norder b then a\n")) == "");
}

TEST_CASE("what is meant half the time draws no lint") {
  const std::string nodes =
      "node n1 { id=1 }\nnode n2 { id=2 }\nfence f stonith:fence_x for n1, n2 { pcmk_delay_max=5s }\n";
  const auto codes = [&](const std::string& text) { return Codes(From(nodes + kPair + text)); };
  // Ordered through a third one, or as a group.
  CHECK(codes("primitive c ocf:heartbeat:Dummy\norder a then b kind=optional\norder b then c kind=optional\n"
              "colocation c with a\n") == "");
  CHECK(codes("primitive c ocf:heartbeat:Dummy\ngroup g of a, b\norder c then a kind=optional\n"
              "colocation g with c\n") == "");
  CHECK(codes("tag t of a\norder b then t kind=optional\ncolocation t with b\n") == "");
  // Whoever places a resource has thought of its place.
  CHECK(codes("order a then b\n") == "W0208");
  CHECK(codes("order a then b\nlocation a only n1\n") == "W0208");
  CHECK(codes("order a then b\nlocation a only n1\nlocation b only n1\n") == "");
  CHECK(codes("order a then b\nseparate a from b score=5\n") == "");
  CHECK(codes("order a then b symmetrical=no\n") == "");
  CHECK(codes("clone c of a\norder c then b\n") == "");
  // Stickiness that holds sometimes is no certain loss.
  CHECK(codes("depend a on b score=50\nrsc_defaults when date(hours=9..16) { resource-stickiness=100 }\n") == "");
  CHECK(codes("depend a on b score=50\nrsc_defaults resource-stickiness=100\n") == "W0210");
  CHECK(codes("depend a on b score=150\nrsc_defaults resource-stickiness=100\n") == "");
  CHECK(codes("location a prefers n1 score=50\nrsc_defaults resource-stickiness=100\n") == "");
}

TEST_CASE("contradictions are certain or not told") {
  const std::string nodes =
      "node n1 { id=1 }\nnode n2 { id=2 }\nfence f stonith:fence_x for n1, n2 { pcmk_delay_max=5s }\n";
  const auto codes = [&](const std::string& text) { return Codes(From(nodes + kPair + text)); };
  CHECK(codes("depend a on b\nseparate b from a\n") == "E0212");
  CHECK(codes("depend a on b\nseparate b from a score=5\n") == "");
  CHECK(codes("depend a on b score=5\nseparate b from a\n") == "");
  CHECK(codes("group g of a, b\nseparate a from b\n") == "E0212");
  CHECK(codes("tag t of a, b\nprimitive c ocf:heartbeat:Dummy\ndepend c on t\nseparate [a, b]\n") == "E0212");
  CHECK(codes("depend a on b\nlocation a only n1\nlocation b only n2\n") == "E0212");
  CHECK(codes("depend a on b\nlocation a only n1\nlocation b never n1\n") == "E0212");
  CHECK(codes("depend a on b\nlocation a only n1\nlocation b avoids n1 score=5\n") == "");
  CHECK(codes("depend a on b\nlocation a only n1\nlocation b never where rack == x\n") == "");
  CHECK(codes("location a never n1, n2\n") == "W0215");
  // Roles are different places.
  CHECK(codes("promotable m of b\ndepend a on promoted m\nseparate a from unpromoted m\n") == "");
  CHECK(codes("promotable m of b\ndepend a on promoted m\nseparate a from m\n") == "E0212");
  CHECK(codes("promotable m of b\ndepend a on m\nseparate a from promoted m\n") == "");
}

TEST_CASE("circles are followed through what stands for others") {
  const std::string more = std::string(kPair) + "primitive c ocf:heartbeat:Dummy\n";
  CHECK(Codes(From(more + "tag t of a, b\norder t then c kind=mandatory\norder c then a\n")).find("E0210") !=
        std::string::npos);
  CHECK(Codes(From(more + "order [a, b] then c\norder c then {a, b}\n")) == "E0210");
  // Any one of them is enough.
  CHECK(Codes(From(more + "order any {a, b} then c\norder c then {a, b} symmetrical=no\n")) == "");
}

TEST_CASE("expansion is bounded") {
  CHECK(Codes(From("for i in 1..20000 { tag t-${i} of t }\n")) == "E0405");
  CHECK(Codes(From("for i in 1..9000 { for j in 1..9000 { tag t-${i}-${j} of x } }\n")).find("E0405") !=
        std::string::npos);
  CHECK(Codes(From("let a = \"" + std::string(60000, 'x') + "\"\nlet b = \"${a}${a}\"\n")) == "E0405");
  CHECK(Codes(From("define d() { use e() }\ndefine e() { use d() }\nuse d()\n")) == "E0404");
}

}  // namespace
}  // namespace picket::compiler
