#include "runtime/bootstrap/plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "compiler/topology/corosync_reader.h"

namespace picket::runtime {
namespace {

using compiler::Topology;
using compiler::TopologyNode;

constexpr const char* kHosts = "/etc/hosts";
constexpr const char* kHostname = "/etc/hostname";

const TopologyNode* NodeNamed(const std::vector<TopologyNode>& nodes, const std::string& name) {
  const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const auto& node) { return node.name == name; });
  return found == nodes.end() ? nullptr : &*found;
}

// Whether the node runs the policy's cluster now.
bool RunsOurs(const NodeFacts& facts, const Topology& topology) {
  if (!RunsCorosync(facts)) return false;
  const std::string name = facts.One("running-name");
  return name.empty() ? IsOurs(facts, topology) : name == topology.cluster;
}

std::string ManagerOf(const Topology& topology) {
  return topology.engine == compiler::Engine::kPicket ? "picketd" : "pacemaker";
}

const char* ProcessOf(const std::string& unit) {
  return unit == "pacemaker" ? "pacemakerd" : unit == "picketd" ? "picketd" : "corosync";
}

bool IsEnabled(const NodeFacts& facts, const std::string& unit) {
  for (const FactLine& line : facts.All("unit"))
    if (line.size() > 1 && line[0] == unit) return line[1] == "enabled";
  return false;
}

// The nodes that a running Corosync or a file has, with their ids.
std::map<std::string, std::uint32_t> ListedBy(const NodeFacts& facts, const Topology& topology) {
  std::map<std::string, std::uint32_t> listed;
  if (RunsOurs(facts, topology)) {
    const ConfKeys keys = RunningKeys(facts);
    for (const auto& [key, value] : keys) {
      if (!key.starts_with("node.") || !key.ends_with(".name")) continue;
      const auto id = keys.find(key.substr(0, key.size() - 4) + "nodeid");
      if (id != keys.end()) listed[value] = static_cast<std::uint32_t>(std::atol(id->second.c_str()));
    }
  }
  const auto conf = ConfOf(facts);
  if (listed.empty() && conf && conf->cluster == topology.cluster)
    for (const TopologyNode& node : conf->nodes) listed[node.name] = node.id;
  return listed;
}

class Planner {
 public:
  Planner(const Topology& topology, const std::vector<NodeFacts>& nodes, const std::vector<TopologyNode>& leave,
          const std::vector<NodeFacts>& leaving, const std::vector<Waiver>& waivers)
      : topology_(topology), nodes_(nodes), leave_(leave), leaving_(leaving), waivers_(waivers) {
    conf_ = compiler::CorosyncConf(topology);
    wanted_ = KeysOf(topology);
    for (const NodeFacts& facts : nodes_) {
      any_runs_ |= RunsOurs(facts, topology_);
      crypto_runs_ |= RunsOurs(facts, topology_) && HasCrypto(RunningKeys(facts));
    }
    for (const NodeFacts& facts : nodes_)
      if (!any_runs_ || RunsOurs(facts, topology_)) established_.merge(ListedBy(facts, topology_));
  }

  BootstrapPlan Make() {
    Software();
    Strangers();
    Identities();
    for (const NodeFacts& facts : nodes_) Compare(facts);
    Keys();
    for (size_t i = 0; i < nodes_.size(); ++i) plan_.nodes.push_back(StepsFor(i));
    for (size_t i = 0; i < leave_.size(); ++i) Leave(leave_[i], leaving_[i]);
    Services();
    Forget();
    Foretell();
    return std::move(plan_);
  }

 private:
  void Object(const std::string& node, std::string what, std::string remedy) {
    plan_.objections.push_back({node, std::move(what), std::move(remedy)});
  }

  // --- what has to be so before anything is done ---

