#include "compiler/export/source.h"

#include <algorithm>

#include "compiler/emit/nvset.h"
#include "compiler/import/normal_form.h"
#include "solver/cib/document.h"

namespace picket::compiler::exporting {
namespace {

using pugi::xml_node;

std::string_view Tag(xml_node element) {
  return element.name();
}

std::vector<xml_node> Elements(xml_node parent) {
  std::vector<xml_node> all;
  for (const xml_node child : parent.children()) all.push_back(child);
  return all;
}

void OnlyElements(xml_node parent) {
  for (xml_node child : Elements(parent)) {
    if (child.type() == pugi::node_element)
      OnlyElements(child);
    else
      parent.remove_child(child);
  }
}

// Resources and templates in an element, itself among them.
void CollectResources(xml_node element, std::set<std::string>& ids) {
  if (IsResource(element)) ids.insert(element.attribute("id").value());
  for (const xml_node child : element.children()) {
    if (IsResource(child)) CollectResources(child, ids);
  }
}

// The names of the resources that an attribute of a constraint, a level or a primitive speaks of.
bool Names(xml_node element, const std::set<std::string>& ids) {
  for (const char* attribute : {"rsc", "with-rsc", "first", "then", "template", "reference"}) {
    if (element.attribute(attribute) && ids.contains(element.attribute(attribute).value())) return true;
  }
  if (Tag(element) == "resource_ref" && ids.contains(element.attribute("id").value())) return true;
  if (Tag(element) != "fencing-level") return false;
  const std::string devices = element.attribute("devices").value();
  for (std::size_t at = 0; at <= devices.size();) {
    const std::size_t end = std::min(devices.find(',', at), devices.size());
    if (ids.contains(devices.substr(at, end - at))) return true;
    at = end + 1;
  }
  return false;
}

bool NamesInside(xml_node element, const std::set<std::string>& ids) {
  if (Names(element, ids)) return true;
  const auto children = element.children();
  return std::any_of(children.begin(), children.end(), [&](xml_node child) {
    const bool of_constraint = Tag(child) == "resource_set" || Tag(child) == "resource_ref";
    return of_constraint && NamesInside(child, ids);
  });
}

}  // namespace

std::string IdOf(xml_node element) {
  return element.attribute("id").value();
}

std::string NameOf(xml_node element) {
  const std::string id = IdOf(element);
  return id.empty() ? "an element `" + std::string(element.name()) + '`' : '`' + id + '`';
}

bool IsResource(xml_node element) {
  const std::string_view tag = element.name();
  return tag == "primitive" || tag == "template" || tag == "group" || tag == "clone" || tag == "master" ||
         tag == "bundle";
}

Source::Source(const pugi::xml_document& cib) {
  document_.reset(cib);
  OnlyElements(document_);
  solver::UpgradeOldSpellings(document_);
  for (const std::string& id : import::ReferencedIds(document_)) referenced_.insert(id);
  for (xml_node set : Section("crm_config").children("cluster_property_set")) {
    std::string names;
    for (xml_node pair : Elements(set)) {
      if (Tag(pair) != "nvpair") continue;
      const std::string name = pair.attribute("name").value();
      if (import::IsState(set, pair) && !IsReferenced(pair)) {
        names += (names.empty() ? "" : ", ") + name;
        set.remove_child(pair);
      } else if (const std::string old = emit::OptionName(name, emit::Target::k21); old != name) {
        pair.attribute("name") = old.c_str();
      }
    }
    if (!names.empty()) Note("left out, since a running cluster writes them: " + names);
  }
  for (const char* name : {"remote-tls-port", "remote-clear-port"}) {
    if (const auto port = document_.document_element().attribute(name))
      Tell(std::string("`") + name + "=" + port.value() + "` of the CIB itself");
  }
}

bool Source::IsReferenced(xml_node element) const {
  return referenced_.contains(element.attribute("id").value());
}

void Source::Tell(std::string what) {
  left_out_.push_back(std::move(what));
}

void Source::LeaveOut(xml_node element, const std::string& why) {
  Tell(NameOf(element) + ' ' + why);
  const std::string cause = NameOf(element);
  std::set<std::string> gone;
  DropAsCause(element, cause, gone);
  Forget(gone, cause);
  ForgetUses();
}

// What stands elsewhere, where that is not there any more: blocks, pairs, rules and sets that are used again.
void Source::ForgetUses() {
  std::set<std::string> ids;
  const auto collect = [&](auto&& self, xml_node element) -> void {
    ids.insert(element.attribute("id").value());
    for (const xml_node child : element.children()) self(self, child);
  };
  collect(collect, configuration());
  const auto forget = [&](auto&& self, xml_node element, const std::string& owner) -> void {
    for (const xml_node child : Elements(element)) {
      const bool names_it = IsResource(child) || Tag(element.parent()) == "configuration";
      const std::string name = names_it ? NameOf(child) : owner;
      if (!child.attribute("id-ref") || ids.contains(child.attribute("id-ref").value())) {
        self(self, child, name);
        continue;
      }
      Tell("of " + name + ": what stands in `" + child.attribute("id-ref").value() + "`, which is left out");
      const bool whole = Tag(child) == "resource_set" || (Tag(child) == "rule" && Tag(element) == "rsc_location");
      if (!whole) {
        element.remove_child(child);
        continue;
      }
      element.parent().remove_child(element);
      return;
    }
  };
  forget(forget, configuration(), "");
}

// Removes an element; what is nothing without it goes too.
void Source::DropAsCause(xml_node element, const std::string& cause, std::set<std::string>& gone) {
  CollectResources(element, gone);
  if (Tag(element) == "acl_role") gone.insert(element.attribute("id").value());
  const xml_node parent = element.parent();
  const bool empty_without =
      Tag(parent) == "clone" || Tag(parent) == "master" ||
      (Tag(parent) == "group" && parent.first_child() &&
       std::distance(parent.children("primitive").begin(), parent.children("primitive").end()) == 1);
  if (IsResource(element) && empty_without) {
    Tell(NameOf(parent) + " holds " + cause + ", which is left out");
    return DropAsCause(parent, cause, gone);
  }
  xml_node(parent).remove_child(element);
}

// What speaks of something that is not there any more.
void Source::Forget(const std::set<std::string>& ids, const std::string& cause) {
  if (ids.empty()) return;
  std::vector<std::pair<std::string, std::set<std::string>>> more;
  for (const char* section : {"constraints", "fencing-topology"}) {
    for (const xml_node element : Elements(Section(section))) {
      if (!NamesInside(element, ids)) continue;
      Tell(NameOf(element) + " is about " + cause + ", which is left out");
      Section(section).remove_child(element);
    }
  }
  for (xml_node tag : Elements(Section("tags"))) {
    for (const xml_node reference : Elements(tag)) {
      if (!ids.contains(reference.attribute("id").value())) continue;
      Tell("the tag " + NameOf(tag) + " is about " + cause + ", which is left out");
      tag.remove_child(reference);
    }
    if (!tag.first_child()) Section("tags").remove_child(tag);
  }
  for (xml_node one : Elements(Section("acls"))) {
    for (const xml_node part : Elements(one)) {
      const bool role = Tag(part) == "role" && ids.contains(part.attribute("id").value());
      if (!role && !Names(part, ids)) continue;
      Tell("of " + NameOf(one) + ": what is about " + cause + ", which is left out");
      one.remove_child(part);
    }
  }
  const auto users = [&](auto&& self, xml_node parent) -> void {
    for (const xml_node element : Elements(parent)) {
      if (!IsResource(element)) continue;
      if (Tag(element) == "primitive" && Names(element, ids)) {
        Tell(NameOf(element) + " is made from " + cause + ", which is left out");
        const std::string name = NameOf(element);
        more.emplace_back(name, std::set<std::string>());
        return DropAsCause(element, name, more.back().second);
      }
      self(self, element);
    }
  };
  users(users, Section("resources"));
  for (const auto& [name, gone] : more) Forget(gone, name);
}

bool Source::LeaveOutText(xml_node root, bool (*fits)(std::string_view text), const std::string& why) {
  bool any = false;
  const auto description = [&](xml_node element) {
    if (fits(element.attribute("description").value())) return;
    Tell("the description of " + NameOf(element) + ' ' + why);
    any = element.remove_attribute("description");
  };
  const auto walk = [&](auto&& self, xml_node element, const std::string& owner) -> void {
    const bool names_it = IsResource(element) || Tag(element.parent().parent()) == "configuration";
    const std::string name = names_it ? NameOf(element) : owner;
    description(element);
    for (const xml_node child : Elements(element)) {
      if (Tag(child) == "nvpair" && !fits(child.attribute("value").value())) {
        Tell(std::string("the value of `") + child.attribute("name").value() + "` in " + name + ' ' + why);
        any = element.remove_child(child);
      } else {
        self(self, child, name);
      }
    }
  };
  walk(walk, root, "");
  return any;
}

}  // namespace picket::compiler::exporting
