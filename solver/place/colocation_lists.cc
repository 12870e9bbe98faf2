// Which colocations count for a resource: storing them in order, and collecting them from relatives (spec 03
// §6.4-6.7).
//
// Cost of collecting: the lists that are put together, each element inserted by comparing.
#include <algorithm>
#include <utility>

#include "solver/model/merge_sort.h"
#include "solver/model/query.h"
#include "solver/order/order.h"
#include "solver/place/colocation.h"
#include "solver/place/neutral.h"
#include "solver/place/place.h"

namespace picket::solver {
namespace {

enum class Side : uint8_t { kThisWith, kWithThis };

// The order of spec 03 §6.4: this-with lists compare primaries, with-this lists dependents.
int CompareOthers(const Run& run, Side side, ColocationId a, ColocationId b) {
  const auto other = [&](ColocationId id) -> const Resource& {
    return run.at(side == Side::kThisWith ? run.at(id).primary : run.at(id).dependent);
  };
  const Resource& x = other(a);
  const Resource& y = other(b);
  if (x.priority != y.priority) return x.priority > y.priority ? -1 : 1;
  if (x.variant != y.variant) return x.variant > y.variant ? -1 : 1;
  if (x.is_clone() && x.promotable != y.promotable) return x.promotable ? -1 : 1;
  return x.id.compare(y.id);
}

// Spec 07 B-1: the choice that an instance makes among its collective's colocations.
bool IsSeenByInstance(const Run& run, const Colocation& colocation, ResourceId instance, bool this_with, bool few) {
  if (this_with) return few || colocation.score < Score() || colocation.score.is_infinite();
  return (few || colocation.score < Score()) && place::HasInfluence(run, colocation, instance);
}

// Puts together the list that counts for one resource, its origin.
class Collector {
 public:
  Collector(const Run& run, Side side, ResourceId origin) : run_(run), side_(side), origin_(origin) {}

  std::vector<ColocationId> Collect() {
    const Resource& origin = run_.at(origin_);
    // Before 2.1.6 relatives gave theirs away, or had them copied (spec 07 ).
    if (!run_.Behaves(Behaviour::kInstanceColocationsComputed) && !run_.Behaves(Behaviour::kGroupColocationsStay)) {
      return OwnList(origin_);
    }
    if (!origin.is_primitive()) {
      Contribute(origin_);
    } else {
      AddAll(OwnList(origin_));
      if (origin.parent.valid()) Contribute(origin.parent);
    }
    return std::move(list_);
  }

 private:
  const std::vector<ColocationId>& OwnList(ResourceId id) const {
    return side_ == Side::kThisWith ? run_.at(id).this_with : run_.at(id).with_this;
  }

  void AddOne(ColocationId id) {
    SortedInsert(list_, id, [this](ColocationId a, ColocationId b) { return CompareOthers(run_, side_, a, b); });
  }

  // The quirk of spec 03 §6.7: into a list that is not empty goes the first element, once for each element.
  void AddAll(const std::vector<ColocationId>& added) {
    if (list_.empty()) {
      list_ = added;
      return;
    }
    const bool quirk = run_.Behaves(Behaviour::kListAddingQuirk);
    for (size_t i = 0; i < added.size(); ++i) AddOne(added[quirk ? 0 : i]);
  }

  // Of a collective's list what its instances see: before 2.1.7 not all (spec 07 B-1).
  void AddOfCollective(ResourceId id) {
    if (origin_ == id || run_.Behaves(Behaviour::kInstancesSeeAllColocations)) return AddAll(OwnList(id));
    const bool few = HasFewInstances(run_, id);
    std::vector<ColocationId> seen;
    for (const ColocationId c : OwnList(id)) {
      if (IsSeenByInstance(run_, run_.at(c), origin_, side_ == Side::kThisWith, few)) seen.push_back(c);
    }
    AddAll(seen);
  }

  // What an ancestor (or a collective for itself) contributes for the origin.
  void Contribute(ResourceId id) {
    const Resource& resource = run_.at(id);
    switch (resource.variant) {
      case Variant::kPrimitive:
        return;
      case Variant::kGroup:
        ContributeGroup(id);
        return;
      case Variant::kClone:
        AddOfCollective(id);
        if (resource.parent.valid()) Contribute(resource.parent);
        return;
      case Variant::kBundle:
        if (BundleReaches(id)) AddOfCollective(id);
        return;
    }
  }

  void ContributeGroup(ResourceId id) {
    const Resource& group = run_.at(id);
    if (group.children.empty()) return;
    const ResourceId speaker = side_ == Side::kThisWith ? group.children.front() : group.children.back();
    if (origin_ != id && origin_ != speaker) {
      if (side_ == Side::kThisWith) AddBehindUnmanaged(id);
      return;
    }
    AddAll(OwnList(id));
    if (group.parent.valid()) Contribute(group.parent);
    if (!group.group_collocated || !run_.Behaves(Behaviour::kInnerMemberColocationsFelt)) return;
    for (const ResourceId member : group.children) {
      if (member == origin_) continue;
      for (const ColocationId colocation : OwnList(member)) {
        if (run_.at(colocation).explicit_) AddOne(colocation);
      }
    }
  }

