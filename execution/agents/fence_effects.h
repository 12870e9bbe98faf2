// What fence agents really do to a node, where it is not the usual: its power is cut (spec 08 §14.5, §16.4).
#pragma once

#include <cstdint>
#include <string_view>

#include "solver/model/table.h"

namespace picket::execution {

struct FenceEffect {
  enum class What : uint8_t {
    kPower,    // the node loses its power, or is reset
    kAccess,   // its way to the storage or the network is shut; the node runs on
    kNothing,  // the agent only looks whether the others may be used
    kCrashed,  // it waits for the node's crash kernel, and says no if none speaks
  };
  What what = What::kPower;
  int64_t takes_ms = -1;  // negative: as long as any other
};

// Of `fence_kdump`, with the device's parameters. `sbd_message_ms`: how long SBD waits for a message to be read.
FenceEffect FenceEffectOf(std::string_view agent, const solver::Table& parameters, int64_t sbd_message_ms);

}  // namespace picket::execution
