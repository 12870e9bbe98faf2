#include <algorithm>

#include "compiler/import/pcs_commands.h"

namespace picket::compiler::import::pcs {

using pugi::xml_node;

namespace {

bool Agent(PcsCib& cib, xml_node element, const std::string& name, bool stonith) {
  std::string full = stonith && name.find(':') == std::string::npos ? "stonith:" + name : name;
  if (full.find(':') == std::string::npos) full = cib.resolve(name);
  if (full.starts_with("ocf::")) full = "ocf:" + full.substr(5);
  const std::size_t first = full.find(':'), last = full.rfind(':');
  if (full.starts_with("ocf:") && first == last) {
    cib.Fault("`" + name + "` is no agent");
    return false;
  }
  // A unit of systemd may have colons of its own.
  const bool provider = full.starts_with("ocf:");
  element.append_attribute("class") = full.substr(0, first).c_str();
  if (provider) element.append_attribute("provider") = full.substr(first + 1, last - first - 1).c_str();
  element.append_attribute("type") = full.substr((provider ? last : first) + 1).c_str();
  return true;
}

// `--group g --before x`, or `group g before x` as later versions have it.
void IntoGroup(PcsCib& cib, const std::string& id, const Sections& parts) {
  Place place{cib.OptionValue("--before"), cib.OptionValue("--after")};
  std::string group = cib.OptionValue("--group");
  if (const auto found = parts.find("group"); found != parts.end() && !found->second.empty()) {
    const Words& words = found->second;
    group = words[0];
    if (words.size() == 3 && words[1] == "before") place.before = words[2];
    if (words.size() == 3 && words[1] == "after") place.after = words[2];
  }
  if (!group.empty()) AddToGroup(cib, group, {id}, place);
}

}  // namespace

void Create(PcsCib& cib, const Words& w) {
  const bool stonith = w[0] == "stonith";
  xml_node element = cib.Element("resources", "primitive", w[2]);
  Agent(cib, element, w[3], stonith);
  const Sections parts = Split(w, 4, {"op", "meta", "clone", "promotable", "bundle", "group"});
  for (const auto& [keyword, words] : parts) {
    if (keyword.empty()) cib.Pairs(element, "instance_attributes", words);
    if (keyword == "op") Operations(cib, element, words);
    if (keyword == "meta") cib.Pairs(element, "meta_attributes", words);
  }
  if (!cib.HasOption("--no-default-ops") && !stonith) {
    cib.Skip("operations that the agent of `" + w[2] + "` suggests: pcs would add them, without `--no-default-ops`");
  } else if (!element.child("operations").find_child_by_attribute("op", "name", "monitor")) {
    cib.Skip("the monitor that the agent of `" + w[2] + "` suggests: pcs would add it, as the command has none");
  }
  if (cib.HasOption("--disabled")) cib.Pairs(element, "meta_attributes", {"target-role=Stopped"});
  for (const char* keyword : {"clone", "promotable"}) {
    const auto found = parts.find(keyword);
    if (found == parts.end()) continue;
    Words call = {"resource", keyword, w[2]};
    call.insert(call.end(), found->second.begin(), found->second.end());
    Clone(cib, call);
  }
  IntoGroup(cib, w[2], parts);
  if (const auto bundle = parts.find("bundle"); bundle != parts.end() && !bundle->second.empty()) {
    xml_node into = cib.Resource(bundle->second[0]);
    if (std::string_view(into.name()) == "bundle")
      into.append_move(element);
    else if (into)
      cib.Fault("`" + bundle->second[0] + "` is no bundle");
  }
}

void Update(PcsCib& cib, const Words& w) {
  xml_node element = cib.Resource(w[2]);
  if (!element) return;
  const bool clone = TagOf(element) == "clone", primitive = TagOf(element) == "primitive";
  if (!clone && !primitive)
    return cib.Fault("`" + w[2] + "` is neither a primitive nor a clone, which `update` is for");
  for (const auto& [keyword, words] : Split(w, 3, {"op", "meta"})) {
    if (keyword.empty()) cib.Pairs(element, clone ? "meta_attributes" : "instance_attributes", words);
    if (keyword == "meta") cib.Pairs(element, "meta_attributes", words);
    if (keyword != "op") continue;
    if (primitive)
      UpdateOperations(cib, element, words);
    else
      cib.Fault("the clone `" + w[2] + "` has no operations of its own");
  }
}

void Meta(PcsCib& cib, const Words& w) {
  if (xml_node element = cib.Resource(w[2])) cib.Pairs(element, "meta_attributes", From(w, 3));
}

void Utilization(PcsCib& cib, const Words& w) {
  if (xml_node element = cib.Resource(w[2])) cib.Pairs(element, "utilization", From(w, 3));
}

}  // namespace picket::compiler::import::pcs
