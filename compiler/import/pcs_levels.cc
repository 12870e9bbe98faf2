#include <algorithm>

#include "compiler/import/pcs_commands.h"

namespace picket::compiler::import::pcs {

using pugi::xml_node;

namespace {

// `n1`, `node%n1`, `regexp%n.*`, `attrib%rack=1` as attributes of a level; the word without what stands
// before `%`.
std::string TargetOf(xml_node level, std::string target) {
  if (target.starts_with("regexp%")) {
    level.append_attribute("target-pattern") = target.c_str() + 7;
  } else if (target.starts_with("attrib%") && target.find('=') != std::string::npos) {
    target.erase(0, 7);
    level.append_attribute("target-attribute") = NameOf(target).c_str();
    level.append_attribute("target-value") = ValueOf(target).c_str();
  } else {
    if (target.starts_with("node%")) target.erase(0, 5);
    if (target.starts_with("%")) target.erase(0, 1);
    level.append_attribute("target") = target.c_str();
  }
  return target;
}

}  // namespace

void Level(PcsCib& cib, const Words& w) {
  xml_node level = cib.Section("fencing-topology").append_child("fencing-level");
  level.append_attribute("index") = w[3].c_str();
  std::string devices;
  for (const std::string& word : From(w, 5)) {
    if (word.starts_with("id=")) {
      SetId(level, word.substr(3));
      continue;
    }
    devices += (devices.empty() ? "" : ",") + word;
    for (const std::string& device : Names(word, ",")) cib.Refer(device);
  }
  level.append_attribute("devices") = devices.c_str();
  const std::string target = TargetOf(level, w[4]);
  if (level.attribute("target")) cib.Node(target);
  if (!level.attribute("id")) SetId(level, AsXmlId("fl-" + target + '-' + w[3]));
}

// `level remove INDEX [target T] [stonith DEVICE …]`; older scripts have neither word.
void RemoveLevel(PcsCib& cib, const Words& w) {
  const bool worded = w.size() > 4 && (w[4] == "target" || w[4] == "stonith");
  std::string target, devices;
  std::size_t at = 4;
  if (!worded && at < w.size()) target = w[at++];
  if (worded && w[at] == "target" && at + 1 < w.size()) target = w[at + 1], at += 2;
  if (worded && at < w.size() && w[at] == "stonith") ++at;
  for (const std::string& word : From(w, at)) devices += (devices.empty() ? "" : ",") + word;
  pugi::xml_document apart;
  xml_node wanted = apart.append_child("fencing-level");
  if (!target.empty()) TargetOf(wanted, target);
  bool any = false;
  xml_node levels = cib.Section("fencing-topology");
  for (xml_node level = levels.first_child(), next; level; level = next) {
    next = level.next_sibling();
    bool same =
        w[3] == level.attribute("index").value() && (devices.empty() || devices == level.attribute("devices").value());
    for (const pugi::xml_attribute one : wanted.attributes())
      same = same && std::string_view(one.value()) == level.attribute(one.name()).value();
    if (same) any = levels.remove_child(level);
  }
  if (!any) cib.Fault("there is no such fencing level");
}

// `level clear [target T | stonith D …]`; older scripts have only the word.
void ClearLevels(PcsCib& cib, const Words& w) {
  xml_node levels = cib.Section("fencing-topology");
  const bool worded = w.size() > 4 && (w[3] == "target" || w[3] == "stonith");
  const Words rest = From(w, worded ? 4 : 3);
  std::string devices;
  for (const std::string& word : rest) devices += (devices.empty() ? "" : ",") + word;
  const bool by_target = !worded || w[3] == "target", by_device = !worded || w[3] == "stonith";
  pugi::xml_document apart;
  xml_node wanted = apart.append_child("fencing-level");
  if (!rest.empty() && by_target) TargetOf(wanted, rest[0]);
  bool any = false;
  for (xml_node level = levels.first_child(), next; level; level = next) {
    next = level.next_sibling();
    bool same = rest.empty() || (by_device && devices == level.attribute("devices").value());
    same = same || (by_target && std::all_of(wanted.attributes_begin(), wanted.attributes_end(), [&](const auto& one) {
                      return std::string_view(one.value()) == level.attribute(one.name()).value();
                    }));
    if (same) any = levels.remove_child(level);
  }
  if (!any && worded) cib.Fault("there is no such fencing level");
}

}  // namespace picket::compiler::import::pcs
