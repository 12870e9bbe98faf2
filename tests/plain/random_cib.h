// Random clusters: configurations and histories that use most of what the solver knows, from a seed.
//
// What comes out need not make sense to an administrator; it must be readable, small, and full of the things
// that meet badly: clones before groups before bundles, failures on nodes that are lost, migrations half
// done.
#pragma once

#include <cstdint>
#include <string>

namespace picket::tests {

// The same seed gives the same text in every program of one build.
std::string RandomCib(uint32_t seed);

}  // namespace picket::tests
