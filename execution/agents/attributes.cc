#include "execution/agents/attributes.h"

#include "execution/agents/parameter.h"
#include "solver/cib/values.h"

namespace picket::execution {
namespace {

int64_t DampeningMs(const solver::ResourceDef& primitive, std::string_view name, const char* usual) {
  return solver::ParseDuration(ParameterOf(primitive, name, usual)).value_or(0);
}

}  // namespace

std::optional<AgentAttribute> AttributeWrittenBy(const solver::ResourceDef& primitive) {
  const auto multiplier = [&] { return solver::ParseInteger(ParameterOf(primitive, "multiplier", "1")).value_or(1); };
  if (primitive.provider == "pacemaker") {
    if (primitive.type == "ping") {
      const int64_t hosts = WordsIn(ParameterOf(primitive, "host_list", ""));
      return AgentAttribute{ParameterOf(primitive, "name", "pingd"), std::to_string(multiplier() * hosts), "",
                            DampeningMs(primitive, "dampen", "5s")};
    }
    if (primitive.type == "attribute") {
      return AgentAttribute{ParameterOf(primitive, "name", primitive.id), ParameterOf(primitive, "active_value", "1"),
                            ParameterOf(primitive, "inactive_value", "0"), 0, false};
    }
    if (primitive.type == "HealthCPU")
      return AgentAttribute{"#health-cpu", "green", "green", DampeningMs(primitive, "dampening", "30s")};
    if (primitive.type == "HealthIOWait") return AgentAttribute{"#health-iowait", "green", "green", 5000};
    if (primitive.type == "HealthSMART") return AgentAttribute{"#health-smart", "green", "", 5000};
  }
  if (primitive.provider == "heartbeat") {
    if (primitive.type == "ethmonitor") {
      const std::string usual = "ethmonitor-" + ParameterOf(primitive, "interface", "");
      return AgentAttribute{ParameterOf(primitive, "name", usual), std::to_string(multiplier()), ""};
    }
    if (primitive.type == "storage-mon") return AgentAttribute{"#health-" + primitive.id, "green", "green", 5000};
  }
  return std::nullopt;
}

}  // namespace picket::execution