  void Software() {
    const std::string manager = ManagerOf(topology_);
    for (size_t i = 0; i < nodes_.size(); ++i) {
      const NodeFacts& facts = nodes_[i];
      std::vector<std::string> missing, lacks;
      for (const std::string& unit : {std::string("corosync"), manager})
        if (facts.All(unit).empty()) missing.push_back(unit);
      const std::string with = facts.One("installs-with").empty() ? "apt-get" : facts.One("installs-with");
      if (!missing.empty())
        Object(facts.node, "not installed: " + Join(missing), "`" + with + " install " + Join(missing, " ") + "`");
      for (const FactLine& line : facts.All("lacks")) lacks.push_back(line.front());
      if (!lacks.empty())
        Object(facts.node, "there is no " + Join(lacks), "bootstrap needs coreutils and systemd on the nodes");
      if (facts.One("uid") != "0")
        Object(facts.node, "reached as a user who is not root", "say --sudo, or log in as root");
      const TopologyNode& node = topology_.nodes[i];
      for (size_t link = 0; link < topology_.links.size(); ++link)
        if (std::none_of(node.addresses.begin(), node.addresses.end(), [&](const auto& a) { return a.link == link; }))
          Object(node.name, "has no address on link " + topology_.links[link].name,
                 "write `link " + topology_.links[link].name + " ADDRESS` into the node");
      if (node.addresses.empty() && topology_.links.empty())
        Object(node.name, "has no address", "declare a link in the cluster block, and the node's address on that link");
    }
  }

  // A cluster that runs and is not the policy's is nobody's to stop but its owner's.
  void Strangers() {
    const std::string other = topology_.engine == compiler::Engine::kPicket ? "pacemaker" : "picketd";
    for (const NodeFacts& facts : nodes_) {
      if (IsGhost(facts)) continue;
      if (RunsCorosync(facts) && !RunsOurs(facts, topology_))
        Object(facts.node, "runs a cluster called `" + facts.One("running-name") + "`",
               "if nobody needs that cluster, stop it there: `systemctl stop pacemaker corosync`; its files "
               "are then "
               "moved aside");
      if (facts.Has("process", ProcessOf(other)))
        Object(facts.node, other + " runs there, and the policy is for " + ManagerOf(topology_),
               "stop it, or change `engine` in the policy");
    }
    for (const NodeFacts& one : nodes_)
      for (const NodeFacts& two : nodes_) {
        if (&one >= &two || !RunsOurs(one, topology_) || !RunsOurs(two, topology_)) continue;
        if (!ListedBy(one, topology_).contains(two.node) && !ListedBy(two, topology_).contains(one.node))
          Object("", one.node + " and " + two.node + " run two clusters of the name `" + topology_.cluster + "`",
                 "stop the one that shall join the other, and move its /var/lib/pacemaker/cib aside");
      }
  }

  // The example of Debian's package runs from the installation on. Nothing is lost with it.
  static bool IsGhost(const NodeFacts& facts) {
    const auto conf = ConfOf(facts);
    const std::string primitives = facts.One("cib-primitives");
    return conf && IsExample(*conf) && (primitives.empty() || primitives == "0");
  }

  void Identities() {
    bool one_stays = established_.empty();
    for (const auto& [name, id] : established_) {
      const TopologyNode* node = NodeNamed(topology_.nodes, name);
      one_stays |= node != nullptr;
      if (node && node->id != id)
        Object(
            name,
            "has the id " + std::to_string(id) + " in the cluster and " + std::to_string(node->id) + " in the policy",
            "keep the id; to change it, take the node out with one bootstrap and in again with the next");
      for (const TopologyNode& other : topology_.nodes)
        if (!node && other.id == id)
          Object(other.name, "has the id " + std::to_string(id) + ", which is " + name + "'s in the cluster",
                 "give it another id, or take " + name + " out first");
    }
    if (!one_stays)
      Object("", "a cluster called `" + topology_.cluster + "` is there, and none of its nodes is in the policy",
             "give the new cluster another name");
  }

  bool Joins(const NodeFacts& facts) const { return !established_.empty() && !established_.contains(facts.node); }

  // --- Corosync's settings and key ---

  void Compare(const NodeFacts& facts) {
    if (!RunsOurs(facts, topology_)) return;
    for (ConfDifference& difference : DifferencesOf(RunningKeys(facts), wanted_)) {
      const bool told = std::any_of(plan_.differences.begin(), plan_.differences.end(),
                                    [&](const auto& other) { return other.key == difference.key; });
      plan_.stops_all |= difference.takes == Takes::kStopAll;
      if (!told) plan_.differences.push_back(std::move(difference));
      if (plan_.reload_on.empty()) plan_.reload_on = facts.node;
    }
  }

