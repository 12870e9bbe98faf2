#include "cli/compile_verb.h"

#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/agents_option.h"
#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/policy_io.h"
#include "compiler/compile.h"
#include "compiler/emit/cib.h"
#include "solver/model/behaviour.h"

namespace picket::cli {
namespace {

struct CompileArguments {
  std::string file;
  std::string output = "-";
  std::string target = "2.1";
  std::string as;
  std::string graph;
  std::string corosync;
  std::string dump;
  std::string agents;
  bool json = false;
};

int Dump(const CompileArguments& arguments) {
  auto text = compiler::ReadSource(arguments.file);
  if (!text) {
    std::cerr << "picket: error[E0001]: cannot read `" << arguments.file << "`\n";
    return kEnvironmentWrong;
  }
  compiler::CompileResult result;
  const std::string path = arguments.file == "-" ? "<stdin>" : arguments.file;
  const std::string dump = arguments.dump == "ast" ? DumpAstOf(std::move(*text), path, result)
                                                   : DumpModelOf(std::move(*text), path, {}, result);
  const int status = TellDiagnostics(result, false, false);
  if (status != kOk) return status;
  return WriteOutput(arguments.output, dump) ? kOk : kEnvironmentWrong;
}

int Run(const CompileArguments& arguments) {
  if (!arguments.dump.empty()) return Dump(arguments);
  compiler::CompileOptions options = ReviewedOptions();
  options.target = TargetOf(arguments.target);
  if (!arguments.as.empty()) {
    std::string reason;
    const auto release = solver::Target::Parse(arguments.as, reason);
    if (!release) {
      std::cerr << "picket: --as: " << reason << '\n';
      return kInputWrong;
    }
    options.target = TargetOf(release->is_3_0() ? "3.0" : "2.1");
  }
  options.agents = compiler::AgentOptions{arguments.agents};
  const compiler::CompileResult result = compiler::Compile(arguments.file, options);
  // JSON goes to stdout, so the CIB must not.
  const bool json = arguments.json && arguments.output != "-";
  const int status = TellDiagnostics(result, json, false);
  if (!result.compiled) return status;
  // All texts first, all files after: a failure leaves every file as it was.
  std::vector<std::pair<std::string, std::string>> files;
  if (!arguments.graph.empty()) {
    std::string reason;
    auto graph = GraphAs(*result.compiled, result.source_map, EndingOf(arguments.graph), reason);
    if (!graph) {
      std::cerr << "picket: " << reason << '\n';
      return NeedsGraphviz(EndingOf(arguments.graph)) ? kEnvironmentWrong : kInputWrong;
    }
    files.emplace_back(arguments.graph, std::move(*graph));
  }
  if (!arguments.corosync.empty()) {
    if (result.compiled->topology.links.empty()) {
      std::cerr << "picket: " << arguments.file << " has no `cluster` with links, so there is no "
                << "corosync.conf to write\n";
      return kInputWrong;
    }
    files.emplace_back(arguments.corosync, CorosyncConf(result.compiled->topology));
  }
  files.emplace_back(arguments.output, compiler::emit::CibText(result.compiled->cib));
  for (const auto& [path, text] : files) {
    if (!WriteOutput(path, text)) return kEnvironmentWrong;
  }
  // The words stand where a cluster would look for the value.
  for (const compiler::emit::Secret& secret : result.compiled->secrets) {
    std::cerr << "picket: warning: secret(\"" << secret.path
              << "\") is not filled in: `picket apply --secrets` does that\n";
  }
  return kOk;
}

}  // namespace

void AddCompileVerb(CLI::App& program, int& status) {
  CLI::App* verb = program.add_subcommand("compile", "Compile a policy to a CIB");
  const auto arguments = std::make_shared<CompileArguments>();
  verb->add_option("FILE", arguments->file, "The policy; - is standard input")->required();
  verb->add_option("-o,--output", arguments->output, "Where the CIB goes; - is standard output");
  CLI::Option* target = verb->add_option("--target", arguments->target, "The version of Pacemaker: 2.1 or 3.0")
                            ->check(CLI::IsMember({"2.1", "3.0"}));
  verb->add_option("--as", arguments->as, "The release of Pacemaker that reads it, 2.1.5 to 3.0.2; instead of --target")
      ->excludes(target);
  verb->add_option("--graph", arguments->graph, "Write the dependency graph (.dot, .json, .svg, .png)");
  verb->add_option("--corosync", arguments->corosync, "Write corosync.conf");
  verb->add_option("--dump", arguments->dump, "Print the policy as read (ast) or as expanded (model) instead")
      ->check(CLI::IsMember({"ast", "model"}));
  AddAgentsOption(*verb, arguments->agents);
  verb->add_flag("--json", arguments->json, "Diagnostics as JSON, where the CIB goes to a file");
  verb->footer("Example: picket compile examples/pbx/pbx.picket -o cib.xml --graph graph.svg");
  verb->callback([arguments, &status] { status = Run(*arguments); });
}

}  // namespace picket::cli
