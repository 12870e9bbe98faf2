#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/habits_say.h"
#include "compiler/syntax/keywords.h"
#include "compiler/syntax/shape.h"

/// Lines that are nearly right: a joining word that is missing or another one, names in brackets, quotes left out. As
/// in habits_tools.cc each function gets the words of a line, and answers with a help, or with nothing.
namespace picket::compiler {

std::string FromNearby(const std::vector<std::string>& words, std::string_view raw, std::string_view found,
                       std::string_view code);

namespace {

using Words = std::vector<std::string>;

bool IsName(const std::string& word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
  });
}

// The names in a text, whatever parts them.
Words NamesIn(std::string_view text) {
  Words names;
  std::string name;
  for (const char c : std::string(text) + ' ') {
    if (IsName(std::string(1, c))) {
      name += c;
    } else if (!name.empty()) {
      if (name != "then" && name != "and" && name != "of") names.push_back(name);
      name.clear();
    }
  }
  return names;
}

// promotable sts(st), clone webs of [web], group g = a, b, tag t: a b. `clone web` names only what is copied.
std::string Holder(const Words& w, std::string_view raw) {
  const std::size_t begin = raw.find(w[0]);
  const bool assigned = w.size() > 2 && w[2] == "=";
  const auto equals = std::count(raw.begin(), raw.end(), '=');
  if (begin == std::string_view::npos || w.size() < 2 || equals > (assigned ? 1 : 0)) return "";
  Words names = NamesIn(raw.substr(begin + w[0].size()));
  if (names.size() == 1 && (w[0] == "clone" || w[0] == "promotable"))
    return Write(w[0] + ' ' + names[0] + "-clone of " + names[0]);
  if (names.size() < 2) return "";
  if (names[0] == "create") names.erase(names.begin());
  if (names.size() < 2) return "";
  const std::string name = names[0];
  names.erase(names.begin());
  return Write(w[0] + ' ' + name + " of " + Joined(names, 0, ", "));
}

// order a b, order a -> b, separate a b, separate a, b, colocation a b, depend a b
std::string Pair(const Words& w, std::string_view found) {
  const std::string& first = w[0];
  const std::string between = first == "order"      ? "then"
                              : first == "separate" ? "from"
                              : first == "depend"   ? "on"
                                                    : "with";
  Words names;
  for (std::size_t i = 1; i < w.size(); ++i) {
    if (w[i] == "->" || w[i] == "=>" || w[i] == ">" || w[i] == "needs") continue;
    if (!IsName(w[i]) || w[i] == between) return "";
    names.push_back(w[i]);
  }
  if (names.size() < 2 || found == "{" || found == "=") return "";
  const bool arrows = names.size() + 1 < w.size();
  if (names.size() == 3 && Nearest(names[1], {between})) return "";
  // Of three the first is the name of the constraint, as crmsh has it.
  if (names.size() == 3 && !arrows)
    return Write(first + ' ' + names[0] + ": " + names[1] + ' ' + between + ' ' + names[2]);
  if (names.size() > 2 && first != "order") return "";
  return Write(first + ' ' + Joined(names, 0, ' ' + between + ' '));
}

// depend a on b, c
std::string OneForEach(const Words& w, std::string_view found) {
  if (w.size() < 5 || w[2] != "on" || found != "," || !IsName(w[3]) || !IsName(w[4])) return "";
  return "one statement for each: `depend " + w[1] + " on " + w[3] + "` and `depend " + w[1] + " on " + w[4] + '`';
}

// location a must n1, location a avoids node n1, location a never where node is n1, location a never n1 if C
std::string Place(const Words& w, std::string_view found) {
  if (w.size() < 4) return "";
  if (found == "must" || found == "requires" || found == "runs")
    return Write("location " + w[1] + " only " + w.back()) + ", or `prefers`";
  const auto at = std::find(w.begin(), w.end(), found);
  if (at == w.end() || at + 1 == w.end()) return "";
  const std::string front = Joined(Words(w.begin(), at), 0, " "), behind = Joined(Words(at + 1, w.end()), 0, " ");
  if (found == "is" && *(at - 1) != "node") return Write(front + " == " + behind);
  if (found == "is") return Write(front + " == " + behind);
  if (found == "if") return "a condition stands behind `where`, with the nodes in it: `never where node == n1 and …`";
  if (at != w.begin() && *(at - 1) == "node" && at - 2 > w.begin() && IsLocationVerb(*(at - 2)))
    return Write(Joined(Words(w.begin(), at - 1), 0, " ") + ' ' + Joined(Words(at, w.end()), 0, ", "));
  return "";
}

// given web on a1, stop web, power off a1, fail web on a1 3 times
std::string Step(const Words& w, std::string_view found) {
  const std::string& first = w[0];
  if ((first == "given" || first == "expect") && w.size() == 4 && w[2] == "on" && IsName(w[1]))
    return Write(first + " running " + w[1] + " on " + w[3]);
  if (first == "stop" && w.size() == 2) return Write("disable " + w[1]) + ", as people stop a resource";
  if (first == "start" && w.size() == 2) return Write("enable " + w[1]) + ", as people start a resource";
  if ((first == "power" || first == "poweroff" || first == "destroy" || first == "unplug") && w.size() > 1)
    return Write("kill " + w.back());
  if (first == "then" && w.size() > 1) return Write(Joined(w, 1, " "));
  if ((first == "network" || first == "split") && w.size() > 2)
    return "write the sides as `partition {n1} from {n2, n3}`";
  const auto times = std::find(w.begin(), w.end(), "times");
  if (first == "fail" && times != w.end() && times - w.begin() > 2 && *(times - 1) == found)
    return Write(Joined(Words(w.begin(), times - 1), 0, " ") + " times=" + *(times - 1));
  return "";
}

