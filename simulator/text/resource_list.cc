// The resource list: primitives, groups, clones and bundles (spec 06 §10.4-§10.7).
#include <string>

#include "simulator/text/status_text.h"
#include "solver/model/query.h"
#include "solver/status/status.h"

namespace picket::simulator {

using namespace solver;  // NOLINT

namespace {

// Words joined by `, ` in one parenthesis with a leading blank, or nothing.
class Flags {
 public:
  void Add(std::string_view word) {
    text_ += text_.empty() ? " (" : ", ";
    text_ += word;
  }
  std::string Finish() && {
    if (!text_.empty()) text_ += ')';
    return std::move(text_);
  }

 private:
  std::string text_;
};

void AddManagement(const Run& run, Flags& flags, const Resource& resource) {
  if (resource.maintenance && run.Behaves(Behaviour::kMaintenanceSaid)) {
    flags.Add("maintenance");
  } else if (!resource.managed) {
    flags.Add("unmanaged");
  }
}

std::string PrimitiveFlags(const Run& run, ResourceId id, NodeId node, bool pending) {
  const Resource& resource = run.at(id);
  Flags flags;
  if (node.valid() && !run.at(node).online && run.at(node).unclean) flags.Add("UNCLEAN");
  if (node.valid() && node == resource.lock_node) flags.Add("LOCKED");
  if (pending && resource.pending_operation == Symbol::kMonitor && resource.pending_interval_ms > 0) {
    flags.Add("Monitoring");
  }
  const Role target = TargetRole(resource);
  if (target == Role::kStopped) {
    flags.Add("disabled");
  } else if (target == Role::kUnpromoted && InPromotableClone(run, id)) {
    flags.Add("target-role:" + std::string(TargetRoleText(resource)));
  }
  if (resource.blocked) {
    flags.Add("blocked");
  } else {
    AddManagement(run, flags, resource);
  }
  if (resource.failure_ignored) flags.Add("failure ignored");
  return std::move(flags).Finish();
}

std::string StateWords(const Run& run, ResourceId id, bool pending) {
  const Resource& resource = run.at(id);
  const Role role = DisplayedRole(run, id);
  std::string text = resource.removed ? " ORPHANED" : "";
  if (resource.failed) return text + (role == Role::kPromoted ? " FAILED Promoted" : " FAILED");
  const std::string_view word = pending ? PendingWord(resource) : std::string_view();
  return text.append(" ").append(word.empty() ? RoleName(role) : word);
}

// Where a resource that is active nowhere is said to be.
NodeId NodeWhenInactive(const Resource& resource) {
  return HasPendingNonProbe(resource) && resource.pending_node.valid() ? resource.pending_node : resource.lock_node;
}

class ResourceWriter {
 public:
  ResourceWriter(TextWriter& out, const Run& run, bool pending) : out_(out), run_(run), pending_(pending) {}

  void Write(ResourceId id) {
    switch (run_.at(id).variant) {
      case Variant::kPrimitive:
        return WritePrimitive(id);
      case Variant::kGroup:
        return WriteGroup(id);
      case Variant::kClone:
        return WriteClone(id);
      case Variant::kBundle:
        return WriteBundle(id);
    }
  }

 private:
  void WritePrimitive(ResourceId id) {
    out_.Item(PrimitiveLine(run_, id, PrintableId(run_.at(id)), CurrentNode(run_, id), pending_));
  }

  // What stands behind the title of a collective; the order of the words changed (spec 07 H-3).
  void AddState(Flags& flags, ResourceId id) {
    const bool disabled_first = run_.Behaves(Behaviour::kMaintenanceSaid);
    if (!disabled_first) AddManagement(run_, flags, run_.at(id));
    if (IsDisabled(run_, id)) flags.Add("disabled");
    if (disabled_first) AddManagement(run_, flags, run_.at(id));
  }

  void WriteGroup(ResourceId id) {
    Flags flags;
    AddState(flags, id);
    OpenList list(out_, "Resource Group: " + run_.at(id).id + std::move(flags).Finish());
    for (const ResourceId member : run_.at(id).children) Write(member);
  }

