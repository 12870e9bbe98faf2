#include "simulator/replay/replay.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "execution/plan/known_names.h"
#include "simulator/replay/firing.h"
#include "solver/cib/values.h"
#include "solver/model/text.h"

namespace picket::simulator {

using namespace execution;  // NOLINT
using namespace solver;     // NOLINT

namespace {

constexpr std::string_view kMeta = "CRM_meta_";

std::string_view Meta(const ActionDescription& action, std::string_view name) {
  for (const auto& [key, value] : action.parameters) {
    if (key.starts_with(kMeta) && std::string_view(key).substr(kMeta.size()) == name) return value;
  }
  return {};
}

class Replaying {
 public:
  Replaying(Run& run, const Transition& transition, const std::vector<std::string>& failures, StateEditor& editor)
      : run_(run), transition_(transition), failures_(failures), editor_(editor), names_(run), order_(transition) {}

  Replayed Execute() {
    size_t left = transition_.synapses.size();
    while (const std::optional<size_t> next = order_.Next()) {
      if (aborted_ && Priority(*next) < Score::kInfinityValue && !run_.at(transition_.synapses[*next]).pseudo) continue;
      --left;
      if (Fire(transition_.synapses[*next])) {
        order_.Confirm(*next);
      } else {
        aborted_ = true;
        order_.Confirm(*next, [&](size_t waiting) { return Priority(waiting) >= Score::kInfinityValue; });
      }
    }
    result_.terminated = left > 0 && !aborted_;
    return std::move(result_);
  }

 private:
  // Spec 06 §2.3.
  int32_t Priority(size_t synapse) const {
    const Action& action = run_.at(transition_.synapses[synapse]);
    const int32_t resource = action.resource.valid() ? run_.at(action.resource).priority : 0;
    return std::max({action.priority, resource, 0});
  }

  // Gives whether the action succeeded; only an asked-for failure does not.
  bool Fire(ActionId id) {
    const ActionDescription action = Describe(run_, id);
    if (action.element == "pseudo_event") {
      Tell(PseudoFired{std::string(Attribute(action, "operation")), std::string(Attribute(action, "operation_key")),
                       std::string(Attribute(action, "on_node"))});
      return true;
    }
    if (action.element == "crm_event") {
      FireClusterEvent(action);
      return true;
    }
    return FireResourceOperation(id, action);
  }

  void FireClusterEvent(const ActionDescription& action) {
    const std::string node(Attribute(action, "on_node"));
    const std::string operation(Attribute(action, "operation"));
    if (operation != "stonith") {
      Tell(ClusterFired{operation, std::string(AttributeOr(action.resource, "id")), node});
      return;
    }
    const std::string fencing(Meta(action, "stonith_action"));
    Tell(FencingFired{node, fencing});
    if (fencing != "on") editor_.Fence(editor_.FindOrMakeNode(node));
  }

  bool FireResourceOperation(ActionId id, const ActionDescription& action) {
    const std::string name = names_.NameOf(action);
    const std::string node(Attribute(action, "on_node"));
    OperationResult result;
    result.operation = Attribute(action, "operation");
    if (result.operation == "delete" || result.operation == "meta-data") {
      Tell(ResourceFired{name, result.operation, 0, node});
      return true;
    }
    result.resource = AttributeOr(action.resource, "id");
    result.interval_ms = static_cast<uint32_t>(ParseInteger(Meta(action, "interval")).value_or(0));
    result.expected_rc = static_cast<int>(ParseInteger(Meta(action, "op_target_rc")).value_or(0));
    result.rc = result.expected_rc;
    Tell(ResourceFired{name, result.operation, result.interval_ms, node});

    const bool routed = !Attribute(action, "router_node").empty();
    const size_t state =
        editor_.FindOrMakeNode(node, routed ? std::string_view(node) : Attribute(action, "on_node_uuid"));
    const bool failed = Fail(id, name, node, state, result);
    FillDetails(action, result);
    editor_.Record(state,
                   {{name, result.resource},
                    std::string(AttributeOr(action.resource, "class")),
                    std::string(AttributeOr(action.resource, "provider")),
                    std::string(AttributeOr(action.resource, "type"))},
                   result);
    // Before 3.0 an operation could be allowed to fail (spec 07 E-17).
    const bool allowed = !run_.Behaves(Behaviour::kCanFailGone) && IsTrue(Meta(action, "can_fail"));
    return !failed || allowed;
  }

  static void FillDetails(const ActionDescription& action, OperationResult& result) {
    result.digest = OperationDigest(action, result.interval_ms);
    result.notify_type = Meta(action, "notify_type");
    result.notify_operation = Meta(action, "notify_operation");
    if (result.operation == "migrate_to" || result.operation == "migrate_from") {
      result.migrate_source = Meta(action, "migrate_source");
      result.migrate_target = Meta(action, "migrate_target");
    }
  }

  // What a specification says of an action: its result, and the name of the resource as the specification has
  // it.
  struct AskedResult {
    std::string resource;
    int rc;
  };

  // Applies the first specification that fits the action (spec 06 §13.5). Gives whether one did.
  bool Fail(ActionId id, const std::string& name, const std::string& node, size_t state, OperationResult& result) {
    const std::optional<AskedResult> asked = FindAsked(name, node, result);
    if (!asked) return false;
    Tell(FailurePretended{static_cast<int32_t>(id.value) + 1, asked->rc});
    result.rc = asked->rc;
    if (result.rc != result.expected_rc) result.exit_reason = "User-injected result";
    if (!CountsAsFailure(result.rc, result.interval_ms)) return true;
    const bool fatal =
        result.operation == "stop" || (result.operation == "start" && run_.options.start_failure_is_fatal);
    for (StoredAttribute& stored :
         editor_.CountFailure(state, asked->resource, result.operation, result.interval_ms, fatal)) {
      Tell(AttributeInjected{std::move(stored)});
    }
    return true;
  }

  std::optional<AskedResult> FindAsked(const std::string& name, const std::string& node,
                                       const OperationResult& result) {
    const std::string rest = "_" + result.operation + "_" + std::to_string(result.interval_ms) + "@" + node + "=";
    for (const std::string& spec : failures_) {
      const std::string* matched = StartsWith(spec, name + rest)              ? &name
                                   : StartsWith(spec, result.resource + rest) ? &result.resource
                                                                              : nullptr;
      if (!matched) continue;
      const std::optional<int64_t> rc = ParseInteger(std::string_view(spec).substr(matched->size() + rest.size()));
      if (rc) return AskedResult{*matched, static_cast<int>(*rc)};
      Tell(Complaint{"Invalid failed operation '" + spec + "' (result code must be integer)"});
    }
    return std::nullopt;
  }

  static bool StartsWith(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && EqualFolded(text.substr(0, prefix.size()), prefix);
  }

  static std::string_view Attribute(const ActionDescription& action, std::string_view name) {
    return AttributeOr(action.attributes, name);
  }
  void Tell(ExecutionEvent event) { result_.events.push_back(std::move(event)); }

  Run& run_;
  const Transition& transition_;
  const std::vector<std::string>& failures_;
  StateEditor& editor_;
  KnownNames names_;
  FiringOrder order_;
  bool aborted_ = false;
  Replayed result_;
};

}  // namespace

Replayed Replay(Run& run, const Transition& transition, const std::vector<std::string>& failures, StateEditor& editor) {
  return Replaying(run, transition, failures, editor).Execute();
}

}  // namespace picket::simulator
