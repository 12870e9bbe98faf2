#include "compiler/import/pcs_commands.h"

namespace picket::compiler::import::pcs {

using pugi::xml_node;

namespace {

bool RemoveRuleNamed(PcsCib& cib, const std::string& id) {
  xml_node rule =
      cib.Section("constraints").find_node([&](xml_node node) { return TagOf(node) == "rule" && IdOf(node) == id; });
  if (!rule) return false;
  xml_node constraint = rule.parent();
  constraint.remove_child(rule);
  if (!constraint.child("rule")) constraint.parent().remove_child(constraint);
  return true;
}

// Removes each constraint of a kind that fits.
template <typename Fits>
bool RemoveWhere(PcsCib& cib, const char* tag, const Fits& fits) {
  bool any = false;
  xml_node constraints = cib.Section("constraints");
  for (xml_node one = constraints.child(tag), next; one; one = next) {
    next = one.next_sibling(tag);
    if (fits(one)) any = constraints.remove_child(one);
  }
  return any;
}

bool Has(xml_node element, const char* name, const std::string& value) {
  return value == element.attribute(name).value();
}

}  // namespace

// Constraints, and rules of locations.
void RemoveConstraints(PcsCib& cib, const Words& w) {
  xml_node constraints = cib.Section("constraints");
  for (const std::string& id : From(w, 2)) {
    const xml_node one = constraints.find_child_by_attribute("id", id.c_str());
    if (!constraints.remove_child(one) && !RemoveRuleNamed(cib, id)) cib.Fault("there is no constraint `" + id + "`");
  }
}

void RemoveLocation(PcsCib& cib, const Words& w) {
  if (!RemoveWhere(cib, "rsc_location", [&](xml_node one) { return IdOf(one) == w[3]; }))
    cib.Fault("there is no location `" + w[3] + "`");
}

void RemoveRule(PcsCib& cib, const Words& w) {
  if (!RemoveRuleNamed(cib, w[3])) cib.Fault("there is no rule `" + w[3] + "`");
}

// As pcs does it, resources go out of the sets of every kind of constraint.
void RemoveOrder(PcsCib& cib, const Words& w) {
  for (const std::string& id : From(w, 3)) {
    bool any =
        RemoveWhere(cib, "rsc_order", [&](xml_node one) { return Has(one, "first", id) || Has(one, "then", id); });
    for (xml_node one = cib.Section("constraints").first_child(), next; one; one = next) {
      next = one.next_sibling();
      any = RemoveFromSets(one, id) || any;
    }
    if (!any) cib.Fault("no order is about `" + id + "`");
  }
}

void RemoveColocation(PcsCib& cib, const Words& w) {
  const bool any = RemoveWhere(cib, "rsc_colocation", [&](xml_node one) {
    return (Has(one, "rsc", w[3]) && Has(one, "with-rsc", w[4])) ||
           (Has(one, "rsc", w[4]) && Has(one, "with-rsc", w[3]));
  });
  if (!any) cib.Fault("no colocation is about `" + w[3] + "` and `" + w[4] + "`");
}

void RemoveTicket(PcsCib& cib, const Words& w) {
  bool any =
      RemoveWhere(cib, "rsc_ticket", [&](xml_node one) { return Has(one, "ticket", w[3]) && Has(one, "rsc", w[4]); });
  for (xml_node one = cib.Section("constraints").child("rsc_ticket"), next; one; one = next) {
    next = one.next_sibling("rsc_ticket");
    if (Has(one, "ticket", w[3])) any = RemoveFromSets(one, w[4]) || any;
  }
  if (!any) cib.Fault("the ticket `" + w[3] + "` is not about `" + w[4] + "`");
}

bool RemoveFromSets(xml_node constraint, const std::string& id) {
  bool any = false;
  for (xml_node set = constraint.child("resource_set"), next; set; set = next) {
    next = set.next_sibling("resource_set");
    while (set.remove_child(set.find_child_by_attribute("resource_ref", "id", id.c_str()))) any = true;
    if (any && !set.child("resource_ref")) constraint.remove_child(set);
  }
  if (any && !constraint.child("resource_set")) constraint.parent().remove_child(constraint);
  return any;
}

}  // namespace picket::compiler::import::pcs
