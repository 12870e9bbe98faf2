// The configuration of an operation and the meta-attributes of an action (spec 05 §4).
#include <algorithm>
#include <limits>

#include "solver/actions/create.h"
#include "solver/cib/dates.h"
#include "solver/cib/rules.h"
#include "solver/cib/values.h"
#include "solver/model/text.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

const OperationDef* FindNamed(const ResourceDef& def, std::string_view name, uint32_t interval_ms, bool enabled_only) {
  for (const OperationDef& operation : def.operations) {
    if (operation.name == name && operation.interval_ms == interval_ms && (operation.enabled || !enabled_only)) {
      return &operation;
    }
  }
  return nullptr;
}

// A recurring monitor for the promoted role, by the XML attributes of its element.
bool IsPromotedMonitor(const OperationDef& operation) {
  return operation.name == "monitor" && operation.interval_ms != 0 &&
         ParseRole(AttributeOr(operation.attributes, "role")) == Role::kPromoted;
}

// A probe without a timeout of its own borrows that of the most frequent monitor (spec 05 §4.2.3).
void BorrowProbeTimeout(const ResourceDef& def, Table& meta) {
  const OperationDef* most_frequent = nullptr;
  for (const OperationDef& operation : def.operations) {
    if (operation.name != "monitor" || operation.interval_ms == 0 || !operation.enabled) continue;
    if (!most_frequent || operation.interval_ms < most_frequent->interval_ms) most_frequent = &operation;
  }
  if (!most_frequent) return;
  if (const std::string* timeout = FindAttribute(most_frequent->attributes, "timeout")) meta.Add("timeout", *timeout);
}

// Spec 05 §4.4: what may not be said is dropped; a demote without a word takes that of the promoted monitors.
void ValidateOnFail(const ResourceDef& def, std::string_view name, const OperationDef* operation, Table& meta) {
  if (name == "stop") {
    const std::string_view value = meta.Get("on-fail");
    for (const std::string_view senseless : {"standby", "demote", "stop"}) {
      if (EqualFolded(value, senseless)) {
        meta.Remove("on-fail");
        return;
      }
    }
  }
  if (name == "demote" && !meta.Has("on-fail")) {
    for (const OperationDef& monitor : def.operations) {
      if (!IsPromotedMonitor(monitor) || !monitor.enabled) continue;
      const std::string* value = FindAttribute(monitor.attributes, "on-fail");
      if (value && !EqualFolded(*value, "demote")) meta.Set("on-fail", *value);
    }
    return;
  }
  if (name == "lrm_delete") {
    meta.Set("on-fail", "ignore");
    return;
  }
  if (EqualFolded(meta.Get("on-fail"), "demote")) {
    const bool allowed = operation && (operation->name == "promote" || IsPromotedMonitor(*operation));
    if (!allowed) meta.Remove("on-fail");
  }
}

// Spec 05 §4.2.9: a whole number of ms, or the time until the next multiple of the interval after the origin.
void NormaliseStartDelay(const Run& run, uint32_t interval_ms, Table& meta) {
  if (const std::string* value = meta.Find("start-delay")) {
    const bool iso = !value->empty() && value->front() == 'P';
    const uint32_t delay_ms = iso ? 0 : DurationOrZero(*value);
    meta.Set("start-delay", std::to_string(std::min<uint32_t>(delay_ms, std::numeric_limits<int32_t>::max())));
    return;
  }
  const std::string* origin_text = meta.Find("interval-origin");
  const int64_t interval_s = interval_ms / 1000;
  if (!origin_text || interval_s == 0) return;
  const TimeForm form = run.Behaves(Behaviour::kStrictDates) ? TimeForm::kStrict : TimeForm::kLoose;
  const auto origin = ParseDateTime(*origin_text, run.state->now.offset_s, run.state->now, form);
  if (!origin) return;
  // The remainder of C++ has the sign of the dividend, as the rule wants it.
  const int64_t remainder_s = (run.state->now.epoch_s - ToInstant(*origin).epoch_s) % interval_s;
  const int64_t delay_s = (remainder_s <= 0 ? 0 : interval_s) - remainder_s;
  meta.Set("start-delay", std::to_string(delay_s * 1000));
}

