#pragma once

#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source_map/source_map.h"

namespace picket::compiler {

/// What was found, in SARIF 2.1.0, the form in which code hosts show findings
/// beside the lines of a change. One log holds one run over any number of
/// policies; each code that occurs is described once, from the registry.
class SarifLog {
 public:
  void Add(const Diagnostics& diagnostics, const SourceMap& sources);
  /// The whole document. Bytes that are no UTF-8 are replaced.
  std::string Text() const;

 private:
  nlohmann::ordered_json results_ = nlohmann::ordered_json::array();
  std::set<std::string> codes_;
  std::vector<std::string> unshown_;  ///< Notes about what was left out.
};

}  // namespace picket::compiler
