// What the compiler writes, held against the schemas of those who read it, for both targets: every golden
// policy, every example, and policies of random configurations.
//
// The schemas come with Pacemaker (/usr/share/pacemaker); PICKET_SCHEMAS names further folders, parted by
// colons. Where the schema that a document claims is in none of them, that document is not looked at.
#include <doctest/doctest.h>
#include <libxml/parser.h>
#include <libxml/relaxng.h>

#include <algorithm>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/compile.h"
#include "compiler/emit/cib.h"
#include "compiler/import/import.h"
#include "tests/roundtrip/random_configuration.h"

namespace picket {
namespace {

namespace fs = std::filesystem;

void Keep(void* text, const char* format, ...) {
  char line[2000];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  *static_cast<std::string*>(text) += line;
}

class Schemas {
 public:
  Schemas() {
    const char* named = std::getenv("PICKET_SCHEMAS");
    std::istringstream list(std::string(named == nullptr ? "" : named) + ":/usr/share/pacemaker");
    for (std::string folder; std::getline(list, folder, ':');) {
      if (!folder.empty()) folders_.push_back(folder);
    }
  }

  // What the schema that the document claims has against it; nothing if that is not at hand.
  std::string Complaints(const std::string& text, const std::string& claim) {
    const Schema& schema = Find(claim);
    if (!schema) {
      ++skipped[claim];
      return "";
    }
    ++checked[claim];
    const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
        xmlReadMemory(text.data(), static_cast<int>(text.size()), "cib", nullptr, XML_PARSE_NOERROR),
        xmlFreeDoc);
    if (!document) return "not well-formed";
    const std::unique_ptr<xmlRelaxNGValidCtxt, decltype(&xmlRelaxNGFreeValidCtxt)> validation(
        xmlRelaxNGNewValidCtxt(schema.get()), xmlRelaxNGFreeValidCtxt);
    std::string complaints;
    xmlRelaxNGSetValidErrors(validation.get(), Keep, Keep, &complaints);
    const int verdict = xmlRelaxNGValidateDoc(validation.get(), document.get());
    return verdict == 0 ? "" : "against " + claim + ": " + complaints;
  }

  std::map<std::string, int> checked, skipped;

 private:
  using Schema = std::shared_ptr<xmlRelaxNG>;

  const Schema& Find(const std::string& claim) {
    const auto [place, fresh] = known_.emplace(claim, nullptr);
    if (!fresh) return place->second;
    for (const fs::path& folder : folders_) {
      const fs::path path = folder / (claim + ".rng");
      if (!fs::exists(path)) continue;
      const std::unique_ptr<xmlRelaxNGParserCtxt, decltype(&xmlRelaxNGFreeParserCtxt)> parser(
          xmlRelaxNGNewParserCtxt(path.c_str()), xmlRelaxNGFreeParserCtxt);
      place->second = Schema(xmlRelaxNGParse(parser.get()), xmlRelaxNGFree);
      REQUIRE_MESSAGE(place->second, path.string() << " is no schema");
      break;
    }
    return place->second;
  }

  std::vector<fs::path> folders_;
  std::map<std::string, Schema> known_;
};

// Whether the policy compiles; if so, it is valid for both targets.
bool Check(Schemas& schemas, const std::string& policy, const std::string& path) {
  for (const auto target : {compiler::emit::Target::k21, compiler::emit::Target::k30}) {
    compiler::CompileOptions options;
    options.target = target;
    const compiler::CompileResult result = compiler::CompileText(policy, path, options);
    if (!result.compiled) {
      for (const compiler::Diagnostic& one : result.diagnostics.list()) {
        if (one.severity == compiler::Severity::kError) MESSAGE(path << ": " << one.message);
      }
      return false;
    }
    const std::string claim = result.compiled->cib.document_element().attribute("validate-with").value();
    const std::string text = compiler::emit::CibText(result.compiled->cib);
    CAPTURE(path);
    CHECK(schemas.Complaints(text, claim) == "");
  }
  return true;
}

std::vector<fs::path> Policies(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".picket") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string Contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

void Tell(const Schemas& schemas) {
  for (const auto& [claim, count] : schemas.checked) MESSAGE(count << " documents valid by " << claim);
  for (const auto& [claim, count] : schemas.skipped) {
    MESSAGE("skipped: " << count << " documents, since " << claim << " is not installed");
  }
}

TEST_CASE("what golden policies and examples compile to is valid") {
  Schemas schemas;
  int compiled = 0;
  for (const fs::path& path : Policies("tests/golden/compiler")) {
    if (path.filename().string().starts_with("error.")) continue;
    compiled += Check(schemas, Contents(path), path);
  }
  CHECK(compiled > 2);
  for (const fs::path& path : Policies("examples")) {
    CHECK_MESSAGE(Check(schemas, Contents(path), path), path.string() << " does not compile");
  }
  Tell(schemas);
}

TEST_CASE("what random configurations come to is valid") {
  Schemas schemas;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    compiler::import::Imported imported;
    std::string reason;
    REQUIRE(compiler::import::Import(RandomConfiguration(seed, Taste::kSound), {}, imported, reason));
    const std::string name = "seed " + std::to_string(seed);
    CHECK_MESSAGE(Check(schemas, imported.policy, name), name << " does not compile");
  }
  Tell(schemas);
}

}  // namespace
}  // namespace picket
