#include "solver/graph/describer.h"

#include <algorithm>
#include <string>

#include "solver/graph/listing.h"
#include "solver/graph/names.h"
#include "solver/model/query.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

// --- the element itself (06 §4.2, §4.4)

// The operation that decides where an action is carried out: for a notification the one it is about.
std::string_view DecidingOperation(const Run& run, const Action& action) {
  if (action.name == Symbol::kNotify || action.name == Symbol::kNotified) return action.meta.Get("notify_operation");
  return run.symbols.Text(action.name);
}

// The node that hosts the connection through which the action travels (06 §4.4).
NodeId RouterOf(const Run& run, const Action& action) {
  if (action.name == Symbol::kStonith || !action.node.valid() || !run.at(action.node).remote) return {};
  const ResourceId id = run.at(action.node).connection;
  if (!id.valid()) return {};
  const Resource& connection = run.at(id);
  const NodeId began = CurrentNode(run, id);
  const NodeId ended = connection.node;
  if (!began.valid()) return ended;
  if (!ended.valid() || began == ended) return began;
  const std::string_view operation = DecidingOperation(run, action);
  const bool leaves = operation == "cancel" || operation == "stop" || operation == "demote" ||
                      operation == "migrate_from" || operation == "migrate_to";
  const bool half_migrated = connection.migration_source.valid() && !connection.launcher.valid();
  return leaves && !half_migrated ? began : ended;
}

void AddShort(const Run& run, ActionId id, Scraps& scraps, DescribedAction& description) {
  const Action& action = run.at(id);
  Words& attributes = description.attributes;
  description.element = ElementName(action);
  if (action.name == Symbol::kLrmDelete) attributes.emplace_back("mode", "cib");
  attributes.emplace_back("id", scraps.Number(id.value + 1));
  attributes.emplace_back("operation", run.symbols.Text(action.name));
  std::string& printed_key = scraps.New();
  AppendPrintedKey(run, id, printed_key);
  attributes.emplace_back("operation_key", printed_key);
  if (action.resource.valid() && !run.at(action.resource).history_id.empty()) {
    std::string& key = scraps.New();
    AppendKeyText(run, id, key);
    attributes.emplace_back("internal_operation_key", key);
  }
  if (!HasNodeAttributes(action) || !action.node.valid()) return;
  attributes.emplace_back("on_node", run.at(action.node).name);
  attributes.emplace_back("on_node_uuid", run.at(action.node).id);
  if (const NodeId router = RouterOf(run, action); router.valid()) {
    attributes.emplace_back("router_node", run.at(router).name);
  }
}

// What a locked resource does on its node carries the time of the lock, so that it can be recorded with the
// result.
void AddShutdownLock(const Run& run, const Action& action, Scraps& scraps, Words& attributes) {
  if (!action.resource.valid() || action.pseudo || !action.node.valid()) return;
  const Resource& resource = run.at(action.resource);
  if (resource.lock_node != action.node) return;
  if (run.at(action.node).shutting_down && action.name != Symbol::kStop) return;
  attributes.emplace_back("shutdown-lock", scraps.Number(resource.lock_time_s));
}

// --- the resource element (06 §4.3)

void AddResource(const Resource& resource, Words& attributes) {
  if (resource.removed && !resource.history_id.empty()) {
    attributes.emplace_back("id", resource.history_id);
    attributes.emplace_back("long-id", resource.id);
  } else if (!resource.unique) {
    const bool has_other_name = !resource.history_id.empty() && resource.history_id != resource.config_id;
    attributes.emplace_back("id", resource.config_id);
    attributes.emplace_back("long-id", has_other_name ? resource.history_id : resource.id);
  } else {
    attributes.emplace_back("id", resource.id);
  }
  attributes.emplace_back("class", resource.cls);
  if (!resource.provider.empty()) attributes.emplace_back("provider", resource.provider);
  attributes.emplace_back("type", resource.type);
}

// --- the attributes element (06 §5)

const char* BoolText(bool value) {
  return value ? "true" : "false";
}

