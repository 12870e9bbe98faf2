#include "runtime/bootstrap/doctor.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "compiler/agents/differences.h"
#include "compiler/agents/metadata.h"
#include "compiler/topology/corosync_reader.h"
#include "runtime/bootstrap/conf.h"

namespace picket::runtime {
namespace {

using compiler::TopologyNode;

constexpr double kClocksApart_s = 1.0;
constexpr long kDiskFree_kb = 64L * 1024;

std::string Seconds(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", seconds);
  return text;
}

// One check at work: it collects findings and, for the day on which there are none, what it saw.
class Look {
 public:
  Look(const Patient& patient, Checked& checked) : patient(patient), checked_(checked) {}

  void Amiss(const std::string& node, std::string evidence, std::string remedy) {
    checked_.findings.push_back({node, std::move(evidence), std::move(remedy)});
  }
  void Saw(std::string evidence) { checked_.evidence = std::move(evidence); }
  // The nodes that were probed, with their places in the policy.
  void Each(const std::function<void(const NodeFacts&, const TopologyNode&)>& visit) const {
    for (size_t i = 0; i < patient.nodes.size(); ++i)
      if (patient.nodes[i].known()) visit(patient.nodes[i], patient.topology.nodes[i]);
  }
  // All nodes have the same of what `of` gives; an empty value is passed over.
  void Same(const std::string& what, const std::function<std::string(const NodeFacts&)>& of,
            const std::string& remedy) {
    std::map<std::string, std::vector<std::string>> by;
    Each([&](const NodeFacts& facts, const TopologyNode&) {
      if (const std::string value = of(facts); !value.empty()) by[value].push_back(facts.node);
    });
    std::vector<std::string> sides;
    for (const auto& [value, nodes] : by) sides.push_back(value.substr(0, 24) + " on " + Join(nodes));
    if (by.size() > 1) Amiss("", what + " differs: " + Join(sides, "; "), remedy);
    if (by.size() == 1) Saw(what + " is " + sides.front());
  }

  const Patient& patient;

