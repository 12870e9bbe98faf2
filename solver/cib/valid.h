// Whether a CIB has the shape that Pacemaker's schemas demand: which elements stand in which, what they must
// have, ids.
//
// One table for all releases, so it allows what any of them allows: a CIB that some Pacemaker accepts is
// valid here. What it does not look at: attributes that no schema knows, and texts that are read leniently
// anyway (numbers, dates). Spec 01 §2.4 says when a document is validated.
#pragma once

#include <cstddef>
#include <pugixml.hpp>
#include <string>
#include <vector>

namespace picket::solver {

struct CibFault {
  pugi::xml_node element;
  std::string what;  // of the element: `has no <constraints>`, `has the id ip, which stands before`
  // The element as a path with ids: `/cib/configuration/resources/group[@id='g']`.
  std::string Where() const;
};

// None: the document is valid. One whose validate-with is `none` is valid whatever it has.
std::vector<CibFault> FindFaults(const pugi::xml_document& document);

}  // namespace picket::solver
