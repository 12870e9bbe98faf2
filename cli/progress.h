// How far long work is: one line on the standard error, rewritten in place. One mechanism for all verbs.
//
// The line is shown only if the standard error is a terminal, and not with `-q`. It goes when the work ends, and before
// anything else is written: AnswerGuard (cli/answer.h) calls `TakeProgressAway`. So the line is never in a file, a pipe
// or a document. A Progress is cheap: it draws at most ten times a second.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace picket::cli {

class Progress {
 public:
  Progress();
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Whether anybody sees it. Work that has to do something for its progress may leave that out otherwise.
  static bool IsShown();

  // A new part of the work, `reading pbx.xml`. It is drawn at once.
  void Part(const std::string& text);
  // How much of the part is done: `scores  [####      ] 120 of 300, 4 s to go`. `all` may be 0: unknown.
  void At(int64_t done, int64_t all);
  // A line of the caller's own, drawn if the last one is old enough.
  void Show(const std::string& text);

 private:
  std::chrono::steady_clock::time_point begin_;  // of the part
  std::string part_;
};

// `[####      ] 120 of 300, 4 s to go`, for work that began `elapsed_ms` ago; `120` if `all` is 0.
std::string ProgressText(int64_t done, int64_t all, int64_t elapsed_ms);

// Takes the line off the terminal, if one is there.
void TakeProgressAway();

}  // namespace picket::cli
