#include "execution/fencing/parameters.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "solver/cib/values.h"
#include "solver/model/text.h"

namespace picket::execution {
namespace {

using solver::EqualFolded;
using solver::Table;

constexpr int64_t kSecondMs = 1000;
constexpr int64_t kAttempts = 2;

std::string Parameter(std::string_view action, const char* what) {
  return "pcmk_" + std::string(action) + "_" + what;
}

std::vector<std::string_view> Split(std::string_view text, const char* separators) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) pieces.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pieces;
}

const std::string* FindPort(const std::vector<HostPort>& map, std::string_view host) {
  const auto found =
      std::find_if(map.begin(), map.end(), [&](const HostPort& entry) { return EqualFolded(entry.host, host); });
  return found == map.end() ? nullptr : &found->port;
}

void ReadListLine(std::string_view line, std::vector<std::string>& hosts) {
  if (line.find("invalid") != line.npos || line.find("variable") != line.npos) return;
  for (const std::string_view piece : Split(line, ",; \t\r\v\f")) {
    const auto end = std::find_if_not(piece.begin(), piece.end(), [](unsigned char c) {
      return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
    });
    const std::string name(piece.begin(), end);
    if (!name.empty() && !EqualFolded(name, "on") && !EqualFolded(name, "off")) hosts.push_back(name);
  }
}

int64_t WholeSeconds(std::string_view text) {
  return solver::DurationOrZero(text) / kSecondMs * kSecondMs;
}

}  // namespace

std::vector<HostPort> ParseHostMap(std::string_view text) {
  std::vector<HostPort> map;
  for (const std::string_view piece : Split(text, "; \t\r\n")) {
    const size_t separator = piece.find_first_of(":=");
    if (separator == 0 || separator == piece.npos || separator + 1 == piece.size()) continue;
    HostPort entry{std::string(piece.substr(0, separator)), std::string(piece.substr(separator + 1))};
    std::erase_if(map, [&](const HostPort& earlier) { return EqualFolded(earlier.host, entry.host); });
    map.push_back(std::move(entry));
  }
  return map;
}

std::vector<std::string> ParseHostList(std::string_view text) {
  std::vector<std::string> hosts;
  while (!text.empty()) {
    // Shells and XML keep a line's end as the two characters.
    const size_t end = std::min({text.find('\n'), text.find("\\n"), text.size()});
    ReadListLine(text.substr(0, end), hosts);
    const size_t skipped = end < text.size() && text[end] == '\\' ? 2 : 1;
    text.remove_prefix(std::min(end + skipped, text.size()));
  }
  return hosts;
}

HostCheck HostCheckOf(const Table& parameters, const AgentFacts& facts) {
  if (const std::string* check = parameters.Find("pcmk_host_check")) {
    if (EqualFolded(*check, "static-list")) return HostCheck::kStaticList;
    if (EqualFolded(*check, "dynamic-list")) return HostCheck::kDynamicList;
    if (EqualFolded(*check, "status")) return HostCheck::kStatus;
    if (EqualFolded(*check, "none")) return HostCheck::kNone;
    return HostCheck::kInvalid;
  }
  if (parameters.Has("pcmk_host_list") || parameters.Has("pcmk_host_map")) return HostCheck::kStaticList;
  if (facts.lists) return HostCheck::kDynamicList;
  if (facts.reports_status) return HostCheck::kStatus;
  return HostCheck::kNone;
}

std::string PortOf(const Table& parameters, std::string_view target) {
  const std::vector<HostPort> map = ParseHostMap(parameters.Get("pcmk_host_map"));
  const std::string* port = FindPort(map, target);
  return port ? *port : std::string(target);
}

std::string HostArgument(const Table& parameters, const AgentFacts& facts) {
  const std::string* argument = parameters.Find("pcmk_host_argument");
  const std::string& name = argument ? *argument : facts.host_argument;
  return EqualFolded(name, "none") ? std::string() : name;
}

int64_t DelayBaseMs(const Table& parameters, std::string_view target, DelayMap map) {
  const std::string_view text = parameters.Get("pcmk_delay_base");
  const std::string_view separators = map == DelayMap::kColon ? ":" : ":=";
  if (text.find_first_of(separators) == text.npos) return WholeSeconds(text);
  // The first piece that names the target counts.
  for (const std::string_view piece : Split(text, "; \t")) {
    const size_t separator = piece.find_first_of(separators);
    if (separator != piece.npos && EqualFolded(piece.substr(0, separator), target))
      return WholeSeconds(piece.substr(separator + 1));
  }
  return 0;
}

int64_t DelayMaxMs(const Table& parameters, std::string_view target, DelayMap map) {
  const int64_t max_ms = WholeSeconds(parameters.Get("pcmk_delay_max"));
  return max_ms > 0 ? max_ms : DelayBaseMs(parameters, target, map);
}

int64_t ActionTimeoutMs(const Table& parameters, std::string_view action, int64_t otherwise_ms) {
  const int64_t own_ms = solver::DurationOrZero(parameters.Get(Parameter(action, "timeout")));
  return own_ms > 0 ? (own_ms + kSecondMs - 1) / kSecondMs * kSecondMs : otherwise_ms;
}

int64_t ActionAttempts(const Table& parameters, std::string_view action) {
  return solver::ParseInteger(parameters.Get(Parameter(action, "retries"))).value_or(kAttempts);
}

std::string ActionName(const Table& parameters, std::string_view action) {
  const std::string* name = parameters.Find(Parameter(action, "action"));
  return name && !name->empty() ? *name : std::string(action);
}

int64_t ActionLimit(const Table& parameters) {
  const int64_t limit = solver::ParseInteger(parameters.Get("pcmk_action_limit")).value_or(1);
  return limit == 0 ? 1 : limit;
}

std::string ActionFor(std::string_view action, const AgentFacts& facts) {
  return std::string(action == "reboot" && !facts.reboots ? "off" : action);
}

}  // namespace picket::execution
