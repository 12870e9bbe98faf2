// The two transformations of older configurations (spec 01 §2.4, §2.5), applied in place and always: on a
// document that would not have needed one it changes nothing that decides anything.
#pragma once

#include <pugixml.hpp>

namespace picket::solver {

// 2.x spellings become those of 3.0.
void UpgradeFrom2(pugi::xml_document& document);
// 3.x constructs become those of 4.0.
void UpgradeFrom3(pugi::xml_document& document);

}  // namespace picket::solver
