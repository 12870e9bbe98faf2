#include "compiler/syntax/habits.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <vector>

#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/habits_say.h"
#include "compiler/syntax/keywords.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {

// habits_tools.cc: lines in the words of pcs (with or without `pcs` in front), of crmsh (`raw` has the commas), and of
// English (`found` is the word at which the grammar stopped).
std::string FromPcs(const std::vector<std::string>& words);
std::string FromCrmsh(const std::vector<std::string>& words, std::string_view raw, std::string_view code);
std::string FromEnglish(const std::vector<std::string>& words, std::string_view found, std::string_view code);
// habits_slips.cc: slips that are told first, and braces where there are none.
std::string FromSlips(const std::vector<std::string>& words, std::string_view raw, std::string_view found,
                      std::string_view code);
std::string FromBraces(const std::vector<std::string>& words, std::string_view text, std::size_t brace);
// habits_words.cc: lines that are nearly right.
std::string FromNearby(const std::vector<std::string>& words, std::string_view raw, std::string_view found,
                       std::string_view code);

namespace {

// A line longer than this was made by a program, which has no habits.
constexpr std::size_t kLineMax = 400;

using Words = std::vector<std::string>;

template <std::size_t N>
bool OneOf(const std::string& word, const std::array<const char*, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

constexpr std::array<const char*, 4> kStates = {"running", "stopped", "promoted", "unpromoted"};
constexpr std::array<const char*, 6> kOperations = {"monitor", "start", "stop", "promote", "demote", "notify"};

// Statements and items whose options stand on their line.
constexpr std::array<const char*, 7> kOptionLines = {"op",           "meta",        "utilization", "property",
                                                     "rsc_defaults", "op_defaults", "attributes"};

// The statement or item that a place is in, as far as its line goes, as words
// parted by blanks and commas. Quoted text stays in one piece. A `\\` at the end
// of a line joins the next one to it.
struct Segment {
  Words words;
  bool commas = false;
  std::string raw;  // As it is written, up to its end or to braces.
};

bool EndsInBackslash(std::string_view text, std::size_t newline) {
  while (newline > 0 && (text[newline - 1] == ' ' || text[newline - 1] == '\t' || text[newline - 1] == '\r')) --newline;
  return newline > 0 && text[newline - 1] == '\\';
}

// The lines that a place is in: [first, second).
std::pair<std::size_t, std::size_t> LinesAt(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && (text[begin - 1] != '\n' || EndsInBackslash(text, begin - 1))) --begin;
  std::size_t end = at;
  while (end < text.size() && (text[end] != '\n' || EndsInBackslash(text, end))) ++end;
  return {begin, end};
}

Segment SegmentAt(std::string_view text, std::size_t at) {
  const auto [begin, end] = LinesAt(text, at);
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
    const bool joins =
        c == '\n' || (c == '\\' && text.substr(i + 1, text.find('\n', i) - i - 1).find_first_not_of(" \t\r") ==
                                       std::string_view::npos);
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
        segment.raw += text.substr(i, last - i + 1);
        i = last;
        continue;
      }
      close();
      if (i >= at) break;
      segment = {};
      continue;
    } else if (c == ' ' || c == '\t' || c == '\r' || c == ',' || joins) {
      segment.commas = segment.commas || c == ',';
      close();
    } else {
      word += c;
    }
    segment.raw += joins ? ' ' : c;
  }
  close();
  return segment;
}

