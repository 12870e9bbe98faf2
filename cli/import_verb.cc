#include "cli/import_verb.h"

#include <iostream>
#include <memory>
#include <string>

#include "cli/exit_status.h"
#include "cli/policy_io.h"
#include "compiler/compile.h"
#include "compiler/import/import.h"

namespace picket::cli {
namespace {

struct ImportArguments {
  std::string file;
  std::string output = "-";
  bool ids = false;
};

int Run(const ImportArguments& arguments) {
  const auto cib = compiler::ReadSource(arguments.file);
  if (!cib) {
    std::cerr << "picket: error[E0001]: cannot read `" << arguments.file << "`\n";
    return kEnvironmentWrong;
  }
  compiler::import::ImportOptions options;
  options.all_ids = arguments.ids;
  compiler::import::Imported imported;
  std::string reason;
  if (!compiler::import::Import(*cib, options, imported, reason)) {
    std::cerr << "picket: " << arguments.file << " is " << reason << '\n';
    return kInputWrong;
  }
  for (const std::string& warning : imported.warnings) std::cerr << "picket: warning: " << warning << '\n';
  if (imported.elements_as_xml > 0) {
    std::cerr << "picket: " << imported.elements_as_xml << " elements are taken over as `xml`; "
              << "the comment before each says why\n";
  }
  return WriteOutput(arguments.output, imported.policy) ? kOk : kEnvironmentWrong;
}

}  // namespace

void AddImportVerb(CLI::App& app, int& status) {
  CLI::App* verb =
      app.add_subcommand("import", "Turn a CIB into a policy that compiles to the same configuration");
  auto arguments = std::make_shared<ImportArguments>();
  verb->add_option("CIB", arguments->file, "The CIB to read, as XML; - is stdin")->required();
  verb->add_option("-o,--output", arguments->output, "Where the policy goes; - is stdout")
      ->capture_default_str();
  verb->add_flag("--ids", arguments->ids, "Write the ids of inner elements, which are derived otherwise");
  verb->callback([arguments, &status] { status = Run(*arguments); });
}

}  // namespace picket::cli
