// Documents: what is kept, what is found, and what older spellings become (spec 01 §2).
#include "solver/cib/document.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace picket::solver {
namespace {

// Without indentation and line ends.
std::string Squeezed(std::string_view text) {
  std::string squeezed;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    squeezed += line;
    at = end + 1;
  }
  return squeezed;
}

// The configuration after the upgrade from `schema`.
std::string Upgraded(std::string_view schema, std::string_view configuration) {
  pugi::xml_document document;
  DocumentError error;
  std::string warning;
  const std::string text = "<cib validate-with=\"" + std::string(schema) + "\"><configuration>" +
                           std::string(configuration) + "</configuration><status/></cib>";
  REQUIRE(ParseDocument(text, document, error));
  REQUIRE(UpgradeDocument(document, warning, error));
  const std::string whole = Squeezed(DocumentText(document));
  constexpr std::string_view kOpen = "<configuration>";
  const size_t first = whole.find(kOpen) + kOpen.size();
  return whole.substr(first, whole.find("</configuration>") - first);
}

int ExitStatus(const std::string& text) {
  pugi::xml_document document;
  DocumentError error;
  std::string warning;
  if (!ParseDocument(text, document, error) || !UpgradeDocument(document, warning, error)) return error.exit_status;
  return 0;
}

}  // namespace

TEST_CASE("documents that are not accepted") {
  CHECK(ExitStatus("") == 65);
  CHECK(ExitStatus("<cib") == 65);
  CHECK(ExitStatus("<cib/>") == 78);
  CHECK(ExitStatus("<cib validate-with='transitional-0.6'/>") == 78);
  CHECK(ExitStatus("<cib validate-with='pacemaker-2.11'/>") == 78);
  CHECK(ExitStatus("<cib validate-with='pacemaker-1.1'/>") == 78);
  CHECK(ExitStatus("<cib validate-with='pacemaker-3.10'/>") == 0);
  CHECK(ExitStatus("<cib validate-with='none'/>") == 0);
  CHECK(ExitStatus("<cib validate-with='pacemaker-4.0' crm_feature_set='3.20.5'/>") == 0);
  CHECK(ExitStatus("<cib validate-with='pacemaker-4.0' crm_feature_set='3.20.6'/>") == 78);
}

TEST_CASE("a document may be deep, but not so deep that walking it would need no end of stack") {
  const auto nested = [](size_t depth) {
    std::string text = "<cib validate-with='pacemaker-4.0'>";
    for (size_t i = 1; i < depth; ++i) text += "<a>";
    for (size_t i = 1; i < depth; ++i) text += "</a>";
    return text + "</cib>";
  };
  CHECK(ExitStatus(nested(200)) == 0);
  CHECK(ExitStatus(nested(300)) == 65);
  CHECK(ExitStatus(nested(300000)) == 65);
}

TEST_CASE("elements only, written with two spaces and escapes") {
  pugi::xml_document document;
  DocumentError error;
  REQUIRE(ParseDocument("<cib a='1'><!-- no --><x y='&lt;&amp;&quot;&#9;&#xe4;'>text</x></cib>", document, error));
  CHECK(DocumentText(document) == "<cib a=\"1\">\n  <x y=\"&lt;&amp;&quot;&#x09;\xc3\xa4\"/>\n  <status/>\n</cib>\n");
}

TEST_CASE("an element or an id counts only if it is there once") {
  pugi::xml_document document;
  DocumentError error;
  REQUIRE(ParseDocument("<cib><a id='1'/><b><a id='2'/><c id='1'/></b><c id='1'/></cib>", document, error));
  CHECK_FALSE(OnlyElement(document, "a"));
  CHECK(OnlyElement(document, "b"));
  CHECK_FALSE(OnlyElement(document, "d"));
  CHECK(FindById(document, "a", "2"));
  CHECK(FindById(document, "a", "1"));
  CHECK_FALSE(FindById(document, "c", "1"));
}

TEST_CASE("older configurations, from testdata/upgrades.txt") {
  std::ifstream file("solver/cib/testdata/upgrades.txt");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  constexpr std::string_view kCase = "\n=== ";
  constexpr std::string_view kArrow = "--->\n";
  int count = 0;
  for (size_t at = text.find(kCase); at != std::string::npos; ++count) {
    const size_t end = std::min(text.find(kCase, at + kCase.size()), text.size());
    const std::string_view one = std::string_view(text).substr(at + kCase.size(), end - at - kCase.size());
    const size_t body = one.find('\n') + 1;
    const size_t arrow = one.find(kArrow);
    const std::string title(one.substr(0, body - 1));
    CAPTURE(title);
    const std::string schema = title.substr(0, title.find(':'));
    CHECK(Upgraded(schema, one.substr(body, arrow - body)) == Squeezed(one.substr(arrow + kArrow.size())));
    at = end == text.size() ? std::string::npos : end;
  }
  CHECK(count >= 20);
}

}  // namespace picket::solver
