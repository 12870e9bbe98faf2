// Rules as pcs writes them: `a eq 1 and (b gt integer 3 or date-spec hours=1-3)`.
#pragma once

#include <functional>
#include <pugixml.hpp>
#include <string>
#include <vector>

namespace picket::compiler::import {

/// Puts the conditions in `words` into a rule. Words may hold several conditions and brackets, as one that
/// was quoted does. `tell` gets what was not understood.
void ReadPcsRule(pugi::xml_node rule, const std::vector<std::string>& words,
                 const std::function<void(const std::string&)>& tell);

}  // namespace picket::compiler::import
