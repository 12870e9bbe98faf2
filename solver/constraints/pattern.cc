#include "solver/constraints/pattern.h"

#include <algorithm>

namespace picket::solver::constraints {

Pattern::Pattern(std::string_view text) : inverted_(text.starts_with('!')) {
  const std::string expression(text.substr(inverted_ ? 1 : 0));
  valid_ = regcomp(&compiled_, expression.c_str(), REG_EXTENDED) == 0;
}

Pattern::~Pattern() {
  if (valid_) regfree(&compiled_);
}

std::optional<std::vector<std::string>> Pattern::Match(const std::string& id) const {
  if (!valid_) return std::nullopt;
  regmatch_t found[10];
  const size_t groups = std::min<size_t>(compiled_.re_nsub + 1, 10);
  const bool matches = regexec(&compiled_, id.c_str(), groups, found, 0) == 0;
  if (matches == inverted_) return std::nullopt;
  std::vector<std::string> submatches;
  if (inverted_) return submatches;
  for (size_t i = 0; i < groups; ++i) {
    const bool took_part = found[i].rm_so >= 0;
    const auto start = static_cast<size_t>(took_part ? found[i].rm_so : 0);
    const auto end = static_cast<size_t>(took_part ? found[i].rm_eo : 0);
    submatches.push_back(id.substr(start, end - start));
  }
  return submatches;
}

}  // namespace picket::solver::constraints
