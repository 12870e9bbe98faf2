#include "compiler/syntax/lexer.h"

#include <string>

#include "compiler/syntax/keywords.h"

namespace picket::compiler {
namespace {

constexpr int kInterpolationNestingMax = 8;

bool IsAlnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool IsWordChar(char c) {
  return IsAlnum(c) || c == '_' || c == '-' || c == '.' || c == ':' || c == '/' || c == '@' || c == '%' || c == '+' ||
         c == '~';
}

std::uint32_t InterpolationEndAt(std::string_view text, std::uint32_t at, std::uint32_t end, int nesting);

// The end of a "…" that begins at `at`, or 0 if it does not end on its line.
std::uint32_t StringEnd(std::string_view text, std::uint32_t at, std::uint32_t end, int nesting) {
  for (std::uint32_t i = at + 1; i < end && text[i] != '\n'; ++i) {
    if (text[i] == '"') return i + 1;
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '$' && i + 1 < end && text[i + 1] == '{') {
      const std::uint32_t after = InterpolationEndAt(text, i, end, nesting + 1);
      if (after == 0) return 0;
      i = after - 1;
    }
  }
  return 0;
}

std::uint32_t InterpolationEndAt(std::string_view text, std::uint32_t at, std::uint32_t end, int nesting) {
  // Strings and interpolations hold each other; a hostile file could nest them
  // a million times.
  if (nesting > kInterpolationNestingMax) return 0;
  int braces = 0;
  for (std::uint32_t i = at + 1; i < end && text[i] != '\n'; ++i) {
    if (text[i] == '{') ++braces;
    if (text[i] == '}' && --braces == 0) return i + 1;
    if (text[i] == '"') {
      const std::uint32_t after = StringEnd(text, i, end, nesting + 1);
      if (after == 0) return 0;
      i = after - 1;
    }
  }
  return 0;
}

class Scanner {
 public:
  Scanner(std::string_view text, std::uint32_t file, std::uint32_t begin, std::uint32_t end, Diagnostics& diagnostics)
      : text_(text), file_(file), at_(begin), begin_(begin), end_(end), diagnostics_(diagnostics) {}

