// What all kinds of resources have in common (spec 01 §13, §14.1).
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "solver/cib/values.h"
#include "solver/explain/note.h"
#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/unpack/build.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

// Rule inputs of meta-attributes: the properties of the resource being built (spec 01 §5.1).
RuleInput MetaInput(const Run& run, const ResourceDef& def) {
  RuleInput input = TimeInput(run);
  input.cls = &def.cls;
  input.provider = &def.provider;
  input.type = &def.type;
  return input;
}

// Spec 01 §14.1. The instance number counts as one of the definition's attributes.
Table FinishedMeta(Run& run, const ResourceDef& def, ResourceId parent, std::optional<int32_t> instance_number) {
  Table meta;
  for (const auto& [name, value] : def.attributes) {
    if (!EqualFolded(value, "#default")) meta.Add(name, value);
  }
  if (instance_number) meta.Add("clone", std::to_string(*instance_number));
  const RuleInput input = MetaInput(run, def);
  ReadInto(run, def.meta, input, meta);
  for (ResourceId ancestor = parent; ancestor.valid(); ancestor = run.at(ancestor).parent) {
    ReadInto(run, run.at(ancestor).def->meta, input, meta);
  }
  ReadInto(run, run.cluster->rsc_defaults, input, meta);
  if (parent.valid()) {
    for (const auto& [name, value] : run.at(parent).meta) meta.Add(name, value);
  }
  return meta;
}

bool BuildChildren(Run& run, ResourceId id) {
  switch (run.at(id).variant) {
    case Variant::kPrimitive:
      return BuildPrimitive(run, id);
    case Variant::kGroup:
      return BuildGroup(run, id);
    case Variant::kClone:
      return BuildClone(run, id);
    case Variant::kBundle:
      return BuildBundle(run, id);
  }
  return false;
}

// The resource alone: its children have done this for themselves, and adding 0 again would change nothing
// (spec 01 §13.7).
void AddDefaultLocation(Run& run, ResourceId id) {
  const bool guest = run.at(id).guest_connection;
  if (!run.options.symmetric && !guest) return;
  run.at(id).row.cells.resize(run.nodes.size());
  run.at(id).row.inserted.reserve(run.nodes.size());
  for (const NodeId node : run.node_order) {
    if (run.options.symmetric && run.at(node).probe_mode == ProbeMode::kNever) continue;
    AddOwnScore(run, id, node, Score());
  }
}

// Parameters are evaluated once for no node: when a rule among them changes its mind is a time to look again.
void ConsiderParams(Run& run, ResourceId id) {
  const NvBlocks& params = run.at(id).def->params;
  if (std::any_of(params.begin(), params.end(), [](const NvBlock& block) { return block.rule.has_value(); })) {
    EvaluateParams(run, id, {});
  }
}

// Everything created since then goes again.
void TakeBack(Run& run, size_t count) {
  run.resources.resize(std::min(count, run.resources.size()));
  for (Node& node : run.nodes) {
    if (node.connection.valid() && node.connection.index() >= count) node.connection = {};
  }
}

}  // namespace

void AddOwnScore(Run& run, ResourceId resource, NodeId node, Score score) {
  const Node& entry = run.at(node);
  run.at(resource).row.FindOrCreate(node, entry.base_score, entry.probe_mode).score += score;
}

void AddScore(Run& run, ResourceId resource, NodeId node, Score score) {
  for (const ResourceId child : run.at(resource).children) AddScore(run, child, node, score);
  AddOwnScore(run, resource, node, score);
}

void BanEverywhereFresh(Run& run, ResourceId resource) {
  Row& row = run.at(resource).row;
  row.Clear();
  for (const NodeId node : run.node_order) {
    row.FindOrCreate(node, Score::MinusInfinity(), run.at(node).probe_mode);
  }
}

void ReadUtilization(Run& run, ResourceId id) {
  Table table;
  ReadInto(run, run.at(id).def->utilization, TimeInput(run), table);
  Resource& resource = run.at(id);
  for (const auto& [name, value] : table) {
    const auto amount = ParseInteger(value);
    if (!amount) Say(run, LogLevel::kWarning, "Using 0 for utilization " + name + " of " + resource.id);
    resource.load.emplace_back(name, std::clamp<int64_t>(amount.value_or(0), INT32_MIN, INT32_MAX));
  }
  resource.utilization = std::move(table);
}

