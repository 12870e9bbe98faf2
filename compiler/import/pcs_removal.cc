#include <vector>

#include "compiler/import/pcs_commands.h"

namespace picket::compiler::import::pcs {

using pugi::xml_node;

namespace {

// What goes with a primitive: the group that it was the last of, and the clone around either.
std::vector<xml_node> Doomed(xml_node primitive) {
  std::vector<xml_node> all = {primitive};
  for (xml_node outer = primitive.parent(); outer; outer = outer.parent()) {
    const auto members = outer.children("primitive");
    const bool last = TagOf(outer) == "group" && std::distance(members.begin(), members.end()) == 1;
    if (!last && TagOf(outer) != "clone") break;
    all.push_back(outer);
  }
  return all;
}

// The node that a resource makes: its own name, or that of its option.
void RemoveFromNode(PcsCib& cib, xml_node primitive) {
  const xml_node option = primitive.child("meta_attributes").find_child_by_attribute("nvpair", "name", "remote-node");
  const bool remote = std::string_view(primitive.attribute("type").value()) == "remote";
  const std::string node = remote ? IdOf(primitive) : option.attribute("value").value();
  xml_node constraints = cib.Section("constraints");
  for (xml_node one = constraints.child("rsc_location"), next; one && !node.empty(); one = next) {
    next = one.next_sibling("rsc_location");
    if (node == one.attribute("node").value()) constraints.remove_child(one);
  }
}

void DeletePrimitive(PcsCib& cib, xml_node primitive) {
  const std::vector<xml_node> doomed = Doomed(primitive);
  for (const xml_node element : doomed) {
    const std::string id = IdOf(element), tags = TagsWith(cib, id);
    if (!tags.empty()) return cib.Fault("`" + id + "` cannot go while it is in " + tags);
  }
  RemoveFromNode(cib, primitive);
  for (const xml_node element : doomed) RemoveReferences(cib, IdOf(element));
  xml_node outermost = doomed.back();
  outermost.parent().remove_child(outermost);
}

void RemoveFromLevels(PcsCib& cib, const std::string& device) {
  xml_node levels = cib.Section("fencing-topology");
  for (xml_node level = levels.first_child(), next; level; level = next) {
    next = level.next_sibling();
    std::string left;
    for (const std::string& name : Names(level.attribute("devices").value(), ","))
      if (name != device) left += (left.empty() ? "" : ",") + name;
    level.attribute("devices") = left.c_str();
    if (left.empty()) levels.remove_child(level);
  }
}

bool Speaks(xml_node constraint, const std::string& id) {
  for (const char* name : {"rsc", "with-rsc", "first", "then"}) {
    if (id == constraint.attribute(name).value()) return true;
  }
  return false;
}

}  // namespace

// A group, a clone and a bundle go with all that they hold.
void Delete(PcsCib& cib, const Words& w) {
  xml_node element = cib.Resource(w[2]);
  if (!element) return;
  const xml_node inner = element.child("primitive");
  if (TagOf(element) == "primitive") return DeletePrimitive(cib, element);
  if (TagOf(element) == "bundle") {
    if (inner) DeletePrimitive(cib, inner);
    if (const std::string tags = TagsWith(cib, w[2]); !tags.empty())
      return cib.Fault("`" + w[2] + "` cannot go while it is in " + tags);
    RemoveReferences(cib, w[2]);
    element.parent().remove_child(element);
    return;
  }
  xml_node holder = element.child("group") ? element.child("group") : element;
  Words members;
  for (const xml_node member : holder.children("primitive")) members.push_back(IdOf(member));
  for (const std::string& member : members) DeletePrimitive(cib, Find(cib.Section("resources"), member));
}

void RemoveReferences(PcsCib& cib, const std::string& id) {
  xml_node constraints = cib.Section("constraints");
  for (xml_node one = constraints.first_child(), next; one; one = next) {
    next = one.next_sibling();
    if (Speaks(one, id))
      constraints.remove_child(one);
    else
      RemoveFromSets(one, id);
  }
  RemoveFromLevels(cib, id);
  for (xml_node role : cib.Section("acls").children("acl_role")) {
    while (role.remove_child(role.find_child_by_attribute("acl_permission", "reference", id.c_str()))) {
    }
  }
  cib.Forget(id);
}

bool IsReferenced(PcsCib& cib, const std::string& id) {
  const auto speaks = [&](xml_node node) {
    const bool names = TagOf(node) == "resource_ref" || TagOf(node) == "obj_ref";
    return Speaks(node, id) || (names && IdOf(node) == id) || id == node.attribute("reference").value();
  };
  for (const char* section : {"constraints", "tags", "acls"})
    if (cib.Section(section).find_node(speaks)) return true;
  return false;
}

void RemoveFromTags(PcsCib& cib, const std::string& id) {
  xml_node tags = cib.Section("tags");
  for (xml_node tag = tags.first_child(), next; tag; tag = next) {
    next = tag.next_sibling();
    if (tag.remove_child(tag.find_child_by_attribute("obj_ref", "id", id.c_str())) && !tag.first_child())
      tags.remove_child(tag);
  }
}

std::string TagsWith(PcsCib& cib, const std::string& id) {
  std::string names;
  for (const xml_node tag : cib.Section("tags").children("tag")) {
    if (tag.find_child_by_attribute("obj_ref", "id", id.c_str()))
      names += (names.empty() ? "the tag `" : ", `") + IdOf(tag) + '`';
  }
  return names;
}

}  // namespace picket::compiler::import::pcs
