#include "simulator/world/agent_effects.h"

#include "simulator/world/catalog.h"
#include "solver/cib/values.h"

namespace picket::simulator {
namespace {

std::string Parameter(const solver::ResourceDef& primitive, std::string_view name, std::string fallback) {
  const std::string* value = PlainValue(primitive.params, name);
  return value ? *value : std::move(fallback);
}

int64_t WordsIn(std::string_view text) {
  int64_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool blank = c == ' ' || c == ',' || c == '\t' || c == '\n';
    words += !blank && !inside ? 1 : 0;
    inside = !blank;
  }
  return words;
}

}  // namespace

std::optional<AgentAttribute> AttributeWrittenBy(const solver::ResourceDef& primitive) {
  const int64_t multiplier = solver::ParseInteger(Parameter(primitive, "multiplier", "1")).value_or(1);
  if (primitive.provider == "pacemaker" && primitive.type == "ping") {
    const int64_t hosts = WordsIn(Parameter(primitive, "host_list", ""));
    return AgentAttribute{Parameter(primitive, "name", "pingd"), std::to_string(multiplier * hosts)};
  }
  if (primitive.provider == "heartbeat" && primitive.type == "ethmonitor") {
    const std::string usual = "ethmonitor-" + Parameter(primitive, "interface", "");
    return AgentAttribute{Parameter(primitive, "name", usual), std::to_string(multiplier)};
  }
  return std::nullopt;
}

}  // namespace picket::simulator
