#include "simulator/text/status_xml.h"

#include "simulator/text/failures.h"
#include "simulator/text/node_attributes.h"
#include "solver/cib/dates.h"
#include "solver/model/query.h"

namespace picket::simulator {

using namespace solver;  // NOLINT

namespace {

std::string_view HealthWord(Health health) {
  switch (health) {
    case Health::kRed:
      return "red";
    case Health::kYellow:
      return "yellow";
    default:
      return "green";
  }
}

void AddNode(XmlElement& nodes, const Run& run, NodeId id) {
  const Node& node = run.at(id);
  XmlElement& element = nodes.Add("node");
  element.Set("name", node.name).Set("id", node.id);
  element.SetFlag("online", node.online)
      .SetFlag("standby", node.standby)
      .SetFlag("standby_onfail", node.standby_on_fail);
  element.SetFlag("maintenance", node.maintenance).SetFlag("pending", node.pending).SetFlag("unclean", node.unclean);
  element.Set("health", HealthWord(HealthOf(run, id)));
  // Before 2.1.7 also of a node that is about to leave (spec 07 D-7).
  const bool stays = node.expected_up || !run.Behaves(Behaviour::kFeatureSetAlwaysShown);
  if (!node.remote && node.online && stays) {
    const std::string_view features = node.attributes.Get("#feature-set");
    element.Set("feature_set", features.empty() ? "<3.15.1" : features);
  }
  element.SetFlag("shutdown", node.shutting_down).SetFlag("expected_up", node.expected_up).SetFlag("is_dc", node.is_dc);
  element.SetNumber("resources_running", static_cast<int64_t>(node.running.size()));
  element.Set("type", node.remote ? "remote" : (node.ping ? "ping" : "member"));
  if (IsGuestNode(run, id)) element.Set("id_as_resource", run.at(LauncherOf(run, id)).id);
}

class ResourceAdder {
 public:
  ResourceAdder(const Run& run, bool pending) : run_(run), pending_(pending) {}

  void Add(XmlElement& parent, ResourceId id) {
    switch (run_.at(id).variant) {
      case Variant::kPrimitive:
        return AddPrimitive(parent, id);
      case Variant::kGroup:
        return AddGroup(parent, id);
      case Variant::kClone:
        return AddClone(parent, id);
      case Variant::kBundle:
        return AddBundle(parent, id);
    }
  }

 private:
  // Shown since 2.1.6 (spec 07 G-6).
  void SetMaintenance(XmlElement& element, const Resource& resource) const {
    if (run_.Behaves(Behaviour::kXmlShowsMaintenance)) element.SetFlag("maintenance", resource.maintenance);
  }

  void AddPrimitive(XmlElement& parent, ResourceId id) {
    const Resource& resource = run_.at(id);
    XmlElement& element = parent.Add("resource");
    const std::string_view pending = pending_ ? PendingWord(resource) : std::string_view();
    element.Set("id", PrintableId(resource)).Set("resource_agent", AgentText(resource));
    element.Set("role", pending.empty() ? RoleName(DisplayedRole(run_, id)) : pending);
    element.SetIfAny("target_role", TargetRoleText(resource));
    element.SetFlag("active", IsActive(run_, id)).SetFlag("orphaned", resource.removed);
    if (run_.Behaves(Behaviour::kXmlShowsRemoved)) element.SetFlag("removed", resource.removed);
    element.SetFlag("blocked", resource.blocked);
    SetMaintenance(element, resource);
    element.SetFlag("managed", resource.managed).SetFlag("failed", resource.failed);
    element.SetFlag("failure_ignored", resource.failure_ignored);
    element.SetNumber("nodes_running_on", static_cast<int64_t>(resource.active.size()));
    if (pending_ && resource.pending_operation == Symbol::kMonitor && resource.pending_interval_ms > 0) {
      element.Set("pending", "Monitoring");
    }
    if (resource.lock_node.valid()) element.Set("locked_to", run_.at(resource.lock_node).name);
    for (const NodeId node : resource.active) {
      element.Add("node")
          .Set("name", run_.at(node).name)
          .Set("id", run_.at(node).id)
          .SetFlag("cached", run_.at(node).online);
    }
  }

  void AddGroup(XmlElement& parent, ResourceId id) {
    const Resource& group = run_.at(id);
    XmlElement& element = parent.Add("group");
    element.Set("id", group.id).SetNumber("number_resources", static_cast<int64_t>(group.children.size()));
    SetMaintenance(element, group);
    element.SetFlag("managed", group.managed);
    element.SetFlag("disabled", IsDisabled(run_, id));
    for (const ResourceId member : group.children) Add(element, member);
  }

