// S17: actions influence one another along their relations until nothing changes (spec 05 §18.2, §19.1,
// §19.2, §19.4).
//
// Cost: relations, and again those near every change. The recursion is as deep as chains of changes are long;
// its depth is counted, and beyond the bound the process stops with a message instead of running off its
// stack.
#include <cstdio>
#include <cstdlib>

#include "solver/actions/create.h"
#include "solver/model/query.h"
#include "solver/order/order.h"
#include "solver/order/propagation.h"
#include "solver/place/place.h"

namespace picket::solver {
namespace {

// An action's node for the test of `same-node` and for effective attributes; a group starts where its members
// go.
NodeId NodeForOrdering(const Run& run, ActionId id) {
  const Action& action = run.at(id);
  if (action.resource.valid() && run.at(action.resource).is_group() && action.name == Symbol::kStart) {
    return LocationOf(run, action.resource, /*current=*/false);
  }
  return action.node;
}

// 19.2: what others wait for when they wait for an action of a collective.
ActionId CompletionAction(const Run& run, ActionId id) {
  const Action& action = run.at(id);
  const Resource& resource = run.at(action.resource);
  if (resource.is_primitive() || action.interval_ms != 0) return id;
  Symbol done = Completion(action.key_operation);
  if (done == Symbol::kNone) return id;  // Notifications, too.
  if (resource.notify && (resource.is_clone() || resource.is_bundle() || resource.bundled)) {
    switch (done) {
      case Symbol::kRunning:
        done = Symbol::kConfirmedPostNotifyRunning;
        break;
      case Symbol::kStopped:
        done = Symbol::kConfirmedPostNotifyStopped;
        break;
      case Symbol::kPromoted:
        done = Symbol::kConfirmedPostNotifyPromoted;
        break;
      default:
        done = Symbol::kConfirmedPostNotifyDemoted;
        break;
    }
  }
  const ActionId completion = OldestWithKey(run, action.resource, done, 0);
  return completion.valid() ? completion : id;
}

// What belongs to no resource (a point of "one or more") waits for the collective's own action.
bool NeedsCompletion(const Run& run, ActionId first, ActionId then) {
  const ResourceId first_resource = run.at(first).resource;
  const ResourceId then_resource = run.at(then).resource;
  if (!first_resource.valid() || !then_resource.valid() || first_resource == then_resource) return false;
  return !IsAncestor(run, first_resource, then_resource);
}

// One relation applied kind by kind, in the order of 19.4.
class Applying {
 public:
  Applying(Run& run, RelationId relation, NodeId first_node, NodeId then_node) : run_(run), relation_(relation) {
    first_ = run.at(relation).first;
    then_ = run.at(relation).then;
    first_effect_ = EffectiveForOrdering(run, first_, then_node);
    then_effect_ = EffectiveForOrdering(run, then_, first_node);
    node_ = run.at(then_).node;
  }

  Change Apply() {
    if (Has(kind::kPushLocal)) {
      run_.at(relation_).kinds_before &= ~kind::kPushLocal;
      run_.at(relation_).kinds_before |= kind::kPush;
      node_ = run_.at(first_).node;
    }
    if (Has(kind::kPush)) ApplyPush();
    if (Has(kind::kRestart) && ThenOwner().valid()) UpdateThen(kind::kRestart);
    if (Has(kind::kPull)) ApplyPull();
    if (Has(kind::kPullPromoted) && ThenOwner().valid()) UpdateThen(kind::kPullPromoted);
    if (Has(kind::kCount)) ApplyCount();
    if (Has(kind::kGuestProbe)) ApplyGuestProbe();
    if (Has(kind::kGate)) ApplyGate();
    for (const Kinds kind : {kind::kMigGate, kind::kFallback, kind::kSeq, kind::kAsym}) {
      if (Has(kind) && ThenOwner().valid()) UpdateThen(kind);
    }
    if (Has(kind::kShowThen) && run_.at(first_).runnable && !first_effect_.optional) run_.at(then_).forced_in = true;
    if (Has(kind::kShowFirst) && !then_effect_.optional) run_.at(first_).forced_in = true;
    if (Has(kind::kPush | kind::kPull | kind::kRestart)) ApplyStuckStop();
    return change_;
  }

