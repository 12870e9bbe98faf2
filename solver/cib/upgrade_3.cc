// From 3.10 to 4.0 (spec 01 §2.4).
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "solver/cib/document.h"
#include "solver/cib/upgrade.h"
#include "solver/cib/values.h"
#include "solver/model/text.h"

namespace picket::solver {
namespace {

constexpr std::string_view kPrefix = "pcmk__3_10_upgrade-";

std::string_view Value(pugi::xml_node node, const char* attribute) {
  return node.attribute(attribute).value();
}

void SetAttribute(pugi::xml_node node, const char* name, std::string_view value) {
  pugi::xml_attribute attribute = node.attribute(name);
  if (!attribute) attribute = node.append_attribute(name);
  attribute.set_value(std::string(value).c_str());
}

// Children as a list (of one name, or all), so that they may be removed during the walk.
std::vector<pugi::xml_node> Children(pugi::xml_node parent, const char* name = nullptr) {
  std::vector<pugi::xml_node> list;
  for (const pugi::xml_node child : parent.children()) {
    if (name == nullptr || std::string_view(child.name()) == name) list.push_back(child);
  }
  return list;
}

void CollectElements(pugi::xml_node node, std::string_view name, std::vector<pugi::xml_node>& list) {
  for (const pugi::xml_node child : node.children()) {
    if (name == child.name()) list.push_back(child);
    CollectElements(child, name, list);
  }
}

// --- single elements

void UpgradePairs(pugi::xml_document& document) {
  std::vector<pugi::xml_node> pairs;
  CollectElements(document, "nvpair", pairs);
  for (pugi::xml_node pair : pairs) {
    if (pair.attribute("id-ref")) {
      if (!pair.attribute("name")) continue;
      const std::string reference(Value(pair, "id-ref"));
      const pugi::xml_node referenced = FindById(document, "nvpair", reference);
      pair.remove_attribute("id-ref");
      SetAttribute(pair, "id", std::string(kPrefix) + reference + "-" + std::string(Value(pair, "name")));
      if (referenced.attribute("value")) SetAttribute(pair, "value", Value(referenced, "value"));
    }
    if (!pair.attribute("value")) pair.parent().remove_child(pair);
  }
  std::vector<pugi::xml_node> specs;
  CollectElements(document, "date_spec", specs);
  for (pugi::xml_node spec : specs) spec.remove_attribute("moon");
}

void UpgradeOptions(pugi::xml_node configuration) {
  for (pugi::xml_node set : configuration.child("crm_config").children("cluster_property_set")) {
    for (pugi::xml_node pair : Children(set, "nvpair")) {
      const std::string_view name = Value(pair, "name");
      if (name == "crmd-finalization-timeout") {
        SetAttribute(pair, "name", "join-finalization-timeout");
      } else if (name == "crmd-integration-timeout") {
        SetAttribute(pair, "name", "join-integration-timeout");
      } else if (name == "crmd-transition-delay") {
        SetAttribute(pair, "name", "transition-delay");
      } else if (name == "remove-after-stop") {
        set.remove_child(pair);
      } else if (name == "stonith-action" && Value(pair, "value") == "poweroff") {
        SetAttribute(pair, "value", "off");
      }
    }
  }
  for (pugi::xml_node topology : configuration.children("fencing-topology")) {
    for (const pugi::xml_node level : Children(topology, "fencing-level")) {
      if (ParseInteger(Value(level, "index")).value_or(0) > 9) topology.remove_child(level);
    }
  }
}

void RemovePairs(pugi::xml_node parent, std::initializer_list<std::string_view> names) {
  for (pugi::xml_node block : parent.children("meta_attributes")) {
    for (const pugi::xml_node pair : Children(block, "nvpair")) {
      for (const std::string_view name : names) {
        if (Value(pair, "name") == name) {
          block.remove_child(pair);
          break;
        }
      }
    }
  }
}

void UpgradeMeta(pugi::xml_node configuration) {
  constexpr std::array<const char*, 6> kResources = {"primitive", "template", "group", "clone", "master", "bundle"};
  for (const char* name : kResources) {
    std::vector<pugi::xml_node> resources;
    CollectElements(configuration.child("resources"), name, resources);
    for (const pugi::xml_node resource : resources) RemovePairs(resource, {"restart-type"});
  }
  RemovePairs(configuration.child("rsc_defaults"), {"restart-type"});
  std::vector<pugi::xml_node> operations;
  CollectElements(configuration.child("resources"), "op", operations);
  for (const pugi::xml_node operation : operations) RemovePairs(operation, {"can_fail", "role_after_failure"});
  RemovePairs(configuration.child("op_defaults"), {"can_fail", "role_after_failure"});
}

void UpgradePingNodes(pugi::xml_node configuration) {
  for (pugi::xml_node node : configuration.child("nodes").children("node")) {
    if (Value(node, "type") != "ping") continue;
    SetAttribute(node, "type", "member");
    pugi::xml_node constraints = configuration.child("constraints");
    if (!constraints) constraints = configuration.append_child("constraints");
    pugi::xml_node ban = constraints.append_child("rsc_location");
    const std::string name(Value(node, "uname"));
    SetAttribute(ban, "id", std::string(kPrefix) + "ping-node-ban-" + name);
    SetAttribute(ban, "rsc-pattern", ".*");
    SetAttribute(ban, "node", name);
    SetAttribute(ban, "score", "-INFINITY");
    SetAttribute(ban, "resource-discovery", "never");
  }
}

void UpgradeMasters(pugi::xml_node configuration) {
  std::vector<pugi::xml_node> masters;
  CollectElements(configuration.child("resources"), "master", masters);
  for (pugi::xml_node master : masters) {
    master.set_name("clone");
    const std::string id = std::string(kPrefix) + "master-" + std::string(Value(master, "id")) + "-meta_attributes";
    pugi::xml_node block = master.prepend_child("meta_attributes");
    SetAttribute(block, "id", id);
    SetAttribute(block, "score", "INFINITY");
    pugi::xml_node pair = block.append_child("nvpair");
    SetAttribute(pair, "id", id + "-promotable");
    SetAttribute(pair, "name", "promotable");
    SetAttribute(pair, "value", "true");
  }
  std::vector<pugi::xml_node> bundles;
  CollectElements(configuration.child("resources"), "bundle", bundles);
  for (const pugi::xml_node bundle : bundles) {
    for (pugi::xml_node container : bundle.children()) {
      if (pugi::xml_attribute masters_attribute = container.attribute("masters")) {
        masters_attribute.set_name("promoted-max");
      }
    }
  }
}

// --- location constraints with several rules, or a lifetime

void SplitRules(pugi::xml_node constraint) {
  const std::vector<pugi::xml_node> rules = Children(constraint, "rule");
  if (rules.size() < 2) return;
  pugi::xml_node parent = constraint.parent();
  const std::string id(Value(constraint, "id"));
  for (size_t kept = 0; kept < rules.size(); ++kept) {
    pugi::xml_node copy = parent.insert_copy_before(constraint, constraint);
    SetAttribute(copy, "id", std::string(kPrefix) + id + "-" + std::to_string(kept + 1));
    const std::vector<pugi::xml_node> copies = Children(copy, "rule");
    for (size_t i = 0; i < copies.size(); ++i) {
      if (i != kept) copy.remove_child(copies[i]);
    }
  }
  parent.remove_child(constraint);
}

// The new top rule has no score, so in the end the constraint has no effect (spec 01 §2.4).
void ResolveLifetime(pugi::xml_node constraint) {
  const pugi::xml_node lifetime = constraint.child("lifetime");
  if (!lifetime) return;
  const std::string prefix = std::string(kPrefix) + std::string(Value(constraint, "id")) + "-lifetime-";
  pugi::xml_node all = constraint.append_child("rule");
  SetAttribute(all, "id", prefix + "and-rule");
  SetAttribute(all, "boolean-op", "and");
  if (const pugi::xml_node existing = constraint.child("rule"); existing != all) {
    all.append_copy(existing);
    constraint.remove_child(existing);
  } else {
    pugi::xml_node rule = all.append_child("rule");
    SetAttribute(rule, "id", prefix + "node-rule");
    pugi::xml_node expression = rule.append_child("expression");
    SetAttribute(expression, "id", prefix + "node-expression");
    SetAttribute(expression, "attribute", "#uname");
    SetAttribute(expression, "operation", "eq");
    SetAttribute(expression, "value", Value(constraint, "node"));
  }
  const std::vector<pugi::xml_node> rules = Children(lifetime, "rule");
  pugi::xml_node target = all;
  if (rules.size() > 1) {
    target = all.append_child("rule");
    SetAttribute(target, "id", prefix + "or-rule");
    SetAttribute(target, "boolean-op", "or");
  }
  for (const pugi::xml_node rule : rules) target.append_copy(rule);
  constraint.remove_child(lifetime);
  constraint.remove_attribute("node");
  constraint.remove_attribute("score");
}

void UpgradeRules(pugi::xml_node configuration) {
  const pugi::xml_node constraints = configuration.child("constraints");
  for (const pugi::xml_node location : Children(constraints, "rsc_location")) SplitRules(location);
}

void ResolveLifetimes(pugi::xml_node configuration) {
  const pugi::xml_node constraints = configuration.child("constraints");
  for (const pugi::xml_node location : Children(constraints, "rsc_location")) ResolveLifetime(location);
  for (const char* name : {"rsc_colocation", "rsc_order"}) {
    for (pugi::xml_node constraint : constraints.children(name)) {
      for (const pugi::xml_node lifetime : Children(constraint, "lifetime")) constraint.remove_child(lifetime);
    }
  }
}

// --- resources of classes that are gone

bool IsGoneClass(const Target& target, std::string_view cls) {
  return target.Behaves(Behaviour::kAgentClassesGone) && (EqualFolded(cls, "nagios") || EqualFolded(cls, "upstart"));
}

bool IsGoneBundle(const Target& target, pugi::xml_node bundle) {
  return target.Behaves(Behaviour::kRktGone) && bundle.child("rkt");
}

using Ids = std::set<std::string, std::less<>>;

// Removes `resource` from `parent` if it must go, and remembers the ids.
void DropIfGone(const Target& target, pugi::xml_node parent, pugi::xml_node resource, const Ids& templates,
                Ids& dropped) {
  const std::string_view kind = resource.name();
  bool gone = false;
  if (kind == "primitive") {
    gone = IsGoneClass(target, Value(resource, "class")) || templates.contains(Value(resource, "template"));
  } else if (kind == "bundle") {
    gone = IsGoneBundle(target, resource);
    if (gone && resource.child("primitive")) dropped.emplace(Value(resource.child("primitive"), "id"));
    for (const pugi::xml_node child : Children(resource, "primitive"))
      DropIfGone(target, resource, child, templates, dropped);
  } else if (kind == "group" || kind == "clone" || kind == "master") {
    const size_t before = dropped.size();
    for (const char* child_kind : {"primitive", "group"}) {
      for (const pugi::xml_node child : Children(resource, child_kind))
        DropIfGone(target, resource, child, templates, dropped);
    }
    gone = dropped.size() > before && !resource.child("primitive") && !resource.child("group");
  }
  if (!gone) return;
  dropped.emplace(Value(resource, "id"));
  parent.remove_child(resource);
}

void DropReferences(pugi::xml_node constraints, const Ids& dropped) {
  for (pugi::xml_node constraint : Children(constraints)) {
    bool gone = false;
    for (const char* name : {"rsc", "with-rsc", "first", "then"}) {
      gone = gone || (constraint.attribute(name) && dropped.contains(Value(constraint, name)));
    }
    const std::vector<pugi::xml_node> sets = Children(constraint, "resource_set");
    for (pugi::xml_node set : sets) {
      const std::vector<pugi::xml_node> references = Children(set, "resource_ref");
      for (const pugi::xml_node reference : references) {
        if (dropped.contains(Value(reference, "id"))) set.remove_child(reference);
      }
      if (!references.empty() && !set.child("resource_ref")) constraint.remove_child(set);
    }
    gone = gone || (!sets.empty() && !constraint.child("resource_set"));
    if (gone) constraints.remove_child(constraint);
  }
}

void DropGoneClasses(const Target& target, pugi::xml_node configuration) {
  pugi::xml_node resources = configuration.child("resources");
  Ids templates;
  for (const pugi::xml_node candidate : Children(resources, "template")) {
    if (!IsGoneClass(target, Value(candidate, "class"))) continue;
    templates.emplace(Value(candidate, "id"));
    resources.remove_child(candidate);
  }
  Ids dropped = templates;
  for (const pugi::xml_node resource : Children(resources)) DropIfGone(target, resources, resource, templates, dropped);
  if (!dropped.empty()) DropReferences(configuration.child("constraints"), dropped);
}

}  // namespace

void UpgradeFrom3(pugi::xml_document& document, const Target& target) {
  const pugi::xml_node configuration = document.document_element().child("configuration");
  if (target.Behaves(Behaviour::kOldSchemasUpgraded)) {
    UpgradePairs(document);
    UpgradeOptions(configuration);
    UpgradeMeta(configuration);
    UpgradePingNodes(configuration);
    UpgradeMasters(configuration);
    UpgradeRules(configuration);
  }
  if (target.Behaves(Behaviour::kLifetimeGone)) ResolveLifetimes(configuration);
  DropGoneClasses(target, configuration);
}

}  // namespace picket::solver
