#include "runtime/ports/linux/corosync_keys.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace picket::runtime {
namespace {

// Of Corosync 3.1, where nothing else is configured.
constexpr int64_t kTokenMs = 3000;
constexpr std::string_view kNodePrefix = "nodelist.node.";

std::string_view TextOr(const CorosyncKeys& keys, const std::string& key, std::string_view otherwise) {
  const auto found = keys.find(key);
  return found == keys.end() ? otherwise : std::string_view(found->second);
}

int64_t NumberOr(const CorosyncKeys& keys, const std::string& key, int64_t otherwise) {
  const std::string_view text = TextOr(keys, key, "");
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() ? number : otherwise;
}

bool IsAddress(const std::string& text) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 || inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

ConfiguredNode NodeAt(const CorosyncKeys& keys, const std::string& prefix) {
  ConfiguredNode node;
  node.id = static_cast<NodeId>(NumberOr(keys, prefix + "nodeid", 0));
  node.votes = static_cast<int>(NumberOr(keys, prefix + "quorum_votes", 1));
  node.name = TextOr(keys, prefix + "name", "");
  const std::string address(TextOr(keys, prefix + "ring0_addr", ""));
  if (node.name.empty() && !IsAddress(address)) node.name = address;
  return node;
}

// Only knet encrypts.
bool IsEncrypted(const CorosyncKeys& keys) {
  if (TextOr(keys, "totem.transport", "knet") != "knet") return false;
  const std::string_view usual = TextOr(keys, "totem.secauth", "off") == "on" ? "aes256" : "none";
  return TextOr(keys, "totem.crypto_cipher", usual) != "none";
}

}  // namespace

GroupOpened OpenedFrom(const CorosyncKeys& keys, const std::string& host_name) {
  GroupOpened opened;
  const std::string own(TextOr(keys, "nodelist.local_node_pos", "?"));
  opened.self.node = NodeAt(keys, std::string(kNodePrefix) + own + ".").id;
  int64_t votes = 0;
  // The keys are sorted as text; the numbers in them only tell the nodes apart.
  for (auto key = keys.lower_bound(std::string(kNodePrefix)); key != keys.end(); ++key) {
    const std::string& name = key->first;
    if (!name.starts_with(kNodePrefix)) break;
    const size_t end = name.find('.', kNodePrefix.size());
    if (end == std::string::npos || name.substr(end) != ".nodeid") continue;
    ConfiguredNode node = NodeAt(keys, name.substr(0, end + 1));
    if (node.id == 0) continue;
    if (node.id == opened.self.node && node.name.empty()) node.name = host_name;
    votes += node.votes;
    opened.nodes.push_back(std::move(node));
  }
  std::sort(opened.nodes.begin(), opened.nodes.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  opened.two_node = NumberOr(keys, "quorum.two_node", 0) != 0;
  opened.plain_majority =
      !opened.two_node && NumberOr(keys, "quorum.last_man_standing", 0) == 0 &&
      NumberOr(keys, "quorum.auto_tie_breaker", 0) == 0 && NumberOr(keys, "quorum.allow_downscale", 0) == 0 &&
      NumberOr(keys, "quorum.expected_votes", votes) >= votes && TextOr(keys, "quorum.device.model", "").empty();
  opened.token_ms = NumberOr(keys, "runtime.config.totem.token", NumberOr(keys, "totem.token", kTokenMs));
  const int64_t usual_ms = opened.token_ms * 6 / 5;
  opened.consensus_ms = NumberOr(keys, "runtime.config.totem.consensus", NumberOr(keys, "totem.consensus", usual_ms));
  opened.encrypted = IsEncrypted(keys);
  return opened;
}

std::string NameOf(const GroupOpened& opened, NodeId node) {
  for (const ConfiguredNode& configured : opened.nodes) {
    if (configured.id == node) return configured.name;
  }
  return {};
}

}  // namespace picket::runtime
