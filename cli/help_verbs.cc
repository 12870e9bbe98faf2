#include "cli/help_verbs.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/command_tree.h"
#include "cli/completion.h"
#include "cli/exit_status.h"
#include "cli/manual_page.h"
#include "cli/version.h"
#include "compiler/diagnostics/nearest.h"

namespace picket::cli {
namespace {

// The verb that words name: the verb that begins them, or a verb of that verb.
struct NamedVerb {
  const CLI::App* verb = nullptr;
  std::string path = "picket";  // how the verb is called
  std::size_t depth = 0;        // how many of the words name it
};

NamedVerb VerbOf(const CLI::App& program, const std::vector<std::string>& words) {
  NamedVerb found{&program};
  for (const std::string& word : words) {
    const auto inner = found.verb->get_subcommands([&](const CLI::App* one) { return one->get_name() == word; });
    if (inner.empty()) break;
    found.verb = inner.front();
    found.path += " " + word;
    ++found.depth;
  }
  return found;
}

void Suggest(std::ostream& out, const std::string& word, const std::vector<std::string>& known) {
  if (const auto nearest = compiler::Nearest(word, known)) out << "; did you mean `" << *nearest << "`?";
}

bool IsOption(const std::string& word) {
  return word.size() > 1 && word.front() == '-';
}

// The first word from `from` on that is not an option; nullopt if all are options.
std::optional<std::string> FirstWord(const std::vector<std::string>& words, std::size_t from) {
  const auto found = std::find_if_not(words.begin() + static_cast<std::ptrdiff_t>(from), words.end(), IsOption);
  return found == words.end() ? std::nullopt : std::optional(*found);
}

// What may be meant by an option that `verb` does not have: the nearest of its options; or the option of the verb that
// follows, since the options of a verb stand behind it.
void SuggestOption(std::ostream& out, const std::string& option, const VerbWords& verb, const CLI::App& program) {
  const std::string name = option.substr(0, option.find('='));
  for (const CLI::App* called : program.get_subcommands()) {
    const std::vector<std::string> names = NamesOfOptions(DescribeCommands(*called));
    if (std::find(names.begin(), names.end(), name) == names.end()) continue;
    out << " before the verb; write it behind `" << called->get_name() << '`';
    return;
  }
  Suggest(out, name, NamesOfOptions(verb));
}

// How a message about a verb begins: `picket: lab up: `, or `picket: ` for the program itself.
std::string PrefixOf(const std::string& path) {
  const std::size_t blank = path.find(' ');
  return blank == std::string::npos ? path + ": " : path.substr(0, blank) + ": " + path.substr(blank + 1) + ": ";
}

// `--color check FILE` takes the verb as the option's value. True if that is the mistake, which is then told.
bool TellSwallowedVerb(const VerbWords& program, const std::vector<std::string>& words, std::ostream& out) {
  const std::vector<std::string> verbs = NamesOfVerbs(program);
  const auto option = std::find(words.begin(), words.end(), "--color");
  if (option == words.end() || option + 1 == words.end()) return false;
  if (std::find(verbs.begin(), verbs.end(), option[1]) == verbs.end()) return false;
  out << "picket: --color takes auto, always or never, and not the verb `" << option[1]
      << "`\nhelp: write `--color=always` or nothing\n";
  return true;
}

int TellUnknownVerb(const VerbWords& verb, const std::string& path, const std::string& word, std::ostream& out) {
  out << PrefixOf(path) << "there is no verb `" << word << '`';
  Suggest(out, word, NamesOfVerbs(verb));
  out << "\nhelp: `" << path << " --help` lists the verbs\n";
  return kInputWrong;
}

struct HelpWords {
  std::vector<std::string> verbs;
  bool man = false;
};

int RunHelp(const CLI::App& program, const HelpWords& asked) {
  const auto [verb, path, depth] = VerbOf(program, asked.verbs);
  const VerbWords described = DescribeCommands(*verb);
  if (depth < asked.verbs.size()) return TellUnknownVerb(described, path, asked.verbs[depth], std::cerr);
  // The formatter is asked itself: `App::help` would tell of the verb that is running, which is `help`.
  std::cout << (asked.man ? ManualPage(described, path, std::string(Version()))
                          : verb->get_formatter()->make_help(verb, path, CLI::AppFormatMode::Normal));
  return kOk;
}

void AddHelp(CLI::App& program, int& status) {
  CLI::App* verb = program.add_subcommand("help", "Tell what a verb does and which options it has");
  auto asked = std::make_shared<HelpWords>();
  verb->add_option("VERB", asked->verbs, "a verb; without one, all verbs are listed");
  verb->add_flag("--man", asked->man, "as a manual page, for man -l -");
  verb->footer("Example: picket help sweep");
  verb->callback([&program, &status, asked] { status = RunHelp(program, *asked); });
}

void AddCompletion(CLI::App& program, int& status) {
  CLI::App* verb = program.add_subcommand("completion", "Print a script that completes picket's words in a shell");
  auto shell = std::make_shared<std::string>();
  verb->add_option("SHELL", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  verb->footer("Example: picket completion bash > /usr/share/bash-completion/completions/picket");
  verb->callback([&program, &status, shell] {
    const VerbWords words = DescribeCommands(program);
    std::cout << (*shell == "bash"  ? BashCompletion(words)
                  : *shell == "zsh" ? ZshCompletion(words)
                                    : FishCompletion(words));
    status = kOk;
  });
}

}  // namespace

void AddHelpVerbs(CLI::App& program, int& status) {
  AddHelp(program, status);
  AddCompletion(program, status);
}

std::string VersionLine() {
  std::string line = "picket ";
  line += Version();
  if (!Commit().empty()) line += " (commit " + std::string(Commit()) + ")";
  return line + "; answers as Pacemaker 2.1.5 to 3.0.2";
}

int TellUsageError(const CLI::App& program, const CLI::ParseError& error, const std::vector<std::string>& words,
                   std::ostream& out) {
  const std::vector<std::string> after(words.begin() + 1, words.end());
  const auto [verb, path, depth] = VerbOf(program, after);
  const VerbWords described = DescribeCommands(*verb);
  const bool wants_verb = !described.verbs.empty() && verb->get_subcommands().empty();

  // A verb is wanted, and a word that is no verb stands there.
  const auto word = FirstWord(after, depth);
  if (wants_verb && word) {
    if (depth == 0 && TellSwallowedVerb(described, after, out)) return kInputWrong;
    return TellUnknownVerb(described, path, *word, out);
  }
  if (wants_verb && after.size() == depth) {
    out << PrefixOf(path) << "a verb is missing\nhelp: `" << path << " --help` lists the verbs\n";
    return kInputWrong;
  }
  // A misspelt option comes first, whatever else is wrong: the rest may follow from it.
  const std::vector<std::string> extras = program.remaining(true);
  const auto option = std::find_if(extras.begin(), extras.end(), IsOption);
  if (option != extras.end()) {
    const std::string name = option->substr(0, option->find('='));
    out << PrefixOf(path) << "there is no option `" << name << '`';
    SuggestOption(out, name, described, program);
    out << '\n';
  } else if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    for (const std::string& extra : extras) out << PrefixOf(path) << "one argument too many: `" << extra << "`\n";
  } else {
    out << PrefixOf(path) << error.what() << '\n';
  }
  out << "help: `" << path << " --help` shows how it is used\n";
  return kInputWrong;
}

}  // namespace picket::cli
