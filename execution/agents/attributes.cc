#include "execution/agents/attributes.h"

#include "solver/cib/values.h"

namespace picket::execution {
namespace {

// The parameter as it is configured without a rule.
std::string Parameter(const solver::ResourceDef& primitive, std::string_view name, std::string fallback) {
  for (const solver::NvBlock& block : primitive.params) {
    if (block.rule) continue;
    for (const solver::NvPair& pair : block.pairs) {
      if (pair.name == name) return pair.value;
    }
  }
  return fallback;
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

int64_t DampeningMs(const solver::ResourceDef& primitive, std::string_view name, const char* usual) {
  return solver::ParseDuration(Parameter(primitive, name, usual)).value_or(0);
}

}  // namespace

std::optional<AgentAttribute> AttributeWrittenBy(const solver::ResourceDef& primitive) {
  const auto multiplier = [&] { return solver::ParseInteger(Parameter(primitive, "multiplier", "1")).value_or(1); };
  if (primitive.provider == "pacemaker") {
    if (primitive.type == "ping") {
      const int64_t hosts = WordsIn(Parameter(primitive, "host_list", ""));
      return AgentAttribute{Parameter(primitive, "name", "pingd"), std::to_string(multiplier() * hosts), "",
                            DampeningMs(primitive, "dampen", "5s")};
    }
    if (primitive.type == "attribute") {
      return AgentAttribute{Parameter(primitive, "name", primitive.id), Parameter(primitive, "active_value", "1"),
                            Parameter(primitive, "inactive_value", "0")};
    }
    if (primitive.type == "HealthCPU")
      return AgentAttribute{"#health-cpu", "green", "green", DampeningMs(primitive, "dampening", "30s")};
    if (primitive.type == "HealthIOWait") return AgentAttribute{"#health-iowait", "green", "green", 5000};
    if (primitive.type == "HealthSMART") return AgentAttribute{"#health-smart", "green", "", 5000};
  }
  if (primitive.provider == "heartbeat") {
    if (primitive.type == "ethmonitor") {
      const std::string usual = "ethmonitor-" + Parameter(primitive, "interface", "");
      return AgentAttribute{Parameter(primitive, "name", usual), std::to_string(multiplier()), ""};
    }
    if (primitive.type == "storage-mon") return AgentAttribute{"#health-" + primitive.id, "green", "green", 5000};
  }
  return std::nullopt;
}

}  // namespace picket::execution
