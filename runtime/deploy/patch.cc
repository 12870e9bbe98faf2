#include "runtime/deploy/patch.h"

#include <algorithm>
#include <sstream>
#include <string_view>
#include <unordered_map>

namespace picket::runtime {
namespace {

using pugi::xml_attribute;
using pugi::xml_document;
using pugi::xml_node;

// What tells an element from its siblings. The serial number's id changes with it: it is the same element, so
// that the patch fails where the old one is gone.
std::string NameAmongSiblings(xml_node element) {
  if (std::string_view(element.attribute("name").value()) == "picket-serial") return "picket-serial";
  return std::string(element.name()) + "\n" + element.attribute("id").value();
}

std::string PathBelow(const std::string& parent, xml_node element) {
  std::string path = parent + "/" + element.name();
  if (const xml_attribute id = element.attribute("id")) path += "[@id='" + std::string(id.value()) + "']";
  return path;
}

bool SameAttributes(xml_node a, xml_node b) {
  size_t number = 0;
  for (const xml_attribute attribute : a.attributes()) {
    const xml_attribute other = b.attribute(attribute.name());
    if (!other || std::string_view(other.value()) != attribute.value()) return false;
    ++number;
  }
  for ([[maybe_unused]] const xml_attribute attribute : b.attributes()) {
    if (number-- == 0) return false;
  }
  return number == 0;
}

// Of children that both have, the largest set that need not be moved: the longest increasing run of old
// places.
std::vector<bool> StayingOf(const std::vector<size_t>& old_places) {
  const size_t size = old_places.size();
  std::vector<size_t> ends, previous(size, size);  // ends[k]: the last of the best run of k + 1
  for (size_t i = 0; i < size; ++i) {
    const auto at = std::lower_bound(ends.begin(), ends.end(), i,
                                     [&](size_t a, size_t b) { return old_places[a] < old_places[b]; });
    if (at != ends.begin()) previous[i] = *(at - 1);
    if (at == ends.end()) {
      ends.push_back(i);
    } else {
      *at = i;
    }
  }
  std::vector<bool> stays(size, false);
  for (size_t i = ends.empty() ? size : ends.back(); i < size; i = previous[i]) stays[i] = true;
  return stays;
}

class Comparer {
 public:
  std::vector<Edit> deletes, others;

  void Compare(xml_node before, xml_node after, const std::string& path) {
    if (!SameAttributes(before, after)) others.push_back({Edit::Kind::kModify, path, before, after, 0});
    std::unordered_map<std::string, xml_node> old_by_name;
    std::unordered_map<size_t, size_t> old_place;
    size_t place = 0;
    for (const xml_node child : before.children()) {
      old_by_name.emplace(NameAmongSiblings(child), child);
      old_place[child.hash_value()] = place++;
    }
    std::unordered_map<size_t, xml_node> partner;  // of the new ones
    std::vector<size_t> places;
    for (const xml_node child : after.children()) {
      const auto old = old_by_name.find(NameAmongSiblings(child));
      if (old == old_by_name.end()) continue;
      partner[child.hash_value()] = old->second;
      places.push_back(old_place[old->second.hash_value()]);
      old_place.erase(old->second.hash_value());
      old_by_name.erase(old);
    }
    for (const xml_node child : before.children()) {
      if (old_place.contains(child.hash_value()))
        deletes.push_back({Edit::Kind::kDelete, PathBelow(path, child), child, {}, 0});
    }
    Arrange(after, path, partner, StayingOf(places));
  }

