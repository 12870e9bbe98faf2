#include "runtime/deploy/change_list.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "runtime/deploy/align.h"
#include "runtime/deploy/object_key.h"
#include "runtime/deploy/patch.h"

namespace picket::runtime {
namespace {

using pugi::xml_attribute;
using pugi::xml_document;
using pugi::xml_node;

std::string_view Value(xml_node node, const char* name) {
  return node.attribute(name).value();
}

std::string AboutOf(xml_node object) {
  const std::string_view tag = object.name();
  if (tag == "primitive" || tag == "template") {
    if (const xml_attribute from = object.attribute("template")) return "@" + std::string(from.value());
    std::string agent(Value(object, "class"));
    if (!Value(object, "provider").empty()) agent += ":" + std::string(Value(object, "provider"));
    return agent + ":" + std::string(Value(object, "type"));
  }
  std::string about;
  for (const xml_attribute attribute : object.attributes()) {
    if (std::string_view(attribute.name()) == "id" || std::string_view(attribute.name()) == "uname") continue;
    about += (about.empty() ? "" : " ") + std::string(attribute.name()) + "=" + attribute.value();
  }
  return about;
}

using Keys = std::set<std::string>;

bool IsHidden(xml_node pair, const Keys& secret) {
  return MayBeSecret(Value(pair, "name"), Value(pair, "value")) || secret.contains(KeyOf(pair));
}

// An element in a few words: its value, or its attributes and those of what it holds.
std::string Summary(xml_node element, const Keys& secret) {
  if (std::string_view(element.name()) == "nvpair")
    return IsHidden(element, secret) ? kHidden : std::string(Value(element, "value"));
  std::string text;
  for (const xml_attribute attribute : element.attributes()) {
    if (std::string_view(attribute.name()) == "id" && std::string_view(element.name()) != "resource_ref" &&
        std::string_view(element.name()) != "obj_ref") {
      continue;
    }
    text += (text.empty() ? "" : " ") + std::string(attribute.name()) + "=" + attribute.value();
  }
  for (const xml_node child : element.children()) {
    const std::string inner = Summary(child, secret);
    text += (text.empty() ? "" : " ") + std::string("(") + (inner.empty() ? child.name() : inner) + ")";
  }
  return text.empty() ? element.name() : text;
}

void AddResources(xml_node element, std::set<std::string>& keys) {
  for (const xml_node child : element.children()) {
    if (!IsResource(child)) continue;
    keys.insert(KeyOf(child));
    AddResources(child, keys);
  }
}

class Lister {
 public:
  Lister(const xml_document& before, const xml_document& after, const Keys& secret) : secret_(secret) {
    AddResources(before.document_element().child("configuration").child("resources"), old_resources_);
    AddResources(after.document_element().child("configuration").child("resources"), new_resources_);
  }

  void Take(const Edit& edit) {
    if (InMarker(edit.before ? edit.before : edit.after)) return;
    switch (edit.kind) {
      case Edit::Kind::kDelete:
        return Gone(edit.before);
      case Edit::Kind::kCreate:
        return Come(edit.after);
      case Edit::Kind::kMove:
        return Of(edit.after)
            .details.push_back(
                {PartOf(edit.after) + "order", "elsewhere", "place " + std::to_string(edit.position + 1), ""});
      case Edit::Kind::kModify:
        return Modified(edit);
    }
  }

  std::vector<Change> changes;

 private:
  static bool InMarker(xml_node element) {
    for (; element; element = element.parent()) {
      if (std::string_view(element.name()) == "cluster_property_set" && Value(element, "id") == kMarkerId) return true;
    }
    return false;
  }

  // What stands before the part's own words: `instance_attributes/`.
  static std::string PartOf(xml_node element) {
    const std::string object = KeyOf(ObjectOf(element)), key = KeyOf(element);
    return key.size() > object.size() ? key.substr(object.size() + 1) + " " : "";
  }

  Change& Of(xml_node element, Change::Kind kind = Change::Kind::kChanged) {
    const xml_node object = ObjectOf(element);
    const std::string key = KeyOf(object);
    const auto known = index_.find(key);
    if (known != index_.end()) return changes[known->second];
    index_[key] = changes.size();
    changes.push_back(
        {kind, key, kind == Change::Kind::kChanged ? "" : AboutOf(object), object.attribute("id").value(), {}});
    return changes.back();
  }

  static bool IsSection(xml_node element) { return std::string_view(element.parent().name()) == "configuration"; }

