#include "compiler/check/agent_values.h"

#include <arpa/inet.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

bool IsComputed(std::string_view value) {
  return value.empty() || value.starts_with("secret(") || value.find_first_of("$%{") != std::string_view::npos;
}

bool IsIpv6(const std::string& text) {
  in6_addr six{};
  return inet_pton(AF_INET6, text.c_str(), &six) == 1;
}

// Digits and dots: meant as an address of IPv4, even for an agent that takes names as well.
bool LooksLikeIpv4(std::string_view text) {
  return text.find('.') != std::string_view::npos && text.find_first_not_of("0123456789./") == std::string_view::npos;
}

// Agents whose `ip` or `ipaddress` is put on an interface: no name will do.
bool HoldsAnAddress(std::string_view agent) {
  static const std::set<std::string, std::less<>> agents = {"ocf:heartbeat:IPaddr2", "ocf:heartbeat:IPaddr",
                                                            "ocf:heartbeat:IPsrcaddr", "ocf:heartbeat:IPv6addr"};
  return agents.contains(agent);
}

bool IsAddressName(std::string_view name) {
  return name == "ip" || name == "ipaddr" || name == "ipaddress" || name == "master_ip" || name == "nfs_ip" ||
         name == "server_ip" || name == "ipv6addr";
}

bool IsPortName(std::string_view name) {
  return name == "port" || name == "ipport" || name.ends_with("_port") || name == "pgport";
}

// Folders, which are nothing without their whole path.
bool IsFolderName(std::string_view name) {
  return name == "directory" || name == "pgdata" || name == "datadir" || name == "nfs_shared_infodir";
}

// Paths by their name and a default that is one. A word without any slash may be a name that the agent looks
// up.
bool IsPathName(std::string_view name, const std::optional<std::string>& fallback) {
  if (!fallback || !fallback->starts_with("/")) return false;
  for (const char* part : {"dir", "file", "path", "conf", "sock", "log"}) {
    if (name.find(part) != std::string_view::npos) return true;
  }
  return false;
}

// What a filesystem on a disk of its own is called, and what is mounted otherwise.
bool IsOnDisk(const std::string& fstype) {
  static const std::set<std::string, std::less<>> types = {"ext2", "ext3", "ext4",     "xfs",  "btrfs", "jfs",
                                                           "f2fs", "vfat", "reiserfs", "gfs2", "ocfs2", "ntfs"};
  return types.contains(fstype);
}

const std::vector<std::string>& Filesystems() {
  static const std::vector<std::string> types = {
      "ext2",    "ext3",     "ext4",    "xfs",       "btrfs", "jfs",  "f2fs",  "vfat",  "reiserfs",
      "gfs2",    "ocfs2",    "ntfs",    "nfs",       "nfs4",  "cifs", "smbfs", "tmpfs", "none",
      "lustre",  "gpfs",     "overlay", "glusterfs", "ceph",  "zfs",  "fuse",  "udf",   "exfat",
      "iso9660", "squashfs", "9p",      "auto",      "bind",  "aufs", "hfs",   "minix", "bcachefs"};
  return types;
}

struct Wrong {
  std::string wanted;
  std::string help;
};

std::optional<Wrong> Address(const std::string& name, const std::string& value, bool holds) {
  const std::size_t slash = value.find('/');
  const std::string bare = value.substr(0, slash);
  const bool numbers = LooksLikeIpv4(value), six = value.find(':') != std::string::npos;
  if (!numbers && !(holds && (six || name != "ipv6addr"))) return std::nullopt;
  if (holds && IsIpv6(value)) return std::nullopt;
  if (!numbers && !holds) return std::nullopt;
  if (slash != std::string::npos && (IsIpv4(bare) || IsIpv6(bare))) {
    return Wrong{"an address",
                 holds ? "write `" + name + " = " + bare + "` and `cidr_netmask = " + value.substr(slash + 1) + "`"
                       : "write `" + name + " = " + bare + "`"};
  }
  if (IsIpv4(value)) return std::nullopt;
  return Wrong{"an address", six ? "an address of IPv6 is up to eight groups of hexadecimal digits, as in `2001:db8::1`"
                                 : "an address is four numbers from 0 to 255, as in `192.0.2.1`"};
}

std::optional<Wrong> Netmask(const std::string& value, const std::string& address) {
  if (IsIpv4(value) && value.find('/') == std::string::npos) {
    // 255.255.255.0: the ones of a mask stand in front.
    in_addr four{};
    if (inet_pton(AF_INET, value.c_str(), &four) != 1) return std::nullopt;
    const std::uint32_t bits = ntohl(four.s_addr);
    const int length = __builtin_popcount(bits);
    const bool mask = length == 0 || bits == ~std::uint32_t{0} << (32 - length);
    return Wrong{"the length of a network",
                 mask ? "write `cidr_netmask = " + std::to_string(length) + "`" : "as in `cidr_netmask = 24`"};
  }
  const auto length = AsInteger(value);
  const int most = address.find(':') != std::string::npos ? 128 : 32;
  if (length && *length >= 0 && *length <= most) return std::nullopt;
  return Wrong{"a number from 0 to " + std::to_string(most),
               most == 128 ? "as in `cidr_netmask = 64`" : "as in `cidr_netmask = 24`"};
}

