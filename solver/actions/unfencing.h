// What the fence devices that unfence say about a node: digests of their parameters, kept so that a changed device
// definition is seen and the node unfenced again (spec 02 §18).
#pragma once

#include <string>

#include "solver/model/run.h"

namespace picket::solver {

struct UnfencingDigests {
  std::string all;       // `ID:AGENT:DIGEST,` for each device
  std::string secure;    // the same without parameters that are secret or do not matter
  bool changed = false;  // some device differs from what the node was unfenced with
};

// Cost: all resources, and the parameters of the devices.
UnfencingDigests DigestsOfUnfencingDevices(Run& run, NodeId node);

}  // namespace picket::solver
