#include "solver/cib/valid.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace picket::solver {
namespace {

using pugi::xml_attribute;
using pugi::xml_node;

// What is known of one element. `needs`: alternatives, split by `/`, of which one has to be there whole:
// attributes, and children as `<name`. `children`: each name with how often it may stand there: `!` once, `?`
// at most once, `+` at least once, `*` any number; `a,b!`: these together once.
struct Shape {
  std::string_view name;
  std::string_view needs;
  std::string_view children;
};

constexpr std::string_view kSetChildren = "rule? nvpair*";
constexpr std::string_view kSetNeeds = "id/id-ref";
constexpr std::string_view kPrimitiveChildren = "instance_attributes* meta_attributes* utilization* operations?";
constexpr std::string_view kCloneChildren = "instance_attributes* meta_attributes* primitive,group!";
constexpr std::string_view kRuleChildren = "expression* date_expression* rsc_expression* op_expression* rule*";

constexpr Shape kShapes[] = {
    {"cib", "", "configuration! status?"},
    {"configuration", "",
     "crm_config! rsc_defaults? op_defaults? nodes! resources! constraints! fencing-topology? acls? tags? "
     "alerts?"},
    {"crm_config", "", "cluster_property_set*"},
    {"rsc_defaults", "", "meta_attributes*"},
    {"op_defaults", "", "meta_attributes*"},
    {"cluster_property_set", kSetNeeds, kSetChildren},
    {"meta_attributes", kSetNeeds, kSetChildren},
    {"instance_attributes", kSetNeeds, kSetChildren},
    {"utilization", kSetNeeds, kSetChildren},
    {"nvpair", "id name/id-ref", ""},
    {"nodes", "", "node*"},
    {"node", "id uname", "instance_attributes* utilization*"},

    {"resources", "", "primitive* template* group* clone* master* bundle*"},
    {"primitive", "id class type/id template", kPrimitiveChildren},
    {"template", "id class type", kPrimitiveChildren},
    {"operations", "", "op*"},
    {"op", "id name interval", "instance_attributes* meta_attributes*"},
    {"group", "id", "instance_attributes* meta_attributes* primitive+"},
    {"clone", "id", kCloneChildren},
    {"master", "id", kCloneChildren},
    {"bundle", "id", "instance_attributes* meta_attributes* docker,podman,rkt! network? storage? primitive?"},
    {"docker", "image", ""},
    {"podman", "image", ""},
    {"rkt", "image", ""},
    {"network", "", "port-mapping*"},
    {"port-mapping", "id port/id range", ""},
    {"storage", "", "storage-mapping*"},
    {"storage-mapping", "id source-dir target-dir/id source-dir-root target-dir", ""},

    {"constraints", "", "rsc_location* rsc_colocation* rsc_order* rsc_ticket*"},
    {"rsc_location",
     "id rsc node score/id rsc <rule/id rsc-pattern node score/id rsc-pattern <rule/id <resource_set node "
     "score/"
     "id <resource_set <rule",
     "resource_set* rule* lifetime?"},
    {"rsc_colocation", "id rsc with-rsc/id <resource_set", "resource_set* lifetime?"},
    {"rsc_order", "id first then/id <resource_set", "resource_set* lifetime?"},
    {"rsc_ticket", "id ticket rsc/id ticket <resource_set", "resource_set*"},
    {"resource_set", "id <resource_ref/id-ref", "resource_ref*"},
    {"resource_ref", "id", ""},
    {"lifetime", "<rule", "rule*"},
    {"rule", "id <expression/id <date_expression/id <rsc_expression/id <op_expression/id <rule/id-ref", kRuleChildren},
    {"expression", "id attribute operation", ""},
    {"date_expression", "id operation start/id operation end/id operation <date_spec", "duration? date_spec?"},
    {"rsc_expression", "id", ""},
    {"op_expression", "id name", ""},
    {"duration", "", ""},
    {"date_spec", "", ""},

    {"fencing-topology", "", "fencing-level*"},
    {"fencing-level",
     "id target index devices/id target-pattern index devices/id target-attribute target-value index devices", ""},
    {"acls", "", "acl_target* acl_group* acl_role* acl_user*"},
    {"acl_target", "id", "role*"},
    {"acl_group", "id", "role*"},
    {"acl_user", "id", "role_ref* read* write* deny*"},
    {"acl_role", "id", "acl_permission* read* write* deny*"},
    {"acl_permission", "id kind xpath/id kind reference/id kind object-type", ""},
    {"read", "id xpath/id ref/id tag", ""},
    {"write", "id xpath/id ref/id tag", ""},
    {"deny", "id xpath/id ref/id tag", ""},
    {"role", "id", ""},
    {"role_ref", "id", ""},
    {"tags", "", "tag*"},
    {"tag", "id", "obj_ref+"},
    {"obj_ref", "id", ""},
    {"alerts", "", "alert*"},
    {"alert", "id path", "meta_attributes* instance_attributes* select? recipient*"},
    {"select", "", "select_attributes? select_fencing? select_nodes? select_resources?"},
    {"select_attributes", "", "attribute*"},
    {"select_fencing", "", ""},
    {"select_nodes", "", ""},
    {"select_resources", "", ""},
    {"attribute", "id name", ""},
    {"recipient", "id value", "meta_attributes* instance_attributes*"},
};

// Attributes that have one of a few words.
struct Choice {
  std::string_view element;
  std::string_view attribute;
  std::string_view words;  // split by blanks
};

constexpr std::string_view kRoles = "Stopped Started Promoted Unpromoted Master Slave";
constexpr std::string_view kActions = "start promote demote stop";
constexpr std::string_view kBooleans = "true false 1 0";

constexpr Choice kChoices[] = {
    {"primitive", "class", "ocf lsb heartbeat stonith service systemd upstart nagios"},
    {"template", "class", "ocf lsb heartbeat stonith service systemd upstart nagios"},
    {"op", "role", kRoles},
    {"op", "on-fail", "ignore block demote stop restart standby fence restart-container"},
    {"op", "enabled", kBooleans},
    {"op", "record-pending", kBooleans},
    {"rsc_location", "role", kRoles},
    {"rsc_location", "resource-discovery", "always never exclusive"},
    {"rsc_colocation", "rsc-role", kRoles},
    {"rsc_colocation", "with-rsc-role", kRoles},
    {"rsc_order", "symmetrical", kBooleans},
    {"rsc_order", "require-all", kBooleans},
    {"rsc_order", "kind", "Optional Mandatory Serialize"},
    {"rsc_order", "first-action", kActions},
    {"rsc_order", "then-action", kActions},
    {"rsc_ticket", "rsc-role", kRoles},
    {"rsc_ticket", "loss-policy", "stop demote fence freeze"},
    {"resource_set", "sequential", kBooleans},
    {"resource_set", "require-all", kBooleans},
    {"resource_set", "ordering", "group listed"},
    {"resource_set", "action", kActions},
    {"resource_set", "role", kRoles},
    {"resource_set", "kind", "Optional Mandatory Serialize"},
    {"rule", "boolean-op", "or and"},
    {"expression", "operation", "lt gt lte gte eq ne defined not_defined"},
    {"expression", "type", "string integer number version"},
    {"expression", "value-source", "literal param meta"},
    {"date_expression", "operation", "in_range gt lt date_spec in-range date-spec eq neq"},
    {"acl_permission", "kind", "read write deny"},
};

// Attributes that exclude each other.
struct Pair {
  std::string_view element;
  std::string_view one;
  std::string_view other;
};

constexpr Pair kPairs[] = {
    {"rsc_location", "rsc", "rsc-pattern"}, {"rsc_order", "kind", "score"},     {"resource_set", "kind", "score"},
    {"rule", "score", "score-attribute"},   {"primitive", "class", "template"},
};

// Elements whose id is a name of something else, not an id of their own.
constexpr std::string_view kForeignIds[] = {"node", "resource_ref", "obj_ref", "role", "role_ref", "acl_target"};

// Attributes that name the id of something else in the document. An empty element: in every element.
struct Reference {
  std::string_view element;
  std::string_view attribute;
};

constexpr Reference kReferences[] = {
    {"", "id-ref"},
    {"primitive", "template"},
    {"rsc_location", "rsc"},
    {"rsc_colocation", "rsc"},
    {"rsc_colocation", "with-rsc"},
    {"rsc_order", "first"},
    {"rsc_order", "then"},
    {"rsc_ticket", "rsc"},
    {"resource_ref", "id"},
    {"role", "id"},
    {"role_ref", "id"},
    {"acl_permission", "reference"},
    {"read", "ref"},
    {"write", "ref"},
    {"deny", "ref"},
};

std::vector<std::string_view> Split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(at), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool Contains(const std::vector<std::string_view>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// What the tables above say of one element, read once for a document however many of these it has. Names of attributes
// are strings, as the library wants them.
struct Rules {
  struct Need {
    std::string name;
    bool child = false;  // of the name, not an attribute
  };
  struct Entry {
    std::vector<std::string_view> names;
    char how_often = '*';
  };
  struct WordChoice {
    std::string attribute;
    std::vector<std::string_view> words;
    std::string_view written;
  };

  std::vector<std::vector<Need>> needs;
  std::vector<Entry> children;
  std::vector<WordChoice> choices;
  std::vector<std::pair<std::string, std::string>> pairs;
  std::vector<std::string> references;
  bool foreign_id = false;
};

std::vector<Rules::Need> ReadNeeds(std::string_view alternative) {
  std::vector<Rules::Need> needs;
  for (const std::string_view word : Split(alternative, ' ')) {
    const bool child = word.front() == '<';
    needs.push_back({std::string(word.substr(child ? 1 : 0)), child});
  }
  return needs;
}

Rules ReadRules(const Shape& shape) {
  Rules rules;
  for (const std::string_view alternative : Split(shape.needs, '/')) rules.needs.push_back(ReadNeeds(alternative));
  for (const std::string_view entry : Split(shape.children, ' ')) {
    rules.children.push_back({Split(entry.substr(0, entry.size() - 1), ','), entry.back()});
  }
  for (const Choice& choice : kChoices) {
    if (choice.element != shape.name) continue;
    rules.choices.push_back({std::string(choice.attribute), Split(choice.words, ' '), choice.words});
  }
  for (const Pair& pair : kPairs) {
    if (pair.element == shape.name) rules.pairs.emplace_back(pair.one, pair.other);
  }
  for (const Reference& reference : kReferences) {
    const bool applies = reference.element.empty() || reference.element == shape.name;
    if (applies) rules.references.emplace_back(reference.attribute);
  }
  rules.foreign_id = std::find(std::begin(kForeignIds), std::end(kForeignIds), shape.name) != std::end(kForeignIds);
  return rules;
}

// A name as XML has it, without a colon; blanks around it do not count.
bool IsXmlId(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  if (text.empty()) return false;
  const auto letter = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  };
  const auto later = [&](unsigned char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  return letter(static_cast<unsigned char>(text.front())) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return later(static_cast<unsigned char>(c)); });
}

