#include "compiler/import/normal_form.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "compiler/emit/nvset.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::import {
namespace {

using pugi::xml_attribute;
using pugi::xml_node;

std::string_view NameOf(xml_node node) {
  return node.name();
}
std::string_view Value(xml_node node, const char* name) {
  return node.attribute(name).value();
}

void Set(xml_node node, const char* name, const std::string& value) {
  xml_attribute attribute = node.attribute(name);
  if (!attribute) attribute = node.append_attribute(name);
  attribute.set_value(value.c_str());
}

template <class List>
bool IsOneOf(std::string_view name, const List& list) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

constexpr std::array<std::string_view, 4> kBlocks = {"instance_attributes", "meta_attributes", "utilization",
                                                     "cluster_property_set"};
// What holds blocks of several kinds.
constexpr std::array<std::string_view, 9> kHolders = {"primitive", "template", "group", "clone",    "master",
                                                      "bundle",    "node",     "alert", "recipient"};
// Elements whose id is a matter of the inside.
constexpr std::array<std::string_view, 21> kInner = {"instance_attributes",
                                                     "meta_attributes",
                                                     "utilization",
                                                     "cluster_property_set",
                                                     "nvpair",
                                                     "operations",
                                                     "op",
                                                     "rule",
                                                     "expression",
                                                     "date_expression",
                                                     "date_spec",
                                                     "duration",
                                                     "rsc_expression",
                                                     "op_expression",
                                                     "resource_set",
                                                     "fencing-level",
                                                     "port-mapping",
                                                     "storage-mapping",
                                                     "acl_permission",
                                                     "recipient",
                                                     "attribute"};

std::vector<xml_node> Children(xml_node parent) {
  std::vector<xml_node> children;
  for (const xml_node child : parent.children()) children.push_back(child);
  return children;
}

class Normaliser {
 public:
  explicit Normaliser(std::set<std::string> referenced) : referenced_(std::move(referenced)) {}

  void Section(xml_node section) {
    const std::size_t well_known =
        section.find_child_by_attribute("cluster_property_set", "id", "cib-bootstrap-options").hash_value();
    for (const xml_node child : Children(section)) Element(child);
    for (const xml_node child : Children(section)) {
      if (IsOneOf(NameOf(child), kBlocks) && IsEmptyBlock(child)) section.remove_child(child);
    }
    if (NameOf(section) == "crm_config") Properties(section, well_known);
  }

 private:
  void Element(xml_node node) {
    if (node.type() != pugi::node_element) {
      node.parent().remove_child(node);
      return;
    }
    const std::string_view name = NameOf(node);
    if (name == "master" || IsUpgradedMaster(node)) Master(node);
    if (IsOneOf(name, kBlocks)) Block(node);
    for (const xml_node child : Children(node)) Element(child);
    Inside(node);
    Attributes(node);
    if (IsOneOf(NameOf(node), kHolders)) SortKinds(node);
  }

  static bool IsEmptyBlock(xml_node block) { return !block.child("nvpair") && !block.attribute("id-ref"); }

  // The set with the well-known id wins over all others, whatever their order.
  static void Properties(xml_node section, std::size_t well_known) {
    const auto sets = section.children("cluster_property_set");
    if (std::distance(sets.begin(), sets.end()) < 2) return;
    for (xml_node set : sets) {
      if (set.hash_value() == well_known) Set(set, "first", "true");
    }
  }

  // <master> is a clone with promotable=true.
  void Master(xml_node node) {
    node.set_name("clone");
    xml_node block = PlainMeta(node);
    for (xml_node pair : block.children("nvpair")) {
      if (Value(pair, "name") == "promotable") return pair.attribute("value").set_value("true"), void();
    }
    xml_node pair = block.append_child("nvpair");
    Set(pair, "name", "promotable");
    Set(pair, "value", "true");
  }

