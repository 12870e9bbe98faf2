#include "execution/plan/known_names.h"

#include "solver/status/status.h"

namespace picket::execution {

using namespace solver;  // NOLINT

KnownNames::KnownNames(const Run& run) {
  names_.reserve(run.resources.size() * 2);
  for (const ResourceId top : run.top_level) Add(run, top);
}

std::string KnownNames::NameOf(const ActionDescription& action) const {
  const std::string_view id = AttributeOr(action.resource, "id");
  const std::string_view long_id = AttributeOr(action.resource, "long-id");
  return std::string(!names_.contains(id) && !long_id.empty() && names_.contains(long_id) ? long_id : id);
}

void KnownNames::Add(const Run& run, ResourceId id) {
  const Resource& resource = run.at(id);
  names_.insert(resource.id);
  if (!resource.history_id.empty()) names_.insert(resource.history_id);
  for (const ResourceId child : resource.children) Add(run, child);
}

std::string OperationDigest(const ActionDescription& action, uint32_t interval_ms) {
  constexpr std::string_view kMeta = "CRM_meta_";
  Table params;
  for (const auto& [name, value] : action.parameters) {
    if (name.starts_with(kMeta) && !(interval_ms > 0 && name == "CRM_meta_timeout")) continue;
    if (name == "id" || name == "crm_feature_set" || name == "op-digest" || name == "on_node" ||
        name == "on_node_uuid" || name == "pcmk_external_ip") {
      continue;
    }
    params.Set(name, value);
  }
  for (const auto& [name, value] : action.params) params.Set(name, value);
  return ParameterDigest(params);
}

}  // namespace picket::execution
