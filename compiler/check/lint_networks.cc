#include <arpa/inet.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "compiler/check/lint_families.h"
#include "compiler/syntax/shape.h"

// What Corosync refuses although each part is right by itself (E0236), links that end in one network (W0416), and
// addresses that somebody has already, though no one else says so in so many words (W0464).
namespace picket::compiler {
namespace {

bool IsIpv6(const std::string& address) {
  in6_addr six{};
  return inet_pton(AF_INET6, address.c_str(), &six) == 1;
}

// The first three of four numbers: what a network is taken for where nothing says how long it is.
std::string NetworkOf(const std::string& address) {
  return IsIpv4(address) ? address.substr(0, address.rfind('.')) : "";
}

// .1 and .65: somebody has split the network, so that the hosts have equal numbers in its parts.
bool AreSplit(const std::string& left, const std::string& right) {
  constexpr std::int64_t kSmallestPart = 32;
  const auto last = [](const std::string& address) {
    return AsInteger(address.substr(address.rfind('.') + 1)).value_or(0);
  };
  return (last(left) - last(right)) % kSmallestPart == 0;
}

class NetworkLinter {
 public:
  NetworkLinter(const PolicyView& view, Diagnostics& diagnostics) : view_(view), diagnostics_(diagnostics) {}

  void Run() {
    Addresses();
    Refused();
    Families();
    OneNetwork();
    Exchanged();
    Connections();
    Witness();
    for (const ast::Statement& statement : view_.statements()) {
      if (const auto* bundle = std::get_if<ast::Bundle>(&statement.what)) Containers(*bundle);
    }
  }

 private:
  struct Address {
    std::string node, link, text;
    Span span;
  };

  void Addresses() {
    for (const ast::Node* node : view_.members()) {
      for (const ast::Item& item : node->items) {
        const auto* link = std::get_if<ast::LinkAddress>(&item);
        const auto* text = link != nullptr ? std::get_if<ast::Text>(&link->address.what) : nullptr;
        if (text != nullptr) addresses_.push_back({node->name.literal, link->link.literal, text->literal, text->span});
      }
    }
  }

  bool IsOn(std::string_view option) const {
    const auto setting = view_.ClusterOption("quorum", option);
    return setting && AsBoolean(setting->value).value_or(setting->value == "1");
  }

  Diagnostic& Refuse(const Span& span, std::string message, std::string help) {
    Diagnostic& error = diagnostics_.Error("E0236", span, std::move(message));
    error.label = "Corosync does not start";
    error.help.push_back(std::move(help));
    return error;
  }

  // E0236
  void Refused() {
    if (view_.cluster() == nullptr) return;
    if (view_.HasClusterSection("qdevice")) {
      for (const char* name : {"two_node", "auto_tie_breaker", "last_man_standing", "allow_downscale"}) {
        if (!IsOn(name)) continue;
        const std::string word = name;
        Refuse(view_.ClusterOption("quorum", name)->span, "`" + word + "` and a quorum device exclude each other",
               "leave `" + word + "` out: the quorum device decides who goes on");
      }
    }
    if (const auto hash = view_.ClusterOption("crypto", "hash"); hash && hash->value == "none") {
      const auto cipher = view_.ClusterOption("crypto", "cipher");
      if (cipher && cipher->value != "none") {
        Refuse(hash->span, "a `cipher` needs a `hash`", "write `hash=sha256`")
            .others.push_back({cipher->span, "the cipher"});
      }
    }
    for (const ast::ClusterItem& item : view_.cluster()->items) {
      const auto* option = std::get_if<ast::Option>(&item);
      const auto* text = option != nullptr ? std::get_if<ast::Text>(&option->value.what) : nullptr;
      if (text == nullptr || option->name.literal != "transport" || !text->literal.starts_with("udp")) continue;
      const auto links = std::count_if(view_.cluster()->items.begin(), view_.cluster()->items.end(),
                                       [](const auto& one) { return std::holds_alternative<ast::ClusterLink>(one); });
      if (links < 2) continue;
      Refuse(option->span, "`" + text->literal + "` knows one link, and the cluster has " + std::to_string(links),
             "write `transport = knet`");
    }
  }