  Tokens Run() {
    if (begin_ == 0 && text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
    while (at_ < end_) Step();
    for (std::size_t i = 0; i < kEndTokens; ++i) Push(Token::Kind::kEnd, end_, end_);
    return std::move(tokens_);
  }

 private:
  char Peek(std::uint32_t ahead) const { return at_ + ahead < end_ ? text_[at_ + ahead] : '\0'; }
  Span At(std::uint32_t begin, std::uint32_t end) const { return {file_, begin, end, 0}; }

  void Push(Token::Kind kind, std::uint32_t begin, std::uint32_t end, char punctuation = 0) {
    Token token;
    token.kind = kind;
    token.punctuation = punctuation;
    token.blank_before = blank_;
    token.begin = begin;
    token.end = end;
    tokens_.list.push_back(token);
    blank_ = false;
  }

  void Step() {
    const char c = text_[at_];
    switch (c) {
      case ' ':
      case '\t':
      case '\r':
        blank_ = true;
        ++at_;
        return;
      case '\n':
      case ';':
        Push(Token::Kind::kNewline, at_, at_ + 1);
        ++at_;
        return;
      case '\\':
        if (ContinuesLine()) return;
        break;
      case '#':
        Comment();
        return;
      case '"':
        String();
        return;
      case '\'':
        RawString();
        return;
      case '(':
      case ')':
      case '[':
      case ']':
      case '{':
      case '}':
      case ',':
      case ':':
      case '*':
        Push(Token::Kind::kPunctuation, at_, at_ + 1, c);
        ++at_;
        return;
      case '=':
      case '<':
      case '>':
        Operator(c);
        return;
      case '!':
        if (Peek(1) == '=') {
          Push(Token::Kind::kPunctuation, at_, at_ + 2, Token::kNotEqual);
          at_ += 2;
          return;
        }
        break;
      default:
        break;
    }
    if (c == '/' && RegexMayStand()) return Regex();
    if (IsWordChar(c) || (c == '$' && Peek(1) == '{')) return Word();
    Unexpected();
  }

  // A backslash at the end of a line, with nothing but blanks after it.
  bool ContinuesLine() {
    std::uint32_t i = at_ + 1;
    while (i < end_ && (text_[i] == ' ' || text_[i] == '\t' || text_[i] == '\r')) ++i;
    if (i < end_ && text_[i] != '\n') return false;
    at_ = i < end_ ? i + 1 : i;
    blank_ = true;
    return true;
  }

  void Comment() {
    const char previous = at_ > begin_ ? text_[at_ - 1] : '\n';
    std::uint32_t end = at_;
    while (end < end_ && text_[end] != '\n') ++end;
    if (IsWordChar(previous) || previous == '=' || previous == '"' || previous == '\'') {
      diagnostics_.Error("E0109", At(at_, at_ + 1), "`#` inside a value")
          .help.push_back("quote the value, or put a blank before a comment");
    }
    std::uint32_t trimmed = end;
    while (trimmed > at_ && (text_[trimmed - 1] == ' ' || text_[trimmed - 1] == '\t' || text_[trimmed - 1] == '\r')) {
      --trimmed;
    }
    std::uint32_t line = at_;
    while (line > begin_ && (text_[line - 1] == ' ' || text_[line - 1] == '\t')) --line;
    tokens_.comments.push_back(
        {std::string(text_.substr(at_, trimmed - at_)), At(at_, trimmed), line == begin_ || text_[line - 1] == '\n'});
    at_ = end;
    blank_ = true;
  }

  void String() {
    std::uint32_t after = StringEnd(text_, at_, end_, 0);
    const bool broken = after == 0;
    if (broken) after = Unterminated("\"");
    Push(broken ? Token::Kind::kRawString : Token::Kind::kString, at_, after);
    tokens_.list.back().interpolated = text_.substr(at_, after - at_).find("${") != std::string_view::npos;
    at_ = after;
  }

  void RawString() {
    const bool tripled = Peek(1) == '\'' && Peek(2) == '\'';
    const std::string_view quote = tripled ? "'''" : "'";
    const std::uint32_t inside = at_ + static_cast<std::uint32_t>(quote.size());
    std::size_t close = text_.substr(0, end_).find(quote, inside);
    if (!tripled && close != std::string_view::npos) {
      const std::size_t newline = text_.find('\n', inside);
      if (newline < close) close = std::string_view::npos;
    }
    const std::uint32_t after =
        close == std::string_view::npos ? Unterminated(quote) : static_cast<std::uint32_t>(close + quote.size());
    Push(Token::Kind::kRawString, at_, after);
    at_ = after;
  }

  // Reports a string without an end; it is taken to end with its line.
  std::uint32_t Unterminated(std::string_view quote) {
    std::uint32_t end = at_;
    while (end < end_ && text_[end] != '\n') ++end;
    diagnostics_.Error("E0104", At(at_, at_ + 1), "this string has no end")
        .help.push_back("close it with `" + std::string(quote) + "`" + (quote == "'''" ? "" : " on the same line"));
    return end;
  }

  void Operator(char c) {
    const bool pair = Peek(1) == '=';
    const char both = c == '=' ? Token::kEqual : c == '<' ? Token::kLessEqual : Token::kGreaterEqual;
    const std::uint32_t length = pair ? 2 : 1;
    Push(Token::Kind::kPunctuation, at_, at_ + length, pair ? both : c);
    at_ += length;
  }

  void Word() {
    const std::uint32_t begin = at_;
    bool interpolated = false;
    while (at_ < end_) {
      if (IsWordChar(text_[at_])) {
        ++at_;
      } else if (text_[at_] == '$' && Peek(1) == '{') {
        const std::uint32_t after = InterpolationEnd(text_, at_, end_);
        if (after == 0) {
          diagnostics_.Error("E0112", At(at_, at_ + 2), "this `${` has no `}` on its line")
              .help.push_back("write `${name}`, or quote the value and write `\\$`");
          while (at_ < end_ && text_[at_] != '\n') ++at_;
          break;
        }
        interpolated = true;
        at_ = after;
      } else {
        break;
      }
    }
    while (at_ > begin + 1 && text_[at_ - 1] == ':') --at_;
    Push(Token::Kind::kWord, begin, at_);
    tokens_.list.back().interpolated = interpolated;
  }

  // A regular expression is read as one only where a name is expected: right
  // after `fencing`, or after `location`, its id, a role and `not`. Everywhere
  // else a slash begins a path.
  bool RegexMayStand() const {
    std::vector<std::string_view> words;
    const auto& list = tokens_.list;
    std::size_t i = list.size();
    while (i > 0 && words.size() <= 5) {
      const Token& token = list[i - 1];
      if (token.kind == Token::Kind::kNewline || token.punctuation == '{' || token.punctuation == '}') {
        break;
      }
      words.push_back(text_.substr(token.begin, token.end - token.begin));
      --i;
    }
    if (words.empty() || words.size() > 5) return false;
    const auto word = [&](std::size_t n) { return words[words.size() - 1 - n]; };
    if (word(0) == "fencing") return words.size() == 1;
    if (word(0) != "location") return false;
    std::size_t n = 1;
    if (words.size() >= 3 && word(2) == ":") n = 3;
    if (n < words.size() && IsRole(word(n))) ++n;
    if (n < words.size() && word(n) == "not") ++n;
    return n == words.size();
  }

  void Regex() {
    std::uint32_t i = at_ + 1;
    while (i < end_ && text_[i] != '/' && text_[i] != '\n') i += text_[i] == '\\' ? 2 : 1;
    if (i >= end_ || text_[i] != '/') {
      diagnostics_.Error("E0104", At(at_, at_ + 1), "this regular expression has no end")
          .help.push_back("close it with `/`");
      while (at_ < end_ && text_[at_] != '\n') ++at_;
      return;
    }
    Push(Token::Kind::kRegex, at_, i + 1);
    at_ = i + 1;
  }

  // What word processors and web pages put in the place of plain characters; null for anything else.
  static const char* LookAlike(std::string_view run) {
    struct Known {
      std::string_view bytes;
      const char* name;
    };
    static constexpr Known kKnown[] = {{"\xc2\xa0", "no-break space (U+00A0), which looks like a blank"},
                                       {"\xe2\x80\xaf", "narrow no-break space (U+202F), which looks like a blank"},
                                       {"\xe2\x80\x8b", "zero-width blank (U+200B), which cannot be seen"},
                                       {"\xef\xbb\xbf", "byte order mark (U+FEFF), a blank which cannot be seen"},
                                       {"\xe2\x80\x9c", "typographic quote `\xe2\x80\x9c` (U+201C)"},
                                       {"\xe2\x80\x9d", "typographic quote `\xe2\x80\x9d` (U+201D)"},
                                       {"\xe2\x80\x9e", "typographic quote `\xe2\x80\x9e` (U+201E)"},
                                       {"\xe2\x80\x98", "typographic quote `\xe2\x80\x98` (U+2018)"},
                                       {"\xe2\x80\x99", "typographic quote `\xe2\x80\x99` (U+2019)"},
                                       {"\xc2\xab", "quote `\xc2\xab` (U+00AB)"},
                                       {"\xc2\xbb", "quote `\xc2\xbb` (U+00BB)"},
                                       {"\xe2\x80\x93", "en dash `\xe2\x80\x93` (U+2013)"},
                                       {"\xe2\x80\x94", "em dash `\xe2\x80\x94` (U+2014)"}};
    for (const Known& known : kKnown) {
      if (run.starts_with(known.bytes)) return known.name;
    }
    return nullptr;
  }

  // One report for a whole run of bytes that begin nothing.
  void Unexpected() {
    const std::uint32_t begin = at_;
    constexpr std::string_view kKnown = " \t\r\n;#\"'()[]{},*=<>";
    while (at_ < end_ && !IsWordChar(text_[at_]) && kKnown.find(text_[at_]) == std::string_view::npos) {
      ++at_;
    }
    if (at_ == begin) ++at_;
    if (const char* name = LookAlike(text_.substr(begin, at_ - begin)); name != nullptr) {
      diagnostics_.Error("E0108", At(begin, at_), std::string("unexpected ") + name)
          .help.push_back(std::string_view(name).find("blank") != std::string_view::npos  ? "write a plain blank"
                          : std::string_view(name).find("dash") != std::string_view::npos ? "write a plain `-`"
                                                                                          : "write plain quotes, `\"`");
      blank_ = true;
      return;
    }
    const std::string run(text_.substr(begin, std::min<std::uint32_t>(at_ - begin, 16)));
    diagnostics_.Error("E0108", At(begin, at_), "unexpected `" + run + "`")
        .help.push_back("quote names and values that hold such characters");
    blank_ = true;
  }

  std::string_view text_;
  std::uint32_t file_;
  std::uint32_t at_;
  std::uint32_t begin_;
  std::uint32_t end_;
  Diagnostics& diagnostics_;
  Tokens tokens_;
  bool blank_ = false;
};

char CloserOf(char opener) {
  return opener == '(' ? ')' : opener == '[' ? ']' : '}';
}
bool IsOpener(char c) {
  return c == '(' || c == '[' || c == '{';
}
bool IsCloser(char c) {
  return c == ')' || c == ']' || c == '}';
}

// Pairs brackets, puts in what is missing and leaves out what is too much.
class Balancer {
 public:
  Balancer(Tokens& tokens, std::string_view text, std::uint32_t file, Diagnostics& diagnostics)
      : tokens_(tokens), text_(text), file_(file), diagnostics_(diagnostics) {}