// 5.5. Outer resources come first, because they win.
void AddResourceMeta(const Run& run, ResourceId id, Scraps& scraps, Words& values) {
  const Resource& resource = run.at(id);
  if (resource.parent.valid()) AddResourceMeta(run, resource.parent, scraps, values);
  if (resource.is_primitive()) {
    if (resource.instance_number) values.emplace_back("CRM_meta_clone", scraps.Number(*resource.instance_number));
    if (const std::string* node = resource.meta.Find("remote-node")) values.emplace_back("CRM_meta_remote_node", *node);
    const ResourceId bundle = EnclosingBundle(run, id);
    if (bundle.valid()) {
      for (const Replica& replica : run.at(bundle).bundle->replicas) {
        if (replica.child == id && !replica.ip_address.empty())
          values.emplace_back("pcmk_external_ip", replica.ip_address);
      }
    }
  }
  if (resource.is_clone()) {
    const CloneData& clone = *resource.clone;
    values.emplace_back("CRM_meta_globally_unique", BoolText(resource.unique));
    values.emplace_back("CRM_meta_notify", BoolText(resource.notify));
    values.emplace_back("CRM_meta_clone_max", scraps.Number(clone.clone_max));
    values.emplace_back("CRM_meta_clone_node_max", scraps.Number(clone.clone_node_max));
    if (resource.promotable) {
      for (const char* name : {"CRM_meta_promoted_max", "CRM_meta_master_max"}) {
        values.emplace_back(name, scraps.Number(clone.promoted_max));
      }
      for (const char* name : {"CRM_meta_promoted_node_max", "CRM_meta_master_node_max"}) {
        values.emplace_back(name, scraps.Number(clone.promoted_node_max));
      }
    }
  }
}

// The launcher of the outermost ancestor that has one.
ResourceId OutermostLauncher(const Run& run, ResourceId id) {
  ResourceId launcher;
  for (; id.valid(); id = run.at(id).parent) {
    if (run.at(id).launcher.valid()) launcher = run.at(id).launcher;
  }
  return launcher;
}

// 5.6: the machine below a guest, before or after the transition as the operation demands.
NodeId HostOf(const Run& run, const Action& action) {
  const ResourceId launcher = LauncherOf(run, action.node);
  const std::string_view operation = DecidingOperation(run, action);
  for (const std::string_view down : {"stop", "stopped", "demote", "demoted"}) {
    if (operation == down) return CurrentNode(run, launcher);
  }
  for (const std::string_view up : {"start", "running", "monitor", "promote", "promoted"}) {
    if (operation == up) return run.at(launcher).node;
  }
  return {};
}

void AddGuestMeta(const Run& run, const Action& action, Words& values) {
  if (!action.node.valid() || !IsGuestNode(run, action.node)) return;
  const NodeId host = HostOf(run, action);
  if (!host.valid()) return;
  if (action.resource.valid()) {
    if (const std::string* target = run.at(action.resource).meta.Find("container-attribute-target")) {
      values.emplace_back("CRM_meta_container_attribute_target", *target);
    }
  }
  values.emplace_back("CRM_meta_physical_host", run.at(host).name);
}

bool IsPlainName(std::string_view name) {
  return name.find_first_of("#:") == std::string_view::npos;
}

// The address of a bundle's connection is that of whatever hosts its container.
std::string_view AddressOfConnection(const Run& run, ResourceId connection) {
  const ResourceId launcher = run.at(connection).launcher;
  if (!launcher.valid()) return {};
  NodeId host = run.at(launcher).node;
  if (!host.valid()) host = CurrentNode(run, launcher);
  return host.valid() ? std::string_view(run.at(host).name) : std::string_view();
}

bool AnyRule(const NvBlocks& blocks) {
  return std::any_of(blocks.begin(), blocks.end(), [](const NvBlock& block) { return block.rule.has_value(); });
}

// Sorts by name; of several values of one name the first stays. Numbers-first names go to `params`, unsorted.
void Finish(Words& values, DescribedAction& description) {
  // What is equal stands in memory as it came.
  struct ByNameAndPlace {
    bool operator()(const Word* a, const Word* b) const { return a->first != b->first ? a->first < b->first : a < b; }
  };
  std::vector<const Word*> sorted;
  sorted.reserve(values.size());
  for (const Word& word : values) {
    const char first = word.first.empty() ? '\0' : word.first.front();
    if (first >= '0' && first <= '9') {
      description.params.push_back(word);
    } else {
      sorted.push_back(&word);
    }
  }
  // tidy: allow(sort) because no two compare equal
  std::sort(sorted.begin(), sorted.end(), ByNameAndPlace());
  for (const Word* word : sorted) {
    if (description.parameters.empty() || description.parameters.back().first != word->first) {
      description.parameters.push_back(*word);
    }
  }
}

