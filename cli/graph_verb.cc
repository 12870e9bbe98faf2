#include "cli/graph_verb.h"

#include <iostream>
#include <memory>
#include <string>

#include "cli/agents_option.h"
#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/policy_io.h"
#include "compiler/compile.h"
#include "compiler/graph/picture.h"

namespace picket::cli {
namespace {

struct GraphArguments {
  std::string file;
  std::string output = "-";
  std::string format;
  std::string agents;
};

int Run(const GraphArguments& arguments) {
  compiler::CompileOptions options = ReviewedOptions();
  options.agents = compiler::AgentOptions{arguments.agents};
  const compiler::CompileResult result = compiler::Compile(arguments.file, options);
  const int status = TellDiagnostics(result, false, false);
  if (!result.compiled) return status;
  std::string format = arguments.format;
  if (format.empty()) format = arguments.output == "-" ? "dot" : EndingOf(arguments.output);
  std::string reason;
  const auto graph = GraphAs(*result.compiled, result.source_map, format, reason);
  if (!graph) {
    std::cerr << "picket: " << arguments.file << ": " << reason << '\n';
    return NeedsGraphviz(format) ? kEnvironmentWrong : kInputWrong;
  }
  for (const std::string& what : NotDrawn(result.compiled->graph, result.compiled->cib))
    std::cerr << "picket: " << arguments.file << ": note: not drawn: " << what << '\n';
  return WriteOutput(arguments.output, *graph) ? kOk : kEnvironmentWrong;
}

}  // namespace

void AddGraphVerb(CLI::App& program, int& status) {
  CLI::App* verb = program.add_subcommand("graph", "Draw what depends on what in a policy");
  const auto arguments = std::make_shared<GraphArguments>();
  verb->add_option("FILE", arguments->file, "The policy; - is standard input")->required();
  verb->add_option("-o,--output", arguments->output, "Where the graph goes; - is standard output");
  verb->add_option("--format", arguments->format, "dot, json, svg or png; else by the file's ending")
      ->check(CLI::IsMember({"dot", "json", "svg", "png"}));
  AddAgentsOption(*verb, arguments->agents);
  verb->footer("Example: picket graph examples/pbx/pbx.picket -o graph.svg");
  verb->callback([arguments, &status] { status = Run(*arguments); });
}

}  // namespace picket::cli
