#include <algorithm>

#include "compiler/import/pcs_commands.h"

namespace picket::compiler::import::pcs {

using pugi::xml_node;

namespace {

// A group, or what it is cloned by, that nothing is left in.
void RemoveEmptied(PcsCib& cib, xml_node emptied) {
  xml_node outer = emptied.parent();
  RemoveReferences(cib, IdOf(emptied));
  RemoveFromTags(cib, IdOf(emptied));
  outer.remove_child(emptied);
  if (TagOf(outer) == "clone") RemoveEmptied(cib, outer);
}

// To the end of the resources; what is empty then goes.
void MoveOut(PcsCib& cib, xml_node member) {
  xml_node left = member.parent();
  cib.Section("resources").append_move(member);
  const auto holds = [](xml_node child) { return TagOf(child) == "primitive" || TagOf(child) == "group"; };
  if (!left.find_child(holds)) RemoveEmptied(cib, left);
}

std::size_t Members(xml_node group) {
  const auto all = group.children("primitive");
  return static_cast<std::size_t>(std::distance(all.begin(), all.end()));
}

bool MayJoin(PcsCib& cib, xml_node member, xml_node group, const std::string& beside) {
  const std::string id = IdOf(member);
  const xml_node parent = member.parent();
  std::string why;
  if (TagOf(member) != "primitive")
    why = "is no primitive, which a group is made of";
  else if (TagOf(parent) != "resources" && TagOf(parent) != "group")
    why = "belongs to `" + IdOf(parent) + "`, which no group can hold";
  else if (parent == group && beside.empty())
    why = "is in the group already";
  else if (id == beside)
    why = "cannot stand beside itself";
  if (!why.empty()) cib.Fault("`" + id + "` " + why);
  return why.empty();
}

}  // namespace

// Nothing changes before all is known to be right.
void AddToGroup(PcsCib& cib, const std::string& id, const Words& members, const Place& place) {
  xml_node group = Find(cib.Section("resources"), id);
  if (group && TagOf(group) != "group") return cib.Fault("`" + id + "` is no group");
  const std::string& beside = place.before.empty() ? place.after : place.before;
  const xml_node neighbour = group.find_child_by_attribute("primitive", "id", beside.c_str());
  if (!beside.empty() && !neighbour) return cib.Fault("the group `" + id + "` has no `" + beside + "`");
  if (!place.before.empty() && !place.after.empty()) return cib.Fault("`--before` and `--after` exclude each other");
  std::vector<xml_node> all;
  for (const std::string& name : members) {
    const xml_node member = cib.Resource(name);
    if (!member || !MayJoin(cib, member, group, beside)) return;
    if (std::find(all.begin(), all.end(), member) != all.end()) return cib.Fault("`" + name + "` is named twice");
    all.push_back(member);
  }
  if (!group) group = cib.Element("resources", "group", id);
  xml_node last = neighbour;
  for (const xml_node member : all) {
    xml_node left = member.parent();
    if (beside.empty())
      group.append_move(member);
    else if (!place.before.empty())
      group.insert_move_before(member, neighbour);
    else
      last = group.insert_move_after(member, last);
    if (left == group || TagOf(left) != "group" || Members(left) != 0) continue;
    const bool cloned = TagOf(left.parent()) == "clone";
    if (IsReferenced(cib, IdOf(left)) || (cloned && IsReferenced(cib, IdOf(left.parent()))))
      return cib.Fault("`" + IdOf(left) + "` would be empty, and other elements name it; `pcs resource ungroup " +
                       IdOf(left) + "` comes first");
    RemoveEmptied(cib, left);
  }
}

void Group(PcsCib& cib, const Words& w) {
  AddToGroup(cib, w[3], From(w, 4), {cib.OptionValue("--before"), cib.OptionValue("--after")});
}

void Clone(PcsCib& cib, const Words& w) {
  xml_node inner = cib.Resource(w[2]);
  if (!inner) return;
  if (std::string_view(inner.parent().name()) == "clone") return cib.Fault("`" + w[2] + "` is cloned already");
  std::string id = w[2] + "-clone";
  Words pairs;
  for (std::size_t i = 3; i < w.size(); ++i) {
    if (IsPair(w[i]))
      pairs.push_back(w[i]);
    else if (w[i] != "meta")
      id = w[i];
  }
  if (w[1] == "promotable") pairs.push_back("promotable=true");
  xml_node clone = cib.Element("resources", "clone", id);
  clone.append_move(inner);
  cib.Pairs(clone, "meta_attributes", pairs);
}

// `ungroup G [MEMBER …]`; without members, of all.
void Ungroup(PcsCib& cib, const Words& w) {
  const std::size_t at = w[1] == "ungroup" ? 2 : 3;
  const xml_node group = Find(cib.Section("resources"), w[at]);
  if (TagOf(group) != "group") return cib.Fault("there is no group `" + w[at] + "`");
  std::vector<xml_node> leaving;
  for (const std::string& name : From(w, at + 1)) {
    const xml_node member = group.find_child_by_attribute("primitive", "id", name.c_str());
    if (!member) return cib.Fault("the group `" + w[at] + "` has no `" + name + "`");
    if (std::find(leaving.begin(), leaving.end(), member) == leaving.end()) leaving.push_back(member);
  }
  if (w.size() == at + 1)
    for (const xml_node member : group.children("primitive")) leaving.push_back(member);
  if (leaving.size() == Members(group) && TagOf(group.parent()) == "clone")
    return cib.Fault("a cloned group has to keep a member; `pcs resource unclone " + w[at] + "` comes first");
  for (const xml_node member : leaving) MoveOut(cib, member);
}

// The clone, or what is cloned by it; of a member of a cloned group, only the member.
void Unclone(PcsCib& cib, const Words& w) {
  xml_node element = cib.Resource(w[2]);
  if (!element) return;
  if (TagOf(element) == "clone")
    element = element.find_child([](xml_node child) { return TagOf(child) == "primitive" || TagOf(child) == "group"; });
  const xml_node outer = element.parent();
  if (TagOf(outer) != "clone" && TagOf(outer.parent()) != "clone") return cib.Fault("`" + w[2] + "` is not cloned");
  MoveOut(cib, element);
}

}  // namespace picket::compiler::import::pcs