  void Gone(xml_node element) {
    if (IsSection(element)) {
      for (const xml_node child : element.children()) Gone(child);
      return;
    }
    if (!IsObject(element)) return Parts(element, true);
    if (!IsResource(element) || !new_resources_.contains(KeyOf(element))) Of(element, Change::Kind::kRemoved);
    for (const xml_node child : element.children()) {
      if (IsResource(child)) Gone(child);
    }
  }

  void Come(xml_node element) {
    if (IsSection(element)) {
      for (const xml_node child : element.children()) Come(child);
      return;
    }
    if (!IsObject(element)) return Parts(element, false);
    if (IsResource(element) && old_resources_.contains(KeyOf(element))) {
      const xml_node parent = element.parent();
      Of(element).details.push_back(
          {"place", "elsewhere", IsResource(parent) ? "in " + KeyOf(parent) : "by itself", ""});
    } else {
      Of(element, Change::Kind::kAdded);
    }
    for (const xml_node child : element.children()) {
      if (IsResource(child)) Come(child);
    }
  }

  // A part that comes or goes; blocks are told pair by pair.
  void Parts(xml_node element, bool goes) {
    const bool holder = IsBlock(element) || std::string_view(element.name()) == "operations";
    if (holder && element.first_child()) {
      for (const xml_node child : element.children()) Parts(child, goes);
      return;
    }
    const std::string key = KeyOf(element), object = KeyOf(ObjectOf(element));
    const std::string text = Summary(element, secret_);
    Detail detail{key.substr(std::min(key.size(), object.size() + 1)), goes ? text : "", goes ? "" : text,
                  element.attribute("id").value()};
    Of(element).details.push_back(std::move(detail));
  }

  void Modified(const Edit& edit) {
    if (std::string_view(edit.after.name()) == "nvpair") {
      const std::string key = KeyOf(edit.after), object = KeyOf(ObjectOf(edit.after));
      // The old value is as secret as the new one.
      const bool hidden = IsHidden(edit.after, secret_);
      Of(edit.after)
          .details.push_back({key.substr(object.size() + 1), hidden ? kHidden : Summary(edit.before, secret_),
                              hidden ? kHidden : Summary(edit.after, secret_), edit.after.attribute("id").value()});
      return;
    }
    std::set<std::string> names;
    for (const xml_attribute attribute : edit.before.attributes()) names.insert(attribute.name());
    for (const xml_attribute attribute : edit.after.attributes()) names.insert(attribute.name());
    for (const std::string& name : names) {
      const std::string_view old = Value(edit.before, name.c_str()), fresh = Value(edit.after, name.c_str());
      if (old == fresh) continue;
      Of(edit.after)
          .details.push_back(
              {PartOf(edit.after) + name, std::string(old), std::string(fresh), edit.after.attribute("id").value()});
    }
  }

  const Keys& secret_;
  std::set<std::string> old_resources_, new_resources_;
  std::map<std::string, size_t> index_;
};

}  // namespace

bool MayBeSecret(std::string_view name, std::string_view value) {
  if (IsSecretPlaceholder(value)) return true;
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  static constexpr std::array<std::string_view, 6> kWords = {"passw",      "secret",  "token",
                                                             "passphrase", "private", "login_key"};
  // The name of a file or a script with the password is no secret.
  if (lower.ends_with("_script") || lower.ends_with("_file")) return false;
  return lower == "pass" || lower == "pw" || std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
           return lower.find(word) != std::string::npos;
         });
}

std::vector<Change> ChangesBetween(const xml_document& before, const xml_document& after, const Keys& secret) {
  Lister lister(before, after, secret);
  for (const Edit& edit : EditsBetween(before, after)) lister.Take(edit);
  std::stable_sort(lister.changes.begin(), lister.changes.end(), [](const Change& a, const Change& b) {
    return (a.kind == Change::Kind::kRemoved) > (b.kind == Change::Kind::kRemoved);
  });
  return std::move(lister.changes);
}

std::string ChangesText(const std::vector<Change>& changes) {
  std::string text;
  for (const Change& change : changes) {
    text += std::string(1, "+~-"[static_cast<size_t>(change.kind)]) + " " + change.object +
            (change.about.empty() ? "" : " (" + change.about + ")") + "\n";
    for (const Detail& detail : change.details) {
      text += "    " + detail.part + ": " + (detail.before.empty() ? "nothing" : detail.before) + " -> " +
              (detail.after.empty() ? "nothing" : detail.after) + "\n";
    }
  }
  return text;
}

}  // namespace picket::runtime
