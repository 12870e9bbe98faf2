#include <algorithm>

#include "compiler/export/crmsh_parts.h"

namespace picket::compiler::exporting {
namespace {

using pugi::xml_attribute;
using pugi::xml_node;

// ` name=value` for those of the attributes that are there.
std::string Options(xml_node element, std::initializer_list<const char*> names) {
  std::string out;
  for (const char* name : names) {
    if (element.attribute(name)) out += ' ' + Option(name, element.attribute(name).value());
  }
  return out;
}

// `a` or `a:Promoted`.
std::string Part(xml_node element, const char* name, const char* word) {
  std::string out = element.attribute(name).value();
  if (element.attribute(word)) out += std::string(":") + element.attribute(word).value();
  return out;
}

// The sets of a constraint; `word` is what they may have: a role or an action. A set that stands bare next to
// another one, or alone with two members, would be taken for something else: that is found when the text is
// read back.
Said Sets(xml_node constraint, const char* word, const char* open, const char* close) {
  std::string out;
  for (const xml_node set : constraint.children()) {
    if (std::string_view(set.name()) != "resource_set") return std::nullopt;
    if (!HasOnly(set, {"id", "sequential", "require-all", word})) return std::nullopt;
    const bool sequential = set.attribute("sequential").as_bool(true), all = set.attribute("require-all").as_bool(true);
    const bool brackets = !sequential || !all;
    out += brackets ? (all ? " (" : " [") : *open ? std::string(" ") + open : "";
    for (const xml_node member : set.children()) {
      out += ' ' + IdOf(member);
      if (set.attribute(word)) out += std::string(":") + set.attribute(word).value();
    }
    if (!all && sequential) out += " sequential=true";
    out += brackets ? (all ? " )" : " ]") : *close ? std::string(" ") + close : "";
  }
  return out;
}

Said Location(const Source& source, xml_node location) {
  if (!HasOnly(location, {"id", "rsc", "rsc-pattern", "role", "resource-discovery", "score", "node"}))
    return std::nullopt;
  std::string out = "location " + IdOf(location);
  if (location.child("resource_set")) {
    const xml_node set = location.child("resource_set");
    if (location.attribute("rsc") || location.attribute("rsc-pattern") || set.next_sibling("resource_set") ||
        set.attribute("sequential") || set.attribute("require-all") || !HasOnly(set, {"id", "role"}))
      return std::nullopt;
    out += " {";
    for (const xml_node member : set.children()) {
      out += ' ' + IdOf(member);
      if (set.attribute("role")) out += std::string(":") + set.attribute("role").value();
    }
    out += " }";
  } else if (location.attribute("rsc-pattern")) {
    const std::string_view pattern = location.attribute("rsc-pattern").value();
    if (location.attribute("rsc") || pattern.empty() || pattern.find_first_of(" \"'\\/#") != std::string_view::npos)
      return std::nullopt;
    out += " /" + std::string(pattern) + '/';
  } else {
    out += std::string(" ") + location.attribute("rsc").value();
  }
  out += Options(location, {"role", "resource-discovery"});
  if (location.child("rule")) {
    if (location.attribute("node") || location.attribute("score")) return std::nullopt;
    for (const xml_node rule : location.children("rule")) {
      const Said said = Rule(source, rule);
      if (!said) return std::nullopt;
      out += *said;
    }
    return out;
  }
  const Said score = Score(location.attribute("score"));
  const std::string node = location.attribute("node").value();
  if (!score || node.empty()) return std::nullopt;
  return out + ' ' + *score + ' ' + Quoted(node);
}

Said Colocation(xml_node colocation) {
  if (!HasOnly(colocation, {"id", "score", "rsc", "rsc-role", "with-rsc", "with-rsc-role", "node-attribute"}))
    return std::nullopt;
  // Without a score it is zero; crmsh wants one.
  std::string out = "colocation " + IdOf(colocation) + ' ';
  if (colocation.attribute("score")) {
    const Said score = Score(colocation.attribute("score"));
    if (!score) return std::nullopt;
    out += *score;
  } else {
    out += "0:";
  }
  if (colocation.child("resource_set")) {
    const Said sets = Sets(colocation, "role", "", "");
    if (!sets) return std::nullopt;
    out += *sets;
  } else {
    out += ' ' + Part(colocation, "rsc", "rsc-role") + ' ' + Part(colocation, "with-rsc", "with-rsc-role");
  }
  return out + Options(colocation, {"node-attribute"});
}

Said Order(xml_node order) {
  if (!HasOnly(order, {"id", "kind", "score", "first", "first-action", "then", "then-action", "symmetrical"}))
    return std::nullopt;
  std::string out = "order " + IdOf(order);
  if (order.attribute("kind")) {
    out += std::string(" ") + order.attribute("kind").value() + ':';
  } else if (order.attribute("score")) {
    const Said score = Score(order.attribute("score"));
    if (!score) return std::nullopt;
    out += ' ' + *score;
  }
  if (order.child("resource_set")) {
    if (!order.attribute("kind") && !order.attribute("score")) out += " Mandatory:";
    const Said sets = Sets(order, "action", "", "");
    if (!sets) return std::nullopt;
    out += *sets;
  } else {
    out += ' ' + Part(order, "first", "first-action") + ' ' + Part(order, "then", "then-action");
  }
  return out + Options(order, {"symmetrical"});
}

Said Ticket(xml_node ticket) {
  if (!HasOnly(ticket, {"id", "ticket", "rsc", "rsc-role", "loss-policy"})) return std::nullopt;
  const std::string name = ticket.attribute("ticket").value();
  if (!IsCrmshName("x" + name) || name.empty()) return std::nullopt;
  std::string out = "rsc_ticket " + IdOf(ticket) + ' ' + name + ':';
  if (ticket.child("resource_set")) {
    const Said sets = Sets(ticket, "role", "", "");
    if (!sets) return std::nullopt;
    out += *sets;
  } else {
    out += ' ' + Part(ticket, "rsc", "rsc-role");
  }
  return out + Options(ticket, {"loss-policy"});
}

}  // namespace

Said CrmshConstraint(const Source& source, xml_node constraint) {
  const std::string_view tag = constraint.name();
  if (tag == "rsc_location") return Location(source, constraint);
  if (tag == "rsc_colocation") return Colocation(constraint);
  if (tag == "rsc_order") return Order(constraint);
  if (tag == "rsc_ticket") return Ticket(constraint);
  return std::nullopt;
}

}  // namespace picket::compiler::exporting
