#include "solver/actions/summary.h"

#include <utility>

#include "solver/model/query.h"

namespace picket::solver {
namespace {

// --- nodes

std::string NodeText(const Run& run, NodeId node) {
  const ResourceId launcher = LauncherOf(run, node);
  if (!launcher.valid()) return run.at(node).name;
  return run.at(node).name + " (resource: " + run.at(launcher).id + ")";
}

void SummariseNodes(const Run& run, std::vector<NodeSummary>& lines) {
  for (size_t i = run.actions.size(); i-- > 0;) {
    const Action& action = run.actions[i];
    if (action.resource.valid() || action.optional || !action.node.valid()) continue;
    NodeSummary line{action.id, action.node, {}, NodeText(run, action.node), action.reason};
    if (action.name == Symbol::kStonith) {
      line.task = "Fence (" + std::string(action.meta.Get("stonith_action")) + ")";
    } else if (action.name == Symbol::kDoShutdown) {
      line.task = "Shutdown";
    } else {
      continue;
    }
    lines.push_back(std::move(line));
  }
}

// --- resources

// The oldest action with that key on the node, or anywhere without one. An action without node takes the
// node.
ActionId Find(Run& run, ResourceId resource, Symbol operation, NodeId node) {
  const ActionId found = OldestWithKey(run, resource, operation, 0, node);
  if (found.valid() && node.valid() && !run.at(found).node.valid()) run.at(found).node = node;
  return found;
}

// What the lines of one primitive are made from.
struct Situation {
  ResourceId resource;
  NodeId current, next;
  Role role, next_role;
  bool moving = false;
  ActionId start, stop, promote, demote;
};

bool IsRequired(const Run& run, ActionId action) {
  return action.valid() && !run.at(action).optional;
}
bool HasReason(const Run& run, ActionId action) {
  return action.valid() && !run.at(action).reason.empty();
}

// Spec 05 §22.3, tested from top to bottom.
std::string Details(const Run& run, const ResourceSummary& line) {
  const std::string from = line.from.valid() ? run.at(line.from).name : std::string();
  const std::string to = line.to.valid() ? run.at(line.to).name : std::string();
  const std::string role(RoleName(line.role));
  const std::string next_role(RoleName(line.next_role));
  if (!line.from.valid()) return line.role_shown ? role + " -> " + next_role + " " + to : to;
  if (!line.to.valid()) return line.role_shown ? role + " " + from : from;
  const bool same_node = line.from == line.to;
  if (line.role != line.next_role) {
    return same_node ? role + " -> " + next_role + " " + from : role + " " + from + " -> " + next_role + " " + to;
  }
  const std::string nodes = same_node ? from : from + " -> " + to;
  if (!line.role_shown) return nodes;
  return same_node ? role + " " + nodes : nodes + " " + role;
}

// Spec 05 §22.4.
std::string ReasonText(const Run& run, const ResourceSummary& line) {
  const bool blocked = line.action.valid() && !run.at(line.action).runnable;
  if (HasReason(run, line.source)) return "due to " + run.at(line.source).reason + (blocked ? " (blocked)" : "");
  return blocked ? "blocked" : "";
}

class ResourceLines {
 public:
  ResourceLines(Run& run, std::vector<ResourceSummary>& lines) : run_(run), lines_(lines) {}

  // Resource list order, descending (spec 05 §22.2).
  void Add(ResourceId id) {
    const Resource& resource = run_.at(id);
    if (resource.is_primitive()) return AddPrimitive(id);
    if (!resource.is_bundle()) {
      const std::vector<ResourceId> children = resource.children;
      for (const ResourceId child : children) Add(child);
      return;
    }
    const std::vector<Replica> replicas = resource.bundle->replicas;
    for (const Replica& replica : replicas) {
      for (const ResourceId part : {replica.ip, replica.container, replica.connection, replica.child}) {
        if (part.valid()) Add(part);
      }
    }
  }

