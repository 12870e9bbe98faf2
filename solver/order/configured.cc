// Orderings of the configuration: <rsc_order> as a pair or as sets becomes recorded orderings (spec 05 §12).
#include <string>
#include <vector>

#include "solver/actions/create.h"
#include "solver/cib/values.h"
#include "solver/constraints/constraints.h"
#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/order/kinds.h"
#include "solver/order/order.h"

namespace picket::solver {
namespace {

enum class OrderKind : uint8_t { kOptional, kMandatory, kSerialize };

// 12.1: the exact spelling counts; without a kind a score of zero means optional.
OrderKind KindOf(const Run& run, const Attributes& attributes) {
  if (const std::string* text = FindAttribute(attributes, "kind")) {
    const bool exact = run.Behaves(Behaviour::kOrderKindExact);
    const auto is = [&](std::string_view word) { return exact ? *text == word : EqualFolded(*text, word); };
    if (is("Optional")) return OrderKind::kOptional;
    if (is("Serialize")) return OrderKind::kSerialize;
    return OrderKind::kMandatory;
  }
  const std::string* score = FindAttribute(attributes, "score");
  const bool zero = score && ParseScore(*score).value_or(Score()).value() == 0;
  return zero ? OrderKind::kOptional : OrderKind::kMandatory;
}

// 12.2. `parent` is the constraint of a set, or null for the constraint itself.
bool IsSymmetric(const Attributes& attributes, OrderKind kind, const Attributes* parent) {
  if (const std::string* own = FindAttribute(attributes, "symmetrical")) {
    if (const std::optional<bool> value = ParseBoolean(*own)) return *value && kind != OrderKind::kSerialize;
  }
  if (parent) {
    if (const std::string* inherited = FindAttribute(*parent, "symmetrical")) {
      return IsTrue(inherited) && kind != OrderKind::kSerialize;
    }
  }
  return kind != OrderKind::kSerialize;
}

// 12.3, forward. In 2.1.5 what is serialized is ordered as well: the instances of interleaved clones wait one
// by one, and another constraint on the same two actions comes too late (X-4, spec 05 §11.3).
Kinds ForwardKinds(const Run& run, OrderKind kind, Symbol action, bool symmetric) {
  switch (kind) {
    case OrderKind::kOptional:
      return kind::kSeq;
    case OrderKind::kSerialize:
      return run.Behaves(Behaviour::kSerializeOnlySerializes) ? kind::kSerial : kind::kSerial | kind::kSeq;
    case OrderKind::kMandatory:
      break;
  }
  if (!symmetric) return kind::kSeq | kind::kAsym;
  const bool gates = action == Symbol::kStart || action == Symbol::kPromote || action == Symbol::kMigrateFrom;
  return kind::kSeq | kind::kPush | (gates ? kind::kGate : 0);
}

// 12.3, inverse; only symmetric constraints have one.
Kinds InverseKinds(OrderKind kind) {
  return kind == OrderKind::kMandatory ? kind::kSeq | kind::kPull : kind::kSeq;
}

struct MemberSet {
  const ResourceSetDef* def = nullptr;
  std::vector<ResourceId> members;
  Symbol action = Symbol::kNone;
};

// 12.4 point 1: enough instances of the first clone stand in for the clone.
std::optional<int32_t> MinimumOf(const Run& run, ResourceId first, const Attributes& attributes) {
  const Resource& resource = run.at(first);
  if (!resource.is_clone()) return std::nullopt;
  if (resource.clone->clone_min) return *resource.clone->clone_min;
  const std::string* require_all = FindAttribute(attributes, "require-all");
  if (require_all && !IsTrue(require_all)) return 1;
  return std::nullopt;
}

ActionId MinimumAction(Run& run, const std::string& key, int32_t required) {
  const ActionId pseudo = RequestClusterAction(run, key, key, NodeId(), /*optional=*/true, /*pseudo=*/true);
  run.at(pseudo).required_count = required;
  return pseudo;
}

// Before 3.0 a resource could ask to be restarted behind what is only optional (spec 07 E-16).
bool RestartsBehind(const Run& run, ResourceId then, OrderKind kind) {
  return kind == OrderKind::kOptional && !run.Behaves(Behaviour::kRestartTypeGone) &&
         EqualFolded(run.at(then).meta.Get("restart-type"), "restart");
}

void RecordPair(Run& run, const OrderDef& order, ResourceId first, ResourceId then) {
  const Symbol first_action = run.symbols.Intern(AttributeOr(order.attributes, "first-action", "start"));
  const std::string* then_text = FindAttribute(order.attributes, "then-action");
  const Symbol then_action = then_text ? run.symbols.Intern(*then_text) : first_action;
  const OrderKind kind = KindOf(run, order.attributes);
  const bool symmetric = IsSymmetric(order.attributes, kind, nullptr);
  const bool restarts = RestartsBehind(run, then, kind);
  const Kinds forward = ForwardKinds(run, kind, first_action, symmetric) | (restarts ? kind::kPush : 0);

  const std::optional<int32_t> minimum = MinimumOf(run, first, order.attributes);
  if (minimum && *minimum > 0) {
    const ActionId pseudo = MinimumAction(run, "clone-one-or-more:" + order.id, *minimum);
    const std::vector<ResourceId> instances = run.at(first).children;
    for (const ResourceId instance : instances) {
      Record(run, End(instance, first_action), End(pseudo), kind::kCount | kind::kShowThen);
    }
    Record(run, End(pseudo), End(then, then_action), forward | kind::kGate);
  } else {
    Record(run, End(first, first_action), End(then, then_action), forward);
  }

  const Symbol undo_first = Inverse(first_action);
  const Symbol undo_then = Inverse(then_action);
  if (!symmetric || undo_first == Symbol::kNone || undo_then == Symbol::kNone) return;
  Record(run, End(then, undo_then), End(first, undo_first), InverseKinds(kind) | (restarts ? kind::kPull : 0));
}

// 12.5: the orderings inside one set. Gives the kind that the set's own attributes say, else the
// constraint's.
void RecordWithinSet(Run& run, const OrderDef& order, const MemberSet& set, OrderKind constraint_kind) {
  const std::vector<ResourceId>& members = set.members;
  if (members.size() < 2) return;
  const Attributes& attributes = set.def->attributes;
  const bool has_kind = FindAttribute(attributes, "kind") != nullptr;
  const bool has_score = FindAttribute(attributes, "score") != nullptr;
  const OrderKind kind = has_kind ? KindOf(run, attributes) : constraint_kind;
  // The set's score speaks only about symmetry (12.2).
  const OrderKind symmetry_kind = has_kind || has_score ? KindOf(run, attributes) : constraint_kind;
  const bool symmetric = IsSymmetric(attributes, symmetry_kind, &order.attributes);
  const std::string* sequential_text = FindAttribute(attributes, "sequential");
  const bool sequential = !sequential_text || IsTrue(sequential_text);

  const Kinds forward = ForwardKinds(run, kind, set.action, symmetric);
  if (kind == OrderKind::kSerialize) {
    for (size_t earlier = 0; earlier < members.size(); ++earlier) {
      for (size_t later = earlier + 1; later < members.size(); ++later) {
        Record(run, End(members[earlier], set.action), End(members[later], set.action), forward);
      }
    }
  } else if (sequential) {
    for (size_t i = 1; i < members.size(); ++i) {
      Record(run, End(members[i - 1], set.action), End(members[i], set.action), forward);
    }
  }

  const Symbol undo = Inverse(set.action);
  if (!symmetric || !sequential || undo == Symbol::kNone) return;
  for (size_t i = 1; i < members.size(); ++i) {
    Record(run, End(members[i], undo), End(members[i - 1], undo), InverseKinds(kind));
  }
}

bool IsExplicitlySequential(const MemberSet& set) {
  return IsTrue(FindAttribute(set.def->attributes, "sequential"));
}

bool RequiresAll(const MemberSet& first, Symbol action) {
  if (action == Symbol::kStop || action == Symbol::kDemote) return true;
  const std::string* text = FindAttribute(first.def->attributes, "require-all");
  return !text || ParseBoolean(*text).value_or(true);
}

// 12.6: one direction between two sets. For the inverse direction `first` is the later set and actions are
// undone.
void RecordBetweenSets(Run& run, const MemberSet& first, Symbol first_action, const MemberSet& then, Symbol then_action,
                       Kinds kinds, bool inverse) {
  if (!RequiresAll(first, first_action)) {
    const ActionId pseudo = MinimumAction(run, "one-or-more:" + first.def->id, 1);
    for (const ResourceId member : first.members) {
      Record(run, End(member, first_action), End(pseudo), kind::kCount | kind::kShowThen);
    }
    for (const ResourceId member : then.members)
      Record(run, End(pseudo), End(member, then_action), kinds | kind::kGate);
    return;
  }
  // A set that says that it is sequential is represented by the member that faces the other set.
  std::vector<ResourceId> firsts = first.members;
  std::vector<ResourceId> thens = then.members;
  if (IsExplicitlySequential(first)) firsts = {inverse ? firsts.front() : firsts.back()};
  if (IsExplicitlySequential(then)) thens = {inverse ? thens.back() : thens.front()};
  for (const ResourceId earlier : firsts) {
    for (const ResourceId later : thens) Record(run, End(earlier, first_action), End(later, then_action), kinds);
  }
}

void RecordAdjacentSets(Run& run, const MemberSet& first, const MemberSet& then, OrderKind kind, bool symmetric) {
  // Before 2.1.6 the later set's action decided whether the earlier set is a gate (spec 07 E-5).
  const bool own = run.Behaves(Behaviour::kSetActionsOwnStrength);
  const Kinds forward = ForwardKinds(run, kind, own ? first.action : then.action, symmetric);
  RecordBetweenSets(run, first, first.action, then, then.action, forward, false);
  const Symbol undo_first = Inverse(first.action);
  const Symbol undo_then = Inverse(then.action);
  if (!symmetric || undo_first == Symbol::kNone || undo_then == Symbol::kNone) return;
  RecordBetweenSets(run, then, undo_then, first, undo_first, InverseKinds(kind), true);
}

// The set's members, or nothing if one of them does not exist.
std::optional<MemberSet> Resolve(Run& run, const ResourceSetDef& def) {
  MemberSet set;
  set.def = &def;
  set.action = run.symbols.Intern(AttributeOr(def.attributes, "action", "start"));
  for (const std::string& ref : def.refs) {
    const ResourceId member = FindReferenced(run, ref);
    if (!member.valid()) return std::nullopt;
    set.members.push_back(member);
  }
  return set;
}

void RecordSets(Run& run, const OrderDef& order, const std::vector<ResourceSetDef>& sets) {
  const OrderKind kind = KindOf(run, order.attributes);
  const bool symmetric = IsSymmetric(order.attributes, kind, nullptr);
  std::optional<MemberSet> previous;
  for (const ResourceSetDef& def : sets) {
    std::optional<MemberSet> set = Resolve(run, def);
    if (!set) return;  // What was recorded before the unknown member stays.
    RecordWithinSet(run, order, *set, kind);
    if (previous && !previous->members.empty() && !set->members.empty()) {
      RecordAdjacentSets(run, *previous, *set, kind, symmetric);
    }
    previous = std::move(set);
  }
}

// 12.7: one side of a pair as a set.
ResourceSetDef AsSet(const std::string& id, const Reference& reference, const std::string* action) {
  ResourceSetDef set;
  set.id = id;
  set.refs = {id};
  if (reference.members) {
    set.refs = *reference.members;
    set.attributes.emplace_back("sequential", "false");
  }
  if (action) set.attributes.emplace_back("action", *action);
  return set;
}

}  // namespace

void UnpackOrder(Run& run, const OrderDef& order) {
  if (!order.sets.empty()) {
    RecordSets(run, order, ExpandSets(run, order.sets));
    return;
  }
  const std::string* first_id = FindAttribute(order.attributes, "first");
  const std::string* then_id = FindAttribute(order.attributes, "then");
  if (!first_id || !then_id) return;
  const Reference first = Lookup(run, *first_id);
  const Reference then = Lookup(run, *then_id);
  if (!first.known() || !then.known()) return;
  if (first.members || then.members) {
    const std::string* first_action = FindAttribute(order.attributes, "first-action");
    const std::string* then_action = FindAttribute(order.attributes, "then-action");
    RecordSets(run, order, {AsSet(*first_id, first, first_action), AsSet(*then_id, then, then_action)});
    return;
  }
  RecordPair(run, order, first.resource, then.resource);
}

}  // namespace picket::solver
