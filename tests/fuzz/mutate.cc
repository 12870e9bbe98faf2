// A driver for a fuzz target: takes the files of some folders as seeds and
// tries what comes of changing them, the same way for the same number.
//
//     TARGET [--runs N] [--seconds N] [--number N] [--only RUN] FILE…
//
// When the target ends the program, the number and the run are told, and
// `--number N --only RUN` tries that one again.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz_target.h"

namespace {

constexpr std::size_t kSizeMax = 20000;

// Told by the handler of a signal, which may look at nothing else.
volatile unsigned long current_run = 0;
volatile unsigned long current_number = 0;

void Tell(int signal_number) {
  std::fprintf(stderr, "\nended by signal %d: --number %lu --only %lu\n", signal_number, current_number, current_run);
  std::signal(signal_number, SIG_DFL);
  std::raise(signal_number);
}

class Mutator {
 public:
  Mutator(std::vector<std::string> seeds, std::uint64_t number) : seeds_(std::move(seeds)), number_(number) {}

  std::string Make(unsigned long run) {
    state_ = number_ * 1000003 + run;
    std::string text = Pick();
    for (std::size_t i = 1 + Below(6); i > 0; --i) Change(text);
    if (text.size() > kSizeMax) text.resize(kSizeMax);
    return text;
  }

 private:
  std::uint64_t Next() {  // splitmix64.
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  std::size_t Below(std::size_t limit) { return limit == 0 ? 0 : static_cast<std::size_t>(Next() % limit); }
  const std::string& Pick() { return seeds_[Below(seeds_.size())]; }

  // A stretch of a seed, mostly whole lines.
  std::string Stretch() {
    const std::string& seed = Pick();
    std::size_t begin = Below(seed.size());
    std::size_t end = begin + Below(200);
    if (Below(2) == 0) {
      begin = seed.rfind('\n', begin) + 1;
      end = std::min(seed.find('\n', begin), seed.size() - 1) + 1;
    }
    return begin < seed.size() ? seed.substr(begin, end - begin) : "";
  }

  void Change(std::string& text) {
    static const char* const kPieces[] = {"{",       "}",        "\n",      "\"",      "'''",
                                          "${",      "@",        "\\\n",    "#",       ";",
                                          "= ",      "when",     "from",    "[",       "](",
                                          "not ",    "\x80",     "<",       "/>",      "&#10;",
                                          "\r",      "\t",       "-",       "inf",     "9999999999999999999",
                                          "..",      "/x/",      "::",      " of ",    " { ",
                                          "secret(", "\"\"",     "<!--",    "]]>",     " on ",
                                          "during ", " within ", "assume ", "by hand "};
    const std::size_t at = Below(text.size() + 1);
    switch (Below(7)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(Next());
        break;
      case 1:
        text.erase(at, 1 + Below(30));
        break;
      case 2:
        text.insert(at, kPieces[Below(sizeof kPieces / sizeof *kPieces)]);
        break;
      case 3:
        text.insert(at, Stretch());
        break;
      case 4:
        if (at < text.size()) text.insert(Below(text.size()), text.substr(at, Below(60)));
        break;
      case 5:
        if (at < text.size()) text.replace(at, Below(20), Stretch().substr(0, 40));
        break;
      default: {  // The same piece many times: depth and size.
        const std::string piece = kPieces[Below(sizeof kPieces / sizeof *kPieces)];
        std::string many;
        for (std::size_t i = Below(400); i > 0; --i) many += piece;
        if (Below(8) == 0) text.insert(at, many);
      }
    }
  }

  std::vector<std::string> seeds_;
  std::uint64_t number_;
  std::uint64_t state_ = 0;
};

void Try(const std::string& text) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

}  // namespace

int main(int argc, char** argv) {
  unsigned long runs = ~0ul, seconds = ~0ul, number = 1, only = 0;
  std::vector<std::string> seeds;
  for (int i = 1; i < argc; ++i) {
    const auto option = [&](const char* name, unsigned long& value) {
      if (std::strcmp(argv[i], name) != 0 || i + 1 == argc) return false;
      value = std::strtoul(argv[++i], nullptr, 10);
      return true;
    };
    if (option("--runs", runs) || option("--seconds", seconds) || option("--number", number) ||
        option("--only", only)) {
      continue;
    }
    std::ifstream file(argv[i], std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return std::fprintf(stderr, "cannot read %s\n", argv[i]), 3;
    if (text.str().size() <= kSizeMax) seeds.push_back(text.str());
  }
  if (seeds.empty()) return std::fprintf(stderr, "no seeds\n"), 2;
  for (const int signal_number : {SIGABRT, SIGSEGV, SIGFPE, SIGILL}) std::signal(signal_number, Tell);

  current_number = number;
  for (const std::string& seed : seeds) Try(seed);
  Mutator mutator(std::move(seeds), number);
  const auto begin = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return static_cast<unsigned long>(
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin).count());
  };
  unsigned long run = only > 0 ? only : 1;
  for (; only > 0 ? run == only : run <= runs && elapsed() < seconds; ++run) {
    current_run = run;
    Try(mutator.Make(run));
  }
  std::printf("%lu runs without a finding\n", only > 0 ? 1 : run - 1);
}
