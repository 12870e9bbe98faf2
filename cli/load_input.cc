#include "cli/load_input.h"

#include <fstream>
#include <optional>

#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "compiler/compile.h"
#include "compiler/diagnostics/render.h"
#include "simulator/inject/all_online.h"

namespace picket::cli {

namespace {

// More than any cluster has. What is larger is not a CIB, and would only fill the memory.
constexpr size_t kBytesMax = size_t{512} << 20;

std::optional<std::string> ReadAll(std::istream& stream) {
  std::string text;
  char buffer[1 << 16];
  while (stream.read(buffer, sizeof buffer) || stream.gcount() > 0) {
    text.append(buffer, static_cast<size_t>(stream.gcount()));
    if (text.size() > kBytesMax) return std::nullopt;
  }
  if (stream.bad()) return std::nullopt;
  return text;
}

std::optional<std::string> ReadInput(const std::string& file, std::istream& standard_input) {
  if (file == "-") return ReadAll(standard_input);
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  return ReadAll(stream);
}

}  // namespace

namespace {

bool IsPolicyFile(const std::string& file) { return file.ends_with(".picket"); }

// A policy is known by its name; on standard input by what it begins with, since XML begins with `<`.
bool IsPolicy(const std::string& file, std::string_view text) {
  if (file != "-") return IsPolicyFile(file);
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] != '<' && text.find('\0') == std::string_view::npos;
}

bool LoadPolicy(const std::string& file, std::string text, Input& input, solver::DocumentError& error) {
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
  return solver::UpgradeDocument(input.document, no_warning, error);
}

}  // namespace

bool LoadInput(const std::string& file, std::istream& standard_input, Input& input, solver::DocumentError& error) {
  std::optional<std::string> text = ReadInput(file, standard_input);
  if (text && IsPolicy(file, *text)) return LoadPolicy(file, std::move(*text), input, error);
  // A file that is not there and one that is not XML are told in the same words, as crm_simulate does.
  if (!solver::ParseDocument(text ? std::string_view(*text) : std::string_view(), input.document, error)) return false;
  return solver::UpgradeDocument(input.document, input.warning, error);
}

}  // namespace picket::cli