// test failover { … }, import lib.picket
std::string InQuotes(const Words& w) {
  if (w.size() < 2 || w[1].starts_with("\"")) return "";
  return Write(w[0] + " \"" + Joined(w, 1, " ") + '"');
}

// for i in 1 to 3, let x 5, let x := 5
std::string Loop(const Words& w, std::string_view found) {
  if (w[0] == "for" && w.size() > 5 && (found == "to" || found == "-"))
    return Write("for " + w[1] + " in " + w[3] + ".." + w[5]);
  if (w[0] != "let" || w.size() < 3 || w[2] == "=") return "";
  const std::size_t from = w[2] == ":=" || w[2] == "be" ? 3 : 2;
  return from < w.size() ? Write("let " + w[1] + " = " + Joined(w, from, " ")) : "";
}

// monitor every 10s, op monitor 10s/20s, interval=10 sec, timeout=1,5min
std::string Operation(const Words& w, std::string_view raw, std::string_view found) {
  if (w[0] == "monitor" && w.size() > 1 && AsDurationMs(w.back())) return Write("op monitor interval=" + w.back());
  const bool op = w[0] == "op" && w.size() > 2;
  const std::size_t slash = op ? w[2].find('/') : std::string::npos;
  if (slash != std::string::npos && AsDurationMs(w[2].substr(0, slash)))
    return Write("op " + w[1] + " interval=" + w[2].substr(0, slash) + " timeout=" + w[2].substr(slash + 1));
  for (const char* unit : {"sec", "secs", "second", "seconds", "minute", "minutes", "mins", "hours", "hour"}) {
    const auto at = std::find(w.begin(), w.end(), unit);
    if (found != unit || at == w.begin() || at == w.end()) continue;
    const char first = unit[0];
    return Write(*(at - 1) + (first == 's' ? "s" : first == 'm' ? "min" : "h"));
  }
  const std::size_t comma = raw.find(',');
  const bool fraction = comma != std::string_view::npos && comma > 0 && comma + 1 < raw.size() &&
                        std::isdigit(static_cast<unsigned char>(raw[comma - 1])) != 0 &&
                        std::isdigit(static_cast<unsigned char>(raw[comma + 1])) != 0;
  if (op && found == "," && fraction) return "a duration is a whole number with its unit: `90s`, `1500ms`";
  return "";
}

// primitive x: agent, primitive x = agent, primitive x class=ocf provider=p type=T, primitive x agent (a=b)
std::string Primitive(const Words& w, std::string_view found) {
  if (w.size() < 3) return "";
  std::string name = w[1];
  if (name.back() == ':') name.pop_back();
  if (found == ":" || found == "=" || found == "(") {
    std::string klass, provider, type;
    for (const std::string& word : w) {
      if (word.starts_with("class=")) klass = word.substr(6) + ':';
      if (word.starts_with("provider=")) provider = word.substr(9) + ':';
      if (word.starts_with("type=")) type = word.substr(5);
    }
    if (!type.empty()) return Write(w[0] + ' ' + name + ' ' + klass + provider + type);
    if (found == "(") return "parameters stand in braces: " + Write(w[0] + ' ' + name + ' ' + w[2] + " { … }");
    const std::string& agent = w[2] == "=" || w[2] == ":" ? w.back() : w[2];
    return agent.find(':') != std::string::npos ? Write(w[0] + ' ' + name + ' ' + agent) : "";
  }
  return "";
}

// fence f agent n1, fence f agent for node n1
std::string Device(const Words& w, std::string_view found) {
  const auto at = std::find(w.begin(), w.end(), found);
  if (at == w.end() || at - w.begin() < 3 || !IsName(std::string(found))) return "";
  const bool has = *(at - 1) == "node" || *(at - 1) == "nodes";
  if (has && *(at - 2) == "for")
    return Write(Joined(Words(w.begin(), at - 1), 0, " ") + ' ' + Joined(Words(at, w.end()), 0, ", "));
  if (at - w.begin() == 3)
    return Write(Joined(Words(w.begin(), at), 0, " ") + " for " + Joined(Words(at, w.end()), 0, ", "));
  return "";
}

std::string StatementOf(const Words& w) {
  if (w[0] == "include" || w[0] == "source") return Write("import " + Joined(w, 1, " "));
  if (w[0] == "defaults") return Write("rsc_defaults " + Joined(w, 1, " "));
  return "";
}

}  // namespace

std::string FromNearby(const Words& w, std::string_view raw, std::string_view found, std::string_view code) {
  const std::string& first = w[0];
  if (code == "E0102") return StatementOf(w);
  if (first == "promotable" || first == "clone" || first == "group" || first == "tag") {
    return found == "of" || found == "{" || found.empty() ? "" : Holder(w, raw);
  }
  if (first == "order" || first == "separate" || first == "colocation" || first == "depend") {
    if (std::string out = first == "depend" ? OneForEach(w, found) : ""; !out.empty()) return out;
    return Pair(w, found);
  }
  if (first == "location") return Place(w, found);
  if (first == "ticket" && found == "on") return Write("ticket " + w[1] + " grants " + w.back());
  if ((first == "test" || first == "invariant" || first == "import") && w.size() > 1 && found == w[1])
    return InQuotes(w);
  if (first == "for" || first == "let") return Loop(w, found);
  if (first == "primitive" || first == "rsc_template") return Primitive(w, found);
  if (first == "fence") return Device(w, found);
  if (first == "node" && w.size() == 3 && found == w[2] && w[2].find_first_of(".:") != std::string::npos)
    return Write("node " + w[1] + " { id=…; link LINK " + w[2] + " }");
  if (std::string out = Operation(w, raw, found); !out.empty()) return out;
  return Step(w, found);
}

}  // namespace picket::compiler
