// Resource patterns: POSIX extended regular expressions over resource ids (spec 03 §4.2.4).
#pragma once

#include <regex.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace picket::solver::constraints {

class Pattern {
 public:
  // A leading `!` inverts.
  explicit Pattern(std::string_view text);
  ~Pattern();
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  bool valid() const { return valid_; }
  bool inverted() const { return inverted_; }
  // The submatches `%0`..`%9` if the pattern selects `id`; an inverted pattern has none.
  std::optional<std::vector<std::string>> Match(const std::string& id) const;

 private:
  regex_t compiled_;
  bool inverted_ = false;
  bool valid_ = false;
};

}  // namespace picket::solver::constraints
