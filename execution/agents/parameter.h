// Parameters of a primitive as its agent reads them, where no rule decides.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "solver/model/cluster.h"

namespace picket::execution {

// The first value without a rule; `fallback` if there is none.
std::string ParameterOf(const solver::ResourceDef& primitive, std::string_view name, std::string fallback = {});

// How many words a list of names has; blanks and commas part them.
int64_t WordsIn(std::string_view text);

}  // namespace picket::execution
