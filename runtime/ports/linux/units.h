// systemd's units, over D-Bus: started, stopped, and asked how they are.
//
// To start or stop is to give systemd a job and wait until it says that the job is gone; what counts then is the
// state in which the unit really is. A state in between (activating, deactivating) is waited out: the executor's
// timeout ends that. When D-Bus goes away meanwhile, the state is asked for until there is an answer. Nothing here
// blocks; a machine without systemd is told apart from one whose systemd does not answer.
//
// Answers are those of an OCF agent: 0 for done or active, 7 for inactive, failed units among them (nothing of such
// a unit runs, and the reason says that it failed), 5 for a unit that is not there, 1 for all else.
//
// At a shutdown of the machine systemd stops units in its own order, and picketd knows of it only afterwards. A unit
// that must not go before picketd wants `Before=picketd.service` in a drop-in of its own: units are stopped in the
// reverse order of their start. Nothing here writes such files.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/ports/effects.h"
#include "runtime/ports/events.h"

namespace picket::runtime {

class Units {
 public:
  Units();
  ~Units();
  Units(const Units&) = delete;
  Units& operator=(const Units&) = delete;

  // Readable when there is something to do.
  int fd() const;
  void Ready(std::vector<Event>& events);

  void Do(const CallUnit& call, std::vector<Event>& events);
  // Of a run that is none of these, nothing.
  void Do(const Kill& kill, std::vector<Event>& events);

 private:
  class Bus;
  std::unique_ptr<Bus> bus_;
};

}  // namespace picket::runtime
