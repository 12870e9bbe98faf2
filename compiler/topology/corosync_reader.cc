#include "compiler/topology/corosync_reader.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <vector>

namespace picket::compiler {
namespace {

constexpr std::size_t kDepthMax = 16;
constexpr std::size_t kLinksMax = 8;

struct Option {
  std::string name;
  std::string value;
  std::size_t line = 0;
};

struct Section {
  std::string name;
  std::size_t line = 0;
  std::vector<Option> options;
  std::vector<Section> sections;

  const Option* Find(std::string_view wanted) const {
    // The last one counts, as for Corosync.
    const auto found =
        std::find_if(options.rbegin(), options.rend(), [&](const Option& option) { return option.name == wanted; });
    return found == options.rend() ? nullptr : &*found;
  }
};

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(kBlank) + 1 - begin);
}

// A file as a tree of sections. It is read line by line, without recursion.
class Parser {
 public:
  explicit Parser(CorosyncError& error) : error_(error) {}

  bool Run(std::string_view text, Section& root) {
    std::vector<Section> open(1);
    while (!text.empty()) {
      ++line_;
      const std::size_t newline = text.find('\n');
      const std::string_view line = Trimmed(text.substr(0, newline));
      text = newline == std::string_view::npos ? "" : text.substr(newline + 1);
      if (line.empty() || line[0] == '#') continue;
      if (!Line(line, open)) return false;
    }
    if (open.size() > 1) {
      line_ = open.back().line;
      return Wrong("the section `" + open.back().name + "` is not closed", "a `}` on a line of its own ends it");
    }
    root = std::move(open[0]);
    return true;
  }

 private:
  bool Line(std::string_view line, std::vector<Section>& open) {
    if (line == "}") {
      if (open.size() == 1) return Wrong("a `}` without a section", "remove it");
      Section closed = std::move(open.back());
      open.pop_back();
      open.back().sections.push_back(std::move(closed));
      return true;
    }
    const std::size_t colon = line.find(':');
    if (line.back() == '{' && colon == std::string_view::npos) {
      if (open.size() > kDepthMax) return Wrong("sections nested too deeply", "");
      open.push_back({std::string(Trimmed(line.substr(0, line.size() - 1))), line_, {}, {}});
      return true;
    }
    const std::string_view name = Trimmed(line.substr(0, colon));
    if (colon == std::string_view::npos || name.empty()) {
      return Wrong("`" + std::string(line.substr(0, 60)) + "` is neither an option nor a section",
                   "lines are `name: value`, `section {` and `}`");
    }
    open.back().options.push_back({std::string(name), std::string(Trimmed(line.substr(colon + 1))), line_});
    return true;
  }

  bool Wrong(std::string message, std::string help) {
    error_ = {line_, std::move(message), std::move(help)};
    return false;
  }

  CorosyncError& error_;
  std::size_t line_ = 0;
};

// What the sections say, as a topology.
class Reader {
 public:
  explicit Reader(CorosyncError& error) : error_(error) {}

  bool Run(const Section& root) {
    bool nodes = false;
    // Links get their number before the addresses do.
    for (const Section& section : root.sections) {
      if (section.name == "totem" && !Totem(section)) return false;
    }
    for (const Section& section : root.sections) {
      if (section.name == "quorum" && !Quorum(section)) return false;
      if (section.name == "nodelist") {
        for (const Section& node : section.sections) {
          if (node.name != "node") continue;
          nodes = true;
          if (!Node(node)) return false;
        }
      }
    }
    if (nodes) return true;
    return Wrong(0, "no `node` in a `nodelist`", "nodes that find one another by multicast are not known here");
  }

  Topology topology;

 private:
  bool Wrong(std::size_t line, std::string message, std::string help = "") {
    error_ = {line, std::move(message), std::move(help)};
    return false;
  }

  template <class T>
  bool Number(const Option& option, T& out, T least) {
    const char* end = option.value.data() + option.value.size();
    T value = 0;
    const auto [rest, failure] = std::from_chars(option.value.data(), end, value);
    if (failure == std::errc() && rest == end && value >= least) {
      out = value;
      return true;
    }
    return Wrong(option.line, "`" + option.name + "` is a number, not `" + option.value + "`");
  }

  bool YesOrNo(const Option& option, bool& out) {
    out = option.value == "1" || option.value == "yes" || option.value == "on";
    if (out || option.value == "0" || option.value == "no" || option.value == "off") return true;
    return Wrong(option.line, "`" + option.name + "` is 1 or 0, not `" + option.value + "`");
  }

