// The recorder: what the solver says while it decides, as data in the order in which it happened.
//
// Nothing in solver/ prints. Score blocks (spec 03 §15), promotion lines, utilization lines and log messages are
// events; simulator/text makes the words. A null Recorder* costs one test. Marks and roll-back follow the
// specification's own undoing: a rolled-back reason stays as "tried and taken back".
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "solver/model/ids.h"
#include "solver/model/score.h"

namespace picket::solver {

enum class ScoreStage : uint8_t { kPrimitive, kGroup, kClone, kBundle };  // pcmk__primitive_assign, …

// One `STAGE: RSC allocation score on NODE: SCORE`.
struct ScoreLine { ScoreStage stage; ResourceId resource; NodeId node; Score score; };
// `RSC promotion score on NODE: SCORE`; without node: inactive.
struct PromotionLine { ResourceId resource; NodeId node; Score score; };
struct CapacityLine {  // `Original:` / `Remaining:`
  bool original;
  NodeId node;
  std::vector<std::pair<std::string, int64_t>> values;  // in the order they print
};
struct UtilizationLine {
  ResourceId resource;
  NodeId node;
  std::vector<std::pair<std::string, int64_t>> values;
};
enum class LogLevel : uint8_t { kError, kWarning, kNotice, kInfo, kOutput };  // kOutput: to stdout while scoring
struct LogLine { LogLevel level; std::string text; };

// A contribution to a decision (issue: `picket why`). `cause_*` name the configuration element and its attribute.
struct ReasonEvent {
  std::string what;      // `location`, `stickiness`, `colocation`, `failcount`, `ban`, `ticket`, …
  ResourceId resource;
  NodeId node;
  Score before, after;
  std::string cause_id;  // id of the constraint, option name, history entry
  bool taken_back = false;
};

using Event = std::variant<ScoreLine, PromotionLine, CapacityLine, UtilizationLine, LogLine, ReasonEvent>;

class Recorder {
 public:
  bool scores = false;       // listen to score, promotion lines
  bool utilization = false;  // listen to capacity and utilization lines
  bool log = false;          // listen to log messages
  bool reasons = false;      // listen to reasons

  void Add(Event event) { events_.push_back(std::move(event)); }
  // Made in place, which also keeps gcc 12 from warning about the members of a variant that are not there.
  template <typename T>
  void Add(T event) {
    events_.emplace_back(std::in_place_type<T>, std::move(event));
  }
  // A message, if somebody listens to them.
  void Log(LogLevel level, std::string text) {
    if (log) Add(LogLine{level, std::move(text)});
  }
  const std::vector<Event>& events() const { return events_; }
  void Clear() { events_.clear(); }

  // Reasons recorded since `mark` were undone by the specification.
  size_t Mark() const { return events_.size(); }
  void TakeBack(size_t mark) {
    for (size_t i = mark; i < events_.size(); ++i) {
      if (auto* reason = std::get_if<ReasonEvent>(&events_[i])) reason->taken_back = true;
    }
  }

 private:
  std::vector<Event> events_;
};

}  // namespace picket::solver