// `inf:`, `-100:`, `Mandatory:` as the word in front of what it is about.
std::optional<std::string> BeforeColon(const std::string& word) {
  if (word.size() < 2 || word.back() != ':') return std::nullopt;
  return word.substr(0, word.size() - 1);
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
  std::string agent = words[2];
  if (agent.find(':') == std::string::npos) agent = "ocf:heartbeat:" + agent;  // As crmsh looks it up.
  return Write(words[0] + ' ' + words[1] + ' ' + agent + " { " + body + " }");
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

// given a running on n1, expect a is running on n2, expect no fenced n1
std::string Asked(const Words& words) {
  for (std::size_t i = 2; i < words.size() && i < 5; ++i) {
    const bool state = OneOf(words[i], kStates) || words[i] == "fenced" || words[i] == "online";
    if (!state) continue;
    if (i == 2 && words[1] == "no") return Write(words[0] + " not " + Joined(words, i, " "));
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
  if ((first == "wait" || first == "sleep" || first == "pause") && words.size() == 2) {
    return Write("advance " + words[1]);
  }
  if (words.size() > 2 && words[1] == "node" && IsNodesFault(first)) {
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

constexpr std::array<const char*, 5> kVerbs = {"prefers", "avoids", "only", "never", "allows"};

// The comparison that a word of crmsh's rules stands for.
std::string Comparison(const std::string& word) {
  if (word == "lt") return "<";
  if (word == "lte") return "<=";
  if (word == "gt") return ">";
  if (word == "gte") return ">=";
  if (word == "eq") return "==";
  if (word == "ne") return "!=";
  return "";
}

// `not_defined pingd or pingd lte 0` in the words of a policy.
std::string Condition(const Words& words, std::size_t from) {
  std::string out;
  for (std::size_t i = from; i < words.size(); ++i) {
    std::string word = words[i];
    const std::size_t kind = word.find(':');  // number:100
    if ((word == "not_defined" || word == "defined") && i + 1 < words.size()) {
      const bool called = words[i + 1].find('(') != std::string::npos;
      word = (word == "defined" ? "" : "not ") + std::string("defined(") + words[++i] + ')';
      if (called) return "";
    } else if (const std::string op = Comparison(word); !op.empty()) {
      word = op;
    } else if (word == "#uname") {
      word = "node";
    } else if (kind != std::string::npos && (word.starts_with("number:") || word.starts_with("string:"))) {
      word = word.substr(kind + 1);
    }
    out += (out.empty() ? "" : " ") + word;
  }
  return out;
}

bool IsOfCrmshRules(const std::string& word) {
  return !Comparison(word).empty() || word == "not_defined" || word == "defined";
}

// location X rule -inf: not_defined pingd
std::string LocationRule(const Words& words) {
  const auto rule = std::find(words.begin(), words.end(), "rule");
  const std::size_t at = static_cast<std::size_t>(rule - words.begin());
  if (at < 2 || at + 1 >= words.size()) return "";
  std::size_t from = at + 1;
  while (from < words.size() && words[from].starts_with("$")) ++from;
  const auto score = from < words.size() ? BeforeColon(words[from]) : std::nullopt;
  if (!score || from + 1 >= words.size()) return "";
  const std::string word = Lower(*score);
  const bool negative = word.starts_with("-"), absolute = word.find("inf") != std::string::npos;
  const std::string condition = Condition(words, from + 1);
  if (condition.empty()) return "";
  const std::string id = at > 2 ? words[1] + ": " : "";
  std::string out = "location " + id + words[at - 1];
  if (absolute && negative) out += " never where " + condition;
  if (absolute && !negative) out += " prefers where " + condition + " score=inf";
  if (!absolute) {
    const bool number = AsInteger(word).has_value();
    out += (negative ? " avoids where " : " prefers where ") + condition +
           (number ? " score=" + word.substr(negative ? 1 : 0) : " score=attribute(" + *score + ")");
  }
  return Write(out);
}

// location X never N when C, location X prefers N=50, conditions in the words of crmsh.
std::string PlaceOf(const Words& words, std::string_view found) {
  const auto verb =
      std::find_if(words.begin(), words.end(), [](const std::string& word) { return OneOf(word, kVerbs); });
  const auto at = static_cast<std::size_t>(verb - words.begin());
  if (at + 1 >= words.size()) return "";
  const std::string front = Joined(words, 0, " ").substr(0, Joined(words, 0, " ").find(*verb) + verb->size());
  const auto when = std::find(verb, words.end(), "when");
  if (found == "when" && when != words.end() && when + 1 != words.end()) {
    std::string nodes, options, condition = Joined(words, static_cast<std::size_t>(when - words.begin()) + 1, " ");
    for (auto word = verb + 1; word != when; ++word) {
      if (word->find('=') != std::string::npos) {
        options += ' ' + *word;
      } else if (*word != "where") {
        nodes += (nodes.empty() ? "node == " : " or node == ") + *word;
      }
    }
    if (nodes.find(" or ") != std::string::npos) nodes = '(' + nodes + ')';
    return Write(front + " where " + (nodes.empty() ? "" : nodes + " and ") + condition + options);
  }
  if (found == "=") {  // prefers st1=50
    const std::string& last = words[at + 1];
    const std::size_t equal = last.find('=');
    if (equal != std::string::npos && last.find("==") == std::string::npos && equal + 1 < last.size()) {
      const std::string score = last.substr(equal + 1);
      return Write(front + ' ' + last.substr(0, equal) + " score=" + (Lower(score) == "infinity" ? "inf" : score));
    }
  }
  return "";
}

// The comparison or `defined` that a word of crmsh's rules is part of.
std::string InTheirWords(const Words& words, std::string_view found) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!IsOfCrmshRules(words[i])) continue;
    const bool defined = words[i] == "not_defined" || words[i] == "defined";
    if (words[i] != found && (i + 1 >= words.size() || words[i + 1] != found)) continue;
    if (defined && i + 1 < words.size()) return Write(Condition({words[i], words[i + 1]}, 0));
    if (!defined && i > 0 && i + 1 < words.size()) return Write(Condition({words[i - 1], words[i], words[i + 1]}, 0));
  }
  return "";
}

// depend v on master ms
std::string RolesOfOld(const Words& words) {
  std::string out;
  bool any = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string word = Lower(words[i]);
    const bool role = i > 0 && i + 1 < words.size() && (word == "master" || word == "slave" || word == "started");
    any = any || role;
    const std::string now = word == "master" ? "promoted" : word == "slave" ? "unpromoted" : "";
    if (role && now.empty()) continue;
    out += (out.empty() ? "" : " ") + (role ? now : words[i]);
  }
  return any ? Write(out) : "";
}

