#include "compiler/import/pcs_commands.h"

namespace picket::compiler::import::pcs {

using pugi::xml_node;

namespace {

void AlertParts(PcsCib& cib, xml_node element, const Sections& parts) {
  for (const auto& [keyword, words] : parts) {
    if (!keyword.empty()) continue;
    cib.Attributes(element, words);
    for (const std::string& word : words) {
      if (word.starts_with("description=") && ValueOf(word).empty()) element.remove_attribute("description");
    }
  }
  for (const auto& [keyword, words] : parts) {
    if (keyword == "options") cib.Pairs(element, "instance_attributes", words);
    if (keyword == "meta") cib.Pairs(element, "meta_attributes", words);
  }
}

// The id that the words give, or one that nothing has.
std::string NewId(PcsCib& cib, const Words& words, const std::string& usual) {
  for (const std::string& word : words) {
    if (!word.starts_with("id=")) continue;
    if (Find(cib.Section("alerts"), ValueOf(word))) cib.Fault("there is `" + ValueOf(word) + "` already");
    return ValueOf(word);
  }
  return cib.Unused(usual);
}

// An alert or a recipient; a fault, and null, without one.
xml_node Named(PcsCib& cib, const char* tag, const std::string& id) {
  const xml_node found = Find(cib.Section("alerts"), id);
  if (found && TagOf(found) == tag) return found;
  cib.Fault(std::string("there is no ") + tag + " `" + id + "`");
  return {};
}

void Remove(PcsCib& cib, const char* tag, const Words& ids) {
  for (const std::string& id : ids) {
    if (xml_node element = Named(cib, tag, id)) element.parent().remove_child(element);
  }
}

}  // namespace

void Alert(PcsCib& cib, const Words& w) {
  const std::string id = NewId(cib, From(w, 2), "alert");
  xml_node alert = cib.Section("alerts").append_child("alert");
  SetId(alert, id);
  AlertParts(cib, alert, Split(w, 2, {"options", "meta"}));
  if (!alert.attribute("path")) cib.Fault("`pcs alert create` names no path");
}

void Recipient(PcsCib& cib, const Words& w) {
  xml_node alert = Named(cib, "alert", w[3]);
  if (!alert) return;
  const std::string id = NewId(cib, From(w, 4), w[3] + "-recipient");
  xml_node recipient = alert.append_child("recipient");
  SetId(recipient, id);
  AlertParts(cib, recipient, Split(w, 4, {"options", "meta"}));
  if (!recipient.attribute("value")) cib.Fault("`pcs alert recipient add` names no recipient");
}

void UpdateAlert(PcsCib& cib, const Words& w) {
  if (xml_node alert = Named(cib, "alert", w[2])) AlertParts(cib, alert, Split(w, 3, {"options", "meta"}));
}
void UpdateRecipient(PcsCib& cib, const Words& w) {
  if (xml_node one = Named(cib, "recipient", w[3])) AlertParts(cib, one, Split(w, 4, {"options", "meta"}));
}
void RemoveAlert(PcsCib& cib, const Words& w) {
  Remove(cib, "alert", From(w, 2));
}
void RemoveRecipient(PcsCib& cib, const Words& w) {
  Remove(cib, "recipient", From(w, 3));
}

}  // namespace picket::compiler::import::pcs
