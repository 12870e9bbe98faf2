#include "cli/voice.h"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <utility>

namespace picket::cli {

namespace {

struct Gravity {
  std::string_view word;
  const char* paint;
  bool is_told_quietly;
};

constexpr std::array<Gravity, 4> kGravities = {{{"error", "\033[1;31m", true},
                                                {"warning", "\033[1;33m", false},
                                                {"note", "\033[1;36m", false},
                                                {"help", "\033[1;32m", true}}};
constexpr std::string_view kPlain = "\033[0m";

struct Head {
  const Gravity* gravity = nullptr;
  size_t begin = 0;  // of the word, with its code
  size_t end = 0;
};

// The word that says how grave the message is that begins with this line: at its beginning, or behind the program or
// the place. Nullptr if the line has no such word.
Head HeadOf(std::string_view line) {
  constexpr int kPartsMax = 3;
  size_t at = 0;
  for (int part = 0; part < kPartsMax; ++part) {
    for (const Gravity& gravity : kGravities) {
      if (!line.substr(at).starts_with(gravity.word)) continue;
      const size_t behind = at + gravity.word.size();
      const size_t colon = line.find(':', behind);
      const bool has_code = behind < line.size() && line[behind] == '[' && colon != std::string_view::npos &&
                            colon > 0 && line[colon - 1] == ']';
      if (has_code || colon == behind) return {&gravity, at, colon};
    }
    const size_t next = line.find(": ", at);
    if (next == std::string_view::npos) break;
    at = next + 2;
  }
  return {};
}

// A line that goes on with the message before it: a quoted line, a place beside it, a help.
bool GoesOn(std::string_view line, const Head& head) {
  if (head.gravity != nullptr) return head.begin == 0 && head.gravity->word == "help";
  if (line.empty() || line[0] == ' ' || line[0] == '\t' || line.starts_with("in `")) return true;
  const size_t gutter = line.find_first_not_of("0123456789");
  if (gutter != std::string_view::npos && line.substr(gutter).starts_with(" | ")) return true;
  // A place beside it: `PATH:LINE:COLUMN: words`.
  const size_t end = line.find(": ");
  const std::string_view place = line.substr(0, end);
  const size_t digits = place.find_last_not_of("0123456789:");
  return end != std::string_view::npos && digits != std::string_view::npos && place.size() - digits > 3 &&
         place[digits + 1] == ':';
}

// The marks below a quoted line: `      |     ^^^ here`.
size_t MarksOf(std::string_view line) {
  const size_t gutter = line.find_first_not_of(' ');
  if (gutter == std::string_view::npos || line[gutter] != '|') return std::string_view::npos;
  const size_t marks = line.find_first_not_of(" \t", gutter + 1);
  return marks != std::string_view::npos && line[marks] == '^' ? marks : std::string_view::npos;
}

}  // namespace

bool HasColour(int descriptor) {
  if (ColourOfProgram() != Colour::kAuto) return ColourOfProgram() == Colour::kAlways;
  const char* terminal = std::getenv("TERM");
  const char* no_colour = std::getenv("NO_COLOR");
  return isatty(descriptor) != 0 && (no_colour == nullptr || *no_colour == '\0') &&
         (terminal == nullptr || std::string_view(terminal) != "dumb");
}

Loudness& LoudnessOfProgram() {
  static Loudness loudness = Loudness::kUsual;
  return loudness;
}

Colour& ColourOfProgram() {
  static Colour colour = Colour::kAuto;
  return colour;
}

bool IsVerbose() {
  return LoudnessOfProgram() == Loudness::kVerbose;
}

bool IsQuiet() {
  return LoudnessOfProgram() == Loudness::kQuiet;
}

std::string Voice::Told(const std::string& line) {
  const Head head = HeadOf(line);
  if (!GoesOn(line, head)) {
    const bool grave = head.gravity == nullptr || head.gravity->is_told_quietly;
    dropping_ = !grave && IsQuiet();
    paint_ = head.gravity == nullptr ? "" : head.gravity->paint;
  }
  if (dropping_) return {};
  if (!HasColour(STDERR_FILENO)) return line + '\n';
  if (head.gravity != nullptr) {
    return line.substr(0, head.begin) + head.gravity->paint + line.substr(head.begin, head.end - head.begin) +
           std::string(kPlain) + line.substr(head.end) + '\n';
  }
  const size_t marks = MarksOf(line);
  if (marks == std::string::npos) return line + '\n';
  return line.substr(0, marks) + paint_ + line.substr(marks) + std::string(kPlain) + '\n';
}

std::string Voice::Take(std::string_view bytes) {
  std::string told;
  while (!bytes.empty()) {
    const size_t end = bytes.find('\n');
    line_ += bytes.substr(0, end);
    if (end == std::string_view::npos) break;
    bytes.remove_prefix(end + 1);
    told += in_line_ ? line_ + '\n' : Told(line_);
    in_line_ = false;
    line_.clear();
  }
  return told;
}

std::string Voice::Rest() {
  in_line_ = in_line_ || !line_.empty();
  return std::exchange(line_, {});
}

}  // namespace picket::cli
