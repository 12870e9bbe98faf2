// Whether somebody asked a node to shut down.
#pragma once

#include <string>

#include "solver/model/node.h"

namespace picket::solver {

// The node's attribute `shutdown` says since when. (A remote node whose connection stays stopped is shutting down as
// well, and nobody may have asked.)
inline bool ShutdownRequested(const Node& node) {
  const std::string* value = node.attributes.Find("shutdown");
  return value && *value != "0";
}

}  // namespace picket::solver