 private:
  Checked& checked_;
};

// Of a link of the policy; its number if the policy has no such link.
std::string LinkName(const Look& look, size_t link) {
  const auto& links = look.patient.topology.links;
  return link < links.size() ? links[link].name : std::to_string(link);
}

// --- the machine

void Reach(Look& look) {
  for (const NodeFacts& facts : look.patient.nodes) {
    if (facts.known()) continue;
    const bool password = facts.trouble.find("ermission denied") != std::string::npos ||
                          facts.trouble.find("password") != std::string::npos;
    const bool terminal = facts.trouble.find("must have a tty") != std::string::npos;
    look.Amiss(facts.node, "not reached: " + facts.trouble,
               terminal ? "sudo is to work without a terminal: `Defaults:USER !requiretty` in a file of /etc/sudoers.d"
               : password ? "Picket types no password: put your key there (`ssh-copy-id " + facts.node +
                                "`); with --sudo, sudo must not ask for one either"
                          : "try `ssh " + facts.node + " true` by hand; name and host key have to be known");
  }
  look.Saw("all " + std::to_string(look.patient.nodes.size()) + " nodes answer");
}

void Root(Look& look) {
  look.Each([&](const NodeFacts& facts, const TopologyNode&) {
    if (facts.One("uid") != "0")
      look.Amiss(facts.node, "the probe ran as user " + facts.One("uid") + " and could not see everything",
                 "say --sudo, or log in as root");
  });
  look.Saw("the probe is root everywhere");
}

void NodeName(Look& look) {
  look.Each([&](const NodeFacts& facts, const TopologyNode& node) {
    const std::string name = facts.One("name");
    if (name != node.name)
      look.Amiss(node.name, "the machine calls itself `" + name + "`",
                 "`hostnamectl set-hostname " + node.name + "`, or name the node so in the policy");
  });
  look.Saw("`uname -n` is the name of the node everywhere");
}

void Names(Look& look) {
  look.Each([&](const NodeFacts& facts, const TopologyNode&) {
    for (const FactLine& line : facts.All("resolves")) {
      if (line.size() < 2) continue;
      const auto& nodes = look.patient.topology.nodes;
      const auto of = std::find_if(nodes.begin(), nodes.end(), [&](const auto& n) { return n.name == line[0]; });
      if (of == nodes.end() || of->addresses.empty()) continue;
      const std::vector<std::string> found = Words(line[1]);
      const bool ours = std::any_of(of->addresses.begin(), of->addresses.end(), [&](const auto& one) {
        return std::find(found.begin(), found.end(), one.address) != found.end();
      });
      const bool loop =
          std::any_of(found.begin(), found.end(), [](const std::string& a) { return a.starts_with("127."); });
      const std::string line_for_hosts =
          "write `" + of->addresses.front().address + " " + of->name + "` into /etc/hosts";
      if (loop)
        look.Amiss(facts.node, line[0] + " is " + line[1] + "there: a loopback address, which nobody else reaches",
                   line_for_hosts + " in place of the line with 127");
      else if (!ours)
        look.Amiss(facts.node, line[0] + (found.empty() ? " is not known there" : " is " + Join(found) + " there"),
                   line_for_hosts);
    }
  });
  look.Saw("every node knows every name by an address of the policy");
}

bool IsNumeric(const std::string& address) {
  const bool six = address.find(':') != std::string::npos;
  return !address.empty() &&
         address.find_first_not_of(six ? "0123456789abcdefABCDEF:." : "0123456789.") == std::string::npos;
}

// An address of IPv6 has several spellings.
bool IsSameAddress(const std::string& one, const std::string& other) {
  in6_addr left{}, right{};
  if (inet_pton(AF_INET6, one.c_str(), &left) != 1 || inet_pton(AF_INET6, other.c_str(), &right) != 1)
    return one == other;
  return std::equal(std::begin(left.s6_addr), std::end(left.s6_addr), std::begin(right.s6_addr));
}

// The interface that has the address: its name, mtu, whether it is up. Empty name: none.
struct Interface {
  std::string name;
  int mtu = 0;
  bool up = false;
};

Interface InterfaceOf(const NodeFacts& facts, const std::string& address) {
  Interface found;
  for (const FactLine& line : facts.All("address")) {
    const std::vector<std::string> words = Words(line.empty() ? "" : line[0]);
    if (words.size() > 3 && IsSameAddress(words[3].substr(0, words[3].find('/')), address)) found.name = words[1];
  }
  for (const FactLine& line : facts.All("interface")) {
    const std::vector<std::string> words = Words(line.empty() ? "" : line[0]);
    if (words.size() < 5 || found.name.empty()) continue;
    std::string name = words[1].substr(0, words[1].find_first_of(":@"));
    if (name != found.name) continue;
    found.mtu = std::atoi(words[4].c_str());
    found.up = words[2].find("UP") != std::string::npos && words[2].find("NO-CARRIER") == std::string::npos;
  }
  return found;
}

void Addresses(Look& look) {
  size_t seen = 0, passed_over = 0;
  look.Each([&](const NodeFacts& facts, const TopologyNode& node) {
    for (const compiler::Address& one : node.addresses) {
      ++(IsNumeric(one.address) ? seen : passed_over);
      if (!IsNumeric(one.address)) continue;
      const std::string& link = look.patient.topology.links[one.link].name;
      const Interface interface = InterfaceOf(facts, one.address);
      if (interface.name.empty())
        look.Amiss(node.name, one.address + " of link " + link + " is on no interface",
                   "give the interface its address, or mend the address in the policy");
      else if (!interface.up)
        look.Amiss(node.name, interface.name + ", which has " + one.address + " of link " + link + ", is down",
                   "look at the cable, and `ip link set " + interface.name + " up`");
    }
  });
  if (seen > 0)
    look.Saw("every address of the policy is on an interface that is up" +
             std::string(passed_over > 0 ? "; names are not looked at" : ""));
}

void AddressTwice(Look& look) {
  look.Each([&](const NodeFacts& facts, const TopologyNode& node) {
    for (const TopologyNode& other : look.patient.topology.nodes) {
      if (other.name == node.name) continue;
      for (const compiler::Address& one : other.addresses) {
        const Interface interface = InterfaceOf(facts, one.address);
        if (!interface.name.empty())
          look.Amiss(node.name, interface.name + " has " + one.address + ", which belongs to " + other.name,
                     "`ip addr del` it there, and take it out of that node's network configuration");
      }
    }
  });
  look.Saw("no node has an address of another");
}

void Mtu(Look& look) {
  for (size_t link = 0; link < look.patient.topology.links.size(); ++link) {
    std::map<int, std::vector<std::string>> by;
    look.Each([&](const NodeFacts& facts, const TopologyNode& node) {
      for (const compiler::Address& one : node.addresses)
        if (one.link == link)
          if (const Interface found = InterfaceOf(facts, one.address); found.mtu) by[found.mtu].push_back(node.name);
    });
    std::vector<std::string> sides;
    for (const auto& [mtu, nodes] : by) sides.push_back(std::to_string(mtu) + " on " + Join(nodes));
    if (by.size() > 1)
      look.Amiss("", "the MTU of link " + look.patient.topology.links[link].name + " differs: " + Join(sides, "; "),
                 "one MTU for all interfaces of a link, and for the switches between them");
  }
  for (const Hearing& hearing : look.patient.hearings) {
    for (const Hearing::Line& line : hearing.lines) {
      const bool small = std::any_of(hearing.lines.begin(), hearing.lines.end(), [&](const auto& other) {
        return other.link == line.link && other.peer == line.peer && !other.large && other.heard;
      });
      if (line.large && !line.heard && small)
        look.Amiss(hearing.node,
                   "from " + line.peer + " on link " + LinkName(look, line.link) +
                       " small packets arrive and packets of the interface's MTU do not",
                   "something on the way has a smaller MTU: lower the interfaces' or mend the switch");
    }
  }
  look.Saw("one MTU on every link");
}

void Udp(Look& look) {
  for (const Hearing& hearing : look.patient.hearings) {
    if (!hearing.trouble.empty())
      look.Amiss(hearing.node, "whether UDP arrives could not be tried: " + hearing.trouble, "install python3 there");
    for (const auto& [link, why] : hearing.closed)
      look.Amiss(hearing.node,
                 "port " + std::to_string(PortOf(look.patient.topology, link)) + " of link " + LinkName(look, link) +
                     " cannot be had: " + why,
                 "`ss -lunp` shows who has it");
    for (const Hearing::Line& line : hearing.lines)
      if (!line.large && !line.heard)
        look.Amiss(hearing.node,
                   "does not hear " + line.peer + " on link " + LinkName(look, line.link) + " (UDP " +
                       std::to_string(PortOf(look.patient.topology, line.link)) + ")",
                   "open UDP " + std::to_string(PortOf(look.patient.topology, line.link)) +
                       " in the firewalls of both; look at switch and cable");
  }
  look.Each([&](const NodeFacts& facts, const TopologyNode& node) {
    if (!RunsCorosync(facts)) return;
    for (const LinkState& state : LinksOf(facts)) {
      if (state.node == node.id || state.state == "connected" || state.state == "localhost") continue;
      look.Amiss(node.name,
                 "Corosync's link " + LinkName(look, state.link) + " to node " + std::to_string(state.node) + " is " +
                     state.state,
                 "open UDP " + std::to_string(PortOf(look.patient.topology, state.link)) +
                     " in the firewalls of both; look at switch and cable");
    }
  });
  // Between a node that runs Corosync and one that does not, nothing was tried.
  size_t running = 0, known = 0;
  look.Each([&](const NodeFacts& facts, const TopologyNode&) {
    ++known;
    running += RunsCorosync(facts) ? 1 : 0;
  });
  if (running == known || (running == 0 && look.patient.hearings.size() == known))
    look.Saw("every node hears every other on every link");
}

void Clock(Look& look) {
  double lowest = 0, highest = 0, error = 0;
  std::string early, late;
  for (size_t i = 0; i < look.patient.clocks.size(); ++i) {
    const auto& clock = look.patient.clocks[i];
    if (!clock || !look.patient.nodes[i].known()) continue;
    if (early.empty() || clock->offset_s < lowest) lowest = clock->offset_s, early = look.patient.nodes[i].node;
    if (late.empty() || clock->offset_s > highest) highest = clock->offset_s, late = look.patient.nodes[i].node;
    error = std::max(error, clock->error_s);
  }
  const double apart = highest - lowest;
  const std::string told = Seconds(apart) + " ± " + Seconds(2 * error);
  if (apart > kClocksApart_s + 2 * error)
    look.Amiss("", "the clocks of " + early + " and " + late + " are " + told + " apart",
               "let chrony keep the time on all nodes");
  look.Saw("the clocks are " + told + " apart at most");
}

void TimeSync(Look& look) {
  look.Each([&](const NodeFacts& facts, const TopologyNode&) {
    for (const char* name : {"chronyd", "ntpd", "openntpd", "systemd-timesyn", "ptp4l", "phc2sys"})
      if (facts.Has("process", name)) return;
    look.Amiss(facts.node, "no program keeps the clock", "install and start chrony");
  });
  look.Saw("a program keeps the clock on every node");
}

void Disk(Look& look) {
  look.Each([&](const NodeFacts& facts, const TopologyNode&) {
    for (const FactLine& line : facts.All("disk"))
      if (line.size() > 1 && !line[1].empty() && std::atol(line[1].c_str()) < kDiskFree_kb)
        look.Amiss(facts.node, line[0] + " has " + line[1] + " KiB left",
                   "make room: Pacemaker that cannot write its CIB stops");
  });
  look.Saw("there is room in /etc and /var/lib");
}

// --- software

void Version(Look& look, const std::string& word, const std::string& name) {
  look.Each([&](const NodeFacts& facts, const TopologyNode&) {
    if (facts.All(word).empty())
      look.Amiss(facts.node, name + " is not installed", "`apt install " + word + "` or `dnf install " + word + "`");
  });
  look.Same(
      "the version of " + name, [&](const NodeFacts& facts) { return facts.One(word); },
      "bring all nodes to the same release");
}
void PacemakerVersion(Look& look) {
  Version(look, "pacemaker", "Pacemaker");
}
void CorosyncVersion(Look& look) {
  Version(look, "corosync", "Corosync");
}

std::string AgentOn(const NodeFacts& facts, const std::string& agent) {
  for (const FactLine& line : facts.All("agent"))
    if (line.size() > 1 && line[0] == agent) return line[1];
  return "";
}

void Agents(Look& look) {
  for (const std::string& agent : look.patient.agents) {
    look.Each([&](const NodeFacts& facts, const TopologyNode&) {
      const std::string on = AgentOn(facts, agent);
      const bool unit = agent.starts_with("systemd:");
      if (on == "missing" || (unit && (on == "not-found" || on.empty())))
        look.Amiss(facts.node, agent + " is not there",
                   unit ? "install the service" : "install its package (resource-agents, fence-agents, …)");
    });
  }
  look.Saw(std::to_string(look.patient.agents.size()) + " agents are on every node");
}

void AgentVersions(Look& look) {
  for (const std::string& agent : look.patient.agents) {
    if (agent.starts_with("systemd:")) continue;
    std::set<std::string> digests;
    look.Each([&](const NodeFacts& facts, const TopologyNode&) {
      if (const std::string on = AgentOn(facts, agent); on != "missing" && !on.empty()) digests.insert(on);
    });
    if (digests.size() > 1)
      look.Amiss("", agent + " is not the same program on all nodes",
                 "bring the agents' package to one version everywhere");
  }
  look.Saw("the agents are the same everywhere");
}

void ComparePackages(Look& look, const NodeFacts& facts) {
  const auto& packages = look.patient.lock->packages;
  for (const FactLine& line : facts.All("package")) {
    const auto locked = packages.find(line[0]);
    if (locked == packages.end() || line.size() < 2 || line[1].empty() || line[1] == locked->second) continue;
    look.Amiss(facts.node, line[0] + " is " + line[1] + ", and " + look.patient.lock_name + " has " + locked->second,
               "install " + locked->second + ", or write the lock anew on a node: `picket agents lock POLICY`");
  }
}

void CompareAgents(Look& look, const NodeFacts& facts) {
  constexpr size_t kPhrasesMax = 4;
  for (const FactLine& line : facts.All("metadata")) {
    const compiler::agents::Agent* locked = look.patient.lock->Find(line[0]);
    if (!locked) continue;
    std::string reason = "it says nothing that can be read";
    const auto text = line.size() > 1 ? FromBase64(line[1]) : std::nullopt;
    const auto there = text ? compiler::agents::ReadMetadata(*text, line[0], reason) : std::nullopt;
    if (!there) {
      look.Amiss(facts.node, line[0] + " does not say what it is: " + Plain(reason),
                 "run its `meta-data` by hand, and mend what it says");
      continue;
    }
    std::vector<std::string> phrases = compiler::agents::Differences(*locked, *there);
    if (phrases.empty()) continue;
    const size_t more = phrases.size() > kPhrasesMax ? phrases.size() - kPhrasesMax : 0;
    phrases.resize(phrases.size() - more);
    look.Amiss(facts.node,
               line[0] + " is not as in " + look.patient.lock_name + ": it " + Plain(Join(phrases)) +
                   (more > 0 ? ", and " + std::to_string(more) + " more" : ""),
               "install its package in the same release, or write the lock anew on a node "
               "(`picket agents lock POLICY`) and check the policy against it");
  }
}

// The policy was checked against the agents of the lock, and runs with those of the nodes.
void AgentsLock(Look& look) {
  if (!look.patient.lock) return;
  size_t compared = 0;
  for (const std::string& agent : look.patient.agents) {
    const bool describes = agent.starts_with("ocf:") || agent.starts_with("stonith:");
    if (look.patient.lock->Find(agent))
      ++compared;
    else if (describes)
      look.Amiss("", agent + " is not in " + look.patient.lock_name,
                 "write the lock anew on a node that has the agent: `picket agents lock POLICY`");
  }
  for (const NodeFacts& facts : look.patient.described) {
    if (!facts.known())
      look.Amiss(facts.node, "the agents were not compared: " + facts.trouble, "see that they answer `meta-data`");
    ComparePackages(look, facts);
    CompareAgents(look, facts);
  }
  look.Saw(std::to_string(compared) + " agents are as in " + look.patient.lock_name);
}

void StartedAtBoot(Look& look) {
  for (const std::string& agent : look.patient.agents) {
    if (!agent.starts_with("systemd:")) continue;
    look.Each([&](const NodeFacts& facts, const TopologyNode&) {
      if (AgentOn(facts, agent) == "enabled")
        look.Amiss(facts.node, agent.substr(8) + " is started at boot, and by the cluster as well",
                   "`systemctl disable " + agent.substr(8) + "`: the cluster decides where it runs");
    });
  }
  look.Saw("no service of the policy starts by itself at boot");
}

void CibFolder(Look& look) {
  look.Each([&](const NodeFacts& facts, const TopologyNode&) {
    const std::string is = facts.One("cib-folder");
    if (!is.empty() && !is.starts_with("hacluster:haclient "))
      look.Amiss(facts.node, "/var/lib/pacemaker/cib is " + is, "`chown hacluster:haclient /var/lib/pacemaker/cib`");
  });
  look.Saw("/var/lib/pacemaker/cib belongs to hacluster");
}

void Password(Look& look) {
  look.Each([&](const NodeFacts& facts, const TopologyNode&) {
    if (facts.One("password") == "known")
      look.Amiss(facts.node, "the password of hacluster is one that everybody tries first", "`passwd hacluster`");
  });
  look.Saw("hacluster has no password that everybody knows");
}

// --- Corosync

void Leftovers(Look& look) {
  look.Each([&](const NodeFacts& facts, const TopologyNode&) {
    const bool ours = IsOurs(facts, look.patient.topology);
    if (const auto file = facts.File("/etc/corosync/corosync.conf"); file && !ours) {
      const auto conf = ConfOf(facts);
      look.Amiss(facts.node,
                 "corosync.conf is " + (conf ? "of cluster `" + conf->cluster + "`" : std::string("unreadable")) +
                     (conf && IsExample(*conf) ? ": the example of the package" : ""),
                 "make sure that it is not needed, then move it aside");
    }
    if (facts.File("/var/lib/pacemaker/cib/cib.xml") && !ours)
      look.Amiss(facts.node,
                 "a CIB of an earlier cluster (" + facts.One("cib-primitives") + " lines with primitives, nodes " +
                     Join(Words(facts.One("cib-nodes"))) + ")",
                 "stop Pacemaker and move /var/lib/pacemaker/cib/* aside");
    if (!ours && facts.File("/etc/corosync/authkey") && !facts.File("/etc/corosync/corosync.conf"))
      look.Amiss(facts.node, "an authkey without a corosync.conf", "move it aside");
    for (const std::string& name : Words(facts.One("cib-nodes"))) {
      const auto& nodes = look.patient.topology.nodes;
      if (ours && name == "node1" &&
          std::none_of(nodes.begin(), nodes.end(), [&](const auto& n) { return n.name == name; }))
        look.Amiss(facts.node, "the CIB has the ghost `node1` of the package's corosync.conf",
                   "`crm_node --force -R node1`");
    }
  });
  look.Saw("nothing is left of an earlier cluster");
}

void CorosyncConfs(Look& look) {
  compiler::CorosyncError error;
  const auto wanted = compiler::ReadCorosyncConf(compiler::CorosyncConf(look.patient.topology), error);
  std::vector<std::string> with, without;
  look.Each([&](const NodeFacts& facts, const TopologyNode&) {
    const bool there = facts.File("/etc/corosync/corosync.conf").has_value();
    (there ? with : without).push_back(facts.node);
    if (IsOurs(facts, look.patient.topology) && wanted &&
        compiler::CorosyncConf(*ConfOf(facts)) != compiler::CorosyncConf(*wanted))
      look.Amiss(facts.node, "corosync.conf is not what the policy says",
                 "`picket drift FILE --corosync` shows where; `picket compile --corosync` writes it");
  });
  if (!with.empty() && !without.empty())
    look.Amiss("", "corosync.conf is on " + Join(with) + " and not on " + Join(without), "copy it, or move it aside");
  look.Saw(with.empty() ? "no node has one yet" : "corosync.conf is what the policy says");
}

void Authkey(Look& look) {
  bool crypto = false;
  for (const auto& [name, value] : look.patient.topology.crypto) crypto |= value != "none";
  look.Each([&](const NodeFacts& facts, const TopologyNode&) {
    const auto key = facts.File("/etc/corosync/authkey");
    if (key && (key->mode != "400" || !key->owner.starts_with("root:")))
      look.Amiss(facts.node, "authkey is " + key->mode + " " + key->owner,
                 "`chown root: /etc/corosync/authkey; chmod 400 /etc/corosync/authkey`");
    if (!key && crypto && IsOurs(facts, look.patient.topology))
      look.Amiss(facts.node, "there is no authkey, and the policy asks for crypto",
                 "copy /etc/corosync/authkey from another node");
  });
  look.Same(
      "the authkey",
      [](const NodeFacts& facts) {
        const auto key = facts.File("/etc/corosync/authkey");
        return key ? key->digest.substr(0, 12) : std::string();
      },
      "one key for all: copy it from the node that is right, and restart Corosync");
}

void Crypto(Look& look) {
  bool on = false;
  for (const auto& [name, value] : look.patient.topology.crypto) on |= name == "cipher" && value != "none";
  if (!on)
    look.Amiss("", "what the nodes say to each other is neither encrypted nor signed",
               "write `crypto cipher=aes256 hash=sha256` into the cluster block");
  look.Saw("the policy has crypto on");
}

void Quorum(Look& look) {
  look.Each([&](const NodeFacts& facts, const TopologyNode&) {
    if (!RunsCorosync(facts)) return;
    const std::string quorate = QuorumWord(facts, "Quorate"), members = QuorumWord(facts, "Nodes");
    const std::string all = std::to_string(look.patient.topology.nodes.size());
    if (quorate != "Yes")
      look.Amiss(facts.node, quorate.empty() ? "Corosync does not say whether it has quorum" : "Corosync has no quorum",
                 "see that the other nodes run and are heard");
    if (members.empty() && quorate.empty()) return;  // It does not answer, which is told.
    if (members != all)
      look.Amiss(facts.node, "Corosync sees " + members + " of " + all + " nodes",
                 "start Corosync on the others, and see that they are heard");
  });
  look.Saw("where Corosync runs it has quorum and sees every node");
}

void Services(Look& look) {
  std::vector<std::string> on, off;
  look.Each([&](const NodeFacts& facts, const TopologyNode&) {
    (RunsCorosync(facts) ? on : off).push_back(facts.node);
    if (RunsCorosync(facts) && !facts.Has("process", "pacemakerd"))
      look.Amiss(facts.node, "Corosync runs and Pacemaker does not",
                 "`systemctl start pacemaker`, and look at its journal");
    for (const FactLine& line : facts.All("unit"))
      if (line.size() > 2 && line[2] == "failed" && (line[0] == "corosync" || line[0] == "pacemaker"))
        look.Amiss(facts.node, line[0] + " has failed", "`journalctl -u " + line[0] + "`");
  });
  if (!on.empty() && !off.empty())
    look.Amiss("", "Corosync runs on " + Join(on) + " and not on " + Join(off),
               "`systemctl start corosync pacemaker` there");
  look.Saw(on.empty() ? "the cluster is down everywhere" : "Corosync and Pacemaker run everywhere");
}

void Online(Look& look) {
  look.Each([&](const NodeFacts& facts, const TopologyNode&) {
    if (!facts.Has("process", "pacemakerd")) return;
    for (const TopologyNode& node : look.patient.topology.nodes)
      if (!facts.Has("online", node.name))
        look.Amiss(facts.node, "Pacemaker does not have " + node.name + " online", "`crm_mon -1` there");
  });
  look.Saw("where Pacemaker runs it has every node online");
}

// --- ports, firewall, fencing

void Ports(Look& look) {
  look.Each([&](const NodeFacts& facts, const TopologyNode& node) {
    for (const FactLine& line : facts.All("listens")) {
      if (line.size() < 2 || line[0] != "udp") continue;
      for (const compiler::Address& one : node.addresses) {
        const std::string port = ":" + std::to_string(PortOf(look.patient.topology, one.link));
        const std::vector<std::string> words = Words(line[1]);
        if (words.size() < 4 || !words[3].ends_with(port) || line[1].find("\"corosync\"") != std::string::npos)
          continue;
        look.Amiss(facts.node,
                   "somebody else listens on UDP " + port.substr(1) + ": " + (words.size() > 5 ? words[5] : words[3]),
                   "stop it, or give the link another `mcastport`");
      }
    }
  });
  look.Saw("only Corosync listens on its ports");
}

bool IsPort(const std::string& text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
}

// The ports that the policy's software needs, as tcp/2224 or udp/5405-5406.
std::vector<std::string> PortsOf(const Patient& patient, const NodeFacts& facts) {
  const size_t links = std::max<size_t>(1, patient.topology.links.size());
  std::vector<std::string> ports;
  for (size_t first = 0; first < links;) {  // Ports in a row are one range.
    size_t last = first;
    const int port = PortOf(patient.topology, first);
    while (last + 1 < links && PortOf(patient.topology, last + 1) == port + static_cast<int>(last + 1 - first)) ++last;
    const int end = port + static_cast<int>(last - first);
    ports.push_back("udp/" + std::to_string(port) + (end > port ? "-" + std::to_string(end) : std::string()));
    first = last + 1;
  }
  for (const std::string& agent : patient.agents) {
    if (agent == "ocf:pacemaker:remote") ports.push_back("tcp/3121");
    if (agent == "ocf:pacemaker:controld") ports.push_back("tcp/21064");
    if (agent == "ocf:pacemaker:booth-site" || agent == "ocf:booth:booth-site") ports.push_back("udp/9929");
  }
  for (const FactLine& line : facts.All("drbd-port"))
    if (IsPort(line.front())) ports.push_back("tcp/" + line.front());
  for (const compiler::PreflightCheck& check : patient.topology.preflight)
    if (check.name == "firewall") ports.insert(ports.end(), check.values.begin(), check.values.end());
  return ports;
}

// `5404-5412/udp`, `5404:5412/udp`, `5405` (both protocols), as firewalls list what they let in.
struct Opening {
  int first = 0, last = 0;
  std::string protocol;  // empty: each
};

std::optional<Opening> OpeningOf(const std::string& word) {
  Opening opening;
  const size_t slash = word.find('/');
  if (slash != std::string::npos) opening.protocol = word.substr(slash + 1);
  const std::string numbers = word.substr(0, slash);
  const size_t dash = numbers.find_first_of("-:");
  const std::string first = numbers.substr(0, dash),
                    last = dash == std::string::npos ? first : numbers.substr(dash + 1);
  if (!IsPort(first) || !IsPort(last)) return std::nullopt;
  opening.first = std::atoi(first.c_str());
  opening.last = std::atoi(last.c_str());
  return opening;
}

// Whether each port of `wanted` (udp/5405-5406) is let in. What a firewall names in another way is not
// understood, and counts as closed.
bool LetsIn(const std::vector<std::string>& open, const std::string& wanted) {
  const size_t slash = wanted.find('/');
  const std::string protocol = wanted.substr(0, slash);
  const auto range = OpeningOf(wanted.substr(slash + 1));
  if (slash == std::string::npos || !range) return true;  // `preflight` may name what is no port.
  for (int port = range->first; port <= range->last; ++port) {
    const bool in = std::any_of(open.begin(), open.end(), [&](const std::string& word) {
      const auto opening = OpeningOf(word);
      return opening && (opening->protocol.empty() || opening->protocol == protocol) && opening->first <= port &&
             port <= opening->last;
    });
    if (!in) return false;
  }
  return true;
}

void Firewall(Look& look) {
  look.Each([&](const NodeFacts& facts, const TopologyNode&) {
    for (const FactLine& line : facts.All("firewall")) {
      if (line.size() < 3) continue;
      const std::vector<std::string> services = Words(line[1]);
      if (std::find(services.begin(), services.end(), "high-availability") != services.end()) continue;
      std::string lacking, add;
      for (const std::string& port : PortsOf(look.patient, facts)) {
        const std::string protocol = port.substr(0, 3), number = port.substr(4);
        const bool rules = line[0] == "nftables";  // Rules of every form: only the number is looked for.
        if (rules ? line[2].find(number) != std::string::npos : LetsIn(Words(line[2]), port)) continue;
        lacking += (lacking.empty() ? "" : ", ") + port;
        if (line[0] == "firewalld")
          add += "firewall-cmd --permanent --add-port=" + number + "/" + protocol + "; ";
        else if (line[0] == "ufw")
          add += "ufw allow " + number + "/" + protocol + "; ";
        else
          add += "nft add rule inet filter input " + protocol + " dport " + number + " accept; ";
      }
      if (!lacking.empty())
        look.Amiss(facts.node, line[0] + " does not let in " + lacking, "`" + add.substr(0, add.size() - 2) + "`");
    }
  });
  look.Saw("no firewall is in the way of the policy's ports");
}

void Selinux(Look& look) {
  std::string wanted = "checked";
  for (const compiler::PreflightCheck& check : look.patient.topology.preflight)
    if (check.name == "selinux" && !check.values.empty()) wanted = check.values.front();
  std::vector<std::string> states;
  look.Each([&](const NodeFacts& facts, const TopologyNode&) {
    std::string is = facts.One("selinux");
    std::transform(is.begin(), is.end(), is.begin(), [](unsigned char c) { return std::tolower(c); });
    states.push_back(is + " on " + facts.node);
    if (wanted != "checked" && is != wanted && !(wanted == "disabled" && is == "absent"))
      look.Amiss(facts.node, "SELinux is " + is + ", and the policy says " + wanted,
                 "`setenforce`, and /etc/selinux/config for the next boot");
  });
  look.Same(
      "SELinux", [](const NodeFacts& facts) { return facts.One("selinux"); }, "the same on all nodes");
}

void FenceDevices(Look& look) {
  for (const DeviceAnswer& answer : look.patient.devices)
    if (!answer.unknown_plugs.empty())
      look.Amiss(answer.node,
                 "the fence device " + answer.device + " does not list " + answer.unknown_plugs + ": " + answer.said,
                 "mend the host map: it names the plugs as the device does");
  for (const DeviceAnswer& answer : look.patient.devices)
    if (!answer.well)
      look.Amiss(answer.node, "the fence device " + answer.device + " does not answer: " + answer.said,
                 "mend its address and its credentials before you need it");
  look.Saw(look.patient.devices.empty() ? "" : "every fence device that was asked answers");
}

std::int64_t SecondsOf(const NodeFacts& facts, const std::string& key, std::int64_t otherwise) {
  for (const FactLine& line : facts.All("sbd"))
    if (!line.empty()) {
      std::istringstream words(line[0] + " " + (line.size() > 1 ? line[1] : ""));
      std::string name, value;
      if (words >> name >> value && name == key) return std::atol(value.c_str());
    }
  return otherwise;
}

// What is written on the disks: `sbd-disk DEVICE WATCHDOG MSGWAIT`, in seconds; nothing where a disk does not
// answer.
void SbdDisks(Look& look, const NodeFacts& facts) {
  const std::int64_t own = SecondsOf(facts, "SBD_WATCHDOG_TIMEOUT", 0);
  for (const FactLine& line : facts.All("sbd-disk")) {
    if (line.empty()) continue;
    if (line.size() < 3 || line[1].empty() || line[2].empty()) {
      look.Amiss(facts.node, "the SBD disk " + line[0] + " cannot be read",
                 "see that the disk is there: `sbd -d " + line[0] + " dump`");
      continue;
    }
    const std::int64_t watchdog = std::atol(line[1].c_str()), msgwait = std::atol(line[2].c_str());
    const std::string disk = "the SBD disk " + line[0] + ": msgwait " + line[2] + " s, watchdog " + line[1] + " s";
    if (msgwait < 2 * watchdog)
      look.Amiss(facts.node, disk + ": msgwait is less than twice the watchdog",
                 "`sbd -d " + line[0] + " -1 " + line[1] + " -4 " + std::to_string(2 * watchdog) +
                     " create` while the cluster is down");
    if (own > 0 && msgwait < 2 * own)
      look.Amiss(facts.node,
                 disk + ": SBD_WATCHDOG_TIMEOUT is " + std::to_string(own) + " s, more than half of msgwait",
                 "a node may live longer than the others wait: give both the same times");
    if (const auto fencing_ms = look.patient.fencing_timeout_ms; fencing_ms && *fencing_ms * 10 < msgwait * 12000)
      look.Amiss(
          facts.node,
          disk + ": a fencing timeout of " + std::to_string(*fencing_ms / 1000) + " s is less than 1.2 × msgwait",
          "at least " + std::to_string((msgwait * 12 + 9) / 10) + " s, or fencing fails while it succeeds");
  }
}

void Watchdog(Look& look) {
  const bool needed = look.patient.watchdog_timeout_ms.value_or(0) != 0;
  look.Each([&](const NodeFacts& facts, const TopologyNode&) {
    const bool sbd = !facts.All("sbd").empty();
    if (!needed && !sbd) return;
    if (facts.All("watchdog").empty())
      look.Amiss(facts.node, "there is no /dev/watchdog",
                 "load the driver of the board's watchdog; softdog at the worst");
    if (needed && !facts.Has("process", "sbd"))
      look.Amiss(facts.node, "stonith-watchdog-timeout is set and sbd does not run",
                 "`systemctl enable sbd`, and restart the cluster on this node");
    const std::int64_t watchdog = SecondsOf(facts, "SBD_WATCHDOG_TIMEOUT", 5);
    const std::int64_t timeout = look.patient.watchdog_timeout_ms.value_or(0) / 1000;
    if (needed && timeout > 0 && timeout < 2 * watchdog)
      look.Amiss(facts.node,
                 "stonith-watchdog-timeout " + std::to_string(timeout) + " s < 2 × SBD_WATCHDOG_TIMEOUT " +
                     std::to_string(watchdog) + " s",
                 "at least " + std::to_string(2 * watchdog) + " s, or the node is taken for dead before it is");
  });
  look.Each([&](const NodeFacts& facts, const TopologyNode&) { SbdDisks(look, facts); });
  look.Saw(needed ? "watchdog and SBD are there, and their times fit" : "");
}

struct CheckEntry {
  const char* name;
  const char* what;
  void (*look)(Look&);
};

constexpr CheckEntry kChecks[] = {
    {"reach", "every node is reached", Reach},
    {"root", "the probe may see everything", Root},
    {"node-name", "the machine has the node's name", NodeName},
    {"names", "every node knows every name", Names},
    {"addresses", "the addresses are there", Addresses},
    {"address-twice", "no address is there twice", AddressTwice},
    {"udp", "UDP arrives between every pair on every link, both ways", Udp},
    {"mtu", "a link has one MTU, and packets of that size arrive", Mtu},
    {"clock", "the clocks agree", Clock},
    {"time-sync", "the clocks are kept", TimeSync},
    {"disk", "there is room", Disk},
    {"pacemaker-version", "one release of Pacemaker", PacemakerVersion},
    {"corosync-version", "one release of Corosync", CorosyncVersion},
    {"agents", "the agents are there", Agents},
    {"agent-versions", "the agents are the same", AgentVersions},
    {"agents-lock", "the agents are those of agents.lock", AgentsLock},
    {"started-at-boot", "only the cluster starts its services", StartedAtBoot},
    {"cib-folder", "Pacemaker can write its CIB", CibFolder},
    {"password", "hacluster has no default password", Password},
    {"leftovers", "nothing is left of an earlier cluster", Leftovers},
    {"corosync-conf", "corosync.conf is as the policy says", CorosyncConfs},
    {"authkey", "one authkey, for root's eyes", Authkey},
    {"crypto", "the nodes' talk is encrypted", Crypto},
    {"quorum", "a cluster that runs has quorum", Quorum},
    {"services", "Corosync and Pacemaker run everywhere or nowhere", Services},
    {"online", "Pacemaker has every node online", Online},
    {"ports", "only Corosync listens on its ports", Ports},
    {"firewall", "the firewall lets the cluster through", Firewall},
    {"selinux", "SELinux is the same everywhere", Selinux},
    {"fence-devices", "every fence device answers", FenceDevices},
    {"watchdog", "the chain of watchdog times holds", Watchdog},
};

}  // namespace

int PortOf(const compiler::Topology& topology, std::size_t link) {
  if (link < topology.links.size())
    for (const auto& [name, value] : topology.links[link].options)
      if (name == "mcastport" && IsPort(value)) return std::atoi(value.c_str());
  return kCorosyncPort + static_cast<int>(link);
}

Hearing ReadHearing(std::string node, std::string_view output) {
  Hearing hearing{std::move(node), {}, {}, "it was cut off"};
  std::istringstream stream{std::string(output)};
  for (std::string text; std::getline(stream, text);) {
    std::istringstream words(text);
    std::string word, peer, size;
    std::size_t link = 0;
    words >> word >> link;
    if (word == "closed") {
      std::getline(words >> std::ws, peer);
      hearing.closed.emplace_back(link, Plain(peer));
    } else if ((word == "heard" || word == "silent") && words >> peer >> size) {
      hearing.lines.push_back({link, Plain(peer), size == "large", word == "heard"});
    } else if (word == "end") {
      hearing.trouble.clear();
    }
  }
  return hearing;
}

std::vector<Checked> Examine(const Patient& patient) {
  const auto reached = static_cast<size_t>(
      std::count_if(patient.nodes.begin(), patient.nodes.end(), [](const NodeFacts& node) { return node.known(); }));
  std::vector<Checked> all;
  for (const CheckEntry& entry : kChecks) {
    Checked checked{entry.name, entry.what, "", {}};
    Look look(patient, checked);
    entry.look(look);
    // What was seen was seen on the nodes that were reached, and the policy's own text needs none.
    const bool needs_nodes = checked.name != "crypto";
    if (needs_nodes && reached == 0) checked.evidence.clear();
    if (needs_nodes && reached > 0 && reached < patient.nodes.size() && !checked.evidence.empty())
      checked.evidence += " (on the " + std::to_string(reached) + " of " + std::to_string(patient.nodes.size()) +
                          " nodes that were reached)";
    all.push_back(std::move(checked));
  }
  return all;
}

std::vector<std::string> CheckNames() {
  std::vector<std::string> names;
  for (const CheckEntry& entry : kChecks) names.emplace_back(entry.name);
  return names;
}

}  // namespace picket::runtime
