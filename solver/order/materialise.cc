// S16: recorded orderings become relations between actions (spec 05 §18).
//
// Cost: orderings and the actions on their two sides; then, for each probe, what leads to a restart that must
// wait for it.
#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "solver/actions/create.h"
#include "solver/model/query.h"
#include "solver/order/order.h"
#include "solver/order/propagation.h"
#include "solver/place/place.h"

namespace picket::solver {
namespace {

using Actions = std::vector<ActionId>;

// The given action, which `given` then holds, or all with that key, oldest first.
const Actions& Search(const Run& run, const OrderingEnd& end, Actions& given) {
  if (!end.action.valid()) return ActionsWithKey(run, end.resource, end.operation, end.interval_ms);
  given.assign(1, end.action);
  return given;
}

// --- 18.1

void LinkToThen(Run& run, ActionId first, const Ordering& ordering, const Actions& thens) {
  Kinds kinds = ordering.kinds;
  const ResourceId then_resource = ordering.then.resource;
  if (then_resource.valid() && run.at(first).migration_abort && run.at(first).resource == then_resource) {
    kinds &= ~kind::kPush;
  }
  for (const ActionId then : thens) Link(run, first, then, kinds);
}

// Nothing stops that does not run: no placeholder for it.
bool IsAlreadyDown(const Run& run, const OrderingEnd& first) {
  if (first.operation == Symbol::kStop) return CurrentRole(run, first.resource) == Role::kStopped;
  if (first.operation == Symbol::kDemote) return CurrentRole(run, first.resource) == Role::kUnpromoted;
  return false;
}

// An action that nobody needs and that cannot run, but that others are told to wait for.
ActionId MakePlaceholder(Run& run, const OrderingEnd& end) {
  return RequestAction(run, end.resource, end.operation, end.interval_ms, NodeId(), /*optional=*/true);
}

void MaterialiseOne(Run& run, const Ordering& ordering) {
  Actions given_then;
  if (!ordering.first.resource.valid()) {
    if (!ordering.first.action.valid()) return;
    LinkToThen(run, ordering.first.action, ordering, Search(run, ordering.then, given_then));
    return;
  }
  Actions given_first;
  const Actions* firsts = &Search(run, ordering.first, given_first);
  if (firsts->empty()) {
    if (ordering.then.resource == ordering.first.resource || IsAlreadyDown(run, ordering.first)) return;
    given_first.assign(1, MakePlaceholder(run, ordering.first));
    firsts = &given_first;
  }
  const Actions& thens = Search(run, ordering.then, given_then);
  for (const ActionId first : *firsts) LinkToThen(run, first, ordering, thens);
}

// --- 18.3

// What brings a resource up, and goes down for real if it has to restart; kNone for other actions.
Symbol DownFor(Symbol up) {
  if (up == Symbol::kStart) return Symbol::kStop;
  return up == Symbol::kPromote ? Symbol::kDemote : Symbol::kNone;
}

bool HasRealDown(const Run& run, const Action& action) {
  if (!action.resource.valid() || !run.at(action.resource).is_primitive()) return false;
  const Symbol down = DownFor(action.name);
  if (down == Symbol::kNone) return false;
  const Actions& downs = ActionsWithKey(run, action.resource, down, 0);
  return std::any_of(downs.begin(), downs.end(), [&run](ActionId id) { return !run.at(id).pseudo; });
}

// What walks from probes share. Few actions lead to something that goes down for real, none in a cluster
// where nothing runs; walks leave out the others. Walks add relations that no walk follows, so what is known
// stays true.
class Paths {
 public:
  explicit Paths(const Run& run) : leads_down_(run.actions.size(), false), walk_of_(run.actions.size(), 0) {
    std::vector<ActionId> open;
    const auto mark = [&](ActionId id) {
      if (leads_down_[id.index()]) return;
      leads_down_[id.index()] = true;
      open.push_back(id);
    };
    for (const Action& action : run.actions) {
      if (HasRealDown(run, action)) mark(action.id);
    }
    while (!open.empty()) {
      const ActionId then = open.back();
      open.pop_back();
      for (RelationId id = run.at(then).before_head; id.valid(); id = run.at(id).next_before) {
        if (MayFollow(run, run.at(id))) mark(run.at(id).first);
      }
    }
  }

