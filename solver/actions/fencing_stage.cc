// Fencing and shutdown of nodes, and what follows for the actions of resources (spec 05 §15.3-§15.5).
//
// Cost: the nodes that go down times the resources; stops are listed by node once.
#include <algorithm>

#include "solver/actions/create.h"
#include "solver/actions/fencing.h"
#include "solver/actions/notify.h"
#include "solver/actions/stages.h"
#include "solver/model/query.h"
#include "solver/order/order.h"

namespace picket::solver {
namespace {

// The stops by their node, oldest first. A stop that gets its node during the stage is moved.
class StopsByNode {
 public:
  explicit StopsByNode(const Run& run) : by_node_(run.nodes.size()) {
    for (const Action& action : run.actions) {
      if (action.name == Symbol::kStop && action.resource.valid() && action.node.valid())
        Of(action.node).push_back(action.id);
    }
  }
  void Moved(ActionId stop, NodeId node) {
    std::vector<ActionId>& stops = Of(node);
    stops.insert(std::lower_bound(stops.begin(), stops.end(), stop), stop);
  }
  std::vector<ActionId>& Of(NodeId node) {
    if (by_node_.size() <= node.index()) by_node_.resize(node.index() + 1);
    return by_node_[node.index()];
  }

 private:
  std::vector<std::vector<ActionId>> by_node_;
};

bool IsAnyManaged(const Run& run, ResourceId id) {
  if (run.at(id).managed) return true;
  const auto& children = run.at(id).children;
  return std::any_of(children.begin(), children.end(), [&run](ResourceId child) { return IsAnyManaged(run, child); });
}

// --- what follows for resources (spec 05 §15.5)

class Consequences {
 public:
  Consequences(Run& run, StopsByNode& stops, ActionId fencing, NodeId node)
      : run_(run), stops_(stops), fencing_(fencing), node_(node), guest_(IsGuestNode(run, node)) {}

  void Apply() {
    const std::vector<ResourceId> resources = run_.top_level;
    for (const ResourceId id : resources) ApplyTo(id);
  }

 private:
  void ApplyTo(ResourceId id) {
    const Resource& resource = run_.at(id);
    if (!resource.is_primitive()) {
      const std::vector<ResourceId> children = resource.children;
      for (const ResourceId child : children) ApplyTo(child);
      return;
    }
    if (!resource.managed) return;
    OrderStarts(id);
    ImplyStops(id);
    ImplyDemotes(id);
  }

  bool IsStateKnown(ResourceId id) const {
    if (IsKnownOn(run_, id, node_)) return true;
    const Resource& resource = run_.at(id);
    return resource.parent.valid() && run_.at(resource.parent).is_clone() && !resource.unique &&
           IsKnownOn(run_, resource.parent, node_);
  }

  // What needs fencing waits for it; what only needs quorum still must not start while it might run on the
  // node.
  void OrderStarts(ResourceId id) {
    const std::vector<ActionId> actions = run_.at(id).actions;
    for (auto it = actions.rbegin(); it != actions.rend(); ++it) {
      const Action& action = run_.at(*it);
      if (action.needs == Needs::kFencing) {
        Link(run_, fencing_, *it, kind::kSeq);
      } else if (action.needs == Needs::kQuorum && action.name == Symbol::kStart &&
                 run_.at(id).row.Find(node_) != nullptr && !IsStateKnown(id)) {
        Link(run_, fencing_, *it, kind::kSeq | kind::kGate);
      }
    }
  }

  std::vector<ActionId> ActionsHere(ResourceId id, Symbol operation) {
    std::vector<ActionId> here;
    for (const ActionId action : ActionsWithKey(run_, id, operation, 0)) {
      const NodeId node = run_.at(action).node;
      if (node.valid() && node != node_) continue;
      here.push_back(action);
    }
    return here;
  }

  void TakeNode(ActionId id) {
    if (run_.at(id).node.valid()) return;
    run_.at(id).node = node_;
    if (run_.at(id).name == Symbol::kStop) stops_.Moved(id, node_);
  }

  bool WaitsForFencing(ResourceId id) const { return run_.at(id).needs_fencing || guest_; }

  void ImplyStops(ResourceId id) {
    const ResourceId top = Top(run_, id);
    for (const ActionId stop : ActionsHere(id, Symbol::kStop)) {
      TakeNode(stop);
      run_.at(stop).pseudo = true;
      run_.at(stop).runnable = true;
      if (WaitsForFencing(id)) {
        if (!EnclosingBundle(run_, id).valid()) Link(run_, fencing_, stop, kind::kGuestOk);
        if (const ActionId whole = NewestNamed(run_, top, Symbol::kStop); whole.valid()) {
          Link(run_, fencing_, whole, kind::kGuestOk);
        }
      }
      if (run_.at(id).notify) NotifyImpliedStop(run_, id, stop, fencing_);
    }
  }

