// What the readers of other tools' text (crmsh, pcs) take and tell.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace picket::compiler::import {

struct TextRead {
  std::vector<std::string> skipped;  ///< "line 3: `commit`": no configuration.
  std::vector<std::string> faults;   ///< "line 12: …": read in part, or not at all.
};

/// The full name of an agent that is named by its type only.
using AgentResolver = std::function<std::string(const std::string& type)>;

}  // namespace picket::compiler::import
