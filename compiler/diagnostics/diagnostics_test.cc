#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "compiler/diagnostics/codes.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/diagnostics/nearest.h"
#include "compiler/diagnostics/registry.h"
#include "compiler/diagnostics/render.h"
#include "compiler/diagnostics/sarif.h"

namespace picket::compiler {
namespace {

SourceMap OneFile(std::string text) {
  SourceMap sources;
  sources.files.push_back({"p.picket", std::move(text)});
  return sources;
}

std::string Rendered(const std::string& text, std::uint32_t begin, std::uint32_t end) {
  Diagnostics diagnostics;
  Diagnostic& error = diagnostics.Error("E0201", {0, begin, end, 0}, "unknown `x`");
  error.label = "here";
  error.help.push_back("try `y`");
  return RenderText(diagnostics, OneFile(text));
}

TEST_CASE("the codes alone are those of the registry") {
  std::vector<std::string_view> codes;
  for (const CodeInfo& info : AllCodes()) codes.push_back(info.code);
  const auto alone = CodesAlone();
  CHECK(std::vector<std::string_view>(alone.begin(), alone.end()) == codes);
  CHECK(IsCode("W0207"));
  CHECK_FALSE(IsCode("W9999"));
}

TEST_CASE("edit distance counts swaps as one") {
  CHECK(EditDistance("", "abc") == 3);
  CHECK(EditDistance("vip", "vip") == 0);
  CHECK(EditDistance("vpi", "vip") == 1);
  CHECK(EditDistance("primitve", "primitive") == 1);
  CHECK(EditDistance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest name is near enough or none") {
  CHECK(Nearest("vpi", {"fs", "vip", "asterisk"}) == "vip");
  CHECK(Nearest("asteriks", {"fs", "vip", "asterisk"}) == "asterisk");
  CHECK(Nearest("database", {"fs", "vip"}) == std::nullopt);
  CHECK(Nearest("a", {}) == std::nullopt);
  CHECK(Nearest(std::string(100000, 'a'), {"a"}) == std::nullopt);
}

TEST_CASE("a diagnostic shows place, line and caret") {
  CHECK(Rendered("one\ntwo x\n", 8, 9) ==
        "p.picket:2:5: error[E0201]: unknown `x`\n"
        "    2 | two x\n"
        "      |     ^ here\n"
        "help: try `y`\n");
}

TEST_CASE("the caret stands under its word behind tabs and wide characters") {
  CHECK(Rendered("\tx = 1\n", 1, 2) ==
        "p.picket:1:2: error[E0201]: unknown `x`\n"
        "    1 | \tx = 1\n"
        "      | \t^ here\n"
        "help: try `y`\n");
  // é is two bytes and one column.
  CHECK(Rendered("é x\n", 3, 4) ==
        "p.picket:1:3: error[E0201]: unknown `x`\n"
        "    1 | é x\n"
        "      |   ^ here\n"
        "help: try `y`\n");
}

TEST_CASE("what a terminal would act on is not printed") {
  const std::string out = Rendered("a \x1b[31m \x80\xff x\n", 0, 1);
  CHECK(out.find('\x1b') == std::string::npos);
  CHECK(out.find('\x80') == std::string::npos);
  CHECK(out.find("a ?[31m ?? x") != std::string::npos);
}

TEST_CASE("spans at and past the end of the text are shown at its end") {
  CHECK(Rendered("abc", 3, 4).find("p.picket:1:4:") == 0);
  CHECK(Rendered("abc\n", 400, 500).find("p.picket:2:1:") == 0);
  CHECK(Rendered("", 0, 0).find("p.picket:1:1:") == 0);
}

TEST_CASE("long lines are cut around the caret") {
  const std::string line(100000, 'x');
  const std::string out = Rendered(line, 50000, 50001);
  CHECK(out.size() < 1000);
  CHECK(out.find('^') != std::string::npos);
}

TEST_CASE("diagnostics are sorted by place and said once") {
  Diagnostics diagnostics;
  diagnostics.Warning("W0207", {0, 4, 5, 0}, "b");
  diagnostics.Error("E0201", {0, 4, 5, 0}, "c");
  diagnostics.Error("E0201", {0, 0, 1, 0}, "a");
  diagnostics.Error("E0201", {0, 0, 1, 0}, "a");
  SortByPlace(diagnostics.list());
  std::string order;
  for (const Diagnostic& d : diagnostics.list()) order += d.message;
  CHECK(order == "acb");
}

TEST_CASE("more than enough diagnostics are counted, not kept") {
  Diagnostics diagnostics;
  for (int i = 0; i < 1000; ++i) diagnostics.Error("E0101", {}, "x").help.push_back("y");
  CHECK(diagnostics.list().size() == Diagnostics::kKeptMax);
  CHECK(diagnostics.dropped() == 1000 - Diagnostics::kKeptMax);
  CHECK(diagnostics.HasErrors());
}

TEST_CASE("the stack of uses is shown, innermost first") {
  SourceMap sources = OneFile("use a(b)\nx\n");
  sources.frames.push_back({{0, 0, 8, 0}, "use a(b)", 0});
  sources.frames.push_back({{0, 9, 10, 1}, "for i = 2", 1});
  Diagnostics diagnostics;
  diagnostics.Error("E0201", {0, 9, 10, 2}, "unknown `x`").help.push_back("try `y`");
  CHECK(RenderText(diagnostics, sources) ==
        "p.picket:2:1: error[E0201]: unknown `x`\n"
        "    2 | x\n"
        "      | ^\n"
        "in `for i = 2` at p.picket:2:1\n"
        "in `use a(b)` at p.picket:1:1\n"
        "help: try `y`\n");
}

TEST_CASE("an error without help points to its explanation") {
  Diagnostics diagnostics;
  diagnostics.Error("E0201", {0, 0, 1, 0}, "unknown `x`");
  CHECK(RenderText(diagnostics, OneFile("x")).ends_with("help: `picket explain E0201` says what is expected\n"));
}

TEST_CASE("a SARIF log has what code hosts ask for") {
  SourceMap sources = OneFile("é x\n");
  sources.files[0].path = "a b/é.picket";
  Diagnostics diagnostics;
  Diagnostic& error = diagnostics.Error("E0201", {0, 3, 4, 0}, "unknown name `x`");
  error.help.push_back("did you mean `y`?");
  error.others.push_back({{0, 0, 2, 0}, "here"});
  Span nowhere;
  nowhere.file = UINT32_MAX;
  diagnostics.Warning("W0207", nowhere, std::string("\xff"));
  SarifLog log;
  log.Add(diagnostics, sources);
  const auto document = nlohmann::json::parse(log.Text());
  CHECK(document["version"] == "2.1.0");
  const auto& run = document["runs"][0];
  CHECK(run["tool"]["driver"]["name"] == "picket");
  REQUIRE(run["tool"]["driver"]["rules"].size() == 2);
  CHECK(run["tool"]["driver"]["rules"][0]["id"] == "E0201");
  REQUIRE(run["results"].size() == 2);
  const auto& result = run["results"][0];
  CHECK(result["ruleId"] == "E0201");
  CHECK(result["level"] == "error");
  CHECK(result["message"]["text"] == "unknown name `x`\ndid you mean `y`?");
  const auto& place = result["locations"][0]["physicalLocation"];
  CHECK(place["artifactLocation"]["uri"] == "a%20b/%C3%A9.picket");
  CHECK(place["region"]["startLine"] == 1);
  CHECK(place["region"]["startColumn"] == 3);
  CHECK(place["region"]["endColumn"] == 4);
  CHECK(result["relatedLocations"][0]["message"]["text"] == "here");
  CHECK(run["results"][1]["locations"].empty());
  CHECK(run["results"][1]["level"] == "warning");
}

TEST_CASE("a SARIF log without findings is whole as well") {
  const auto document = nlohmann::json::parse(SarifLog().Text());
  CHECK(document["runs"][0]["results"].is_array());
  CHECK(document["runs"][0]["results"].empty());
  CHECK(document["runs"][0]["tool"]["driver"]["rules"].is_array());
}

TEST_CASE("codes are unique and in order, and texts are there") {
  std::string_view previous;
  for (const CodeInfo& info : AllCodes()) {
    CAPTURE(info.code);
    CHECK(info.code > previous);
    CHECK(info.code.size() == 5);
    CHECK_FALSE(info.title.empty());
    CHECK_FALSE(info.explanation.empty());
    previous = info.code;
  }
  CHECK(FindCode("E0201") != nullptr);
  CHECK(FindCode("E9999") == nullptr);
}

}  // namespace
}  // namespace picket::compiler
