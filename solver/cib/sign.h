// What a cluster writes into a configuration that nobody ran before.
#pragma once

#include <pugixml.hpp>

#include "solver/model/behaviour.h"

namespace picket::solver {

// Sets the feature set of the release that takes the document up, where it has none. Releases before 3.0 read fail
// counts in a way of long ago where it is missing (spec 07).
void SignDocument(pugi::xml_document& document, const Target& target);

}  // namespace picket::solver
