#include <arpa/inet.h>

#include <algorithm>
#include <map>

#include "compiler/check/lint_families.h"
#include "compiler/syntax/shape.h"

// What Corosync refuses to start with: E0231 (no address), E0232 (one address twice), E0234 (times below its
// limits); and W0458, times with which it loses nodes that live.
namespace picket::compiler {
namespace {

// Digits and dots: meant as an address of IPv4.
bool LooksLikeIpv4(std::string_view text) {
  return text.find('.') != std::string_view::npos && text.find_first_not_of("0123456789./") == std::string_view::npos;
}

bool IsLoopback(std::string_view address) {
  return address == "::1" || (address.starts_with("127.") && LooksLikeIpv4(address));
}

class AddressLinter {
 public:
  AddressLinter(const PolicyView& view, const Topology& topology, Diagnostics& diagnostics)
      : view_(view), topology_(topology), diagnostics_(diagnostics) {}

  void Run() {
    for (const ast::Statement& statement : view_.statements()) {
      const auto* node = std::get_if<ast::Node>(&statement.what);
      if (node == nullptr) continue;
      for (const ast::Item& item : node->items) {
        if (const auto* link = std::get_if<ast::LinkAddress>(&item)) Link(*node, *link);
        const auto* option = std::get_if<ast::Option>(&item);
        if (option == nullptr || option->name.literal != "server") continue;
        if (const auto* text = std::get_if<ast::Text>(&option->value.what)) IsAddress(*text);
      }
    }
    if (view_.cluster() != nullptr) Times();
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind == SymbolKind::kPrimitive) Floating(symbol);
    }
  }

 private:
  // E0231: false if it is told.
  bool IsAddress(const ast::Text& text) {
    const std::string& word = text.literal;
    std::string why;
    in6_addr six{};
    if (word.find(':') != std::string::npos) {
      if (inet_pton(AF_INET6, word.c_str(), &six) != 1) why = "not an address of IPv6";
    } else if (LooksLikeIpv4(word)) {
      if (word.find('/') != std::string::npos)
        why = "an address, without the length of its network";
      else if (!IsIpv4(word))
        why = "four numbers from 0 to 255";
    }
    if (why.empty()) return true;
    Diagnostic& error = diagnostics_.Error("E0231", text.span, "`" + word + "` is not an address");
    error.label = why;
    error.help.push_back(word.find('/') != std::string::npos ? "write `" + word.substr(0, word.find('/')) + "`"
                                                             : "as in `192.0.2.1`");
    return false;
  }

  void Link(const ast::Node& node, const ast::LinkAddress& link) {
    const auto* text = std::get_if<ast::Text>(&link.address.what);
    if (text == nullptr || !IsAddress(*text)) return;
    if (IsLoopback(text->literal) && view_.members().size() > 1) {
      Diagnostic& error = diagnostics_.Error(
          "E0231", text->span,
          "`" + text->literal + "` is no address by which other nodes reach `" + node.name.literal + "`");
      error.label = "every machine has it for itself";
      error.help.push_back("write the address that the node has in the network of the link");
      return;
    }
    const auto [first, fresh] = addresses_.emplace(text->literal, std::make_pair(node.name.literal, text->span));
    if (fresh) return;
    const bool other = first->second.first != node.name.literal;
    Diagnostic& error =
        diagnostics_.Error("E0232", text->span,
                           other ? "`" + node.name.literal + "` has the address of `" + first->second.first + "`"
                                 : "two links of `" + node.name.literal + "` have the same address");
    error.others.push_back({first->second.second, "the first one"});
    error.help.push_back("give each link of each node an address of its own");
  }

