#include "runtime/bootstrap/facts.h"

#include <algorithm>
#include <sstream>

namespace picket::runtime {
namespace {

constexpr size_t kLinesMax = 20000;        // of one node
constexpr size_t kValuesMax = 16;          // of one line; those after them are left out
constexpr size_t kValueBytesMax = 400000;  // the text of a file, in base64
constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

FactLine Split(std::string_view text, char mark) {
  FactLine parts;
  for (size_t begin = 0;;) {
    const size_t end = text.find(mark, begin);
    parts.push_back(Plain(text.substr(begin, end == std::string_view::npos ? end : end - begin)));
    if (end == std::string_view::npos || parts.size() == kValuesMax) return parts;
    begin = end + 1;
  }
}

}  // namespace

const std::vector<FactLine>& NodeFacts::All(std::string_view word) const {
  static const std::vector<FactLine> none;
  const auto found = lines.find(word);
  return found == lines.end() ? none : found->second;
}

std::string NodeFacts::One(std::string_view word) const {
  const auto& all = All(word);
  return all.empty() || all.front().empty() ? "" : all.front().front();
}

bool NodeFacts::Has(std::string_view word, std::string_view value) const {
  const auto& all = All(word);
  return std::any_of(all.begin(), all.end(),
                     [&](const FactLine& line) { return !line.empty() && line.front() == value; });
}

std::optional<FileFact> NodeFacts::File(std::string_view path) const {
  for (const FactLine& line : All("file")) {
    if (line.size() < 6 || line[0] != path) continue;
    const std::string text = FromBase64(line[5]).value_or("");
    return FileFact{line[1], line[2], line[4], text, text.empty() || std::to_string(text.size()) == line[3]};
  }
  return std::nullopt;
}

std::string Plain(std::string_view value) {
  std::string plain(value.substr(0, kValueBytesMax));
  for (char& c : plain)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return plain;
}

NodeFacts ReadFacts(std::string node, std::string_view output) {
  NodeFacts facts{std::move(node), "", {}};
  bool begun = false, ended = false;
  size_t count = 0;
  while (!output.empty() && !ended) {
    const size_t end = std::min(output.find('\n'), output.size());
    FactLine values = Split(output.substr(0, end), '\t');
    output.remove_prefix(std::min(end + 1, output.size()));
    const std::string word = std::move(values.front());
    values.erase(values.begin());
    if (word == "picket-probe") begun = true;  // What a login script prints before it is nobody's.
    if (!begun || word.empty()) continue;
    ended = word == "end";
    if (++count > kLinesMax) break;
    if (values.empty()) values.emplace_back();
    facts.lines[word].push_back(std::move(values));
  }
  if (!ended)
    facts.trouble = count > kLinesMax ? "the probe told too much"
                    : begun           ? "the probe was cut off"
                                      : "the probe did not run";
  return facts;
}

std::vector<std::string> Words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string Join(const std::vector<std::string>& words, const char* mark) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : mark) + word;
  return text;
}

std::optional<std::string> FromBase64(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xffff;
    count += 6;
    if (count >= 8) out += static_cast<char>(bits >> (count -= 8) & 0xff);
  }
  return out;
}

std::string ToBase64(std::string_view bytes) {
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xffffff;
    for (count += 8; count >= 6;) out += kDigits[bits >> (count -= 6) & 63];
  }
  if (count > 0) out += kDigits[bits << (6 - count) & 63];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

}  // namespace picket::runtime
