#include "simulator/inject/history_entry.h"

#include <cctype>

namespace picket::simulator {

using namespace solver;  // NOLINT

namespace {

constexpr std::string_view kFeatureSet = "3.20.5";
constexpr std::string_view kUuid = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

std::string Key(std::string_view resource, std::string_view operation, uint32_t interval_ms) {
  std::string key(resource);
  return key.append("_").append(operation).append("_").append(std::to_string(interval_ms));
}

bool IsMigration(std::string_view operation) {
  return operation == "migrate_to" || operation == "migrate_from";
}

// A reload leaves the same history as a start.
std::string_view RecordedOperation(std::string_view operation) {
  return operation == "reload" || operation == "reload-agent" ? std::string_view("start") : operation;
}

}  // namespace

std::vector<std::string> EntryIds(const SimulatedResult& result) {
  const std::string& resource = result.resource;
  if (result.operation == "notify") {
    return {resource + "_" + result.notify_type + "_notify_" + result.notify_operation + "_0"};
  }
  if (IsMigration(result.operation)) return {Key(resource, result.operation, 0)};
  if (result.rc != result.expected_rc) {
    if (result.interval_ms > 0) return {resource + "_last_failure_0"};
    return {resource + "_last_failure_0", resource + "_last_0"};
  }
  if (result.interval_ms > 0) return {Key(resource, result.operation, result.interval_ms)};
  return {resource + "_last_0"};
}

void OverwriteAttribute(Attributes& attributes, std::string_view name, std::string_view value) {
  for (auto& [key, old] : attributes) {
    if (key == name) {
      old = value;
      return;
    }
  }
  attributes.emplace_back(name, value);
}

std::string XmlId(std::string text) {
  for (char& c : text) {
    const bool allowed = std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.' ||
                         c == ':' || static_cast<unsigned char>(c) >= 0x80;
    if (!allowed) c = '.';
  }
  return text;
}

void FillEntry(HistoryEntry& entry, const std::string& id, const SimulatedResult& result,
               const EntryContext& context) {
  const bool notify = result.operation == "notify";
  const std::string_view operation = RecordedOperation(result.operation);
  // A notification's result is never looked at: it counts as done whatever was asked for.
  const int rc = notify ? 0 : result.rc;
  const std::string call = std::to_string(context.call_id);
  const std::string key = call + ":-1:" + std::to_string(result.expected_rc) + ":" + std::string(kUuid);
  const std::string now = std::to_string(context.now_s);

  Attributes& attributes = entry.attributes;
  const auto set = [&](std::string_view name, std::string_view value) {
    OverwriteAttribute(attributes, name, value);
  };
  set("id", id);
  set("operation_key", Key(result.resource, operation, result.interval_ms));
  set("operation", operation);
  set("crm-debug-origin", "crm_simulate");
  set("crm_feature_set", kFeatureSet);
  set("transition-key", key);
  set("transition-magic", "0:" + std::to_string(rc) + ";" + key);
  set("exit-reason", result.exit_reason);
  set("on_node", context.node);
  set("call-id", call);
  set("rc-code", std::to_string(rc));
  set("op-status", "0");
  set("interval", std::to_string(result.interval_ms));
  set("last-rc-change", now);
  set("exec-time", "0");
  set("queue-time", "0");
  if (result.migrate_source) set("migrate_source", *result.migrate_source);
  if (result.migrate_target) set("migrate_target", *result.migrate_target);
  if (result.digest) set("op-digest", *result.digest);
}

}  // namespace picket::simulator
