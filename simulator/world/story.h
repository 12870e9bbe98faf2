// The story: what happened in one simulated history, in order of time.
//
// Plain data that verdicts are decided on and that people read. Words are made in simulator/scenario; nothing
// here knows about expectations.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace picket::simulator {

enum class EventKind : uint8_t {
  kClusterStarts,
  kFault,       // what a test did to the cluster; text says it
  kNodeDies,    // power lost, at that moment
  kNodeLost,    // the others notice
  kNodeLeaves,  // a clean departure
  kNodeJoins,
  kQuorumChanges,  // text: `lost` or `regained`
  kActionBegins,
  kActionDone,   // rc is what was expected
  kActionFails,  // rc is something else, or the operation timed out
  kActionLost,   // its node died under it
  kFenceBegins,
  kFenceCall,  // a device was used, from the node that `instance` names; rc 0: it says that it worked
  kFenced,     // node is off or was reset; device did it
  kFenceFails,
  kServiceFails,    // a service stops serving; nobody has noticed yet
  kFailureNoticed,  // a recurring monitor found its resource failed
  kNote,            // anything a reader should know; text says it
};

struct StoryEvent {
  int64_t time_ms = 0;  // since the cluster started
  EventKind kind = EventKind::kNote;
  std::string resource;   // configured id of the primitive
  std::string instance;   // history name, `x:1` for unique instances
  std::string operation;  // `start`, `monitor`, …
  uint32_t interval_ms = 0;
  std::string node;
  std::string device;  // of fencing events
  int rc = 0;
  bool timed_out = false;
  std::string text;
};

using Story = std::vector<StoryEvent>;

}  // namespace picket::simulator
