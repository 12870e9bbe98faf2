#include "cli/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "cli/voice.h"

namespace picket::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetween{100};  // two drawings
constexpr size_t kWidthUnknown = 80;
constexpr int64_t kBarWidth = 30;
constexpr std::string_view kAway = "\r\033[K";

// The one line of the program.
struct Line {
  std::mutex mutex;
  std::atomic<bool> on_terminal = false;
  Clock::time_point drawn;
};
Line& TheLine() {
  static Line line;
  return line;
}

void Write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
    if (written <= 0) return;  // A terminal that is gone; the work goes on.
    text.remove_prefix(static_cast<size_t>(written));
  }
}

// As wide as the terminal at most, since a line that is wrapped cannot be taken away. Names come from files: control
// characters in them must not reach the terminal.
std::string Fitting(std::string text) {
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  const size_t width = known ? size.ws_col : kWidthUnknown;
  if (text.size() >= width) text.resize(width - 1);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
  }
  return text;
}

void Draw(const std::string& text, bool at_once) {
  if (!Progress::IsShown()) return;
  Line& line = TheLine();
  const std::lock_guard lock(line.mutex);
  const Clock::time_point now = Clock::now();
  if (!at_once && now - line.drawn < kBetween) return;
  line.drawn = now;
  line.on_terminal = true;
  Write(std::string(kAway) + Fitting(text));
}

std::string Grouped(int64_t number) {
  std::string text = std::to_string(number);
  for (size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

std::string ToGo(int64_t ms) {
  const int64_t s = ms / 1000;
  return s >= 60 ? std::to_string(s / 60) + " min " + std::to_string(s % 60) + " s" : std::to_string(s) + " s";
}

}  // namespace

bool Progress::IsShown() {
  static const bool is_terminal = isatty(STDERR_FILENO) != 0;
  return is_terminal && !IsQuiet();
}

Progress::Progress() : begin_(Clock::now()) {}

Progress::~Progress() {
  TakeProgressAway();
}

void Progress::Part(const std::string& text) {
  part_ = text;
  begin_ = Clock::now();
  Draw(part_, true);
}

void Progress::At(int64_t done, int64_t all) {
  if (!IsShown()) return;
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin_);
  Show(part_ + "  " + ProgressText(done, all, elapsed.count()));
}

void Progress::Show(const std::string& text) {
  Draw(text, false);
}

std::string ProgressText(int64_t done, int64_t all, int64_t elapsed_ms) {
  if (all <= 0) return Grouped(done);
  const int64_t filled = std::clamp<int64_t>(done * kBarWidth / all, 0, kBarWidth);
  std::string text = "[" + std::string(static_cast<size_t>(filled), '#') +
                     std::string(static_cast<size_t>(kBarWidth - filled), ' ') + "] " + Grouped(done) + " of " +
                     Grouped(all);
  // The first moments say nothing about the rest.
  if (elapsed_ms >= 1000 && done > 0 && done < all) text += ", " + ToGo((all - done) * elapsed_ms / done) + " to go";
  return text;
}

void TakeProgressAway() {
  Line& line = TheLine();
  if (!line.on_terminal) return;
  const std::lock_guard lock(line.mutex);
  if (line.on_terminal.exchange(false)) Write(kAway);
}

}  // namespace picket::cli
