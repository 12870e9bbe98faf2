#include "cli/load_input.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/read_cib.h"
#include "compiler/compile.h"
#include "compiler/diagnostics/render.h"
#include "simulator/inject/all_online.h"
#include "solver/cib/valid.h"

namespace picket::cli {

namespace {

bool IsPolicyFile(const std::string& file) {
  return file.ends_with(".picket");
}

// A policy is known by its name; on standard input by what it begins with, since XML begins with `<`.
bool IsPolicy(const std::string& file, std::string_view text) {
  if (file != "-") return IsPolicyFile(file);
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] != '<' && text.find('\0') == std::string_view::npos;
}

// More faults than these are not worth a line each.
constexpr size_t kFaultsMax = 20;

// A line for each fault, with the place as the release's crm_simulate names it: before 3.0 the file and the line, since
// then the line alone, and a last line that says what becomes of the document.
std::string Complaint(const std::string& file, const std::string& text, const std::string& schema,
                      const std::vector<solver::CibFault>& faults, const solver::Target& target) {
  std::string complaint;
  const std::string place = target.is_3_0() ? "line " : (file == "-" ? "Entity: line " : file + ":");
  for (size_t i = 0; i < faults.size() && i < kFaultsMax; ++i) {
    const auto offset = static_cast<ptrdiff_t>(std::clamp<ptrdiff_t>(faults[i].element.offset_debug(), 0, text.size()));
    const auto line = std::count(text.begin(), text.begin() + offset, '\n') + 1;
    complaint += place + std::to_string(line) + ": element " + faults[i].element.name() + ": ";
    complaint += faults[i].what + '\n';
  }
  if (faults.size() > kFaultsMax) complaint += std::to_string(faults.size() - kFaultsMax) + " more of them\n";
  if (!target.is_3_0()) {
    complaint.pop_back();
    return complaint;
  }
  return complaint + "Cannot upgrade configuration (claiming " + schema +
         " schema) to at least pacemaker-4.0 because it does not validate with any schema from " + schema +
         " to the latest";
}

bool LoadPolicy(const std::string& file, std::string text, Input& input, solver::DocumentError& error,
                const AsRelease& as) {
  input.is_policy = true;
  compiler::CompileResult result = compiler::CompileText(std::move(text), file, ReviewedOptions());
  std::string told = compiler::RenderText(result.diagnostics, result.source_map);
  if (!told.empty() && told.back() == '\n') told.pop_back();
  if (!result.compiled) {
    error = {IsPolicyFile(file) ? simulate_exit::kBadConfiguration : simulate_exit::kBadData, std::move(told)};
    return false;
  }
  input.warning = std::move(told);
  input.document.reset(result.compiled->cib);
  simulator::BringAllOnline(input.document);
  std::string no_warning;
  input.target = as.target.value_or(ReleaseOfPolicy(*result.compiled));
  return solver::UpgradeDocument(input.document, no_warning, error, input.target);
}

}  // namespace

solver::Target ReleaseOfPolicy(const compiler::Compiled& compiled) {
  std::string reason;
  return solver::Target::Parse(compiled.topology.pacemaker, reason).value_or(solver::Target());
}

bool ParseAs(const std::string& value, AsRelease& as, std::string& reason) {
  if (value.empty()) return true;
  if (value == "cluster") {
    as.target.reset();
    return true;
  }
  as.target = solver::Target::Parse(value, reason);
  return as.target.has_value();
}

bool LoadInput(const std::string& file, std::istream& standard_input, Input& input, solver::DocumentError& error,
               const AsRelease& as) {
  std::string reason;
  std::optional<std::string> text = ReadCib(file, standard_input, reason);
  if (!text && IsLive(file)) {
    // On this machine in crm_simulate's words; elsewhere with what stands in the way.
    const bool here = file == "live:";
    error = {simulate_exit::kNotConnected,
             (here ? "" : reason + "\n") + std::string("Could not connect to the cluster: Not connected")};
    return false;
  }
  if (text && IsPolicy(file, *text)) return LoadPolicy(file, std::move(*text), input, error, as);
  // A file that is not there and one that is not XML are told in the same words, as crm_simulate does.
  if (!solver::ParseDocument(text ? std::string_view(*text) : std::string_view(), input.document, error)) return false;
  input.target = as.target.value_or(solver::TargetOf(input.document));
  const std::string schema = input.document.document_element().attribute("validate-with").value();
  // As it comes, whatever its schema. The reference validates with the schema that is named: what is told here is
  // invalid by all of them.
  const std::vector<solver::CibFault> faults = solver::FindFaults(input.document);
  if (!solver::UpgradeDocument(input.document, input.warning, error, input.target)) return false;
  if (faults.empty()) return true;
  error = {simulate_exit::kBadConfiguration, Complaint(file, *text, schema, faults, input.target)};
  return false;
}

}  // namespace picket::cli
