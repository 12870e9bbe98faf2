// Passwords that a configuration holds in clear.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace picket::compiler::import {

/// Parameters of resources that hold one, as "`passwd` of `ipmi-n1`". The name of the parameter decides. Empty for a
/// text that is no XML.
std::vector<std::string> PasswordsInClear(std::string_view cib);

}  // namespace picket::compiler::import