  static bool HasCrypto(const ConfKeys& keys) {
    for (const char* name : {"totem.crypto_cipher", "totem.crypto_hash"})
      if (const auto found = keys.find(name); found != keys.end() && found->second != "none") return true;
    return false;
  }

  static bool IsRight(const std::optional<FileFact>& key, const std::string& digest) {
    return key && key->digest == digest && key->mode == "400" && key->owner == "root:root";
  }

  void Keys() {
    std::set<std::string> all, ours;
    bool everywhere = true;
    for (const NodeFacts& facts : nodes_) {
      const auto key = facts.File(kAuthkey);
      everywhere &= key.has_value();
      if (key) all.insert(key->digest);
      if (!key || !established_.contains(facts.node) || !IsOurs(facts, topology_)) continue;
      ours.insert(key->digest);
      if (plan_.key_from.empty() || (RunsOurs(facts, topology_) && ours.size() == 1)) plan_.key_from = facts.node;
    }
    if (everywhere && all.size() == 1) {
      plan_.key = KeySource::kKept;
      digest_ = *all.begin();
      plan_.key_from = nodes_.front().node;  // for a node whose mode is wrong
    } else if (ours.size() == 1) {
      plan_.key = KeySource::kCopied;
      digest_ = *ours.begin();
    } else {
      plan_.key = KeySource::kFresh;
      plan_.key_from.clear();
      plan_.stops_all |= crypto_runs_;
      if (ours.size() > 1) plan_.notes.push_back("the nodes have different authkeys: all get a fresh one");
    }
  }

  // --- what is done to one node ---

  NodeSteps StepsFor(size_t i) {
    const NodeFacts& facts = nodes_[i];
    NodeSteps steps;
    steps.node = facts.node;
    steps.joins = Joins(facts);
    if (!RunsOurs(facts, topology_) && (steps.joins || !IsOurs(facts, topology_))) Aside(facts, steps);
    Names(facts, steps);
    Conf(facts, steps);
    const auto key = facts.File(kAuthkey);
    steps.key_digest = key ? key->digest : "";
    steps.write_key = plan_.key == KeySource::kFresh || !IsRight(key, digest_);
    return steps;
  }

  static void Aside(const NodeFacts& facts, NodeSteps& steps) {
    for (const FactLine& line : facts.All("state")) {
      if (line.size() < 2) continue;
      const std::string files = " (" + line[1] + (line[1] == "1" ? " file)" : " files)");
      if (line[0] == "/var/lib/pacemaker/cib")
        steps.aside.push_back({line[0] + "/cib*", "the CIB of an earlier cluster" + files});
      if (line[0] == "/var/lib/pacemaker/pengine")
        steps.aside.push_back({line[0] + "/pe-*", "what an earlier cluster's scheduler saved" + files});
      if (line[0] == "/var/lib/corosync")
        steps.aside.push_back({line[0] + "/ringid_*", "the ring of an earlier cluster" + files});
    }
  }

  void Names(const NodeFacts& facts, NodeSteps& steps) {
    const auto add = [&](const char* path, const std::string& after) {
      const auto file = facts.File(path);
      const std::string before = file ? file->text : "";
      if (before == after) return;
      if (file && !file->whole)
        return Object(facts.node, std::string(path) + " is too long to be changed",
                      "write the nodes' addresses and names into it by hand");
      steps.files.push_back(
          {path, file ? file->mode : "644", file ? file->owner : "root:root", file ? file->digest : "", before, after});
    };
    if (facts.One("name") != facts.node && !WaiverFor(waivers_, "node-name", facts.node)) {
      steps.rename = true;
      steps.old_name = facts.One("name");
      add(kHostname, facts.node + "\n");
    }
    const auto hosts = facts.File(kHosts);
    if (!WaiverFor(waivers_, "names", facts.node)) add(kHosts, HostsFor(hosts ? hosts->text : "", facts, topology_));
  }

  // The file is compared by what it means.
  void Conf(const NodeFacts& facts, NodeSteps& steps) const {
    const auto file = facts.File(kConf);
    compiler::CorosyncError error;
    const auto is = ConfOf(facts), shall = compiler::ReadCorosyncConf(conf_, error);
    if (is && shall && IsOurs(facts, topology_) && compiler::CorosyncConf(*is) == compiler::CorosyncConf(*shall))
      return;
    steps.files.push_back({kConf, "644", "root:root", file ? file->digest : "", file ? file->text : "", conf_});
  }