const ResourceDef& DefinitionOf(const Resource& resource) {
  static const ResourceDef kNothingConfigured;
  return resource.def ? *resource.def : kNothingConfigured;
}

// A timeout of zero as it is written, in any unit.
bool IsZeroDuration(std::string_view text) {
  return !text.empty() && text.front() != 'P' && ParseDuration(text) == uint32_t{0};
}

}  // namespace

const OperationDef* FindOperation(const Run& run, ResourceId resource, std::string_view name, uint32_t interval_ms,
                                  bool enabled_only) {
  const ResourceDef* def = run.at(resource).def;
  if (!def) return nullptr;
  if (const OperationDef* found = FindNamed(*def, name, interval_ms, enabled_only)) return found;
  if (name == "migrate_to" || name == "migrate_from") return FindNamed(*def, "migrate", 0, enabled_only);
  return nullptr;
}

namespace {

// What the operation and the defaults say, before anything is checked.
Table WrittenMeta(Run& run, ResourceId resource_id, std::string_view name, uint32_t interval_ms,
                  const OperationDef* operation, NodeId node) {
  const Resource& resource = run.at(resource_id);
  const ResourceDef& def = DefinitionOf(resource);
  const bool probe = name == "monitor" && interval_ms == 0;

  RuleInput input;
  input.now = run.state->now;
  input.cls = &resource.cls;
  input.provider = &resource.provider;
  input.type = &resource.type;
  input.operation = name;
  input.interval_ms = interval_ms;
  input.target = &run.cluster->target;
  // Between 2.1.7 and 2.1.10 rules about the node count here (spec 07 E-10).
  if (node.valid() && run.Behaves(Behaviour::kOperationMetaSeesNode)) input.node_attributes = &run.at(node).attributes;

  Table meta;
  NextChange next_change;
  if (operation) {
    if (run.Behaves(Behaviour::kOperationMetaFirstWins)) {
      ReadBlocks(operation->meta, input, meta, next_change);
    } else {
      ReadBlocksReplacing(operation->meta, input, run.Behaves(Behaviour::kOperationMetaHighestScore), meta,
                          next_change);
    }
    if (next_change) ConsiderRecheck(run, *next_change);
    for (const auto& [key, value] : operation->attributes) meta.Set(key, value);
  }
  if (probe && !meta.Has("timeout")) BorrowProbeTimeout(def, meta);
  next_change.reset();
  ReadBlocks(run.cluster->op_defaults, input, meta, next_change);
  if (next_change) ConsiderRecheck(run, *next_change);

  return meta;
}

}  // namespace

std::string WrittenOnFail(Run& run, ResourceId resource, std::string_view name, uint32_t interval_ms,
                          const OperationDef* operation, NodeId node) {
  return std::string(WrittenMeta(run, resource, name, interval_ms, operation, node).Get("on-fail"));
}

Table OperationMeta(Run& run, ResourceId resource_id, std::string_view name, uint32_t interval_ms,
                    const OperationDef* operation, NodeId node) {
  const Resource& resource = run.at(resource_id);
  const ResourceDef& def = DefinitionOf(resource);
  const bool probe = name == "monitor" && interval_ms == 0;
  Table meta = WrittenMeta(run, resource_id, name, interval_ms, operation, node);

  meta.Remove("id");
  if (interval_ms > 0) {
    meta.Set("interval", std::to_string(interval_ms));
  } else {
    meta.Remove("interval");
  }
  if (resource.fence_device && (probe || name == "start")) {
    const Table params = EvaluateParams(run, resource_id, node);
    if (const std::string* timeout = params.Find("pcmk_monitor_timeout")) meta.Set("timeout", *timeout);
  }
  const std::string_view timeout = meta.Get("timeout");
  const bool zero = !run.Behaves(Behaviour::kZeroTimeoutIsDefault) && IsZeroDuration(timeout);
  meta.Set("timeout", zero ? "0" : std::to_string(ParseTimeout(timeout)));
  ValidateOnFail(def, name, operation, meta);
  NormaliseStartDelay(run, interval_ms, meta);
  return meta;
}

}  // namespace picket::solver
