#include "compiler/import/pcs_commands.h"

namespace picket::compiler::import::pcs {

using pugi::xml_node;

namespace {

void RemoveSets(PcsCib& cib, const char* section, const Words& ids) {
  for (const std::string& id : ids) {
    const xml_node block = Find(cib.Section(section), id);
    if (!cib.Section(section).remove_child(block)) cib.Fault("there is no set `" + id + "`");
  }
}

void UpdateSet(PcsCib& cib, const char* section, const Words& w) {
  const xml_node block = w.empty() ? xml_node() : Find(cib.Section(section), w[0]);
  if (!block) return cib.Fault("there is no set" + (w.empty() ? std::string() : " `" + w[0] + "`"));
  for (const std::string& word : From(w, w.size() > 1 && w[1] == "meta" ? 2 : 1)) {
    if (!IsPair(word)) return cib.Fault("`" + word + "` is no NAME=VALUE");
    Pair(block, NameOf(word), ValueOf(word));
  }
}

}  // namespace

// `resource [op] defaults [update] a=b` and `… set create [id= score=] [meta a=b] [rule …]`.
void Defaults(PcsCib& cib, const Words& w) {
  const bool op = w[1] == "op";
  const char* section = op ? "op_defaults" : "rsc_defaults";
  std::size_t at = op ? 3 : 2;
  const Words rest = From(w, at);
  if (Is(rest, {"set", "delete"}) || Is(rest, {"set", "remove"})) return RemoveSets(cib, section, From(rest, 2));
  if (Is(rest, {"set", "update"})) return UpdateSet(cib, section, From(rest, 2));
  if (!Is(rest, {"set", "create"})) {
    at += !rest.empty() && rest[0] == "update" ? 1 : 0;
    if (cib.Section(section).first_child() != cib.Section(section).last_child())
      return cib.Fault("there are several sets; `set update` says which one");
    return cib.Pairs(cib.Section(section), "meta_attributes", From(w, at), std::string(section) + "-meta_attributes");
  }
  const Sections parts = Split(rest, 2, {"meta", "rule"});
  xml_node block = cib.Section(section).append_child("meta_attributes");
  SetId(block, cib.Unused(std::string(section) + "-meta_attributes"));
  for (const auto& [keyword, words] : parts) {
    if (keyword.empty()) cib.Attributes(block, words);
  }
  if (const auto rule = parts.find("rule"); rule != parts.end())
    cib.Rule(block, IdOf(block) + "-rule", "INFINITY", rule->second);
  if (const auto meta = parts.find("meta"); meta != parts.end()) {
    for (const std::string& word : meta->second) Pair(block, NameOf(word), ValueOf(word));
  }
}

void Property(PcsCib& cib, const Words& w) {
  cib.Pairs(cib.Section("crm_config"), "cluster_property_set", From(w, 2), "cib-bootstrap-options");
}

void NodeBlock(PcsCib& cib, const Words& w) {
  const bool attributes = w[1] == "attribute";
  cib.Pairs(cib.Node(w[2]), attributes ? "instance_attributes" : "utilization", From(w, 3),
            "nodes-" + w[2] + (attributes ? "" : "-utilization"));
}

void UnsetProperty(PcsCib& cib, const Words& w) {
  xml_node block = Find(cib.Section("crm_config"), "cib-bootstrap-options");
  for (const std::string& name : From(w, 2)) {
    if (!block.find_child_by_attribute("nvpair", "name", name.c_str()) && !cib.HasOption("--force"))
      cib.Fault("the property `" + name + "` is not set");
    Pair(block, name, "");
  }
}

}  // namespace picket::compiler::import::pcs
