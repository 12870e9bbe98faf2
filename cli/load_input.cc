#include "cli/load_input.h"

#include <fstream>
#include <optional>

#include "cli/exit_status.h"

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

bool LoadInput(const std::string& file, std::istream& standard_input, Input& input, solver::DocumentError& error) {
  const std::optional<std::string> text = ReadInput(file, standard_input);
  // A file that is not there and one that is not XML are told in the same words, as crm_simulate does.
  if (!solver::ParseDocument(text ? std::string_view(*text) : std::string_view(), input.document, error)) return false;
  return solver::UpgradeDocument(input.document, input.warning, error);
}

}  // namespace picket::cli
