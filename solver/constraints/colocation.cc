// Colocation constraints: pairs, and sets with what is inside and between them (spec 03 §6.1-6.3).
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "solver/cib/values.h"
#include "solver/constraints/read_constraint.h"
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

// Inside a set: each with the one before it, or, if they repel each other, every pair.
void ReadInside(Run& run, const ColocationDef& def, const MemberSet& set, Score constraint_score) {
  const Score score = ScoreOf(run, set.def->attributes, constraint_score);
  if (score == Score() || !set.sequential) return;
  const auto store = [&](ResourceId dependent, ResourceId primary) {
    Store(run, def, set.def->id, dependent, set.role, primary, set.role, score);
  };
  const std::string* ordering = FindAttribute(set.def->attributes, "ordering");
  const bool reversed = ordering && *ordering != "group";
  for (size_t i = 1; i < set.members.size(); ++i) {
    if (score < Score()) {
      for (size_t j = 0; j < i; ++j) store(set.members[i], set.members[j]);
    } else if (reversed) {
      store(set.members[i - 1], set.members[i]);
    } else {
      store(set.members[i], set.members[i - 1]);
    }
  }
}

// Between sets the earlier one depends on the later one. A sequential set is represented by one member.
void ReadBetween(Run& run, const ColocationDef& def, const MemberSet& dependent, const MemberSet& primary,
                 Score score) {
  if (score == Score() || dependent.members.empty() || primary.members.empty()) return;
  std::vector<ResourceId> dependents = dependent.members;
  if (dependent.sequential) dependents = {dependent.members.front()};
  std::vector<ResourceId> primaries = primary.members;
  if (primary.sequential) primaries = {primary.members.back()};
  for (const ResourceId d : dependents) {
    for (const ResourceId p : primaries) Store(run, def, def.id, d, dependent.role, p, primary.role, score);
  }
}

std::optional<MemberSet> Resolve(Run& run, const ColocationDef& def, const ResourceSetDef& set) {
  const auto members = Members(run, set, def.id);
  const std::optional<Role> role = ReadRole(run, FindAttribute(set.attributes, "role"), def.id);
  if (!members || !role) return std::nullopt;
  MemberSet resolved{&set, *members, *role, true};
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
    if (const auto sets = ExpandSets(run, def.sets)) ReadSets(run, def, *sets);
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
    ReadSets(run, def, {AsSet(*dependent_id, dependent, FindAttribute(def.attributes, "rsc-role")),
                        AsSet(*primary_id, primary, FindAttribute(def.attributes, "with-rsc-role"))});
  } else {
    ReadPair(run, def, dependent.resource, primary.resource);
  }
}

}  // namespace picket::solver::constraints