// An address of IPv4 that no machine can have; `netmask` is the length of its network, where that is given.
std::optional<Wrong> NoMachine(const std::string& name, const std::string& value, const std::string& netmask) {
  in_addr four{};
  if (!IsIpv4(value) || inet_pton(AF_INET, value.c_str(), &four) != 1) return std::nullopt;
  const std::uint32_t bits = ntohl(four.s_addr);
  const std::string as_is = "`" + name + "` is what clients connect to";
  if (bits >> 24 == 0 || bits >> 28 >= 14) return Wrong{"the address of a machine", as_is};
  const auto length = AsInteger(netmask);
  if (!length || *length < 1 || *length > 30) return std::nullopt;
  const std::uint32_t hosts = ~std::uint32_t{0} >> *length;
  if ((bits & hosts) == 0) return Wrong{"the address of a machine", "this is the network itself; " + as_is};
  if ((bits & hosts) == hosts)
    return Wrong{"the address of a machine", "this is all machines of the network; " + as_is};
  return std::nullopt;
}

std::string WithoutBlanks(std::string text) {
  std::erase(text, ' ');
  return text;
}

// The device and the type of ocf:heartbeat:Filesystem.
std::optional<Wrong> Mounted(const std::string& name, const std::string& value, const std::string& fstype) {
  if (name == "directory" && value == "/")
    return Wrong{"where the filesystem is mounted", "this is the system's own; write a folder of its own"};
  if (name == "device" && (fstype == "nfs" || fstype == "nfs4") && value.find(":/") == std::string::npos &&
      value.starts_with("/"))
    return Wrong{"a server and its export", "write `device = \"SERVER:" + value + "\"`"};
  if (name == "options" && value.find(", ") != std::string::npos)
    return Wrong{"a list without blanks", "write `options = \"" + WithoutBlanks(value) + "\"`"};
  if (name == "device" && IsOnDisk(fstype) && value.find_first_of("=:") == std::string::npos &&
      !value.starts_with("/") && !value.starts_with("-"))
    return Wrong{"a whole path", "a path begins with `/`: write `device = /" + value + "`"};
  const auto& known = Filesystems();
  if (name != "fstype" || std::find(known.begin(), known.end(), value) != known.end()) return std::nullopt;
  const auto meant = Nearest(value, known);
  if (!meant || value.find('.') != std::string::npos) return std::nullopt;
  return Wrong{"a type of filesystem", "did you mean `" + *meant + "`?"};
}

// Words of which the agent takes one, whatever its metadata say.
const std::vector<std::string>* WordsOf(const std::string& agent, const std::string& name) {
  static const std::map<std::string, std::vector<std::string>, std::less<>> all = {
      {"ocf:heartbeat:LVM-activate vg_access_mode", {"lvmlockd", "clvmd", "system_id", "tagging"}},
      {"ocf:heartbeat:LVM-activate activation_mode", {"exclusive", "shared"}},
      {"ocf:heartbeat:pgsql rep_mode", {"none", "async", "sync", "slave"}},
  };
  const auto found = all.find(agent + ' ' + name);
  return found != all.end() ? &found->second : nullptr;
}

// How a name begins, or what it may not be.
std::optional<Wrong> Named(const std::string& agent, const std::string& name, const std::string& value) {
  if (const auto* words = WordsOf(agent, name)) {
    if (std::find(words->begin(), words->end(), value) != words->end()) return std::nullopt;
    std::string list;
    for (const std::string& word : *words) list += (list.empty() ? "" : &word == &words->back() ? " or " : ", ") + word;
    const auto meant = Nearest(value, *words);
    return Wrong{list, meant ? "did you mean `" + *meant + "`?" : "write one of these words"};
  }
  const bool iqn = (agent == "ocf:heartbeat:iSCSITarget" && name == "iqn") ||
                   (agent == "ocf:heartbeat:iSCSILogicalUnit" && name == "target_iqn");
  if (iqn && !value.starts_with("iqn.") && !value.starts_with("eui.") && !value.starts_with("naa."))
    return Wrong{"the name of a target", "such a name begins with `iqn.`, as in `iqn.2026-01.org.example:store`"};
  if (agent == "ocf:heartbeat:galera" && name == "wsrep_cluster_address" && value.find("://") == std::string::npos)
    return Wrong{"an address of Galera", "write `" + name + " = \"gcomm://" + value + "\"`"};
  if (agent == "ocf:heartbeat:apache" && name == "statusurl" && value.find("://") == std::string::npos)
    return Wrong{"a URL", "write `" + name + " = \"http://" + value + "\"`"};
  const bool group = name == "vgname" || name == "volgrpname";
  if ((group || (agent == "ocf:linbit:drbd" && name == "drbd_resource")) && value.starts_with("/")) {
    const std::string last = value.substr(value.rfind('/') + 1);
    return Wrong{
        group ? "the name of a volume group" : "the name of a resource of DRBD",
        group ? "write `" + name + " = " + last + "`" : "write its name in DRBD's configuration, such as `r0`"};
  }
  return std::nullopt;
}

