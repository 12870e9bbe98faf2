// The calls of pcs in a text of shell lines, as words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace picket::compiler::import {

struct PcsCommand {
  std::size_t line = 0;              ///< Where it begins; one-based.
  std::vector<std::string> words;    ///< Behind `pcs`, without quotes and without options that begin with `-`.
  std::vector<std::string> options;  ///< `--force`, `--group=g` (also if written as two words), in order.
};

struct PcsLines {
  std::vector<PcsCommand> commands;
  std::vector<std::string> skipped;  ///< What calls something else: "line 3: `set -e`".
  std::vector<std::string> faults;   ///< What only a shell could read, and a quote that is never closed.
};

PcsLines SplitPcs(std::string_view text);

}  // namespace picket::compiler::import