  void Run() {
    if (!Balanced() && tokens_.usable) {
      Repair();
      if (tokens_.usable && !Balanced()) tokens_.usable = false;
    }
    if (tokens_.usable) DropNewlines();
  }

 private:
  // True, with partners set, if every bracket has its partner.
  bool Balanced() {
    std::vector<std::uint32_t> open;
    for (std::uint32_t i = 0; i < tokens_.list.size(); ++i) {
      Token& token = tokens_.list[i];
      if (IsOpener(token.punctuation)) {
        open.push_back(i);
        if (open.size() > kNestingMax) {
          TooDeep(token);
          return false;
        }
      } else if (IsCloser(token.punctuation)) {
        if (open.empty() || CloserOf(tokens_.list[open.back()].punctuation) != token.punctuation) {
          return false;
        }
        token.partner = open.back();
        tokens_.list[open.back()].partner = i;
        open.pop_back();
      }
    }
    return open.empty();
  }

  void TooDeep(const Token& token) {
    diagnostics_
        .Error("E0105", {file_, token.begin, token.end, 0},
               "nested more than " + std::to_string(kNestingMax) + " levels deep")
        .help.push_back("no policy needs that; look for a bracket that is never closed");
    tokens_.usable = false;
  }

  // Something is unbalanced. A statement's first word at the very beginning of
  // a line shows that everything open before it should have been closed.
  void Repair() {
    std::vector<Token> out;
    std::vector<Opened> open;
    for (const Token& token : tokens_.list) {
      if (token.kind == Token::Kind::kEnd || StartsStatementInColumnOne(token)) {
        while (!open.empty()) CloseMissing(open, out, token.begin);
      }
      if (IsOpener(token.punctuation)) {
        open.push_back({token, out.size()});
        if (open.size() > kNestingMax) return TooDeep(token);
      } else if (IsCloser(token.punctuation)) {
        if (!Holds(open, token.punctuation)) {
          diagnostics_
              .Error("E0107", {file_, token.begin, token.end, 0},
                     std::string("this `") + token.punctuation + "` closes nothing")
              .help.push_back("remove it, or open the block that it should close");
          continue;
        }
        while (CloserOf(open.back().token.punctuation) != token.punctuation) {
          CloseMissing(open, out, token.begin);
        }
        open.pop_back();
      }
      out.push_back(token);
    }
    tokens_.list = std::move(out);
  }

