#include "compiler/import/policy_text.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/syntax/keywords.h"

namespace picket::compiler::import {
namespace {

// More than that nobody has to see to know what it is.
constexpr std::size_t kBytesMax = std::size_t{1} << 20;

template <std::size_t N>
bool IsOneOf(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool IsOfPolicies(std::string_view line, const std::vector<std::string>& words) {
  static constexpr std::array<std::string_view, 9> kOnlyHere = {"cluster",  "fence",     "promotable", "depend", "test",
                                                                "separate", "invariant", "assume",     "fencing"};
  static constexpr std::array<std::string_view, 4> kHolders = {"group", "clone", "bundle", "tag"};
  const std::string& first = words[0];
  if (!IsStatementKeyword(first)) return false;
  if (IsOneOf(first, kOnlyHere)) return true;
  if (line.ends_with("{")) return true;
  if (words.size() < 3) return false;
  if (IsOneOf(first, kHolders) && words[2] == "of") return true;
  if (first == "location") return IsLocationVerb(words[2]);
  if (first == "order") return words[2] == "then";
  return first == "primitive" && words.size() > 3 && words[3] == "{";
}

bool IsOfOthers(const std::vector<std::string>& words) {
  static constexpr std::array<std::string_view, 7> kOnlyThere = {"ms",  "master", "rsc_ticket", "fencing_topology",
                                                                 "pcs", "crm",    "configure"};
  if (IsOneOf(words[0], kOnlyThere)) return true;
  const bool scored = words.size() > 3 && (words[2].ends_with(':') || words[3].ends_with(':'));
  if (scored && (words[0] == "location" || words[0] == "colocation" || words[0] == "order")) return true;
  return words[0] == "primitive" && std::find(words.begin(), words.end(), "params") != words.end() &&
         std::find(words.begin(), words.end(), "{") == words.end();
}

}  // namespace

bool LooksLikePolicy(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos || text[begin] == '<') return false;
  std::istringstream lines{std::string(text.substr(0, kBytesMax))};
  std::size_t ours = 0, theirs = 0;
  for (std::string line; std::getline(lines, line);) {
    line.resize(std::min(line.size(), line.find_last_not_of(" \t\r") + 1));
    std::istringstream pieces(line);
    std::vector<std::string> words;
    for (std::string word; pieces >> word;) words.push_back(word);
    if (words.empty() || words[0].starts_with('#')) continue;
    if (IsOfPolicies(line, words))
      ++ours;
    else if (IsOfOthers(words))
      ++theirs;
  }
  return ours > theirs;
}

}  // namespace picket::compiler::import