  // Pacemaker's own upgrade says it in a block that wins over all others.
  static bool IsUpgradedMaster(xml_node node) {
    const xml_node block = node.child("meta_attributes");
    if (NameOf(node) != "clone" || Value(block, "score") != "INFINITY") return false;
    const xml_node pair = block.first_child();
    if (NameOf(pair) != "nvpair" || pair.next_sibling()) return false;
    if (Value(pair, "name") != "promotable" || Value(pair, "value") != "true") return false;
    return node.remove_child(block);
  }

  static xml_node PlainMeta(xml_node resource) {
    for (const xml_node block : resource.children("meta_attributes")) {
      if (!block.child("rule") && !block.attribute("score") && !block.attribute("id-ref")) return block;
    }
    return resource.prepend_child("meta_attributes");
  }

  void Block(xml_node block) {
    std::set<std::string> seen;
    bool ruled = false;
    for (xml_node child : Children(block)) {
      if (NameOf(child) == "rule") {
        if (ruled) block.remove_child(child);
        ruled = true;
        child.remove_attribute("score");
        child.remove_attribute("role");
      } else if (NameOf(child) == "nvpair") {
        if (NameOf(block) == "cluster_property_set" && child.attribute("name")) Option(child);
        const bool valued = child.attribute("value") || child.attribute("id-ref");
        const bool named = valued && child.attribute("name");
        const bool second = named && !seen.insert(std::string(Value(child, "name"))).second;
        const bool idle = !valued || second || IsDropped(block, child) || IsState(block, child);
        if (idle && !referenced_.contains(std::string(Value(child, "id")))) block.remove_child(child);
      }
    }
    std::vector<xml_node> pairs;
    for (const xml_node pair : block.children("nvpair")) pairs.push_back(pair);
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](xml_node a, xml_node b) { return Value(a, "name") < Value(b, "name"); });
    for (const xml_node pair : pairs) block.append_move(pair);
  }

  static void Option(xml_node pair) {
    const std::string name = CurrentOption(Value(pair, "name"));
    if (!name.empty()) Set(pair, "name", name);
    if (Value(pair, "name") == "fencing-action" && Value(pair, "value") == "poweroff") Set(pair, "value", "off");
  }

  // What Pacemaker's own upgrade drops.
  static bool IsDropped(xml_node block, xml_node pair) {
    const std::string_view name = Value(pair, "name");
    if (NameOf(block) == "cluster_property_set") return pair.attribute("name") && CurrentOption(name).empty();
    return NameOf(block) == "meta_attributes" &&
           (name == "restart-type" || name == "can_fail" || name == "role_after_failure");
  }

  // What a child must have been made normal for.
  void Inside(xml_node node) {
    for (const xml_node child : Children(node)) {
      const std::string_view name = NameOf(child);
      if (IsOneOf(name, kBlocks) && IsEmptyBlock(child)) node.remove_child(child);
      const bool nothing = !child.first_child() && !child.first_attribute();
      if (nothing && (name == "operations" || name == "network" || name == "storage")) node.remove_child(child);
    }
    const std::string_view name = NameOf(node);
    if (name == "rsc_location") Location(node);
    if (name == "rule") Nested(node);
    if (name == "rule" && std::distance(node.begin(), node.end()) < 2) node.remove_attribute("boolean-op");
  }

  // A rule in a rule is what it holds; score and role are the outer one's.
  static void Nested(xml_node rule) {
    for (xml_node child : rule.children("rule")) {
      child.remove_attribute("score");
      child.remove_attribute("role");
    }
    for (const xml_node child : Children(rule)) {
      if (NameOf(child) != "rule" || child.attribute("id-ref")) continue;
      if (std::distance(child.begin(), child.end()) != 1) continue;
      rule.insert_copy_before(child.first_child(), child);
      rule.remove_child(child);
    }
    // A rule that holds nothing but a rule asks what that one asks.
    const xml_node only = rule.first_child();
    if (NameOf(only) != "rule" || only.next_sibling() || only.attribute("id-ref")) return;
    rule.remove_attribute("boolean-op");
    if (only.attribute("boolean-op")) Set(rule, "boolean-op", std::string(Value(only, "boolean-op")));
    for (const xml_node test : Children(only)) rule.insert_move_before(test, only);
    rule.remove_child(only);
  }

  static void Location(xml_node node) {
    if (!node.attribute("role") || !node.child("rule")) return;
    for (xml_node rule : node.children("rule")) {
      if (!rule.attribute("role") && !rule.attribute("id-ref")) Set(rule, "role", std::string(Value(node, "role")));
    }
    node.remove_attribute("role");
  }

  // The id of a set of which any member will do is part of an action's name.
  bool IsNamed(xml_node node) const {
    if (NameOf(node) == "resource_set" && AsBoolean(Value(node, "require-all")) == false) return true;
    return referenced_.contains(std::string(Value(node, "id")));
  }

  void Attributes(xml_node node) {
    const std::string_view name = NameOf(node);
    if (IsOneOf(name, kInner) && !IsNamed(node)) node.remove_attribute("id");
    for (const char* boolean :
         {"symmetrical", "require-all", "sequential", "influence", "enabled", "record-pending", "add-host"}) {
      const auto value = AsBoolean(Value(node, boolean));
      if (value) Set(node, boolean, *value ? "true" : "false");
    }
    if (const auto score = AsScore(Value(node, "score"))) Set(node, "score", *score);
    for (const char* role : {"role", "rsc-role", "with-rsc-role"}) {
      if (Value(node, role) == "Master") Set(node, role, "Promoted");
      if (Value(node, role) == "Slave") Set(node, role, "Unpromoted");
    }
    if (name == "rsc_order") Order(node);
    if (name == "rsc_colocation" && !node.attribute("score")) Set(node, "score", "0");
    if (name == "op" && (Value(node, "interval") == "0" || !node.attribute("interval"))) Set(node, "interval", "0s");
    if ((name == "docker" || name == "podman" || name == "rkt") && node.attribute("masters")) {
      node.attribute("masters").set_name("promoted-max");
    }
    if (name == "node" && Value(node, "type") == "normal") node.remove_attribute("type");
    Defaults(node);
  }

  static void Defaults(xml_node node) {
    struct Default {
      std::string_view element;
      const char* attribute;
      std::string_view value;
    };
    constexpr std::array<Default, 5> kDefaults = {{{"node", "type", "member"},
                                                   {"rule", "boolean-op", "and"},
                                                   {"resource_set", "action", "start"},
                                                   {"date_expression", "operation", "in_range"},
                                                   {"expression", "value-source", "literal"}}};
    for (const Default& known : kDefaults) {
      if (known.element == NameOf(node) && Value(node, known.attribute) == known.value) {
        node.remove_attribute(known.attribute);
      }
    }
  }

  // The second action is the first one if it is left out, and that is start.
  static void Order(xml_node node) {
    if (node.attribute("score") && !node.attribute("kind")) {
      if (AsInteger(Value(node, "score")) == 0) Set(node, "kind", "Optional");
    }
    node.remove_attribute("score");
    if (!node.child("resource_set")) {
      if (!node.attribute("first-action")) Set(node, "first-action", "start");
      if (!node.attribute("then-action")) Set(node, "then-action", std::string(Value(node, "first-action")));
    }
  }

  // Blocks, operations and members are lists of their own.
  static void SortKinds(xml_node node) {
    std::vector<xml_node> children = Children(node);
    constexpr std::array<std::string_view, 9> kOrder = {
        "meta_attributes", "instance_attributes", "utilization", "operations", "docker", "podman", "rkt", "network",
        "storage"};
    const auto rank = [&](xml_node child) {
      return std::find(kOrder.begin(), kOrder.end(), NameOf(child)) - kOrder.begin();
    };
    std::stable_sort(children.begin(), children.end(), [&](xml_node a, xml_node b) { return rank(a) < rank(b); });
    for (const xml_node child : children) node.append_move(child);
  }

  std::set<std::string> referenced_;
};

