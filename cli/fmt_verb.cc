#include "cli/fmt_verb.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/answer.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/policy_files.h"
#include "cli/policy_io.h"
#include "compiler/compile.h"
#include "compiler/diagnostics/json_log.h"
#include "compiler/diagnostics/render.h"
#include "compiler/format/format.h"
#include "compiler/syntax/parse.h"

namespace picket::cli {
namespace {

struct FmtArguments {
  std::vector<std::string> files;
  bool check = false;
  bool to_stdout = false;
  std::string format = "text";

  bool json() const { return format == "json"; }
};

// What became of one file, for programs.
struct Outcome {
  int status = kOk;
  const char* state = "wrong";  // canonical, not canonical, rewritten, wrong
  std::string text;             // the canonical text; empty for a file that is wrong
  compiler::JsonLog log;
};

// The canonical text of a file, or nullopt after telling why. What was written
// is read again before anything is replaced: a file is worth more than a
// formatter's word.
std::optional<std::string> Canonical(const FmtArguments& arguments, const std::string& file, const std::string& text,
                                     Outcome& outcome) {
  compiler::SourceMap sources;
  sources.files.push_back({file == "-" ? "<stdin>" : file, text});
  compiler::Diagnostics diagnostics;
  const compiler::ast::File parsed = compiler::Parse(text, 0, diagnostics);
  if (diagnostics.HasErrors()) {
    compiler::SortByPlace(diagnostics.list());
    outcome.log.Add(diagnostics, sources);
    if (!arguments.json()) std::cerr << compiler::RenderText(diagnostics, sources);
    outcome.status = kInputWrong;
    return std::nullopt;
  }
  std::string out = compiler::Format(parsed, text);
  compiler::Diagnostics again;
  const compiler::ast::File reread = compiler::Parse(out, 0, again);
  if (again.HasErrors() || reread.comments.size() != parsed.comments.size() ||
      !compiler::SameMeaning(parsed.statements, reread.statements)) {
    std::cerr << "picket: formatting " << file << " would change it; it is left as it is; please report this\n";
    outcome.status = kDefect;
    return std::nullopt;
  }
  return out;
}

Outcome One(const FmtArguments& arguments, const std::string& file) {
  Outcome outcome;
  const auto text = compiler::ReadSource(file);
  if (!text) {
    outcome.status = TellUnread(file, WhyUnread(file));
    return outcome;
  }
  const auto canonical = Canonical(arguments, file, *text, outcome);
  if (!canonical) return outcome;
  outcome.text = *canonical;
  const bool is_canonical = *canonical == *text;
  outcome.state = is_canonical ? "canonical" : "not canonical";
  if (arguments.check) {
    outcome.status = is_canonical ? kOk : kVerdict;
    if (!is_canonical && !arguments.json()) std::cout << (file == "-" ? "<stdin>" : file) << '\n';
  } else if (arguments.to_stdout || file == "-") {
    if (!arguments.json()) std::cout << *canonical;
  } else if (!is_canonical) {
    if (WriteOutput(file, *canonical)) {
      outcome.state = "rewritten";
    } else {
      outcome.status = kEnvironmentWrong;
    }
  }
  return outcome;
}

int Run(const FmtArguments& arguments) {
  int status = kOk;
  nlohmann::ordered_json document = Envelope("picket-fmt");
  document["files"] = nlohmann::ordered_json::array();
  const std::vector<std::string> files = PolicyFiles(arguments.files);
  if (files.empty()) return TellNoPolicies(arguments.files);
  for (const std::string& file : files) {
    const std::size_t mark = ToldSoFar();
    const Outcome outcome = One(arguments, file);
    status = std::max(status, outcome.status);
    if (!arguments.json()) continue;
    nlohmann::ordered_json entry = {{"file", file}, {"state", outcome.state}};
    if (!outcome.text.empty() && (arguments.to_stdout || file == "-")) entry["text"] = outcome.text;
    outcome.log.WriteTo(entry);
    if (outcome.status > kVerdict) entry["error"] = ErrorSince(mark, outcome.status);
    document["files"].push_back(std::move(entry));
  }
  if (arguments.json()) std::cout << JsonText(document);
  return status;
}

}  // namespace

void AddFmtVerb(CLI::App& app, int& status) {
  CLI::App* verb = app.add_subcommand("fmt", "Write policies in their canonical spelling");
  auto arguments = std::make_shared<FmtArguments>();
  verb->add_option("FILE", arguments->files, "Policies to rewrite, or folders of them; - reads stdin and writes stdout")
      ->required();
  verb->add_flag("--check", arguments->check, "Write nothing; name the files that are not canonical and exit with 1");
  verb->add_flag("--stdout", arguments->to_stdout, "Write to stdout instead of to the files");
  verb->add_option("--format", arguments->format, "text, or json: what became of each file")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  verb->callback([arguments, &status] { status = Run(*arguments); });
}

}  // namespace picket::cli
