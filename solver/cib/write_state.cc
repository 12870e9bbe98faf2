// A State back into the document that it came from (spec 06 §12.2, §12.3). What is not interpreted stays as
// it is.
#include <string>
#include <string_view>
#include <vector>

#include "solver/cib/document.h"
#include "solver/cib/read.h"

namespace picket::solver {
namespace {

void SetAttribute(pugi::xml_node element, const char* name, const std::string& value) {
  pugi::xml_attribute attribute = element.attribute(name);
  if (!attribute) attribute = element.append_attribute(name);
  attribute.set_value(value.c_str());
}

// Exactly these attributes, those that were there before in their old order.
void SetAttributes(pugi::xml_node element, const Attributes& attributes) {
  std::vector<pugi::xml_attribute> gone;
  for (const pugi::xml_attribute attribute : element.attributes()) {
    if (FindAttribute(attributes, attribute.name()) == nullptr) gone.push_back(attribute);
  }
  for (const pugi::xml_attribute attribute : gone) element.remove_attribute(attribute);
  for (const auto& [name, value] : attributes) SetAttribute(element, name.c_str(), value);
}

pugi::xml_node ChildOrNew(pugi::xml_node parent, const char* name) {
  const pugi::xml_node child = parent.child(name);
  return child ? child : parent.append_child(name);
}

void RemoveChildren(pugi::xml_node parent, const char* name) {
  while (parent.remove_child(name)) {
  }
}

// Pairs of a block by name: old ones keep their place, new ones are appended, others go.
void WriteBlock(pugi::xml_node element, const NvBlock& block) {
  std::vector<pugi::xml_node> gone;
  for (const pugi::xml_node pair : element.children("nvpair")) {
    bool wanted = static_cast<bool>(pair.attribute("id-ref"));
    for (const NvPair& kept : block.pairs) wanted = wanted || kept.name == pair.attribute("name").value();
    if (!wanted) gone.push_back(pair);
  }
  for (const pugi::xml_node pair : gone) element.remove_child(pair);
  for (const NvPair& pair : block.pairs) {
    // Two pairs may have one name: the id tells them apart (simulate -i adds one under an id of its own).
    pugi::xml_node found = element.find_child([&](const pugi::xml_node& child) {
      return pair.name == child.attribute("name").value() && pair.id == child.attribute("id").value();
    });
    if (!found && element.find_child_by_attribute("nvpair", "id-ref", pair.id.c_str())) continue;
    if (!found) {
      found = element.append_child("nvpair");
      SetAttribute(found, "id", pair.id);
      SetAttribute(found, "name", pair.name);
    }
    SetAttribute(found, "value", pair.value);
  }
}

void WriteBlocks(pugi::xml_node parent, const char* name, const NvBlocks& blocks) {
  for (const NvBlock& block : blocks) {
    pugi::xml_node element = parent.find_child_by_attribute(name, "id", block.id.c_str());
    if (!element) {
      element = parent.append_child(name);
      SetAttribute(element, "id", block.id);
    }
    WriteBlock(element, block);
  }
}

void WriteHistory(pugi::xml_node element, const NodeState& state) {
  pugi::xml_node lrm = element.child("lrm");
  if (!lrm) {
    lrm = element.append_child("lrm");
    SetAttribute(lrm, "id", state.id);
  }
  pugi::xml_node resources = ChildOrNew(lrm, "lrm_resources");
  RemoveChildren(resources, "lrm_resource");
  for (const ResourceHistory& history : state.history) {
    pugi::xml_node resource = resources.append_child("lrm_resource");
    SetAttributes(resource, history.attributes);
    for (const HistoryEntry& entry : history.entries)
      SetAttributes(resource.append_child("lrm_rsc_op"), entry.attributes);
  }
}

void WriteNodeState(pugi::xml_node element, const NodeState& state) {
  SetAttributes(element, state.attributes);
  if (state.has_transient) {
    pugi::xml_node transient = element.child("transient_attributes");
    if (!transient) {
      transient = element.append_child("transient_attributes");
      SetAttribute(transient, "id", state.transient_id.empty() ? state.id : state.transient_id);
    }
    WriteBlocks(transient, "instance_attributes", state.transient);
    WriteBlocks(transient, "utilization", state.transient_utilization);
  } else {
    RemoveChildren(element, "transient_attributes");
  }
  if (state.has_history) {
    WriteHistory(element, state);
  } else {
    RemoveChildren(element, "lrm");
  }
}

// Old elements are reused by id and keep their place, also among what is no node state; new ones come last.
void WriteNodeStates(const State& state, pugi::xml_node status) {
  std::vector<pugi::xml_node> old;
  for (const pugi::xml_node element : status.children("node_state")) old.push_back(element);
  for (const auto& node : state.nodes) {
    pugi::xml_node source;
    for (pugi::xml_node& element : old) {
      if (element && element.attribute("id").value() == node->id) {
        source = element;
        element = {};
        break;
      }
    }
    const pugi::xml_node target = source ? source : status.append_child("node_state");
    WriteNodeState(target, *node);
  }
  for (const pugi::xml_node element : old) {
    if (element) status.remove_child(element);
  }
}

void WriteTickets(const State& state, pugi::xml_node status) {
  if (state.tickets.empty()) {
    RemoveChildren(status, "tickets");
    return;
  }
  pugi::xml_node tickets = ChildOrNew(status, "tickets");
  while (const pugi::xml_node other = tickets.next_sibling("tickets")) status.remove_child(other);
  RemoveChildren(tickets, "ticket_state");
  for (const TicketState& ticket : state.tickets) {
    pugi::xml_node element = tickets.append_child("ticket_state");
    SetAttribute(element, "id", ticket.id);
    for (const auto& [name, value] : ticket.attributes) SetAttribute(element, name.c_str(), value);
  }
}

void WriteWatchdog(const std::string& value, pugi::xml_node configuration) {
  pugi::xml_node options = ChildOrNew(configuration, "crm_config");
  for (const pugi::xml_node set : options.children("cluster_property_set")) {
    if (pugi::xml_node pair = set.find_child_by_attribute("nvpair", "name", "have-watchdog")) {
      SetAttribute(pair, "value", value);
      return;
    }
  }
  constexpr const char* kSet = "cib-bootstrap-options";
  pugi::xml_node set = options.find_child_by_attribute("cluster_property_set", "id", kSet);
  if (!set) {
    set = options.append_child("cluster_property_set");
    SetAttribute(set, "id", kSet);
  }
  pugi::xml_node pair = set.append_child("nvpair");
  SetAttribute(pair, "id", std::string(kSet) + "-have-watchdog");
  SetAttribute(pair, "name", "have-watchdog");
  SetAttribute(pair, "value", value);
}

}  // namespace

void WriteState(const State& state, pugi::xml_document& document) {
  pugi::xml_node root = document.document_element();
  pugi::xml_node configuration = root.child("configuration");
  if (state.have_quorum) SetAttribute(root, "have-quorum", *state.have_quorum);
  if (state.watchdog) WriteWatchdog(*state.watchdog, configuration);
  for (const NodeDef& node : state.added_nodes) {
    pugi::xml_node nodes = ChildOrNew(configuration, "nodes");
    if (nodes.find_child_by_attribute("node", "uname", node.uname.c_str())) continue;
    pugi::xml_node element = nodes.append_child("node");
    SetAttribute(element, "id", node.id);
    SetAttribute(element, "uname", node.uname);
  }
  pugi::xml_node status = OnlyElement(document, "status");
  if (!status) status = root.append_child("status");
  WriteNodeStates(state, status);
  WriteTickets(state, status);
}

}  // namespace picket::solver
