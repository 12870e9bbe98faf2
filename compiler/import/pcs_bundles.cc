#include "compiler/import/pcs_commands.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::import::pcs {

using pugi::xml_node;

namespace {

// Sets attributes; an empty value takes one away.
void Change(PcsCib& cib, xml_node element, const std::string& word) {
  if (!IsPair(word) || !IsXmlId(NameOf(word))) return cib.Fault("`" + word + "` means nothing in a bundle");
  if (ValueOf(word).empty())
    element.remove_attribute(NameOf(word).c_str());
  else
    Attribute(element, NameOf(word).c_str()) = ValueOf(word).c_str();
}

bool IsContainer(std::string_view tag) {
  return tag == "docker" || tag == "podman" || tag == "rkt";
}

xml_node Container(xml_node bundle) {
  return bundle.find_child([](xml_node child) { return IsContainer(TagOf(child)); });
}

// `container docker image=x network … port-map … storage-map … meta …`; of a bundle that is there already
// the kind of container stays.
void Fill(PcsCib& cib, xml_node bundle, const Words& w) {
  xml_node inner;
  const std::set<std::string> keywords = {"container", "network", "port-map", "storage-map", "meta"};
  std::string part;
  Words meta;
  for (std::size_t i = 4; i < w.size(); ++i) {
    const std::string& word = w[i];
    if (keywords.contains(word)) {
      part = word;
      if (word == "container" && i + 1 < w.size() && !IsPair(w[i + 1])) {
        const std::string& kind = w[++i];
        if (IsContainer(kind))
          inner = bundle.append_child(kind.c_str());
        else
          cib.Fault("`" + kind + "` is no kind of container");
      } else if (word == "container")
        inner = Container(bundle);
      if (word == "network") inner = Child(bundle, "network");
      if (word == "port-map" || word == "storage-map") {
        const bool port = word == "port-map";
        inner = Child(bundle, port ? "network" : "storage").append_child(port ? "port-mapping" : "storage-mapping");
        const bool port_next = port && i + 1 < w.size() && w[i + 1].starts_with("port=");
        SetId(inner, cib.Unused(w[3] + '-' + word + (port_next ? '-' + ValueOf(w[i + 1]) : "")));
      }
    } else if (part == "meta") {
      meta.push_back(word);
    } else if (inner) {
      cib.Attributes(inner, {word});
    } else {
      cib.Fault("`" + word + "` means nothing in a bundle");
    }
  }
  cib.Pairs(bundle, "meta_attributes", meta);
}

}  // namespace

void Bundle(PcsCib& cib, const Words& w) {
  Fill(cib, cib.Element("resources", "bundle", w[3]), w);
}

// Everything but the kind of container and the resource inside goes before the words are read.
void ResetBundle(PcsCib& cib, const Words& w) {
  xml_node bundle = cib.Resource(w[3]);
  if (!bundle) return;
  if (TagOf(bundle) != "bundle") return cib.Fault("`" + w[3] + "` is no bundle");
  Container(bundle).remove_attributes();
  for (xml_node child = bundle.first_child(), next; child; child = next) {
    next = child.next_sibling();
    if (TagOf(child) != "primitive" && !IsContainer(TagOf(child))) bundle.remove_child(child);
  }
  Fill(cib, bundle, w);
}

void UpdateBundle(PcsCib& cib, const Words& w) {
  xml_node bundle = cib.Resource(w[3]), inner;
  if (!bundle) return;
  if (TagOf(bundle) != "bundle") return cib.Fault("`" + w[3] + "` is no bundle");
  std::string part;
  bool removes = false;
  Words meta;
  for (std::size_t i = 4; i < w.size(); ++i) {
    const std::string& word = w[i];
    const bool map = word == "port-map" || word == "storage-map";
    if (map || word == "container" || word == "network" || word == "meta") {
      part = word;
      removes = false;
      inner = word == "network" ? Child(bundle, "network") : xml_node();
      if (word == "container") inner = Container(bundle);
      if (!map || i + 1 >= w.size()) continue;
      removes = w[i + 1] == "remove" || w[i + 1] == "delete";
      if (!removes && w[i + 1] != "add") return cib.Fault("`" + word + "` wants `add` or `remove`");
      ++i;
      if (removes) continue;
      const bool port = word == "port-map";
      inner = Child(bundle, port ? "network" : "storage").append_child(port ? "port-mapping" : "storage-mapping");
      SetId(inner, cib.Unused(w[3] + '-' + word));
    } else if (part == "meta") {
      meta.push_back(word);
    } else if (removes) {
      xml_node mapping = Find(bundle, word);
      if (!mapping) return cib.Fault("the bundle `" + w[3] + "` has no `" + word + "`");
      mapping.parent().remove_child(mapping);
    } else if (inner) {
      Change(cib, inner, word);
    } else {
      cib.Fault("`" + word + "` means nothing in a bundle");
    }
  }
  cib.Pairs(bundle, "meta_attributes", meta);
}

}  // namespace picket::compiler::import::pcs
