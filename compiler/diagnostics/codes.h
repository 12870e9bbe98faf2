// The codes alone, without the registry's texts: for whoever asks only whether a code exists.
//
// codes.cc is made from registry.cc at build time, so there is one list.
#pragma once

#include <span>
#include <string_view>

namespace picket::compiler {

/// Every code, in the registry's order.
std::span<const std::string_view> CodesAlone();

/// Whether there is such a code.
bool IsCode(std::string_view code);

}  // namespace picket::compiler