  void Leave(const TopologyNode& node, const NodeFacts& facts) {
    if (!facts.known()) {
      for (const NodeFacts& other : nodes_)
        if (RunsOurs(other, topology_) && (MembersOf(other).contains(node.id) || other.Has("online", node.name))) {
          Object(node.name, "leaves the cluster but is still a member of it and is not reached: " + facts.trouble,
                 "stop the cluster on it (`systemctl disable --now pacemaker corosync`), or see that it is "
                 "reached");
          return;
        }
      plan_.notes.push_back(node.name +
                            " leaves and is not reached: its own files stay as they are; see that it "
                            "does not start its cluster again");
      return;
    }
    if (!IsOurs(facts, topology_) && !RunsOurs(facts, topology_)) return;  // It has left, or is another cluster's.
    NodeSteps steps;
    steps.node = node.name;
    steps.leaves = true;
    for (const char* unit : {"pacemaker", "picketd", "corosync"}) {
      if (facts.Has("process", ProcessOf(unit))) steps.stop.emplace_back(unit);
      if (IsEnabled(facts, unit)) steps.disable.emplace_back(unit);
    }
    if (facts.File(kConf)) steps.aside.push_back({kConf, "the cluster's corosync.conf"});
    if (facts.File(kAuthkey)) steps.aside.push_back({kAuthkey, "the cluster's authkey"});
    Aside(facts, steps);
    for (MoveAside& move : steps.aside) {
      const size_t at = move.why.find("an earlier cluster");
      if (at != std::string::npos) move.why.replace(at, 18, "the cluster that it leaves");
    }
    plan_.nodes.push_back(std::move(steps));
  }

  // --- services ---

  void Services() {
    const std::string manager = ManagerOf(topology_), other = manager == "picketd" ? "pacemaker" : "picketd";
    for (size_t i = 0; i < nodes_.size(); ++i) {
      const NodeFacts& facts = nodes_[i];
      NodeSteps& steps = plan_.nodes[i];
      const bool stops = plan_.stops_all || !RunsOurs(facts, topology_) ||
                         (crypto_runs_ && steps.write_key && steps.key_digest != digest_);
      if (stops) {
        for (const std::string& unit : {std::string("pacemaker"), std::string("picketd"), std::string("corosync")})
          if (facts.Has("process", ProcessOf(unit))) steps.stop.push_back(unit);
      }
      if (IsEnabled(facts, other)) steps.disable.push_back(other);
      for (const std::string& unit : UnitsOf(topology_)) {
        if (!IsEnabled(facts, unit)) steps.enable.push_back(unit);
        if (stops || !facts.Has("process", ProcessOf(unit))) steps.start.push_back(unit);
      }
    }
    const bool all_stop = std::all_of(nodes_.begin(), nodes_.end(), [&](const NodeFacts& facts) {
      const NodeSteps& steps = plan_.nodes[static_cast<size_t>(&facts - nodes_.data())];
      return !RunsOurs(facts, topology_) || !steps.stop.empty();
    });
    if (all_stop) plan_.reload_on.clear();
  }

  // What the CIB has of nodes that are none, Debian's ghost among them. Remote nodes are not listed by the
  // probe.
  void Forget() {
    if (topology_.engine != compiler::Engine::kPacemaker) return;
    std::set<std::string> names;
    for (const NodeFacts& facts : nodes_) {
      const NodeSteps& steps = plan_.nodes[static_cast<size_t>(&facts - nodes_.data())];
      if (!IsOurs(facts, topology_) || steps.joins) continue;
      for (const std::string& name : Words(facts.One("cib-nodes")))
        if (!NodeNamed(topology_.nodes, name)) names.insert(name);
      if (plan_.forget_on.empty()) plan_.forget_on = facts.node;
    }
    plan_.forgotten.assign(names.begin(), names.end());
    if (names.empty()) plan_.forget_on.clear();
  }

  // --- what that leads to ---

