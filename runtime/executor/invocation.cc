#include "runtime/executor/invocation.h"

#include <algorithm>

#include "solver/model/text.h"

namespace picket::runtime {
namespace {

constexpr std::string_view kReasonPrefix = "ocf-exit-reason:";

// A name from the configuration is a file's name and nothing that leads elsewhere.
bool IsFileName(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos &&
         name.find('\0') == std::string_view::npos;
}

bool CanBeInEnvironment(std::string_view name, std::string_view value) {
  return !name.empty() && name.find('=') == std::string_view::npos && name.find('\0') == std::string_view::npos &&
         value.find('\0') == std::string_view::npos;
}

std::vector<std::string> CommonEnvironment(const Settings& settings) {
  std::vector<std::string> environment;
  const std::string tools = settings.tools.empty() ? "" : settings.tools + ":";
  environment.push_back("PATH=" + tools + settings.path);
  if (!settings.tools.empty()) environment.push_back("HA_SBIN_DIR=" + settings.tools);
  environment.push_back("HOME=/");
  environment.push_back("HA_LOGFACILITY=daemon");
  environment.push_back("HA_debug=0");
  environment.push_back("PICKET_SOCKET=" + settings.socket);
  environment.push_back("PICKET_NODE=" + settings.node);
  return environment;
}

void AddOcf(const Operation& operation, const Settings& settings, Invocation& invocation) {
  if (!IsFileName(operation.provider) || !IsFileName(operation.type)) return;
  invocation.arguments = {settings.ocf_root + "/resource.d/" + operation.provider + "/" + operation.type,
                          operation.name};
  std::vector<std::string>& environment = invocation.environment;
  environment.push_back("OCF_ROOT=" + settings.ocf_root);
  environment.push_back("OCF_RA_VERSION_MAJOR=1");
  environment.push_back("OCF_RA_VERSION_MINOR=1");
  environment.push_back("OCF_EXIT_REASON_PREFIX=" + std::string(kReasonPrefix));
  environment.push_back("OCF_RESOURCE_INSTANCE=" + operation.resource);
  environment.push_back("OCF_RESOURCE_PROVIDER=" + operation.provider);
  environment.push_back("OCF_RESOURCE_TYPE=" + operation.type);
  for (const auto& [name, value] : operation.parameters) {
    if (CanBeInEnvironment(name, value)) environment.push_back("OCF_RESKEY_" + name + "=" + value);
  }
}

void AddLsb(const Operation& operation, const Settings& settings, Invocation& invocation) {
  if (!IsFileName(operation.type)) return;
  invocation.arguments = {settings.init_folder + "/" + operation.type,
                          operation.name == "monitor" ? "status" : operation.name};
}

// Fence agents read `name=value` lines; what is meant for the cluster itself is not for them.
void AddFence(const Operation& operation, const Settings& settings, Invocation& invocation) {
  if (!IsFileName(operation.type)) return;
  invocation.arguments = {settings.fence_folder + "/" + operation.type};
  invocation.input = "action=monitor\n";
  for (const auto& [name, value] : operation.parameters) {
    const bool ours = name.starts_with("CRM_meta_") || name.starts_with("pcmk_") || name == "crm_feature_set" ||
                      name == "provides" || name == "action" || name == "stonith-timeout";
    if (ours || (name + value).find('\n') != std::string::npos) continue;
    invocation.input += name + "=" + value + "\n";
  }
}

}  // namespace

AgentClass ClassOf(const Operation& operation) {
  if (solver::EqualFolded(operation.cls, "ocf")) return AgentClass::kOcf;
  if (solver::EqualFolded(operation.cls, "lsb")) return AgentClass::kLsb;
  if (solver::EqualFolded(operation.cls, "stonith")) return AgentClass::kFence;
  return AgentClass::kUnknown;
}

Invocation InvocationOf(const Operation& operation, const Settings& settings) {
  Invocation invocation;
  invocation.environment = CommonEnvironment(settings);
  switch (ClassOf(operation)) {
    case AgentClass::kOcf:
      AddOcf(operation, settings, invocation);
      break;
    case AgentClass::kLsb:
      AddLsb(operation, settings, invocation);
      break;
    case AgentClass::kFence:
      AddFence(operation, settings, invocation);
      break;
    case AgentClass::kUnknown:
      break;
  }
  return invocation;
}

int ResultOf(const Operation& operation, int exit_code) {
  switch (ClassOf(operation)) {
    case AgentClass::kLsb:
      // LSB: `status` says 1, 2 or 3 of what is not running; to stop what does not run is no failure.
      if (operation.name == "monitor") return exit_code >= 1 && exit_code <= 3 ? 7 : exit_code == 0 ? 0 : 1;
      if (operation.name == "stop" && exit_code == 7) return 0;
      return exit_code;
    case AgentClass::kFence:
      return exit_code == 0 ? 0 : 1;
    default:
      return exit_code;
  }
}

std::string ReasonIn(std::string_view errors) {
  std::string reason;
  while (!errors.empty()) {
    const size_t end = std::min(errors.find('\n'), errors.size());
    std::string_view line = errors.substr(0, end);
    errors.remove_prefix(std::min(end + 1, errors.size()));
    if (line.starts_with(kReasonPrefix)) reason = line.substr(kReasonPrefix.size());
  }
  return reason;
}

}  // namespace picket::runtime