  // A bracket that waits for its partner, and where it stands in the output.
  struct Opened {
    Token token;
    std::size_t index;
  };

  static bool Holds(const std::vector<Opened>& open, char closer) {
    for (const Opened& opened : open) {
      if (CloserOf(opened.token.punctuation) == closer) return true;
    }
    return false;
  }

  bool StartsStatementInColumnOne(const Token& token) const {
    return token.kind == Token::Kind::kWord && (token.begin == 0 || text_[token.begin - 1] == '\n') &&
           IsStatementKeyword(text_.substr(token.begin, token.end - token.begin));
  }

  void CloseMissing(std::vector<Opened>& open, std::vector<Token>& out, std::uint32_t at) {
    const Opened opened = open.back();
    open.pop_back();
    const Token& opener = opened.token;
    const char closer = CloserOf(opener.punctuation);
    diagnostics_
        .Error("E0106", {file_, opener.begin, opener.end, 0},
               std::string("this `") + opener.punctuation + "` is never closed")
        .help.push_back(std::string("write the missing `") + closer + "`");
    Token token;
    token.kind = Token::Kind::kPunctuation;
    token.punctuation = closer;
    token.begin = token.end = at;
    if (closer == '}') {
      out.push_back(token);
      Token newline;
      newline.kind = Token::Kind::kNewline;
      newline.begin = newline.end = at;
      out.push_back(newline);
      return;
    }
    // A parenthesis or a list is taken to end with its line: otherwise the
    // lines after it would be read as parts of it.
    std::size_t place = opened.index + 1;
    int depth = 0;
    for (; place < out.size(); ++place) {
      if (IsOpener(out[place].punctuation)) ++depth;
      if (IsCloser(out[place].punctuation)) --depth;
      if (depth == 0 && out[place].kind == Token::Kind::kNewline) break;
    }
    if (place < out.size()) token.begin = token.end = out[place].begin;
    out.insert(out.begin() + static_cast<std::ptrdiff_t>(place), token);
  }