 private:
  bool Has(Kinds kinds) const { return (run_.at(relation_).kinds_before & kinds) != 0; }
  ResourceId ThenOwner() const { return run_.at(then_).resource; }
  void UpdateThen(Kinds kind) {
    change_ |= UpdateOrdered(run_, ThenOwner(), first_, then_, node_, first_effect_, kind);
  }

  void ApplyPush() {
    if (ThenOwner().valid()) {
      UpdateThen(kind::kPush);
    } else if (!first_effect_.optional && run_.at(then_).optional) {
      SetAttribute(run_, run_.at(then_).optional, false);
      change_.then = true;
    }
  }

  void ApplyPull() {
    const ResourceId owner = run_.at(first_).resource;
    if (owner.valid()) {
      change_ |= UpdateOrdered(run_, owner, first_, then_, node_, first_effect_, kind::kPull);
    } else if (!first_effect_.optional && run_.at(first_).runnable) {
      SetAttribute(run_, run_.at(first_).runnable, false);
      change_.first = true;
    }
  }

  void ApplyCount() {
    Action& then = run_.at(then_);
    if (then.resource.valid() || !first_effect_.runnable) return;
    ++then.count;
    if (then.count >= then.required_count && !then.runnable) {
      SetAttribute(run_, then.runnable, true);
      change_.then = true;
    }
  }

  void ApplyGuestProbe() {
    if (!ThenOwner().valid()) return;
    const ResourceId container = run_.at(first_).resource;
    if (!first_effect_.runnable && container.valid() && !run_.at(container).active.empty()) {
      run_.at(relation_).kinds_before = 0;  // It runs already, so that the probe need not wait.
      return;
    }
    UpdateThen(kind::kGate);
  }

  void ApplyGate() {
    if (ThenOwner().valid()) {
      UpdateThen(kind::kGate);
    } else if (!first_effect_.runnable && run_.at(then_).runnable) {
      SetAttribute(run_, run_.at(then_).runnable, false);
      change_.then = true;
    }
  }

  // Row 15: behind a stop that never comes, nothing goes on.
  void ApplyStuckStop() {
    const Action& first = run_.at(first_);
    if (!first.resource.valid() || first.name != Symbol::kStop || first.runnable) return;
    const Resource& resource = run_.at(first.resource);
    if (resource.managed || !resource.blocked || !run_.at(then_).runnable) return;
    SetAttribute(run_, run_.at(then_).runnable, false);
    change_.then = true;
  }

