// Which name/value pairs of a configuration are secret beyond what their names say: a list of their ids, kept as a
// cluster option, which the solver does not know and leaves alone.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <pugixml.hpp>

namespace picket::runtime {

// `configuration` is that element of a CIB. Adds to what is marked already; nothing happens without ids.
void MarkSecretPairs(pugi::xml_node configuration, const std::vector<std::string>& ids);
std::set<std::string> SecretPairs(pugi::xml_node configuration);

}  // namespace picket::runtime
