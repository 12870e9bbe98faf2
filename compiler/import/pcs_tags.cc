#include <algorithm>

#include "compiler/import/pcs_commands.h"

namespace picket::compiler::import::pcs {

using pugi::xml_node;

namespace {

xml_node TagNamed(PcsCib& cib, const std::string& id) {
  return cib.Section("tags").find_child_by_attribute("tag", "id", id.c_str());
}

xml_node NameIn(xml_node tag, const std::string& id) {
  return tag.find_child_by_attribute("obj_ref", "id", id.c_str());
}

}  // namespace

void Tag(PcsCib& cib, const Words& w) {
  xml_node tag = cib.Element("tags", "tag", w[2]);
  for (const std::string& id : From(w, 3)) tag.append_child("obj_ref").append_attribute("id") = id.c_str();
}

void RemoveTag(PcsCib& cib, const Words& w) {
  for (const std::string& id : From(w, 2)) {
    if (!cib.Section("tags").remove_child(TagNamed(cib, id))) cib.Fault("there is no tag `" + id + "`");
  }
}

// `tag update T [add A … [--before B | --after B]] [remove C …]`. A name that is added again moves.
void UpdateTag(PcsCib& cib, const Words& w) {
  xml_node tag = TagNamed(cib, w[2]);
  if (!tag) return cib.Fault("there is no tag `" + w[2] + "`");
  Sections parts = Split(w, 3, {"add", "remove"});
  const std::string before = cib.OptionValue("--before"), after = cib.OptionValue("--after");
  const std::string& beside = before.empty() ? after : before;
  xml_node neighbour = NameIn(tag, beside);
  if (!beside.empty() && !neighbour) return cib.Fault("the tag `" + w[2] + "` has no `" + beside + "`");
  for (const std::string& id : parts["remove"]) {
    if (std::find(parts["add"].begin(), parts["add"].end(), id) != parts["add"].end())
      return cib.Fault("`" + id + "` cannot both be added and go");
    const xml_node gone = NameIn(tag, id);
    if (gone && gone == neighbour) return cib.Fault("`" + id + "` cannot go and have names beside it");
    if (!tag.remove_child(gone)) return cib.Fault("the tag `" + w[2] + "` has no `" + id + "`");
  }
  for (const std::string& id : parts["add"]) {
    xml_node old = NameIn(tag, id);
    if (!cib.Resource(id)) return;
    if (old && (beside.empty() || old == neighbour)) return cib.Fault("`" + id + "` is in the tag already");
    tag.remove_child(old);
    xml_node added = beside.empty()   ? tag.append_child("obj_ref")
                     : before.empty() ? tag.insert_child_after("obj_ref", neighbour)
                                      : tag.insert_child_before("obj_ref", neighbour);
    SetId(added, id);
    if (!after.empty()) neighbour = added;
  }
  if (!tag.child("obj_ref")) cib.Fault("nothing would be left in the tag `" + w[2] + "`; `pcs tag remove` it");
}

Words WithoutTags(PcsCib& cib, const Words& words) {
  Words all;
  for (const std::string& word : words) {
    const xml_node tag = TagNamed(cib, word);
    for (const xml_node name : tag.children("obj_ref")) all.push_back(IdOf(name));
    if (!tag) all.push_back(word);
  }
  return all;
}

}  // namespace picket::compiler::import::pcs
