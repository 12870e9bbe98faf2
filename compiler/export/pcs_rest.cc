#include <algorithm>

#include "compiler/export/pcs_parts.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::exporting {
namespace {

using pugi::xml_node;

// The options and meta attributes of an alert or a recipient.
void AppendBlocks(Source& source, Words& words, xml_node element, const std::string& name) {
  if (const Words options = PlainPairs(source, element, "instance_attributes", name); !options.empty()) {
    words.push_back("options");
    Append(words, options);
  }
  if (const Words meta = PlainPairs(source, element, "meta_attributes", name); !meta.empty()) {
    words.push_back("meta");
    Append(words, meta);
  }
}

}  // namespace

PcsSaid PcsNode(Source& source, xml_node node) {
  const std::string name = node.attribute("uname").value();
  if (node.attribute("description")) {
    source.Tell("the description of the node `" + name + "`, for which pcs has no command");
    node.remove_attribute("description");
  }
  PcsSaid said;
  Words attributes = PlainPairs(source, node, "instance_attributes", "the node `" + name + '`');
  if (!attributes.empty()) {
    Words words = {"node", "attribute", "--force", "--", name};
    Append(words, attributes);
    said.commands += PcsCommand(words);
  }
  Words utilization;
  for (const std::string& pair : PlainPairs(source, node, "utilization", "the node `" + name + '`')) {
    if (AsInteger(pair.substr(pair.find('=') + 1)))
      utilization.push_back(pair);
    else
      source.Tell("the utilization `" + pair + "` of the node `" + name + "`, which is no whole number");
  }
  if (!utilization.empty()) {
    Words words = {"node", "utilization", "--", name};
    Append(words, utilization);
    said.commands += PcsCommand(words);
  }
  return said;
}

PcsSaid PcsProperties(Source& source, xml_node set) {
  if (set.previous_sibling() || set.child("rule") || set.attribute("score") || set.attribute("id-ref"))
    return {"", "is a set of options beside another one, or with a rule or a score, which pcs does not have"};
  Words words = {"property", "set", "--force", "--"};
  for (const std::string& pair : Pairs(source, set, "the cluster options")) {
    // What a cluster is called stands in the file from the beginning.
    if (!pair.starts_with("cluster-name=")) words.push_back(pair);
  }
  return {words.size() > 4 ? PcsCommand(words) : "", ""};
}

PcsSaid PcsDefaults(Source& source, xml_node set) {
  const std::string section = set.parent().name();
  if (set.attribute("id-ref") || !HasAttributesOnly(set, {"id", "score"}))
    return {"", "is a set of defaults that pcs has no words for"};
  Words words = {"resource"};
  if (section == "op_defaults") words.push_back("op");
  Append(words, {"defaults", "set", "create", "--force", "--", "id=" + IdOf(set)});
  AddOptions(words, set, {"score"});
  const Words pairs = Pairs(source, set, "the defaults " + NameOf(set));
  if (!pairs.empty()) {
    words.push_back("meta");
    Append(words, pairs);
  }
  if (const xml_node rule = set.child("rule")) {
    const auto conditions = PcsRule(rule, true);
    if (!conditions || rule.next_sibling("rule")) return {"", "has a rule that pcs has no words for"};
    words.push_back("rule");
    Append(words, *conditions);
  }
  return {PcsCommand(words), ""};
}

PcsSaid PcsLevel(Source& source, xml_node level) {
  if (source.IsReferenced(level)) return {"", "is referred to by an id, which pcs does not keep"};
  std::string target = level.attribute("target").value();
  if (level.attribute("target-pattern"))
    target = std::string("regexp%") + level.attribute("target-pattern").value();
  else if (level.attribute("target-attribute"))
    target = std::string("attrib%") + level.attribute("target-attribute").value() + '=' +
             level.attribute("target-value").value();
  else if (target.find('%') != std::string::npos)
    target = "node%" + target;
  Words words = {"stonith", "level", "add", "--force", "--", level.attribute("index").value(), target};
  const std::string devices = level.attribute("devices").value();
  for (std::size_t at = 0; at < devices.size();) {
    const std::size_t end = std::min(devices.find(',', at), devices.size());
    words.push_back(devices.substr(at, end - at));
    at = end + 1;
  }
  if (target.empty() || words.size() < 8) return {"", "names no target or no device"};
  return {PcsCommand(words), ""};
}

PcsSaid PcsTag(Source& source, xml_node tag) {
  Words words = {"tag", "create", "--", IdOf(tag)};
  for (const xml_node reference : tag.children()) {
    if (!ResourceOf(source, IdOf(reference)))
      return {"", "is a tag of `" + IdOf(reference) + "`, which is no resource; pcs tags nothing else"};
    words.push_back(IdOf(reference));
  }
  return {PcsCommand(words), ""};
}

PcsSaid PcsAccess(Source& source, xml_node element) {
  const std::string tag = element.name();
  if (tag == "acl_role") {
    Words words = {"acl", "role", "create", "--", IdOf(element)};
    AddOptions(words, element, {"description"});
    for (xml_node permission = element.first_child(), next; permission; permission = next) {
      next = permission.next_sibling();
      const bool path = permission.attribute("xpath"), id = permission.attribute("reference");
      if (path == id || permission.attribute("attribute") || permission.attribute("object-type") ||
          source.IsReferenced(permission)) {
        source.Tell("a permission of the role " + NameOf(element) + ", which pcs has no words for");
        element.remove_child(permission);
        continue;
      }
      Append(words, {permission.attribute("kind").value(), path ? "xpath" : "id",
                     permission.attribute(path ? "xpath" : "reference").value()});
    }
    return {PcsCommand(words), ""};
  }
  if (!HasAttributesOnly(element, {"id"})) return {"", "has more than a name, which pcs does not take"};
  Words words = {"acl", tag == "acl_target" ? "user" : "group", "create", "--", IdOf(element)};
  for (const xml_node role : element.children()) words.push_back(IdOf(role));
  return {PcsCommand(words), ""};
}

PcsSaid PcsAlert(Source& source, xml_node alert) {
  Words words = {"alert", "create", "--", "id=" + IdOf(alert)};
  AddOptions(words, alert, {"path", "description"});
  if (alert.child("select")) {
    source.Tell("what the alert " + NameOf(alert) + " selects, for which pcs has no command");
    alert.remove_child("select");
  }
  AppendBlocks(source, words, alert, "the alert " + NameOf(alert));
  PcsSaid said = {PcsCommand(words), ""};
  for (const xml_node recipient : alert.children("recipient")) {
    Words add = {"alert", "recipient", "add", "--force", "--", IdOf(alert), "id=" + IdOf(recipient)};
    AddOptions(add, recipient, {"value", "description"});
    AppendBlocks(source, add, recipient, "a recipient of " + NameOf(alert));
    said.commands += PcsCommand(add);
  }
  return said;
}

}  // namespace picket::compiler::exporting
