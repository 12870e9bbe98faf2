#include <algorithm>
#include <set>

#include "compiler/export/pcs_parts.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::exporting {
namespace {

using pugi::xml_attribute;
using pugi::xml_node;

void AppendAfter(Words& words, const char* keyword, const Words& more) {
  if (more.empty()) return;
  words.push_back(keyword);
  Append(words, more);
}

void TellDescription(Source& source, xml_node element) {
  if (!element.attribute("description")) return;
  source.Tell("the description of " + NameOf(element) + ", for which pcs has no command");
  element.remove_attribute("description");
}

void TellBlocks(Source& source, xml_node element, const char* tag) {
  for (xml_node block = element.child(tag), next; block; block = next) {
    next = block.next_sibling(tag);
    if (block.first_child() || block.attribute("id-ref"))
      source.Tell("the block `" + std::string(tag) + "` of " + NameOf(element) + ", for which pcs has no command");
    element.remove_child(block);
  }
}

// What pcs does not take as an option of an operation, taken out.
void Trim(Source& source, xml_node op, const std::string& name) {
  static const std::set<std::string_view> known = {
      "id",      "name",           "description", "enabled",     "interval", "interval-origin",
      "on-fail", "record-pending", "role",        "start-delay", "timeout"};
  for (xml_attribute attribute = op.first_attribute(), next; attribute; attribute = next) {
    next = attribute.next_attribute();
    const bool second = std::string_view(attribute.name()) == "interval-origin" && op.attribute("start-delay");
    const bool empty = *attribute.value() == '\0';
    if (known.contains(attribute.name()) && !second && !empty) continue;
    source.Tell(std::string("`") + attribute.name() + "` of the operation " + name + ", which pcs does not take");
    op.remove_attribute(attribute);
  }
  for (xml_node block = op.first_child(), next; block; block = next) {
    next = block.next_sibling();
    const bool parameters = std::string_view(block.name()) == "instance_attributes" && !block.attribute("id-ref") &&
                            !block.attribute("score") && !block.child("rule");
    for (xml_node pair = block.first_child(), behind; pair && parameters; pair = behind) {
      behind = pair.next_sibling();
      const std::string_view option = pair.attribute("name").value();
      if (option == "OCF_CHECK_LEVEL" && !pair.attribute("id-ref") && *pair.attribute("value").value()) continue;
      source.Tell('`' + std::string(option) + "` of the operation " + name + ", which pcs does not take");
      block.remove_child(pair);
    }
    if (parameters) continue;
    source.Tell(std::string("the block `") + block.name() + "` of the operation " + name +
                ", for which pcs has no command");
    op.remove_child(block);
  }
}

// pcs puts the operations of one name together.
void Group(Source& source, xml_node operations) {
  std::vector<xml_node> all, grouped;
  for (const xml_node op : operations.children()) all.push_back(op);
  for (const xml_node first : all) {
    if (std::find(grouped.begin(), grouped.end(), first) != grouped.end()) continue;
    for (const xml_node op : all) {
      if (std::string_view(op.attribute("name").value()) == first.attribute("name").value()) grouped.push_back(op);
    }
  }
  if (grouped == all) return;
  source.Note("pcs puts the operations of one name together: those of " + NameOf(operations.parent()) +
              " change their order");
  for (const xml_node op : grouped) operations.append_move(op);
}

Words Operations(Source& source, xml_node resource) {
  Words words;
  std::set<std::pair<std::string, std::string>> seen;
  xml_node operations = resource.child("operations");
  if (operations.attribute("id-ref")) {
    source.Tell("the operations of " + NameOf(resource) + ", which stand elsewhere");
    resource.remove_child(operations);
    return words;
  }
  Group(source, operations);
  for (xml_node op = operations.first_child(), next; op; op = next) {
    next = op.next_sibling();
    const std::string name = '`' + std::string(op.attribute("name").value()) + "` of " + NameOf(resource);
    std::string interval = op.attribute("interval") ? op.attribute("interval").value() : "0s";
    if (interval.empty()) interval = "0s";
    const auto interval_ms = AsIntervalMs(interval);
    const std::string at = interval_ms ? std::to_string(*interval_ms) : interval;
    if (!seen.insert({op.attribute("name").value(), at}).second || !IsXmlId(op.attribute("name").value())) {
      source.Tell("the operation " + name + " beside one of that name and interval, which pcs does not take");
      operations.remove_child(op);
      continue;
    }
    Trim(source, op, name);
    words.push_back(op.attribute("name").value());
    words.push_back("interval=" + interval);
    if (source.IsReferenced(op)) words.push_back("id=" + IdOf(op));
    for (const xml_attribute option : op.attributes()) {
      const std::string_view known = option.name();
      if (known == "id" || known == "name" || known == "interval") continue;
      words.push_back(std::string(known) + '=' + option.value());
    }
    for (const xml_node pair : op.child("instance_attributes").children("nvpair"))
      words.push_back(std::string(pair.attribute("name").value()) + '=' + pair.attribute("value").value());
  }
  return words;
}

PcsSaid Primitive(Source& source, xml_node primitive, const std::string& bundle) {
  const std::string id = IdOf(primitive), family = primitive.attribute("class").value(),
                    provider = primitive.attribute("provider").value(), type = primitive.attribute("type").value();
  if (primitive.attribute("template")) return {"", "is made from a template, which pcs does not have"};
  if (family.empty() || type.empty() || (family == "ocf") == provider.empty() ||
      provider.find(':') != std::string::npos)
    return {"", "has an agent that pcs cannot name"};
  const bool stonith = family == "stonith";
  if (stonith && (!bundle.empty() || std::string_view(primitive.parent().name()) != "resources"))
    return {"", "is a fence device inside of another resource, which pcs does not take"};
  TellDescription(source, primitive);
  Words words = {stonith ? "stonith" : "resource", "create"};
  if (!stonith) words.push_back("--no-default-ops");
  Append(words, {"--force", "--", id, stonith ? type : family + ':' + (provider.empty() ? "" : provider + ':') + type});
  Append(words, PlainPairs(source, primitive, "instance_attributes", NameOf(primitive)));
  const Words operations = Operations(source, primitive);
  AppendAfter(words, "op", operations);
  AppendAfter(words, "meta", PlainPairs(source, primitive, "meta_attributes", NameOf(primitive)));
  if (!bundle.empty()) AppendAfter(words, "bundle", {bundle});
  PcsSaid said = {PcsCommand(words), ""};
  // Without a monitor pcs adds one.
  if (std::find(operations.begin(), operations.end(), "monitor") == operations.end())
    said.commands += PcsCommand({stonith ? "stonith" : "resource", "op", "remove", id, "monitor"});
  Words utilization;
  for (const std::string& pair : PlainPairs(source, primitive, "utilization", NameOf(primitive))) {
    if (AsInteger(pair.substr(pair.find('=') + 1)))
      utilization.push_back(pair);
    else
      source.Tell("the utilization `" + pair + "` of " + NameOf(primitive) + ", which is no whole number");
  }
  if (utilization.empty()) return said;
  Words command = {"resource", "utilization", "--", id};
  Append(command, utilization);
  said.commands += PcsCommand(command);
  return said;
}

PcsSaid GroupOf(Source& source, xml_node group) {
  TellDescription(source, group);
  TellBlocks(source, group, "instance_attributes");
  PcsSaid said;
  Words add = {"resource", "group", "add", "--", IdOf(group)};
  for (const xml_node member : group.children("primitive")) {
    const PcsSaid of_member = PcsResource(source, member);
    if (!of_member.why.empty()) return {"", "holds " + NameOf(member) + ", which " + of_member.why};
    said.commands += of_member.commands;
    add.push_back(IdOf(member));
  }
  said.commands += PcsCommand(add);
  const Words meta = PlainPairs(source, group, "meta_attributes", NameOf(group));
  if (meta.empty()) return said;
  Words command = {"resource", "meta", "--", IdOf(group)};
  Append(command, meta);
  said.commands += PcsCommand(command);
  return said;
}

PcsSaid Clone(Source& source, xml_node clone) {
  TellDescription(source, clone);
  TellBlocks(source, clone, "instance_attributes");
  xml_node inner = clone.child("primitive");
  if (!inner) inner = clone.child("group");
  if (!inner) return {"", "holds nothing"};
  PcsSaid said = PcsResource(source, inner);
  if (!said.why.empty()) return {"", "holds " + NameOf(inner) + ", which " + said.why};
  Words command = {"resource", "clone", "--force", "--", IdOf(inner), IdOf(clone)};
  AppendAfter(command, "meta", PlainPairs(source, clone, "meta_attributes", NameOf(clone)));
  said.commands += PcsCommand(command);
  return said;
}

void AppendAttributes(const Source& source, Words& words, xml_node element) {
  for (const xml_attribute attribute : element.attributes()) {
    if (std::string_view(attribute.name()) == "id" && !source.IsReferenced(element)) continue;
    words.push_back(std::string(attribute.name()) + '=' + attribute.value());
  }
}

PcsSaid Bundle(Source& source, xml_node bundle) {
  TellDescription(source, bundle);
  TellBlocks(source, bundle, "instance_attributes");
  Words words = {"resource", "bundle", "create", "--force", "--", IdOf(bundle)};
  for (const char* kind : {"docker", "podman", "rkt"}) {
    if (!bundle.child(kind)) continue;
    Append(words, {"container", kind});
    AppendAttributes(source, words, bundle.child(kind));
  }
  const xml_node network = bundle.child("network");
  if (network.first_attribute()) {
    words.push_back("network");
    AppendAttributes(source, words, network);
  }
  for (const xml_node mapping : network.children("port-mapping")) {
    words.push_back("port-map");
    AppendAttributes(source, words, mapping);
  }
  for (const xml_node mapping : bundle.child("storage").children("storage-mapping")) {
    words.push_back("storage-map");
    AppendAttributes(source, words, mapping);
  }
  AppendAfter(words, "meta", PlainPairs(source, bundle, "meta_attributes", NameOf(bundle)));
  PcsSaid said = {PcsCommand(words), ""};
  for (const xml_node inner : bundle.children("primitive")) {
    const PcsSaid of_inner = Primitive(source, inner, IdOf(bundle));
    if (!of_inner.why.empty()) return {"", "holds " + NameOf(inner) + ", which " + of_inner.why};
    said.commands += of_inner.commands;
  }
  return said;
}

}  // namespace

xml_node ResourceOf(const Source& source, const std::string& id) {
  return source.Section("resources").find_node([&](xml_node node) {
    return IsResource(node) && id == node.attribute("id").value();
  });
}

PcsSaid PcsResource(Source& source, xml_node resource) {
  const std::string_view tag = resource.name();
  if (!IsXmlId(IdOf(resource))) return {"", "has a name that pcs does not take"};
  if (tag == "primitive") return Primitive(source, resource, "");
  if (tag == "group") return GroupOf(source, resource);
  if (tag == "clone" || tag == "master") return Clone(source, resource);
  if (tag == "bundle") return Bundle(source, resource);
  if (tag == "template") return {"", "is a template, which pcs does not have"};
  return {"", "is of a kind that pcs does not have"};
}

}  // namespace picket::compiler::exporting
