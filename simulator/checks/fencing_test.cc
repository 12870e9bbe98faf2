#include "simulator/checks/fencing.h"

#include <doctest/doctest.h>

#include <string>

#include "compiler/diagnostics/render.h"

namespace picket::simulator {
namespace {

using compiler::CompileResult;

CompileResult From(const std::string& text) {
  compiler::CompileOptions options;
  options.read = [](const std::string&) { return std::optional<std::string>(); };
  options.review = CheckFencing;
  return compiler::CompileText(text, "p.picket", options);
}

std::string Codes(const CompileResult& result) {
  std::string out;
  for (const compiler::Diagnostic& d : result.diagnostics.list()) {
    out += (out.empty() ? "" : " ") + std::string(d.code);
  }
  return out;
}

bool Says(const std::string& policy, const std::string& words) {
  const CompileResult result = From(policy);
  return RenderText(result.diagnostics, result.source_map).find(words) != std::string::npos;
}

TEST_CASE("nodes are reached by lists, maps, levels and attributes") {
  const auto codes = [&](const std::string& text) {
    return Codes(From("node n1 { id=1; attributes rack=a }\nnode n2 { id=2 }\nnode n3 { id=3 }\n" + text));
  };
  CHECK(codes("fence f stonith:fence_x\n") == "");
  CHECK(codes("fence f stonith:fence_x { pcmk_host_list=\"n1 n2,n3\" }\n") == "");
  CHECK(codes("fence f stonith:fence_x { pcmk_host_list=\"n1,n2\" }\n") == "E0211");
  CHECK(codes("fence f stonith:fence_x { pcmk_host_map=\"n1:1;n2:2,4;n3:3\" }\n") == "");
  CHECK(codes("fence f stonith:fence_x { pcmk_host_map=\"n1:1;n2:3\" }\n") == "E0211");
  CHECK(codes("fence f stonith:fence_x { pcmk_host_list=secret(\"x\") }\n") == "");
  CHECK(codes("fence f stonith:fence_x for n1\nfence g stonith:fence_x for n2, n3\nfencing n1: g\n") == "E0211");
  CHECK(codes("fence f stonith:fence_x for n1\nfence g stonith:fence_x for n2, n3\nfencing n1: g then f\n") == "E0213");
  CHECK(codes("fence f stonith:fence_x for n1\nfence g stonith:fence_x for n2, n3\nfencing n1: g and f\n") == "E0211");
  CHECK(codes("fence f stonith:fence_x for n1\nfence g stonith:fence_x for n2, n3\nfencing /^n[23]$/: f\n") == "E0211");
  CHECK(codes("fence f stonith:fence_x for n1, n2, n3\nfence g stonith:fence_x for n2\n"
              "fencing where rack == a: g\n") == "E0211");
  CHECK(codes("fence f stonith:fence_x for n1, n2, n3\nfence g stonith:fence_x for n2\n"
              "fencing where rack == b: g\n") == "W0505");
  CHECK(codes("property stonith-watchdog-timeout=10s have-watchdog=yes\n") == "");
  // Who knows what a name that does not exist was meant to be.
  CHECK(codes("fence f stonith:fence_x for n1, n2, m3\n") == "E0201");
}

TEST_CASE("a device that no other node may use fences nobody") {
  const std::string three = "node n1 { id=1 }\nnode n2 { id=2 }\nnode n3 { id=3 }\n";
  const std::string boards =
      "fence f1 stonith:fence_x for n1\nfence f2 stonith:fence_x for n2\nfence f3 "
      "stonith:fence_x for n3\n";
  struct Row {
    const char* name;
    std::string text;
    const char* codes;
    const char* words;
  };
  for (const Row& row : std::vector<Row>{
           {"all may", boards, "", ""},
           {"one other may", boards + "location f1 never n2\n", "", ""},
           {"none but the target", boards + "location f1 never n2, n3\n", "E0211 W0214", "nothing can fence `n1`"},
           {"only the target", boards + "location f1 only n1\n", "E0211 W0214", "only `n1` may use `f1`"},
           {"any negative score", boards + "location f1 avoids n2 score=1\nlocation f1 avoids n3 score=1\n",
            "E0211 W0214", "a location has a negative score for it"},
           {"disabled", boards + "fence f stonith:fence_x for n1 { meta target-role=stopped }\n", "", ""},
           {"all are disabled", boards + "rsc_defaults target-role=stopped\n", "E0211", "it is disabled"},
           {"opt-in", boards + "property symmetric-cluster=no\n", "E0211 W0440", "write `location f1 allows NODE`"},
           {"opt-in, and allowed", boards + "property symmetric-cluster=no\nlocation {f1, f2, f3} allows n1, n2\n", "",
            ""},
           {"the reason is written down", boards + "location f1 only n1\nfencing n1: none \"a test machine\"\n",
            "W0214", ""},
           {"by a pattern", "fencing /n./: none \"test machines\"\n", "", ""},
       }) {
    CAPTURE(row.name);
    CHECK(Codes(From(three + row.text)) == row.codes);
    CHECK(Says(three + row.text, row.words));
  }
}

TEST_CASE("a cluster of one node uses its own device") {
  CHECK(Codes(From("node n1 { id=1 }\nfence f stonith:fence_x for n1\n")) == "");
}

TEST_CASE("a level names a device for another node") {
  const std::string nodes =
      "node n1 { id=1 }\nnode n2 { id=2 }\nnode n3 { id=3 }\n"
      "fence f2 stonith:fence_x for n2\nfence all stonith:fence_x for n1=1, n2=2, n3=3\n";
  CHECK(Codes(From(nodes + "fencing n3: f2 then all\n")) == "E0213");
  CHECK(Says(nodes + "fencing n3: f2 then all\n", "p.picket:6:13: error[E0213]: `f2` cannot fence `n3`"));
  CHECK(Codes(From(nodes + "fencing n2: f2 then all\n")) == "");
  // Patterns are for several: one that it reaches is enough.
  CHECK(Codes(From(nodes + "fencing /n[23]/: f2 then all\n")) == "");
  CHECK(Codes(From(nodes + "fencing /n[13]/: f2 then all\n")) == "E0213");
}

TEST_CASE("two nodes race unless something decides between them") {
  const std::string nodes = "node n1 { id=1 }\nnode n2 { id=2 }\n";
  const std::string priority = "property priority-fencing-delay=15s\n";
  const std::string important = "primitive a ocf:heartbeat:Dummy { meta priority=10 }\n";
  const auto boards = [](const std::string& first, const std::string& second = "") {
    return "fence f1 stonith:fence_x for n1 { ip=1" + first + " }\nfence f2 stonith:fence_x for n2 { ip=2" + second +
           " }\n";
  };
  struct Row {
    const char* name;
    std::string text;
    const char* codes;
  };
  for (const Row& row : std::vector<Row>{
           {"nothing", boards(""), "W0402"},
           {"the same delay", boards("; pcmk_delay_base=5s", "; pcmk_delay_base=5s"), "W0402"},
           {"one delay", boards("; pcmk_delay_base=5s"), ""},
           {"chance", boards("; pcmk_delay_max=5s", "; pcmk_delay_max=5s"), ""},
           {"a map", "fence f stonith:fence_x for n1, n2 { pcmk_delay_base=\"n1:5s\" }\n", ""},
           {"a map that Pacemaker does not read", "fence f stonith:fence_x for n1, n2 { pcmk_delay_base=\"n1=5s\" }\n",
            "W0402 W0426"},
           {"a delay of no device of its own", "fence f stonith:fence_x for n1, n2 { pcmk_delay_base=5s }\n", "W0402"},
           {"priorities", priority + important + boards(""), ""},
           {"no priorities", priority + boards(""), "W0402"},
           {"priorities of 0", priority + "rsc_defaults priority=0\n" + boards(""), "W0402"},
           {"a longer delay", priority + important + boards("; pcmk_delay_base=20s"), "W0425"},
           {"an equal delay", priority + important + boards("; pcmk_delay_max=15s"), "W0425"},
           {"a delay of more than half", priority + important + boards("; pcmk_delay_base=10s"), "W0425"},
           {"a shorter delay", priority + important + boards("; pcmk_delay_base=5s"), ""},
       }) {
    CAPTURE(row.name);
    CHECK(Codes(From(nodes + row.text)) == row.codes);
  }
  CHECK(Says(nodes + priority + boards(""), "no effect while no resource has a priority"));
}

TEST_CASE("levels that a cluster chooses between, and levels that replace others") {
  const std::string nodes =
      "node n1 { id=1; attributes rack=a }\nnode n2 { id=2 }\n"
      "fence f stonith:fence_x for n1, n2 { pcmk_delay_max=5s }\n"
      "fence g stonith:fence_x for n1, n2 { pcmk_delay_max=5s }\n";
  CHECK(Codes(From(nodes + "fencing /n[12]/: f\nfencing /n./: g\n")) == "W0423");
  CHECK(Codes(From(nodes + "fencing where rack == a: f\nfencing /n[1]/: g\n")) == "W0423");
  CHECK(Codes(From(nodes + "fencing /n[12]/: f\nfencing /n./: f\n")) == "");
  CHECK(Codes(From(nodes + "fencing /n./: f\nfencing n1: g\n")) == "");
  CHECK(Codes(From(nodes + "fencing n1: f\nfencing n1: g\n")) == "W0424");
  CHECK(Codes(From(nodes + "fencing n1: f then g\n")) == "");
}

TEST_CASE("without fencing nothing is said of devices") {
  CHECK(Codes(From("node n1 { id=1 }\nnode n2 { id=2 }\nproperty fencing-enabled=no\n")) == "W0410");
}

}  // namespace
}  // namespace picket::simulator
