#include "compiler/syntax/habits.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <vector>

#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/keywords.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

// A line longer than this was made by a program, which has no habits.
constexpr std::size_t kLineMax = 400;

using Words = std::vector<std::string>;

template <std::size_t N>
bool OneOf(const std::string& word, const std::array<const char*, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

constexpr std::array<const char*, 4> kStates = {"running", "stopped", "promoted", "unpromoted"};
constexpr std::array<const char*, 8> kNodesVerbs = {"kill",     "standby", "online", "isolate",
                                                    "shutdown", "reboot",  "leave",  "crash"};
constexpr std::array<const char*, 6> kOperations = {"monitor", "start", "stop", "promote", "demote", "notify"};

std::string Joined(const Words& words, std::size_t from, std::string_view between) {
  std::string out;
  for (std::size_t i = from; i < words.size(); ++i) {
    if (!out.empty()) out += between;
    out += words[i];
  }
  return out;
}

std::string Write(const std::string& what) { return "write `" + what + '`'; }

// The statement or item that a place is in, as far as its line goes, as words
// parted by blanks and commas. Quoted text stays in one piece.
struct Segment {
  Words words;
  bool commas = false;
};

Segment SegmentAt(std::string_view text, std::size_t at) {
  std::size_t begin = text.rfind('\n', at == 0 ? 0 : at - 1);
  begin = begin == std::string_view::npos ? 0 : begin + (begin < at ? 1 : 0);
  std::size_t end = std::min(text.find('\n', at), text.size());
  if (end - begin > kLineMax) return {};
  Segment segment;
  std::string word;
  char quote = 0;
  const auto close = [&] {
    if (!word.empty()) segment.words.push_back(word);
    word.clear();
  };
  for (std::size_t i = begin; i < end; ++i) {
    const char c = text[i];
    if (quote != 0) {
      word += c;
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      word += c;
      quote = c;
    } else if (c == '#' && word.empty()) {
      break;
    } else if (c == ';' || c == '{' || c == '}') {
      if (c == '{' && !word.empty() && word.back() == '$') {  // ${x} is one word.
        const std::size_t last = std::min(text.find('}', i), end - 1);
        word += text.substr(i, last - i + 1);
        i = last;
        continue;
      }
      close();
      if (i >= at) break;
      segment = {};
    } else if (c == ' ' || c == '\t' || c == '\r' || c == ',') {
      segment.commas = segment.commas || c == ',';
      close();
    } else {
      word += c;
    }
  }
  close();
  return segment;
}

// `inf:`, `-100:`, `Mandatory:` as the word in front of what it is about.
std::optional<std::string> BeforeColon(const std::string& word) {
  if (word.size() < 2 || word.back() != ':') return std::nullopt;
  return word.substr(0, word.size() - 1);
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// drbd-ms:Promoted is `promoted drbd-ms`.
std::string WithWord(const std::string& name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string::npos) return name;
  std::string word = Lower(name.substr(colon + 1));
  if (word == "master") word = "promoted";
  if (word == "slave") word = "unpromoted";
  return word == "started" || word == "start" ? name.substr(0, colon) : word + ' ' + name.substr(0, colon);
}

// colocation ID SCORE: a b, order ID KIND: a b, location ID RSC SCORE: NODE.
std::string Constraint(const Words& words) {
  const std::string& keyword = words[0];
  std::size_t at = 0;
  for (std::size_t i = 1; i < words.size() && i < 4 && at == 0; ++i) {
    const auto front = BeforeColon(words[i]);
    const std::string word = front ? Lower(*front) : "";
    if (front && (AsScore(word) || word == "infinity" || word == "-infinity" || word == "mandatory" ||
                  word == "optional" || word == "serialize")) {
      at = i;
    }
  }
  if (at == 0) return "";
  const std::string score = Lower(*BeforeColon(words[at]));
  const bool negative = score.starts_with("-");
  const bool absolute = score.find("inf") != std::string::npos || score == "mandatory";
  const std::string number = score.substr(negative || score.starts_with("+") ? 1 : 0);
  if (keyword == "location") {
    if (at + 1 >= words.size() || at < 2) return "";
    const std::string& resource = words[at - 1];
    const std::string id = at > 2 ? words[1] + ": " : "";
    if (absolute) return Write("location " + id + resource + (negative ? " never " : " only ") + words[at + 1]);
    return Write("location " + id + resource + (negative ? " avoids " : " prefers ") + words[at + 1] +
                 " score=" + number);
  }
  if (at + 2 >= words.size()) return "";
  const std::string id = at > 1 ? words[1] + ": " : "";
  const std::string a = WithWord(words[at + 1]), b = WithWord(words[at + 2]);
  if (keyword == "colocation") {
    return Write((negative ? "separate " : "colocation ") + id + a + (negative ? " from " : " with ") + b +
                 (absolute ? "" : " score=" + number));
  }
  return Write("order " + id + a + " then " + b + (score == "optional" || score == "0" ? " kind=optional" : ""));
}

// primitive NAME AGENT params a=b op monitor interval=10s meta c=d
std::string WithoutBraces(const Words& words) {
  std::string body, item;
  const auto close = [&] {
    if (!item.empty()) body += (body.empty() ? "" : "; ") + item;
    item.clear();
  };
  bool flat = false;
  for (std::size_t i = 3; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "params" || word == "op" || word == "meta" || word == "utilization" || word == "operations") {
      close();
      flat = word == "params";
      if (!flat) item = word;
    } else if (flat) {
      close();
      item = word;
    } else {
      item += (item.empty() ? "" : " ") + word;
    }
  }
  close();
  return Write(words[0] + ' ' + words[1] + ' ' + words[2] + " { " + body + " }");
}

