// The configuration of a document as a Cluster (spec 01 §2.3, §7.2, §12-§15).
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/cib/read_parts.h"
#include "solver/cib/read_resource.h"
#include "solver/cib/values.h"

namespace picket::solver {
namespace {

std::string Text(pugi::xml_node element, const char* name) {
  return element.attribute(name).value();
}

std::vector<NodeDef> ReadNodes(const PartReader& parts, pugi::xml_node section) {
  std::vector<NodeDef> nodes;
  for (const pugi::xml_node element : section.children("node")) {
    NodeDef node;
    node.id = Text(element, "id");
    node.uname = Text(element, "uname");
    node.type = Text(element, "type");
    if (const pugi::xml_attribute score = element.attribute("score")) node.score = score.value();
    node.attributes = parts.ReadNvBlocks(element, "instance_attributes");
    node.utilization = parts.ReadNvBlocks(element, "utilization");
    nodes.push_back(std::move(node));
  }
  return nodes;
}

std::vector<ResourceSetDef> ReadSets(const PartReader& parts, pugi::xml_node constraint) {
  std::vector<ResourceSetDef> sets;
  for (pugi::xml_node element : constraint.children("resource_set")) {
    element = parts.Resolve(element);
    if (!element) continue;
    ResourceSetDef set{Text(element, "id"), ReadAttributes(element), {}};
    for (const pugi::xml_node reference : element.children("resource_ref")) set.refs.push_back(Text(reference, "id"));
    sets.push_back(std::move(set));
  }
  return sets;
}

template <typename Def>
Def ReadConstraint(const PartReader& parts, pugi::xml_node element) {
  Def def;
  def.id = Text(element, "id");
  def.attributes = ReadAttributes(element);
  def.sets = ReadSets(parts, element);
  if (!parts.Behaves(Behaviour::kLifetimeGone)) def.lifetime = parts.ReadRules(element.child("lifetime"), true);
  return def;
}

std::vector<ConstraintDef> ReadConstraints(const PartReader& parts, pugi::xml_node section) {
  std::vector<ConstraintDef> constraints;
  for (const pugi::xml_node element : section.children()) {
    const std::string_view name = element.name();
    if (name == "rsc_location") {
      const auto location = ReadConstraint<LocationDef>(parts, element);
      const auto rules = element.children("rule");
      if (rules.begin() == rules.end()) constraints.emplace_back(location);
      for (const pugi::xml_node rule : rules) {
        LocationDef with_rule = location;
        with_rule.rule = parts.ReadRule(rule);
        constraints.emplace_back(std::move(with_rule));
        if (parts.Behaves(Behaviour::kOneRulePerLocation)) break;
      }
    } else if (name == "rsc_colocation") {
      constraints.emplace_back(ReadConstraint<ColocationDef>(parts, element));
    } else if (name == "rsc_order") {
      constraints.emplace_back(ReadConstraint<OrderDef>(parts, element));
    } else if (name == "rsc_ticket") {
      constraints.emplace_back(ReadConstraint<TicketDef>(parts, element));
    }
  }
  return constraints;
}

// Device lists separate their names by commas.
std::vector<std::string> SplitDevices(std::string_view list) {
  std::vector<std::string> devices;
  while (!list.empty()) {
    const size_t comma = list.find(',');
    if (comma != 0) devices.emplace_back(list.substr(0, comma));
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  return devices;
}

// Levels are validated (spec 01 §12.3) and kept for those who carry fencing out.
std::vector<FencingLevelDef> ReadFencingLevels(pugi::xml_node section, std::vector<std::string>& errors) {
  std::vector<FencingLevelDef> levels;
  for (const pugi::xml_node element : section.children("fencing-level")) {
    if (!element.attribute("id")) {
      errors.emplace_back("Ignoring fencing level without ID");
      continue;
    }
    FencingLevelDef level;
    level.id = Text(element, "id");
    const std::optional<int64_t> index = ParseInteger(Text(element, "index"));
    if (!index) {
      errors.push_back("Ignoring fencing level " + level.id + " with invalid index");
      continue;
    }
    if (*index < 1 || *index > 9) {
      errors.push_back("Ignoring fencing level " + level.id + " with out-of-range index " + std::to_string(*index));
      continue;
    }
    level.index = static_cast<int32_t>(*index);
    for (const pugi::xml_attribute attribute : element.attributes()) {
      level.attributes.emplace_back(attribute.name(), attribute.value());
    }
    level.devices = SplitDevices(Text(element, "devices"));
    levels.push_back(std::move(level));
  }
  return levels;
}

std::vector<TagDef> ReadTags(pugi::xml_node section, std::vector<std::string>& errors) {
  std::vector<TagDef> tags;
  for (const pugi::xml_node element : section.children("tag")) {
    if (!element.attribute("id")) {
      errors.emplace_back("Ignoring tag without id");
      continue;
    }
    TagDef tag{Text(element, "id"), {}};
    for (const pugi::xml_node reference : element.children("obj_ref")) {
      const std::string id = Text(reference, "id");
      if (!reference.attribute("id")) {
        errors.push_back("Ignoring obj_ref without id in tag " + tag.id);
      } else if (std::find(tag.refs.begin(), tag.refs.end(), id) == tag.refs.end()) {
        tag.refs.push_back(id);
      }
    }
    tags.push_back(std::move(tag));
  }
  return tags;
}

bool MentionsUnfencing(pugi::xml_node meta_attributes) {
  for (const pugi::xml_node pair : meta_attributes.children("nvpair")) {
    const std::string_view name = pair.attribute("name").value();
    if ((name == "provides" || name == "requires") &&
        std::string_view(pair.attribute("value").value()) == "unfencing") {
      return true;
    }
  }
  return false;
}

bool MentionsUnfencingBelow(pugi::xml_node node) {
  for (const pugi::xml_node child : node.children()) {
    if (std::string_view(child.name()) == "meta_attributes" && MentionsUnfencing(child)) return true;
    if (MentionsUnfencingBelow(child)) return true;
  }
  return false;
}

}  // namespace

Cluster ReadCluster(const pugi::xml_document& document, const Target& target) {
  Cluster cluster;
  cluster.target = target;
  const PartReader parts(document, &cluster.errors, target);
  const pugi::xml_node root = document.document_element();
  const pugi::xml_node resources = root.child("configuration").child("resources");
  cluster.feature_set = Text(root, "crm_feature_set");

  cluster.properties =
      parts.ReadNvBlocks(OnlyElement(document, "crm_config"), "cluster_property_set", "cib-bootstrap-options");
  const pugi::xml_node rsc_defaults = OnlyElement(document, "rsc_defaults");
  cluster.rsc_defaults = parts.ReadNvBlocks(rsc_defaults, "meta_attributes");
  if (!target.Behaves(Behaviour::kDefaultsWithoutParameters)) {
    cluster.param_defaults = parts.ReadNvBlocks(rsc_defaults, "instance_attributes");
  }
  cluster.op_defaults = parts.ReadNvBlocks(OnlyElement(document, "op_defaults"), "meta_attributes");
  cluster.nodes = ReadNodes(parts, OnlyElement(document, "nodes"));

  const ResourceReader resource_reader(parts, resources, cluster.errors);
  for (const pugi::xml_node element : resources.children()) {
    if (Text(element, "id").empty()) {
      cluster.errors.push_back(std::string("Ignoring <") + element.name() + "> resource without ID");
    } else if (std::string_view(element.name()) == "template") {
      cluster.templates.push_back({Text(element, "id")});
    } else {
      cluster.resources.push_back(resource_reader.Read(element));
    }
  }
  cluster.constraints = ReadConstraints(parts, root.child("configuration").child("constraints"));
  cluster.fencing_levels = ReadFencingLevels(OnlyElement(document, "fencing-topology"), cluster.errors);
  cluster.tags = ReadTags(OnlyElement(document, "tags"), cluster.errors);

  cluster.unfencing_mentioned = MentionsUnfencingBelow(resources);
  for (const pugi::xml_node block : rsc_defaults.children("meta_attributes")) {
    cluster.unfencing_mentioned = cluster.unfencing_mentioned || MentionsUnfencing(block);
  }
  return cluster;
}

}  // namespace picket::solver
