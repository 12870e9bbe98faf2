#include <doctest/doctest.h>

#include <CLI/CLI.hpp>
#include <string>

#include "cli/command_tree.h"
#include "cli/completion.h"
#include "cli/manual_page.h"

namespace picket::cli {
namespace {

// A program with a verb that has every kind of option, and a verb with verbs.
struct Declared {
  CLI::App program{"Does things", "picket"};
  std::string text;
  std::vector<std::string> files;
  bool flag = false;

  Declared() {
    CLI::App* play = program.add_subcommand("play", "Play it: don't [stop]");
    play->add_option("FILE", files, "what to play")->required();
    play->add_option("-f,--format", text, "how it is printed")->check(CLI::IsMember({"text", "json"}));
    play->add_option("--to", text, "where it goes");
    play->add_flag("--story", flag, "tell more");
    play->add_flag("--secret", flag, "not shown")->group("");
    play->footer("Example: picket play x");
    CLI::App* lab = program.add_subcommand("lab", "A lab");
    lab->add_subcommand("up", "Boot it");
    program.add_subcommand("hidden", "Not shown")->group("");
  }
};

const VerbWords& VerbNamed(const VerbWords& in, const std::string& name) {
  for (const VerbWords& verb : in.verbs) {
    if (verb.name == name) return verb;
  }
  FAIL("no verb ", name);
  return in;
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("commands are described as they are declared, without what is hidden") {
  Declared declared;
  const VerbWords words = DescribeCommands(declared.program);
  REQUIRE(words.verbs.size() == 2);
  const VerbWords& play = VerbNamed(words, "play");
  REQUIRE(play.options.size() == 5);
  CHECK(play.options[0].names == std::vector<std::string>{"-h", "--help"});
  CHECK_FALSE(play.options[0].takes_value);
  CHECK(play.options[1].positional);
  CHECK(play.options[1].required);
  CHECK(play.options[1].repeats);
  CHECK(play.options[2].choices == std::vector<std::string>{"text", "json"});
  CHECK(play.options[2].takes_value);
  CHECK(play.options[3].choices.empty());
  CHECK(play.options[3].takes_value);
  CHECK_FALSE(play.options[4].takes_value);
  CHECK(VerbNamed(VerbNamed(words, "lab"), "up").description == "Boot it");
}

TEST_CASE("completion quotes what shells would read as their own") {
  Declared declared;
  const VerbWords words = DescribeCommands(declared.program);
  const std::string bash = BashCompletion(words);
  CHECK(Has(bash, "'') words='play lab' ;;"));
  CHECK(Has(bash, "'play|--format') words='text json' ;;"));
  CHECK(Has(bash, "'lab') words='up' ;;"));
  const std::string zsh = ZshCompletion(words);
  CHECK(Has(zsh, "'play:Play it: don'\\''t [stop]'"));
  CHECK(Has(zsh, "'*--format[how it is printed]:value:(text json)'"));
  CHECK(Has(zsh, "_picket_lab_up() {"));
  const std::string fish = FishCompletion(words);
  CHECK(Has(fish, "-a play -d 'Play it: don\\'t [stop]'"));
  CHECK(Has(fish, "complete -c picket -n '__fish_seen_subcommand_from play' -s f -l format -r -f -a 'text json'"));
  CHECK_FALSE(Has(bash + zsh + fish, "secret"));
  CHECK_FALSE(Has(bash + zsh + fish, "hidden"));
}

TEST_CASE("a manual page has its parts, and no line that roff would obey by mistake") {
  Declared declared;
  const VerbWords words = DescribeCommands(declared.program);
  const std::string page = ManualPage(VerbNamed(words, "play"), "picket play", "1.2.3");
  CHECK(Has(page, ".TH PICKET-PLAY 1"));
  CHECK(Has(page, "picket\\-play \\- Play it: don't [stop]"));
  CHECK(Has(page, "[options] FILE ..."));
  CHECK(Has(page, ".B \\-f, \\-\\-format\nhow it is printed\nOne of: text, json."));
  VerbWords odd = VerbNamed(words, "play");
  odd.options.front().description = ".so /etc/passwd\n'tis";
  CHECK(Has(ManualPage(odd, "picket play", "1"), "\n\\&.so /etc/passwd\n\\&'tis"));
}

}  // namespace
}  // namespace picket::cli
