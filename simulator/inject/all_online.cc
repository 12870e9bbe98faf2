#include "simulator/inject/all_online.h"

#include <string_view>

namespace picket::simulator {

namespace {

void Set(pugi::xml_node element, const char* name, const char* value) {
  pugi::xml_attribute attribute = element.attribute(name);
  if (!attribute) attribute = element.append_attribute(name);
  attribute.set_value(value);
}

}  // namespace

void BringAllOnline(pugi::xml_document& document) {
  pugi::xml_node cib = document.child("cib");
  pugi::xml_node status = cib.child("status");
  if (!status) status = cib.append_child("status");
  Set(cib, "have-quorum", "1");
  for (const pugi::xml_node node : cib.child("configuration").child("nodes").children("node")) {
    const std::string_view type = node.attribute("type").as_string("member");
    if (type != "member") continue;
    const char* id = node.attribute("id").value();
    if (!cib.attribute("dc-uuid")) Set(cib, "dc-uuid", id);
    pugi::xml_node state = status.append_child("node_state");
    Set(state, "id", id);
    Set(state, "uname", node.attribute("uname").value());
    Set(state, "in_ccm", "true");
    Set(state, "crmd", "online");
    Set(state, "join", "member");
    Set(state, "expected", "member");
    pugi::xml_node history = state.append_child("lrm");
    Set(history, "id", id);
    history.append_child("lrm_resources");
  }
}

}  // namespace picket::simulator
