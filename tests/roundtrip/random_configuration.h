// CIBs drawn at random from everything that a configuration may hold.
//
// The round trip is measured on them as it is on recorded ones: import has to
// lose nothing, whatever comes out of here. What is drawn follows the schemas
// of Pacemaker 3 and the coverage that the manual of the language promises,
// section by section; it has no status, since nothing is decided with it.
#pragma once

#include <cstdint>
#include <string>

namespace picket {

enum class Taste {
  /// What Pacemaker accepts and means something: all names are there, nothing
  /// is said twice, no order runs in a circle. The language has words for all
  /// of it, so import may not fall back on `xml`.
  kSound,
  /// What is found in the field: names of nothing, things said twice, empty
  /// blocks, comments, old spellings, values and ids of any characters.
  kWild,
};

/// The same text for the same seed, everywhere.
std::string RandomConfiguration(std::uint64_t seed, Taste taste);

}  // namespace picket
