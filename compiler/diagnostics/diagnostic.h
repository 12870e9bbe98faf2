// What the compiler has to say to the author, as data.
//
// Passes collect diagnostics and go on; nothing is thrown and nothing is
// printed. A diagnostic is errors' and warnings' common shape: a code out of
// the registry (registry.h), one sentence, the narrowest span that is wrong,
// a few words under the caret, other places that matter, and what to type
// instead. Wording: lower case, no full stop, the author's own text in
// backticks, no names of types or passes of ours.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/source_map/span.h"

namespace picket::compiler {

enum class Severity { kWarning, kError };

/// Another place that the sentence is about.
struct Label {
  Span span;
  std::string text;
};

struct Diagnostic {
  Severity severity = Severity::kError;
  std::string_view code;  ///< From the registry: static storage.
  std::string message;
  Span span;
  std::string label;  ///< Under the caret; may be empty.
  std::vector<Label> others;
  std::vector<std::string> help;
};

/// Where passes put what they find. Keeps at most `kKeptMax`: a hostile file
/// may have an error on each of a million lines.
class Diagnostics {
 public:
  static constexpr std::size_t kKeptMax = 200;

  /// Reports an error and hands it back, so that the caller can add to it.
  Diagnostic& Error(std::string_view code, const Span& span, std::string message) {
    return Add(Severity::kError, code, span, std::move(message));
  }
  Diagnostic& Warning(std::string_view code, const Span& span, std::string message) {
    return Add(Severity::kWarning, code, span, std::move(message));
  }

  /// True if nothing more is kept but errors in the place of warnings: no use in working out what would help.
  bool IsFull() const { return list_.size() >= kKeptMax; }
  bool HasErrors() const { return errors_ > 0; }
  std::size_t dropped() const { return dropped_; }
  /// What was found, in the order in which it was found.
  std::vector<Diagnostic>& list() { return list_; }
  const std::vector<Diagnostic>& list() const { return list_; }

  /// Takes back what `which` holds of, as if it had never been found.
  template <typename Predicate>
  void TakeBack(const Predicate& which) {
    std::erase_if(list_, [&](const Diagnostic& one) {
      const bool taken = which(one);
      if (taken && one.severity == Severity::kError) --errors_;
      return taken;
    });
  }

 private:
  Diagnostic& Add(Severity severity, std::string_view code, const Span& span, std::string message) {
    if (severity == Severity::kError) ++errors_;
    if (list_.size() >= kKeptMax) {
      ++dropped_;
      // An error is worth more than a warning: the last one makes room.
      const auto warning = std::find_if(list_.rbegin(), list_.rend(),
                                        [](const Diagnostic& one) { return one.severity == Severity::kWarning; });
      if (severity != Severity::kError || warning == list_.rend()) {
        spill_ = {};
        return spill_;
      }
      list_.erase(std::next(warning).base());
    }
    list_.push_back({.severity = severity, .code = code, .message = std::move(message), .span = span});
    return list_.back();
  }

  std::vector<Diagnostic> list_;
  Diagnostic spill_;
  std::size_t errors_ = 0;
  std::size_t dropped_ = 0;
};

}  // namespace picket::compiler
