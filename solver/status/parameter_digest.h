// The digest of a set of parameters, as the cluster stores it with every recorded operation (spec 02 §17.2).
#pragma once

#include <string>

#include "solver/model/table.h"

namespace picket::solver {

// Lower-case hex MD5 of the canonical XML text of the parameters, given in any order.
std::string ParameterDigest(const Table& params);

}  // namespace picket::solver
