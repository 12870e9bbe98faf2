#include "cli/compile_verb.h"

#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/agents_option.h"
#include "cli/answer.h"
#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/policy_io.h"
#include "compiler/compile.h"
#include "compiler/diagnostics/json_log.h"
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
  std::string format = "text";
  bool json = false;  // the old name of `--format json`
};

int Dump(const CompileArguments& arguments) {
  auto text = compiler::ReadSource(arguments.file);
  if (!text) return TellUnread(arguments.file, WhyUnread(arguments.file));
  compiler::CompileResult result;
  const std::string path = arguments.file == "-" ? "<stdin>" : arguments.file;
  const std::string dump = arguments.dump == "ast" ? DumpAstOf(std::move(*text), path, result)
                                                   : DumpModelOf(std::move(*text), path, {}, result);
  const int status = TellDiagnostics(result, false, false);
  if (status != kOk) return status;
  return WriteOutput(arguments.output, dump) ? kOk : kEnvironmentWrong;
}

using File = std::pair<std::string, std::string>;  // path, text

// The files that were asked for, as texts: all texts first, all files after, so that a failure leaves every
// file as it was. The CIB is the last one. Nullopt after telling why, with the exit status.
std::optional<std::vector<File>> TextsOf(const CompileArguments& arguments, const compiler::CompileResult& result,
                                         int& status) {
  std::vector<File> files;
  if (!arguments.graph.empty()) {
    std::string reason;
    auto graph = GraphAs(*result.compiled, result.source_map, EndingOf(arguments.graph), reason);
    if (!graph) {
      std::cerr << "picket: " << reason << '\n';
      status = NeedsGraphviz(EndingOf(arguments.graph)) ? kEnvironmentWrong : kInputWrong;
      return std::nullopt;
    }
    files.emplace_back(arguments.graph, std::move(*graph));
  }
  if (!arguments.corosync.empty()) {
    if (result.compiled->topology.links.empty()) {
      std::cerr << "picket: " << arguments.file << " has no `cluster` with links, so there is no "
                << "corosync.conf to write\n";
      status = kInputWrong;
      return std::nullopt;
    }
    files.emplace_back(arguments.corosync, CorosyncConf(result.compiled->topology));
  }
  files.emplace_back(arguments.output, compiler::emit::CibText(result.compiled->cib));
  return files;
}

// What was compiled, for programs. The CIB is in the document where it would have gone to the standard
// output.
void TellJson(const CompileArguments& arguments, const compiler::CompileResult& result,
              const std::vector<File>& files) {
  nlohmann::ordered_json document = Envelope("picket-compile", 2);
  document["file"] = arguments.file;
  document["compiled"] = result.compiled.has_value();
  document["written"] = nlohmann::ordered_json::array();
  for (const auto& [path, text] : files) {
    if (path == "-") {
      document["cib"] = text;
    } else {
      document["written"].push_back(path);
    }
  }
  document["secrets"] = nlohmann::ordered_json::array();
  if (result.compiled) {
    for (const compiler::emit::Secret& secret : result.compiled->secrets) document["secrets"].push_back(secret.path);
  }
  compiler::JsonLog log;
  log.Add(result.diagnostics, result.source_map);
  log.WriteTo(document);
  std::cout << JsonText(document);
}

// The words of a secret stand where a cluster would look for the value.
void WarnOfSecrets(const std::string& file, const compiler::Compiled& compiled) {
  std::set<std::string> paths;
  for (const compiler::emit::Secret& secret : compiled.secrets) {
    if (!paths.insert(secret.path).second) continue;
    std::cerr << "picket: " << file << ": warning: secret(\"" << secret.path
              << "\") is not filled in: `picket apply --secrets` does that\n";
  }
}

// The generation of Pacemaker that reads the CIB, from `--as` or `--target`. Nullopt if `--as` names no release, after
// telling so.
std::optional<compiler::emit::Target> GenerationOf(const CompileArguments& arguments) {
  if (arguments.as.empty()) return TargetOf(arguments.target);
  std::string reason;
  const auto release = solver::Target::Parse(arguments.as, reason);
  if (!release) {
    std::cerr << "picket: --as: " << reason << '\n';
    return std::nullopt;
  }
  return TargetOf(release->is_3_0() ? "3.0" : "2.1");
}

int Run(const CompileArguments& arguments) {
  if (!arguments.dump.empty()) return Dump(arguments);
  compiler::CompileOptions options = ReviewedOptions();
  const auto target = GenerationOf(arguments);
  if (!target) return kInputWrong;
  options.target = *target;
  options.agents = compiler::AgentOptions{arguments.agents};
  const compiler::CompileResult result = compiler::Compile(arguments.file, options);
  const bool json = arguments.json || arguments.format == "json";
  int status = TellDiagnostics(result, json, false);
  if (!result.compiled) {
    if (json) TellJson(arguments, result, {});
    return status;
  }
  const auto files = TextsOf(arguments, result, status);
  if (!files) return status;
  for (const auto& [path, text] : *files) {
    if (json && path == "-") continue;
    if (!WriteOutput(path, text)) return kEnvironmentWrong;
  }
  if (json) {
    TellJson(arguments, result, *files);
  } else {
    WarnOfSecrets(arguments.file, *result.compiled);
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
  verb->add_option("--format", arguments->format, "text, or json: what was found and written, in one document")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  verb->add_flag("--json", arguments->json, "The same as --format json");
  verb->footer("Example: picket compile examples/pbx/pbx.picket -o cib.xml --graph graph.svg");
  verb->callback([arguments, &status] { status = Run(*arguments); });
}

}  // namespace picket::cli
