// `picket bootstrap FILE --undo`.
#pragma once

#include <functional>
#include <string>

#include "cli/nodes_round.h"

namespace picket::cli {

struct UndoOptions {
  Host way;
  bool restart = false;  // a cluster that was at work before may stop
  std::chrono::seconds wait{120};
  std::string format = "text";
  // Asks whether it is meant; true: go on. Else `status` is the exit status.
  std::function<bool(int& status)> agreed;
};

// Gives the exit status. `round` has been probed.
int UndoBootstrap(const Round& round, const compiler::Topology& topology, const UndoOptions& options);

}  // namespace picket::cli