// --- downed, maintenance, priority (06 §4.5, §4.3.4, §2.3)

bool IsMigrated(const Run& run, ActionId stop) {
  for (RelationId r = run.at(stop).before_head; r.valid(); r = run.at(r).next_before) {
    const Action& first = run.at(run.at(r).first);
    if (first.resource == run.at(stop).resource && first.name == Symbol::kMigrateFrom) return true;
  }
  return false;
}

// The target and the guest nodes whose connections run there, in the order in which the history knew them.
void AddFenced(const Run& run, NodeId target, std::vector<std::string_view>& downed) {
  downed.push_back(run.at(target).id);
  for (const ResourceId id : run.at(target).running) {
    if (!run.at(id).connection || !run.at(id).launcher.valid()) continue;
    for (const NodeId guest : run.node_order) {
      if (run.at(guest).connection == id) downed.push_back(run.at(guest).id);
    }
  }
}

void AddDowned(const Run& run, ActionId id, DescribedAction& description) {
  const Action& action = run.at(id);
  if (!HasNodeAttributes(action) || !action.node.valid()) return;
  if (action.name == Symbol::kDoShutdown) {
    description.downed.push_back(run.at(action.node).id);
  } else if (action.name == Symbol::kStonith) {
    const std::string_view operation = action.meta.Get("stonith_action");
    if (operation == "off" || operation == "reboot") AddFenced(run, action.node, description.downed);
  } else if (action.name == Symbol::kStop && action.resource.valid() && run.at(action.resource).connection) {
    if (!IsMigrated(run, id)) description.downed.push_back(run.at(action.resource).id);
  }
  description.has_downed = !description.downed.empty();
}

void AddMaintenance(const Run& run, const Action& action, DescribedAction& description) {
  if (action.resource.valid() || run.symbols.Text(action.key_operation) != "maintenance_nodes") return;
  for (const NodeId id : run.node_order) {
    const Node& node = run.at(id);
    if (ChangesRemoteMaintenance(node)) description.maintenance.emplace_back(node.id, node.maintenance);
  }
}

}  // namespace

void DescribedAction::Clear() {
  element = {};
  for (Words* words : {&attributes, &resource, &parameters, &params}) words->clear();
  downed.clear();
  has_downed = false;
  maintenance.clear();
  priority = 0;
}

std::string& Scraps::New() {
  if (used_ == texts_.size()) texts_.emplace_back();
  std::string& text = texts_[used_++];
  text.clear();
  return text;
}

const Table& Describer::ParametersOf(ResourceId resource, NodeId node) {
  auto [it, unknown] = has_rules_.try_emplace(resource, false);
  if (unknown) {
    for (ResourceId id = resource; id.valid(); id = run_.at(id).parent) {
      it->second = it->second || (run_.at(id).def && AnyRule(run_.at(id).def->params));
    }
  }
  // Without a rule the parameters are the same everywhere.
  const int32_t place = it->second ? node.value : -2;
  const uint64_t key = (uint64_t{static_cast<uint32_t>(resource.value)} << 32) | static_cast<uint32_t>(place);
  const auto found = parameters_.find(key);
  if (found != parameters_.end()) return found->second;
  Table values = EvaluateParams(run_, resource, node);
  if (run_.at(resource).connection && values.Get("addr") == "#uname") {
    const std::string_view address = AddressOfConnection(run_, resource);
    if (!address.empty()) values.Set("addr", address);
  }
  return parameters_.emplace(key, std::move(values)).first->second;
}

void Describer::AddParameters(const Action& action) {
  for (const auto& [name, value] : action.op_params) values_.emplace_back(name, value);
  if (!action.resource.valid()) return;
  // What a collective does is no agent's business; a primitive's parameters go along even with a
  // pseudo-action.
  if (!run_.at(action.resource).is_primitive()) return;
  for (const auto& [name, value] : ParametersOf(action.resource, action.node)) values_.emplace_back(name, value);
}

