#include "compiler/import/pcs_commands.h"

namespace picket::compiler::import::pcs {

using pugi::xml_node;

namespace {

void Permissions(PcsCib& cib, xml_node role, const Words& words) {
  for (std::size_t i = 0; i < words.size(); i += 3) {
    const bool kind = words[i] == "read" || words[i] == "write" || words[i] == "deny";
    if (!kind || i + 2 >= words.size()) return cib.Fault("a permission has to be `read xpath X` or `read id X`");
    const std::string id = cib.Unused(IdOf(role) + '-' + words[i]);
    xml_node permission = role.append_child("acl_permission");
    SetId(permission, id);
    permission.append_attribute("kind") = words[i].c_str();
    permission.append_attribute(words[i + 1] == "id" ? "reference" : "xpath") = words[i + 2].c_str();
  }
}

// A user or a group; a fault, and null, without one.
xml_node Target(PcsCib& cib, bool user, const std::string& name) {
  const char* tag = user ? "acl_target" : "acl_group";
  const xml_node found = cib.Section("acls").find_child_by_attribute(tag, "id", name.c_str());
  if (!found) cib.Fault(std::string("there is no ") + (user ? "user" : "group") + " `" + name + "`");
  return found;
}

xml_node RoleNamed(PcsCib& cib, const std::string& name) {
  const xml_node found = cib.Section("acls").find_child_by_attribute("acl_role", "id", name.c_str());
  if (!found) cib.Fault("there is no role `" + name + "`");
  return found;
}

void TakeRole(PcsCib& cib, xml_node target, xml_node role) {
  target.remove_child(role);
  if (cib.HasOption("--autodelete") && !target.child("role")) target.parent().remove_child(target);
}

}  // namespace

void Role(PcsCib& cib, const Words& w) {
  xml_node role = cib.Element("acls", "acl_role", w[3]);
  std::size_t at = 4;
  if (at < w.size() && w[at].starts_with("description="))
    role.append_attribute("description") = ValueOf(w[at++]).c_str();
  Permissions(cib, role, From(w, at));
}

void Permission(PcsCib& cib, const Words& w) {
  if (xml_node role = RoleNamed(cib, w[3])) Permissions(cib, role, From(w, 4));
}

void AclTarget(PcsCib& cib, const Words& w) {
  xml_node target = cib.Element("acls", w[1] == "user" ? "acl_target" : "acl_group", w[3]);
  for (const std::string& role : From(w, 4)) target.append_child("role").append_attribute("id") = role.c_str();
}

void RemoveRole(PcsCib& cib, const Words& w) {
  const xml_node role = RoleNamed(cib, w[3]);
  if (!role) return;
  xml_node acls = cib.Section("acls");
  acls.remove_child(role);
  for (xml_node target = acls.first_child(), next; target; target = next) {
    next = target.next_sibling();
    if (const xml_node theirs = target.find_child_by_attribute("role", "id", w[3].c_str()))
      TakeRole(cib, target, theirs);
  }
}

// `role assign ROLE [to] [user|group] NAME` and `role unassign ROLE [from] [user|group] NAME`.
void AssignRole(PcsCib& cib, const Words& w) {
  const bool assign = w[2] == "assign";
  std::size_t at = 4;
  if (w[at] == (assign ? "to" : "from")) ++at;
  const bool group = at + 1 < w.size() && w[at] == "group";
  if (group || (at + 1 < w.size() && w[at] == "user")) ++at;
  if (at >= w.size()) return cib.Fault("who `pcs acl role " + w[2] + "` is about is not said");
  if (!RoleNamed(cib, w[3])) return;
  xml_node target = Target(cib, !group, w[at]);
  if (!target) return;
  const xml_node theirs = target.find_child_by_attribute("role", "id", w[3].c_str());
  if (assign && theirs) return cib.Fault("`" + w[at] + "` has the role `" + w[3] + "` already");
  if (!assign && !theirs) return cib.Fault("`" + w[at] + "` has no role `" + w[3] + "`");
  if (assign)
    target.append_child("role").append_attribute("id") = w[3].c_str();
  else
    TakeRole(cib, target, theirs);
}

void RemovePermission(PcsCib& cib, const Words& w) {
  xml_node permission = Find(cib.Section("acls"), w[3]);
  if (TagOf(permission) != "acl_permission") return cib.Fault("there is no permission `" + w[3] + "`");
  permission.parent().remove_child(permission);
}

void RemoveAclTarget(PcsCib& cib, const Words& w) {
  if (xml_node target = Target(cib, w[1] == "user", w[3])) target.parent().remove_child(target);
}

}  // namespace picket::compiler::import::pcs
