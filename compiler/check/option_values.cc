#include "compiler/check/option_values.h"

#include <algorithm>
#include <map>

#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/duration_help.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

using enum OptionShape;

struct Attribute {
  Holder holder = Holder::kOrder;
  KnownOption option;
};

KnownOption Of(std::string_view name, OptionShape shape, std::vector<std::string> words = {}) {
  return {name, OptionBlock::kElement, shape, std::move(words)};
}

// Numbers of Corosync: milliseconds, counts.
void AddNumbers(Holder holder, std::initializer_list<std::string_view> names, std::vector<Attribute>& all) {
  for (const std::string_view name : names) all.push_back({holder, Of(name, kNatural)});
}
void AddSwitches(Holder holder, std::initializer_list<std::string_view> names, std::vector<Attribute>& all) {
  for (const std::string_view name : names) all.push_back({holder, Of(name, kBoolean)});
}

// What may have any value, or is looked at elsewhere.
void AddNames(Holder holder, std::initializer_list<std::string_view> names, std::vector<Attribute>& all) {
  for (const std::string_view name : names) all.push_back({holder, Of(name, kAny)});
}

// Attributes of elements of the CIB.
std::vector<Attribute> OfTheCib() {
  using enum Holder;
  const std::vector<Attribute> all = {
      {kOrder, Of("kind", kWords, {"optional", "mandatory", "serialize"})},
      {kLocation, Of("discovery", kWords, {"always", "never", "exclusive"})},
      {kTicket, Of("on-loss", kWords, {"stop", "demote", "fence", "freeze"})},
      {kSet, Of("kind", kWords, {"optional", "mandatory", "serialize"})},
      {kSet, Of("ordering", kWords, {"group", "listed"})},
      {kSet, Of("action", kWords, {"start", "stop", "promote", "demote"})},
      {kBundle, Of("replicas", kCount)},
      {kBundle, Of("replicas-per-host", kCount)},
      {kBundle, Of("promoted-max", kNatural)},
      {kNetwork, Of("ip-range-start", kAddress)},
      {kNetwork, Of("control-port", OptionShape::kPort)},
      {kNetwork, Of("host-netmask", kPrefix)},
      {Holder::kPort, Of("internal-port", OptionShape::kPort)},
      {Holder::kPort, Of("range", kPorts)},
      {kStorage, Of("source-dir", kPath)},
      {kStorage, Of("source-dir-root", kPath)},
      {kStorage, Of("target-dir", kPath)},
  };
  return all;
}

