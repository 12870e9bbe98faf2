// Bytes to tokens, by hand and in one pass, whatever the bytes are.
//
// The scanner decides the three things that a context-free grammar over
// characters would have to decide everywhere: what is a word (values are
// words with a shape, so `10s`, `fd00::1` and `/dev/drbd0` are one token
// each), where a logical line ends (newlines vanish inside ( ) and [ ]), and
// which bracket closes which. Brackets come out balanced: what is missing is
// reported and put in, what is left over is reported and left out, so that
// the grammar can always step over a block. The grammar proper (grammar/) is
// Spirit X3 over these tokens.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler {

struct Token {
  enum class Kind : std::uint8_t {
    kWord,
    kString,     ///< "…" with escapes and ${…}
    kRawString,  ///< '…' or '''…'''
    kRegex,      ///< /…/ where a location or fencing target stands
    kPunctuation,
    kNewline,  ///< A line's end or `;`.
    kEnd
  };
  /// For punctuation: the character; two-character operators have their own.
  static constexpr char kEqual = 'E', kNotEqual = 'N', kLessEqual = 'L', kGreaterEqual = 'G';

  Kind kind = Kind::kEnd;
  char punctuation = 0;
  bool blank_before = false;
  bool interpolated = false;  ///< Holds `${`.
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t partner = 0;  ///< Of a bracket: index of the other one.
};

/// The deepest that brackets may be nested.
inline constexpr std::size_t kNestingMax = 64;
/// The largest text that is read.
inline constexpr std::size_t kSourceBytesMax = 16u << 20;

/// Lists of tokens end in this many kEnd, so that looking ahead needs no care.
inline constexpr std::size_t kEndTokens = 4;

struct Tokens {
  std::vector<Token> list;  ///< Ends in kEndTokens of kEnd.
  std::vector<ast::Comment> comments;
  bool usable = true;  ///< False: nesting too deep, do not parse.
};

/// Scans bytes [begin, end) of `text`; places are reported in `file`.
Tokens Scan(std::string_view text, std::uint32_t file, std::uint32_t begin, std::uint32_t end,
            Diagnostics& diagnostics);

/// The end of the `${…}` that begins at `at`, or 0 if it does not end on its
/// line. Strings inside are stepped over.
std::uint32_t InterpolationEnd(std::string_view text, std::uint32_t at, std::uint32_t end);

}  // namespace picket::compiler
