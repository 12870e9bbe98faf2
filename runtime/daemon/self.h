// Who this daemon is: what it says of itself in hellos and in whatever is signed with a name.
//
// The core writes it, all rooms read it. The name may turn out to be another one when Corosync is there
// (Core::Rename); the rest is known from the start.
#pragma once

#include <string>

#include "solver/model/text.h"

namespace picket::runtime {

struct Self {
  std::string node;         // the name of this node
  bool grouped = false;     // one among many, on Corosync; otherwise a group of one
  std::string boot_id;      // of the machine
  std::string incarnation;  // of this start of the daemon: never the same twice

  // A policy may spell the name in another case.
  bool Is(const std::string& name) const { return solver::EqualFolded(name, node); }
};

}  // namespace picket::runtime
