// Evaluating rules and name/value blocks (spec 01 §4.3, §5).
//
// What a rule sees depends on who asks; RuleInput has a field for each thing that may be there. Conditions
// stop at the first that decides, and that is observable: the next-change times of the conditions after it
// are not collected. Cost: the conditions evaluated, pairs × names of the target.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "solver/explain/recorder.h"
#include "solver/model/behaviour.h"
#include "solver/model/rule_def.h"
#include "solver/model/state.h"
#include "solver/model/table.h"

namespace picket::solver {

// The inputs of spec 01 §5.1; absent ones are null or empty.
struct RuleInput {
  Instant now;
  const Table* node_attributes = nullptr;
  const Table* params = nullptr;
  const Table* meta = nullptr;
  // Properties of the resource: null when undefined in this context; a resource without the property has an
  // empty string.
  const std::string* cls = nullptr;
  const std::string* provider = nullptr;
  const std::string* type = nullptr;
  std::optional<std::string_view> operation;  // op name, only in op contexts
  uint32_t interval_ms = 0;
  const std::vector<std::string>* submatches = nullptr;  // of a non-inverted rsc-pattern
  Recorder* recorder = nullptr;                          // gets the messages, if it listens to the log
  const Target* target = nullptr;                        // the release whose rules hold; null: the newest
  bool location = false;                                 // the rule is a location constraint's

  bool Behaves(Behaviour behaviour) const { return target == nullptr || target->Behaves(behaviour); }
};

// Earliest next change seen, epoch seconds.
using NextChange = std::optional<int64_t>;

bool RulePasses(const RuleDef& rule, const RuleInput& input, NextChange& next_change);

// Reads blocks (already in order of precedence) into `target` without overwriting; `#default` removes (spec
// 01 §4.3).
void ReadBlocks(const NvBlocks& blocks, const RuleInput& input, Table& target, NextChange& next_change);
// The same as releases before 3.0 read transient attributes and operations' meta-attributes: a value that is read later
// replaces one of that name; `ascending`: the block with the lowest score is read first (spec 07 D-5, E-10).
void ReadBlocksReplacing(const NvBlocks& blocks, const RuleInput& input, bool ascending, Table& target,
                         NextChange& next_change);

// `%N` of a pattern's submatches replaced (spec 01 §5.7).
std::string ExpandSubmatches(std::string_view text, const std::vector<std::string>* submatches);

}  // namespace picket::solver
