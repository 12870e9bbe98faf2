#include <vector>

#include "compiler/import/pcs_commands.h"

namespace picket::compiler::import::pcs {

using pugi::xml_node;

namespace {

// The primitives in an element; an element that is one is the only one.
std::vector<xml_node> Primitives(xml_node element) {
  if (TagOf(element) == "primitive") return {element};
  std::vector<xml_node> all;
  for (const xml_node child : element.children()) {
    if (TagOf(child) != "primitive" && TagOf(child) != "group") continue;
    for (const xml_node primitive : Primitives(child)) all.push_back(primitive);
  }
  return all;
}

void Unset(xml_node element, const char* name) {
  if (xml_node block = element.child("meta_attributes")) Pair(block, name, "");
}

// The clone or bundle around an element counts with it.
void UnsetWithOuter(xml_node element, const char* name) {
  Unset(element, name);
  const xml_node outer = element.parent();
  if (TagOf(outer) == "clone" || TagOf(outer) == "bundle") Unset(outer, name);
}

void EnableMonitors(xml_node primitive, bool enabled) {
  for (xml_node op : primitive.child("operations").children("op")) {
    if (std::string_view(op.attribute("name").value()) != "monitor") continue;
    op.remove_attribute("enabled");
    if (!enabled) op.append_attribute("enabled") = "false";
  }
}

}  // namespace

void Disable(PcsCib& cib, const Words& w) {
  for (const std::string& id : WithoutTags(cib, From(w, 2))) {
    if (xml_node element = cib.Resource(id)) cib.Pairs(element, "meta_attributes", {"target-role=Stopped"});
  }
}

void Enable(PcsCib& cib, const Words& w) {
  for (const std::string& id : WithoutTags(cib, From(w, 2))) {
    xml_node element = cib.Resource(id);
    if (!element) continue;
    UnsetWithOuter(element, "target-role");
    if (TagOf(element) == "clone" || TagOf(element) == "bundle") {
      Unset(element.child("primitive"), "target-role");
      Unset(element.child("group"), "target-role");
    }
  }
}

// `manage` and `unmanage` are for the primitives in what they name; with `--monitor` for their monitors
// too.
void Manage(PcsCib& cib, const Words& w) {
  const bool manage = w[1] == "manage", monitors = cib.HasOption("--monitor");
  for (const std::string& id : WithoutTags(cib, From(w, 2))) {
    xml_node element = cib.Resource(id);
    if (!element) continue;
    if (manage) Unset(element, "is-managed");
    if (!manage && TagOf(element) == "bundle") cib.Pairs(element, "meta_attributes", {"is-managed=false"});
    for (xml_node primitive : Primitives(element)) {
      if (manage) {
        UnsetWithOuter(primitive, "is-managed");
        UnsetWithOuter(primitive.parent(), "is-managed");
      } else {
        cib.Pairs(primitive, "meta_attributes", {"is-managed=false"});
      }
      if (monitors) EnableMonitors(primitive, manage);
    }
  }
}

// Without a name, and with `--all`, it is about a node that no word names.
void NodeSwitch(PcsCib& cib, const Words& w) {
  const bool undo = w[1].starts_with("un");
  const std::string name = undo ? w[1].substr(2) : w[1];
  Words nodes = From(w, 2);
  if (cib.HasOption("--all")) {
    for (const xml_node node : cib.Section("nodes").children("node"))
      nodes.emplace_back(node.attribute("uname").value());
  }
  if (nodes.empty() || (cib.HasOption("--all") && !undo))
    cib.Skip("which nodes `pcs node " + w[1] + "` is about is not said");
  for (const std::string& node : nodes)
    cib.Pairs(cib.Node(node), "instance_attributes", {name + (undo ? "=" : "=on")}, "nodes-" + node);
}

}  // namespace picket::compiler::import::pcs
