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
struct ScoreLine {
  ScoreStage stage;
  ResourceId resource;
  NodeId node;
  Score score;
};
// `RSC promotion score on NODE: SCORE`; without node: inactive.
struct PromotionLine {
  ResourceId resource;
  NodeId node;
  Score score;
};
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
struct LogLine {
  LogLevel level;
  std::string text;
};

// A contribution to a decision (`picket why`): a score that changed, a ban, a resource that was blocked.
//
// `what` is one of: `location`, `stickiness`, `colocation`, `colocation-dependent` (what a dependent wishes of its
// primary), `failures` (migration-threshold), `failed-operation` (one that rules nodes out whatever the threshold),
// `blocked`, `ticket`, `shutdown-lock`, `target-role`, `discovery`, `instances`, `bundle`, `utilization`, `remote`,
// `removed`, `promotion-score`, `promotion-base`, `promotion-location`, `promotion-colocation`, `promotion-ticket`.
// A ban of a clone counts for its instances: it is told once, of the clone.
struct ReasonEvent {
  std::string what;
  ResourceId resource;
  NodeId node;  // none: wherever
  Score before, after;
  std::string cause_id;  // id of the constraint, option name, history entry
  bool taken_back = false;
  ResourceId via;      // of a colocation: the other resource
  std::string detail;  // what the element does not say: the failed operation, the amounts that do not fit
};

// What decided between the candidates for a primitive's node (spec 03 §12).
enum class ChoiceRule : uint8_t {
  kNoCandidate,     // no node has a score that allows it
  kOnlyCandidate,   // one has
  kScore,           // the highest score
  kStays,           // as good as the best, and it is there
  kAsked,           // as good as the best, and asked for: the migration target, the most capable node, a kept place
  kCapacity,        // equal scores: more capacity left (placement-strategy=balanced)
  kFewerResources,  // equal scores: fewer resources
  kCurrent,         // equal scores: it is there
  kName,            // nothing else: the order of names
  kUnmanaged,       // nobody decides
  kStopAll,         // stop-all-resources
};
struct ChoiceCandidate {
  NodeId node;
  Score score;
  bool available;
};
struct ChoiceEvent {
  ResourceId resource;
  NodeId chosen;  // none: nowhere
  ChoiceRule rule;
  NodeId runner_up;                         // the best of the others, if one was possible
  std::vector<ChoiceCandidate> candidates;  // best first
  bool taken_back = false;
};

// What became of an instance when roles were given (spec 04 §9.6), in the order in which they were considered.
enum class RoleRule : uint8_t {
  kPromoted,
  kNegative,     // its promotion score is below zero
  kEnough,       // promoted-max others came before
  kNotEligible,  // its node is not available, has its promoted-node-max, or it is unmanaged
  kFreeze,       // no quorum
};
struct RoleEvent {
  ResourceId instance;
  NodeId node;
  Score score;
  RoleRule rule;
};

using Event =
    std::variant<ScoreLine, PromotionLine, CapacityLine, UtilizationLine, LogLine, ReasonEvent, ChoiceEvent, RoleEvent>;

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

  // What was recorded since `mark` about the resources for which `of(ResourceId)` is true was undone by the
  // specification. A trial may have decided about others for good, whose reasons stand.
  size_t Mark() const { return events_.size(); }
  template <typename Test>
  void TakeBack(size_t mark, Test&& of) {
    for (size_t i = mark; i < events_.size(); ++i) {
      if (auto* reason = std::get_if<ReasonEvent>(&events_[i])) {
        if (of(reason->resource)) reason->taken_back = true;
      } else if (auto* choice = std::get_if<ChoiceEvent>(&events_[i])) {
        if (of(choice->resource)) choice->taken_back = true;
      }
    }
  }

 private:
  std::vector<Event> events_;
};

}  // namespace picket::solver