std::optional<ResourceId> BuildResource(Run& run, const ResourceDef& def, ResourceId parent,
                                        std::optional<int32_t> instance_number) {
  if (def.broken) return std::nullopt;
  const size_t count_before = run.resources.size();
  const ResourceId id(count_before);
  Table meta = FinishedMeta(run, def, parent, instance_number);
  Resource& resource = run.resources.emplace_back();
  resource.self = id;
  resource.config_id = def.id;
  resource.id = instance_number ? def.id + ":" + std::to_string(*instance_number) : def.id;
  resource.variant = def.variant;
  resource.def = &def;
  resource.cls = def.cls;
  resource.provider = def.provider;
  resource.type = def.type;
  resource.parent = parent;
  resource.instance_number = instance_number;
  resource.meta = std::move(meta);
  ReadProperties(run, id);
  ConsiderParams(run, id);
  if (!BuildChildren(run, id)) {
    TakeBack(run, count_before);
    return std::nullopt;
  }
  AddDefaultLocation(run, id);
  ReadUtilization(run, id);
  if (!def.template_id.empty()) {
    std::vector<std::string>& members = run.template_members[def.template_id];
    if (std::find(members.begin(), members.end(), def.id) == members.end()) members.push_back(def.id);
  }
  return id;
}

bool BuildGroup(Run& run, ResourceId id) {
  const ResourceDef& def = *run.at(id).def;
  const std::optional<int32_t> number = run.at(id).instance_number;
  const auto flag = [&run, id](std::string_view name) {
    const std::string* value = run.at(id).meta.Find(name);
    const bool set = value == nullptr || ParseBoolean(*value).value_or(true);
    if (!set) {
      Say(run, LogLevel::kWarning,
          "Support for the '" + std::string(name) +
              "' group meta-attribute is deprecated and will be removed in a future release "
              "(use a resource set instead)");
    }
    return set;
  };
  run.at(id).group_ordered = flag("ordered");
  run.at(id).group_collocated = flag("collocated");
  for (const ResourceDef& member : def.children) {
    if (const auto child = BuildResource(run, member, id, number)) run.at(id).children.push_back(*child);
  }
  if (!run.at(id).children.empty()) return true;
  Say(run, LogLevel::kError, "Group " + run.at(id).id + " has no members");
  return false;
}

ResourceId CreateRemovedPrimitive(Run& run, const Attributes& history_attributes) {
  ResourceDef& def = run.generated.emplace_back();
  def.element = "primitive";
  def.attributes = history_attributes;
  def.id = AttributeOr(history_attributes, "id");
  def.cls = AttributeOr(history_attributes, "class");
  def.provider = AttributeOr(history_attributes, "provider");
  def.type = AttributeOr(history_attributes, "type");
  const auto built = BuildResource(run, def, {}, std::nullopt);
  if (!built) return {};  // Cannot happen: a top-level primitive has nothing that could fail.
  const ResourceId id = *built;
  run.at(id).removed = true;
  run.top_level.push_back(id);
  if (run.at(id).connection) {
    if (!FindNodeByName(run, def.id).valid()) AddNode(run, def.id, def.id, true, Score());
    LinkNode(run, id);
    run.at(FindNodeByName(run, def.id)).shutting_down = true;
  }
  run.at(id).removed_launched = FindAttribute(history_attributes, "container") != nullptr;
  if (!run.options.stop_removed_resources) {
    run.at(id).managed = false;
  } else {
    NoteBan(run, "removed", id, NodeId(), "stop-orphan-resources");
    for (const NodeId node : run.node_order) AddScore(run, id, node, Score::MinusInfinity());
  }
  return id;
}

Table EvaluateParams(Run& run, ResourceId resource, NodeId node) {
  RuleInput input = TimeInput(run);
  if (node.valid()) input.node_attributes = &run.at(node).attributes;
  Table params;
  for (ResourceId id = resource; id.valid(); id = run.at(id).parent) {
    ReadInto(run, run.at(id).def->params, input, params);
  }
  ReadInto(run, run.cluster->param_defaults, input, params);
  return params;
}

}  // namespace picket::solver
