#include "cli/voice.h"

#include "doctest/doctest.h"

using namespace picket::cli;

namespace {

struct Loud {
  explicit Loud(Loudness loudness) { LoudnessOfProgram() = loudness; }
  ~Loud() { LoudnessOfProgram() = Loudness::kUsual; }
};

struct Coloured {
  explicit Coloured(Colour colour) { ColourOfProgram() = colour; }
  ~Coloured() { ColourOfProgram() = Colour::kAuto; }
};

constexpr const char* kWarning =
    "shop.picket:3:1: warning[W0207]: `web` has no order\n"
    "    3 | colocation web with ip\n"
    "      | ^^^^^^^^^^ here\n"
    "in `use` at shop.picket:9:1\n"
    "shop.picket:2:1: the partner is here\n"
    "    2 | primitive ip\n"
    "help: `depend web on ip`\n";
constexpr const char* kError =
    "picket: error[E0001]: cannot read `a: note: b`: there is no such file\n"
    "help: look again\n";

}  // namespace

TEST_CASE("without colours and at the usual loudness every byte is told as it is written") {
  const Coloured plain(Colour::kNever);
  Voice voice;
  const std::string text = std::string(kWarning) + kError + "\n17 of 20\n\tx\n";
  std::string told;
  for (const char byte : text) told += voice.Take(std::string_view(&byte, 1));
  CHECK(told == text);
  CHECK(voice.Rest().empty());
}

TEST_CASE("-q drops warnings and notes whole, and no error, help or result") {
  const Loud quiet(Loudness::kQuiet);
  const Coloured plain(Colour::kNever);
  Voice voice;
  CHECK(voice.Take(kWarning).empty());
  CHECK(voice.Take("picket: note: one link is assumed\n").empty());
  CHECK(voice.Take(kError) == kError);
  CHECK(voice.Take("picket: left out: a ticket\n") == "picket: left out: a ticket\n");
  CHECK(voice.Take("shop.picket:9:1: error: `web` waits for ever\n") != "");
}

TEST_CASE("colours mark the word that says how grave a message is, and the place below it") {
  const Coloured coloured(Colour::kAlways);
  Voice voice;
  const std::string told = voice.Take(kWarning);
  CHECK(told.starts_with("shop.picket:3:1: \033[1;33mwarning[W0207]\033[0m: `web`"));
  CHECK(told.find("      | \033[1;33m^^^^^^^^^^ here\033[0m\n") != std::string::npos);
  CHECK(told.find("\033[1;32mhelp\033[0m: `depend") != std::string::npos);
  CHECK(voice.Take(kError).starts_with("picket: \033[1;31merror[E0001]\033[0m: cannot read `a: note: b`"));
  // A word of the text is not a mark.
  CHECK(voice.Take("picket: the error of it\n") == "picket: the error of it\n");
  CHECK(voice.Take("picket: errors: none\n") == "picket: errors: none\n");
}

TEST_CASE("a question is seen before its line has an end, and the rest of the line follows as it is") {
  const Coloured coloured(Colour::kAlways);
  Voice voice;
  CHECK(voice.Take("Do it? [y/N] ").empty());
  CHECK(voice.Rest() == "Do it? [y/N] ");
  CHECK(voice.Take("error: no\nerror: yes\n") == "error: no\n\033[1;31merror\033[0m: yes\n");
}
