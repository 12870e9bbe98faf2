// What picketd cannot carry out yet: named before anything is changed, never left out in silence.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <vector>

namespace picket::runtime {

struct Refusal {
  std::string id;    // of the element; empty if it has none
  std::string what;  // "`web` is a bundle, and picketd runs no containers yet"
};

// In document order. `document` is a CIB in any schema.
std::vector<Refusal> RefusalsOf(const pugi::xml_document& document);

}  // namespace picket::runtime