  // A member behind an unmanaged one cannot rely on being pulled along, so it takes the group's mandatory
  // colocations itself (spec 03 §6.6).
  void AddBehindUnmanaged(ResourceId id) {
    for (const ResourceId member : run_.at(id).children) {
      if (member == origin_) return;
      if (run_.at(member).managed) continue;
      for (const ColocationId colocation : OwnList(id)) {
        if (run_.at(colocation).score.is_infinite()) AddOne(colocation);
      }
      return;
    }
  }

  // Spec 04 §12.4.
  bool BundleReaches(ResourceId id) const {
    if (origin_ == id) return true;
    const BundleData& bundle = *run_.at(id).bundle;
    const auto holds_origin = [this](const Replica& replica) { return replica.container == origin_; };
    if (std::any_of(bundle.replicas.begin(), bundle.replicas.end(), holds_origin)) return true;
    if (!run_.Behaves(Behaviour::kBundleRolesInColocations)) return false;
    if (!bundle.contained.valid()) return false;
    const Resource& contained = run_.at(bundle.contained);
    if (!contained.promotable) return false;
    if (origin_ == bundle.contained) return contained.clone->role_selection_begun;
    return run_.at(origin_).parent == bundle.contained && run_.at(origin_).assigned;
  }

  const Run& run_;
  const Side side_;
  const ResourceId origin_;
  std::vector<ColocationId> list_;
};

}  // namespace

ColocationId AddColocation(Run& run, Colocation colocation) {
  const ColocationId id(run.colocations.size());
  run.colocations.push_back(std::move(colocation));
  place::ForgetAllNeutral(run);
  const Colocation& stored = run.at(id);
  const auto by = [&run](Side side) {
    return [&run, side](ColocationId a, ColocationId b) { return CompareOthers(run, side, a, b); };
  };
  SortedInsert(run.at(stored.dependent).this_with, id, by(Side::kThisWith));
  SortedInsert(run.at(stored.primary).with_this, id, by(Side::kWithThis));
  if (stored.score.is_minus_infinite()) RecordAntiColocation(run, Colocation(stored));
  return id;
}

void MoveColocationsToMembers(Run& run, ResourceId group) {
  const std::vector<ResourceId> members = run.at(group).children;
  const std::vector<ColocationId> this_with = std::exchange(run.at(group).this_with, {});
  const std::vector<ColocationId> with_this = std::exchange(run.at(group).with_this, {});
  const auto insert = [&run](std::vector<ColocationId>& list, ColocationId id, Side side) {
    SortedInsert(list, id, [&](ColocationId a, ColocationId b) { return CompareOthers(run, side, a, b); });
  };
  for (const ColocationId id : this_with) {
    bool behind_unmanaged = false;
    for (const ResourceId member : members) {
      const bool mandatory = behind_unmanaged && run.at(id).score.is_infinite();
      if (member == members.front() || mandatory) insert(run.at(member).this_with, id, Side::kThisWith);
      behind_unmanaged = behind_unmanaged || !run.at(member).managed;
    }
  }
  for (const ColocationId id : with_this) insert(run.at(members.back()).with_this, id, Side::kWithThis);
}

bool HasFewInstances(const Run& run, ResourceId collective) {
  const Resource& resource = run.at(collective);
  const size_t total = resource.is_bundle() ? resource.bundle->replicas.size()
                                            : static_cast<size_t>(std::max(0, resource.clone->clone_max));
  size_t available = 0;
  for (size_t i = 0; i < resource.row.cells.size(); ++i) {
    if (resource.row.cells[i].present && IsAvailable(run, NodeId(i))) ++available;
  }
  return total < available;
}

void AppendColocationsOfParent(Run& run, ResourceId instance, bool few) {
  const ResourceId parent = run.at(instance).parent;
  for (const Side side : {Side::kThisWith, Side::kWithThis}) {
    const bool this_with = side == Side::kThisWith;
    const std::vector<ColocationId> of_parent = this_with ? run.at(parent).this_with : run.at(parent).with_this;
    for (const ColocationId id : of_parent) {
      if (!IsSeenByInstance(run, run.at(id), instance, this_with, few)) continue;
      SortedInsert(this_with ? run.at(instance).this_with : run.at(instance).with_this, id,
                   [&](ColocationId a, ColocationId b) { return CompareOthers(run, side, a, b); });
    }
  }
}

std::vector<ColocationId> ThisWith(const Run& run, ResourceId resource) {
  return Collector(run, Side::kThisWith, resource).Collect();
}

std::vector<ColocationId> WithThis(const Run& run, ResourceId resource) {
  return Collector(run, Side::kWithThis, resource).Collect();
}

}  // namespace picket::solver
