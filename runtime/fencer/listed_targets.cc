#include "runtime/fencer/listed_targets.h"

#include <algorithm>
#include <utility>

#include "solver/model/text.h"

namespace picket::runtime {
namespace {

constexpr size_t kLinesMax = 4096;
constexpr size_t kLineMax = 512;

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string> Words(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : std::string(line) + ";") {
    if (c != ';' && !IsSpace(c)) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

void ReadLine(std::string_view line, std::vector<ListedTarget>& targets) {
  line = Trimmed(line);
  const bool strange = std::any_of(line.begin(), line.end(), [](unsigned char c) { return c < 0x20 && c != '\t'; });
  if (line.size() > kLineMax || strange) return;
  const size_t comma = line.find(',');
  if (comma == std::string_view::npos) {
    // Without a comma nothing says that the second word is another name of the first.
    for (std::string& word : Words(line)) targets.push_back({std::move(word), {}});
    return;
  }
  const std::string_view rest = line.substr(comma + 1);
  ListedTarget target{std::string(Trimmed(line.substr(0, comma))),
                      std::string(Trimmed(rest.substr(0, rest.find(','))))};
  if (!target.plug.empty()) targets.push_back(std::move(target));
}

}  // namespace

std::vector<ListedTarget> ParseTargets(std::string_view output) {
  std::vector<ListedTarget> targets;
  for (size_t lines = 0; !output.empty() && lines < kLinesMax; ++lines) {
    const size_t end = std::min(output.find('\n'), output.size());
    ReadLine(output.substr(0, end), targets);
    output.remove_prefix(std::min(end + 1, output.size()));
  }
  return targets;
}

std::optional<std::string> PlugOf(const std::vector<ListedTarget>& targets, std::string_view wanted) {
  const std::string* plug = nullptr;
  for (const ListedTarget& target : targets) {
    if (solver::EqualFolded(target.plug, wanted)) return target.plug;
    if (!solver::EqualFolded(target.alias, wanted)) continue;
    // A name that two plugs bear names neither.
    if (plug && *plug != target.plug) return std::nullopt;
    plug = &target.plug;
  }
  return plug ? std::optional(*plug) : std::nullopt;
}

}  // namespace picket::runtime
