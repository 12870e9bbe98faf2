#include "runtime/executor/invocation.h"

#include <algorithm>
#include <iterator>

#include "solver/cib/values.h"
#include "solver/model/text.h"
#include "solver/model/unit_name.h"

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

bool IsLine(std::string_view text) {
  return text.find_first_of(std::string_view("\n\r\0", 3)) == std::string_view::npos;
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

// Parameters of a fence device that are meant for the cluster, not for its agent.
bool IsForTheCluster(std::string_view name) {
  static constexpr std::string_view kNames[] = {"action", "crm_feature_set", "priority", "provides", "stonith-timeout"};
  return name.starts_with("CRM_meta_") || name.starts_with("pcmk_") ||
         std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

void AddFence(const Operation& operation, const Settings& settings, Invocation& invocation) {
  const std::string* action = solver::FindAttribute(operation.parameters, "pcmk_monitor_action");
  invocation = FenceInvocation(
      {operation.type, action && !action->empty() ? *action : "monitor", operation.parameters, {}, {}, {}}, settings);
}

// One line of what an agent said, fit to be shown: printable, without a date, not too long.
std::string Presentable(std::string_view line) {
  constexpr size_t kLineMax = 200;
  std::string text(line.substr(0, 2 * kLineMax));
  for (char& c : text) {
    if (c < 0x20 || c > 0x7e) c = ' ';
  }
  const bool dated = text.size() > 5 && text[4] == '-' &&
                     std::all_of(text.begin(), text.begin() + 4, [](char c) { return c >= '0' && c <= '9'; });
  const size_t begin = text.find_first_not_of(dated ? " 0123456789-:,.TZ" : " ");
  text.erase(0, std::min(begin, text.size()));
  text.resize(std::min(text.size(), kLineMax));
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace

AgentClass ClassOf(const Operation& operation) {
  if (solver::EqualFolded(operation.cls, "ocf")) return AgentClass::kOcf;
  if (solver::EqualFolded(operation.cls, "lsb")) return AgentClass::kLsb;
  if (solver::EqualFolded(operation.cls, "systemd")) return AgentClass::kSystemd;
  if (solver::EqualFolded(operation.cls, "service")) return AgentClass::kService;
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
    case AgentClass::kService:
      AddLsb(operation, settings, invocation);
      break;
    case AgentClass::kFence:
      AddFence(operation, settings, invocation);
      break;
    case AgentClass::kSystemd:
    case AgentClass::kUnknown:
      break;
  }
  return invocation;
}

std::optional<CallUnit> UnitCallOf(const Operation& operation) {
  const AgentClass cls = ClassOf(operation);
  CallUnit call;
  call.unit = solver::UnitName(operation.type);
  if ((cls != AgentClass::kSystemd && cls != AgentClass::kService) || call.unit.empty()) return std::nullopt;
  if (operation.name == "start") {
    call.verb = UnitVerb::kStart;
  } else if (operation.name == "stop") {
    call.verb = UnitVerb::kStop;
  } else if (operation.name != "monitor" && operation.name != "status") {
    return std::nullopt;
  }
  return call;
}

// Fence agents read `name=value` lines. A parameter that would make a line of its own is left out; without its action
// or its target an agent would do something else, so then it is not run.
Invocation FenceInvocation(const FenceRequest& request, const Settings& settings) {
  Invocation invocation;
  invocation.environment = CommonEnvironment(settings);
  const bool sound = IsLine(request.action) && !request.action.empty() && IsLine(request.target) &&
                     IsLine(request.host_argument) && IsLine(request.port);
  if (!IsFileName(request.agent) || !sound) return invocation;
  invocation.arguments = {settings.fence_folder + "/" + request.agent};
  const auto add = [&](const std::string& name, const std::string& value) {
    if (IsLine(name) && IsLine(value)) invocation.input += name + "=" + value + "\n";
  };
  add("action", request.action);
  const bool targeted = !request.target.empty();
  bool named = false;
  for (const auto& [name, value] : request.parameters) {
    if (IsForTheCluster(name) || (targeted && name == "nodename")) continue;
    // Who gives a device a plug of its own has said what it is to switch.
    named = named || name == request.host_argument;
    add(name, value);
  }
  if (!targeted) return invocation;
  add("nodename", request.target);
  if (!named && !request.host_argument.empty()) add(request.host_argument, request.port);
  return invocation;
}

int ResultOf(const Operation& operation, int exit_code) {
  switch (ClassOf(operation)) {
    case AgentClass::kLsb:
    case AgentClass::kService:
      // LSB: `status` says 1, 2 or 3 of what is not running; to stop what does not run is no failure.
      if (operation.name == "monitor") return exit_code >= 1 && exit_code <= 3 ? 7 : exit_code == 0 ? 0 : 1;
      if (operation.name == "stop" && exit_code == 7) return 0;
      return exit_code;
    case AgentClass::kSystemd:
      // What is not there does not run.
      return operation.name == "stop" && exit_code == 5 ? 0 : exit_code;
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

std::string LastWords(std::string_view text) {
  std::string line;
  // What agents of the common library say last is how to call them by hand.
  const auto says_nothing = [&] { return line.empty() || line.find("for usage") != std::string::npos; };
  while (!text.empty() && says_nothing()) {
    const size_t end = text.rfind('\n');
    line = Presentable(end == std::string_view::npos ? text : text.substr(end + 1));
    text = end == std::string_view::npos ? std::string_view() : text.substr(0, end);
  }
  return says_nothing() ? std::string() : line;
}

Patience PatienceOf(const Operation& operation) {
  if (ClassOf(operation) != AgentClass::kFence) return {operation.timeout_ms, 0};
  const auto parameter = [&](std::string_view name) { return solver::AttributeOr(operation.parameters, name); };
  const uint32_t own_ms = solver::DurationOrZero(parameter("pcmk_monitor_timeout"));
  return {own_ms > 0 ? own_ms : operation.timeout_ms,
          solver::ParseInteger(parameter("pcmk_monitor_retries")).value_or(kFenceRetries)};
}

}  // namespace picket::runtime
