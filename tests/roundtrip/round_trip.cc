#include "tests/roundtrip/round_trip.h"

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "cli/simulate_run.h"
#include "compiler/compile.h"
#include "compiler/emit/cib.h"
#include "compiler/format/format.h"
#include "compiler/import/normal_form.h"
#include "compiler/syntax/parse.h"
#include "solver/cib/document.h"

namespace picket {
namespace {

// The first element in which two configurations differ.
std::string Difference(const pugi::xml_document& left, const pugi::xml_document& right) {
  const auto a = compiler::import::NormalForm(left), b = compiler::import::NormalForm(right);
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const std::string before = i < a.size() ? a[i].section + ' ' + a[i].text : "nothing";
    const std::string after = i < b.size() ? b[i].section + ' ' + b[i].text : "nothing";
    if (before == after) continue;
    // From a little before the first character that differs.
    const auto same = std::mismatch(before.begin(), before.end(), after.begin(), after.end()).first - before.begin();
    const std::size_t from = static_cast<std::size_t>(std::max<std::ptrdiff_t>(same - 120, 0));
    return before.substr(0, 40) + " … " + before.substr(from, 400) + "\nis now … " + after.substr(from, 400);
  }
  return "";
}

std::string ErrorsOf(const compiler::Diagnostics& diagnostics) {
  std::string out;
  for (const compiler::Diagnostic& one : diagnostics.list()) {
    if (one.severity == compiler::Severity::kError) out += std::string(one.code) + ' ' + one.message + '\n';
  }
  return out;
}

std::string Upgraded(pugi::xml_document& document) {
  std::string warning;
  solver::DocumentError error;
  return solver::UpgradeDocument(document, warning, error) ? "" : error.message;
}

}  // namespace

RoundTrip GoRound(const std::string& cib, const compiler::import::ImportOptions& how) {
  RoundTrip trip;
  compiler::import::Imported imported;
  if (!compiler::import::Import(cib, how, imported, trip.trouble)) return trip;
  trip.policy = imported.policy;
  trip.elements_as_xml = imported.elements_as_xml;
  for (const std::string& warning : imported.warnings) trip.trouble += "import warns: " + warning + '\n';

  compiler::Diagnostics diagnostics;
  const compiler::ast::File file = compiler::Parse(imported.policy, 0, diagnostics);
  if (diagnostics.HasErrors()) {
    trip.trouble += "the policy does not parse: " + ErrorsOf(diagnostics);
    return trip;
  }
  const std::string formatted = compiler::Format(file, imported.policy);
  if (formatted != imported.policy) trip.trouble += "fmt changes the policy to\n" + formatted;

  // A CIB that knows the option names of Pacemaker 3 is compiled for it.
  compiler::CompileOptions options;
  options.agents = compiler::AgentOptions{};  // As `picket compile` does it: nothing about an agent is an error.
  if (cib.find("\"fencing-") != std::string::npos) options.target = compiler::emit::Target::k30;
  const compiler::CompileResult result = compiler::CompileText(imported.policy, "policy", options);
  if (!result.compiled) {
    trip.trouble += "the policy does not compile: " + ErrorsOf(result.diagnostics);
    return trip;
  }
  trip.compiled = compiler::emit::CibText(result.compiled->cib);

  pugi::xml_document before, after;
  solver::DocumentError error;
  if (!solver::ParseDocument(cib, before, error) || !solver::ParseDocument(trip.compiled, after, error)) {
    trip.trouble += "no document: " + error.message;
    return trip;
  }
  // A document that asks not to be upgraded is compared as it is.
  const char* schema = before.document_element().attribute("validate-with").value();
  if (std::string(schema) == "none") after.document_element().attribute("validate-with").set_value("none");
  trip.trouble += Upgraded(before);
  trip.trouble += Upgraded(after);
  trip.trouble += Difference(before, after);
  return trip;
}

// What a running cluster writes among its options by itself: a policy leaves it out, and the cluster writes it again.
void WriteAsRunningCluster(const pugi::xml_node& before, pugi::xml_node options) {
  for (const pugi::xml_node set : before.children("cluster_property_set")) {
    for (const pugi::xml_node pair : set.children("nvpair")) {
      const std::string name = pair.attribute("name").value();
      if (name != "have-watchdog" && name != "dc-version" && name != "cluster-infrastructure") continue;
      if (options.select_node((".//nvpair[@name='" + name + "']").c_str())) continue;
      pugi::xml_node own = options.child("cluster_property_set");
      if (!own) {
        own = options.append_child("cluster_property_set");
        own.append_attribute("id") = "cib-bootstrap-options";
      }
      own.append_copy(pair);
    }
  }
}

std::string WithConfiguration(const std::string& cib, const std::string& compiled) {
  pugi::xml_document document, made;
  document.load_buffer(cib.data(), cib.size());
  made.load_buffer(compiled.data(), compiled.size());
  WriteAsRunningCluster(document.document_element().child("configuration").child("crm_config"),
                        made.document_element().child("configuration").child("crm_config"));
  pugi::xml_node root = document.document_element();
  const pugi::xml_node configuration = root.child("configuration");
  root.insert_copy_before(made.document_element().child("configuration"), configuration);
  root.remove_child(configuration);
  // A document that asks not to be upgraded goes on asking.
  if (std::string(root.attribute("validate-with").value()) != "none") {
    root.attribute("validate-with").set_value(made.document_element().attribute("validate-with").value());
  }
  return solver::DocumentText(document);
}

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

}  // namespace picket
