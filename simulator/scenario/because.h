// What a condition that does not hold asks the solver: which resource is, or is not, where it was expected.
//
// Of a compound condition only the parts that make it fail are asked about. Pure.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compiler/scenario/scenario.h"
#include "simulator/scenario/evaluate.h"
#include "simulator/world/world.h"

namespace picket::simulator {

// The cluster at one moment of a history: the configuration in force, whoever has edited it since, and the state.
struct Moment {
  std::shared_ptr<const Catalog> catalog;  // null: none was kept
  solver::State state;
  std::vector<std::string> not_fenced;  // nodes whose fencing has failed
};
Moment MomentOf(const World& world);

struct WhyQuestion {
  std::string resource;
  std::string node;        // empty: none in particular
  bool not_there = false;  // why it is not there; else why it is
};

// `holds`: what the condition is, against the author's wish (false for `expect`, true for `never`).
std::vector<WhyQuestion> QuestionsOf(const compiler::scenario::Condition& condition, bool holds, const World& world,
                                     const Observer& observer);

}  // namespace picket::simulator
