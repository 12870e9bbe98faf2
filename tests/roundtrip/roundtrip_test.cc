// CIB to policy to CIB, over a folder of real ones:
//
//     PICKET_CIBS=/path/to/cibs bazel test --test_env=PICKET_CIBS //tests/roundtrip:all
//
// For each: import gives a policy in canonical spelling, which compiles to an
// equal configuration (docs/import.md says what equal is), and with the state
// of the original the cluster does the same. Without the folder there is
// nothing to test, and the test says so.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "cli/simulate_run.h"
#include "compiler/compile.h"
#include "compiler/format/format.h"
#include "compiler/import/import.h"
#include "compiler/import/normal_form.h"
#include "compiler/syntax/parse.h"
#include "solver/cib/document.h"

namespace picket {
namespace {

std::vector<std::filesystem::path> Cibs() {
  std::vector<std::filesystem::path> paths;
  const char* folder = std::getenv("PICKET_CIBS");
  if (folder == nullptr) return paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".xml") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string Contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

// What crm_simulate -sS would print of it.
std::string Simulated(const std::string& cib) {
  cli::SimulateOptions options;
  options.xml_pipe = true;
  options.simulate = true;
  options.show_scores = true;
  std::istringstream in(cib);
  std::ostringstream out, err;
  const int status = cli::RunSimulate(options, 1700000000, {in, out, err});
  return std::to_string(status) + '\n' + out.str();
}

// The original, with its state, around the compiled configuration.
std::string WithConfiguration(const std::string& original, const pugi::xml_document& compiled) {
  pugi::xml_document document;
  document.load_buffer(original.data(), original.size());
  pugi::xml_node root = document.document_element();
  const pugi::xml_node configuration = root.child("configuration");
  const pugi::xml_node made = compiled.document_element();
  root.insert_copy_before(made.child("configuration"), configuration);
  root.remove_child(configuration);
  // A document that asks not to be upgraded goes on asking.
  if (std::string(root.attribute("validate-with").value()) != "none") {
    root.attribute("validate-with").set_value(made.attribute("validate-with").value());
  }
  return solver::DocumentText(document);
}

// The first element in which two configurations differ.
std::string Difference(const pugi::xml_document& left, const pugi::xml_document& right) {
  const auto a = compiler::import::NormalForm(left), b = compiler::import::NormalForm(right);
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const std::string before = i < a.size() ? a[i].section + ' ' + a[i].text : "nothing";
    const std::string after = i < b.size() ? b[i].section + ' ' + b[i].text : "nothing";
    if (before != after) return before + "\nis now\n" + after;
  }
  return "";
}

void Check(const std::string& cib, const compiler::import::ImportOptions& how) {
  compiler::import::Imported imported;
  std::string reason;
  REQUIRE_MESSAGE(compiler::import::Import(cib, how, imported, reason), reason);
  CHECK(imported.warnings.empty());

  compiler::Diagnostics diagnostics;
  const compiler::ast::File file = compiler::Parse(imported.policy, 0, diagnostics);
  CHECK_FALSE(diagnostics.HasErrors());
  CHECK(compiler::Format(file, imported.policy) == imported.policy);

  // A CIB that knows the option names of Pacemaker 3 is compiled for it.
  compiler::CompileOptions options;
  if (cib.find("\"fencing-") != std::string::npos) options.target = compiler::emit::Target::k30;
  const compiler::CompileResult result = compiler::CompileText(imported.policy, "policy", options);
  REQUIRE(result.compiled);

  pugi::xml_document before, after;
  solver::DocumentError error;
  std::string warning;
  REQUIRE(solver::ParseDocument(cib, before, error));
  after.reset(result.compiled->cib);
  REQUIRE(solver::UpgradeDocument(before, warning, error));
  REQUIRE(solver::UpgradeDocument(after, warning, error));
  CHECK(Difference(before, after) == "");
  CHECK(Simulated(WithConfiguration(cib, result.compiled->cib)) == Simulated(cib));
}

TEST_CASE("every CIB of the folder comes back the same") {
  const auto paths = Cibs();
  if (paths.empty()) {
    MESSAGE("skipped: PICKET_CIBS does not name a folder with .xml files");
    return;
  }
  for (const auto& path : paths) {
    CAPTURE(path);
    const std::string cib = Contents(path);
    Check(cib, {});
    Check(cib, {.all_ids = true});
  }
  MESSAGE(paths.size() << " CIBs");
}

}  // namespace
}  // namespace picket