  void BeginWalk() { ++walk_; }
  // Whether the walk has something to do at the action: once, if at all.
  bool Enter(ActionId id) {
    if (!leads_down_[id.index()] || walk_of_[id.index()] == walk_) return false;
    walk_of_[id.index()] = walk_;
    return true;
  }

 private:
  // What every walk may follow, and perhaps more than any does.
  static bool MayFollow(const Run& run, const Relation& relation) {
    if ((relation.kinds_after & kind::kPush) != 0) return true;
    const ResourceId inner = run.at(relation.then).resource;
    return inner.valid() && run.at(inner).parent.valid() && run.at(inner).parent == run.at(relation.first).resource;
  }

  std::vector<bool> leads_down_;
  std::vector<uint32_t> walk_of_;  // the last walk that was here
  uint32_t walk_ = 0;
};

// The walk from one probe of one primitive.
class ProbeWalk {
 public:
  ProbeWalk(Run& run, Paths& paths, ResourceId primitive, ActionId probe)
      : run_(run), paths_(paths), primitive_(primitive), probe_(probe) {}

  // What was met behind one relation need not be met again behind the next: its links are there.
  void Start() {
    paths_.BeginWalk();
    for (RelationId id = run_.at(probe_).after_head; id.valid(); id = run_.at(id).next_after) {
      const Relation relation = run_.at(id);
      OrderStartsOfInactive(relation);
      Visit(relation.then);
    }
  }

 private:
  bool IsStart(ActionId action) const { return run_.at(action).name == Symbol::kStart; }

  // An impossible probe holds up the inactive instances of its clone, not the whole clone.
  void OrderStartsOfInactive(const Relation& relation) {
    const ResourceId top = Top(run_, primitive_);
    if (run_.at(top).variant < Variant::kClone || run_.at(probe_).runnable) return;
    if (!run_.Behaves(Behaviour::kCloneProbesGateClone)) return;
    if ((relation.kinds_after & kind::kGate) != 0) return;
    if (run_.at(relation.then).resource != top || !IsStart(relation.then)) return;
    for (RelationId id = run_.at(relation.then).after_head; id.valid(); id = run_.at(id).next_after) {
      const ActionId start = run_.at(id).then;
      const ResourceId resource = run_.at(start).resource;
      if (!resource.valid() || !IsStart(start) || !run_.at(resource).active.empty() || Top(run_, resource) != top)
        continue;
      Link(run_, probe_, start, kind::kSeq | kind::kGate);
    }
  }

  // What restarts because of what the probe finds must not go down before the probe is done.
  void OrderRestart(ActionId action) {
    const ResourceId resource = run_.at(action).resource;
    if (!resource.valid() || resource == primitive_ || !run_.at(resource).is_primitive()) return;
    const Symbol down = DownFor(run_.at(action).name);
    if (down == Symbol::kNone) return;
    for (const ActionId then : ActionsWithKey(run_, resource, down, 0)) {
      if (!run_.at(then).pseudo) Link(run_, probe_, then, kind::kSeq);
    }
  }

  // The instance that an interleaved collective pairs with the primitive; the same for the whole walk.
  ResourceId Compatible(ResourceId collective) {
    const auto [it, added] = compatible_.try_emplace(collective);
    if (added) it->second = CompatibleInstance(run_, primitive_, collective, Role::kUnknown, /*current=*/false);
    return it->second;
  }

  // Without `push` the chain goes on only from a collective into its instances or members.
  bool LeadsInside(ActionId action, ActionId then) {
    const ResourceId collective = run_.at(action).resource;
    const ResourceId inner = run_.at(then).resource;
    if (!collective.valid() || !inner.valid()) return false;
    if (run_.at(collective).is_primitive() || run_.at(primitive_).parent == collective) return false;
    if (run_.at(inner).variant > Variant::kGroup || run_.at(inner).parent != collective) return false;
    if (run_.at(collective).variant < Variant::kClone || !IsInterleaved(run_, collective)) return true;
    return Compatible(collective) == inner;
  }

