// A small cluster for tests, from a few words to the scores of its assignment.
//
//     const Placed placed(Situation{.nodes = "n1 n2", .resources = Dummy("A") + Dummy("B"),
//                                   .constraints = Colocation("B", "A", "500"), .active = {{"A", "n1"}}});
//     CHECK(placed.Lines("A") == "n1 20, n2 1");
//
// It is read as any CIB is and goes through the stages up to assignment; fencing is off, the cluster has quorum.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "solver/model/run.h"

namespace picket::solver::testing {

struct Situation {
  std::string nodes;                                                 // names, each at most once; all are online
  std::string resources;                                             // XML
  std::string constraints;                                           // XML
  std::vector<std::pair<std::string, std::string>> active = {};      // history id, node: started there
  std::string properties = {};                                       // XML nvpairs of cluster options
  std::vector<std::pair<std::string, std::string>> attributes = {};  // node, XML nvpairs (transient)
};

// XML of a primitive; `meta` as `name=value` words. Colocations and locations get ids from what they say.
std::string Dummy(std::string_view id, std::string_view meta = {});
std::string Meta(std::string_view owner, std::string_view meta);
std::string Colocation(std::string_view dependent, std::string_view primary, std::string_view score,
                       std::string_view more = {});
std::string Location(std::string_view resource, std::string_view node, std::string_view score,
                     std::string_view more = {});
std::string Pair(std::string_view id, std::string_view name, std::string_view value);

class Placed {
 public:
  explicit Placed(const Situation& situation);

  // The score lines of one resource and stage, `NODE SCORE` with commas between, in the order in which they came.
  std::string Lines(std::string_view resource, ScoreStage stage = ScoreStage::kPrimitive) const;
  // `RSC NODE SCORE` for every promotion line.
  std::string Promotions() const;
  // `WHAT NODE AFTER (CAUSE)` for every reason recorded for a resource; what was taken back is in brackets.
  std::string Reasons(std::string_view resource) const;
  // The name of the node a resource got; empty: none.
  std::string NodeOf(std::string_view resource) const;
  Role NextRoleOf(std::string_view resource) const;
  const Run& run() const { return run_; }

 private:
  Cluster cluster_;
  State state_;
  Recorder recorder_;
  Run run_;
};

}  // namespace picket::solver::testing
