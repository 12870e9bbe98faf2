#include "cli/fmt_verb.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "cli/policy_files.h"
#include "cli/policy_io.h"
#include "compiler/compile.h"
#include "compiler/diagnostics/render.h"
#include "compiler/format/format.h"
#include "compiler/syntax/parse.h"

namespace picket::cli {
namespace {

struct FmtArguments {
  std::vector<std::string> files;
  bool check = false;
  bool to_stdout = false;
};

// The canonical text of a file, or nothing after telling why. What was written
// is read again before anything is replaced: a file is worth more than a
// formatter's word.
std::optional<std::string> Canonical(const std::string& file, const std::string& text, int& status) {
  compiler::SourceMap sources;
  sources.files.push_back({file == "-" ? "<stdin>" : file, text});
  compiler::Diagnostics diagnostics;
  const compiler::ast::File parsed = compiler::Parse(text, 0, diagnostics);
  if (diagnostics.HasErrors()) {
    compiler::SortByPlace(diagnostics.list());
    std::cerr << compiler::RenderText(diagnostics, sources);
    status = std::max(status, kInputWrong);
    return std::nullopt;
  }
  std::string out = compiler::Format(parsed, text);
  compiler::Diagnostics again;
  const compiler::ast::File reread = compiler::Parse(out, 0, again);
  if (again.HasErrors() || reread.comments.size() != parsed.comments.size() ||
      !compiler::SameMeaning(parsed.statements, reread.statements)) {
    std::cerr << "picket: formatting " << file
              << " would change it; it is left as it is; please report this\n";
    status = kDefect;
    return std::nullopt;
  }
  return out;
}

void One(const FmtArguments& arguments, const std::string& file, int& status) {
  const auto text = compiler::ReadSource(file);
  if (!text) {
    std::cerr << "picket: error[E0001]: cannot read `" << file << "`\n";
    status = std::max(status, kEnvironmentWrong);
    return;
  }
  const auto canonical = Canonical(file, *text, status);
  if (!canonical) return;
  if (arguments.check) {
    if (*canonical == *text) return;
    std::cout << (file == "-" ? "<stdin>" : file) << '\n';
    status = std::max(status, kVerdict);
  } else if (arguments.to_stdout || file == "-") {
    std::cout << *canonical;
  } else if (*canonical != *text && !WriteOutput(file, *canonical)) {
    status = std::max(status, kEnvironmentWrong);
  }
}

}  // namespace

void AddFmtVerb(CLI::App& app, int& status) {
  CLI::App* verb = app.add_subcommand("fmt", "Write policies in their canonical spelling");
  auto arguments = std::make_shared<FmtArguments>();
  verb->add_option("FILE", arguments->files, "Policies to rewrite, or folders of them; - reads stdin and writes stdout")
      ->required();
  verb->add_flag("--check", arguments->check,
                 "Write nothing; name the files that are not canonical and exit with 1");
  verb->add_flag("--stdout", arguments->to_stdout, "Write to stdout instead of to the files");
  verb->callback([arguments, &status] {
    for (const std::string& file : PolicyFiles(arguments->files)) One(*arguments, file, status);
  });
}

}  // namespace picket::cli
