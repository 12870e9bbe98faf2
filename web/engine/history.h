// One history: steps played from rest, and what is told of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "simulator/world/world.h"
#include "web/engine/json.h"
#include "web/engine/subject.h"

namespace picket::web {

struct History {
  std::vector<std::string> steps;
  simulator::Verdict verdict;
  struct Rest {
    std::string step;
    simulator::World world;
  };
  std::vector<Rest> rests;  // the first one is before the first step
};

// Plays the steps as `picket test` plays them, the first way in what a cluster leaves open. Throws Refusal.
std::shared_ptr<const History> PlayHistory(Subject& subject, const std::vector<std::string>& steps);

// {"story":[…],"rests":[{"step","time_ms","nodes":[…],…}],"services":[…],"objection"?,…}.
Json TellHistory(const Subject& subject, const History& history);

// The steps as a `test` block of the policy, with what is so at the end, and how soon, as expectations that
// hold however the cluster takes what is left open. {"test":"…","verdict":{…}}.
Json ExportTest(Subject& subject, const std::vector<std::string>& steps, const std::string& name);

}  // namespace picket::web
