#include "runtime/deploy/align.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "compiler/import/normal_form.h"
#include "runtime/deploy/object_key.h"
#include "solver/cib/values.h"

namespace picket::runtime {
namespace {

using compiler::import::NormalElement;
using compiler::import::NormalForm;
using pugi::xml_attribute;
using pugi::xml_document;
using pugi::xml_node;

std::string_view Value(xml_node node, const char* name) {
  return node.attribute(name).value();
}
std::string_view Tag(xml_node node) {
  return node.name();
}

template <size_t N>
bool Among(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Elements whose children are a list in which order counts.
constexpr std::array<std::string_view, 3> kOrderedParents = {"group", "resource_set", "resources"};
// Elements that are told apart by their id alone.
constexpr std::array<std::string_view, 5> kById = {"resource_ref", "obj_ref", "role", "fencing-level", "acl_role"};
// Elements of which a parent has one.
constexpr std::array<std::string_view, 8> kSingle = {"operations", "docker",  "podman", "rkt",
                                                     "network",    "storage", "select", "content"};

xml_node ConfigurationOf(const xml_document& document) {
  return document.document_element().child("configuration");
}

// The normal form of one element as if it stood alone.
std::string NormalText(xml_node element) {
  xml_document document;
  xml_node section = document.append_child("cib").append_child("configuration").append_child("constraints");
  section.append_copy(element);
  std::string text;
  for (const NormalElement& normal : NormalForm(document)) text += normal.text;
  return text;
}

// The element without what it holds, with one attribute changed; a null value takes the attribute away.
std::string NormalHead(xml_node element, const char* name, const char* value) {
  xml_document document;
  xml_node section = document.append_child("cib").append_child("configuration").append_child("constraints");
  xml_node copy = section.append_child(element.name());
  for (const xml_attribute attribute : element.attributes())
    copy.append_attribute(attribute.name()).set_value(attribute.value());
  // An order without sets has defaults that one with sets has not.
  if (element.child("resource_set")) copy.append_child("resource_set");
  copy.remove_attribute(name);
  if (value) copy.append_attribute(name).set_value(value);
  std::string text;
  for (const NormalElement& normal : NormalForm(document)) text += normal.text;
  return text;
}

bool IsSpellingOnly(xml_node element, const char* name, const char* before, const char* after) {
  static constexpr std::array<std::string_view, 4> kTimes = {"interval", "timeout", "start-delay", "interval-origin"};
  if (before && after && Among(name, kTimes)) {
    const auto old_ms = solver::ParseDuration(before), new_ms = solver::ParseDuration(after);
    if (old_ms && old_ms == new_ms) return true;
  }
  // The score and the role of a rule within a block, or within a rule, say nothing.
  static constexpr std::array<std::string_view, 2> kOfRules = {"score", "role"};
  const xml_node parent = element.parent();
  if (Tag(element) == "rule" && Among(name, kOfRules) && (IsBlock(parent) || Tag(parent) == "rule")) return true;
  return NormalHead(element, name, before) == NormalHead(element, name, after);
}

// The normal forms of the elements of a document, by element.
class Normals {
 public:
  explicit Normals(const xml_document& document) {
    std::map<std::pair<std::string, size_t>, std::string> texts;
    for (NormalElement& normal : NormalForm(document)) texts[{std::move(normal.section), normal.index}] += normal.text;
    for (const xml_node section : ConfigurationOf(document).children()) {
      size_t index = 0;
      for (const xml_node child : section.children()) {
        if (child.type() != pugi::node_element) continue;
        const auto found = texts.find({section.name(), index++});
        if (found != texts.end()) texts_[child.hash_value()] = std::move(found->second);
      }
    }
  }
  const std::string& Of(xml_node element) const {
    static const std::string kNone;
    const auto found = texts_.find(element.hash_value());
    return found == texts_.end() ? kNone : found->second;
  }

 private:
  std::unordered_map<size_t, std::string> texts_;
};

// What a constraint says whatever its name is.
std::string WithoutOwnId(const std::string& normal) {
  const size_t end = normal.find('>');
  const size_t at = normal.find(" id=\"");
  if (at == std::string::npos || at > end) return normal;
  return normal.substr(0, at) + normal.substr(normal.find('"', at + 5) + 1);
}

bool IsResourceName(xml_node element) {
  static constexpr std::array<std::string_view, 6> kNames = {"primitive", "group",  "clone",
                                                             "master",    "bundle", "template"};
  return Among(Tag(element), kNames);
}

class Aligner {
 public:
  Aligner(const xml_document& declared, const xml_document& live, const AlignOptions& options, Alignment& alignment)
      : declared_(declared), options_(options), result_(alignment), declared_normals_(declared), live_normals_(live) {
    result_.target.reset(live);
    result_.target.document_element().remove_child("status");
    Pair(ConfigurationOf(live), Configuration());
    for (const xml_node section : Configuration().children()) Index(section);
  }

  void Run() {
    for (const xml_node section : ConfigurationOf(declared_).children()) Section(section);
    for (const xml_node section : Configuration().children()) DropUndeclared(section);
    LookAtReferences();
    Rename();
    for (const xml_node section : Configuration().children()) Tell(section);
  }

 private:
  xml_node Configuration() const { return ConfigurationOf(result_.target); }

  // Live elements and their copies in the target.
  void Pair(xml_node live, xml_node copy) {
    xml_node one = live.first_child(), other = copy.first_child();
    for (; one && other; one = one.next_sibling(), other = other.next_sibling()) {
      xml_node inner = one.first_child(), inner_copy = other.first_child();
      for (; inner && inner_copy; inner = inner.next_sibling(), inner_copy = inner_copy.next_sibling())
        normal_of_[inner_copy.hash_value()] = &live_normals_.Of(inner);
    }
  }

  void Index(xml_node element) {
    for (const xml_node child : element.children()) {
      if (const std::string_view id = Value(child, "id"); !id.empty()) ids_.insert(std::string(id));
      if (IsResource(child)) resources_[std::string(Value(child, "id"))] = child;
      Index(child);
    }
  }

  // --- sections

  void Section(xml_node declared) {
    xml_node target = Configuration().child(declared.name());
    if (!target) {
      if (!declared.first_child()) return;
      target = Configuration().append_child(declared.name());
    }
    if (IsObject(declared)) return MergeChildren(target, declared);
    if (Tag(declared) == "nodes") return Nodes(target, declared);
    if (Tag(declared) == "resources") return Resources(target, declared);
    Objects(target, declared);
  }

  void Nodes(xml_node target, xml_node declared) {
    std::unordered_map<std::string, xml_node> by_name;
    for (const xml_node node : target.children("node")) by_name[std::string(Value(node, "uname"))] = node;
    for (const xml_node node : declared.children("node")) {
      const auto found = by_name.find(std::string(Value(node, "uname")));
      if (found == by_name.end()) {
        result_.absent_nodes.emplace_back(Value(node, "uname"));
      } else if (!IsSame(found->second, node)) {
        MergeChildren(found->second, node);
      }
    }
  }

  void Objects(xml_node target, xml_node declared) {
    std::unordered_map<std::string, xml_node> by_name;
    std::multimap<std::string, xml_node> by_content;
    const auto name_of = [](xml_node object) {
      return std::string(Tag(object)) + " " + std::string(Value(object, "id"));
    };
    std::unordered_set<std::string> declared_names;
    for (const xml_node object : declared.children()) declared_names.insert(name_of(object));
    for (const xml_node object : target.children()) {
      by_name[name_of(object)] = object;
      const auto normal = normal_of_.find(object.hash_value());
      if (normal != normal_of_.end() && !declared_names.contains(name_of(object)))
        by_content.emplace(WithoutOwnId(*normal->second), object);
    }
    for (const xml_node object : declared.children()) {
      xml_node found;
      if (const auto named = by_name.find(name_of(object)); named != by_name.end()) {
        found = named->second;
      } else if (const auto same = by_content.find(WithoutOwnId(declared_normals_.Of(object)));
                 same != by_content.end()) {
        found = same->second;  // The same under another name, which it keeps.
        by_content.erase(same);
        result_.renamed.push_back(KeyOf(found));
      }
      if (!found) {
        kept_.insert(Copy(target, object, target.last_child()).hash_value());
        continue;
      }
      kept_.insert(found.hash_value());
      if (!IsSame(found, object)) MergeElement(found, object);
    }
  }

  bool IsSame(xml_node target, xml_node declared) const {
    const auto normal = normal_of_.find(target.hash_value());
    return normal != normal_of_.end() && !normal->second->empty() && *normal->second == declared_normals_.Of(declared);
  }

  // --- resources

  void Resources(xml_node target, xml_node declared) {
    xml_node previous;
    for (const xml_node resource : declared.children()) previous = Resource(target, resource, previous);
  }

  // The resource at its place below `parent`, behind `previous` if it has to be put there.
  xml_node Resource(xml_node parent, xml_node declared, xml_node previous) {
    const std::string id(Value(declared, "id"));
    KeepResource(declared);
    const auto found = resources_.find(id);
    xml_node target = found == resources_.end() ? xml_node() : found->second;
    if (!target) return Make(parent, declared, previous);
    const bool same = target.parent() == parent && IsSame(target, declared);
    if (target.parent() != parent) {
      target = previous                  ? parent.insert_move_after(target, previous)
               : FirstResourceIn(parent) ? parent.insert_move_before(target, FirstResourceIn(parent))
                                         : parent.append_move(target);
    } else if (previous && !Follows(target, previous)) {
      target = parent.insert_move_after(target, previous);
    }
    if (same) return target;
    if (Tag(target) != Tag(declared)) {
      // Another kind of resource under the same name: nothing of the old one is worth keeping but what it
      // holds.
      return Replace(target, declared);
    }
    MergeElement(target, declared);
    return target;
  }

  void KeepResource(xml_node declared) {
    if (IsResourceName(declared)) declared_resources_.insert(std::string(Value(declared, "id")));
    for (const xml_node child : declared.children()) {
      if (IsResourceName(child)) KeepResource(child);
    }
  }

  static xml_node FirstResourceIn(xml_node parent) {
    for (const xml_node child : parent.children()) {
      if (IsResourceName(child)) return child;
    }
    return {};
  }

  static bool Follows(xml_node node, xml_node earlier) {
    for (xml_node next = earlier.next_sibling(); next; next = next.next_sibling()) {
      if (next == node) return true;
    }
    return false;
  }

  xml_node Replace(xml_node target, xml_node declared) {
    xml_node parent = target.parent();
    xml_node fresh = parent.insert_child_before(declared.name(), target);
    for (const xml_attribute attribute : declared.attributes())
      fresh.append_attribute(attribute.name()).set_value(attribute.value());
    resources_[std::string(Value(declared, "id"))] = fresh;
    MergeChildren(fresh, declared);
    for (xml_node child = target.first_child(); child;) {
      const xml_node next = child.next_sibling();
      if (IsResourceName(child)) parent.insert_move_after(child, fresh);  // DropUndeclared() looks at it.
      child = next;
    }
    parent.remove_child(target);
    return fresh;
  }

  // --- elements

  void MergeElement(xml_node target, xml_node declared) {
    MergeAttributes(target, declared);
    MergeChildren(target, declared);
  }

  void MergeAttributes(xml_node target, xml_node declared) {
    for (const xml_attribute attribute : declared.attributes()) {
      const std::string_view name = attribute.name();
      if (name == "id") {
        NoteId(declared, target);
        continue;
      }
      xml_attribute old = target.attribute(attribute.name());
      if (old && std::string_view(old.value()) == attribute.value()) continue;
      if (name == "value" && IsSecretPlaceholder(attribute.value()) && old) {
        result_.unread_secrets.push_back(KeyOf(target));
        continue;
      }
      // A pair keeps the name that an option had when it was written.
      if (name == "name" && Tag(target) == "nvpair" && old) continue;
      if (IsSpellingOnly(target, attribute.name(), old ? old.value() : nullptr, attribute.value())) continue;
      if (!old) old = target.append_attribute(attribute.name());
      old.set_value(attribute.value());
    }
    std::vector<std::string> surplus;
    for (const xml_attribute attribute : target.attributes()) {
      const std::string_view name = attribute.name();
      if (name == "id" || name == "description" || declared.attribute(attribute.name())) continue;
      if (!IsSpellingOnly(target, attribute.name(), attribute.value(), nullptr)) surplus.emplace_back(name);
    }
    for (const std::string& name : surplus) target.remove_attribute(name.c_str());
  }

  // The declared id of an inner element stands for that of its counterpart.
  void NoteId(xml_node declared, xml_node target) {
    const std::string wanted(Value(declared, "id")), has(Value(target, "id"));
    if (wanted != has && !has.empty()) renamed_[wanted] = has;
  }

  void MergeChildren(xml_node target, xml_node declared) {
    std::unordered_set<size_t> taken;
    const bool ordered = Among(Tag(declared), kOrderedParents);
    xml_node previous, previous_resource;
    for (const xml_node child : declared.children()) {
      if (child.type() != pugi::node_element) continue;
      if (IsResource(child)) {
        previous_resource = Resource(target, child, previous_resource);
        continue;
      }
      xml_node found = IsClustersOwn(child) ? xml_node() : Counterpart(target, child, taken);
      if (IsClustersOwn(child)) continue;
      if (found) {
        taken.insert(found.hash_value());
        if (!SameText(found, child)) MergeElement(found, child);
        if (ordered && previous && !Follows(found, previous)) found = target.insert_move_after(found, previous);
      } else {
        found = Copy(target, child, PlaceFor(target, child, previous));
        taken.insert(found.hash_value());
      }
      previous = found;
    }
    DropChildren(target, taken);
  }

  static bool SameText(xml_node target, xml_node declared) {
    return !target.first_child() && !declared.first_child() && NormalText(target) == NormalText(declared) &&
           Value(target, "id") == Value(declared, "id");
  }

  // Blocks of one kind stay together; resources come last.
  static xml_node PlaceFor(xml_node target, xml_node child, xml_node previous) {
    if (previous && previous.parent() == target) return previous;
    xml_node last;
    for (const xml_node sibling : target.children()) {
      if (IsResourceName(sibling) && !IsResourceName(child)) break;
      last = sibling;
    }
    return last;
  }

  // The element below `target` that says what the declared one is about, and is not taken yet.
  xml_node Counterpart(xml_node target, xml_node declared, const std::unordered_set<size_t>& taken) const {
    const std::string_view tag = Tag(declared), id = Value(declared, "id");
    std::vector<xml_node> candidates;
    for (const xml_node child : target.children(declared.name())) {
      if (!taken.contains(child.hash_value())) candidates.push_back(child);
    }
    const auto first = [&](const auto& is) {
      const auto found = std::find_if(candidates.begin(), candidates.end(), is);
      return found == candidates.end() ? xml_node() : *found;
    };
    if (Among(tag, kSingle)) return first([](xml_node) { return true; });
    if (Among(tag, kById)) return first([&](xml_node child) { return Value(child, "id") == id; });
    if (tag == "op") return Operation(declared, first, candidates);
    if (tag == "nvpair" || tag == "recipient" || tag == "attribute") {
      const std::string key = KeyOf(declared);
      const std::string part = key.substr(key.rfind('/'));
      return first([&](xml_node child) { return KeyOf(child).ends_with(part); });
    }
    if (const xml_node same_id = first([&](xml_node child) { return !id.empty() && Value(child, "id") == id; })) {
      return same_id;
    }
    if (IsBlock(declared)) return Block(declared, first);
    const std::string normal = NormalText(declared);
    if (const xml_node same = first([&](xml_node child) { return NormalText(child) == normal; })) return same;
    if (tag == "acl_permission") return {};
    return first([](xml_node) { return true; });
  }

  template <class First>
  static xml_node Operation(xml_node declared, const First& first, const std::vector<xml_node>& candidates) {
    const std::string key = KeyOf(declared);
    const std::string part = key.substr(key.rfind('/'));
    if (const xml_node same = first([&](xml_node op) { return KeyOf(op).ends_with(part); })) return same;
    // The only one of its name is the one whose interval is changed.
    const auto of_name = [&](xml_node op) { return Value(op, "name") == Value(declared, "name"); };
    const auto siblings = declared.parent().children("op");
    const bool alone = std::count_if(candidates.begin(), candidates.end(), of_name) == 1 &&
                       std::count_if(siblings.begin(), siblings.end(), of_name) == 1;
    return alone ? first(of_name) : xml_node();
  }

  // A block without rules stands for one without rules, one with a rule for one with the same rule.
  template <class First>
  static xml_node Block(xml_node declared, const First& first) {
    // As the rule of a block, whose score says nothing.
    const auto rule_of = [](xml_node block) {
      xml_document alone;
      xml_node copy = alone.append_child(block.name());
      for (const xml_node rule : block.children("rule")) copy.append_copy(rule);
      xml_node pair = copy.append_child("nvpair");
      pair.append_attribute("name").set_value("x");
      pair.append_attribute("value").set_value("x");
      return std::string(Value(block, "id-ref")) + NormalText(copy);
    };
    const std::string rule = rule_of(declared);
    return first([&](xml_node block) { return rule_of(block) == rule; });
  }

  // What is live below an element and is not declared there.
  void DropChildren(xml_node target, const std::unordered_set<size_t>& taken) {
    std::vector<xml_node> surplus;
    for (const xml_node child : target.children()) {
      if (!taken.contains(child.hash_value()) && !IsResource(child)) surplus.push_back(child);
    }
    for (const xml_node child : surplus) Drop(child);
  }

  // Removes what may be removed of an element that is not declared. True if nothing of it is left.
  bool Drop(xml_node element) {
    if (IsClustersOwn(element)) return false;
    // What holds nothing but parts goes with the last of them; an empty one means nothing and may stay.
    const bool holder = IsBlock(element) || Tag(element) == "operations";
    if (holder && !element.attribute("id-ref")) {
      std::vector<xml_node> children;
      for (const xml_node child : element.children()) {
        if (IsOwnable(child)) children.push_back(child);
      }
      if (children.empty()) return false;
      bool all = true;
      for (const xml_node child : children) all = Drop(child) && all;
      // A rule without anything to decide about goes along.
      if (!all || element.child("nvpair") || element.child("op")) return false;
      element.parent().remove_child(element);
      return true;
    }
    if (IsOwnable(element) && !MayGo(element)) return false;
    element.parent().remove_child(element);
    return true;
  }

  bool MayGo(xml_node element) const { return options_.own_all || options_.owned.contains(KeyOf(element)); }

  // Objects that are not declared, once everything declared is in its place.
  void DropUndeclared(xml_node section) {
    if (Tag(section) == "nodes") return UndeclaredNodes(section);
    const bool declared = static_cast<bool>(ConfigurationOf(declared_).child(section.name()));
    if (IsObject(section)) {
      if (!declared) DropChildren(section, {});
      return;
    }
    std::vector<xml_node> objects;
    for (const xml_node object : section.children()) objects.push_back(object);
    for (const xml_node object : objects) {
      if (Tag(section) == "resources") {
        DropResource(object);
      } else if (!kept_.contains(object.hash_value()) && MayGo(object)) {
        section.remove_child(object);
      }
    }
  }

  // Pairs of ours at nodes that the policy has no longer.
  void UndeclaredNodes(xml_node section) {
    const xml_node declared = ConfigurationOf(declared_).child("nodes");
    for (const xml_node node : section.children("node")) {
      if (!declared.find_child_by_attribute("node", "uname", node.attribute("uname").value())) DropChildren(node, {});
    }
  }

  void DropResource(xml_node resource) {
    std::vector<xml_node> members;
    for (const xml_node child : resource.children()) {
      if (IsResourceName(child)) members.push_back(child);
    }
    const std::string id(Value(resource, "id"));
    const bool held = !members.empty();
    for (const xml_node member : members) DropResource(member);
    if (declared_resources_.contains(id)) return;
    bool empty = held;
    for (const xml_node child : resource.children()) empty = empty && !IsResourceName(child);
    if (MayGo(resource)) {
      // Members that somebody else put there stay, beside it.
      xml_node after = resource;
      std::vector<xml_node> strangers;
      for (const xml_node child : resource.children()) {
        if (IsResourceName(child)) strangers.push_back(child);
      }
      for (const xml_node stranger : strangers) after = resource.parent().insert_move_after(stranger, after);
      resource.parent().remove_child(resource);
      dropped_.insert(id);
    } else if (empty || (!held && IsHollow(resource))) {
      result_.objections.push_back(
          {id, "`" + id + "` is not Picket's and would become empty: remove it by hand, declare it, or use --own-all"});
    }
  }

  static bool IsHollow(xml_node resource) {
    return Tag(resource) == "group" || Tag(resource) == "clone" || Tag(resource) == "master";
  }

  // --- afterwards

  // What is kept must not speak of what goes.
  void LookAtReferences() {
    if (dropped_.empty()) return;
    for (const char* name : {"constraints", "tags"}) {
      for (const xml_node object : Configuration().child(name).children()) {
        const std::string about = ReferenceTo(object);
        if (about.empty()) continue;
        const std::string id(Value(object, "id"));
        result_.objections.push_back({id, "`" + id + "` is not Picket's and refers to `" + about +
                                              "`, which would be removed: remove `" + id +
                                              "` by hand, or use --own-all"});
      }
    }
  }

  std::string ReferenceTo(xml_node element) const {
    for (const char* name : {"rsc", "with-rsc", "first", "then"}) {
      const std::string id(Value(element, name));
      if (dropped_.contains(id)) return id;
    }
    const bool reference = Tag(element) == "resource_ref" || Tag(element) == "obj_ref";
    if (reference && dropped_.contains(std::string(Value(element, "id")))) return std::string(Value(element, "id"));
    for (const xml_node child : element.children()) {
      if (std::string about = ReferenceTo(child); !about.empty()) return about;
    }
    return {};
  }

  // References to inner elements follow those into their counterparts.
  void Rename() {
    if (renamed_.empty()) return;
    for (const xml_node section : Configuration().children()) RenameIn(section);
  }
  void RenameIn(xml_node element) {
    for (const char* name : {"id-ref", "reference"}) {
      xml_attribute reference = element.attribute(name);
      if (!reference) continue;
      const auto found = renamed_.find(reference.value());
      if (found != renamed_.end() && !ids_.contains(found->first)) reference.set_value(found->second.c_str());
    }
    for (const xml_node child : element.children()) RenameIn(child);
  }

  // A copy of what is declared behind `after`, with ids that nothing else has.
  xml_node Copy(xml_node parent, xml_node declared, xml_node after) {
    const xml_node copy = after ? parent.insert_copy_after(declared, after) : parent.prepend_copy(declared);
    TakeIds(copy);
    return copy;
  }

  // A new resource may hold one that is there already: it is made step by step.
  xml_node Make(xml_node parent, xml_node declared, xml_node previous) {
    const xml_node first = FirstResourceIn(parent);
    xml_node made = previous ? parent.insert_child_after(declared.name(), previous)
                    : first  ? parent.insert_child_before(declared.name(), first)
                             : parent.append_child(declared.name());
    for (const xml_attribute attribute : declared.attributes())
      made.append_attribute(attribute.name()).set_value(attribute.value());
    ids_.insert(std::string(Value(made, "id")));
    resources_[std::string(Value(made, "id"))] = made;
    MergeChildren(made, declared);
    return made;
  }

  void TakeIds(xml_node element) {
    xml_attribute id = element.attribute("id");
    const bool refers = Tag(element) == "resource_ref" || Tag(element) == "obj_ref" || Tag(element) == "role";
    if (id && !refers && !ids_.insert(id.value()).second && !IsObject(element)) {
      const std::string wanted = id.value();
      int number = 2;
      while (!ids_.insert(wanted + "-" + std::to_string(number)).second) ++number;
      id.set_value((wanted + "-" + std::to_string(number)).c_str());
    }
    for (const xml_node child : element.children()) TakeIds(child);
  }

  // What stands beside the policy: live, not declared, kept.
  void Tell(xml_node element) {
    if (declared_keys_.empty()) declared_keys_ = DeclaredKeys(ConfigurationOf(declared_));
    for (const xml_node child : element.children()) {
      if (IsClustersOwn(child)) continue;
      const bool named = std::string_view(element.name()) == "nodes" || kept_.contains(child.hash_value());
      if (IsOwnable(child) && !named && !declared_keys_.contains(KeyOf(child))) {
        result_.beside.push_back(KeyOf(child));
        if (!IsResourceName(child)) continue;  // What it holds goes without saying.
        for (const xml_node inner : child.children()) {
          if (IsResourceName(inner)) Tell(child);
          if (IsResourceName(inner)) break;
        }
        continue;
      }
      // The same under another name: it is declared as a whole.
      if (kept_.contains(child.hash_value()) && !declared_keys_.contains(KeyOf(child))) continue;
      Tell(child);
    }
  }

  const xml_document& declared_;
  const AlignOptions& options_;
  Alignment& result_;
  Normals declared_normals_, live_normals_;
  std::unordered_map<size_t, const std::string*> normal_of_;  // of the target's elements, as they are live
  std::unordered_map<std::string, xml_node> resources_;       // the target's
  std::unordered_set<std::string> ids_;                       // the target's
  std::unordered_set<std::string> declared_resources_;
  std::unordered_set<size_t> kept_;  // the target's objects outside `resources` that are declared
  std::unordered_set<std::string> dropped_;
  std::map<std::string, std::string> renamed_;
  std::set<std::string> declared_keys_;
};

}  // namespace

bool IsSecretPlaceholder(std::string_view value) {
  return value.starts_with("secret(") && value.ends_with(')');
}

bool MeanTheSame(const xml_document& a, const xml_document& b) {
  return NormalForm(a) == NormalForm(b);
}

Alignment Align(const xml_document& declared, const xml_document& live, const AlignOptions& options) {
  Alignment alignment;
  Aligner(declared, live, options, alignment).Run();
  return alignment;
}

}  // namespace picket::runtime