// A value as it may be shown on a terminal.
std::string Shown(std::string_view value) {
  std::string text(value);
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return text;
}

bool IsScore(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
  return text == "INFINITY" || (!text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos);
}

class Inspector {
 public:
  std::vector<CibFault> Inspect(xml_node cib) {
    Walk(cib);
    // What a reference names may stand after it.
    for (const auto& [node, attribute] : references_) {
      if (ids_.count(attribute.value()) > 0) continue;
      Tell(node, "names `" + Shown(attribute.value()) + "` as its " + attribute.name() + ", which is no id here");
    }
    return std::move(faults_);
  }

 private:
  void Tell(xml_node node, std::string what) { faults_.push_back({node, std::move(what)}); }

  // What is known of elements of that name; null if nothing is.
  const Rules* RulesOf(std::string_view name) {
    const auto known = rules_.find(name);
    if (known != rules_.end()) return known->second ? &*known->second : nullptr;
    std::optional<Rules>& rules = rules_[name];
    for (const Shape& shape : kShapes) {
      if (shape.name == name) rules = ReadRules(shape);
    }
    return rules ? &*rules : nullptr;
  }

  // Documents are read with a bound on their depth (document.h).
  void Walk(xml_node node) {
    const Rules& rules = *RulesOf(node.name());
    Needs(node, rules);
    Words(node, rules);
    Scores(node);
    Pairs(node, rules);
    Id(node, rules);
    References(node, rules);
    Children(node, rules);
    for (const xml_node child : node.children()) {
      if (child.type() != pugi::node_element || child.name() == std::string_view("status")) continue;
      if (RulesOf(child.name())) Walk(child);
    }
  }

