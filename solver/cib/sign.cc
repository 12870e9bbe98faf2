#include "solver/cib/sign.h"

#include <string>

namespace picket::solver {

void SignDocument(pugi::xml_document& document, const Target& target) {
  pugi::xml_node cib = document.document_element();
  if (cib.attribute("crm_feature_set")) return;
  cib.append_attribute("crm_feature_set") = std::string(target.feature_set()).c_str();
}

}  // namespace picket::solver
