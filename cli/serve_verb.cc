#include "cli/serve_verb.h"

#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <iostream>
#include <memory>

#include "cli/exit_status.h"
#include "cli/serve_options.h"

namespace picket::cli {
namespace {

constexpr const char* kProgram = "picket-serve";

// Beside this program, where it is built or was copied to; or where the package puts it.
std::string FindProgram() {
  char path[PATH_MAX];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof path);
  if (size > 0) {
    const std::string own(path, static_cast<size_t>(size));
    std::string beside = own.substr(0, own.rfind('/') + 1) + kProgram;
    if (access(beside.c_str(), X_OK) == 0) return beside;
  }
  return std::string("/usr/libexec/picket/") + kProgram;
}

int Become(const std::vector<std::string>& words) {
  const std::string program = FindProgram();
  std::vector<std::string> all = {program};
  all.insert(all.end(), words.begin() + 2, words.end());
  std::vector<char*> arguments;
  for (std::string& word : all) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::cout.flush();
  execv(program.c_str(), arguments.data());
  const int why = errno;
  std::cerr << "picket: cannot start " << program << ": " << std::strerror(why) << '\n';
  if (why == ENOENT)
    std::cerr << "help: install the package picket-serve, which has it: `apt install picket-serve`; in a checkout "
                 "`./picket serve` builds it\n";
  return kEnvironmentWrong;
}

}  // namespace

void AddServeVerb(CLI::App& program, const std::vector<std::string>& words, int& status) {
  const auto options = std::make_shared<ServeOptions>();
  CLI::App* verb = program.add_subcommand("serve", "Show a live cluster in a browser, and what would happen if");
  AddServeOptions(*verb, *options);
  verb->callback([options, words, &status] { status = Become(words); });
}

}  // namespace picket::cli