  static std::string QuorumText(int votes, bool two_node) {
    const int quorum = two_node ? 1 : votes / 2 + 1;
    return std::to_string(quorum) + " of " + std::to_string(votes) + " votes" + (two_node ? " (two_node)" : "");
  }

  void Foretell() {
    ConfKeys running;
    for (const NodeFacts& facts : nodes_)
      if (RunsOurs(facts, topology_) && running.empty()) running = RunningKeys(facts);
    const int after = Votes(wanted_);
    if (const int before = Votes(running); before > 0) {
      const auto two = running.find("quorum.two_node");
      const std::string was = QuorumText(before, two != running.end() && two->second == "1"),
                        is = QuorumText(after, topology_.two_node);
      if (was != is) plan_.notes.push_back("quorum: " + was + " -> " + is);
    }
    if (after == 2 && !topology_.two_node && !topology_.device)
      plan_.notes.push_back(
          "2 votes without two_node: whichever node is lost, the other has no quorum and stops; "
          "`quorum two_node=yes` in the cluster block");
    for (const ConfDifference& difference : plan_.differences)
      if (difference.takes == Takes::kNextStart && !plan_.stops_all)
        plan_.notes.push_back(difference.Told() +
                              " counts on a node from the next start of its Corosync: restart one node after the "
                              "other");
    if (topology_.device)
      plan_.notes.push_back(
          "corosync-qdevice is not started: do so once the cluster runs, "
          "`systemctl enable --now corosync-qdevice`");
  }

  static int Votes(const ConfKeys& keys) {
    int votes = 0;
    for (const auto& [key, value] : keys) {
      if (!key.starts_with("node.") || !key.ends_with(".nodeid")) continue;
      const auto own = keys.find(key.substr(0, key.size() - 6) + "quorum_votes");
      votes += own == keys.end() ? 1 : std::atoi(own->second.c_str());
    }
    return votes;
  }

  const Topology& topology_;
  const std::vector<NodeFacts>& nodes_;
  const std::vector<TopologyNode>& leave_;
  const std::vector<NodeFacts>& leaving_;
  const std::vector<Waiver>& waivers_;
  std::string conf_;
  ConfKeys wanted_;
  bool any_runs_ = false, crypto_runs_ = false;
  std::map<std::string, std::uint32_t> established_;  // the nodes of the cluster that is there
  std::string digest_;                                // of the key that all shall have; of a fresh one, empty
  BootstrapPlan plan_;
};

// --- /etc/hosts ---

bool IsNumber(const std::string& address) {
  return !address.empty() &&
         (address.find(':') != std::string::npos || address.find_first_not_of("0123456789.") == std::string::npos);
}

bool IsKnown(const NodeFacts& facts, const TopologyNode& node) {
  for (const FactLine& line : facts.All("resolves")) {
    if (line.size() < 2 || line[0] != node.name) continue;
    bool ours = false;
    for (const std::string& found : Words(line[1])) {
      if (found.starts_with("127.") || found == "::1") return false;
      ours |= std::any_of(node.addresses.begin(), node.addresses.end(),
                          [&](const auto& one) { return one.address == found; });
    }
    return ours;
  }
  return false;
}

// The line without the name, unless the line gives it an address that the node has; empty if nothing is left.
std::string WithoutName(const std::string& line, const TopologyNode& node, bool& gives) {
  const size_t hash = line.find('#');
  std::vector<std::string> words = Words(line.substr(0, hash));
  if (words.size() < 2 || std::find(words.begin() + 1, words.end(), node.name) == words.end()) return line;
  if (std::any_of(node.addresses.begin(), node.addresses.end(),
                  [&](const auto& one) { return one.address == words[0]; })) {
    gives = true;
    return line;
  }
  words.erase(std::remove(words.begin() + 1, words.end(), node.name), words.end());
  if (words.size() == 1) return "";
  return Join(words, " ") + (hash == std::string::npos ? "" : "  " + line.substr(hash));
}

}  // namespace

bool NodeSteps::empty() const {
  return aside.empty() && files.empty() && !rename && !write_key && stop.empty() && disable.empty() && enable.empty() &&
         start.empty();
}

bool BootstrapPlan::empty() const {
  return reload_on.empty() && forgotten.empty() &&
         std::all_of(nodes.begin(), nodes.end(), [](const NodeSteps& steps) { return steps.empty(); });
}

