#include "runtime/fencer/host_map.h"

#include <algorithm>
#include <utility>

#include "solver/cib/values.h"
#include "solver/model/text.h"

namespace picket::runtime {
namespace {

constexpr size_t kLinesMax = 4096;
constexpr size_t kLineMax = 512;

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// What the map says of a host; nothing if it is not in it.
const std::string* FindPort(const std::vector<HostPort>& map, std::string_view host) {
  for (const HostPort& entry : map) {
    if (solver::EqualFolded(entry.host, host)) return &entry.port;
  }
  return nullptr;
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

void ReadLine(std::string_view line, std::vector<ListedTarget>& targets) {
  line = Trimmed(line);
  const bool strange = std::any_of(line.begin(), line.end(), [](unsigned char c) { return c < 0x20 && c != '\t'; });
  if (line.size() > kLineMax || strange) return;
  const size_t comma = line.find(',');
  if (comma == std::string_view::npos) {
    // Without a comma nothing says that the second word is another name of the first.
    for (std::string& word : ParseHostList(line)) targets.push_back({std::move(word), {}});
    return;
  }
  const std::string_view rest = line.substr(comma + 1);
  ListedTarget target{std::string(Trimmed(line.substr(0, comma))),
                      std::string(Trimmed(rest.substr(0, rest.find(','))))};
  if (!target.plug.empty()) targets.push_back(std::move(target));
}

}  // namespace

std::vector<HostPort> ParseHostMap(std::string_view text) {
  std::vector<HostPort> map;
  HostPort entry;
  bool in_port = false;
  const auto end = [&] {
    if (!entry.host.empty() && !entry.port.empty()) map.push_back(entry);
    entry = {};
    in_port = false;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    std::string& part = in_port ? entry.port : entry.host;
    if (c == '\\' && i + 1 < text.size()) {
      part += text[++i];
    } else if (c == ';' || IsSpace(c)) {
      end();
    } else if (!in_port && (c == ':' || c == '=')) {
      in_port = true;
    } else {
      part += c;
    }
  }
  end();
  return map;
}

std::vector<std::string> ParseHostList(std::string_view text) {
  std::vector<std::string> hosts;
  std::string host;
  for (const char c : std::string(text) + ",") {
    if (c != ',' && c != ';' && !IsSpace(c)) {
      host += c;
    } else if (!host.empty()) {
      hosts.push_back(std::exchange(host, {}));
    }
  }
  return hosts;
}

std::vector<ListedTarget> ParseTargets(std::string_view output) {
  std::vector<ListedTarget> targets;
  for (size_t lines = 0; !output.empty() && lines < kLinesMax; ++lines) {
    const size_t end = std::min(output.find('\n'), output.size());
    ReadLine(output.substr(0, end), targets);
    output.remove_prefix(std::min(end + 1, output.size()));
  }
  return targets;
}

std::optional<std::string> PlugOf(const std::vector<ListedTarget>& targets, std::string_view wanted) {
  const std::string* plug = nullptr;
  for (const ListedTarget& target : targets) {
    if (solver::EqualFolded(target.plug, wanted)) return target.plug;
    if (!solver::EqualFolded(target.alias, wanted)) continue;
    // A name that two plugs bear names neither.
    if (plug && *plug != target.plug) return std::nullopt;
    plug = &target.plug;
  }
  return plug ? std::optional(*plug) : std::nullopt;
}

HostCheck HostCheckOf(const solver::Table& parameters, const AgentFacts& facts) {
  const std::string_view check = parameters.Get("pcmk_host_check");
  if (check == "static-list") return HostCheck::kStaticList;
  if (check == "dynamic-list") return HostCheck::kDynamicList;
  if (check == "status") return HostCheck::kStatus;
  if (check == "none") return HostCheck::kNone;
  if (parameters.Has("pcmk_host_list") || parameters.Has("pcmk_host_map")) return HostCheck::kStaticList;
  if (facts.lists || parameters.Has("pcmk_list_action")) return HostCheck::kDynamicList;
  if (facts.reports_status || parameters.Has("pcmk_status_action")) return HostCheck::kStatus;
  return HostCheck::kNone;
}

Reach ReachOf(const solver::Table& parameters, std::string_view target) {
  switch (HostCheckOf(parameters, AgentFacts{})) {
    case HostCheck::kStaticList: {
      const std::vector<std::string> list = ParseHostList(parameters.Get("pcmk_host_list"));
      const bool listed = std::any_of(list.begin(), list.end(),
                                      [&](const std::string& host) { return solver::EqualFolded(host, target); });
      const std::vector<HostPort> map = ParseHostMap(parameters.Get("pcmk_host_map"));
      return listed || FindPort(map, target) ? Reach::kYes : Reach::kNo;
    }
    case HostCheck::kNone:
      return parameters.Get("pcmk_host_check") == "none" ? Reach::kYes : Reach::kPerhaps;
    default:
      return Reach::kPerhaps;
  }
}

std::string PortOf(const solver::Table& parameters, const std::string& target) {
  const std::vector<HostPort> map = ParseHostMap(parameters.Get("pcmk_host_map"));
  const std::string* port = FindPort(map, target);
  return port ? *port : target;
}

int64_t DelayBaseOf(const solver::Table& parameters, const std::string& target) {
  const std::string_view text = parameters.Get("pcmk_delay_base");
  if (text.find_first_of(":=") == std::string_view::npos) return solver::DurationOrZero(text);
  const std::vector<HostPort> map = ParseHostMap(text);
  const std::string* delay = FindPort(map, target);
  return delay ? solver::DurationOrZero(*delay) : 0;
}

}  // namespace picket::runtime
