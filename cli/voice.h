// How messages are told on the standard error: how many of them, and in which colours. One rule for all verbs.
//
// Verbs write plain lines. A Voice takes the lines on their way: with `-q` it drops warnings and notes, and on a
// terminal it colours the word that says how grave a message is. A Voice does not see the standard output; only
// `HasColour` answers for both. AnswerGuard (cli/answer.h) owns the only Voice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace picket::cli {

// What -q and -v ask for.
enum class Loudness : uint8_t { kQuiet, kUsual, kVerbose };
// What --color asks for.
enum class Colour : uint8_t { kAuto, kAlways, kNever };

// The loudness and the colour of this call of the program. `-v` makes verbs also tell what they read and how long they
// took.
Loudness& LoudnessOfProgram();
Colour& ColourOfProgram();
bool IsVerbose();
bool IsQuiet();

// Whether what is written to this descriptor gets colours. `--color` decides; without it, the descriptor has to be a
// terminal that has colours, and NO_COLOR and TERM=dumb switch them off.
bool HasColour(int descriptor);

class Voice {
 public:
  // What is to be written for these bytes: whole lines. The beginning of a line is kept back until its end is known.
  std::string Take(std::string_view bytes);
  // The beginning that was kept back; for a question, which is to be seen before its line ends.
  std::string Rest();

 private:
  std::string Told(const std::string& line);

  std::string line_;        // so far
  bool in_line_ = false;    // the beginning of the line was written already
  bool dropping_ = false;   // the message that the next lines belong to is not told
  const char* paint_ = "";  // the colour of that message
};

}  // namespace picket::cli