// ms m p, clone c p, group g a b, group g of a b
std::string Collection(const Words& words, bool commas) {
  const std::string keyword = words[0] == "ms" || words[0] == "master" ? "promotable" : words[0];
  if (words.size() < 3) return "";
  const std::size_t first = words[2] == "of" ? 3 : 2;
  if (first == 3 && commas) return "";
  Words members;
  for (std::size_t i = first; i < words.size(); ++i) {
    if (words[i] == "meta" || words[i] == "params" || words[i].find('=') != std::string::npos) break;
    members.push_back(words[i]);
  }
  if (members.empty()) return "";
  return Write(keyword + ' ' + words[1] + " of " + Joined(members, 0, ", ") +
               (first + members.size() < words.size() ? " { … }" : ""));
}

// given a running on n1, expect a is running on n2
std::string Asked(const Words& words) {
  for (std::size_t i = 2; i < words.size() && i < 5; ++i) {
    const bool state = OneOf(words[i], kStates) || words[i] == "fenced" || words[i] == "online";
    if (!state) continue;
    const bool negated = words[i - 1] == "not";
    const std::string rest = Joined(words, i + 1, " ");
    return Write(words[0] + (negated ? " not " : " ") + words[i] + ' ' + words[1] + (rest.empty() ? "" : ' ' + rest));
  }
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    if (words[i] == "downtime") return Write("downtime(" + words[i + 1] + ')');
  }
  return "";
}

// kill node n1, move a n2, ban a n1, maintenance n1 on, assume db takes 90s
std::string OnPurpose(const Words& words) {
  const std::string& first = words[0];
  if (words.size() > 2 && words[1] == "node" && OneOf(first, kNodesVerbs)) {
    return Write(first + ' ' + Joined(words, 2, ", "));
  }
  const bool places = first == "move" || first == "ban" || first == "clear" || first == "cleanup" || first == "refresh";
  if (places && words.size() > 2) {
    const std::string& last = words.back();
    const std::size_t between = words.size() - 2;
    const bool joined = words[between] == "to" || words[between] == "on" || words[between] == "from";
    std::string out = first;
    for (std::size_t i = 1; i + (joined ? 2 : 1) < words.size(); ++i) out += ' ' + words[i];
    return Write(out + (first == "move" ? " to " : " on ") + last);
  }
  if (first == "maintenance" && words.size() == 3 && (words[2] == "on" || words[2] == "off")) {
    return Write("maintenance " + words[2] + " of " + words[1]);
  }
  if (first == "maintenance" && words.size() > 2 && (words[1] == "on" || words[1] == "off")) {
    return Write("maintenance " + words[1] + " of " + words.back());
  }
  if (first == "by" && words.size() > 2 && (words[1] == "start" || words[1] == "stop")) {
    return Write("by hand " + Joined(words, 1, " "));
  }
  if (first == "heal" && words.size() > 1 && words[1] != "link") {
    return "`heal` alone ends every cut and partition, `heal link L of " + words.back() + "` ends one";
  }
  if (first == "assume" && words.size() == 4 && words[2] == "takes") {
    return Write("assume start of " + words[1] + " takes " + words[3]);
  }
  return "";
}

