// The list of everything the compiler can complain about.
//
// E01xx are about spelling (syntax), E02xx about names and what they stand
// for, E03xx about agents and their parameters, E04xx about variables,
// defines and imports, E05xx about tests and invariants, E09xx about what the
// language has and this compiler does not do yet, E00xx about the files
// themselves. W codes are lints; a comment `# allow W0207: reason` on the line
// silences one.
#pragma once

#include <string_view>
#include <vector>

namespace picket::compiler {

struct CodeInfo {
  std::string_view code;
  std::string_view title;        ///< A few words, for lists.
  std::string_view explanation;  ///< A paragraph for `picket explain`.
  std::string_view example;      ///< A bad policy, which provokes the code. Empty if the mistake is not in one text.
  std::string_view remedy = {};  ///< The good policy beside the bad one: no code at all. Empty as above.
};

/// Every code, in order.
const std::vector<CodeInfo>& AllCodes();

/// The entry of a code, or null.
const CodeInfo* FindCode(std::string_view code);

}  // namespace picket::compiler
