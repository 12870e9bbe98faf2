// A live change taken over into the policy's text.
//
// Each change has a few ways in which a person would write it down: another value where one stands, a line
// more in a block, the statement anew, a statement at the end. A way is good if the policy then compiles and
// there is less difference to what is live; the text is kept in its canonical spelling. What a template or a
// loop has made is left to the author.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <vector>

#include "cli/proposal.h"

namespace picket::cli {

struct Adoption {
  std::string text;                  // of the policy, with what could be taken over
  std::vector<std::string> adopted;  // in words
  std::vector<std::string> left;     // what could not
};

// `text` is that of the policy `path`, without imports of its own.
Adoption Adopt(const std::string& path, const std::string& text, const std::string& schema,
               const pugi::xml_document& live);

// What differs between a policy and what is live: changes of the policy's own things, and what others have
// put beside it since the last apply.
struct Drift {
  std::vector<runtime::Change> changes;
  std::vector<std::string> beside;
  size_t size() const;
};
Drift DriftOf(const Proposal& proposal);

}  // namespace picket::cli
