// The statements in a text of crmsh: joined lines, without prompts, as words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace picket::compiler::import {

struct CrmshStatement {
  std::size_t line = 0;               ///< Where it begins; one-based.
  std::vector<std::string> words;     ///< Without quotes. Brackets are words of their own in constraints.
  std::vector<std::string> comments;  ///< Of the lines before it and within it, without `#`.
  std::string raw;                    ///< As it is written, joined: for `xml`.
};

struct CrmshLines {
  std::vector<CrmshStatement> statements;
  std::vector<std::string> skipped;   ///< Commands and prompts: "line 3: `commit`".
  std::vector<std::string> comments;  ///< Behind the last statement.
  bool cut = false;                   ///< The last line ends in `\`.
};

/// Whether the word begins a statement.
bool IsCrmshKeyword(std::string_view word);

/// `exact`: the text is crmsh's own, as a program writes it; what web pages and terminals add is not looked
/// for.
CrmshLines SplitCrmsh(std::string_view text, bool exact = false);

}  // namespace picket::compiler::import
