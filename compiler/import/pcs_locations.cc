#include "compiler/import/pcs_commands.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::import::pcs {

using pugi::xml_node;

namespace {

std::string Bare(const std::string& resource) {
  const std::size_t percent = resource.find('%');
  return percent == std::string::npos ? resource : resource.substr(percent + 1);
}

void LocationOf(PcsCib& cib, xml_node element, std::string resource) {
  if (resource.starts_with("regexp%")) {
    element.append_attribute("rsc-pattern") = resource.c_str() + 7;
    return;
  }
  if (resource.starts_with("resource%")) resource.erase(0, 9);
  if (resource.starts_with("%")) resource.erase(0, 1);
  element.append_attribute("rsc") = resource.c_str();
  cib.Refer(resource);
}

// `[id=] [role=] [score=] … CONDITIONS` into a location.
void AddRuleTo(PcsCib& cib, xml_node element, const Words& words) {
  std::size_t at = 0;
  std::string id, score = "INFINITY";
  Words of_rule;
  for (; at < words.size() && IsPair(words[at]) && words[at].find(' ') == std::string::npos; ++at) {
    const std::string name = NameOf(words[at]), value = ValueOf(words[at]);
    if (name == "constraint-id")
      SetId(element, value);
    else if (name == "resource-discovery")
      element.append_attribute("resource-discovery") = value.c_str();
    else if (name == "id")
      id = value;
    else if (name == "score")
      score = value;
    else if (name == "role" && !RoleOf(value).empty())
      of_rule.push_back("role=" + RoleOf(value));
    else
      of_rule.push_back(words[at]);
  }
  for (const std::string& word : of_rule) {
    if (NameOf(word) == "score-attribute") score.clear();
  }
  if (id.empty()) id = cib.Unused(IdOf(element) + "-rule");
  xml_node rule = cib.Rule(element, id, score, From(words, at));
  cib.Attributes(rule, of_rule);
}

void LocationRule(PcsCib& cib, const Words& w) {
  xml_node element = cib.Element("constraints", "rsc_location", cib.Unused(AsXmlId("location-" + Bare(w[2]))));
  LocationOf(cib, element, w[2]);
  AddRuleTo(cib, element, From(w, 4));
}

}  // namespace

void Score(PcsCib& cib, xml_node element, const std::string& word) {
  const auto score = AsScore(word);
  if (!score) return cib.Fault("`" + word + "` is no score");
  element.append_attribute("score") = score->c_str();
}

void Location(PcsCib& cib, const Words& w) {
  if (w[2] == "add") {
    if (w.size() < 7) return cib.Fault("`pcs constraint location add` wants an id, a resource, a node, a score");
    xml_node element = cib.Element("constraints", "rsc_location", w[3]);
    LocationOf(cib, element, w[4]);
    cib.Node(w[5]);
    element.append_attribute("node") = w[5].c_str();
    Score(cib, element, w[6]);
    return cib.Attributes(element, From(w, 7));
  }
  if (w[3] == "rule") return LocationRule(cib, w);
  if (w[3] != "prefers" && w[3] != "avoids") return cib.Fault("`" + w[3] + "` is neither prefers, avoids nor rule");
  for (const std::string& word : From(w, 4)) {
    const std::string node = NameOf(word);
    std::string score = IsPair(word) ? ValueOf(word) : "INFINITY";
    if (w[3] == "avoids") score = score.starts_with("-") ? score.substr(1) : '-' + score;
    // Of a resource and a node there is one; the newer takes its place.
    for (const xml_node other : cib.Section("constraints").children("rsc_location")) {
      if (Bare(w[2]) != other.attribute("rsc").value() || node != other.attribute("node").value()) continue;
      cib.Section("constraints").remove_child(other);
      break;
    }
    xml_node element = cib.Element("constraints", "rsc_location",
                                   cib.Unused(AsXmlId("location-" + Bare(w[2]) + '-' + node + '-' + score)));
    LocationOf(cib, element, w[2]);
    cib.Node(node);
    element.append_attribute("node") = node.c_str();
    Score(cib, element, score);
  }
}

void AddRule(PcsCib& cib, const Words& w) {
  const xml_node element = Find(cib.Section("constraints"), w[3]);
  if (!element) return cib.Fault("there is no constraint `" + w[3] + "`");
  AddRuleTo(cib, element, From(w, 4));
}

// `ban R NODE` and `move-with-constraint R NODE`, as crm_resource writes them. Where no node is said, or a
// lifetime, it depends on the moment.
void Ban(PcsCib& cib, const Words& w) {
  const bool ban = w[1] == "ban";
  if (w.size() != 4 || IsPair(w[3]))
    return cib.Skip("what `pcs resource " + w[1] + " " + w[2] + "` does depends on where it runs, or on the time");
  if (!cib.Resource(w[2])) return;
  const std::string id = ban ? "cli-ban-" + w[2] + "-on-" + w[3] : "cli-prefer-" + w[2];
  xml_node constraints = cib.Section("constraints");
  constraints.remove_child(constraints.find_child_by_attribute("id", id.c_str()));
  xml_node element = cib.Element("constraints", "rsc_location", id);
  element.append_attribute("rsc") = w[2].c_str();
  element.append_attribute("role") = cib.HasOption("--promoted") ? "Promoted" : "Started";
  cib.Node(w[3]);
  element.append_attribute("node") = w[3].c_str();
  element.append_attribute("score") = ban ? "-INFINITY" : "INFINITY";
}

void ClearBans(PcsCib& cib, const Words& w) {
  if (!cib.Resource(w[2])) return;
  const std::string node = w.size() > 3 && !IsPair(w[3]) ? w[3] : "";
  xml_node constraints = cib.Section("constraints");
  for (xml_node one = constraints.child("rsc_location"), next; one; one = next) {
    next = one.next_sibling("rsc_location");
    const std::string id = IdOf(one), on = one.attribute("node").value();
    const bool ours = id == "cli-prefer-" + w[2] || id == "cli-ban-" + w[2] + "-on-" + on;
    if (ours && (node.empty() || node == on)) constraints.remove_child(one);
  }
}

}  // namespace picket::compiler::import::pcs
