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
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/compile.h"
#include "compiler/emit/cib.h"
#include "compiler/import/import.h"
#include "solver/cib/valid.h"
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
        xmlReadMemory(text.data(), static_cast<int>(text.size()), "cib", nullptr, XML_PARSE_NOERROR), xmlFreeDoc);
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

std::vector<pugi::xml_node> Elements(pugi::xml_node top) {
  std::vector<pugi::xml_node> all;
  for (const pugi::xml_node child : top.children()) {
    if (child.type() != pugi::node_element) continue;
    all.push_back(child);
    for (const pugi::xml_node below : Elements(child)) all.push_back(below);
  }
  return all;
}

// One thing about the configuration that somebody got wrong, or right by luck.
void Mangle(pugi::xml_node configuration, std::mt19937_64& random) {
  const std::vector<pugi::xml_node> elements = Elements(configuration);
  const auto any = [&](const auto& list) { return list[random() % std::size(list)]; };
  pugi::xml_node one = any(elements);
  const pugi::xml_node other = any(elements);
  static constexpr const char* kNames[] = {"primitive", "group", "nvpair", "op",           "rule",
                                           "nodes",     "tags",  "clone",  "resource_set", "bakery"};
  static constexpr const char* kValues[] = {"", "x y", "1a", "true", "Master", "INFINITY", "or"};
  std::vector<pugi::xml_attribute> attributes(one.attributes_begin(), one.attributes_end());
  switch (random() % 7) {
    case 0:
      one.parent().remove_child(one);
      break;
    case 1:
      one.parent().append_copy(one);
      break;
    case 2:
      one.set_name(any(kNames));
      break;
    case 3:
      one.append_child(any(kNames)).append_attribute("id") = "fresh";
      break;
    case 4:
      if (!attributes.empty()) one.remove_attribute(any(attributes));
      break;
    case 5:
      if (!attributes.empty()) any(attributes).set_value(any(kValues));
      break;
    default:
      if (one.attribute("id") && other.attribute("id")) one.attribute("id") = other.attribute("id").value();
  }
}

// The schemas are Pacemaker's and stay with it; the product has a table of its own.
TEST_CASE("a mangled configuration is refused by our table where its schema refuses it, and nowhere else") {
  Schemas schemas;
  int accepted = 0, refused = 0, missed = 0;
  const auto complaints = [&](pugi::xml_document& document, const char* claim) {
    pugi::xml_node cib = document.document_element();
    cib.remove_attribute("validate-with");
    cib.append_attribute("validate-with") = claim;
    return schemas.Complaints(compiler::emit::CibText(document), claim);
  };
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    pugi::xml_document sound, mangled;
    REQUIRE(sound.load_string(RandomConfiguration(seed, Taste::kSound).c_str()));
    pugi::xml_node cib = sound.document_element();
    for (const char* number : {"admin_epoch", "epoch", "num_updates"}) {
      if (!cib.attribute(number)) cib.append_attribute(number) = "0";
    }
    if (!cib.child("status")) cib.append_child("status");
    mangled.reset(sound);
    std::mt19937_64 random(seed);
    Mangle(mangled.document_element().child("configuration"), random);
    CAPTURE(seed);
    for (const char* claim : {"pacemaker-3.10", "pacemaker-3.9"}) {
      const int unknown = schemas.skipped[claim];
      if (!complaints(sound, claim).empty() || schemas.skipped[claim] > unknown) continue;
      const bool valid = complaints(mangled, claim).empty();
      const std::vector<solver::CibFault> faults = solver::FindFaults(mangled);
      if (valid && !faults.empty()) FAIL_CHECK(faults[0].Where() << " " << faults[0].what);
      accepted += valid;
      refused += !valid;
      missed += !valid && faults.empty();
    }
  }
  MESSAGE("schemas accept " << accepted << " and refuse " << refused << ", of which the table misses " << missed);
  CHECK(missed * 20 <= refused);
  if (schemas.checked.count("pacemaker-3.9") > 0) CHECK(accepted > 100);
}

}  // namespace
}  // namespace picket