  void WriteClone(ResourceId id) {
    OpenList list(out_, CloneTitle(id));
    const Resource& clone = run_.at(id);
    std::vector<NodeId> promoted;
    std::vector<NodeId> started;
    for (const ResourceId instance : clone.children) {
      const InstanceView view = ViewInstance(run_, id, instance, pending_);
      switch (view.place) {
        case InstancePlace::kInFull:
          Write(instance);
          break;
        case InstancePlace::kPromoted:
          promoted.push_back(view.node);
          break;
        case InstancePlace::kStarted:
          started.push_back(view.node);
          break;
        case InstancePlace::kStopped:
          break;
      }
    }
    WriteNodes("Promoted", promoted);
    WriteNodes(StartedLabel(clone), started);
    if (clone.unique || static_cast<size_t>(clone.clone->clone_max) <= promoted.size() + started.size()) return;
    for (const auto& [status, nodes] : StoppedNodesOf(run_, id)) out_.Item(status + ": " + NodeBrackets(run_, nodes));
  }

  void WriteNodes(std::string_view label, std::vector<NodeId>& nodes) {
    if (nodes.empty()) return;
    SortByName(run_, nodes);
    out_.Item(std::string(label) + ": " + NodeBrackets(run_, nodes));
  }

  std::string_view StartedLabel(const Resource& clone) {
    if (!clone.promotable) return "Started";
    const bool asked_for = ParseRole(CloneTargetRoleText(run_, clone.self)) == Role::kUnpromoted;
    return asked_for ? "Unpromoted (target-role)" : "Unpromoted";
  }

  std::string CloneTitle(ResourceId id) {
    const Resource& clone = run_.at(id);
    Flags flags;
    if (clone.promotable) flags.Add("promotable");
    if (clone.unique) flags.Add("unique");
    AddState(flags, id);
    const std::string child = clone.def && !clone.def->children.empty() ? clone.def->children.front().id
                              : !clone.children.empty()                 ? run_.at(clone.children.front()).config_id
                                                                        : std::string();
    return "Clone Set: " + clone.id + " [" + child + "]" + std::move(flags).Finish();
  }

  void WriteBundle(ResourceId id) {
    const Resource& resource = run_.at(id);
    const BundleData& bundle = *resource.bundle;
    std::string title = bundle.replicas_configured > 1 ? "Container bundle set: " : "Container bundle: ";
    title += resource.id + " [" + bundle.image + "]" + (resource.unique ? " (unique)" : "");
    Flags management;
    AddManagement(run_, management, resource);
    OpenList list(out_, title + std::move(management).Finish());
    for (const Replica& replica : bundle.replicas) {
      const ReplicaView view = ViewReplica(run_, replica);
      out_.Item(PrimitiveLine(run_, view.resource, view.name, view.node, pending_));
    }
  }

  TextWriter& out_;
  const Run& run_;
  bool pending_;
};

}  // namespace

std::string PrimitiveLine(const Run& run, ResourceId id, std::string_view name, NodeId node, bool pending) {
  const Resource& resource = run.at(id);
  const bool several = resource.active.size() > 1;
  if (!node.valid()) node = NodeWhenInactive(resource);
  if (several) node = {};  // No single node is meant, so nothing is said of one.
  std::string line(name);
  line += "\t(" + AgentText(resource) + "):\t" + StateWords(run, id, pending);
  if (node.valid()) line += " " + run.at(node).name;
  if (DisplayedRole(run, id) == Role::kStopped) {
    const std::string probe = MaskedProbeText(run, id, node);
    if (!probe.empty()) line += " (" + probe + ") ";
  }
  line += PrimitiveFlags(run, id, node, pending);
  if (several) {
    const std::string_view description =
        resource.def ? AttributeOr(resource.def->attributes, "description") : std::string_view();
    if (!description.empty()) line.append(" (").append(description).append(")");
    line += " " + NodeBrackets(run, resource.active);
  }
  return line;
}

bool WriteResourceList(TextWriter& out, const Run& run, const StatusOptions& options, bool after_another) {
  if (after_another) out.Spacer();
  OpenList list(out, "Full List of Resources");
  ResourceWriter writer(out, run, options.pending);
  bool any = false;
  for (const ResourceId id : run.top_level) {
    if (IsHidden(run, id)) continue;
    writer.Write(id);
    any = true;
  }
  if (!any) out.Item("No resources");
  return true;
}

}  // namespace picket::simulator
