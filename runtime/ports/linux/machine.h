// The machine: the core of picketd on a real Linux, as one event loop.
//
// Everything that blocks has a thread of its own (disk, solver, Corosync) and comes back as an event. Folders: `run`
// is for what belongs to this boot (socket, session, lock, tools), `state` for what must survive it.
#pragma once

#include <string>

#include "runtime/executor/invocation.h"

namespace picket::runtime {

struct MachineOptions {
  Settings settings;  // tools and socket are filled in from `run`
  std::string run_folder;
  std::string state_folder;
  std::string tool_program;   // what the tools' names lead to
  std::string log;            // a file for the log; empty: standard error
  std::string watchdog;       // a device that resets the machine unless it is told every few seconds not to; or none
  bool group = false;         // join the others on Corosync; else this is a group of one
  std::string configuration;  // a CIB to put in force
  std::string source;
};

// Runs until told to leave; gives the exit status. Complaints go to stderr.
int RunMachine(MachineOptions options);

}  // namespace picket::runtime