  bool HasLink(const Option& option, std::size_t number) {
    if (number >= kLinksMax) return Wrong(option.line, "there are links 0 to 7, and no other");
    while (topology.links.size() <= number) {
      topology.links.push_back({"link" + std::to_string(topology.links.size()), {}});
    }
    return true;
  }

  bool Totem(const Section& section) {
    for (const Option& option : section.options) {
      if (option.name == "version") continue;  // There is only one.
      if (option.name == "cluster_name") {
        topology.cluster = option.value;
      } else if (option.name == "transport") {
        topology.transport = option.value;
      } else if (option.name.starts_with("crypto_")) {
        topology.crypto.emplace_back(option.name.substr(7), option.value);
      } else if (option.name == "token" || option.name == "consensus") {
        std::int64_t duration_ms = 0;
        if (!Number<std::int64_t>(option, duration_ms, 1)) return false;
        (option.name == "token" ? topology.token_ms : topology.consensus_ms) = duration_ms;
      } else {
        topology.totem.emplace_back(option.name, option.value);
      }
    }
    for (const Section& link : section.sections) {
      if (link.name == "interface" && !Interface(link)) return false;
    }
    return true;
  }

  bool Interface(const Section& section) {
    std::size_t number = 0;
    const Option* given = section.Find("linknumber");
    if (given == nullptr) given = section.Find("ringnumber");  // Its name of old.
    if (given != nullptr && !Number<std::size_t>(*given, number, 0)) return false;
    if (!HasLink(given != nullptr ? *given : Option{"", "", section.line}, number)) return false;
    for (const Option& option : section.options) {
      if (option.name == "linknumber" || option.name == "ringnumber") continue;
      const bool knet = option.name == "knet_link_priority" && topology.transport == "knet";
      topology.links[number].options.emplace_back(knet ? "priority" : option.name, option.value);
    }
    return true;
  }

  bool Quorum(const Section& section) {
    for (const Option& option : section.options) {
      if (option.name == "provider") continue;  // There is only one.
      if (option.name == "two_node") {
        if (!YesOrNo(option, topology.two_node)) return false;
      } else if (option.name == "wait_for_all") {
        bool waits = false;
        if (!YesOrNo(option, waits)) return false;
        topology.wait_for_all = waits;
      } else {
        topology.quorum.emplace_back(option.name, option.value);
      }
    }
    for (const Section& device : section.sections) {
      if (device.name != "device") continue;
      const Option* model = device.Find("model");
      if (model == nullptr) return Wrong(device.line, "a quorum device without a `model`");
      topology.device = QuorumDevice{model->value, {}};
      for (const Section& options : device.sections) {
        if (options.name != model->value) continue;
        for (const Option& option : options.options) topology.device->options.emplace_back(option.name, option.value);
      }
    }
    return true;
  }

  bool Node(const Section& section) {
    TopologyNode node;
    std::map<std::size_t, std::string> addresses;
    for (const Option& option : section.options) {
      if (option.name == "name") node.name = option.value;
      if (option.name == "nodeid" && !Number<std::uint32_t>(option, node.id, 1)) return false;
      if (option.name == "quorum_votes") {
        int votes = 0;
        if (!Number<int>(option, votes, 0)) return false;
        node.votes = votes;
      }
      if (!option.name.starts_with("ring") || !option.name.ends_with("_addr")) continue;
      std::size_t link = 0;
      const Option number{option.name, option.name.substr(4, option.name.size() - 9), option.line};
      if (!Number<std::size_t>(number, link, 0) || !HasLink(option, link)) return false;
      addresses[link] = option.value;
    }
    if (addresses.empty()) return Wrong(section.line, "a node without an address", "`ring0_addr: ADDRESS`");
    for (const auto& [link, address] : addresses) node.addresses.push_back({link, address});
    // Without a name, its first address is what a cluster knows it by.
    if (node.name.empty()) node.name = node.addresses[0].address;
    if (node.id == 0) return Wrong(section.line, "node `" + node.name + "` has no `nodeid`", "`nodeid: 1` (2, 3, …)");
    if (!names_.insert(node.name).second) return Wrong(section.line, "a second node `" + node.name + "`");
    if (!ids_.insert(node.id).second) {
      return Wrong(section.line, "a second node with the id " + std::to_string(node.id));
    }
    topology.nodes.push_back(std::move(node));
    return true;
  }

  CorosyncError& error_;
  std::set<std::string> names_;
  std::set<std::uint32_t> ids_;
};

}  // namespace

std::optional<Topology> ReadCorosyncConf(std::string_view text, CorosyncError& error) {
  Section root;
  Reader reader(error);
  if (!Parser(error).Run(text, root) || !reader.Run(root)) return std::nullopt;
  return std::move(reader.topology);
}

}  // namespace picket::compiler
