#include "simulator/report/page.h"

#include <doctest/doctest.h>

namespace picket::simulator::report {
namespace {

StoryEvent Event(int64_t at_ms, EventKind kind, std::string node, std::string resource = {},
                 std::string operation = {}) {
  StoryEvent event;
  event.time_ms = at_ms;
  event.kind = kind;
  event.node = std::move(node);
  event.resource = std::move(resource);
  event.operation = std::move(operation);
  return event;
}

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("no text becomes markup") {
  CHECK(Escaped("<script>\"'&\x01\n") == "&lt;script&gt;&quot;&#39;&amp;? ");
  Page page;
  page.title = page.path = page.state = "<img src=x>";
  page.nodes = {"<b>n1</b>"};
  page.cite = [](std::string_view id) { return std::string(id); };
  page.verdicts.push_back({"</details><script>", "test", false, "", "", "<i>", "</pre>", "<u>\n<s>", "<q>"});
  page.histories.push_back({"<h>", "<o>", {Event(0, EventKind::kNodeJoins, "<b>n1</b>")}});
  page.drawings.push_back({"<d>", "", "<t>", {"<r>"}});
  explain::Explanation explanation;
  explain::PrimitiveView part;
  part.resource = "</template><script>";
  part.nodes.push_back({"<b>n1</b>", "1", false, true, {{"<x>", "+1", "<y>", {}}}});
  explanation.parts.push_back(part);
  page.explanations.push_back(explanation);
  const std::string html = HtmlOf(page);
  for (const char* bad : {"<img", "<b>n1", "</details><script", "<i>", "<u>", "<s>", "<q>", "<h>", "<o>", "<d>", "<t>",
                          "<r>", "</template><script", "<x>", "<y>"}) {
    CAPTURE(bad);
    CHECK_FALSE(Has(html, bad));
  }
}

TEST_CASE("a drawing keeps shapes only") {
  const std::string svg = CleanSvg(
      "<?xml version='1.0'?><!DOCTYPE svg><svg onload='x()'><script>x</script><g><a xlink:href='http://x'>"
      "<text onclick='y'>ok</text></a><image href='http://x'/></g></svg>");
  CHECK(svg == "<svg><g><a><text>ok</text></a></g></svg>");
  CHECK(CleanSvg("<svg>").empty());
  CHECK(CleanSvg("").empty());
  CHECK(CleanSvg("<html/>").empty());
}

TEST_CASE("bars begin and end with what happens") {
  History history{"h", "", {}};
  history.story = {Event(0, EventKind::kNodeJoins, "n1"), Event(100, EventKind::kActionBegins, "n1", "web", "start"),
                   Event(2100, EventKind::kActionDone, "n1", "web", "start"), Event(9000, EventKind::kNodeDies, "n1"),
                   Event(12000, EventKind::kNodeLost, "n1")};
  const std::string svg = TimelineOf(history, {"n1", "n2"});
  CHECK(Has(svg, "web starting on n1: 0.1 s to 2.1 s"));
  CHECK(Has(svg, "web running on n1: 2.1 s to 9.0 s"));
  CHECK(Has(svg, "n1 is not there: 9.0 s to 14.0 s"));
  CHECK(Has(svg, "n2 is not there: 0.0 s to 14.0 s"));
  CHECK(Has(svg, "n1 is lost, at 12.0 s"));
}

TEST_CASE("an empty history is an empty picture") {
  CHECK(Has(TimelineOf({"none", "", {}}, {"n1"}), "<svg"));
}

}  // namespace
}  // namespace picket::simulator::report