// property x=y when C
std::string BlockWhen(const Words& words) {
  const auto when = std::find(words.begin(), words.end(), "when");
  if (when == words.end() || when - words.begin() < 2 || when + 1 == words.end()) return "";
  std::string pairs;
  for (auto word = words.begin() + 1; word != when; ++word) pairs += (pairs.empty() ? "" : "; ") + *word;
  return Write(words[0] + " when " + Joined(words, static_cast<std::size_t>(when - words.begin()) + 1, " ") + " { " +
               pairs + " }");
}

// name = several words, name=a,b: the whole of it is one value.
std::string QuotedValue(const std::string& raw) {
  const std::size_t equal = raw.find('=');
  if (equal == std::string::npos || (equal + 1 < raw.size() && raw[equal + 1] == '=')) return "";
  const auto trimmed = [](std::string text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string::npos) return std::string();
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
  };
  const std::string name = trimmed(raw.substr(0, equal)), value = trimmed(raw.substr(equal + 1));
  if (name.empty() || name.find_first_of(" \t") != std::string::npos ||
      value.find_first_of("\"'=") != std::string::npos) {
    return "";
  }
  if (value.find_first_of(" \t,") == std::string::npos) return "";
  return "quote a value of several words or with commas: `" + name + " = \"" + value + "\"`";
}

// The word of a policy for the first word of a line that is none.
std::string StatementFor(const std::string& word) {
  static constexpr std::array<std::array<const char*, 2>, 11> kWords = {{{"resource", "primitive"},
                                                                         {"rsc", "primitive"},
                                                                         {"service", "primitive"},
                                                                         {"stonith", "fence"},
                                                                         {"fence_device", "fence"},
                                                                         {"fencing_topology", "fencing"},
                                                                         {"rsc_ticket", "ticket"},
                                                                         {"rsc-ticket", "ticket"},
                                                                         {"anti-colocation", "separate"},
                                                                         {"template", "rsc_template"},
                                                                         {"promotable-clone", "promotable"}}};
  for (const auto& [theirs, ours] : kWords) {
    if (word == theirs) return ours;
  }
  return "";
}

