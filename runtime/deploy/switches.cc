#include "runtime/deploy/switches.h"

#include <pugixml.hpp>

#include "solver/cib/values.h"
#include "solver/model/text.h"

namespace picket::runtime {
namespace {

using pugi::xml_node;

bool TurnsOn(xml_node owner, const char* set, const std::string& name) {
  for (const xml_node pairs : owner.children(set)) {
    for (const xml_node pair : pairs.children("nvpair")) {
      if (pair.attribute("name").value() == name && solver::IsTrue(pair.attribute("value").value())) return true;
    }
  }
  return false;
}

}  // namespace

std::optional<std::string> ValueThatEnds(const std::string& cib, const std::string& node, const std::string& name,
                                         const std::string& off) {
  pugi::xml_document document;
  document.load_string(cib.c_str());
  const xml_node configuration = document.document_element().child("configuration");
  bool is_on = false;
  if (node.empty()) {
    is_on = TurnsOn(configuration.child("crm_config"), "cluster_property_set", name);
  } else {
    for (const xml_node entry : configuration.child("nodes").children("node")) {
      if (solver::EqualFolded(entry.attribute("uname").value(), node)) {
        is_on = is_on || TurnsOn(entry, "instance_attributes", name);
      }
    }
  }
  return is_on ? std::optional(off) : std::nullopt;
}

}  // namespace picket::runtime
