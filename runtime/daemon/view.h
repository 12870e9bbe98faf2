// A view: a membership in which all know the same, or the round of hellos that leads to one.
//
// A plain value that Views writes (views.h) and all rooms read: whether there is a view, since which term, who
// coordinates it, and what was said in the round that opened it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/group/message.h"
#include "runtime/group/round.h"

namespace picket::runtime {

struct View {
  Round round;
  std::optional<Verdict> verdict;  // of the round, once it is complete
  std::string awaited;  // for whom the source waits before it gives its word, as last told; empty: for nobody

  bool active = false;     // the view has begun and not ended: what is known is known by all members
  uint64_t term = 0;       // of the view, or of the last one
  NodeId coordinator = 0;  // who gives orders
  std::string coordinator_incarnation;
  bool had_quorum = false;  // in the last view
  Progress progress;        // what the view's coordinator last said

  // The nodes that have said hello in this round, by number.
  std::vector<std::string> MemberNames() const {
    std::vector<std::string> names;
    for (const auto& [id, hello] : round.hellos()) names.push_back(hello.node);
    return names;
  }
};

}  // namespace picket::runtime