std::string_view Describer::MetaName(std::string_view name) {
  auto known = meta_names_.find(name);
  if (known == meta_names_.end()) {
    std::string full = "CRM_meta_";
    full += name;
    std::replace(full.begin(), full.end(), '-', '_');
    known = meta_names_.emplace(name, std::move(full)).first;
  }
  return known->second;
}

// Before 3.0 a fencing event brings its target's attributes along (spec 07 E-12).
void Describer::AddTargetAttributes(const Action& action) {
  if (action.name != Symbol::kStonith || !action.node.valid()) return;
  if (run_.Behaves(Behaviour::kFencingEventsWithoutAttributes)) return;
  for (const auto& [name, value] : run_.at(action.node).attributes) {
    if (IsPlainName(name)) values_.emplace_back(MetaName(name), value);
  }
}

void Describer::AddActionMeta(const Action& action) {
  if (HasNodeAttributes(action) && action.node.valid()) {
    values_.emplace_back("CRM_meta_on_node", run_.at(action.node).name);
    values_.emplace_back("CRM_meta_on_node_uuid", run_.at(action.node).id);
  }
  for (const auto& [name, value] : action.meta) {
    if (IsPlainName(name)) values_.emplace_back(MetaName(name), value);
  }
  AddTargetAttributes(action);
}

const DescribedAction& Describer::Short(ActionId id) {
  scraps_.Clear();
  description_.Clear();
  AddShort(run_, id, scraps_, description_);
  return description_;
}

const DescribedAction& Describer::Full(ActionId id) {
  Short(id);
  const Action& action = run_.at(id);
  AddShutdownLock(run_, action, scraps_, description_.attributes);
  if (action.resource.valid() && !action.pseudo) AddResource(run_.at(action.resource), description_.resource);

  // In order of precedence: the first value of a name is the one that counts (06 §5.1).
  values_.clear();
  if (action.resource.valid()) {
    const ResourceId launcher =
        run_.at(action.resource).is_primitive() ? OutermostLauncher(run_, action.resource) : ResourceId();
    if (launcher.valid()) values_.emplace_back("CRM_meta_container", run_.at(launcher).id);
    AddResourceMeta(run_, action.resource, scraps_, values_);
  }
  values_.emplace_back("crm_feature_set", run_.cluster->target.feature_set());
  AddParameters(action);
  AddActionMeta(action);
  AddGuestMeta(run_, action, values_);
  Finish(values_, description_);

  AddDowned(run_, id, description_);
  AddMaintenance(run_, action, description_);
  description_.priority = std::max(action.priority, 0);
  if (action.resource.valid()) {
    description_.priority = std::max(description_.priority, run_.at(action.resource).priority);
  }
  return description_;
}

namespace {

// Into memory that `copy` has already.
void Copy(const DescribedAction& action, ActionDescription& copy) {
  copy.element = action.element;
  copy.attributes.assign(action.attributes.begin(), action.attributes.end());
  copy.resource.assign(action.resource.begin(), action.resource.end());
  copy.parameters.assign(action.parameters.begin(), action.parameters.end());
  copy.params.assign(action.params.begin(), action.params.end());
  copy.downed.assign(action.downed.begin(), action.downed.end());
  copy.has_downed = action.has_downed;
  copy.maintenance.assign(action.maintenance.begin(), action.maintenance.end());
  copy.priority = action.priority;
}

ActionDescription Copied(const DescribedAction& action) {
  ActionDescription copy;
  Copy(action, copy);
  return copy;
}

}  // namespace

ActionDescription Describe(Run& run, ActionId action) {
  return Copied(Describer(run).Full(action));
}
void DescribeEach(Run& run, const Transition& transition, const std::function<void(const ActionDescription&)>& visit) {
  Describer describer(run);
  ActionDescription description;
  for (const ActionId id : transition.synapses) {
    Copy(describer.Full(id), description);
    visit(description);
  }
}
ActionDescription DescribeShort(Run& run, ActionId action) {
  return Copied(Describer(run).Short(action));
}

}  // namespace picket::solver