 private:
  void AddPrimitive(ResourceId id) {
    const Resource& resource = run_.at(id);
    Situation s{id, CurrentNode(run_, id), resource.node, resource.role, resource.next_role, false, {}, {}, {}, {}};
    if (s.current.valid() && s.role == Role::kStopped) s.role = Role::kStarted;
    if (!s.current.valid() && (resource.removed || !s.next.valid())) return;
    if (!resource.managed) return;
    s.moving = s.current.valid() && s.next.valid() && s.current != s.next;
    s.start = Find(run_, id, Symbol::kStart, s.next);
    const bool starts = s.start.valid() && run_.at(s.start).runnable;
    s.stop = Find(run_, id, Symbol::kStop, starts ? s.current : NodeId());
    if (!s.stop.valid() && resource.stop_unexpected) s.stop = Find(run_, id, Symbol::kStop, NodeId());
    s.promote = Find(run_, id, Symbol::kPromote, s.next);
    s.demote = Find(run_, id, Symbol::kDemote, s.next);
    if (s.role == s.next_role) {
      if (s.next.valid()) SameRole(s);
    } else {
      OtherRole(s);
    }
  }

  void SameRole(const Situation& s) {
    const Resource& resource = run_.at(s.resource);
    const ActionId migrate_from = Find(run_, s.resource, Symbol::kMigrateFrom, s.next);
    if (migrate_from.valid() && run_.at(migrate_from).runnable && s.current.valid()) {
      Line(s, "Migrate", s.current, s.next, s.start, s.start);
    } else if (resource.reloading) {
      Line(s, "Reload", s.current, s.next, s.start, s.start);
    } else if (!IsRequired(run_, s.start)) {
      if (IsRequired(run_, s.demote) && IsRequired(run_, s.promote)) {
        Line(s, "Re-promote", s.current, s.next, s.promote, s.demote);
      }
    } else if (!run_.at(s.start).runnable) {
      Line(s, "Stop", s.current, NodeId(), s.stop, HasReason(run_, s.stop) ? s.stop : s.start);
    } else if (s.moving) {
      Line(s, resource.failed ? "Recover" : "Move", s.current, s.next, s.stop, s.stop);
    } else if (resource.failed) {
      Line(s, "Recover", s.current, NodeId(), s.stop, s.stop);
    } else {
      Line(s, "Restart", s.current, s.next, s.start, s.start);
    }
  }

  void OtherRole(const Situation& s) {
    const Resource& resource = run_.at(s.resource);
    const bool start_blocked = s.start.valid() && !run_.at(s.start).runnable;
    if (s.stop.valid() && (s.next_role == Role::kStopped || start_blocked)) {
      const std::vector<NodeId> nodes = resource.active;
      for (const NodeId node : nodes) {
        const ActionId stop = Find(run_, s.resource, Symbol::kStop, node);
        Line(s, "Stop", node, NodeId(), stop, HasReason(run_, stop) || !s.start.valid() ? stop : s.start);
      }
    } else if (s.stop.valid() && resource.failed && resource.stop_on_failure) {
      Line(s, "Recover", s.current, s.next, s.stop, s.start.valid() ? s.start : s.stop);
    } else if (s.moving) {
      Line(s, "Move", s.current, s.next, s.stop, s.stop);
    } else if (resource.reloading) {
      Line(s, "Reload", s.current, s.next, s.start, s.start);
    } else if (IsRequired(run_, s.stop)) {
      Line(s, "Restart", s.current, s.next, s.start, s.start);
    } else if (s.role == Role::kPromoted) {
      Line(s, "Demote", s.current, s.next, s.demote, s.demote);
    } else if (s.next_role == Role::kPromoted) {
      Line(s, "Promote", s.current, s.next, s.promote, s.promote);
    } else if (s.role == Role::kStopped && s.next_role > Role::kStopped) {
      Line(s, "Start", s.current, s.next, s.start, s.start);
    }
  }

  void Line(const Situation& s, std::string change, NodeId from, NodeId to, ActionId action, ActionId source) {
    ResourceSummary line;
    line.change = std::move(change);
    line.resource = s.resource;
    line.id = run_.at(s.resource).id;
    line.from = from;
    line.to = to;
    line.role = s.role;
    line.next_role = s.next_role;
    line.role_shown = s.role > Role::kStarted || s.next_role > Role::kUnpromoted;
    line.action = action;
    line.source = source;
    line.details = Details(run_, line);
    line.reason = ReasonText(run_, line);
    lines_.push_back(std::move(line));
  }

  Run& run_;
  std::vector<ResourceSummary>& lines_;
};

}  // namespace

TransitionSummary Summarise(Run& run) {
  TransitionSummary summary;
  SummariseNodes(run, summary.nodes);
  ResourceLines lines(run, summary.resources);
  const std::vector<ResourceId> resources = run.top_level;
  for (const ResourceId id : resources) lines.Add(id);
  return summary;
}

}  // namespace picket::solver
