#include "cli/import_verb.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/as_test.h"
#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/policy_io.h"
#include "cli/read_cib.h"
#include "compiler/compile.h"
#include "compiler/import/import.h"

namespace picket::cli {
namespace {

struct ImportArguments {
  std::vector<std::string> files;
  std::string output = "-";
  std::string live;
  bool ids = false;
  bool as_test = false;
};

int Run(ImportArguments arguments) {
  if (!arguments.live.empty()) arguments.files.push_back(arguments.live);
  if (arguments.as_test) return ImportAsTest(arguments.files, arguments.output, arguments.ids);
  if (arguments.files.size() != 1) {
    std::cerr << "picket: import takes one CIB; a series of inputs is for --as-test\n";
    return kInputWrong;
  }
  const std::string& file = arguments.files.front();
  std::string unread;
  const auto cib = ReadCib(file, std::cin, unread);
  if (!cib) {
    std::cerr << "picket: error[E0001]: cannot read `" << file << "`"
              << (unread == "cannot be read" ? "" : ": " + unread) << '\n';
    return kEnvironmentWrong;
  }
  compiler::import::ImportOptions options = ReviewedImport();
  options.all_ids = arguments.ids;
  compiler::import::Imported imported;
  std::string reason;
  if (!compiler::import::Import(*cib, options, imported, reason)) {
    std::cerr << "picket: " << file << " is " << reason << '\n';
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
  verb->add_option("CIB", arguments->files, "The CIB to read, as XML, also packed; - is stdin");
  AddLiveInput(*verb, arguments->live);
  verb->add_option("-o,--output", arguments->output, "Where the policy goes; - is stdout")
      ->capture_default_str();
  verb->add_flag("--ids", arguments->ids, "Write the ids of inner elements, which are derived otherwise");
  verb->add_flag("--as-test", arguments->as_test,
                 "Several inputs that the scheduler saved, also .bz2: a policy and a test of what happened");
  verb->callback([arguments, &status] { status = Run(*arguments); });
}

}  // namespace picket::cli
