// Ids are made of what an element says, never of where it stands: a line put in anywhere changes no id but
// its own, so the difference between two CIBs is as small as that between two policies. Tried with every
// example, at every place where a line may stand.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <pugixml.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/compile.h"
#include "compiler/emit/cib.h"

namespace picket {
namespace {

namespace fs = std::filesystem;

// What an element with an id says of itself.
using Elements = std::map<std::string, std::string>;

void Collect(pugi::xml_node node, Elements& elements) {
  if (const pugi::xml_attribute id = node.attribute("id")) {
    std::string text = node.name();
    for (const pugi::xml_attribute attribute : node.attributes()) {
      text += std::string(" ") + attribute.name() + '=' + attribute.value();
    }
    elements[std::string(node.parent().name()) + ' ' + id.value()] += text + ';';
  }
  for (const pugi::xml_node child : node.children()) Collect(child, elements);
}

std::string Lines(const std::vector<std::string>& lines, std::size_t at, const std::string& more) {
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i == at) text += more + '\n';
    text += lines[i] + '\n';
  }
  return text;
}

class Example {
 public:
  explicit Example(const fs::path& path) : path_(path) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) lines_.push_back(line);
    const std::string text = Lines(lines_, lines_.size(), "");
    const auto compiled = Compile(text);
    REQUIRE_MESSAGE(compiled.compiled, path.string() << " does not compile");
    Collect(compiled.compiled->cib, elements_);
    const pugi::xml_node configuration = compiled.compiled->cib.document_element().child("configuration");
    node_ = configuration.child("nodes").first_child().attribute("uname").value();
    resource_ = configuration.child("resources").first_child().attribute("id").value();
    CHECK(compiler::emit::CibText(compiled.compiled->cib) == compiler::emit::CibText(Compile(text).compiled->cib));
  }

  // How often the policy still compiled with a line put in.
  int Try() {
    int tried = 0;
    int depth = 0;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      // A line that begins in the first column begins a statement, if it does not end one.
      const bool statement = !lines_[i].empty() && std::isalpha(static_cast<unsigned char>(lines_[i][0])) != 0;
      if (statement && depth == 0) {
        tried += Put(i, "primitive put-in ocf:heartbeat:Dummy { op monitor interval=11s; meta priority=1 }");
        tried += Put(i, "location " + resource_ + " prefers " + node_ + " score=7");
        tried += Put(i, "location " + resource_ + " prefers where put-in == 1 score=7");
        tried += Put(i, "rsc_defaults when date(hours=3) { put-in=1 }");
      }
      const bool block = lines_[i].ends_with("{");
      if (i > 0 && lines_[i - 1].ends_with("{") && lines_[i - 1].find("primitive ") != std::string::npos) {
        tried += Put(i, "  op put-in interval=77s");
        tried += Put(i, "  put_in = 1");
        tried += Put(i, "  meta put-in=1");
        tried += Put(i, "  params when node == x { put_in=2 }");
      }
      depth += block ? 1 : 0;
      depth -=
          lines_[i].find_first_not_of(' ') != std::string::npos && lines_[i][lines_[i].find_first_not_of(' ')] == '}';
    }
    return tried;
  }

 private:
  compiler::CompileResult Compile(const std::string& text) const { return compiler::CompileText(text, path_, {}); }

  bool Put(std::size_t at, const std::string& line) const {
    const auto result = Compile(Lines(lines_, at, line));
    if (!result.compiled) return false;  // Not every line may stand everywhere.
    Elements now;
    Collect(result.compiled->cib, now);
    for (const auto& [id, text] : elements_) {
      const auto found = now.find(id);
      CAPTURE(path_);
      CAPTURE(at);
      CAPTURE(line);
      CAPTURE(id);
      CHECK((found == now.end() ? "gone" : found->second) == text);
    }
    return true;
  }

  fs::path path_;
  std::vector<std::string> lines_;
  Elements elements_;
  std::string node_, resource_;
};

TEST_CASE("a line put in changes no id but its own, and the same source gives the same bytes") {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator("examples")) {
    if (entry.path().extension() == ".picket") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  REQUIRE_FALSE(paths.empty());
  int tried = 0;
  for (const fs::path& path : paths) tried += Example(path).Try();
  CHECK(tried > 100);
  MESSAGE(tried << " lines put in");
}

}  // namespace
}  // namespace picket