  void AddClone(XmlElement& parent, ResourceId id) {
    const Resource& clone = run_.at(id);
    XmlElement& element = parent.Add("clone");
    element.Set("id", clone.id).SetFlag("multi_state", clone.promotable).SetFlag("unique", clone.unique);
    SetMaintenance(element, clone);
    element.SetFlag("managed", clone.managed);
    element.SetFlag("disabled", IsDisabled(run_, id)).SetFlag("failed", clone.failed);
    element.SetFlag("failure_ignored", clone.failure_ignored);
    element.SetIfAny("target_role", CloneTargetRoleText(run_, id));
    for (const ResourceId instance : clone.children) Add(element, instance);
  }

  void AddBundle(XmlElement& parent, ResourceId id) {
    const Resource& resource = run_.at(id);
    const BundleData& bundle = *resource.bundle;
    XmlElement& element = parent.Add("bundle");
    element.Set("id", resource.id)
        .Set("type", bundle.agent)
        .Set("image", bundle.image)
        .SetFlag("unique", resource.unique);
    SetMaintenance(element, resource);
    element.SetFlag("managed", resource.managed).SetFlag("failed", resource.failed);
    for (const Replica& replica : bundle.replicas) {
      XmlElement& shown = element.Add("replica").SetNumber("id", replica.offset);
      for (const ResourceId part : {replica.ip, replica.child, replica.container, replica.connection}) {
        if (part.valid()) Add(shown, part);
      }
    }
  }

  const Run& run_;
  bool pending_;
};

void AddAttributes(XmlElement& status, Run& run) {
  const std::vector<ShownNodeAttributes> nodes = NodeAttributes(run);
  if (nodes.empty()) return;
  XmlElement& section = status.Add("node_attributes");
  for (const ShownNodeAttributes& shown : nodes) {
    XmlElement& node = section.Add("node").Set("name", run.at(shown.node).name);
    for (const ShownAttribute& attribute : shown.attributes) {
      XmlElement& element = node.Add("attribute").Set("name", attribute.name).Set("value", attribute.value);
      if (attribute.expected) element.SetNumber("expected", *attribute.expected);
    }
  }
}

void AddHistory(XmlElement& status, Run& run) {
  const auto nodes = FailCounts(run);
  if (!nodes) return;
  XmlElement& section = status.Add("node_history");
  for (const NodeHistory& history : *nodes) {
    XmlElement& node = section.Add("node").Set("name", run.at(history.node).name);
    for (const CountedHistory& counted : history.resources) {
      XmlElement& element = node.Add("resource_history").Set("id", counted.id).Set("orphan", "false");
      element.SetNumber("migration-threshold", counted.migration_threshold);
      element.SetNumber("fail-count", counted.count.count);
      if (counted.count.last_failure_s > 0) element.Set("last-failure", CalendarText(counted.count.last_failure_s));
    }
  }
}

void AddFailures(XmlElement& status, const Run& run) {
  const std::vector<const FailedOperation*> failures = ShownFailures(run);
  if (failures.empty()) return;
  XmlElement& section = status.Add("failures");
  for (const FailedOperation* failure : failures) {
    const FailureView view = ViewFailure(run, *failure);
    XmlElement& element = section.Add("failure");
    element.Set(view.key_is_id ? "id" : "op_key", view.key).Set("node", view.node);
    element.Set("exitstatus", ResultText(run, view.rc));
    element.Set("exitreason", failure->entry.Has("exit-reason") ? view.exit_reason : "none");
    element.SetNumber("exitcode", view.rc).Set("call", view.call).Set("status", view.status);
    if (!view.last_rc_change_s) continue;
    const Instant changed{*view.last_rc_change_s, LocalOffset(*view.last_rc_change_s)};
    element.Set("last-rc-change", FormatUtc(changed));
    element.Set("queued", view.queued_ms ? *view.queued_ms : "0").Set("exec", view.exec_ms ? *view.exec_ms : "0");
    element.SetNumber("interval", view.interval_ms).Set("task", view.operation);
  }
}

}  // namespace

void AddStatus(XmlElement& status, Run& run, const StatusOptions& options) {
  XmlElement& nodes = status.Add("nodes");
  for (const NodeId node : run.node_order) AddNode(nodes, run, node);
  XmlElement& resources = status.Add("resources");
  ResourceAdder adder(run, options.pending);
  // The implicit connections of guest nodes, which the text leaves out, are listed here.
  for (const ResourceId id : run.top_level) {
    if (!run.at(id).removed || IsActive(run, id)) adder.Add(resources, id);
  }
  if (options.attributes) AddAttributes(status, run);
  if (options.fail_counts) {
    AddHistory(status, run);
    AddFailures(status, run);
  }
}

}  // namespace picket::simulator
