// What a name in a constraint means (spec 03 §4.1, §4.2.1).
#include <algorithm>

#include "solver/cib/values.h"
#include "solver/constraints/read_constraint.h"
#include "solver/model/query.h"

namespace picket::solver {
namespace {

const std::vector<std::string>* FindMembers(const Run& run, std::string_view id) {
  const auto it = run.template_members.find(std::string(id));
  if (it != run.template_members.end() && !it->second.empty()) return &it->second;
  for (const TagDef& tag : run.cluster->tags) {
    if (tag.id == id) return &tag.refs;
  }
  return nullptr;
}

}  // namespace

ResourceId FindReferenced(const Run& run, std::string_view id) {
  const auto entry = run.resource_by_id.find(std::string(id));
  const ResourceId found = entry == run.resource_by_id.end() ? ResourceId() : entry->second;
  // Found under the name that history has for an instance: what is meant is the clone.
  return found.valid() && run.at(found).id != id ? Top(run, found) : found;
}

Reference Lookup(const Run& run, std::string_view id) {
  Reference reference;
  reference.resource = FindReferenced(run, id);
  if (!reference.resource.valid()) reference.members = FindMembers(run, id);
  return reference;
}

std::vector<ResourceSetDef> ExpandSets(const Run& run, const std::vector<ResourceSetDef>& sets) {
  std::vector<ResourceSetDef> expanded = sets;
  for (ResourceSetDef& set : expanded) {
    std::vector<std::string> refs;
    for (const std::string& ref : set.refs) {
      const Reference reference = Lookup(run, ref);
      if (!reference.known()) return sets;
      if (!reference.members) {
        refs.push_back(ref);
        continue;
      }
      for (const std::string& member : *reference.members) {
        if (std::find(refs.begin(), refs.end(), member) == refs.end()) refs.push_back(member);
      }
    }
    set.refs = std::move(refs);
  }
  return expanded;
}

namespace constraints {

ResourceSetDef AsSet(const std::string& id, const Reference& reference, const std::string* role) {
  ResourceSetDef set;
  set.id = id;
  set.refs = {id};
  if (reference.members) {
    set.refs = *reference.members;
    set.attributes.emplace_back("sequential", "false");
  }
  if (role) set.attributes.emplace_back("role", *role);
  return set;
}

std::optional<Role> ReadRole(Run& run, const std::string* text, std::string_view constraint_id) {
  if (!text) return Role::kUnknown;
  const std::optional<Role> role = ParseRole(*text);
  if (!role && !run.Behaves(Behaviour::kInvalidRoleDropsConstraint)) return Role::kUnknown;
  if (!role) {
    ReportError(run, "Ignoring constraint " + std::string(constraint_id) + ": invalid role '" + *text + "'");
    return std::nullopt;
  }
  return *role == Role::kStarted ? Role::kUnknown : *role;
}

std::optional<Score> ReadScore(const Run& run, std::string_view text) {
  return ParseScore(text, run.options.health_red, run.options.health_yellow, run.options.health_green);
}

void ReportError(Run& run, std::string text) {
  if (run.recorder && run.recorder->log) run.recorder->Add(LogLine{LogLevel::kError, std::move(text)});
}

void ReportWarning(Run& run, std::string text) {
  if (run.recorder && run.recorder->log) run.recorder->Add(LogLine{LogLevel::kWarning, std::move(text)});
}

}  // namespace constraints
}  // namespace picket::solver