  void Visit(ActionId action) {
    if (!paths_.Enter(action)) return;
    OrderRestart(action);
    for (RelationId id = run_.at(action).after_head; id.valid(); id = run_.at(id).next_after) {
      const Relation relation = run_.at(id);
      if ((relation.kinds_after & kind::kPush) != 0 || LeadsInside(action, relation.then)) Visit(relation.then);
    }
  }

  Run& run_;
  Paths& paths_;
  const ResourceId primitive_;
  const ActionId probe_;
  std::unordered_map<ResourceId, ResourceId> compatible_;
};

void OrderProbesOf(Run& run, Paths& paths, ResourceId primitive) {
  const Actions probes = ActionsWithKey(run, primitive, Symbol::kMonitor, 0);
  for (const ActionId probe : probes) {
    if (IsProbe(run.at(probe))) ProbeWalk(run, paths, primitive, probe).Start();
  }
}

void OrderProbes(Run& run) {
  const std::vector<ResourceId> resources = run.top_level;
  Paths paths(run);
  for (const ResourceId top : resources) {
    ForEachPrimitive(run, top, [&](ResourceId primitive) {
      WorkFor(run, primitive);
      OrderProbesOf(run, paths, primitive);
    });
  }
}

// --- 18.4

// What a probe's relation inherits from that of the stop in whose place it stands.
Kinds KindsForProbe(Kinds stop_kinds) {
  if (stop_kinds == kind::kNeededHere || stop_kinds == kind::kTargetNode) return stop_kinds;
  return kind::kSeq | (stop_kinds & (kind::kUnlessMigrating | kind::kSameNode));
}

bool WaitsForProbe(const Run& run, ActionId then, ActionId probe) {
  const Action& action = run.at(then);
  const bool same_node = action.node == run.at(probe).node;
  if (action.name == Symbol::kStonith && action.meta.Get("stonith_action") == "on") return !same_node;
  if (action.name == Symbol::kDoShutdown) return same_node;
  return true;
}

void OrderProbesInsteadOfStop(Run& run, const Ordering& ordering) {
  const OrderingEnd& first = ordering.first;
  if (!first.resource.valid() || first.operation != Symbol::kStop || first.interval_ms != 0) return;
  if (first.resource == ordering.then.resource || ordering.kinds == 0) return;
  const bool then_stops = ordering.then.operation == Symbol::kStop && ordering.then.interval_ms == 0;
  if (ordering.then.resource.valid() && run.at(first.resource).launcher == ordering.then.resource && then_stops) return;
  const Actions& probes = ActionsWithKey(run, first.resource, Symbol::kMonitor, 0);
  if (probes.empty()) return;
  Actions given;
  const Actions& thens = Search(run, ordering.then, given);
  const Kinds kinds = KindsForProbe(ordering.kinds);
  for (const ActionId probe : probes) {
    if (!IsProbe(run.at(probe))) continue;
    for (const ActionId then : thens) {
      if (WaitsForProbe(run, then, probe)) Link(run, probe, then, kinds);
    }
  }
}

}  // namespace

void Materialise(Run& run) {
  // By index: a placeholder may bring further orderings in its wake.
  for (size_t i = 0; i < run.orderings.size(); ++i) {
    WorkFor(run, run.orderings[i].first.resource);
    MaterialiseOne(run, Ordering(run.orderings[i]));
  }
  WorkFor(run, {});
  for (size_t i = run.actions.size(); i-- > 0;) BlockDependents(run, ActionId(i));
  OrderProbes(run);
  WorkFor(run, {});
  for (size_t i = 0; i < run.orderings.size(); ++i) OrderProbesInsteadOfStop(run, Ordering(run.orderings[i]));
}

}  // namespace picket::solver