  // E0236: the addresses of one link are all of IPv4 or all of IPv6.
  void Families() {
    std::map<std::string, const Address*> first;
    for (const Address& address : addresses_) {
      const bool six = IsIpv6(address.text);
      if (!six && !IsIpv4(address.text)) continue;
      const auto [known, fresh] = first.emplace(address.link, &address);
      if (fresh || IsIpv6(known->second->text) == six) continue;
      Refuse(address.span, "link `" + address.link + "` has addresses of IPv4 and of IPv6",
             "give all nodes an address of one kind on `" + address.link + "`")
          .others.push_back({known->second->span, "of the other kind"});
      return;
    }
  }

  // W0416: a machine sends to one network over one interface, whatever the links are called.
  void OneNetwork() {
    std::map<std::pair<std::string, std::string>, const Address*> first;
    for (const Address& address : addresses_) {
      const std::string network = NetworkOf(address.text);
      if (network.empty()) continue;
      const auto [known, fresh] = first.emplace(std::make_pair(address.node, network), &address);
      if (fresh || known->second->link == address.link || AreSplit(known->second->text, address.text)) continue;
      Diagnostic& warning = diagnostics_.Warning("W0416", address.span,
                                                 "links `" + known->second->link + "` and `" + address.link + "` of `" +
                                                     address.node + "` seem to end in one network, " + network + ".0");
      warning.label = "what breaks the one breaks the other";
      warning.others.push_back({known->second->span, "the other link"});
      warning.help.push_back("give each link a network of its own: the kernel sends to one network over one interface");
      return;
    }
  }

  // W0416: `lan` of this node is in the network of everybody else's `back`, and the other way round.
  void Exchanged() {
    std::map<std::pair<std::string, std::string>, int> nodes;  // By link and network.
    for (const Address& address : addresses_) ++nodes[{address.link, NetworkOf(address.text)}];
    const auto is_of = [&](const Address& address, const std::string& link) {
      const auto found = nodes.find({link, NetworkOf(address.text)});
      return !NetworkOf(address.text).empty() && found != nodes.end() && found->second > 1;
    };
    for (const Address& one : addresses_) {
      for (const Address& other : addresses_) {
        if (&one >= &other || one.node != other.node || one.link == other.link) continue;
        const bool exchanged = is_of(one, other.link) && is_of(other, one.link);
        if (!exchanged || is_of(one, one.link) || is_of(other, other.link)) continue;
        Diagnostic& warning = diagnostics_.Warning(
            "W0416", one.span,
            "`" + one.node + "` has an address of the network of `" + other.link + "` on link `" + one.link + "`");
        warning.label = "the other nodes are not there";
        warning.others.push_back({other.span, "and the other way round"});
        warning.help.push_back("exchange the addresses of `" + one.link + "` and `" + other.link + "` in `" + one.node +
                               "`");
        return;
      }
    }
  }

  const Address* OwnerOf(const std::string& text) const {
    const auto owner = std::find_if(addresses_.begin(), addresses_.end(),
                                    [&](const Address& one) { return one.text == text || one.node == text; });
    return owner != addresses_.end() ? &*owner : nullptr;
  }

  void InUse(const Span& span, std::string message, std::string label, const Span& there, std::string help) {
    Diagnostic& warning = diagnostics_.Warning("W0464", span, std::move(message));
    warning.label = std::move(label);
    warning.others.push_back({there, "its address"});
    warning.help.push_back(std::move(help));
  }

