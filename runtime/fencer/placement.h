// On which nodes a fence device may be used: its location constraints, read without the solver's working memory.
//
// Not a placement: a device is used from wherever it is not banned, whether or not the solver has started it there.
// Rules see the node's configured attributes. Cost: the constraints.
#pragma once

#include <string>
#include <vector>

#include "solver/model/cluster.h"
#include "solver/model/state.h"
#include "solver/model/table.h"

namespace picket::runtime {

// What rules may know of a node: its configured attributes, `#uname` and the like.
solver::Table NodeAttributes(const solver::Cluster& cluster, const std::string& node, const solver::Instant& now);

// `names`: the ids under which constraints may mean the resource; the last is that of the resource at the top level.
bool MayRunOn(const solver::Cluster& cluster, const std::vector<std::string>& names, const std::string& node,
              const solver::Instant& now);

// Whether a POSIX extended regular expression matches somewhere in the text; one that is invalid never does.
bool MatchesPattern(const std::string& pattern, const std::string& text);

}  // namespace picket::runtime