  void Needs(xml_node node, const Rules& rules) {
    const auto is_there = [&](const Rules::Need& need) {
      const char* name = need.name.c_str();
      return need.child ? static_cast<bool>(node.child(name)) : static_cast<bool>(node.attribute(name));
    };
    std::string missing;
    for (const std::vector<Rules::Need>& alternative : rules.needs) {
      const auto lacks = std::find_if_not(alternative.begin(), alternative.end(), is_there);
      if (lacks == alternative.end()) return Provider(node);
      if (missing.empty()) missing = lacks->child ? "<" + lacks->name + ">" : "`" + lacks->name + "`";
    }
    if (!missing.empty()) Tell(node, "has no " + missing);
  }

  void Provider(xml_node node) {
    const bool ocf = node.attribute("class").value() == std::string_view("ocf");
    if (!ocf || node.name() == std::string_view("rsc_expression") || node.attribute("provider")) return;
    Tell(node, "has an agent of class `ocf` and no `provider`");
  }

  void Words(xml_node node, const Rules& rules) {
    for (const Rules::WordChoice& choice : rules.choices) {
      const xml_attribute attribute = node.attribute(choice.attribute.c_str());
      if (!attribute || Contains(choice.words, attribute.value())) continue;
      Tell(node, "has a `" + choice.attribute + "` that is not one of: " + std::string(choice.written));
    }
  }

