// The story in words.
#include <algorithm>
#include <cstdio>
#include <vector>

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

struct Line {
  int64_t at_ms;
  std::string words;
};
using Lines = std::vector<Line>;

// How often the `length` lines from `at` on come one after the other before `end`.
size_t Rounds(const Lines& lines, size_t at, size_t length, size_t end) {
  size_t rounds = 1;
  const auto same = [&](size_t other) {
    return other + length <= end && std::equal(lines.begin() + static_cast<std::ptrdiff_t>(at),
                                               lines.begin() + static_cast<std::ptrdiff_t>(at + length),
                                               lines.begin() + static_cast<std::ptrdiff_t>(other),
                                               [](const Line& a, const Line& b) { return a.words == b.words; });
  };
  while (same(at + rounds * length)) ++rounds;
  return rounds;
}

// Nobody reads the same ten times: what comes again and again is told once, with how often it comes.
std::string Told(const Lines& lines, size_t begin, size_t end) {
  constexpr size_t kLongestRound = 12;
  constexpr size_t kFewRounds = 3;  // are told in full
  std::string text;
  for (size_t i = begin; i < end;) {
    size_t length = 1;
    size_t rounds = 1;
    for (; length <= kLongestRound && i + length <= end; ++length) {
      rounds = Rounds(lines, i, length, end);
      if (rounds > kFewRounds) break;
    }
    if (rounds <= kFewRounds) {
      text += Clock(lines[i].at_ms) + "  " + lines[i].words + "\n";
      ++i;
      continue;
    }
    text += Told(lines, i, i + length);
    text +=
        Clock(lines[i + rounds * length - 1].at_ms) + "  … the same, " + std::to_string(rounds - 1) + " times more\n";
    i += rounds * length;
  }
  return text;
}

}  // namespace

std::string TellStory(const Story& story, size_t begin, bool with_devices) {
  Lines lines;
  for (size_t i = begin; i < story.size(); ++i) {
    std::string words = Words(story[i], with_devices);
    if (!words.empty()) lines.push_back({story[i].time_ms, std::move(words)});
  }
  return Told(lines, 0, lines.size());
}

}  // namespace picket::simulator
