#include "cli/init_verb.h"

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "cli/patterns.h"
#include "cli/policy_io.h"
#include "compiler/diagnostics/nearest.h"

namespace picket::cli {
namespace {

struct InitArguments {
  std::string pattern;
  std::string output;
  bool force = false;
};

std::string NameOf(const EmbeddedFile& pattern) {
  return std::string(pattern.name.substr(0, pattern.name.rfind('.')));
}

// What the pattern is about: its first line, which is a comment.
std::string AboutOf(const EmbeddedFile& pattern) {
  const std::string_view line = pattern.text.substr(0, pattern.text.find('\n'));
  const std::size_t first = line.find_first_not_of("# ");
  return first == std::string_view::npos ? "" : std::string(line.substr(first));
}

int List() {
  std::size_t width = 0;
  for (const EmbeddedFile& pattern : kPatterns) width = std::max(width, NameOf(pattern).size());
  for (const EmbeddedFile& pattern : kPatterns) {
    const std::string name = NameOf(pattern);
    std::cout << name << std::string(width + 2 - name.size(), ' ') << AboutOf(pattern) << '\n';
  }
  std::cout << "\n`picket init PATTERN` writes PATTERN.picket, with its tests\n";
  return kOk;
}

int Run(const InitArguments& arguments) {
  if (arguments.pattern.empty()) return List();
  std::vector<std::string> names;
  for (const EmbeddedFile& pattern : kPatterns) {
    names.push_back(NameOf(pattern));
    if (names.back() != arguments.pattern) continue;
    const std::string output = arguments.output.empty() ? std::string(pattern.name) : arguments.output;
    std::error_code no_reason;
    if (output != "-" && !arguments.force && std::filesystem::exists(output, no_reason)) {
      std::cerr << "picket: `" << output << "` is there already; -o names another file, --force replaces it\n";
      return kInputWrong;
    }
    if (!WriteOutput(output, std::string(pattern.text))) return kEnvironmentWrong;
    if (output != "-") {
      std::cout << "wrote " << output << ": change names, addresses and secrets, then\n"
                << "  picket check " << output << "\n  picket test " << output << '\n';
    }
    return kOk;
  }
  std::cerr << "picket: there is no pattern `" << arguments.pattern << "`";
  if (const auto nearest = compiler::Nearest(arguments.pattern, names))
    std::cerr << "; did you mean `" << *nearest << "`?";
  std::cerr << "\nhelp: `picket init` lists the patterns\n";
  return kInputWrong;
}

}  // namespace

void AddInitVerb(CLI::App& program, int& status) {
  CLI::App* verb = program.add_subcommand("init", "Write a policy to begin with, with its tests");
  const auto arguments = std::make_shared<InitArguments>();
  verb->add_option("PATTERN", arguments->pattern, "What for; without it the patterns are listed");
  verb->add_option("-o,--output", arguments->output, "Where the policy goes; else PATTERN.picket here; - is stdout");
  verb->add_flag("--force", arguments->force, "Replace the file if it is there");
  verb->footer("Example: picket init web");
  verb->callback([arguments, &status] { status = Run(*arguments); });
}

}  // namespace picket::cli
