#include "cli/check_verb.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "cli/policy_io.h"
#include "compiler/compile.h"

namespace picket::cli {
namespace {

struct CheckArguments {
  std::vector<std::string> files;
  std::string target = "2.1";
  std::string format = "text";
  bool strict = false;
};

int Run(const CheckArguments& arguments) {
  compiler::CompileOptions options;
  options.target = TargetOf(arguments.target);
  int status = kOk;
  for (const std::string& file : arguments.files) {
    const compiler::CompileResult result = compiler::Compile(file, options);
    // The worst of all files is the answer.
    status = std::max(status, TellDiagnostics(result, arguments.format == "json", arguments.strict));
  }
  return status;
}

}  // namespace

void AddCheckVerb(CLI::App& program, int& status) {
  CLI::App* verb = program.add_subcommand("check", "Find mistakes in policies");
  const auto arguments = std::make_shared<CheckArguments>();
  verb->add_option("FILE", arguments->files, "Policies; - is standard input")->required();
  verb->add_option("--target", arguments->target, "The version of Pacemaker: 2.1 or 3.0")
      ->check(CLI::IsMember({"2.1", "3.0"}));
  verb->add_option("--format", arguments->format, "text or json, one document for each file")
      ->check(CLI::IsMember({"text", "json"}));
  verb->add_flag("--strict", arguments->strict, "Exit status 1 if there are warnings");
  verb->footer("Example: picket check --strict examples/pbx/pbx.picket");
  verb->callback([arguments, &status] { status = Run(*arguments); });
}

}  // namespace picket::cli