  // W0464: an address that moves, and that a node or a device has for good.
  void Floating(const Symbol& primitive) {
    const std::string agent = view_.Agent(primitive);
    if (agent != "ocf:heartbeat:IPaddr2" && agent != "ocf:heartbeat:IPaddr") return;
    const auto address = view_.Parameter(primitive, "ip");
    if (!address || address->conditional) return;
    if (IsLoopback(address->value)) {
      Diagnostic& warning =
          diagnostics_.Warning("W0464", address->span, "`" + primitive.id + "` has an address of every machine's own");
      warning.label = "nobody reaches it from elsewhere";
      warning.help.push_back("write an address that clients can connect to");
      return;
    }
    std::string whose;
    Span there;
    if (const auto node = addresses_.find(address->value); node != addresses_.end()) {
      whose = "node `" + node->second.first + "`";
      there = node->second.second;
    }
    for (const Symbol& symbol : view_.symbols().all()) {
      if (symbol.kind != SymbolKind::kFence || !whose.empty()) continue;
      for (const char* name : {"ip", "ipaddr"}) {
        const auto own = view_.Parameter(symbol, name);
        if (!own || own->value != address->value) continue;
        whose = "fence device `" + symbol.id + "`";
        there = own->span;
      }
    }
    if (whose.empty()) return;
    Diagnostic& warning =
        diagnostics_.Warning("W0464", address->span, "`" + primitive.id + "` has the address of " + whose);
    warning.label = "two machines will answer for it";
    warning.others.push_back({there, "its address"});
    warning.help.push_back("write an address that nobody has: the cluster puts it on a node, and takes it away again");
  }

  std::optional<std::int64_t> TimeMs(const char* name, Span& span) const {
    const auto setting = view_.ClusterOption("totem", name);
    if (!setting) return std::nullopt;
    span = setting->span;
    if (const auto bare = AsInteger(setting->value)) return bare;  // Corosync's own unit.
    return AsDurationMs(setting->value);
  }

  void Times() {
    Span span, token_span;
    const auto token_ms = TimeMs("token", token_span);
    bool short_token = false;
    for (const char* name : {"token", "consensus", "join", "merge", "send_join"}) {
      const auto time_ms = TimeMs(name, span);
      const bool bare = time_ms && AsInteger(view_.ClusterOption("totem", name)->value);
      const std::string word = name;
      if (!time_ms || *time_ms >= 30 || word == "send_join") continue;
      short_token = short_token || word == "token";
      Diagnostic& error = diagnostics_.Error(
          "E0234", span, "`" + word + "` is " + std::to_string(*time_ms) + " ms: Corosync refuses less than 30");
      error.label = bare ? "a number without a unit is milliseconds" : "";
      error.help.push_back(bare && *time_ms > 0
                               ? "write `" + word + "=" + std::to_string(*time_ms) + "s` if seconds are meant"
                               : "write `" + word + "=3s`");
    }
    if (short_token || !token_ms) return;
    if (*token_ms < 300) {
      Diagnostic& warning = diagnostics_.Warning(
          "W0458", token_span, "with a `token` of " + std::to_string(*token_ms) + " ms, a busy node counts as lost");
      warning.help.push_back("write `token=1s` or more; Corosync's own is 3s");
    }
    if (*token_ms > 60000) {
      Diagnostic& warning = diagnostics_.Warning(
          "W0458", token_span,
          "with a `token` of " + std::to_string(*token_ms / 1000) + " s, a lost node is noticed as late as that");
      warning.help.push_back("write `token=" + std::to_string(*token_ms / 1000) + "` if milliseconds are meant");
    }
    const auto consensus_ms = TimeMs("consensus", span);
    // The token grows with the nodes, and the consensus that is written does not.
    const std::int64_t effective_ms = topology_.DetectionParts().EffectiveTokenMs();
    if (!consensus_ms || *consensus_ms * 5 >= effective_ms * 6 || *consensus_ms < 30) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0458", span, "`consensus` is shorter than 1.2 times `token`: a lost node may be told twice, or too early");
    if (effective_ms > *token_ms)
      warning.label = "with so many nodes the token is " + std::to_string(effective_ms) + " ms";
    warning.others.push_back({token_span, "the token"});
    warning.help.push_back("leave `consensus` out, or write `consensus=" + std::to_string(effective_ms * 6 / 5) +
                           "ms`");
  }

  const PolicyView& view_;
  const Topology& topology_;
  Diagnostics& diagnostics_;
  std::map<std::string, std::pair<std::string, Span>> addresses_;
};

}  // namespace

void LintAddresses(const PolicyView& view, const Topology& topology, Diagnostics& diagnostics) {
  AddressLinter(view, topology, diagnostics).Run();
}

}  // namespace picket::compiler
