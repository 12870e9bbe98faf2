// A page in HTML around text of crmsh or pcs, as people save or paste it.
//
// What stands in `pre` and `code` blocks of several lines is taken where it looks like one of the two; without such
// blocks, the plain text of the page is. Tags go, entities become characters. Line numbers stay those of the page.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace picket::compiler::import {

struct WebText {
  std::string text;                  ///< As many lines as the page has; those that are left out are empty.
  std::vector<std::string> skipped;  ///< "lines 3 to 9: the page around it"
};

/// `is_wanted` says of the text of a block whether it is read.
WebText TextOfPage(std::string_view page, const std::function<bool(std::string_view)>& is_wanted);

}  // namespace picket::compiler::import
