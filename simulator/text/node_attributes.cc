#include "simulator/text/node_attributes.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/unpack/unpack.h"

namespace picket::simulator {

using namespace solver;  // NOLINT

namespace {

bool IsShown(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kHidden = {"fail-count", "last-failure", "shutdown",
                                                              "terminate",  "standby",      "#"};
  return std::none_of(kHidden.begin(), kHidden.end(),
                      [&](std::string_view prefix) { return name.starts_with(prefix); });
}

int64_t WordCount(std::string_view text) {
  int64_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n';
    if (!blank && !inside) ++words;
    inside = !blank;
  }
  return words;
}

// What the value should be if a ping resource that runs on the node maintains the attribute.
std::optional<int64_t> ExpectedConnectivity(Run& run, NodeId node, std::string_view attribute) {
  const std::vector<ResourceId> running = run.at(node).running;
  for (const ResourceId id : running) {
    const std::string& type = run.at(id).type;
    if (type != "ping" && type != "pingd") continue;
    const Table params = EvaluateParams(run, id, node);
    const std::string* name = params.Find("name");
    if ((name ? std::string_view(*name) : std::string_view("pingd")) != attribute) continue;
    const int64_t multiplier = ParseInteger(params.Get("multiplier")).value_or(1);
    return WordCount(params.Get("host_list")) * multiplier;
  }
  return std::nullopt;
}

ShownAttribute Show(Run& run, NodeId node, const std::string& name, const std::string& value) {
  ShownAttribute shown{name, value, ExpectedConnectivity(run, node, name)};
  if (shown.expected) {
    const int64_t number = ParseInteger(value).value_or(0);
    shown.connectivity_lost = number <= 0;
    shown.connectivity_degraded = number > 0 && number < *shown.expected;
  }
  return shown;
}

}  // namespace

std::vector<ShownNodeAttributes> NodeAttributes(Run& run) {
  std::vector<ShownNodeAttributes> result;
  for (const NodeId node : run.node_order) {
    if (!run.at(node).online) continue;
    std::vector<std::pair<std::string, std::string>> sorted;
    for (const auto& pair : run.at(node).attributes) {
      if (IsShown(pair.first)) sorted.push_back(pair);
    }
    if (sorted.empty()) continue;
    std::sort(sorted.begin(), sorted.end());
    ShownNodeAttributes shown{node, {}};
    for (const auto& [name, value] : sorted) shown.attributes.push_back(Show(run, node, name, value));
    result.push_back(std::move(shown));
  }
  return result;
}

}  // namespace picket::simulator
