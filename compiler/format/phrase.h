// A line that may be broken at some of its blanks.
//
// The language lets a line go on after a comma or a connective; a phrase
// remembers these places, so that the layout can use them when the line is
// too long, and only then.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace picket::compiler::format {

class Phrase {
 public:
  Phrase() = default;
  explicit Phrase(std::string text) : chunks_{std::move(text)} {}

  /// Text directly behind what is there.
  Phrase& operator<<(std::string_view text) {
    if (chunks_.empty()) chunks_.emplace_back();
    chunks_.back() += text;
    return *this;
  }
  /// A blank at which the line may end.
  Phrase& Break() {
    chunks_.emplace_back();
    return *this;
  }
  /// Puts another phrase behind this one, without a blank.
  Phrase& Append(const Phrase& other) {
    for (std::size_t i = 0; i < other.chunks_.size(); ++i) {
      if (i > 0) Break();
      *this << other.chunks_[i];
    }
    return *this;
  }

  const std::vector<std::string>& chunks() const { return chunks_; }
  std::string Flat() const {
    std::string out;
    for (std::size_t i = 0; i < chunks_.size(); ++i) out += (i > 0 ? " " : "") + chunks_[i];
    return out;
  }

 private:
  std::vector<std::string> chunks_;
};

}  // namespace picket::compiler::format