void Write(xml_node node, std::string& out) {
  std::map<std::string, std::string> attributes;
  for (const xml_attribute attribute : node.attributes()) attributes[attribute.name()] = attribute.value();
  out += '<' + std::string(node.name());
  for (const auto& [name, value] : attributes) out += ' ' + name + "=\"" + value + '"';
  out += '>';
  for (const xml_node child : node.children()) Write(child, out);
  if (node.first_child()) out += "</" + std::string(node.name()) + '>';
}

void CollectReferences(xml_node node, std::vector<std::string>& ids) {
  const xml_attribute reference = node.attribute("id-ref");
  // An option that is dropped refers to nothing.
  const bool idle = NameOf(node.parent()) == "cluster_property_set" && node.attribute("name") &&
                    CurrentOption(Value(node, "name")).empty();
  if (reference && !idle) ids.emplace_back(reference.value());
  // A permission may be about an inner element.
  if (NameOf(node) == "acl_permission" && node.attribute("reference")) ids.emplace_back(Value(node, "reference"));
  if (NameOf(node) == "obj_ref") ids.emplace_back(Value(node, "id"));
  for (const xml_node child : node.children()) CollectReferences(child, ids);
}

}  // namespace

std::string CurrentOption(std::string_view name) {
  if (name == "crmd-finalization-timeout") return "join-finalization-timeout";
  if (name == "crmd-integration-timeout") return "join-integration-timeout";
  if (name == "crmd-transition-delay") return "transition-delay";
  if (name == "remove-after-stop") return "";
  return emit::OptionName(name, emit::Target::k30);
}

