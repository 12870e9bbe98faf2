#include <algorithm>
#include <set>

#include "compiler/import/pcs_commands.h"

namespace picket::compiler::import::pcs {

using pugi::xml_node;

namespace {

bool IsOfOperation(const std::string& name) {
  static const std::set<std::string> names = {"interval", "timeout",  "on-fail",     "start-delay",
                                              "role",     "requires", "enabled",     "record-pending",
                                              "name",     "id",       "description", "interval-origin"};
  return names.contains(name);
}

// Operations without an id yet get one, and an interval.
void Complete(xml_node element, xml_node one) {
  const bool monitor = std::string_view(one.attribute("name").value()) == "monitor";
  if (!one.attribute("interval")) one.append_attribute("interval") = monitor ? "60s" : "0s";
  if (one.attribute("id")) return;
  SetId(one, IdOf(element) + '-' + one.attribute("name").value() + "-interval-" + one.attribute("interval").value());
}

bool Same(xml_node one, xml_node other, const char* name) {
  return std::string_view(one.attribute(name).value()) == other.attribute(name).value();
}

// `0` and `0s` are the same.
std::string Interval(xml_node op) {
  std::string interval = op.attribute("interval").value();
  if (interval.ends_with('s') && !interval.ends_with("ms")) interval.pop_back();
  return interval;
}

// Whether another operation keeps a new one out: of a name there is one for each interval and role.
void CheckOperation(PcsCib& cib, xml_node element, xml_node op, bool roles_too) {
  for (const xml_node other : op.parent().children("op")) {
    if (other == op || !Same(other, op, "name")) continue;
    if (Interval(other) == Interval(op) || (roles_too && Same(other, op, "role")))
      return cib.Fault("`" + IdOf(element) + "` has a `" + op.attribute("name").value() + "` already");
  }
}

}  // namespace

void Operations(PcsCib& cib, xml_node element, const Words& words) {
  xml_node operations = Child(element, "operations");
  xml_node op;
  for (const std::string& word : words) {
    if (!IsPair(word)) {
      op = operations.append_child("op");
      op.append_attribute("name") = word.c_str();
      continue;
    }
    if (!op) {
      cib.Fault("`" + word + "` stands before any operation");
      continue;
    }
    const std::string name = NameOf(word);
    if (name == "id")
      SetId(op, ValueOf(word));
    else if (name == "role" && !RoleOf(ValueOf(word)).empty())
      op.append_attribute("role") = RoleOf(ValueOf(word)).c_str();
    else if (IsOfOperation(name))
      op.append_attribute(name.c_str()) = ValueOf(word).c_str();
    else
      cib.Pairs(op, "instance_attributes", {word}, IdOf(element) + '-' + op.attribute("name").value() + "-params");
  }
  for (xml_node one : operations.children("op")) Complete(element, one);
}

void AddOperation(PcsCib& cib, const Words& w) {
  xml_node element = cib.Resource(w[3]);
  if (!element) return;
  Operations(cib, element, From(w, 4));
  CheckOperation(cib, element, element.child("operations").last_child(), !cib.HasOption("--force"));
}

// `op remove ID` or `op remove RESOURCE NAME [OPTION=VALUE …]`.
void RemoveOperation(PcsCib& cib, const Words& w) {
  if (w.size() == 4) {
    xml_node op =
        cib.Section("resources").find_node([&](xml_node node) { return TagOf(node) == "op" && IdOf(node) == w[3]; });
    if (!op) return cib.Fault("there is no operation `" + w[3] + "`");
    op.parent().remove_child(op);
    return;
  }
  xml_node element = cib.Resource(w[3]);
  if (!element) return;
  xml_node operations = element.child("operations");
  // The monitor that pcs would have added is told; it goes here.
  bool any = w[4] == "monitor" && w.size() == 5;
  for (xml_node op = operations.child("op"), next; op; op = next) {
    next = op.next_sibling("op");
    if (w[4] != op.attribute("name").value()) continue;
    const bool all = std::all_of(w.begin() + 5, w.end(), [&](const std::string& word) {
      return ValueOf(word) == op.attribute(NameOf(word).c_str()).value();
    });
    if (!all) continue;
    any = true;
    operations.remove_child(op);
  }
  if (!any) cib.Fault("`" + w[3] + "` has no such operation");
}

// An operation takes the place of the one with its name and its role, with all its options.
void UpdateOperations(PcsCib& cib, xml_node element, const Words& words) {
  pugi::xml_document apart;
  xml_node scratch = apart.append_child("primitive");
  SetId(scratch, IdOf(element));
  Operations(cib, scratch, words);
  xml_node operations = Child(element, "operations");
  for (const xml_node op : scratch.child("operations").children("op")) {
    const bool named_only = std::distance(op.attributes_begin(), op.attributes_end()) == 3 && !op.first_child() &&
                            std::find_if(words.begin(), words.end(), IsPair) == words.end();
    if (named_only) continue;
    xml_node old =
        operations.find_child([&](xml_node other) { return Same(other, op, "name") && Same(other, op, "role"); });
    const xml_node placed = old ? operations.insert_copy_before(op, old) : operations.append_copy(op);
    if (old) operations.remove_child(old);
    CheckOperation(cib, element, placed, false);
  }
}

}  // namespace picket::compiler::import::pcs
