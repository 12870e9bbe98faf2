// A CIB in the words of another tool: the way back from a policy. What is here is the answer of an exporter;
// crmsh.h and pcs.h have one each. Import (compiler/import) is the other direction.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <vector>

namespace picket::compiler::exporting {

struct Exported {
  std::string text;
  /// What the tool cannot say, each with its reason: "`web` is a bundle of podman, …". Also comments of the
  /// text.
  std::vector<std::string> left_out;
  /// What is good to know and loses nothing; comments of the text too.
  std::vector<std::string> notes;
};

}  // namespace picket::compiler::exporting