bool IsState(xml_node set, xml_node pair) {
  if (NameOf(set) != "cluster_property_set" || pair.attribute("id-ref")) return false;
  const std::string_view name = Value(pair, "name");
  if (name == "dc-version" || name == "cluster-infrastructure" || name == "last-lrm-refresh") return true;
  if (name != "have-watchdog") return false;
  for (const xml_node other : set.parent().children("cluster_property_set")) {
    for (const char* option : {"stonith-watchdog-timeout", "fencing-watchdog-timeout"}) {
      const xml_node timeout = other.find_child_by_attribute("nvpair", "name", option);
      if (timeout && Value(timeout, "value") != "0") return false;
    }
  }
  return true;
}

std::vector<std::string> ReferencedIds(const pugi::xml_document& document) {
  std::vector<std::string> ids;
  CollectReferences(document.document_element().child("configuration"), ids);
  return ids;
}

std::vector<NormalElement> NormalForm(const pugi::xml_document& document) {
  pugi::xml_document copy;
  copy.reset(document);
  const std::vector<std::string> referenced = ReferencedIds(document);
  Normaliser normaliser({referenced.begin(), referenced.end()});
  std::vector<NormalElement> elements;
  for (const xml_node section : copy.document_element().child("configuration").children()) {
    std::map<std::size_t, std::size_t> index_of;
    std::size_t index = 0;
    for (const xml_node child : section.children()) {
      if (child.type() == pugi::node_element) index_of[child.hash_value()] = index++;
    }
    normaliser.Section(section);
    for (const xml_node child : section.children()) {
      NormalElement& element = elements.emplace_back();
      element.section = section.name();
      element.index = index_of[child.hash_value()];
      Write(child, element.text);
    }
  }
  // Constraints of different kinds are lists of their own.
  const auto key = [](const NormalElement& element) {
    const bool constraint = element.section == "constraints";
    return std::pair(element.section, constraint ? element.text.substr(0, element.text.find(' ')) : "");
  };
  std::stable_sort(elements.begin(), elements.end(),
                   [&](const NormalElement& a, const NormalElement& b) { return key(a) < key(b); });
  return elements;
}

}  // namespace picket::compiler::import
