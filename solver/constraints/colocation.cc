// Colocation constraints: pairs, and sets with what is inside and between them (spec 03 §6.1-6.3).
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "solver/cib/values.h"
#include "solver/constraints/read_constraint.h"
#include "solver/model/text.h"
#include "solver/place/place.h"

namespace picket::solver::constraints {
namespace {

// A missing score counts as 0, which makes nothing.
Score ScoreOf(const Run& run, const Attributes& attributes, Score fallback = Score()) {
  const std::string* text = FindAttribute(attributes, "score");
  return text ? ReadScore(run, *text).value_or(fallback) : fallback;
}

// The constraint's `influence`, else whether the dependent is critical.
bool InfluenceOf(Run& run, const ColocationDef& def, ResourceId dependent) {
  if (const std::string* text = FindAttribute(def.attributes, "influence")) {
    if (const std::optional<bool> influence = ParseBoolean(*text)) return *influence;
    ReportError(run, "Constraint '" + def.id + "' has invalid value for influence (using default)");
  }
  return run.at(dependent).critical;
}

struct MemberSet {
  const ResourceSetDef* def = nullptr;
  std::vector<ResourceId> members;
  Role role = Role::kUnknown;
  bool sequential = true;
};

void Store(Run& run, const ColocationDef& def, std::string_view id, ResourceId dependent, Role dependent_role,
           ResourceId primary, Role primary_role, Score score, std::string_view attribute = "#uname") {
  Colocation colocation;
  colocation.id = id;
  colocation.dependent = dependent;
  colocation.primary = primary;
  colocation.score = score;
  colocation.dependent_role = dependent_role;
  colocation.primary_role = primary_role;
  colocation.attribute = attribute;
  colocation.influence = InfluenceOf(run, def, dependent);
  colocation.explicit_ = true;
  AddColocation(run, std::move(colocation));
}

// --- sets (spec 03 §6.2) -------------------------------------------------------------------------------------

// Whether two references of a set are one. The comparison of ids had no case before 2.1.7 (spec 07 A-18).
bool SameReference(const Run& run, const std::string& a, const std::string& b) {
  return run.Behaves(Behaviour::kUnknownSetMemberSkipped) ? a == b : EqualFolded(a, b);
}

// Inside a set: each with the one before it, or, if they repel each other, every pair. An unknown member ends
// it.
void ReadInside(Run& run, const ColocationDef& def, const MemberSet& set, Score constraint_score) {
  const Score score = ScoreOf(run, set.def->attributes, constraint_score);
  if (score == Score() || !set.sequential) return;
  const auto store = [&](size_t dependent, size_t primary) {
    Store(run, def, set.def->id, set.members[dependent], set.role, set.members[primary], set.role, score);
  };
  const std::string* ordering = FindAttribute(set.def->attributes, "ordering");
  const bool reversed = ordering && *ordering != "group";
  const std::vector<std::string>& refs = set.def->refs;
  for (size_t i = 0; i < set.members.size() && set.members[i].valid(); ++i) {
    if (score < Score()) {
      for (size_t j = 0; j < i && !SameReference(run, refs[j], refs[i]); ++j) store(i, j);
    } else if (i > 0) {
      if (reversed) {
        store(i - 1, i);
      } else {
        store(i, i - 1);
      }
    }
  }
}

// Between sets the earlier one depends on the later one. A sequential set is represented by one member. A
// member that does not exist is left out; before 2.1.7 nothing that follows it in the pair of sets was read
// either.
void ReadBetween(Run& run, const ColocationDef& def, const MemberSet& dependent, const MemberSet& primary,
                 Score score) {
  if (score == Score() || dependent.members.empty() || primary.members.empty()) return;
  std::vector<ResourceId> dependents = dependent.members;
  if (dependent.sequential) dependents = {dependent.members.front()};
  std::vector<ResourceId> primaries = primary.members;
  if (primary.sequential) primaries = {primary.members.back()};
  for (const ResourceId d : dependents) {
    for (const ResourceId p : primaries) {
      if (d.valid() && p.valid()) {
        Store(run, def, def.id, d, dependent.role, p, primary.role, score);
      } else if (!run.Behaves(Behaviour::kUnknownSetMemberSkipped)) {
        return;
      }
    }
  }
}

// The set with its members; one that does not exist is invalid there, and told.
std::optional<MemberSet> Resolve(Run& run, const ColocationDef& def, const ResourceSetDef& set) {
  const std::optional<Role> role = ReadRole(run, FindAttribute(set.attributes, "role"), def.id);
  if (!role) return std::nullopt;
  MemberSet resolved{&set, {}, *role, true};
  for (const std::string& ref : set.refs) {
    resolved.members.push_back(FindReferenced(run, ref));
    if (resolved.members.back().valid()) continue;
    ReportError(run, "Ignoring " + def.id + " for '" + ref + "' because it does not exist");
  }
  if (const std::string* sequential = FindAttribute(set.attributes, "sequential")) {
    resolved.sequential = ParseBoolean(*sequential).value_or(true);
  }
  return resolved;
}

void ReadSets(Run& run, const ColocationDef& def, const std::vector<ResourceSetDef>& sets) {
  const Score score = ScoreOf(run, def.attributes);
  std::optional<MemberSet> previous;
  for (const ResourceSetDef& set : sets) {
    std::optional<MemberSet> resolved = Resolve(run, def, set);
    if (!resolved) return;
    ReadInside(run, def, *resolved, score);
    if (previous) ReadBetween(run, def, *previous, *resolved, score);
    previous = std::move(resolved);
  }
}

// --- pairs (spec 03 §6.1) ------------------------------------------------------------------------------------

void ReadPair(Run& run, const ColocationDef& def, ResourceId dependent, ResourceId primary) {
  const Score score = ScoreOf(run, def.attributes);
  const std::optional<Role> dependent_role = ReadRole(run, FindAttribute(def.attributes, "rsc-role"), def.id);
  const std::optional<Role> primary_role = ReadRole(run, FindAttribute(def.attributes, "with-rsc-role"), def.id);
  if (score == Score() || !dependent_role || !primary_role) return;
  Store(run, def, def.id, dependent, *dependent_role, primary, *primary_role, score,
        AttributeOr(def.attributes, "node-attribute", "#uname"));
}

}  // namespace

void ReadColocation(Run& run, const ColocationDef& def) {
  if (!def.sets.empty()) {
    ReadSets(run, def, ExpandSets(run, def.sets));
    return;
  }
  const std::string* dependent_id = FindAttribute(def.attributes, "rsc");
  const std::string* primary_id = FindAttribute(def.attributes, "with-rsc");
  if (!dependent_id || !primary_id) return;
  const Reference dependent = Lookup(run, *dependent_id);
  const Reference primary = Lookup(run, *primary_id);
  if (!dependent.known() || !primary.known()) {
    const std::string& unknown = dependent.known() ? *primary_id : *dependent_id;
    ReportError(run, "Ignoring constraint '" + def.id + "' because '" + unknown + "' does not exist");
  } else if (dependent.members && primary.members) {
    ReportError(run, "Ignoring constraint '" + def.id + "' because two templates or tags cannot be colocated");
  } else if (dependent.members || primary.members) {
    ReadSets(run, def,
             {AsSet(*dependent_id, dependent, FindAttribute(def.attributes, "rsc-role")),
              AsSet(*primary_id, primary, FindAttribute(def.attributes, "with-rsc-role"))});
  } else {
    ReadPair(run, def, dependent.resource, primary.resource);
  }
}

}  // namespace picket::solver::constraints
