#include "compiler/import/pcs_commands.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::import::pcs {

using pugi::xml_node;

namespace {

// `set a b … set c … setoptions …`; true if the command is one.
bool Sets(PcsCib& cib, const Words& w, const char* tag) {
  if (w[2] != "set") return false;
  xml_node element = cib.Section("constraints").append_child(tag), set;
  std::string id = w[1] + "_set_";
  Words options;
  bool last = false;
  int named = 0;  // pcs makes the id of the first three.
  for (std::size_t i = 2; i < w.size(); ++i) {
    if (w[i] == "setoptions") {
      last = true;
    } else if (last) {
      options.push_back(w[i]);
    } else if (w[i] == "set") {
      set = element.append_child("resource_set");
    } else if (w[i] == "role=Master" || w[i] == "role=Slave") {
      cib.Attributes(set, {"role=" + RoleOf(ValueOf(w[i]))});
    } else if (IsPair(w[i])) {
      cib.Attributes(set, {w[i]});
    } else {
      set.append_child("resource_ref").append_attribute("id") = w[i].c_str();
      if (!w[i].empty() && ++named <= 3) id += std::string(1, w[i].front()) + w[i].back();
      cib.Refer(w[i]);
    }
  }
  SetId(element, id);
  cib.Attributes(element, options);
  int number = 0;
  for (xml_node one : element.children("resource_set")) {
    if (!one.attribute("id")) SetId(one, IdOf(element) + "_set" + (number == 0 ? "" : '-' + std::to_string(number)));
    ++number;
  }
  if (std::string_view(tag) == "rsc_colocation" && !element.attribute("score") && !element.attribute("score-attribute"))
    element.append_attribute("score") = "INFINITY";
  return true;
}

bool IsAction(const std::string& word) {
  return word == "start" || word == "stop" || word == "promote" || word == "demote";
}

}  // namespace

void Order(PcsCib& cib, const Words& w) {
  if (Sets(cib, w, "rsc_order")) return;
  std::size_t at = 2;
  std::string part[2], action[2] = {"start", "start"};
  for (int i = 0; i < 2; ++i) {
    if (i == 1 && (at >= w.size() || w[at++] != "then")) return cib.Fault("an order has to be `A then B`");
    if (at + 1 < w.size() && IsAction(w[at]) && w[at + 1] != "then" && !IsPair(w[at + 1])) action[i] = w[at++];
    if (at >= w.size() || IsPair(w[at])) return cib.Fault("an order has to be `A then B`");
    part[i] = w[at++];
    cib.Refer(part[i]);
  }
  xml_node element = cib.Section("constraints").append_child("rsc_order");
  std::string shown = "mandatory";
  for (const std::string& word : From(w, at)) {
    if (word.starts_with("kind=")) shown = ValueOf(word);
  }
  SetId(element, cib.Unused(AsXmlId("order-" + part[0] + '-' + part[1] + '-' + shown)));
  element.append_attribute("first") = part[0].c_str();
  element.append_attribute("then") = part[1].c_str();
  element.append_attribute("first-action") = action[0].c_str();
  element.append_attribute("then-action") = action[1].c_str();
  cib.Attributes(element, From(w, at));
  const std::string kind = element.attribute("kind").value();
  if (!kind.empty() && kind != "Mandatory" && kind != "Optional" && kind != "Serialize")
    cib.Fault("`" + kind + "` is no kind of order");
}

void Colocation(PcsCib& cib, const Words& w) {
  if (Sets(cib, w, "rsc_colocation")) return;
  if (w[2] != "add") return cib.Skip("`pcs constraint colocation " + w[2] + "` is not read");
  std::size_t at = 3;
  std::string part[2], role[2];
  for (int i = 0; i < 2; ++i) {
    if (i == 1 && (at >= w.size() || w[at++] != "with")) return cib.Fault("a colocation has to be `A with B`");
    if (at + 1 < w.size() && !RoleOf(w[at]).empty() && w[at + 1] != "with" && !IsPair(w[at + 1]) &&
        !(i == 1 && AsScore(w[at + 1])))
      role[i] = RoleOf(w[at++]);
    if (at >= w.size() || IsPair(w[at])) return cib.Fault("a colocation has to be `A with B`");
    part[i] = w[at++];
    cib.Refer(part[i]);
  }
  std::string score = "INFINITY";
  if (at < w.size() && !IsPair(w[at])) score = w[at++];
  xml_node element = cib.Section("constraints").append_child("rsc_colocation");
  SetId(element, "colocation-" + part[0] + '-' + part[1] + '-' + score);
  element.append_attribute("rsc") = part[0].c_str();
  element.append_attribute("with-rsc") = part[1].c_str();
  const bool roles = !role[0].empty() || !role[1].empty();
  const char* const names[] = {"rsc-role", "with-rsc-role"};
  for (int i = 0; roles && i < 2; ++i)
    element.append_attribute(names[i]) = role[i].empty() ? "Started" : role[i].c_str();
  Words options;
  for (const std::string& word : From(w, at)) {
    if (word.starts_with("score="))
      score = word.substr(6);
    else
      options.push_back(word);
  }
  Score(cib, element, score);
  cib.Attributes(element, options);
}

void Ticket(PcsCib& cib, const Words& w) {
  if (Sets(cib, w, "rsc_ticket")) return;
  if (w[2] != "add") return cib.Skip("`pcs constraint ticket " + w[2] + "` is not read");
  std::size_t at = 4;
  std::string role;
  if (at + 1 < w.size() && !RoleOf(w[at]).empty() && !IsPair(w[at + 1])) role = RoleOf(w[at++]);
  xml_node element = cib.Section("constraints").append_child("rsc_ticket");
  SetId(element, "ticket-" + w[3] + '-' + w[at] + (role.empty() ? "" : '-' + role));
  element.append_attribute("ticket") = w[3].c_str();
  element.append_attribute("rsc") = w[at].c_str();
  if (!role.empty()) element.append_attribute("rsc-role") = role.c_str();
  cib.Refer(w[at]);
  cib.Attributes(element, From(w, at + 1));
}

}  // namespace picket::compiler::import::pcs