std::string Remedy(const Segment& segment, std::string_view found, std::string_view code) {
  const Words& words = segment.words;
  if (words.empty()) return "";
  const std::string& first = words[0];
  if (first == "pcs" || first == "crm" || first == "crm_resource") {
    return "a policy holds statements, not commands; `picket import` writes the policy of a cluster that there is";
  }
  if (first == "ms" || first == "master") return Collection(words, segment.commas);
  if (first == "group" || first == "clone" || first == "promotable") return Collection(words, segment.commas);
  if (first == "colocation" || first == "order" || first == "location") {
    if (std::string out = Constraint(words); !out.empty()) return out;
  }
  if ((first == "primitive" || first == "rsc_template" || first == "fence") && words.size() > 4 &&
      (found == "params" || found == "op" || found == "meta" || found == "utilization")) {
    return WithoutBraces(words);
  }
  if (first == "op" && words.size() > 2 && found == words[2] && AsDurationMs(words[2])) {
    return Write("op " + words[1] + " interval=" + words[2]);
  }
  if (first == "given" || first == "expect") {
    if (std::string out = Asked(words); !out.empty()) return out;
  }
  if (std::string out = OnPurpose(words); !out.empty()) return out;
  if (first == "over" && words.size() > 3 && words[2].starts_with("failure")) {
    return Write("over failures " + words[1] + ' ' + Joined(words, 3, " "));
  }
  if (found == "s" || found == "ms" || found == "min" || found == "h") {  // interval=10 s
    const auto unit = std::find(words.begin() + 1, words.end(), found);
    if (unit != words.end() && std::isdigit(static_cast<unsigned char>((unit - 1)->back())) != 0) {
      return Write(*(unit - 1) + *unit);
    }
  }
  if ((first == "property" || first == "rsc_defaults" || first == "op_defaults" || first == "meta") &&
      found == words.back()) {
    return "an option is written `" + std::string(found) + "=…`";
  }
  if (found == "=") return "`==` compares; `=` sets an option";
  if (code != "E0111") return "";
  if (OneOf(first, kOperations) && words.size() > 1 && words[1].find('=') != std::string::npos) {
    return Write("op " + Joined(words, 0, " "));
  }
  // name: value and name value, inside braces.
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] != found && words[i] != std::string(found) + ':') continue;
    const bool colon = words[i].back() == ':';
    const std::string name = colon ? words[i].substr(0, words[i].size() - 1) : words[i];
    if (!colon && (words.size() != 2 || words[1].find('=') != std::string::npos || words[1] == "=")) return "";
    return Write(name + " = " + words[i + 1]);
  }
  return "";
}

std::string AFault(std::string_view found) {
  static const Words faults = WordsOf(kFaultWords);
  if (const auto nearest = Nearest(found, faults)) return "did you mean `" + *nearest + "`?";
  std::string list = faults[0];
  for (std::size_t i = 1; i < faults.size(); ++i) {
    list += (i + 1 == faults.size() ? " and " : ", ") + faults[i] + (faults[i] == "by" ? " hand" : "");
  }
  return "faults are " + list;
}

}  // namespace

void SuggestByHabit(std::string_view text, std::uint32_t file, std::size_t from, Diagnostics& diagnostics) {
  auto& list = diagnostics.list();
  for (std::size_t i = from; i < list.size(); ++i) {
    Diagnostic& d = list[i];
    if (d.span.file != file || d.span.begin >= text.size()) continue;
    if (d.code == "E0108" && text[d.span.begin] == '$') {
      std::size_t end = d.span.begin + 1;
      while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) ++end;
      const std::string name(text.substr(d.span.begin + 1, end - d.span.begin - 1));
      if (!name.empty()) d.help = {"a variable is written `${" + name + "}`"};
      continue;
    }
    if (d.code != "E0101" && d.code != "E0102" && d.code != "E0111") continue;
    std::string_view found = text.substr(d.span.begin, d.span.end - d.span.begin);
    if (found.size() > 1 && found.back() == ':') found.remove_suffix(1);
    if (d.message.find("a fault") != std::string::npos) {
      d.help = {AFault(found)};
      continue;
    }
    if (std::string remedy = Remedy(SegmentAt(text, d.span.begin), found, d.code); !remedy.empty()) {
      d.help = {std::move(remedy)};
    }
  }
}

}  // namespace picket::compiler
