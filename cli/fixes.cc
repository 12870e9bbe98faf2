#include "cli/fixes.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace picket::cli {
namespace {

using compiler::Diagnostic;

// Diagnostics whose place is a word, and whose help is the word that should stand there.
bool IsAboutOneWord(std::string_view code) {
  static constexpr std::array kCodes = {"E0102", "E0201", "E0205", "E0233", "E0310",
                                        "W0421", "W0422", "W0467", "W0504", "W0505"};
  return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

// "primitive" of "did you mean `primitive`?" and of "write `primitive`"; empty if the help says more than
// that.
std::string WordIn(const std::string& help) {
  for (const std::string_view front : {std::string_view("did you mean `"), std::string_view("write `")}) {
    if (!help.starts_with(front)) continue;
    const std::size_t end = help.find('`', front.size());
    if (end == std::string::npos) return "";
    const std::string_view behind = std::string_view(help).substr(end + 1);
    const std::string word = help.substr(front.size(), end - front.size());
    const bool alone = behind.empty() || behind == "?" || behind == ", with one colon";
    return alone && word.find_first_of("…=") == std::string::npos ? word : "";
  }
  return "";
}

}  // namespace

std::string WithFixes(const compiler::CompileResult& result, std::size_t& fixed) {
  std::string text = result.source_map.files[0].text;
  std::map<std::uint32_t, std::pair<std::uint32_t, std::string>> changes;  // By place: the end, and the word.
  for (const Diagnostic& diagnostic : result.diagnostics.list()) {
    if (!IsAboutOneWord(diagnostic.code) || diagnostic.help.empty() || diagnostic.span.file != 0) continue;
    std::string word = WordIn(diagnostic.help[0]);
    const auto [begin, end] = std::pair(diagnostic.span.begin, diagnostic.span.end);
    if (word.empty() || end > text.size() || begin >= end) continue;
    // The role before the name is there already.
    for (const std::string_view role : {std::string_view("promoted "), std::string_view("unpromoted ")}) {
      if (word.starts_with(role) && text.substr(0, begin).ends_with(role)) word.erase(0, role.size());
    }
    // A whole statement in place of its first word is for a person.
    const std::string_view old = std::string_view(text).substr(begin, end - begin);
    if (old.find_first_of(" \n\"${") != std::string_view::npos || word.find(' ') != std::string::npos) continue;
    changes.emplace(begin, std::pair(end, word));
  }
  for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
    text.replace(change->first, change->second.first - change->first, change->second.second);
    ++fixed;
  }
  return text;
}

}  // namespace picket::cli
