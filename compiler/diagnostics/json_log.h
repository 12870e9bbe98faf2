// Diagnostics as JSON, gathered from any number of policies: the list that `check` and `compile` put into
// their documents (docs/json.md). SarifLog is its neighbour for code hosts; RenderText is for people.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source_map/source_map.h"

namespace picket::compiler {

class JsonLog {
 public:
  void Add(const Diagnostics& diagnostics, const SourceMap& sources);

  // Writes `diagnostics`, `errors`, `warnings` and `dropped` into a document. A diagnostic has `severity`,
  // `code`, `message`, `help`, `related`; and, if it is about a file that was read, `file`, `line`, `column`,
  // `end_line`, `end_column`; and `label` if the place has one. Lines and columns count from 1.
  void WriteTo(nlohmann::ordered_json& document) const;

 private:
  nlohmann::ordered_json list_ = nlohmann::ordered_json::array();
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
  std::size_t dropped_ = 0;  // more than a policy may have
};

}  // namespace picket::compiler
