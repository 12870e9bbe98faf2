// Whether a configuration that somebody wants in force can be used here, before it goes to the group.
//
// It has to be a CIB that composes with what was set by hand (Compose), without faults, and name our own node. What a
// policy means was checked by the compiler. Cost: the configuration, read twice.
#pragma once

#include <string>

#include "runtime/store/hard.h"

namespace picket::runtime {

// `hard`: the state that it would be applied to; `own_name`: a node that it has to have. Empty, or why it cannot be
// used.
std::string WhyUnusable(const std::string& cib, Hard hard, const std::string& own_name);

}  // namespace picket::runtime