// Options: `name: value`, `name value`, a name without a value, `==` and `=`.
std::string OptionRemedy(const Words& words, std::string_view found, std::string_view code) {
  const std::string& first = words[0];
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

// Lines in the words of pcs, of crmsh, of English.
std::string FromElsewhere(const Segment& segment, std::string_view found, std::string_view code) {
  const Words& words = segment.words;
  const std::string& first = words[0];
  if (code == "E0102" || (words.size() > 1 && (words[1] == "set" || words[1] == "add"))) {
    if (std::string out = FromPcs(words); !out.empty()) return out;
  }
  if (std::string out = FromCrmsh(words, segment.raw, code); !out.empty()) return out;
  if (first == "pcs" || first == "crm" || first == "crm_resource") {
    return "a policy holds statements, not commands; `picket import` writes the policy of a cluster that "
           "there is";
  }
  return FromEnglish(words, found, code);
}

std::string Remedy(const Segment& segment, std::string_view found, std::string_view code);

// location ID NAME role=Started inf: NODE
std::string LocationOfRole(Segment segment, std::string_view found, std::string_view code) {
  Words& words = segment.words;
  if (words.size() < 5 || !words[3].starts_with("role=")) return "";
  const std::string role = Lower(words[3].substr(5));
  words.erase(words.begin() + 3);
  std::string out = Remedy(segment, found, code);
  const std::size_t name = out.find(": " + words[2]);
  if (name != std::string::npos && (role == "master" || role == "promoted")) out.insert(name + 2, "promoted ");
  return out;
}

// clone NAME interleave=true
std::string CloneWithPairs(const Words& words) {
  if ((words[0] != "clone" && words[0] != "promotable") || words.size() < 3 || words[2].find('=') == std::string::npos)
    return "";
  return Write(words[0] + ' ' + words[1] + "-clone of " + words[1] + " { " + Joined(words, 2, "; ") + " }");
}

std::string Remedy(const Segment& segment, std::string_view found, std::string_view code) {
  const Words& words = segment.words;
  if (words.empty()) return "";
  const std::string& first = words[0];
  if (std::string out = FromSlips(words, segment.raw, found, code); !out.empty()) return out;
  if (std::string out = FromElsewhere(segment, found, code); !out.empty()) return out;
  if (std::string out = FromNearby(words, segment.raw, found, code); !out.empty()) return out;
  if (const std::string ours = code == "E0102" ? StatementFor(first) : ""; !ours.empty()) {
    return Write(ours + (words.size() > 1 ? ' ' + Joined(words, 1, " ") : ""));
  }
  if (first == "ms" || first == "master") return Collection(words, segment.commas);
  if (std::string out = CloneWithPairs(words); !out.empty()) return out;
  if (first == "group" || first == "clone" || first == "promotable") return Collection(words, segment.commas);
  if (first == "location") {
    if (std::string out = LocationOfRole(segment, found, code); !out.empty()) return out;
  }
  if (first == "colocation" || first == "order" || first == "location") {
    if (std::string out = LocationRule(words); !out.empty()) return out;
    if (std::string out = Constraint(words); !out.empty()) return out;
    if (std::string out = PlaceOf(words, found); !out.empty()) return out;
  }
  if (first == "depend" || first == "colocation" || first == "order" || first == "separate" || first == "location" ||
      first == "ticket") {
    if (std::string out = RolesOfOld(words); !out.empty()) return out;
  }
  if (std::string out = InTheirWords(words, found); !out.empty()) return out;
  if ((first == "primitive" || first == "rsc_template" || first == "fence") && words.size() > 4 &&
      (found == "params" || found == "op" || found == "meta" || found == "utilization")) {
    return WithoutBraces(words);
  }
  if (first == "fencing" && (found == "or" || found == "||" || found == "else")) {
    return "a later level is tried when the ones before it have failed: write `then`; "
           "`and` joins the devices of one level";
  }
  const bool called = segment.raw.find('(') != std::string::npos;  // date(hours=2, weekdays=7)
  if (found == "," && !called && segment.raw.find('=') != std::string::npos && OneOf(first, kOptionLines)) {
    std::string blanks = segment.raw;
    std::replace(blanks.begin(), blanks.end(), ',', ' ');
    std::string line;
    for (const char c : blanks) {
      if (c != ' ' || (!line.empty() && line.back() != ' ')) line += c;
    }
    line.erase(line.find_last_not_of(" \t\r") + 1);
    return "options on one line are parted by blanks: " + Write(line);
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
  if (found == "when") {
    if (std::string out = BlockWhen(words); !out.empty()) return out;
  }
  if (code == "E0101") {
    if (std::string out = QuotedValue(segment.raw); !out.empty()) return out;
  }
  return OptionRemedy(words, found, code);
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

// `{` at the beginning of a line.
std::string BraceAlone(std::string_view text, std::size_t at) {
  std::size_t before = at;
  while (before > 0 && std::isspace(static_cast<unsigned char>(text[before - 1])) != 0) --before;
  if (before == 0 || text.substr(before, at - before).find('\n') == std::string_view::npos) return "";
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(before), '\n') + 1;
  return "put `{` at the end of line " + std::to_string(line) + ": a statement ends with its line";
}

// `property $id="x" a=b` and `rule $id="r" -inf: …` of crmsh.
std::string WithoutDollars(Segment segment, std::string_view code) {
  std::erase_if(segment.words, [](const std::string& word) { return word.starts_with("$"); });
  const std::string& first = segment.words.empty() ? segment.raw : segment.words[0];
  if ((first == "property" || first == "rsc_defaults" || first == "op_defaults") && segment.words.size() > 1)
    return Write(Joined(segment.words, 0, " "));
  std::string out = segment.words.size() > 3 ? Remedy(segment, segment.words[3], code) : "";
  return out.empty() ? "leave `$…` out: a policy writes ids as `@NAME`, and roles as words" : out;
}

// `#uname eq n1`, where `#` begins a comment.
std::string HashName(std::string_view text, std::size_t at) {
  static constexpr std::array<std::array<const char*, 2>, 5> kNames = {{{"#uname", "node"},
                                                                        {"#id", "node.id"},
                                                                        {"#kind", "node.kind"},
                                                                        {"#is_dc", "node.dc"},
                                                                        {"#site-name", "node.site"}}};
  while (at > 0 &&
         (at == text.size() || std::isspace(static_cast<unsigned char>(text[at])) != 0 || text[at - 1] == '\n'))
    --at;
  const std::size_t begin = text.rfind('\n', at) + 1;
  const std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
  for (const auto& [theirs, ours] : kNames) {
    if (line.find(std::string("where ") + theirs) != std::string_view::npos ||
        line.find(std::string("when ") + theirs) != std::string_view::npos)
      return std::string("write `") + ours + "` for `" + theirs + "`: `#` begins a comment";
  }
  return "";
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
      if (name == "id" || name == "role") {
        d.help = {WithoutDollars(SegmentAt(text, d.span.begin), d.code)};
        continue;
      }
      if (!name.empty()) d.help = {"a variable is written `${" + name + "}`"};
      continue;
    }
    if (d.code != "E0101" && d.code != "E0102" && d.code != "E0111") continue;
    std::string_view found = text.substr(d.span.begin, d.span.end - d.span.begin);
    if (found.size() > 1 && found.back() == ':') found.remove_suffix(1);
    if (text[d.span.begin] == '{' && d.code == "E0111") {
      if (std::string remedy = BraceAlone(text, d.span.begin); !remedy.empty()) d.help = {std::move(remedy)};
      continue;
    }
    if (d.message.find("a fault") != std::string::npos) {
      const Segment segment = SegmentAt(text, d.span.begin);
      std::string remedy = segment.words.empty() ? "" : OnPurpose(segment.words);
      if (remedy.empty() && !segment.words.empty()) remedy = FromNearby(segment.words, segment.raw, found, d.code);
      d.help = {remedy.empty() ? AFault(found) : std::move(remedy)};
      continue;
    }
    if (d.message.find("a condition") != std::string::npos) {
      if (std::string remedy = HashName(text, d.span.begin > 0 ? d.span.begin - 1 : 0); !remedy.empty()) {
        d.help = {std::move(remedy)};
        continue;
      }
    }
    const Segment segment = SegmentAt(text, d.span.begin);
    if (text[d.span.begin] == '{' && d.span.begin > 0 && text[d.span.begin - 1] == '{') {
      d.help = {"quote what a template engine fills in: `\"{{ … }}\"`; a variable of a policy is written `${NAME}`"};
      continue;
    }
    if (text[d.span.begin] == '{') {
      if (std::string remedy = FromBraces(segment.words, text, d.span.begin); !remedy.empty()) {
        d.help = {std::move(remedy)};
        continue;
      }
    }
    if (std::string remedy = Remedy(segment, found, d.code); !remedy.empty()) {
      d.help = {std::move(remedy)};
    }
  }
}

}  // namespace picket::compiler
