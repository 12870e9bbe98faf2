#include "simulator/inject/history_entry.h"

#include <algorithm>
#include <cctype>

#include "solver/cib/read.h"
#include "solver/cib/values.h"

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

namespace {

void FillEntry(HistoryEntry& entry, const std::string& id, const SimulatedResult& result,
               const EntryContext& context) {
  const bool notify = result.operation == "notify";
  const std::string_view operation = RecordedOperation(result.operation);
  // A notification's result is never looked at: it counts as done whatever was asked for.
  const int rc = notify ? 0 : result.rc;
  const std::string call = std::to_string(context.call_id);
  const std::string key = call + ":-1:" + std::to_string(result.expected_rc) + ":" + std::string(kUuid);
  const int status = notify ? 0 : result.status;
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
  set("transition-magic", std::to_string(status) + ":" + std::to_string(rc) + ";" + key);
  set("exit-reason", result.exit_reason);
  set("on_node", context.node);
  set("call-id", call);
  set("rc-code", std::to_string(rc));
  set("op-status", std::to_string(status));
  set("interval", std::to_string(result.interval_ms));
  set("last-rc-change", now);
  set("exec-time", std::to_string(result.exec_ms));
  set("queue-time", "0");
  if (result.migrate_source) set("migrate_source", *result.migrate_source);
  if (result.migrate_target) set("migrate_target", *result.migrate_target);
  if (result.digest) set("op-digest", *result.digest);
}

}  // namespace

ResourceHistory MakeHistory(const HistoryTarget& target) {
  ResourceHistory history;
  history.id = target.names.back();
  history.attributes.emplace_back("id", history.id);
  history.attributes.emplace_back("class", target.cls);
  if (!target.provider.empty()) history.attributes.emplace_back("provider", target.provider);
  history.attributes.emplace_back("type", target.type);
  return history;
}

void WriteEntries(ResourceHistory& history, const SimulatedResult& result, const EntryContext& context) {
  for (const std::string& id : EntryIds(result)) {
    const auto found = std::find_if(history.entries.begin(), history.entries.end(),
                                    [&](const HistoryEntry& entry) { return entry.id == id; });
    HistoryEntry& entry = found != history.entries.end() ? *found : history.entries.emplace_back();
    FillEntry(entry, id, result, context);
    RefreshEntry(entry);
  }
}

int HighestCall(const ResourceHistory& history) {
  int highest = 0;
  for (const HistoryEntry& entry : history.entries) highest = std::max(highest, entry.call_id);
  return highest;
}

void StoreTransient(NodeState& node, std::string_view name, std::string_view value) {
  if (!node.has_transient) {
    node.has_transient = true;
    node.transient_id = node.id;
  }
  if (node.transient.empty()) {
    NvBlock block;
    block.id = node.id;
    node.transient.push_back(std::move(block));
  }
  NvBlock& block = node.transient.front();
  const std::string id = XmlId(block.id + "-" + std::string(name));
  const auto found = std::find_if(block.pairs.begin(), block.pairs.end(),
                                  [&](const NvPair& pair) { return pair.id == id; });
  if (found != block.pairs.end()) {
    found->name = name;
    found->value = value;
  } else {
    block.pairs.push_back({id, std::string(name), std::string(value)});
  }
}

std::string FailureSuffix(std::string_view resource, std::string_view operation, uint32_t interval_ms) {
  std::string suffix(resource);
  return suffix.append("#").append(operation).append("_").append(std::to_string(interval_ms));
}

std::string NextFailCount(const std::string* before, bool fatal) {
  if (fatal) return "INFINITY";
  return std::to_string((before ? ParseInteger(*before).value_or(0) : 0) + 1);
}

}  // namespace picket::simulator
