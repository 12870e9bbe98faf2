// What must not be seen in a page: passwords and other secrets, by the names of their parameters and by the marks of
// the configuration. One rule for what `picket report` puts into a page and for what is dropped on one.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

namespace picket::web {

// The text of a policy with `********` in the place of values whose names say that they are secret.
std::string WithoutSecrets(std::string_view policy);
// The same in a CIB; `cib` is its root.
void MaskSecrets(pugi::xml_node cib);

}  // namespace picket::web
