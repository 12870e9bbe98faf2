#include "runtime/bootstrap/conf.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <vector>

#include "compiler/topology/corosync_reader.h"

namespace picket::runtime {
namespace {

// A section of corosync.conf while it is read.
struct Section {
  std::string name;
  std::vector<std::pair<std::string, std::string>> pairs;
};

std::string Trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::string ValueIn(const Section& section, std::string_view name, const char* otherwise) {
  for (const auto& [key, value] : section.pairs)
    if (key == name) return value;
  return otherwise;
}

bool Matters(const std::string& key) {
  return key != "totem.version" &&
         (key.starts_with("node.") || key.starts_with("totem.") || key.starts_with("quorum."));
}

// As cmap has it; the position of a node in the list is replaced by its id.
std::string PathOf(const std::vector<Section>& open) {
  std::string path;
  for (const Section& section : open) {
    if (section.name == "nodelist") continue;
    path += section.name + ".";
    if (section.name == "node") path += ValueIn(section, "nodeid", "0") + ".";
    if (section.name == "interface") path += ValueIn(section, "linknumber", "0") + ".";
  }
  return path;
}

// `nodelist.node.0.name (str) = n1`
bool SplitCmap(const std::string& line, std::string& key, std::string& value) {
  const size_t type = line.find(" ("), is = line.find(") = ");
  if (type == std::string::npos || is == std::string::npos || is < type) return false;
  key = line.substr(0, type);
  value = Trimmed(line.substr(is + 4));
  return true;
}

// Nodes come and go with a reload; what an existing node's addresses are does not change so.
Takes TakesOf(const std::string& key, const ConfKeys& running, const ConfKeys& wanted) {
  static constexpr std::string_view kReloaded[] = {"quorum.two_node", "quorum.expected_votes", "totem.token",
                                                   "totem.consensus"};
  if (std::find(std::begin(kReloaded), std::end(kReloaded), key) != std::end(kReloaded)) return Takes::kReload;
  if (key.starts_with("node.")) {
    const std::string id = key.substr(0, key.find('.', 5)) + ".nodeid";
    const bool stays = running.contains(id) && wanted.contains(id);
    return stays && !key.ends_with(".quorum_votes") ? Takes::kStopAll : Takes::kReload;
  }
  return key.starts_with("quorum.") ? Takes::kNextStart : Takes::kStopAll;
}

bool SaysNothing(const std::string& value) {
  return value.empty() || value == "0" || value == "none";
}

}  // namespace

std::optional<compiler::Topology> ConfOf(const NodeFacts& facts) {
  const auto file = facts.File(kConf);
  compiler::CorosyncError error;
  return file ? compiler::ReadCorosyncConf(file->text, error) : std::nullopt;
}

bool IsOurs(const NodeFacts& facts, const compiler::Topology& topology) {
  const auto conf = ConfOf(facts);
  return conf && conf->cluster == topology.cluster;
}

bool IsExample(const compiler::Topology& conf) {
  return conf.nodes.size() == 1 && conf.nodes[0].name == "node1";
}

bool RunsCorosync(const NodeFacts& facts) {
  return facts.Has("process", "corosync");
}

ConfKeys KeysOf(const compiler::Topology& topology) {
  ConfKeys keys;
  std::vector<Section> open;
  std::istringstream lines(compiler::CorosyncConf(topology));
  for (std::string line; std::getline(lines, line);) {
    line = Trimmed(line);
    const size_t colon = line.find(": ");
    if (line.ends_with("{")) {
      open.push_back({Trimmed(line.substr(0, line.size() - 1)), {}});
    } else if (line == "}" && !open.empty()) {
      const std::string path = PathOf(open);
      for (const auto& [name, value] : open.back().pairs)
        if (Matters(path + name) && name != "linknumber") keys[path + name] = value;
      open.pop_back();
    } else if (colon != std::string::npos && !open.empty()) {
      open.back().pairs.emplace_back(line.substr(0, colon), Trimmed(line.substr(colon + 2)));
    }
  }
  return keys;
}

ConfKeys RunningKeys(const NodeFacts& facts) {
  constexpr std::string_view kNode = "nodelist.node.";
  std::map<std::string, ConfKeys> positions;
  ConfKeys keys;
  for (const FactLine& fact : facts.All("cmap")) {
    std::string key, value;
    if (fact.empty() || !SplitCmap(fact[0], key, value)) continue;
    const size_t dot = key.find('.', kNode.size());
    if (key.starts_with(kNode) && dot != std::string::npos)
      positions[key.substr(kNode.size(), dot - kNode.size())][key.substr(dot + 1)] = value;
    else if (Matters(key) && !key.ends_with(".bindnetaddr"))
      keys[key] = value;
  }
  for (const auto& [position, node] : positions) {
    const auto id = node.find("nodeid");
    if (id == node.end()) continue;
    for (const auto& [name, value] : node) keys["node." + id->second + "." + name] = value;
  }
  return keys;
}

std::set<std::uint32_t> MembersOf(const NodeFacts& facts) {
  constexpr std::string_view kMember = "runtime.members.";
  std::set<std::uint32_t> members;
  for (const FactLine& fact : facts.All("cmap")) {
    std::string key, value;
    if (fact.empty() || !SplitCmap(fact[0], key, value) || !key.starts_with(kMember)) continue;
    if (value == "joined")
      members.insert(static_cast<std::uint32_t>(std::strtoul(key.c_str() + kMember.size(), nullptr, 10)));
  }
  return members;
}

std::vector<LinkState> LinksOf(const NodeFacts& facts) {
  std::vector<LinkState> states;
  std::size_t link = 0;
  for (const FactLine& line : facts.All("link")) {
    std::istringstream words(line.empty() ? "" : line[0]);
    std::string first, second, third;
    if (!(words >> first >> second >> third)) continue;
    if (first == "LINK") link = static_cast<std::size_t>(std::atoi(third.c_str()));
    if (first == "nodeid:") states.push_back({link, static_cast<std::uint32_t>(std::atol(second.c_str())), third});
  }
  return states;
}

std::string QuorumWord(const NodeFacts& facts, std::string_view name) {
  for (const FactLine& line : facts.All("quorum")) {
    const size_t colon = line.empty() ? std::string::npos : line[0].find(':');
    if (colon != std::string::npos && line[0].substr(0, colon) == name) return Trimmed(line[0].substr(colon + 1));
  }
  return "";
}

std::string ConfDifference::Told() const {
  const auto told = [](const std::string& value) { return value.empty() ? std::string("nothing") : value; };
  return key + ": " + told(running) + " -> " + told(wanted);
}

std::vector<ConfDifference> DifferencesOf(const ConfKeys& running, const ConfKeys& wanted) {
  std::vector<ConfDifference> differences;
  const auto note = [&](const std::string& key, const std::string& now, const std::string& then) {
    // Unsaid, wait_for_all is what two_node is.
    const bool same = key != "quorum.wait_for_all" && SaysNothing(now) && SaysNothing(then);
    if (now == then || same) return;
    differences.push_back({key, now, then, TakesOf(key, running, wanted)});
  };
  ConfKeys all = wanted;
  all.insert(running.begin(), running.end());
  for (const auto& [key, value] : all) {
    const auto is = running.find(key), shall = wanted.find(key);
    note(key, is == running.end() ? "" : is->second, shall == wanted.end() ? "" : shall->second);
  }
  return differences;
}

}  // namespace picket::runtime