 private:
  void Arrange(xml_node after, const std::string& path, const std::unordered_map<size_t, xml_node>& partner,
               const std::vector<bool>& stays) {
    size_t position = 0, shared = 0;
    for (const xml_node child : after.children()) {
      const auto old = partner.find(child.hash_value());
      if (old == partner.end()) {
        others.push_back({Edit::Kind::kCreate, path, {}, child, position});
      } else {
        if (!stays[shared++])
          others.push_back({Edit::Kind::kMove, PathBelow(path, child), old->second, child, position});
        Compare(old->second, child, PathBelow(path, old->second));
      }
      ++position;
    }
  }
};

// --- text

void AppendVersion(xml_node version, const char* name, const CibVersion& what, bool with_updates) {
  xml_node element = version.append_child(name);
  element.append_attribute("admin_epoch").set_value(static_cast<long long>(what.admin_epoch));
  element.append_attribute("epoch").set_value(static_cast<long long>(what.epoch));
  if (with_updates) element.append_attribute("num_updates").set_value(static_cast<long long>(what.num_updates));
}

void AppendModification(xml_node change, const Edit& edit) {
  xml_node list = change.append_child("change-list");
  for (const xml_attribute attribute : edit.after.attributes()) {
    const xml_attribute old = edit.before.attribute(attribute.name());
    if (old && std::string_view(old.value()) == attribute.value()) continue;
    xml_node set = list.append_child("change-attr");
    set.append_attribute("name").set_value(attribute.name());
    set.append_attribute("operation").set_value("set");
    set.append_attribute("value").set_value(attribute.value());
  }
  for (const xml_attribute attribute : edit.before.attributes()) {
    if (edit.after.attribute(attribute.name())) continue;
    xml_node unset = list.append_child("change-attr");
    unset.append_attribute("name").set_value(attribute.name());
    unset.append_attribute("operation").set_value("unset");
  }
  xml_node result = change.append_child("change-result").append_child(edit.after.name());
  for (const xml_attribute attribute : edit.after.attributes())
    result.append_attribute(attribute.name()).set_value(attribute.value());
}

void AppendChange(xml_node diff, const Edit& edit) {
  static constexpr const char* kNames[] = {"delete", "modify", "create", "move"};
  xml_node change = diff.append_child("change");
  change.append_attribute("operation").set_value(kNames[static_cast<size_t>(edit.kind)]);
  change.append_attribute("path").set_value(edit.path.c_str());
  if (edit.kind == Edit::Kind::kCreate || edit.kind == Edit::Kind::kMove)
    change.append_attribute("position").set_value(static_cast<unsigned long long>(edit.position));
  if (edit.kind == Edit::Kind::kCreate) change.append_copy(edit.after);
  if (edit.kind == Edit::Kind::kModify) AppendModification(change, edit);
}

}  // namespace

std::vector<Edit> EditsBetween(const xml_document& before, const xml_document& after) {
  Comparer comparer;
  comparer.Compare(before.document_element().child("configuration"), after.document_element().child("configuration"),
                   "/cib/configuration");
  std::vector<Edit> edits = std::move(comparer.deletes);
  edits.insert(edits.end(), comparer.others.begin(), comparer.others.end());
  return edits;
}

CibVersion VersionOf(const xml_document& cib) {
  const xml_node root = cib.document_element();
  return {root.attribute("admin_epoch").as_llong(), root.attribute("epoch").as_llong(),
          root.attribute("num_updates").as_llong()};
}

std::string VersionText(const CibVersion& version) {
  return std::to_string(version.admin_epoch) + "." + std::to_string(version.epoch);
}

std::string PatchText(const std::vector<Edit>& edits, const CibVersion& version, Guard guard) {
  xml_document document;
  xml_node diff = document.append_child("diff");
  diff.append_attribute("format").set_value("2");
  if (guard != Guard::kNone) {
    xml_node versions = diff.append_child("version");
    AppendVersion(versions, "source", version, guard == Guard::kExact);
    CibVersion next = version;
    if (!edits.empty()) {
      ++next.epoch;
      next.num_updates = 0;
    }
    AppendVersion(versions, "target", next, guard == Guard::kExact);
  }
  for (const Edit& edit : edits) AppendChange(diff, edit);
  std::ostringstream text;
  document.save(text, "", pugi::format_raw | pugi::format_no_declaration);
  return text.str();
}

}  // namespace picket::runtime