  void Scores(xml_node node) {
    const xml_attribute score = node.attribute("score");
    if (!score || IsScore(score.value())) return;
    Tell(node, "has a `score` that is neither an integer nor INFINITY");
  }

  void Pairs(xml_node node, const Rules& rules) {
    for (const auto& [one, other] : rules.pairs) {
      if (!node.attribute(one.c_str()) || !node.attribute(other.c_str())) continue;
      Tell(node, "has both `" + one + "` and `" + other + "`");
    }
    const std::string_view cls = node.attribute("class").value();
    const bool agent = node.name() == std::string_view("primitive") || node.name() == std::string_view("template");
    if (agent && !cls.empty() && cls != "ocf" && node.attribute("provider")) {
      Tell(node, "has a `provider`, which only agents of class `ocf` have");
    }
  }

  void Id(xml_node node, const Rules& rules) {
    const xml_attribute id = node.attribute("id");
    if (!id || rules.foreign_id) return;
    if (!IsXmlId(id.value())) {
      Tell(node, "has an id that is not a letter or _ with letters, digits, - _ . after it");
    } else if (!ids_.insert(id.value()).second) {
      Tell(node, "has the id " + std::string(id.value()) + ", which stands before");
    }
  }

  void References(xml_node node, const Rules& rules) {
    for (const std::string& reference : rules.references) {
      const xml_attribute attribute = node.attribute(reference.c_str());
      if (attribute) references_.emplace_back(node, attribute);
    }
  }

  void Children(xml_node node, const Rules& rules) {
    static const std::vector<Rules::Entry> kNothing;
    // A set that refers to another one has nothing of its own.
    const bool refers = node.attribute("id-ref") && !node.attribute("id");
    const std::vector<Rules::Entry>& entries = refers ? kNothing : rules.children;
    std::vector<int> counts(entries.size(), 0);
    std::vector<xml_node> strangers;
    for (const xml_node child : node.children()) {
      if (child.type() != pugi::node_element) continue;
      const auto entry = std::find_if(entries.begin(), entries.end(),
                                      [&](const Rules::Entry& one) { return Contains(one.names, child.name()); });
      if (entry == entries.end()) {
        strangers.push_back(child);
      } else {
        ++counts[static_cast<size_t>(entry - entries.begin())];
      }
    }
    for (size_t i = 0; i < entries.size(); ++i) {
      const char how_often = entries[i].how_often;
      if (counts[i] == 0 && (how_often == '!' || how_often == '+')) Tell(node, "has no " + Alternatives(entries[i]));
      if (counts[i] > 1 && (how_often == '!' || how_often == '?')) {
        Tell(node, "has more than one " + Alternatives(entries[i]));
      }
    }
    for (const xml_node child : strangers) Tell(child, "may not stand in <" + std::string(node.name()) + ">");
  }

  static std::string Alternatives(const Rules::Entry& entry) {
    std::string names;
    for (const std::string_view name : entry.names) {
      names += (names.empty() ? "<" : " or <") + std::string(name) + ">";
    }
    return names;
  }

  std::vector<CibFault> faults_;
  std::unordered_map<std::string_view, std::optional<Rules>> rules_;
  std::unordered_set<std::string_view> ids_;
  std::vector<std::pair<xml_node, xml_attribute>> references_;
};

}  // namespace

std::string CibFault::Where() const {
  std::string path;
  for (xml_node node = element; node && node.type() == pugi::node_element; node = node.parent()) {
    std::string step = "/" + Shown(node.name());
    if (const xml_attribute id = node.attribute("id")) step += "[@id='" + Shown(id.value()) + "']";
    path = step + path;
  }
  return path;
}

std::vector<CibFault> FindFaults(const pugi::xml_document& document) {
  const xml_node cib = document.document_element();
  if (cib.name() != std::string_view("cib")) return {{cib, "is not a <cib>"}};
  if (cib.attribute("validate-with").value() == std::string_view("none")) return {};
  return Inspector().Inspect(cib);
}

}  // namespace picket::solver
