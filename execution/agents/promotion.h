// How agents set promotion scores: models of well-known promotable agents, as data (spec 09 §12.1).
//
// A promotable clone is promoted only where its agent has set a score. Agents differ in who sets it, when,
// and how high; a world in which all agents are alike promotes replicas that a real agent would refuse. An
// agent without a model of its own is taken to do what ocf:pacemaker:Stateful does; `known` says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "solver/model/cluster.h"

namespace picket::execution {

struct PromotionModel {
  // What an operation that went well leaves as the score of its node. nullopt: the operation leaves the score
  // alone. An empty text: the score is deleted.
  std::optional<std::string_view> start, promote, demote, stop;
  // What a probe that finds the resource running restores.
  std::optional<std::string_view> probe_promoted, probe_unpromoted;

  // Who decides the scores beside the operations themselves: something looks at all instances together.
  enum class Board : uint8_t {
    kNobody,
    kMonitorOfPromoted,  // the promoted instance's monitor sets its own score and those of the others
    kEachByPeers,        // each instance's monitor: full score if all instances are there, else a lower one
    kBestStarts,         // when all instances have started: one of them gets a score and is promoted
    kAllAfterPromotion,  // once one is promoted, all instances get the score
  };
  Board board = Board::kNobody;
  std::string_view board_promoted;  // score of the promoted instance
  std::string_view board_first;     // of the best other instance
  int board_step = 0;               // each further one has so much less
  std::string_view board_others;    // of each further one, instead of that
  std::string_view board_alone;     // kEachByPeers: while instances are missing
  std::string_view board_chosen;    // without a promoted instance: of the one that is to be promoted
  int board_looks = 1;              // it is chosen after so many monitors
  bool board_current = false;       // only what was promoted, or the best other one then, may be chosen
  // The agent refuses to stop while it is promoted: what its `stop` answers then; 0: it stops.
  int stop_while_promoted_rc = 0;
  bool known = true;
};

// What the primitive's agent does, as its parameters have it, where there are at most so many instances.
const PromotionModel& PromotionModelOf(const solver::ResourceDef& primitive, size_t copies);

// How many instances must have reported before one is chosen to begin: those that a parameter lists, else all.
size_t Electorate(const solver::ResourceDef& primitive, size_t copies);

}  // namespace picket::execution
