// Inside the graph room: what the graph file says about actions, with what many actions share worked out
// once, and without a copy of any text.
//
// A resource whose parameters depend on no rule has the same ones on every node; the others are evaluated for
// each node (spec 06 §5.1). Cost of one description: its attributes, sorted.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "solver/graph/transition.h"

namespace picket::solver {

using Word = std::pair<std::string_view, std::string_view>;
using Words = std::vector<Word>;

// An ActionDescription (transition.h) whose texts stand elsewhere: in the Run, in the program, in the Describer.
struct DescribedAction {
  std::string_view element;
  Words attributes;
  Words resource;
  Words parameters;
  Words params;
  std::vector<std::string_view> downed;
  bool has_downed = false;
  std::vector<std::pair<std::string_view, bool>> maintenance;
  int32_t priority = 0;

  // Keeps the memory of the lists.
  void Clear();
};

// Texts that are made for one description, in memory that the next one uses again.
class Scraps {
 public:
  // An empty text; it stays where it is until Clear().
  std::string& New();
  std::string_view Number(int64_t number) { return New() = std::to_string(number); }
  void Clear() { used_ = 0; }

 private:
  std::deque<std::string> texts_;
  size_t used_ = 0;
};

class Describer {
 public:
  explicit Describer(Run& run) : run_(run) {}
  // What they give is good until the next call.
  const DescribedAction& Full(ActionId action);
  const DescribedAction& Short(ActionId action);

 private:
  void AddParameters(const Action& action);
  void AddActionMeta(const Action& action);
  void AddTargetAttributes(const Action& action);
  const Table& ParametersOf(ResourceId resource, NodeId node);
  // The name of a meta-attribute as an attribute of the graph.
  std::string_view MetaName(std::string_view name);

  Run& run_;
  DescribedAction description_;
  Words values_;  // what goes into `parameters` and `params`, in order of precedence
  Scraps scraps_;
  std::map<std::string, std::string, std::less<>> meta_names_;
  std::unordered_map<ResourceId, bool> has_rules_;
  std::unordered_map<uint64_t, Table> parameters_;
};

}  // namespace picket::solver
