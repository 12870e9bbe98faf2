#include "runtime/store/replica.h"

#include <algorithm>
#include <utility>

#include "execution/history/attributes.h"
#include "execution/history/failures.h"
#include "execution/history/history.h"
#include "execution/history/node.h"
#include "runtime/store/secret_pairs.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/cib/values.h"
#include "solver/model/text.h"
#include "solver/status/parameter_digest.h"

namespace picket::runtime {
namespace {

using execution::HistoryTarget;
using execution::kPicketd;
using execution::OperationResult;
using solver::NodeState;

// What was set by hand is written into a block of its own that is read before all others.
constexpr const char* kOverlay = "picket-by-hand";
constexpr const char* kOverlayScore = "INFINITY";

void SetXml(pugi::xml_node element, const char* name, const char* value) {
  pugi::xml_attribute attribute = element.attribute(name);
  if (!attribute) attribute = element.append_attribute(name);
  attribute.set_value(value);
}

void AddPair(pugi::xml_node block, const std::string& name, const std::string& value) {
  pugi::xml_node pair = block.append_child("nvpair");
  const std::string id = std::string(block.attribute("id").value()) + "-" + name;
  SetXml(pair, "id", id.c_str());
  SetXml(pair, "name", name.c_str());
  SetXml(pair, "value", value.c_str());
}

// The option is set where it stands, since the block `cib-bootstrap-options` is read before any other.
void SetOption(pugi::xml_node config, const std::string& name, const std::string& value) {
  for (const pugi::xml_node block : config.children("cluster_property_set")) {
    for (const pugi::xml_node pair : block.children("nvpair")) {
      if (name == pair.attribute("name").value()) SetXml(pair, "value", value.c_str());
    }
  }
  pugi::xml_node block = config.find_child_by_attribute("cluster_property_set", "id", "cib-bootstrap-options");
  if (!block) {
    block = config.append_child("cluster_property_set");
    SetXml(block, "id", "cib-bootstrap-options");
  }
  if (!block.find_child_by_attribute("nvpair", "name", name.c_str())) AddPair(block, name, value);
}

void SetNodeAttributes(pugi::xml_node nodes, const std::string& node,
                       const std::map<std::string, std::string>& values) {
  for (pugi::xml_node element : nodes.children("node")) {
    if (!solver::EqualFolded(element.attribute("uname").value(), node)) continue;
    pugi::xml_node block = element.append_child("instance_attributes");
    SetXml(block, "id", (std::string(kOverlay) + "-" + element.attribute("id").value()).c_str());
    SetXml(block, "score", kOverlayScore);
    for (const auto& [name, value] : values) AddPair(block, name, value);
    return;
  }
}

// The names of the parameters that the policy has as `secret("…")`, wherever they stand.
std::set<std::string> SecretNames(pugi::xml_node configuration) {
  std::set<std::string> names;
  for (const std::string& id : SecretPairs(configuration)) {
    const pugi::xml_node pair =
        configuration.find_node([&](pugi::xml_node node) { return id == node.attribute("id").value(); });
    names.insert(pair.attribute("name").value());
  }
  return names;
}

// Every value that is secret, wherever it stands; the longest first, since one may be part of another. What
// is shorter than this is no secret, and would be found everywhere.
constexpr size_t kSecretMin = 4;

void AddSecretValues(pugi::xml_node node, const std::set<std::string>& pairs, std::vector<std::string>& values) {
  for (const pugi::xml_node child : node.children()) {
    const bool secret = IsSecretName(child.attribute("name").value()) || pairs.count(child.attribute("id").value()) > 0;
    const std::string value = child.attribute("value").value();
    if (std::string_view(child.name()) == "nvpair" && secret && value.size() >= kSecretMin) values.push_back(value);
    AddSecretValues(child, pairs, values);
  }
}

// Adds what a copy of the state that shows no secrets is compared by.
void AddSecureDigest(const Operation& operation, const std::set<std::string>& names, OperationResult& result) {
  solver::Table shown;
  for (const auto& [name, value] : operation.parameters) {
    if (name == "crm_feature_set") result.feature_set = value;
    if (IsBookkeeping(name)) continue;
    if (IsSecretName(name) || names.count(name) > 0) {
      result.secure_params += " " + name;
    } else {
      shown.Add(name, value);
    }
  }
  if (result.secure_params.empty()) return;
  result.secure_params += " ";
  result.secure_digest = solver::ParameterDigest(shown);
}

// By their names, or because the policy has them as `secret("…")`. A digest in which a secret went is one that it can
// be guessed by.
void HideSecrets(pugi::xml_node node, const std::set<std::string>& pairs) {
  for (pugi::xml_node child : node.children()) {
    if (child.attribute("op-secure-params")) {
      for (const char* name : {"op-digest", "op-force-restart", "op-restart-digest"}) child.remove_attribute(name);
    }
    const bool hidden = IsSecretName(child.attribute("name").value()) || pairs.count(child.attribute("id").value()) > 0;
    if (std::string_view(child.name()) == "nvpair" && hidden) SetXml(child, "value", std::string(kMask).c_str());
    HideSecrets(child, pairs);
  }
}

HistoryTarget TargetOf(const Operation& operation) {
  return {{operation.resource}, operation.cls, operation.provider, operation.type};
}

HistoryTarget TargetOf(std::string_view resource) {
  return {{std::string(resource)}, {}, {}, {}};
}

OperationResult Recorded(const Operation& operation) {
  OperationResult result;
  result.resource = operation.resource;
  result.operation = operation.name;
  result.interval_ms = operation.interval_ms;
  result.expected_rc = operation.target_rc;
  result.digest = operation.digest;
  result.migrate_source = operation.migrate_source;
  result.migrate_target = operation.migrate_target;
  return result;
}

bool LeavesHistory(const Operation& operation) {
  return operation.name != "notify" && operation.name != "meta-data" && operation.name != "validate-all";
}

bool ChangesRole(const Operation& operation) {
  static constexpr std::string_view kNames[] = {"start", "stop", "promote", "demote", "migrate_to", "migrate_from"};
  return std::find(std::begin(kNames), std::end(kNames), operation.name) != std::end(kNames);
}

// The failure of a stop is kept in two entries, of which a cleanup takes one first.
bool StopFailed(const solver::ResourceHistory& history) {
  constexpr int kPending = static_cast<int>(execution::OperationStatus::kPending);
  return std::any_of(history.entries.begin(), history.entries.end(), [](const solver::HistoryEntry& entry) {
    return entry.operation == "stop" && entry.status.value_or(0) != kPending && entry.rc.value_or(0) != 0;
  });
}

}  // namespace

bool Compose(const Hard& hard, pugi::xml_document& document, std::string& error) {
  solver::DocumentError wrong;
  std::string warning;
  if (!solver::ParseDocument(hard.cib, document, wrong) || !solver::UpgradeDocument(document, warning, wrong)) {
    error = wrong.message;
    return false;
  }
  pugi::xml_node configuration = document.document_element().child("configuration");
  if (!configuration) {
    error = "it has no `configuration`";
    return false;
  }
  pugi::xml_node config = configuration.child("crm_config");
  if (!config) config = configuration.prepend_child("crm_config");
  for (const auto& [name, value] : hard.properties) SetOption(config, name, value);
  for (const auto& [node, values] : hard.attributes) SetNodeAttributes(configuration.child("nodes"), node, values);
  return true;
}

bool Replica::Install(Hard hard, std::string& error) {
  pugi::xml_document document;
  auto cluster = std::make_shared<solver::Cluster>();
  if (!hard.cib.empty()) {
    if (!Compose(hard, document, error)) return false;
    *cluster = solver::ReadCluster(document);
  }
  hard_ = std::move(hard);
  document_.reset(document);
  const pugi::xml_node configuration = document_.document_element().child("configuration");
  secret_names_ = SecretNames(configuration);
  secret_values_.clear();
  AddSecretValues(configuration, SecretPairs(configuration), secret_values_);
  std::sort(secret_values_.begin(), secret_values_.end(),
            [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  cluster_ = std::move(cluster);
  std::erase_if(state_.nodes, [&](const auto& node) { return !HasNode(*node->uname) && !FindPeer(*node->uname); });
  for (const solver::NodeDef& def : cluster_->nodes) {
    ShowPeer(def.uname);
    // Whoever was met before there was a configuration had to be called by its name.
    const solver::NodeState* node = Find(def.uname);
    if (!node || node->id == def.id) continue;
    if (state_.dc_uuid == node->id) state_.dc_uuid = def.id;
    solver::NodeState& renamed = Access(def.uname);
    renamed.id = def.id;
    execution::OverwriteAttribute(renamed.attributes, "id", def.id);
  }
  return true;
}

std::shared_ptr<NodeState> Replica::NewNode(const std::string& id, const std::string& name) const {
  auto node = std::make_shared<NodeState>();
  node->id = id;
  node->uname = name;
  node->attributes = {{"id", id}, {"uname", name}};
  node->has_history = true;
  return node;
}

bool Replica::HasNode(std::string_view name) const {
  return std::any_of(cluster_->nodes.begin(), cluster_->nodes.end(),
                     [&](const solver::NodeDef& node) { return solver::EqualFolded(node.uname, name); });
}

const NodeState* Replica::Find(std::string_view name) const {
  for (const auto& node : state_.nodes) {
    if (node->uname && solver::EqualFolded(*node->uname, name)) return node.get();
  }
  return nullptr;
}

SoftChanges& Replica::ChangesOf(std::string_view name) {
  return changes_[solver::Folded(name)];
}

SoftChanges Replica::TakeSoftChanges(std::string_view name) {
  SoftChanges changes = std::move(ChangesOf(name));
  changes_.clear();
  return changes;
}

NodeState& Replica::Edit(std::string_view name) {
  ChangesOf(name).whole = true;
  return Access(name);
}

NodeState& Replica::EditResource(std::string_view name, std::string_view resource) {
  ChangesOf(name).resources.emplace(resource);
  return Access(name);
}

NodeState& Replica::EditAttributes(std::string_view name) {
  ChangesOf(name).attributes = true;
  return Access(name);
}

NodeState& Replica::Access(std::string_view name) {
  ++soft_version_;
  for (auto& node : state_.nodes) {
    if (!node->uname || !solver::EqualFolded(*node->uname, name)) continue;
    // Whoever holds a snapshot keeps what it has seen.
    if (node.use_count() > 1) node = std::make_shared<NodeState>(*node);
    return const_cast<NodeState&>(*node);
  }
  std::string id(name);
  std::string spelled(name);
  for (const solver::NodeDef& def : cluster_->nodes) {
    if (!solver::EqualFolded(def.uname, name)) continue;
    id = def.id;
    spelled = def.uname;
  }
  state_.nodes.push_back(NewNode(id, spelled));
  return const_cast<NodeState&>(*state_.nodes.back());
}

Peer* Replica::FindPeer(std::string_view name) {
  for (auto& [known, peer] : peers_) {
    if (solver::EqualFolded(known, name)) return &peer;
  }
  return nullptr;
}

const Peer& Replica::PeerOf(std::string_view name) const {
  static const Peer kNobody;
  const Peer* peer = const_cast<Replica*>(this)->FindPeer(name);
  return peer ? *peer : kNobody;
}

void Replica::SetPeer(std::string_view name, const Peer& peer) {
  if (Peer* known = FindPeer(name)) {
    *known = peer;
  } else {
    peers_.emplace(name, peer);
  }
  ShowPeer(name);
}

// Spec 02 §2.2 says what the solver makes of it. A node that was never met has no state at all.
void Replica::ShowPeer(std::string_view name) {
  const Peer& peer = PeerOf(name);
  if (peer.standing == Standing::kUnseen) {
    std::erase_if(state_.nodes, [&](const auto& node) { return solver::EqualFolded(*node->uname, name); });
    ++soft_version_;
    return;
  }
  const bool here = peer.standing == Standing::kMember;
  const bool lost = peer.standing == Standing::kLost;
  // Until it is known how its fencing ended it is as good as lost, whatever it runs: what is merely pending would not
  // keep the solver from starting the same elsewhere.
  const bool full = here && !peer.fencing;
  execution::SetMembership(Access(name), {.in_ccm = here || (lost && peer.in_ring) ? "true" : "false",
                                          .crmd = full ? "online" : "offline",
                                          .join = full ? "member" : "down",
                                          .expected = here || lost ? "member" : "down"});
}

void Replica::SetMembers(const std::set<std::string>& members) {
  Peer left;
  left.standing = Standing::kLeft;
  for (const solver::NodeDef& node : cluster_->nodes) SetPeer(node.uname, left);
  Peer here;
  here.standing = Standing::kMember;
  here.in_ring = true;
  for (const std::string& name : members) SetPeer(name, here);
  if (!members.empty()) SetCoordinator(*members.begin());
}

void Replica::SetQuorate(bool quorate) {
  state_.have_quorum = quorate ? "1" : "0";
}

void Replica::SetCoordinator(std::string_view name) {
  const NodeState* node = Find(name);
  state_.dc_uuid = node ? node->id : std::string();
}

size_t Replica::StopFencings(std::string_view resource, int64_t now_s) const {
  return static_cast<size_t>(std::count_if(stop_fencings_.begin(), stop_fencings_.end(), [&](const StopFencing& one) {
    return one.resource == resource && one.when_s + kStopFencingsS > now_s;
  }));
}

void Replica::AddStopFencing(const StopFencing& fencing) {
  std::erase_if(stop_fencings_, [&](const StopFencing& one) { return one.when_s + kStopFencingsS <= fencing.when_s; });
  const bool known = std::find(stop_fencings_.begin(), stop_fencings_.end(), fencing) != stop_fencings_.end();
  if (!known) stop_fencings_.push_back(fencing);
}

std::string Replica::FailedStop(std::string_view node) const {
  const NodeState* state = Find(node);
  if (!state) return {};
  const auto failed = std::find_if(state->history.begin(), state->history.end(), StopFailed);
  return failed == state->history.end() ? std::string() : std::string(solver::BaseName(failed->id));
}

void Replica::ForgetStopFencings(std::string_view resource) {
  const std::string_view base = solver::BaseName(resource);
  for (const auto& node : state_.nodes) {
    for (const solver::ResourceHistory& history : node->history) {
      if (solver::BaseName(history.id) == base && StopFailed(history)) return;
    }
  }
  std::erase_if(stop_fencings_, [&](const StopFencing& one) { return one.resource == base; });
}

FenceVerdict Replica::Apply(const FenceDone& done) {
  if (done.success && done.because) AddStopFencing({*done.because, done.target, done.when_s});
  Peer* peer = FindPeer(done.target);
  if (!done.success) {
    // It came back, and nothing was done to it.
    if (peer && peer->fencing) {
      peer->fencing = false;
      ShowPeer(done.target);
    }
    return FenceVerdict::kNothing;
  }
  if (done.action == "on") {
    Apply(AttributeSet{done.target, "#node-unfenced", std::to_string(done.when_s)});
    Apply(AttributeSet{done.target, "#digests-all", done.digests_all});
    Apply(AttributeSet{done.target, "#digests-secure", done.digests_secure});
    return FenceVerdict::kNothing;
  }
  Peer off = peer ? *peer : Peer();
  // Its picketd came back since: a new boot is proof enough that it was off, the old one that it was not.
  if (off.standing == Standing::kMember && off.incarnation != done.incarnation) {
    peer->fencing = false;
    ShowPeer(done.target);
    const bool same_boot = !done.boot_id.empty() && off.boot_id == done.boot_id;
    return same_boot ? FenceVerdict::kNeverOff : FenceVerdict::kReturned;
  }
  const bool known = !off.incarnation.empty() && !done.incarnation.empty();
  if (known && off.incarnation != done.incarnation && off.standing == Standing::kLost) return FenceVerdict::kStale;
  off.standing = Standing::kFenced;
  off.daemon_only = off.fencing = off.in_ring = false;
  SetPeer(done.target, off);
  NodeState& node = Edit(done.target);
  execution::ForgetHistory(node);
  execution::ForgetTransient(node);
  return FenceVerdict::kProven;
}

void Replica::Apply(const Goodbye& goodbye) {
  Peer left = PeerOf(goodbye.node);
  left.standing = Standing::kLeft;
  left.daemon_only = left.fencing = false;
  SetPeer(goodbye.node, left);
  execution::ForgetTransient(Edit(goodbye.node));
}

void Replica::Apply(const Begin& begin) {
  // A pending probe or monitor says nothing about the resource; one that changes its role does.
  if (!ChangesRole(begin.operation)) return;
  NodeState& node = EditResource(begin.node, begin.operation.resource);
  const HistoryTarget target = TargetOf(begin.operation);
  execution::RecordPending(node, target, Recorded(begin.operation), begin.when_s, kPicketd);
  // The executor ends them too, and whatever comes of this operation, they have to be ordered again.
  if (EndsRecurring(begin.operation)) execution::ForgetAllRecurring(node, target);
  // So do those that expect it to be promoted: the plan cancels them only if it does not mean to stop it, and it may
  // be another plan by then.
  if (begin.operation.name == "demote") execution::ForgetPromotedMonitors(node, target);
}

void Replica::Apply(const Result& result) {
  const Operation& operation = result.operation;
  if (!LeavesHistory(operation)) return;
  NodeState& node = EditResource(result.node, operation.resource);
  if (!AsExpected(operation, result.outcome)) EditAttributes(result.node);
  if (operation.cancels || result.outcome.status == OperationStatus::kCancelled) {
    execution::ForgetRecurring(node, TargetOf(operation), operation.name, operation.interval_ms);
    return;
  }
  OperationResult recorded = Recorded(operation);
  recorded.rc = result.outcome.rc;
  recorded.status = result.outcome.status;
  recorded.exit_reason = result.outcome.reason;
  recorded.exec_ms = result.exec_ms;
  recorded.call_id = result.call;
  recorded.force_restart = result.force_restart;
  recorded.restart_digest = result.restart_digest;
  AddSecureDigest(operation, secret_names_, recorded);
  execution::RecordResult(node, TargetOf(operation), recorded, result.when_s, kPicketd);
  execution::CountResult(node, operation.resource, recorded, {.start_failure_is_fatal = operation.failure_is_fatal},
                         result.when_s, kPicketd);
}

bool Replica::Apply(const AttributeSet& set) {
  if (PeerOf(set.node).standing == Standing::kUnseen) return false;
  const std::string* old = Transient(set.node, set.name);
  if (set.value ? old && *old == *set.value : !old) return false;
  NodeState& node = EditAttributes(set.node);
  if (set.value) {
    execution::StoreTransient(node, set.name, *set.value, kPicketd);
  } else {
    execution::EraseTransient(node, set.name);
  }
  return true;
}

bool Replica::Apply(const FailuresCleared& cleared) {
  EditAttributes(cleared.node);
  execution::ClearFailures(EditResource(cleared.node, cleared.resource), TargetOf(cleared.resource));
  return true;
}

bool Replica::Apply(const ResourceForgotten& forgotten) {
  EditAttributes(forgotten.node);
  execution::ForgetResource(EditResource(forgotten.node, forgotten.resource), TargetOf(forgotten.resource));
  return true;
}

const std::string* Replica::Transient(std::string_view node, std::string_view name) const {
  const NodeState* state = Find(node);
  return state ? execution::FindTransient(*state, name) : nullptr;
}

std::string Replica::Permanent(std::string_view node, std::string_view name) const {
  for (const solver::NodeDef& def : cluster_->nodes) {
    if (!solver::EqualFolded(def.uname, node)) continue;
    for (const solver::NvBlock& block : def.attributes) {
      for (const solver::NvPair& pair : block.pairs) {
        if (!block.rule && pair.name == name) return pair.value;
      }
    }
  }
  return {};
}

solver::State Replica::Snapshot(const Moment& now) const {
  solver::State state = state_;
  state.now = {now.wall_s(), now.utc_offset_s};
  state.sanitized = false;
  return state;
}

std::string Replica::Text(const Moment& now, bool secrets) const {
  pugi::xml_document document;
  document.reset(document_);
  if (!document.document_element()) return {};
  solver::WriteState(state_, document);
  SetXml(document.document_element(), "execution-date", std::to_string(now.wall_s()).c_str());
  SetXml(document.document_element(), "dc-uuid", state_.dc_uuid.c_str());
  const pugi::xml_node root = document.document_element();
  if (!secrets) HideSecrets(root, SecretPairs(root.child("configuration")));
  return solver::DocumentText(document);
}

std::string Replica::Masked(std::string text) const {
  return MaskValues(std::move(text), secret_values_);
}

std::string Replica::SoftText(std::string_view name) const {
  solver::State alone;
  for (const auto& node : state_.nodes) {
    if (node->uname && solver::EqualFolded(*node->uname, name)) alone.nodes.push_back(node);
  }
  pugi::xml_document document;
  document.append_child("cib").append_child("status");
  solver::WriteState(alone, document);
  return solver::DocumentText(document);
}

std::string Replica::SoftPart(std::string_view name, std::string_view resource) const {
  const NodeState* node = Find(name);
  if (!node) return {};
  auto part = std::make_shared<NodeState>();
  part->id = node->id;
  part->uname = node->uname;
  part->attributes = node->attributes;
  part->has_history = true;
  if (resource.empty()) {
    part->has_transient = node->has_transient;
    part->transient = node->transient;
    part->transient_id = node->transient_id;
    part->transient_utilization = node->transient_utilization;
  } else if (const solver::ResourceHistory* history = execution::FindHistory(*node, TargetOf(resource))) {
    part->history.Append(*history);
  }
  solver::State alone;
  alone.nodes.push_back(std::move(part));
  pugi::xml_document document;
  document.append_child("cib").append_child("status");
  solver::WriteState(alone, document);
  return solver::DocumentText(document);
}

bool Replica::TakeSoftPart(std::string_view name, std::string_view resource, std::string_view text) {
  pugi::xml_document document;
  solver::DocumentError error;
  if (!solver::ParseDocument(text, document, error)) return false;
  const solver::State alone = solver::ReadState(document, {}, {});
  if (alone.nodes.size() != 1) return false;
  const NodeState& part = *alone.nodes.front();
  NodeState& node = Access(name);
  if (resource.empty()) {
    node.has_transient = part.has_transient;
    node.transient = part.transient;
    node.transient_id = part.transient_id;
    node.transient_utilization = part.transient_utilization;
    return true;
  }
  const auto known = std::find_if(node.history.begin(), node.history.end(),
                                  [&](const solver::ResourceHistory& history) { return history.id == resource; });
  const auto at = static_cast<size_t>(known - node.history.begin());
  if (part.history.empty()) {
    if (at < node.history.size()) node.history.Erase(at);
  } else if (at < node.history.size()) {
    node.history.Edit(at) = part.history.front();
  } else {
    node.history.Append(part.history.front());
  }
  return true;
}

bool Replica::TakeSoftText(std::string_view name, std::string_view text) {
  pugi::xml_document document;
  solver::DocumentError error;
  if (!solver::ParseDocument(text, document, error)) return false;
  const solver::State alone = solver::ReadState(document, {}, {});
  for (const auto& taken : alone.nodes) {
    if (!taken->uname || !solver::EqualFolded(*taken->uname, name)) continue;
    // Whoever keeps it has it from here, or knows that it is new.
    NodeState& node = Access(name);
    const std::string id = node.id;
    const solver::Attributes attributes = node.attributes;
    node = *taken;
    node.id = id;
    node.attributes = attributes;
    node.has_history = true;
    return true;
  }
  return false;
}

void Replica::TakeOver(std::string_view name) {
  execution::ForgetAllRecurring(Edit(name));
}

std::vector<std::string> Replica::Pending(std::string_view name) const {
  const NodeState* node = Find(name);
  return node ? execution::PendingResources(*node) : std::vector<std::string>();
}

void Replica::ForgetPending(std::string_view name, std::string_view resource) {
  execution::ForgetPending(EditResource(name, resource), TargetOf(resource));
}

void Replica::ShiftTimes(int64_t by_s) {
  std::vector<std::string> names;
  for (const auto& node : state_.nodes) names.push_back(*node->uname);
  for (const std::string& name : names) {
    execution::ShiftTimes(Edit(name), by_s);
  }
  for (StopFencing& fencing : stop_fencings_) fencing.when_s += by_s;
}

}  // namespace picket::runtime
