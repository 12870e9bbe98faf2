#include "simulator/explain/edits.h"

#include <cstring>
#include <vector>

#include "solver/model/text.h"

namespace picket::simulator::explain {
namespace {

pugi::xml_node Configuration(pugi::xml_document& document) {
  return document.child("cib").child("configuration");
}

pugi::xml_node StateOf(pugi::xml_document& document, const std::string& node) {
  for (pugi::xml_node state : document.child("cib").child("status").children("node_state")) {
    if (solver::EqualFolded(state.attribute("uname").value(), node)) return state;
  }
  return {};
}

pugi::xml_node NodeElement(pugi::xml_document& document, const std::string& node) {
  for (pugi::xml_node element : Configuration(document).child("nodes").children("node")) {
    if (solver::EqualFolded(element.attribute("uname").value(), node)) return element;
  }
  return {};
}

void Set(pugi::xml_node element, const char* name, const std::string& value) {
  pugi::xml_attribute attribute = element.attribute(name);
  if (!attribute) attribute = element.append_attribute(name);
  attribute.set_value(value.c_str());
}

pugi::xml_node FindResource(pugi::xml_document& document, const std::string& id) {
  return Configuration(document).child("resources").find_node([&](const pugi::xml_node& node) {
    return id == node.attribute("id").value() && *node.name();
  });
}

template <typename Test>
void DropPairs(pugi::xml_node parent, Test&& test) {
  std::vector<pugi::xml_node> found;
  const auto collect = [&](const auto& self, pugi::xml_node node) -> void {
    for (pugi::xml_node child : node.children()) {
      if (std::strcmp(child.name(), "nvpair") == 0 && test(child.attribute("name").value())) found.push_back(child);
      self(self, child);
    }
  };
  collect(collect, parent);
  for (pugi::xml_node pair : found) pair.parent().remove_child(pair);
}

void AppendPair(pugi::xml_node set, const std::string& name, const std::string& value) {
  pugi::xml_node pair = set.append_child("nvpair");
  Set(pair, "id", std::string(set.attribute("id").value()) + "-" + name);
  Set(pair, "name", name);
  Set(pair, "value", value);
}

// `web` and its instances: `web:0`.
bool IsCalled(std::string_view name, std::string_view resource) {
  if (!name.starts_with(resource)) return false;
  return name.size() == resource.size() || name[resource.size()] == ':';
}

}  // namespace

void DropConstraint(pugi::xml_document& document, const std::string& id) {
  pugi::xml_node constraints = Configuration(document).child("constraints");
  for (pugi::xml_node constraint : constraints.children()) {
    if (id == constraint.attribute("id").value()) {
      constraints.remove_child(constraint);
      return;
    }
  }
}

void SetPair(pugi::xml_document& document, const std::string& pair_id, const std::string& value) {
  pugi::xml_node pair = Configuration(document).find_node([&](const pugi::xml_node& node) {
    return std::strcmp(node.name(), "nvpair") == 0 && pair_id == node.attribute("id").value();
  });
  if (pair) Set(pair, "value", value);
}

void SetMeta(pugi::xml_document& document, const std::string& resource, const std::string& name,
             const std::string& value) {
  pugi::xml_node element = FindResource(document, resource);
  if (!element) return;
  pugi::xml_node set = element.prepend_child("meta_attributes");
  Set(set, "id", resource + "-picket-tries-" + name);
  Set(set, "score", "INFINITY");
  AppendPair(set, name, value);
}

void SetProperty(pugi::xml_document& document, const std::string& name, const std::string& value) {
  pugi::xml_node config = Configuration(document).child("crm_config");
  DropPairs(config, [&](std::string_view known) { return known == name; });
  pugi::xml_node set = config.child("cluster_property_set");
  if (!set) {
    set = config.append_child("cluster_property_set");
    Set(set, "id", "picket-tries");
  }
  AppendPair(set, name, value);
}

void DropNodeAttribute(pugi::xml_document& document, const std::string& node, const std::string& name) {
  const auto is_it = [&](std::string_view known) { return known == name; };
  DropPairs(NodeElement(document, node), is_it);
  DropPairs(StateOf(document, node).child("transient_attributes"), is_it);
}

void SetUtilization(pugi::xml_document& document, const std::string& node, const std::string& name, int64_t value) {
  pugi::xml_node element = NodeElement(document, node);
  if (!element) return;
  pugi::xml_node set = element.child("utilization");
  if (!set) {
    set = element.append_child("utilization");
    Set(set, "id", "picket-tries-" + node);
  }
  DropPairs(set, [&](std::string_view known) { return known == name; });
  AppendPair(set, name, std::to_string(value));
}

void BringOnline(pugi::xml_document& document, const std::string& node, const std::string& id) {
  pugi::xml_node state = StateOf(document, node);
  if (!state) {
    state = document.child("cib").child("status").append_child("node_state");
    Set(state, "id", id);
    Set(state, "uname", node);
  }
  Set(state, "in_ccm", "true");
  Set(state, "crmd", "online");
  Set(state, "join", "member");
  Set(state, "expected", "member");
  // It has booted: nothing runs there, and what it was to be is forgotten.
  state.remove_child("lrm");
  state.remove_child("transient_attributes");
  pugi::xml_node lrm = state.append_child("lrm");
  Set(lrm, "id", id);
  lrm.append_child("lrm_resources");
}

void CallItOff(pugi::xml_document& document, const std::string& node) {
  pugi::xml_node state = StateOf(document, node);
  if (!state) return;
  Set(state, "in_ccm", "false");
  Set(state, "crmd", "offline");
  Set(state, "join", "down");
  Set(state, "expected", "down");
  state.remove_child("lrm");
  state.remove_child("transient_attributes");
}

void GrantTicket(pugi::xml_document& document, const std::string& ticket) {
  pugi::xml_node status = document.child("cib").child("status");
  pugi::xml_node tickets = status.child("tickets");
  if (!tickets) tickets = status.append_child("tickets");
  for (pugi::xml_node state : tickets.children("ticket_state")) {
    if (ticket != state.attribute("id").value()) continue;
    Set(state, "granted", "true");
    Set(state, "standby", "false");
    return;
  }
  pugi::xml_node state = tickets.append_child("ticket_state");
  Set(state, "id", ticket);
  Set(state, "granted", "true");
}

void AllowOn(pugi::xml_document& document, const std::string& resource, const std::string& node) {
  pugi::xml_node constraint = Configuration(document).child("constraints").append_child("rsc_location");
  Set(constraint, "id", "picket-tries-" + resource + "-on-" + node);
  Set(constraint, "rsc", resource);
  Set(constraint, "node", node);
  Set(constraint, "score", "0");
}

void AddFenceDevice(pugi::xml_document& document) {
  pugi::xml_node device = Configuration(document).child("resources").append_child("primitive");
  Set(device, "id", "picket-tries-fencing");
  Set(device, "class", "stonith");
  Set(device, "type", "fence_tried");
}

void CleanUp(pugi::xml_document& document, const std::string& resource, const std::string& node) {
  pugi::xml_node state = StateOf(document, node);
  DropPairs(state.child("transient_attributes"), [&](std::string_view name) {
    for (const std::string_view prefix : {"fail-count-", "last-failure-"}) {
      if (!name.starts_with(prefix)) continue;
      const std::string_view rest = name.substr(prefix.size());
      return IsCalled(rest.substr(0, rest.find('#')), resource);
    }
    return false;
  });
  pugi::xml_node resources = state.child("lrm").child("lrm_resources");
  std::vector<pugi::xml_node> histories;
  for (pugi::xml_node history : resources.children("lrm_resource")) {
    if (IsCalled(history.attribute("id").value(), resource)) histories.push_back(history);
  }
  for (pugi::xml_node history : histories) resources.remove_child(history);
}

}  // namespace picket::simulator::explain
