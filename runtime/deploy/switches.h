// What turns a switch off that a person has turned on: standby and maintenance of a node, maintenance of the cluster.
//
// picketd keeps such a switch beside the policy. The switch is off when it goes away; a switch that says `off` would be
// a difference between the live cluster and the policy for ever. Only where the policy itself turns the switch on, a
// word against the policy has to stay.
#pragma once

#include <optional>
#include <string>

namespace picket::runtime {

// `cib`: the policy's own, as text (Hard::cib). `node`: by name, in either case; empty for a cluster option. `off`: how
// this switch says that it is off. Returns the value to be set, or nothing if the switch is to be erased.
std::optional<std::string> ValueThatEnds(const std::string& cib, const std::string& node, const std::string& name,
                                         const std::string& off);

}  // namespace picket::runtime