  Run& run_;
  const RelationId relation_;
  ActionId first_;
  ActionId then_;
  NodeId node_;
  Effect first_effect_;
  Effect then_effect_;
  Change change_;
};

// 19.1 point 2c.
void CancelFirst(Run& run, ActionId id) {
  Action& first = run.at(id);
  SetAttribute(run, first.optional, true);
  if (first.name == Symbol::kReloadAgent) run.at(first.resource).reloading = false;
}

// 19.1 point 2 for one record. Gives what changed.
Change ProcessRecord(Run& run, RelationId id) {
  const Relation relation = run.at(id);
  if (relation.kinds_before == 0) return {};
  const NodeId first_node = NodeForOrdering(run, relation.first);
  const NodeId then_node = NodeForOrdering(run, relation.then);
  if ((relation.kinds_before & kind::kSameNode) != 0 && first_node.valid() && then_node.valid() &&
      first_node != then_node) {
    run.at(id).kinds_before = 0;
    return {};
  }
  if ((relation.kinds_before & kind::kCancelFirst) != 0 && run.at(relation.first).resource.valid() &&
      !run.at(relation.then).optional) {
    CancelFirst(run, relation.first);
  }
  const bool remap = NeedsCompletion(run, relation.first, relation.then);
  const ActionId first = remap ? CompletionAction(run, relation.first) : relation.first;
  if (first == relation.first) return Applying(run, id, first_node, then_node).Apply();
  Change change;
  if (Link(run, first, relation.then, relation.kinds_before)) {
    change.then = true;
    run.at(id).kinds_before = 0;
  }
  return change;
}

// What a "minimum of" action compares with its state before it was counted anew.
struct Attributes4 {
  bool optional, runnable, pseudo, migratable, forced_in;
  explicit Attributes4(const Action& action)
      : optional(action.optional),
        runnable(action.runnable),
        pseudo(action.pseudo),
        migratable(action.migratable),
        forced_in(action.forced_in) {}
  friend bool operator==(const Attributes4&, const Attributes4&) = default;
};

// Whether a dependent has its action of that name taken away, and then its children's.
void BlockDependent(Run& run, ResourceId dependent, Symbol name, const std::string& reason) {
  const std::vector<ActionId> actions = run.at(dependent).actions;
  for (auto it = actions.rbegin(); it != actions.rend(); ++it) {
    if (run.at(*it).name != name || !run.at(*it).runnable) continue;
    SetAttribute(run, run.at(*it).runnable, false);
    SetReason(run, *it, reason, /*overwrite=*/false);
    BlockDependents(run, *it);
    ProcessAction(run, *it);
  }
  const std::vector<ResourceId> children = run.at(dependent).children;
  for (const ResourceId child : children) BlockDependent(run, child, name, reason);
}

// A collective is blocked only if each of its children has the action and cannot do it (04 §5.10).
bool IsWhollyBlocked(const Run& run, ResourceId top, Symbol name) {
  for (const ResourceId child : run.at(top).children) {
    const ActionId action = NewestNamed(run, child, name);
    if (!action.valid() || run.at(action).runnable) return false;
  }
  return true;
}

constexpr int kMaxDepth = 100000;

struct DepthGuard {
  explicit DepthGuard(Run& run) : run(run) {
    if (++run.depth <= kMaxDepth) return;
    // tidy: allow(print) an assertion that failed has nobody else to tell
    std::fputs("picket: orderings influence each other without end\n", stderr);
    std::abort();
  }
  ~DepthGuard() { --run.depth; }
  Run& run;
};

}  // namespace

void BlockDependents(Run& run, ActionId id) {
  const Action& action = run.at(id);
  if (!action.resource.valid() || action.runnable) return;
  if (action.name != Symbol::kStart && action.name != Symbol::kPromote) return;
  ResourceId top = Top(run, action.resource);
  if (run.at(top).parent.valid()) top = run.at(top).parent;  // The bundle above it.
  const Symbol name = action.name;
  if (!IsWhollyBlocked(run, top, name)) return;
  const std::string reason = "colocation with " + run.at(action.resource).id;
  // Before 2.1.6 a group that has its place has none left, and what depends on a member does not count (spec 07 ).
  const std::vector<ColocationId> colocations = WithThis(run, top);
  for (const ColocationId colocation_id : colocations) {
    const Colocation& colocation = run.at(colocation_id);
    if (!colocation.score.is_infinite()) continue;
    if (name == Symbol::kPromote && colocation.primary_role != Role::kPromoted) continue;
    const bool promoted = colocation.dependent_role == Role::kPromoted;
    BlockDependent(run, colocation.dependent, promoted ? Symbol::kPromote : Symbol::kStart, reason);
  }
}

void ProcessAfter(Run& run, ActionId action) {
  for (RelationId id = run.at(action).after_head; id.valid(); id = run.at(id).next_after)
    ProcessAction(run, run.at(id).then);
}

void ProcessAction(Run& run, ActionId then) {
  const DepthGuard guard(run);
  const Attributes4 before(run.at(then));
  const bool counts = run.at(then).required_count > 0;
  if (counts) {
    run.at(then).count = 0;
    SetAttribute(run, run.at(then).runnable, false);
  }
  bool changed = false;
  for (RelationId id = run.at(then).before_head; id.valid(); id = run.at(id).next_before) {
    const Change change = ProcessRecord(run, id);
    changed = changed || change.then;
    if (change.first) {
      const ActionId first = run.at(id).first;
      ProcessAfter(run, first);
      ProcessAction(run, first);
    }
  }
  if (counts) changed = !(Attributes4(run.at(then)) == before);
  if (!changed) return;
  if (before.runnable && !run.at(then).runnable) BlockDependents(run, then);
  ProcessAction(run, then);
  ProcessAfter(run, then);
}

void Propagate(Run& run) {
  IndexActionsByName(run);
  for (size_t i = run.actions.size(); i-- > 0;) {
    WorkFor(run, run.actions[i].resource);
    ProcessAction(run, ActionId(i));
  }
  run.actions_by_name.begins.clear();
  DropInvalid(run);
}

}  // namespace picket::solver
