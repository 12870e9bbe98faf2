#include "compiler/import/web_page.h"

#include <doctest/doctest.h>

#include <string>

namespace picket::compiler::import {
namespace {

bool IsCommands(std::string_view text) {
  return text.find("primitive ") != std::string_view::npos;
}

TEST_CASE("a page: blocks of code are read, the rest is listed, lines keep their numbers") {
  const WebText read = TextOfPage(
      "<html><head><style>p { x: y }\n</style></head>\n<body><p>Do &amp; this:</p>\n"
      "<pre class=\"screen\"><code>primitive a Dummy \\\n  params state=&quot;/x &#60; y&quot;\n</code></pre>\n"
      "<p>and <code>ls</code> then</p>\n<pre>$ ls\n</pre>\n</body></html>\n",
      IsCommands);
  CHECK(read.text == "\n\n\nprimitive a Dummy \\\n  params state=\"/x < y\"\n\n\n\n\n\n\n");
  REQUIRE(read.skipped.size() == 2);
  CHECK(read.skipped[0] == "line 3: the page around it");
  CHECK(read.skipped[1] == "lines 7 to 8: the page around it");
}

TEST_CASE("a page without blocks of code: its plain text") {
  const WebText read = TextOfPage("<div>primitive a Dummy<br>primitive b Dummy</div>\n", IsCommands);
  CHECK(read.text == "primitive a Dummy\nprimitive b Dummy\n\n");
  CHECK(read.skipped.empty());
}

TEST_CASE("damaged pages") {
  for (const char* page : {"<", "<pre", "<pre>", "<!--", "<script>", "&#x;", "&#xffffffffff;", "</pre></pre>a"}) {
    CHECK_NOTHROW(TextOfPage(page, IsCommands));
  }
}

}  // namespace
}  // namespace picket::compiler::import
