// A CIB in the words of crmsh and of pcs: what is written is what was recorded, the tools made of that what
// our readers make of it, and where nothing was left out that is the CIB again.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "compiler/export/crmsh.h"
#include "compiler/export/pcs.h"
#include "compiler/export/shell.h"
#include "compiler/import/crmsh.h"
#include "compiler/import/pcs.h"
#include "tests/import_text/import_text.h"
#include "tests/roundtrip/random_configuration.h"

namespace picket::compiler::exporting {
namespace {

using import::AsCib;
using import::Contents;
using import::FilesIn;
using import::Lines;

using Paths = std::vector<std::filesystem::path>;

Paths Sources(const char* folder) {
  Paths paths = FilesIn("tests/export", ".xml");
  for (auto& path : FilesIn(folder, ".xml")) paths.push_back(path);
  return paths;
}

std::string Recorded(const std::filesystem::path& source, const char* ending) {
  return Contents("tests/export/recorded/" + source.stem().string() + ending);
}

// crmsh orders resources by their kinds.
std::vector<std::string> Sorted(std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::string BackFromCrmsh(const std::string& text) {
  import::TextRead read;
  return AsCib(import::ReadCrmshExactly, text, read);
}

std::string BackFromPcs(const std::string& text) {
  import::TextRead read;
  return AsCib(import::ReadPcs, text, read);
}

// Without what a script of pcs finds in the file: the name of the cluster.
std::vector<std::string> WithoutName(std::vector<std::string> lines) {
  for (std::string& line : lines) {
    const std::size_t at = line.find("<nvpair name=\"cluster-name\"");
    if (at != std::string::npos) line.erase(at, line.find('>', at) + 1 - at);
  }
  return lines;
}

TEST_CASE("the text for crmsh is as recorded, and crmsh made the same CIB of it") {
  std::size_t whole = 0;
  for (const auto& path : Sources("tests/import_crmsh")) {
    CAPTURE(path);
    pugi::xml_document cib;
    REQUIRE(cib.load_file(path.c_str()));
    const Exported exported = ExportCrmsh(cib);
    CHECK(exported.text == Recorded(path, ".crm"));
    const auto theirs = Sorted(Lines(Recorded(path, ".crmsh.xml")));
    CHECK(theirs == Sorted(Lines(BackFromCrmsh(exported.text))));
    if (!exported.left_out.empty()) continue;
    CHECK(theirs == Sorted(Lines(cib)));
    CHECK(Lines(BackFromCrmsh(exported.text)) == Lines(cib));
    ++whole;
  }
  CHECK(whole >= 19);
}

TEST_CASE("the script for pcs is as recorded, and pcs made the same CIB with it") {
  std::size_t whole = 0;
  for (const auto& path : Sources("tests/import_pcs")) {
    if (Recorded(path, ".script").empty()) continue;  // Recorded for import only.
    CAPTURE(path);
    pugi::xml_document cib;
    REQUIRE(cib.load_file(path.c_str()));
    const Exported exported = ExportPcs(cib);
    CHECK(exported.text == Recorded(path, ".script"));
    const std::string theirs = Recorded(path, ".pcs.xml");
    CHECK(WithoutName(Lines(theirs, "nodes")) == WithoutName(Lines(BackFromPcs(exported.text), "nodes")));
    if (!exported.left_out.empty() || !exported.notes.empty()) continue;
    CHECK(Lines(theirs) == Lines(cib));
    ++whole;
  }
  CHECK(whole >= 15);
}

TEST_CASE("what crmsh cannot say is told, with what goes with it") {
  pugi::xml_document cib;
  REQUIRE(cib.load_file("tests/export/hard.xml"));
  const Exported exported = ExportCrmsh(cib);
  const auto told = [&](const std::string& what) {
    return std::find(exported.left_out.begin(), exported.left_out.end(), what) != exported.left_out.end() &&
           exported.text.find("\n# left out: " + what + "\n") != std::string::npos;
  };
  CHECK(told("`box` is a bundle of another kind than docker, which crmsh 4.4 does not know"));
  CHECK(told("`l4` is about `box`, which is left out"));
  CHECK(told("`at-night` is a set of options with a score, which crmsh 4.4 does not know"));
  CHECK(exported.text.find("inside") == std::string::npos);
  CHECK(exported.text.find("dc-version=") == std::string::npos);
}

TEST_CASE("what pcs cannot say is told, with what goes with it") {
  pugi::xml_document cib;
  REQUIRE(cib.load_file("tests/export/hard.xml"));
  const Exported exported = ExportPcs(cib);
  const auto told = [&](const std::string& what) {
    return std::find(exported.left_out.begin(), exported.left_out.end(), what) != exported.left_out.end() &&
           exported.text.find("\n# left out: " + what + "\n") != std::string::npos;
  };
  CHECK(told("`t` is a template, which pcs does not have"));
  CHECK(told("`b` is made from `t`, which is left out"));
  CHECK(told("`o1` is about `b`, which is left out"));
}

TEST_CASE("a word for a shell is that word for a shell") {
  for (const std::string& word :
       {std::string("plain"), std::string(), std::string("it's"), std::string("$HOME `id` $(id) \\ \"x\" !! ~ *"),
        std::string("--force"), std::string("=x"), std::string("a\nEND\n'b"), std::string("'"), std::string("\xc3\xa4"),
        std::string("#no comment"), std::string("a=b;c&d|e>f<g")}) {
    CAPTURE(word);
    const std::string command = "printf %s. " + ShellWord(word);
    FILE* pipe = popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string said(word.size() + 100, '\0');
    said.resize(fread(said.data(), 1, said.size(), pipe));
    CHECK(pclose(pipe) == 0);
    CHECK(said == word + '.');
  }
}

// What is written is read back as what was there, or it is told what is missing.
void TryAll(Taste taste) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    pugi::xml_document cib;
    REQUIRE(cib.load_string(RandomConfiguration(seed, taste).c_str()));
    const Exported crmsh = ExportCrmsh(cib), pcs = ExportPcs(cib);
    CHECK((!crmsh.left_out.empty() || Lines(BackFromCrmsh(crmsh.text)) == Lines(cib)));
    CHECK((!pcs.left_out.empty() ||
           WithoutName(Lines(BackFromPcs(pcs.text), "nodes")) == WithoutName(Lines(cib, "nodes"))));
    for (const std::string& what : crmsh.left_out) CHECK(what.find("``") == std::string::npos);
  }
}

TEST_CASE("nothing is lost in silence") {
  TryAll(Taste::kSound);
  TryAll(Taste::kWild);
}

}  // namespace
}  // namespace picket::compiler::exporting