  // Newlines mean nothing inside ( ) and [ ], nor in braces inside those.
  void DropNewlines() {
    std::vector<std::uint32_t> renumbered(tokens_.list.size());
    std::vector<Token> out;
    out.reserve(tokens_.list.size());
    int flat = 0;
    for (std::size_t i = 0; i < tokens_.list.size(); ++i) {
      const Token& token = tokens_.list[i];
      if (token.punctuation == '(' || token.punctuation == '[') ++flat;
      if (token.punctuation == ')' || token.punctuation == ']') --flat;
      renumbered[i] = static_cast<std::uint32_t>(out.size());
      const bool line_end = token.kind == Token::Kind::kNewline;
      if (!line_end || flat == 0) {
        out.push_back(token);
      } else if (token.begin < text_.size() && text_[token.begin] == ';') {
        diagnostics_.Error("E0101", {file_, token.begin, token.end, 0},
                           "expected a comma or the closing bracket, found `;`");
      }
    }
    for (Token& token : out) {
      if (IsOpener(token.punctuation) || IsCloser(token.punctuation)) {
        token.partner = renumbered[token.partner];
      }
    }
    tokens_.list = std::move(out);
  }

  Tokens& tokens_;
  std::string_view text_;
  std::uint32_t file_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::uint32_t InterpolationEnd(std::string_view text, std::uint32_t at, std::uint32_t end) {
  return InterpolationEndAt(text, at, end, 0);
}

Tokens Scan(std::string_view text, std::uint32_t file, std::uint32_t begin, std::uint32_t end,
            Diagnostics& diagnostics) {
  Tokens tokens = Scanner(text, file, begin, end, diagnostics).Run();
  Balancer(tokens, text, file, diagnostics).Run();
  return tokens;
}

}  // namespace picket::compiler
