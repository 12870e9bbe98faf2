// Which name/value pairs of a configuration are secret beyond what their names say: a list of their ids, kept as a
// cluster option, which the solver does not know and leaves alone.
#pragma once

#include <pugixml.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace picket::runtime {

// What stands in the place of a secret.
inline constexpr std::string_view kMask = "********";
// The text with the mask in the place of each of the values, none of which is empty.
std::string MaskValues(std::string text, const std::vector<std::string>& values);
// Whether a parameter or an attribute of that name is taken for a secret, whoever set it.
bool IsSecretName(std::string_view name);

// `configuration` is that element of a CIB. Adds to what is marked already; nothing happens without ids.
void MarkSecretPairs(pugi::xml_node configuration, const std::vector<std::string>& ids);
std::set<std::string> SecretPairs(pugi::xml_node configuration);

}  // namespace picket::runtime