// Settings of Corosync, and what the cluster reads of nodes and devices.
std::vector<Attribute> OfCorosync() {
  using enum Holder;
  std::vector<Attribute> all = {
      {kTotem, Of("token", kDuration)},
      {kTotem, Of("consensus", kDuration)},
      {kTotem, Of("secauth", kWords, {"on", "off", "yes", "no"})},
      {kTotem, Of("link_mode", kWords, {"passive", "active", "rr"})},
      {kTotem, Of("ip_version", kWords, {"ipv4", "ipv6", "ipv4-6", "ipv6-4"})},
      {kCrypto, Of("cipher", kWords, {"none", "aes256", "aes192", "aes128"})},
      {kCrypto, Of("hash", kWords, {"none", "md5", "sha1", "sha256", "sha384", "sha512"})},
      {kCrypto, Of("model", kWords, {"nss", "openssl"})},
      {kQuorum, Of("expected_votes", kCount)},
      {kLink, Of("mcastport", OptionShape::kPort)},
      {kLink, Of("knet_transport", kWords, {"udp", "sctp"})},
      {kLink, Of("mcastaddr", kAddress)},
      {kLink, Of("bindnetaddr", kAddress)},
      {kQdevice, Of("host", kAny)},
      {kQdevice, Of("port", OptionShape::kPort)},
      {kQdevice, Of("tls", kWords, {"on", "off", "required"})},
      {kQdevice, Of("algorithm", kWords, {"ffsplit", "lms", "2nodelms", "test"})},
      {kQdevice, Of("tie_breaker", kAny)},
      {kQdevice, Of("force_ip_version", kWords, {"0", "4", "6"})},
      {kQdevice, Of("keep_active_partition_tie_breaker", kAny)},
      {kDevice, Of("pcmk_host_check", kWords, {"static-list", "dynamic-list", "status", "none"})},
  };
  AddSwitches(kQuorum,
              {"two_node", "wait_for_all", "last_man_standing", "auto_tie_breaker", "allow_downscale",
               "expected_votes_tracking"},
              all);
  AddSwitches(kTotem, {"block_unlisted_ips", "cancel_token_hold_on_retransmit"}, all);
  AddSwitches(kLink, {"broadcast"}, all);
  AddSwitches(kNode, {"standby", "maintenance"}, all);
  AddNumbers(kQuorum, {"last_man_standing_window", "votes"}, all);
  AddNumbers(kLink,
             {"priority", "knet_link_priority", "knet_ping_interval", "knet_ping_timeout", "knet_ping_precision",
              "knet_pong_count", "ttl"},
             all);
  AddNumbers(kQdevice, {"connect_timeout"}, all);
  AddNumbers(kTotem,
             {"token_retransmit",
              "token_retransmits_before_loss_const",
              "token_coefficient",
              "token_warning",
              "join",
              "merge",
              "hold",
              "send_join",
              "downcheck",
              "fail_recv_const",
              "seqno_unchanged_const",
              "heartbeat_failures_allowed",
              "max_network_delay",
              "window_size",
              "max_messages",
              "miss_count_const",
              "knet_pmtud_interval",
              "knet_mtu",
              "netmtu",
              "knet_compression_threshold",
              "knet_compression_level"},
             all);
  AddNames(kTotem,
           {"knet_compression_model", "ip_dscp", "interface", "version", "keyfile", "key", "config_version",
            "crypto_model", "crypto_cipher", "crypto_hash"},
           all);
  AddNames(kQuorum, {"provider", "auto_tie_breaker_node"}, all);
  return all;
}

const std::map<std::pair<Holder, std::string_view>, KnownOption>& Table() {
  static const auto table = [] {
    std::map<std::pair<Holder, std::string_view>, KnownOption> made;
    for (auto* make : {OfTheCib, OfCorosync}) {
      for (Attribute& one : make()) made.emplace(std::make_pair(one.holder, one.option.name), std::move(one.option));
    }
    return made;
  }();
  return table;
}

bool IsBetween(std::string_view value, std::int64_t least, std::int64_t most) {
  const auto number = AsInteger(value);
  return number && *number >= least && *number <= most;
}

constexpr std::int64_t kNumberMax = INT64_MAX, kPortMax = 65535, kPrefixMax = 128;

// "8000-8010"
bool IsPorts(std::string_view value) {
  const std::size_t dash = value.find('-');
  const std::string_view first = value.substr(0, dash);
  if (dash == std::string_view::npos) return IsBetween(value, 1, kPortMax);
  const std::string_view last = value.substr(dash + 1);
  return IsBetween(first, 1, kPortMax) && IsBetween(last, 1, kPortMax) && *AsInteger(first) <= *AsInteger(last);
}

// Four numbers, or something with colons; names are none.
bool IsAddress(std::string_view value) {
  if (value.find(':') != std::string_view::npos) {
    return value.find_first_not_of("0123456789abcdefABCDEF:.%") == std::string_view::npos;
  }
  return IsIpv4(value);
}

bool IsOneOf(const std::vector<std::string>& words, std::string_view lower) {
  return std::find(words.begin(), words.end(), lower) != words.end();
}