  // W0464: Pacemaker Remote and the cluster's own daemons exclude each other on one machine.
  void Connections() {
    for (const ast::Statement& statement : view_.statements()) {
      const auto* node = std::get_if<ast::Node>(&statement.what);
      if (node == nullptr || !node->kind || node->kind->literal != "remote") continue;
      for (const ast::Item& item : node->items) {
        const auto* option = std::get_if<ast::Option>(&item);
        const auto* text = option != nullptr ? std::get_if<ast::Text>(&option->value.what) : nullptr;
        if (text == nullptr || option->name.literal != "server") continue;
        const Address* owner = OwnerOf(text->literal);
        if (owner == nullptr) continue;
        InUse(text->span, "remote node `" + node->name.literal + "` has the address of node `" + owner->node + "`",
              "a machine is a node of the cluster or a remote node", owner->span,
              "write the address of the machine on which Pacemaker Remote runs");
      }
    }
  }

  // W0464: who is to be asked when nodes are lost.
  void Witness() {
    const auto host = view_.ClusterOption("qdevice", "host");
    const Address* owner = host ? OwnerOf(host->value) : nullptr;
    if (owner == nullptr) return;
    InUse(host->span, "the quorum device is on node `" + owner->node + "` of this cluster",
          "lost together with the node", owner->span, "run corosync-qnetd on a machine outside of the cluster");
  }

  // W0464: containers count upwards from `ip-range-start`.
  void Containers(const ast::Bundle& bundle) {
    std::size_t replicas = 1;
    const ast::Text* start = nullptr;
    for (const ast::BundleItem& item : bundle.items) {
      const auto* option = std::get_if<ast::Option>(&item);
      const auto* text = option != nullptr ? std::get_if<ast::Text>(&option->value.what) : nullptr;
      if (text != nullptr && option->name.literal == "replicas") {
        replicas = static_cast<std::size_t>(std::clamp<std::int64_t>(AsInteger(text->literal).value_or(1), 1, 256));
      }
      const auto* network = std::get_if<ast::BundleNetwork>(&item);
      if (network == nullptr) continue;
      for (const ast::Option& one : network->options) {
        if (one.name.literal == "ip-range-start") start = std::get_if<ast::Text>(&one.value.what);
      }
    }
    if (start == nullptr || !IsIpv4(start->literal)) return;
    in_addr four{};
    if (inet_pton(AF_INET, start->literal.c_str(), &four) != 1) return;
    for (std::size_t i = 0; i < replicas; ++i) {
      in_addr own{htonl(ntohl(four.s_addr) + static_cast<std::uint32_t>(i))};
      char text[INET_ADDRSTRLEN] = {};
      if (inet_ntop(AF_INET, &own, text, sizeof text) == nullptr || Taken(bundle, *start, text, i)) return;
    }
  }

  bool Taken(const ast::Bundle& bundle, const ast::Text& start, const std::string& address, std::size_t replica) {
    std::string whose;
    Span there;
    if (const Address* owner = OwnerOf(address)) {
      whose = "node `" + owner->node + "`";
      there = owner->span;
    }
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind != SymbolKind::kPrimitive || !view_.Agent(symbol).starts_with("ocf:heartbeat:IPaddr")) continue;
      const auto ip = view_.Parameter(symbol, "ip");
      if (!ip || ip->conditional || ip->value != address) continue;
      whose = "`" + symbol.id + "`";
      there = ip->span;
    }
    if (whose.empty()) return false;
    InUse(start.span,
          "container " + std::to_string(replica) + " of `" + bundle.name.literal + "` gets the address of " + whose +
              ", " + address,
          "the containers count upwards from here", there,
          "begin where as many addresses are free as there are replicas");
    return true;
  }

  const PolicyView& view_;
  Diagnostics& diagnostics_;
  std::vector<Address> addresses_;
};

}  // namespace

void LintNetworks(const PolicyView& view, Diagnostics& diagnostics) {
  NetworkLinter(view, diagnostics).Run();
}

}  // namespace picket::compiler