  void ImplyDemotes(ResourceId id) {
    const Node& node = run_.at(node_);
    if (node.online && !node.unclean && !run_.at(id).failed) return;
    for (const ActionId demote : ActionsHere(id, Symbol::kDemote)) {
      TakeNode(demote);
      run_.at(demote).pseudo = true;
      run_.at(demote).runnable = true;
      if (WaitsForFencing(id) && !EnclosingBundle(run_, id).valid()) {
        Link(run_, fencing_, demote, kind::kGuestOk | kind::kSeq);
      }
    }
  }

  Run& run_;
  StopsByNode& stops_;
  ActionId fencing_;
  NodeId node_;
  bool guest_;
};

// --- nodes

// A guest is fenced by what happens to its launcher; a pseudo-action stands for it (spec 05 §15.4).
ActionId FenceGuest(Run& run, NodeId node) {
  const ResourceId launcher = LauncherOf(run, node);
  const bool comes_back = NewestNamed(run, launcher, Symbol::kStart).valid();
  const ActionId fencing = FencingOperation(run, node, comes_back ? "reboot" : "off", false, "guest is unclean");
  run.at(fencing).pseudo = true;
  run.at(fencing).runnable = true;

  const ActionId stop = NewestNamed(run, launcher, Symbol::kStop);
  if (stop.valid() && run.at(stop).pseudo) {
    const NodeId host = run.at(stop).node;
    const ActionId host_fencing = FencingOperation(run, host, {}, !CanBeFenced(run, host), {});
    Link(run, host_fencing, fencing, kind::kGate | kind::kPush);
  } else if (stop.valid()) {
    Link(run, stop, fencing, kind::kGate | kind::kPush);
  } else if (const ActionId disconnect = NewestNamed(run, run.at(node).connection, Symbol::kStop); disconnect.valid()) {
    Link(run, disconnect, fencing, kind::kSeq);
  }
  return fencing;
}

// Everything stops before the node shuts down (spec 05 §15.3.3).
ActionId ShutDown(Run& run, StopsByNode& stops, NodeId node) {
  const ActionId shutdown =
      RequestClusterAction(run, "do_shutdown-" + run.at(node).name, "do_shutdown", node, false, false);
  run.at(shutdown).meta.Set("op_no_wait", "true");
  const std::vector<ActionId> here = stops.Of(node);
  for (auto it = here.rbegin(); it != here.rend(); ++it) {
    const Resource& resource = run.at(run.at(*it).resource);
    if (resource.maintenance || run.at(node).maintenance) continue;
    if (!resource.managed && !resource.blocked) continue;
    run.at(*it).optional = false;
    Record(run, End(*it), End(shutdown), kind::kSeq | kind::kGate);
  }
  return shutdown;
}

// The nodes that go down, the DC apart: it goes last.
struct GoingDown {
  ActionId dc;
  bool dc_shuts_down = false;
  std::vector<ActionId> fencing;
  std::vector<ActionId> shutdowns;
};

void RememberFencing(Run& run, GoingDown& down, NodeId node, ActionId fencing) {
  if (run.at(node).is_dc) {
    down.dc = fencing;
    return;
  }
  if (!run.options.concurrent_fencing && !down.fencing.empty()) {
    Link(run, down.fencing.back(), fencing, kind::kSeq);
  }
  down.fencing.push_back(fencing);
}

void RememberShutdown(Run& run, GoingDown& down, NodeId node, ActionId shutdown) {
  if (run.at(node).is_dc) {
    down.dc = shutdown;
    down.dc_shuts_down = true;
  } else {
    down.shutdowns.push_back(shutdown);
  }
}

void OrderDcLast(Run& run, const GoingDown& down) {
  if (!down.dc.valid()) return;
  if (down.dc_shuts_down) {
    for (const ActionId shutdown : down.shutdowns) Link(run, shutdown, down.dc, kind::kSeq);
  }
  if (run.options.concurrent_fencing) {
    for (const ActionId fencing : down.fencing) Link(run, fencing, down.dc, kind::kSeq);
  } else if (!down.fencing.empty()) {
    Link(run, down.fencing.back(), down.dc, kind::kSeq);
  }
}

}  // namespace

void FenceAndShutDown(Run& run) {
  const bool managed =
      std::any_of(run.top_level.begin(), run.top_level.end(), [&run](ResourceId id) { return IsAnyManaged(run, id); });
  StopsByNode stops(run);
  GoingDown down;
  const std::vector<NodeId> nodes = run.node_order;
  for (const NodeId id : nodes) {
    if (IsGuestNode(run, id)) {
      if (!run.at(id).needs_reset || !managed || !CanBeFenced(run, id)) continue;
      const ActionId fencing = FenceGuest(run, id);
      Consequences(run, stops, fencing, id).Apply();
    } else if (run.at(id).unclean && managed && CanBeFenced(run, id)) {
      const ActionId fencing = FencingOperation(run, id, {}, false, "node is unclean");
      Consequences(run, stops, fencing, id).Apply();
      RememberFencing(run, down, id, fencing);
    } else if (!run.at(id).remote && run.at(id).online && run.at(id).shutting_down) {
      RememberShutdown(run, down, id, ShutDown(run, stops, id));
    }
  }
  OrderDcLast(run, down);
}

}  // namespace picket::solver
