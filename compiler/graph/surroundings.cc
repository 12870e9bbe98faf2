#include "compiler/graph/surroundings.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace picket::compiler {
namespace {

using pugi::xml_node;

std::string Of(xml_node element, const char* attribute) {
  return element.attribute(attribute).value();
}

// The value of a parameter or a meta attribute in any block.
std::string Pair(xml_node primitive, const char* block, const char* name) {
  for (const xml_node one : primitive.children(block)) {
    if (const xml_node pair = one.find_child_by_attribute("nvpair", "name", name)) return Of(pair, "value");
  }
  return "";
}

std::vector<std::string> Parts(const std::string& text, const char* between) {
  std::vector<std::string> parts;
  for (std::size_t at = text.find_first_not_of(between); at != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_of(between, at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(between, end);
  }
  return parts;
}

class Collector {
 public:
  explicit Collector(const pugi::xml_document& cib) : configuration_(cib.document_element().child("configuration")) {}

  Surroundings Run() {
    Resources(configuration_.child("resources"));
    for (const xml_node tag : configuration_.child("tags").children("tag")) {
      Thing(Of(tag, "id"), "tag");
      for (const xml_node reference : tag.children()) Link(Of(tag, "id"), Of(reference, "id"), "tagged", "");
    }
    Levels();
    for (const xml_node constraint : configuration_.child("constraints").children()) Constraint(constraint);
    return std::move(out_);
  }

 private:
  void Thing(const std::string& id, const std::string& kind) {
    if (id.empty() || !known_.insert(id).second) return;
    out_.things.push_back({id, kind});
  }
  void Link(const std::string& from, const std::string& to, const std::string& kind, const std::string& label) {
    if (!from.empty() && !to.empty()) out_.links.push_back({from, to, kind, label});
  }

  void Resources(xml_node parent) {
    for (const xml_node element : parent.children()) {
      const std::string tag = element.name();
      if (tag == "template") Thing(Of(element, "id"), "template");
      if (tag == "primitive") {
        Link(Of(element, "id"), Of(element, "template"), "made from", "");
        if (Of(element, "class") == "stonith" || IsFenceTemplate(Of(element, "template"))) Device(element);
      }
      if (tag == "group" || tag == "clone" || tag == "master" || tag == "bundle") Resources(element);
    }
  }

  bool IsFenceTemplate(const std::string& id) const {
    const xml_node found = configuration_.child("resources").find_child_by_attribute("template", "id", id.c_str());
    return !id.empty() && Of(found, "class") == "stonith";
  }

  // A device reaches the hosts of its list and its map; without either the device itself is asked.
  void Device(xml_node device) {
    const std::string id = Of(device, "id");
    std::vector<std::string> hosts = Parts(Pair(device, "instance_attributes", "pcmk_host_list"), " ,;\t\n");
    for (const std::string& entry : Parts(Pair(device, "instance_attributes", "pcmk_host_map"), " ;\t\n")) {
      const std::string host = entry.substr(0, entry.find_first_of(":="));
      if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) hosts.push_back(host);
    }
    for (const std::string& host : hosts) Reach(id, host, "node", "");
    if (hosts.empty()) Reach(id, "nodes that the device lists", "nodes", "");
  }

  void Reach(const std::string& device, const std::string& target, const char* kind, const std::string& label) {
    Thing(target, kind);
    const auto [place, is_new] = reach_.try_emplace({device, target}, out_.links.size());
    if (is_new) return Link(device, target, "fences", label);
    std::string& said = out_.links[place->second].label;
    if (!label.empty()) said += (said.empty() ? "" : ", ") + label;
  }

  void Levels() {
    for (const xml_node level : configuration_.child("fencing-topology").children("fencing-level")) {
      std::string target = Of(level, "target");
      const char* kind = target.empty() ? "nodes" : "node";
      if (level.attribute("target-pattern")) target = "nodes /" + Of(level, "target-pattern") + '/';
      if (level.attribute("target-attribute"))
        target = "nodes where " + Of(level, "target-attribute") + " = " + Of(level, "target-value");
      for (const std::string& device : Parts(Of(level, "devices"), ","))
        Reach(device, target, kind, "level " + Of(level, "index"));
    }
  }

  void Constraint(xml_node constraint) {
    const std::string tag = constraint.name();
    if (tag == "rsc_ticket") return Ticket(constraint);
    if (tag != "rsc_location") return;
    const std::string rsc = Of(constraint, "rsc"), node = Of(constraint, "node");
    if (constraint.child("rule") || node.empty() || (rsc.empty() && !constraint.child("resource_set"))) {
      out_.not_drawn.push_back("the location `" + Of(constraint, "id") + "`, which is " +
                               (constraint.child("rule") ? "a rule" : "about a pattern"));
      return;
    }
    Thing(node, "node");
    if (!rsc.empty()) Link(rsc, node, "location", Of(constraint, "score"));
    for (const xml_node set : constraint.children("resource_set")) {
      for (const xml_node member : set.children()) Link(Of(member, "id"), node, "location", Of(constraint, "score"));
    }
  }

  void Ticket(xml_node constraint) {
    const std::string ticket = "ticket " + Of(constraint, "ticket");
    Thing(ticket, "ticket");
    const std::string loss = Of(constraint, "loss-policy");
    const auto one = [&](const std::string& rsc, const std::string& role) {
      std::string label = role;
      if (!loss.empty()) label += (label.empty() ? "" : ", ") + std::string("on loss ") + loss;
      Link(rsc, ticket, "needs ticket", label);
    };
    if (constraint.attribute("rsc")) one(Of(constraint, "rsc"), Of(constraint, "rsc-role"));
    for (const xml_node set : constraint.children("resource_set")) {
      for (const xml_node member : set.children()) one(Of(member, "id"), Of(set, "role"));
    }
  }

  xml_node configuration_;
  Surroundings out_;
  std::set<std::string> known_;
  std::map<std::pair<std::string, std::string>, std::size_t> reach_;
};

}  // namespace

Surroundings SurroundingsOf(const pugi::xml_document& cib) {
  return Collector(cib).Run();
}

}  // namespace picket::compiler
