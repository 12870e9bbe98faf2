// Diagnostics as SARIF for programs. Text for people: render.h.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source_map/source_map.h"

namespace picket::compiler {

/// What was found, in SARIF 2.1.0, the form in which code hosts show findings
/// beside the lines of a change. One log holds one run over any number of
/// policies; each code that occurs is described once, from the registry.
class SarifLog {
 public:
  void Add(const Diagnostics& diagnostics, const SourceMap& sources);
  /// What kept picket from looking at a policy: the run then counts as not successful.
  void AddFailure(const std::string& text);
  /// The version of the program, as `1.2.3`.
  void SetVersion(const std::string& version) { version_ = version; }
  /// The whole document. Bytes that are no UTF-8 are replaced.
  std::string Text() const;

 private:
  nlohmann::ordered_json results_ = nlohmann::ordered_json::array();
  std::set<std::string> codes_;
  std::vector<std::string> unshown_;  ///< Notes about what was left out.
  std::vector<std::string> failures_;
  std::string version_;
};

}  // namespace picket::compiler
