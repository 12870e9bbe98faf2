// The interactive page: one HTML file with the engine in it (docs/page.md).
//
// Pure: data in, text out. Nothing of it is markup but what stands in page.cc; whatever a policy holds goes
// in as JSON in which no `<` is left. The content security policy names the one script and the one style by
// their digests, lets the script compile the engine, and forbids everything else.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace picket::web {

struct PagePolicy {
  std::string path;
  std::string text;                          // a policy or a CIB, with secrets masked
  std::map<std::string, std::string> files;  // what it imports, by the name that the compiler asks for
};

struct InteractivePage {
  std::string title;
  std::vector<PagePolicy> policies;  // one; or two, to compare
  std::vector<std::string> steps;    // what has struck when the page opens, as steps of a test
  std::string as;                    // the release that decides; empty: what the input says
  std::string version;
  std::string date;    // `2026-11-30`
  std::string engine;  // the module, packed with gzip
};

std::string HtmlOf(const InteractivePage& page);

}  // namespace picket::web
