#include "cli/check_verb.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/agents_option.h"
#include "cli/answer.h"
#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/fixes.h"
#include "cli/policy_files.h"
#include "cli/policy_io.h"
#include "cli/profiles.h"
#include "cli/version.h"
#include "compiler/compile.h"
#include "compiler/diagnostics/json_log.h"
#include "compiler/diagnostics/sarif.h"
#include "compiler/profile/profile.h"

namespace picket::cli {
namespace {

struct CheckArguments {
  std::vector<std::string> files;
  std::string target = "2.1";
  std::string format = "text";
  std::string agents;
  std::vector<std::string> profiles;
  bool strict = false;
  bool fix = false;
};

// Each round may show more: what stands behind a word that was wrong.
constexpr int kFixRoundsMax = 5;

// Carries the mechanical helps out, in the file; false if it cannot be written.
bool Fix(const std::string& file, const compiler::CompileOptions& options) {
  for (int round = 0; round < kFixRoundsMax; ++round) {
    const compiler::CompileResult result = compiler::Compile(file, options);
    if (result.source_map.files.empty()) return true;
    std::size_t fixed = 0;
    const std::string text = WithFixes(result, fixed);
    if (fixed == 0) return true;
    if (!WriteOutput(file, text)) return false;
    std::cerr << "picket: " << file << ": " << fixed << (fixed == 1 ? " word" : " words") << " changed\n";
  }
  return true;
}

std::string NameOf(const EmbeddedFile& profile) {
  return std::string(profile.name.substr(0, profile.name.rfind('.')));
}

// A profile by the name under which the program carries it, or the text of a file.
std::optional<std::string> ProfileText(const std::string& name) {
  for (const EmbeddedFile& profile : kProfiles) {
    if (NameOf(profile) == name) return std::string(profile.text);
  }
  return compiler::ReadSource(name);
}

// Nothing after telling why on stderr; `status` is then the exit status.
std::optional<std::vector<compiler::Profile>> Profiles(const std::vector<std::string>& names, int& status) {
  std::vector<compiler::Profile> profiles;
  for (const std::string& name : names) {
    const auto text = ProfileText(name);
    if (!text) {
      std::cerr << "picket: there is no profile `" << name << "`, and no file of that name can be read\n"
                << "help: known are ";
      for (const EmbeddedFile& profile : kProfiles)
        std::cerr << (&profile == &kProfiles.front() ? "" : ", ") << NameOf(profile);
      std::cerr << "; docs/profiles.md says how a file is written\n";
      status = kInputWrong;
      return std::nullopt;
    }
    compiler::ProfileFault fault;
    auto profile = compiler::ReadProfile(*text, fault);
    if (!profile) {
      std::cerr << "picket: " << name << ':' << fault.line << ": " << fault.message << "\nhelp: " << fault.help << '\n';
      status = kInputWrong;
      return std::nullopt;
    }
    profiles.push_back(*std::move(profile));
  }
  return profiles;
}

int Run(const CheckArguments& arguments) {
  int refused = kOk;
  const auto profiles = Profiles(arguments.profiles, refused);
  if (!profiles) return refused;
  compiler::CompileOptions options = ReviewedOptions();
  options.target = TargetOf(arguments.target);
  options.tells_target_3 = options.target == compiler::emit::Target::k30;
  options.review = [usual = options.review, &profiles](const compiler::Review& review) {
    usual(review);
    if (!review.names_are_known) return;
    for (const compiler::Profile& profile : *profiles) CheckProfile(profile, review);
  };
  options.agents = compiler::AgentOptions{arguments.agents, true};
  int status = kOk;
  compiler::SarifLog log;
  log.SetVersion(std::string(Version()));
  compiler::JsonLog json;
  const std::vector<std::string> files = PolicyFiles(arguments.files);
  if (files.empty()) return TellNoPolicies(arguments.files);
  for (const std::string& file : files) {
    if (arguments.fix && file != "-" && !Fix(file, options)) return kEnvironmentWrong;
    const compiler::CompileResult result = compiler::Compile(file, options);
    // The worst of all files is the answer.
    if (arguments.format == "sarif") log.Add(result.diagnostics, result.source_map);
    if (arguments.format == "json") json.Add(result.diagnostics, result.source_map);
    status = std::max(status, TellDiagnostics(result, arguments.format != "text", arguments.strict));
  }
  // One document, however many policies there are.
  if (arguments.format == "sarif") std::cout << log.Text();
  if (arguments.format == "json") {
    nlohmann::ordered_json document = Envelope("picket-check", 2);
    document["files"] = files;
    json.WriteTo(document);
    std::cout << JsonText(document);
  }
  return status;
}

}  // namespace

void AddCheckVerb(CLI::App& program, int& status) {
  CLI::App* verb = program.add_subcommand("check", "Find mistakes in policies");
  const auto arguments = std::make_shared<CheckArguments>();
  verb->add_option("FILE", arguments->files, "Policies, or folders of them; - is standard input")->required();
  verb->add_flag("--fix", arguments->fix, "Carry out, in the files, the helps that need no thought");
  verb->add_option("--target", arguments->target, "The version of Pacemaker: 2.1 or 3.0")
      ->check(CLI::IsMember({"2.1", "3.0"}));
  AddAgentsOption(*verb, arguments->agents);
  verb->add_option("--profile", arguments->profiles,
                   "Also compare with what a provider advises: aws, azure, gcp, sap-hana, or a file")
      ->allow_extra_args(false);
  verb->add_option("--format", arguments->format, "text, json or sarif; one document for all files")
      ->check(CLI::IsMember({"text", "json", "sarif"}))
      ->capture_default_str();
  verb->add_flag("--strict", arguments->strict, "Exit status 1 if there are warnings");
  verb->footer("Example: picket check --strict examples/pbx/pbx.picket");
  verb->callback([arguments, &status] { status = Run(*arguments); });
}

}  // namespace picket::cli
