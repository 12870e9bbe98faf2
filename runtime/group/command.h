// A change of the hard state, fully spelled out: applying it needs no clock, no random number and no solver.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace picket::runtime {

// A new configuration: the text of a CIB.
struct ReplaceConfiguration {
  std::string cib;
  std::string source;  // where it came from, for people
};
// A permanent attribute of a node; without a value it is erased.
struct SetPermanent {
  std::string node;
  std::string name;
  std::optional<std::string> value;
};
// A cluster option over the policy's own; without a value the policy's own holds again.
struct SetProperty {
  std::string name;
  std::optional<std::string> value;
};
// A view with quorum begins with this one, so those who went on with quorum always have the higher number.
struct RecordMembers {
  std::vector<std::string> nodes;
};
using Command = std::variant<ReplaceConfiguration, SetPermanent, SetProperty, RecordMembers>;

}  // namespace picket::runtime
