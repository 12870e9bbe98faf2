// Under which name the history knows the resource of an action (spec 06 §13.3).
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "solver/graph/transition.h"
#include "solver/model/run.h"

namespace picket::execution {

// Every name by which some resource of the cluster is known: instance ids and history ids. Valid as long as the Run
// that it was made from is left alone.
class KnownNames {
 public:
  explicit KnownNames(const solver::Run& run);

  // The name under which an action's resource is known: the element's id or its long id, whichever some
  // resource has.
  std::string NameOf(const solver::ActionDescription& action) const;

 private:
  void Add(const solver::Run& run, solver::ResourceId id);

  std::unordered_set<std::string_view> names_;
};

// What an operation's digest is made of (spec 02 §17.2): its parameters without bookkeeping; the timeout
// counts only for recurring operations.
std::string OperationDigest(const solver::ActionDescription& action, uint32_t interval_ms);

}  // namespace picket::execution
