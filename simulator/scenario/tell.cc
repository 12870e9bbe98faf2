// The story in words.
#include <cstdio>

#include "simulator/scenario/play.h"

namespace picket::simulator {
namespace {

std::string Clock(int64_t ms) {
  char text[32];
  std::snprintf(text, sizeof text, "%7lld.%03lld", static_cast<long long>(ms / 1000),
                static_cast<long long>(ms % 1000));
  return text;
}

std::string Operation(const StoryEvent& event) {
  std::string text = event.operation + " of " + event.instance;
  if (event.interval_ms > 0)
    text = "monitor of " + event.instance + " every " + std::to_string(event.interval_ms / 1000) + "s";
  return text + " on " + event.node;
}

// Empty: the event says nothing that a reader misses.
std::string Words(const StoryEvent& event, bool with_devices) {
  const std::string failure = event.timed_out ? "times out" : "fails with exit code " + std::to_string(event.rc);
  switch (event.kind) {
    case EventKind::kClusterStarts:
    case EventKind::kNodeDies:
    case EventKind::kNodeLost:
    case EventKind::kNodeLeaves:
    case EventKind::kNodeJoins:
    case EventKind::kQuorumChanges:
      return event.text;
    case EventKind::kNote:
      return (event.resource.empty() ? "note: " : "") + event.text;
    case EventKind::kFault:
      return "fault: " + event.text;
    case EventKind::kActionBegins:
    case EventKind::kServiceFails:
      return "";
    case EventKind::kActionDone:
      if (event.operation == "notify" || event.operation == "monitor") return "";
      if (!event.device.empty() && !with_devices) return "";
      return Operation(event);
    case EventKind::kActionFails:
      return Operation(event) + " " + failure;
    case EventKind::kActionLost:
      return event.operation + " of " + event.resource + " on " + event.node + " is lost with the node";
    case EventKind::kFenceBegins:
      return "fencing " + event.node + " (" + event.text + ") by " +
             (event.device.empty() ? "no device that reaches it" : event.device);
    case EventKind::kFenceCall:
      return event.rc == 0
                 ? ""
                 : event.device + " on " + event.instance + (event.timed_out ? " hangs until its timeout" : " fails");
    case EventKind::kFenced:
      return event.node + " is fenced by " + (event.device.empty() ? "its own watchdog" : event.device);
    case EventKind::kFenceFails:
      return "fencing of " + event.node + " fails" +
             (event.device.empty() ? "" : " (last tried: " + event.device + ")");
    case EventKind::kFailureNoticed:
      return Operation(event) + " " + failure;
  }
  return "";
}

}  // namespace

std::string TellStory(const Story& story, size_t begin, bool with_devices) {
  std::string text;
  for (size_t i = begin; i < story.size(); ++i) {
    const std::string words = Words(story[i], with_devices);
    if (!words.empty()) text += Clock(story[i].time_ms) + "  " + words + "\n";
  }
  return text;
}

}  // namespace picket::simulator
