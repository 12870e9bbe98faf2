#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/syntax/habits_say.h"
#include "compiler/syntax/shape.h"

/// What habits.cc does not say itself: lines in the words of pcs, of crmsh and of English. Each function gets the
/// words of a line, and answers with a help, or with nothing. habits.cc declares them.
namespace picket::compiler {

std::string FromPcs(const std::vector<std::string>& words);
std::string FromCrmsh(const std::vector<std::string>& words, std::string_view raw, std::string_view code);
std::string FromEnglish(const std::vector<std::string>& words, std::string_view found, std::string_view code);

namespace {

using Words = std::vector<std::string>;

bool Begins(const Words& words, std::initializer_list<const char*> begin) {
  return words.size() >= begin.size() && std::equal(begin.begin(), begin.end(), words.begin());
}

bool IsPair(const std::string& word) {
  const std::size_t equal = word.find('=');
  return equal != std::string::npos && equal > 0;
}

std::string Pairs(const Words& words, std::size_t from, std::string_view between = " ") {
  Words pairs;
  std::copy_if(words.begin() + static_cast<std::ptrdiff_t>(std::min(from, words.size())), words.end(),
               std::back_inserter(pairs), IsPair);
  return Joined(pairs, 0, between);
}

std::string ValueOf(const Words& words, std::string_view name) {
  for (const std::string& word : words) {
    if (word.size() > name.size() && word.starts_with(name) && word[name.size()] == '=')
      return word.substr(name.size() + 1);
  }
  return "";
}

// The word of a policy for a role or an action; empty for what needs no word.
std::string RoleWord(const std::string& word) {
  const std::string lower = Lower(word);
  if (lower == "master" || lower == "promoted") return "promoted ";
  if (lower == "slave" || lower == "unpromoted") return "unpromoted ";
  if (lower == "promote" || lower == "demote" || lower == "stop") return lower + ' ';
  return "";
}

bool IsRoleWord(const std::string& word) {
  const std::string lower = Lower(word);
  return !RoleWord(word).empty() || lower == "start" || lower == "started" || lower == "stopped";
}

// `[role] NAME` from there on; moves on behind it.
std::string Side(const Words& words, std::size_t& at) {
  std::string role;
  if (at + 1 < words.size() && IsRoleWord(words[at])) role = RoleWord(words[at++]);
  return at < words.size() ? role + words[at++] : "";
}

struct Score {
  bool negative = false;
  std::string number;  // Empty: absolute.
};

Score ScoreOf(std::string word) {
  Score score;
  word = Lower(word);
  if (!word.empty() && (word[0] == '-' || word[0] == '+')) {
    score.negative = word[0] == '-';
    word.erase(0, 1);
  }
  if (word.find("inf") == std::string::npos) score.number = word;
  return score;
}

std::string PcsColocation(const Words& w) {
  std::size_t at = 3;
  const std::string left = Side(w, at);
  if (at >= w.size() || w[at++] != "with") return "";
  const std::string right = Side(w, at);
  if (right.empty()) return "";
  std::string word = ValueOf(w, "score");
  if (word.empty() && at < w.size() && !IsPair(w[at])) word = w[at];
  const Score score = ScoreOf(word);
  return Write((score.negative ? "separate " : "colocation ") + left + (score.negative ? " from " : " with ") + right +
               (score.number.empty() ? "" : " score=" + score.number));
}

std::string PcsOrder(const Words& w) {
  std::size_t at = 2;
  const std::string left = Side(w, at);
  if (at >= w.size() || w[at++] != "then") return "";
  const std::string right = Side(w, at);
  if (right.empty()) return "";
  const std::string kind = Lower(ValueOf(w, "kind")), symmetrical = Lower(ValueOf(w, "symmetrical"));
  return Write("order " + left + " then " + right + (kind.empty() || kind == "mandatory" ? "" : " kind=" + kind) +
               (symmetrical == "false" || symmetrical == "no" ? " symmetrical=no" : ""));
}

std::string PcsLocation(const Words& w) {
  if (w.size() < 5 || (w[3] != "prefers" && w[3] != "avoids")) return "";
  const std::size_t equal = w[4].find('=');
  const std::string node = w[4].substr(0, equal);
  const Score score = ScoreOf(equal == std::string::npos ? "inf" : w[4].substr(equal + 1));
  const bool away = (w[3] == "avoids") != score.negative;
  if (score.number.empty())
    return Write("location " + w[2] + (away ? " never " + node : " prefers " + node + " score=inf"));
  return Write("location " + w[2] + (away ? " avoids " : " prefers ") + node + " score=" + score.number);
}

// `NAME AGENT a=b op monitor interval=9s meta c=d` in braces.
std::string Braces(const Words& w, std::size_t from) {
  Words items;
  std::string keyword;
  for (std::size_t i = from; i < w.size(); ++i) {
    if (w[i].starts_with("--") || w[i] == "{" || (i > 0 && w[i - 1] == "--group")) continue;
    if (w[i] == "op" || w[i] == "meta") {
      keyword = w[i];
    } else if (!IsPair(w[i]) && keyword == "op") {
      items.push_back("op " + w[i]);
    } else if (keyword == "op" && !items.empty()) {
      items.back() += ' ' + w[i];
    } else if (IsPair(w[i])) {
      items.push_back((keyword == "meta" ? "meta " : "") + w[i]);
    }
  }
  return items.empty() ? "" : " { " + Joined(items, 0, "; ") + " }";
}

std::string WholeAgent(const std::string& agent, bool fence) {
  if (agent.find(':') != std::string::npos) return agent;
  return (fence ? "stonith:" : "ocf:heartbeat:") + agent;
}

std::string PcsResource(const Words& w) {
  if (Begins(w, {"resource", "create"}) && w.size() > 3)
    return Write("primitive " + w[2] + ' ' + WholeAgent(w[3], false) + Braces(w, 4));
  if (Begins(w, {"resource", "group", "add"}) && w.size() > 4) {
    Words members;
    for (std::size_t i = 4; i < w.size() && !w[i].starts_with("--"); ++i) members.push_back(w[i]);
    return Write("group " + w[3] + " of " + Joined(members, 0, ", "));
  }
  if (w.size() > 2 && (w[1] == "clone" || w[1] == "promotable")) {
    const std::string options = Pairs(w, 3, "; ");
    return Write(w[1] + ' ' + w[2] + "-clone of " + w[2] + (options.empty() ? "" : " { " + options + " }"));
  }
  if (w.size() > 4 && w[1] == "op" && w[2] == "add")
    return Write("op " + w[4] + (w.size() > 5 ? ' ' + Joined(w, 5, " ") : "")) + " in the braces of `" + w[3] + '`';
  if (w.size() > 3 && w[1] == "meta") return Write("meta " + Pairs(w, 3)) + " in the braces of `" + w[2] + '`';
  const bool of_op = w.size() > 2 && w[1] == "op" && w[2] == "defaults";
  if (of_op || (w.size() > 1 && w[1] == "defaults")) {
    const std::string pairs = Pairs(w, 2);
    return pairs.empty() ? "" : Write((of_op ? "op_defaults " : "rsc_defaults ") + pairs);
  }
  return "";
}

std::string PcsStonith(const Words& w) {
  if (Begins(w, {"stonith", "create"}) && w.size() > 3) {
    Words left;
    std::string hosts = ValueOf(w, "pcmk_host_list");
    std::copy_if(w.begin(), w.end(), std::back_inserter(left),
                 [](const std::string& word) { return !word.starts_with("pcmk_host_list="); });
    std::string names;
    for (const char c : hosts)
      if (c != '"' && c != '\'')
        names += c == ' ' ? std::string(", ") : c == ',' ? std::string(", ") : std::string(1, c);
    return Write("fence " + w[2] + ' ' + WholeAgent(w[3], true) + " for " + (names.empty() ? "NODE" : names) +
                 Braces(left, 4));
  }
  if (Begins(w, {"stonith", "level", "add"}) && w.size() > 5)
    return Write("fencing " + w[4] + ": " + Joined(w, 5, " and ")) + "; the next level follows behind `then`";
  return "";
}

}  // namespace

std::string FromPcs(const Words& line) {
  Words w = line;
  if (!w.empty() && w[0] == "pcs") w.erase(w.begin());
  if (Begins(w, {"colocation", "add"}) || Begins(w, {"location", "add"})) w.insert(w.begin(), "constraint");
  if (Begins(w, {"constraint", "colocation", "add"})) return PcsColocation(w);
  if (Begins(w, {"constraint", "order"})) return PcsOrder(w);
  if (Begins(w, {"constraint", "location"})) return PcsLocation(w);
  if (Begins(w, {"property", "set"}) && w.size() > 2) return Write("property " + Joined(w, 2, " "));
  if (Begins(w, {"tag", "create"}) && w.size() > 3) return Write("tag " + w[2] + " of " + Joined(w, 3, ", "));
  if (Begins(w, {"resource"})) return PcsResource(w);
  return Begins(w, {"stonith"}) ? PcsStonith(w) : "";
}

namespace {

// fencing_topology n1: a,b c n2: d. Blanks part levels, commas the devices of one.
std::string Topology(std::string_view raw) {
  std::string out, level;
  const auto close = [&](std::string_view between) {
    if (!level.empty()) out += level + std::string(between);
    level.clear();
  };
  for (std::size_t at = raw.find("fencing_topology") + 16; at <= raw.size();) {
    const std::size_t end = std::min(raw.find_first_of(" \t", at), raw.size());
    std::string word(raw.substr(at, end - at));
    at = end + 1;
    if (word.empty()) continue;
    if (word.back() == ':') {
      close("`, `");
      out += "fencing " + word;
      continue;
    }
    for (std::size_t comma; (comma = word.find(',')) != std::string::npos;) word.replace(comma, 1, " and ");
    level += (level.empty() ? " " : " then ") + word;
  }
  close("");
  return out.starts_with("fencing ") ? "a target a line: " + Write(out) : "";
}

}  // namespace

std::string FromCrmsh(const Words& w, std::string_view raw, std::string_view code) {
  const std::string& first = w[0];
  if (first == "fencing_topology" && w.size() > 2) return Topology(raw);
  const bool named = w.size() > 2 && w[1].size() > 1 && w[1].back() == ':';
  if (named && (first == "property" || first == "rsc_defaults" || first == "op_defaults"))
    return Write(first + ' ' + (IsPair(w[2]) ? Joined(w, 2, " ") : w[1].substr(0, w[1].size() - 1) + '=' + w[2]));
  if (named && first == "node") {
    std::string body = "id=" + w[1].substr(0, w[1].size() - 1), keyword;
    for (std::size_t i = 3; i < w.size(); ++i) body += (IsPair(w[i]) ? " " : "; ") + w[i];
    return Write("node " + w[2] + " { " + body + " }");
  }
  if (first == "op" && code == "E0102")
    return "`op` stands in the braces of a resource: `primitive NAME AGENT { " + Joined(w, 0, " ") + " }`";
  return "";
}

namespace {

// order a before b, order a after b, start a after b
std::string Sequence(const Words& w) {
  for (std::size_t i = 2; i + 1 < w.size(); ++i) {
    const bool after = w[i] == "after", before = w[i] == "before";
    if (!after && !before) continue;
    Words left(w.begin() + 1, w.begin() + static_cast<std::ptrdiff_t>(i)),
        right(w.begin() + static_cast<std::ptrdiff_t>(i) + 1, w.end());
    std::string options = Pairs(right, 0);
    right.erase(std::remove_if(right.begin(), right.end(), IsPair), right.end());
    const auto part = [](const Words& words) {
      const std::size_t from = words[0] == "start" && words.size() > 1 ? 1 : 0;
      return Joined(words, from, " ");
    };
    if (right.empty()) return "";
    return Write("order " + (after ? part(right) + " then " + part(left) : part(left) + " then " + part(right)) +
                 (options.empty() ? "" : ' ' + options));
  }
  return "";
}

// location a on n1, location a = n1, location a prefers n1 inf, location a score=5 prefers n1
std::string Place(const Words& w, std::string_view found) {
  if (w.size() < 4) return "";
  if (w[2] == "on" || w[2] == "at" || w[2] == "=" || w[2] == "to")
    return Write("location " + w[1] + " prefers " + Joined(w, 3, ", ")) + ", or `only` for no other node";
  const auto verb =
      std::find_if(w.begin(), w.end(), [](const std::string& word) { return word == "prefers" || word == "avoids"; });
  if (verb == w.end() || verb + 1 == w.end()) return "";
  const auto at = static_cast<std::size_t>(verb - w.begin());
  if (at == 3 && IsPair(w[2])) return Write("location " + w[1] + ' ' + *verb + ' ' + Joined(w, 4, " ") + ' ' + w[2]);
  if (at + 3 == w.size() && found == w.back() && (AsScore(found) || Lower(w.back()) == "infinity"))
    return Write(Joined(Words(w.begin(), w.end() - 1), 0, " ") +
                 " score=" + (ScoreOf(w.back()).number.empty() ? "inf" : w.back()));
  if (IsPair(w[at + 1]) && at + 2 < w.size() && w[at + 2] == "where")
    return Write(Joined(Words(w.begin(), verb + 1), 0, " ") + ' ' + Joined(w, at + 2, " ") + ' ' + w[at + 1]);
  return "";
}

// A joining word that is not the one of the statement: `depend a with b`, `separate a and b`.
std::string Joint(const Words& w, std::string_view found) {
  const std::string& first = w[0];
  const std::string wanted = first == "depend" ? "on" : first == "separate" ? "from" : "with";
  const auto theirs = std::find(w.begin() + 1, w.end(), found);
  if (theirs == w.end() || theirs + 1 == w.end() || theirs == w.begin() + 1) return "";
  if (found != "with" && found != "and" && found != "on" && found != "from" && found != "to") return "";
  const bool has = std::find(w.begin(), theirs, wanted) != theirs;
  if (has && found != "and") return "";
  std::string out = first;
  for (auto word = w.begin() + 1; word != w.end(); ++word) {
    if (word == theirs)
      out += has ? "," : ' ' + wanted;
    else
      out += ' ' + *word;
  }
  return Write(out);
}

}  // namespace

std::string FromEnglish(const Words& w, std::string_view found, std::string_view code) {
  const std::string& first = w[0];
  if (code == "E0102" && (first.starts_with("//") || first.starts_with("--") || first.starts_with("/*")))
    return "a comment begins with `#`";
  if (first == "order" || first == "start") {
    if (std::string out = Sequence(w); !out.empty()) return out;
  }
  if (first == "location") return Place(w, found);
  if (first == "depend" || first == "separate" || first == "colocation") return Joint(w, found);
  if (first == "primitive" && found == "{" && w.size() == 2)
    return "the agent follows the name: " + Write("primitive " + w[1] + " ocf:heartbeat:AGENT { … }");
  if (first == "op" && w.size() > 3 && w[w.size() - 2].back() == ':') {
    const std::string& name = w[w.size() - 2];
    return Write(Joined(Words(w.begin(), w.end() - 2), 0, " ") + ' ' + name.substr(0, name.size() - 1) + '=' +
                 w.back());
  }
  if (code != "E0102") return "";
  if (first == "colocate" || first == "collocate" || first == "together" || first == "colocated" ||
      first == "collocation") {
    Words names(w.begin() + 1, w.end());
    names.erase(std::remove_if(names.begin(), names.end(),
                               [](const std::string& word) { return word == "with" || word == "and"; }),
                names.end());
    return names.size() == 2 ? Write("colocation " + names[0] + " with " + names[1]) : "";
  }
  if (first == "anticolocation" && w.size() > 2) return Write("separate " + w[1] + " from " + w.back());
  if ((first == "prefer" || first == "prefers" || first == "pin" || first == "place") && w.size() == 4)
    return Write("location " + w[1] + " prefers " + w[3]);
  if (w.size() > 2 && (w[1] == "requires" || w[1] == "needs" || w[1] == "depends"))
    return Write("depend " + first + " on " + Joined(w, w[2] == "on" && w.size() > 3 ? 3 : 2, ", "));
  return "";
}

}  // namespace picket::compiler
