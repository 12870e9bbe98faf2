#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/syntax/habits_say.h"
#include "compiler/syntax/shape.h"

/// Slips that habits.cc asks for first: braces where a line is wanted, commas and blanks between items, words of tests
/// that nearly say it. As in habits_tools.cc each function gets the words of a line, and answers with a help, or with
/// nothing.
namespace picket::compiler {

std::string FromSlips(const std::vector<std::string>& words, std::string_view raw, std::string_view found,
                      std::string_view code);
std::string FromBraces(const std::vector<std::string>& words, std::string_view text, std::size_t brace);

namespace {

using Words = std::vector<std::string>;

// What stands in braces by mistake is short.
constexpr std::size_t kBodyMax = 300;

bool IsPair(const std::string& word) {
  const std::size_t equal = word.find('=');
  return equal != std::string::npos && equal > 0 && (equal + 1 >= word.size() || word[equal + 1] != '=');
}

bool IsItemWord(const std::string& word) {
  return word == "op" || word == "meta" || word == "params" || word == "utilization";
}

// Pairs and items on one line, as items that `;` parts.
std::string Items(const Words& w) {
  std::string out;
  bool in_item = false;
  for (const std::string& word : w) {
    const bool begins = IsItemWord(word) || (!in_item && !out.empty());
    if (begins) out += out.empty() ? "" : "; ";
    out += out.empty() || begins ? word : ' ' + word;
    in_item = in_item || IsItemWord(word);
  }
  return out;
}

// { ip=192.0.2.50, cidr_netmask=24, op monitor interval=10s }, and the same with blanks
std::string Parted(const Words& w, std::string_view found) {
  if (w.empty() || !IsPair(w[0])) return "";
  const bool items = w.size() > 1 && std::all_of(w.begin() + 1, w.end(), [&](const std::string& word) {
                       return IsPair(word) || IsItemWord(word) || IsItemWord(*(&word - 1));
                     });
  const bool more =
      std::any_of(w.begin() + 1, w.end(), [](const auto& word) { return IsPair(word) || IsItemWord(word); });
  if (!more || (!items && found == ",")) return "";
  if (found != "," && !IsItemWord(std::string(found))) return "";
  return "items are parted by `;` or stand on lines of their own: " + Write(Items(w));
}

// meta_attributes target-role=started
std::string BlockOf(const Words& w, std::string_view code) {
  static constexpr std::array<std::array<const char*, 2>, 6> kWords = {{{"meta_attributes", "meta"},
                                                                        {"metadata", "meta"},
                                                                        {"instance_attributes", "params"},
                                                                        {"parameters", "params"},
                                                                        {"parameter", "params"},
                                                                        {"operation", "op"}}};
  for (const auto& [theirs, ours] : kWords) {
    if (code == "E0111" && w[0] == theirs)
      return Write(ours + (w.size() > 1 ? ' ' + Joined(w, 1, " ") : std::string(" …")));
  }
  return "";
}

// rsc_ticket t1 site: vip:Master loss-policy=stop
std::string Ticket(const Words& w) {
  if ((w[0] != "rsc_ticket" && w[0] != "rsc-ticket") || w.size() < 4 || w[2].size() < 2 || w[2].back() != ':')
    return "";
  std::string out = "ticket " + w[1] + ": " + w[2].substr(0, w[2].size() - 1) + " grants ";
  for (std::size_t i = 3; i < w.size(); ++i) {
    std::string word = w[i];
    if (word.starts_with("loss-policy=")) word = "on-loss=" + word.substr(12);
    const std::size_t colon = word.find(':');
    const std::string role = colon == std::string::npos ? "" : word.substr(colon + 1);
    if (role == "Master" || role == "Promoted") word = "promoted " + word.substr(0, colon);
    out += (i > 3 ? (IsPair(word) ? " " : ", ") : "") + word;
  }
  return Write(out);
}

// location vip n1, location vip n1 score=50
std::string Place(const Words& w, std::string_view found) {
  if (w[0] != "location" || w.size() < 3 || w[2] != found || IsPair(w[2]) || w[1].back() == ':') return "";
  if (w.size() == 3)
    return Write("location " + w[1] + " prefers " + w[2] + " score=100") + ", or `only` for no other node";
  return w.size() == 4 && IsPair(w[3]) ? Write("location " + w[1] + " prefers " + w[2] + ' ' + w[3]) : "";
}

// fencing n1 level 1: a, fencing n1: a, b, fencing n1: a -> b
std::string Levels(const Words& w, std::string_view found) {
  if (w[0] != "fencing" || w.size() < 3) return "";
  if (found == "," && w[1].back() == ':') {
    return "`and` joins the devices of one level, `then` begins the next one: " +
           Write("fencing " + w[1] + ' ' + Joined(w, 2, " then "));
  }
  Words devices;
  for (std::size_t i = 2; i < w.size(); ++i) {
    if (w[i] != "->" && w[i] != "=>" && w[i] != ">" && w[i] != "level" && w[i].find_first_of(":0123456789") != 0 &&
        !(w[i].size() == 2 && w[i][1] == ':'))
      devices.push_back(w[i]);
  }
  const bool arrows = found == "-" || found == "->" || found == "=>" || found == ">";
  if (devices.empty() || (!arrows && found != "level")) return "";
  std::string target = w[1];
  if (target.back() != ':') target += ':';
  return Write("fencing " + target + ' ' + Joined(devices, 0, " then "));
}

// fence f agent on n1, stonith f agent
std::string Device(const Words& w, std::string_view found, std::string_view code) {
  if (w[0] == "fence" && found == "on" && w.size() > 4 && w[3] == "on")
    return Write("fence " + w[1] + ' ' + w[2] + " for " + Joined(w, 4, ", "));
  if (w[0] != "stonith" || code != "E0102" || w.size() < 3 || w[1] == "create" || w[1] == "level") return "";
  const std::string agent = w[2].find(':') == std::string::npos ? "stonith:" + w[2] : w[2];
  return Write("fence " + w[1] + ' ' + agent + " for NODE { … }");
}

// expect running a after 30s, given started a, expect no fencing of n1, restart a
std::string Step(const Words& w, std::string_view found) {
  if (w[0] == "restart" && w.size() == 2 && found == w[1])
    return "a failure restarts a resource: " + Write("fail " + w[1]) + "; `restart cluster` is of the whole cluster";
  if (w[0] != "given" && w[0] != "expect") return "";
  const auto at = std::find(w.begin(), w.end(), found);
  if ((found == "after" || found == "in") && at != w.end() && at + 2 == w.end() && AsDurationMs(w.back()))
    return Write(Joined(Words(w.begin(), at), 0, " ") + " within " + w.back());
  if (found == "fencing" && w.size() > 3 && w[1] == "no") return Write(w[0] + " not fenced " + w.back());
  static constexpr std::array<std::array<const char*, 2>, 7> kStates = {{{"started", "running"},
                                                                         {"active", "running"},
                                                                         {"up", "running"},
                                                                         {"down", "stopped"},
                                                                         {"inactive", "stopped"},
                                                                         {"master", "promoted"},
                                                                         {"slave", "unpromoted"}}};
  for (const auto& [theirs, ours] : kStates) {
    if (w.size() > 2 && w[1] == theirs && found == w[2]) return Write(w[0] + ' ' + ours + ' ' + Joined(w, 2, " "));
  }
  if (w.size() > 2 && w[1] == "restarted" && found == w[2])
    return "what happens is named by its action: " + Write(w[0] + " start " + Joined(w, 2, " "));
  return "";
}

// must running a
std::string Claim(const Words& w, std::string_view code) {
  if (code != "E0111" || w.size() < 2 || (w[0] != "must" && w[0] != "require" && w[0] != "ensure" && w[0] != "expect"))
    return "";
  return "a claim begins with `always`, `never` or `settles`: " + Write("always " + Joined(w, 1, " "));
}

// for i in a, b, foreach i in [a], w(a), use w a, let name = my cluster
std::string Programs(const Words& w, std::string_view raw, std::string_view found, std::string_view code) {
  if (w[0] == "for" && found == "," && w.size() > 4 && w[2] == "in")
    return Write("for i in [" + Joined(w, 3, ", ") + "] { … }");
  if (code == "E0102" && (w[0] == "foreach" || w[0] == "loop") && w.size() > 1)
    return Write("for " + Joined(w, 1, " ") + " { … }");
  const std::size_t bracket = w[0].find('(');
  const bool called =
      code == "E0102" && (bracket != std::string::npos || raw.find(w[0] + "(") != std::string_view::npos);
  if (called && raw.find(')') != std::string_view::npos) {
    const std::size_t first = raw.find_first_not_of(" \t");
    return "a define is used by `use`: " + Write("use " + std::string(raw.substr(first, raw.find(')') - first + 1)));
  }
  if (w[0] == "use" && w.size() > 2 && found == w[2]) return Write("use " + w[1] + '(' + Joined(w, 2, ", ") + ')');
  if (w[0] == "let" && w.size() > 4 && w[2] == "=" && found == w[4] && raw.find('"') == std::string_view::npos)
    return Write("let " + w[1] + " = \"" + Joined(w, 3, " ") + '"');
  return "";
}

// link lan 192.0.2.0/24 in a cluster; address 192.0.2.9 in a node
std::string Address(const Words& w, std::string_view found, std::string_view code) {
  const bool address = w.size() > 1 && w.back().find_first_of(".:") != std::string::npos &&
                       std::isdigit(static_cast<unsigned char>(w.back()[0])) != 0;
  if (!address) return "";
  if (w[0] == "link" && w.size() == 3 && found == w[2])
    return "addresses stand in the nodes: `node n1 { id=1; link " + w[1] + " ADDRESS }`; here " + Write("link " + w[1]);
  if (code == "E0111" && w.size() == 2 && (w[0] == "address" || w[0] == "ip" || w[0] == "addr"))
    return "a node has an address on each link: " + Write("link LINK " + w[1]);
  return "";
}

}  // namespace

std::string FromSlips(const std::vector<std::string>& w, std::string_view raw, std::string_view found,
                      std::string_view code) {
  for (std::string help :
       {Parted(w, found), BlockOf(w, code), Ticket(w), Place(w, found), Levels(w, found), Device(w, found, code),
        Step(w, found), Claim(w, code), Programs(w, raw, found, code), Address(w, found, code)}) {
    if (!help.empty()) return help;
  }
  return "";
}

// Braces that a statement or item does not have: group g { a; b }, quorum { two_node: 1 }, op { monitor interval=9s }.
// `brace` is where the opening one stands.
std::string FromBraces(const std::vector<std::string>& w, std::string_view text, std::size_t brace) {
  const std::size_t end = text.find('}', brace);
  if (w.empty() || end == std::string_view::npos || end - brace > kBodyMax) return "";
  Words body;
  std::string word;
  for (const char c : std::string(text.substr(brace + 1, end - brace - 1)) + ' ') {
    const bool parts = std::isspace(static_cast<unsigned char>(c)) != 0 || c == ';' || c == ',';
    if (!parts) word += c;
    if (parts && !word.empty()) body.push_back(std::move(word));
    if (parts) word.clear();
  }
  if (body.empty()) return "";
  const std::string& first = w[0];
  if ((first == "group" || first == "clone" || first == "tag") && w.size() == 2) {
    if (std::any_of(body.begin(), body.end(), IsPair)) return "";
    return Write(first + ' ' + w[1] + " of " + Joined(body, 0, ", "));
  }
  if (first == "op" || first == "operations") {
    const std::size_t from = body[0] == "op" ? 1 : 0;
    return w.size() == 1 && from < body.size() ? Write("op " + Joined(body, from, " ")) : "";
  }
  if (first != "quorum" && first != "totem" && first != "crypto" && first != "sbd") return "";
  std::string pairs;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i].back() == ':' && i + 1 < body.size()) {
      pairs += ' ' + body[i].substr(0, body[i].size() - 1) + '=' + body[i + 1];
      ++i;
    } else {
      pairs += ' ' + body[i];
    }
  }
  return "its options stand on the line: " + Write(first + pairs);
}

}  // namespace picket::compiler
