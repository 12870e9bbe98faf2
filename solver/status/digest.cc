#include "solver/status/digest.h"

#include <algorithm>
#include <array>
#include <vector>

#include "solver/actions/create.h"
#include "solver/cib/rules.h"
#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

constexpr std::string_view kHostAddress = "#uname";
constexpr std::string_view kMetaPrefix = "CRM_meta_";
constexpr std::string_view kMetaTimeout = "CRM_meta_timeout";

// Names that are bookkeeping of the cluster, no parameters of an agent.
bool IsBookkeeping(std::string_view name) {
  constexpr std::array<std::string_view, 6> kNames = {"id",      "crm_feature_set", "op-digest",
                                                      "on_node", "on_node_uuid",    "pcmk_external_ip"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

Table Filtered(const Table& set, bool keep_timeout) {
  Table kept;
  for (const auto& [name, value] : set) {
    const bool meta = name.starts_with(kMetaPrefix) && !(keep_timeout && name == kMetaTimeout);
    if (!meta && !IsBookkeeping(name)) kept.Add(name, value);
  }
  return kept;
}

// Parameters for the cluster's fencer alone, which an agent never sees.
bool IsFencerParameter(std::string_view name) {
  constexpr std::array<std::string_view, 9> kNames = {"provides",        "stonith-timeout", "pcmk_action_limit",
                                                      "pcmk_delay_base", "pcmk_delay_max",  "pcmk_host_argument",
                                                      "pcmk_host_check", "pcmk_host_list",  "pcmk_host_map"};
  if (std::find(kNames.begin(), kNames.end(), name) != kNames.end()) return true;
  if (!name.starts_with("pcmk_")) return false;
  name.remove_prefix(5);
  const size_t end = name.find('_');
  if (end == std::string_view::npos || end == 0) return false;
  const std::string_view rest = name.substr(end + 1);
  return rest == "action" || rest == "timeout" || rest == "retries";
}

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  size_t at = 0;
  while ((at = text.find_first_not_of(" \t\n", at)) != std::string_view::npos) {
    const size_t end = std::min(text.find_first_of(" \t\n", at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

bool Contains(const std::vector<std::string_view>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

template <typename Test>
Table Without(const Table& set, Test drop) {
  Table kept;
  for (const auto& [name, value] : set) {
    if (!drop(name)) kept.Add(name, value);
  }
  return kept;
}

// The parameters of the op element itself, for a node.
Table OperationParams(Run& run, const OperationDef* operation, NodeId node) {
  Table params;
  if (!operation) return params;
  RuleInput input;
  input.now = run.state->now;
  input.target = &run.cluster->target;
  input.node_attributes = &run.at(node).attributes;
  NextChange next_change;
  ReadBlocks(operation->params, input, params, next_change);
  if (next_change) ConsiderRecheck(run, *next_change);
  return params;
}

// The name of the node where the connection's container is assigned, else where it runs.
std::string HostName(const Run& run, ResourceId connection) {
  const ResourceId launcher = run.at(connection).launcher;
  if (!launcher.valid()) return {};
  NodeId host = run.at(launcher).node;
  if (!host.valid()) host = CurrentNode(run, launcher);
  return host.valid() ? run.at(host).name : std::string();
}

// What is secret or does not matter for the resource is left out (spec 02 §17.2, last paragraph).
std::string SecureDigest(const Run& run, ResourceId resource, const HistoryEntry* entry, const Table& all,
                         const Table& own) {
  const std::string_view names = entry ? entry->Get("op-secure-params") : "passwd password user";
  const std::string_view feature_set = entry ? entry->Get("crm_feature_set") : run.cluster->feature_set;
  const std::vector<std::string_view> secrets = Words(names);
  const bool old = CompareVersions(feature_set, "3.16.0") < 0;
  const bool device = run.at(resource).fence_device;
  const Table set = Without(old ? own : all, [&](std::string_view name) {
    return Contains(secrets, name) || (old && device && IsFencerParameter(name));
  });
  return ParameterDigest(Filtered(set, false));
}

DigestSet Calculate(Run& run, ResourceId resource, std::string_view task, uint32_t interval_ms, NodeId node,
                    const HistoryEntry* entry) {
  const OperationDef* operation = FindOperation(run, resource, task, interval_ms, false);
  const Table own = EvaluateParams(run, resource, node);
  const Table of_operation = OperationParams(run, operation, node);

  Table all;
  if (HasHostAddress(run, resource)) {
    if (const std::string host = HostName(run, resource); !host.empty()) all.Add("addr", host);
  }
  for (const auto& [name, value] : own) all.Add(name, value);
  for (const auto& [name, value] : of_operation) all.Add(name, value);
  if (interval_ms > 0) {
    const Table meta = OperationMeta(run, resource, task, interval_ms, operation, node);
    all.Add(kMetaTimeout, meta.Get("timeout"));
  }

  DigestSet set;
  const Table full = Filtered(all, interval_ms > 0);
  set.full = ParameterDigest(full);
  if (entry && !RestartDigestOf(run, *entry).empty()) {
    const bool listed = entry->Has("op-force-restart");
    const std::vector<std::string_view> names = Words(entry->Get("op-force-restart"));
    set.restart =
        ParameterDigest(Without(full, [&](std::string_view name) { return listed && !Contains(names, name); }));
  }
  // Asked for by unfencing, which has no entry, and where the input hides secrets (spec 02 §17.4).
  if (!entry || run.state->sanitized) set.secure = SecureDigest(run, resource, entry, all, own);
  if (interval_ms == 0 && !of_operation.empty()) set.verdict = DigestVerdict::kRestart;
  return set;
}

// --- kept from one solve to the next ------------------------------------------------------------------------

bool HasRules(const NvBlocks& blocks) {
  return std::any_of(blocks.begin(), blocks.end(), [](const NvBlock& block) { return block.rule.has_value(); });
}

bool IsConfigured(const Run& run, const ResourceDef& def) {
  return std::none_of(run.generated.begin(), run.generated.end(),
                      [&def](const ResourceDef& generated) { return &generated == &def; });
}

// Whether the parameters are the same in every solve of the configuration that is kept, on all nodes.
bool AreAlwaysTheSame(const Run& run, ResourceId resource, const OperationDef* operation) {
  if (run.kept.cluster != run.cluster) return false;
  for (ResourceId id = resource; id.valid(); id = run.at(id).parent) {
    const ResourceDef& def = *run.at(id).def;
    if (HasRules(def.params) || !IsConfigured(run, def)) return false;
  }
  if (HasRules(run.cluster->param_defaults) || HasRules(run.cluster->op_defaults)) return false;
  return !operation || (!HasRules(operation->params) && !HasRules(operation->meta));
}

// The operation, and everything that Calculate() asks of the entry. No part can contain the separator.
std::string QuestionOf(const Run& run, std::string_view task, uint32_t interval_ms, const HistoryEntry* entry) {
  std::string question(task);
  const auto add = [&question](std::string_view part) { question.append(1, '\0').append(part); };
  add(std::to_string(interval_ms));
  if (!entry) return question;
  add(run.state->sanitized ? "sanitized" : "");
  add(RestartDigestOf(run, *entry).empty() ? "" : entry->Has("op-force-restart") ? "listed" : "all");
  add(entry->Get("op-force-restart"));
  add(entry->Get("op-secure-params"));
  add(entry->Get("crm_feature_set"));
  return question;
}

DigestSet CalculateOnce(Run& run, ResourceId resource, std::string_view task, uint32_t interval_ms, NodeId node,
                        const HistoryEntry* entry) {
  if (!AreAlwaysTheSame(run, resource, FindOperation(run, resource, task, interval_ms, false))) {
    return Calculate(run, resource, task, interval_ms, node, entry);
  }
  auto& of_resource = run.kept.digests[run.at(resource).def];
  const auto [known, is_new] = of_resource.try_emplace(QuestionOf(run, task, interval_ms, entry));
  if (is_new) known->second = Calculate(run, resource, task, interval_ms, node, entry);
  return known->second;
}

}  // namespace

std::string_view RestartDigestOf(const Run& run, const HistoryEntry& entry) {
  return run.expired_entries.contains(&entry) ? "calculated-failure-timeout" : entry.Get("op-restart-digest");
}

DigestSet& DigestsFor(Run& run, ResourceId resource, std::string_view task, uint32_t interval_ms, NodeId node,
                      const HistoryEntry* entry) {
  std::string key = std::to_string(node.value) + " " + run.at(resource).id + "_";
  key += task;
  key += "_" + std::to_string(interval_ms);
  const auto [known, is_new] = run.digests.try_emplace(std::move(key));
  // What was calculated for an entry may lack the secure digest.
  if (is_new || (!entry && known->second.secure.empty())) {
    known->second = CalculateOnce(run, resource, task, interval_ms, node, entry);
  }
  return known->second;
}

DigestVerdict CompareDigests(Run& run, ResourceId resource, const HistoryEntry& entry, NodeId node) {
  DigestSet& set = DigestsFor(run, resource, entry.operation, entry.interval_ms, node, &entry);
  const std::string_view restart = RestartDigestOf(run, entry);
  // Entries of one operation need not all have one; only two that are there can differ.
  if (!restart.empty() && !set.restart.empty() && restart != set.restart) {
    set.verdict = DigestVerdict::kRestart;
  } else if (!entry.Has("op-digest")) {
    set.verdict = DigestVerdict::kUnknown;
  } else if (set.full != entry.Get("op-digest")) {
    const bool restart = entry.interval_ms == 0 && set.verdict == DigestVerdict::kRestart;
    set.verdict = restart ? DigestVerdict::kRestart : DigestVerdict::kMismatch;
  } else {
    set.verdict = DigestVerdict::kMatch;
  }
  return set.verdict;
}

bool HasHostAddress(Run& run, ResourceId resource) {
  if (!run.at(resource).connection || !EnclosingBundle(run, resource).valid()) return false;
  return EvaluateParams(run, resource, NodeId()).Get("addr") == kHostAddress;
}

}  // namespace picket::solver