std::vector<std::string> UnitsOf(const Topology& topology) {
  return {"corosync", ManagerOf(topology)};
}

std::vector<TopologyNode> NodesThatLeave(const Topology& topology, const std::vector<NodeFacts>& nodes) {
  std::vector<TopologyNode> leave;
  for (const NodeFacts& facts : nodes) {
    const ConfKeys running = RunsOurs(facts, topology) ? RunningKeys(facts) : ConfKeys();
    for (const auto& [name, id] : ListedBy(facts, topology)) {
      if (NodeNamed(topology.nodes, name) || NodeNamed(leave, name)) continue;
      TopologyNode node;
      node.name = name;
      node.id = id;
      for (size_t link = 0; link < 8; ++link) {
        const auto found = running.find("node." + std::to_string(id) + ".ring" + std::to_string(link) + "_addr");
        if (found != running.end()) node.addresses.push_back({link, found->second});
      }
      if (running.empty())
        if (const auto conf = ConfOf(facts))
          if (const TopologyNode* listed = NodeNamed(conf->nodes, name)) node.addresses = listed->addresses;
      leave.push_back(std::move(node));
    }
  }
  return leave;
}

BootstrapPlan PlanBootstrap(const Topology& topology, const std::vector<NodeFacts>& nodes,
                            const std::vector<TopologyNode>& leave, const std::vector<NodeFacts>& leaving,
                            const std::vector<Waiver>& waivers) {
  return Planner(topology, nodes, leave, leaving, waivers).Make();
}

std::string HostsFor(const std::string& text, const NodeFacts& facts, const Topology& topology) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  bool changed = false;
  for (const TopologyNode& node : topology.nodes) {
    if (node.addresses.empty() || !IsNumber(node.addresses.front().address) || IsKnown(facts, node)) continue;
    bool gives = false;
    for (size_t i = 0; i < lines.size();) {
      std::string line = WithoutName(lines[i], node, gives);
      changed |= line != lines[i];
      if (line.empty() && !lines[i].empty())
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
      else
        lines[i++] = std::move(line);
    }
    if (!gives) lines.push_back(node.addresses.front().address + " " + node.name);
    changed |= !gives;
  }
  if (!changed) return text;
  std::string hosts;
  for (const std::string& line : lines) hosts += line + "\n";
  return hosts;
}

std::vector<std::string> NotYet(const NodeFacts& facts, const Topology& topology) {
  if (!facts.known()) return {"not reached: " + facts.trouble};
  std::vector<std::string> lacking;
  for (const std::string& unit : UnitsOf(topology))
    if (!facts.Has("process", ProcessOf(unit))) lacking.push_back(unit + " does not run");
  if (!lacking.empty()) return lacking;
  if (QuorumWord(facts, "Quorate") != "Yes") lacking.emplace_back("Corosync has no quorum");
  const std::set<std::uint32_t> members = MembersOf(facts);
  std::vector<std::string> unseen;
  for (const TopologyNode& node : topology.nodes)
    if (!members.contains(node.id)) unseen.push_back(node.name);
  if (!unseen.empty()) lacking.push_back("Corosync does not see " + Join(unseen));
  if (members.size() + unseen.size() > topology.nodes.size())
    lacking.emplace_back("Corosync sees more nodes than the policy has");
  std::set<std::pair<size_t, std::uint32_t>> connected;
  for (const LinkState& state : LinksOf(facts))
    if (state.state == "connected" || state.state == "localhost") connected.emplace(state.link, state.node);
  for (const TopologyNode& node : topology.nodes)
    for (const compiler::Address& one : node.addresses)
      if (topology.transport == "knet" && !connected.contains({one.link, node.id}))
        lacking.push_back("link " + std::to_string(one.link) + " to " + node.name + " is not connected");
  for (const ConfDifference& difference : DifferencesOf(RunningKeys(facts), KeysOf(topology)))
    lacking.push_back("Corosync does not run with " + difference.Told());
  if (topology.engine == compiler::Engine::kPacemaker)
    for (const TopologyNode& node : topology.nodes)
      if (!facts.Has("online", node.name)) lacking.push_back("Pacemaker does not have " + node.name + " online");
  return lacking;
}

}  // namespace picket::runtime