bool Fits(const KnownOption& option, std::string_view value) {
  const std::string lower = Lower(value);
  switch (option.shape) {
    case kAny:
      return true;
    case kBoolean:
      return AsBoolean(value).has_value();
    case kDuration:
      return AsDurationMs(value) || AsInteger(value);
    case kInteger:
      return AsScore(value).has_value();
    case kScore:
      return AsScore(value) || lower == "red" || lower == "yellow" || lower == "green";
    case kWords:
      return IsOneOf(option.words, lower);
    case kNatural:
      return IsBetween(value, 0, kNumberMax);
    case kCount:
      return IsBetween(value, 1, kNumberMax);
    case kPort:
      return IsBetween(value, 1, kPortMax);
    case kPorts:
      return IsPorts(value);
    case kPrefix:
      return IsBetween(value, 1, kPrefixMax);
    case kAddress:
      return IsAddress(value);
    case kPath:
      return value.starts_with('/');
  }
  return true;
}

std::string ListOf(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) list += (list.empty() ? "" : &word == &words.back() ? " or " : ", ") + word;
  return list;
}

// A number that is written with its unit.
std::string WithoutUnit(std::string_view value) {
  const auto time_ms = AsDurationMs(value);
  return time_ms && !AsInteger(value) ? "write " + std::to_string(*time_ms) + ": it is a number of milliseconds" : "";
}

ValueFault Described(const KnownOption& option, std::string_view value) {
  switch (option.shape) {
    case kBoolean:
      return {"yes or no", ""};
    case kDuration:
      return {"a duration", DurationHelp(value)};
    case kInteger:
      return {"a number", ""};
    case kScore:
      return {"a score", "a score is a number, `inf` or `-inf`"};
    case kNatural:
      return {"a number", WithoutUnit(value)};
    case kCount:
      return {"a number from 1 on", WithoutUnit(value)};
    case kPort:
      return {"a port from 1 to 65535", ""};
    case kPorts:
      return {"a range of ports", "write the range as in `8000-8010`, the smaller one first"};
    case kPrefix:
      return {"the length of a network", "write the length, as in `24`"};
    case kAddress:
      return {"an address", "write the address in numbers, as in `192.0.2.60`"};
    case kPath:
      return {"a whole path", "write it with `/` in front"};
    case kWords: {
      const auto nearest = Nearest(Lower(value), option.words);
      return {ListOf(option.words), nearest ? "did you mean `" + *nearest + "`?" : ""};
    }
    case kAny:
      break;
  }
  return {};
}

}  // namespace

const KnownOption* FindAttribute(Holder holder, std::string_view name) {
  const auto found = Table().find({holder, name});
  return found != Table().end() ? &found->second : nullptr;
}

std::vector<std::string> AttributeNames(Holder holder) {
  std::vector<std::string> names;
  for (const auto& [key, option] : Table()) {
    if (key.first == holder) names.emplace_back(key.second);
  }
  return names;
}

std::optional<ValueFault> FaultOfValue(const KnownOption& option, std::string_view value) {
  if (Fits(option, value)) return std::nullopt;
  ValueFault fault = Described(option, value);
  if (fault.remedy.empty()) fault.remedy = "write " + fault.wanted;
  return fault;
}

bool CheckValue(Holder holder, const ast::Option& option, Diagnostics& diagnostics) {
  const KnownOption* known = FindAttribute(holder, option.name.literal);
  const auto* text = std::get_if<ast::Text>(&option.value.what);
  if (known == nullptr || text == nullptr) return true;
  // Lints compare such words as they stand in the manual. In a set they may stand as in the CIB.
  const bool spelt = known->shape != kWords || holder == Holder::kSet || Lower(text->literal) == text->literal;
  auto fault = FaultOfValue(*known, text->literal);
  if (!fault && spelt) return true;
  if (!fault) fault = ValueFault{ListOf(known->words), "write `" + Lower(text->literal) + "`"};
  diagnostics
      .Error("E0205", option.value.span,
             "`" + option.name.literal + "` is " + fault->wanted + ", not `" + text->literal + "`")
      .help.push_back(fault->remedy);
  return false;
}

}  // namespace picket::compiler