class ValueCheck {
 public:
  ValueCheck(Configuration& configuration, pugi::xml_node element, const agents::Agent& agent, AgentReport& report)
      : pairs_(configuration.PairsOf(element)), agent_(agent), report_(report) {
    for (const ConfiguredPair& pair : pairs_) {
      if (!pair.conditional) values_.emplace(pair.name, pair.value);
    }
  }

  void Run() {
    for (const ConfiguredPair& pair : pairs_) {
      if (!pair.own || IsComputed(pair.value)) continue;
      if (const auto wrong = Find(pair)) Tell(pair, *wrong);
    }
  }

 private:
  std::optional<Wrong> Find(const ConfiguredPair& pair) const {
    const bool fence = agent_.name.starts_with("stonith:");
    if (IsAddressName(pair.name)) {
      const bool holds = HoldsAnAddress(agent_.name);
      if (auto wrong = Address(pair.name, pair.value, holds)) return wrong;
      return holds ? NoMachine(pair.name, pair.value, ValueOf("cidr_netmask")) : std::nullopt;
    }
    if (pair.name == "cidr_netmask" && HoldsAnAddress(agent_.name)) {
      return Netmask(pair.value, ValueOf("ip"));
    }
    if (pair.name == "nic" && HoldsAnAddress(agent_.name) && pair.value.find(':') != std::string::npos) {
      const std::size_t colon = pair.value.find(':');
      return Wrong{"the name of an interface", "write `nic = " + pair.value.substr(0, colon) + "` and `iflabel = \"" +
                                                   pair.value.substr(colon + 1) + "\"`"};
    }
    if (pair.name == "nic" && HoldsAnAddress(agent_.name) && pair.value.find('/') != std::string::npos)
      return Wrong{"the name of an interface", "as in `nic = eth0`"};
    if (auto wrong = Named(agent_.name, pair.name, pair.value)) return wrong;
    if (agent_.name == "ocf:heartbeat:Filesystem") {
      if (pair.name == "directory" && pair.value.starts_with("/dev/") && !ValueOf("device").starts_with("/dev/") &&
          IsOnDisk(ValueOf("fstype")))
        return Wrong{"where the filesystem is mounted", "`device` and `directory` seem to have changed places"};
      if (auto wrong = Mounted(pair.name, pair.value, ValueOf("fstype"))) return wrong;
    }
    // The `port` of a fence device is a plug.
    if (IsPortName(pair.name) && (!fence || pair.name == "ipport")) {
      const auto number = AsInteger(pair.value);
      if (!number || (*number >= 1 && *number <= 65535)) return std::nullopt;
      return Wrong{"a port from 1 to 65535", "write the number of the port"};
    }
    const agents::Parameter* parameter = agent_.FindParameter(pair.name);
    const bool folder = IsFolderName(pair.name);
    const bool path = parameter != nullptr && IsPathName(pair.name, parameter->fallback);
    const std::size_t slash = pair.value.find('/');
    const bool file = parameter != nullptr && (pair.name == "config" || pair.name == "configfile") &&
                      (pair.value.ends_with(".xml") || pair.value.ends_with(".conf") || pair.value.ends_with(".cnf"));
    if (!fence && (folder || file || (path && slash != std::string::npos)) && slash != 0) {
      return Wrong{"a whole path",
                   slash == std::string::npos && !folder
                       ? "a path begins with `/`: write its folder as well, as in `/etc/" + pair.value + "`"
                       : "a path begins with `/`: write `" + pair.name + " = /" + pair.value + "`"};
    }
    return std::nullopt;
  }

  // Of a parameter that is set here; empty if it is not.
  std::string ValueOf(std::string_view name) const {
    const auto found = values_.find(name);
    return found != values_.end() ? found->second : "";
  }

  void Tell(const ConfiguredPair& pair, const Wrong& wrong) {
    const auto place = report_.sources.Find(pair.id, "value");
    if (!place) return;
    Diagnostic& mistake =
        report_.Mistake("E0314", *place, "`" + pair.name + "` is " + wrong.wanted + ", not `" + pair.value + "`");
    mistake.label = "for " + report_.Source(agent_);
    mistake.help.push_back(wrong.help);
  }

  const std::vector<ConfiguredPair> pairs_;
  const agents::Agent& agent_;
  AgentReport& report_;
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace

void CheckValues(Configuration& configuration, pugi::xml_node element, const agents::Agent& agent,
                 AgentReport& report) {
  ValueCheck(configuration, element, agent, report).Run();
}

}  // namespace picket::compiler
