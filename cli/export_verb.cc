#include "cli/export_verb.h"

#include <iostream>
#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <string>

#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/policy_io.h"
#include "cli/read_cib.h"
#include "compiler/compile.h"
#include "compiler/export/crmsh.h"
#include "compiler/export/pcs.h"
#include "solver/cib/document.h"

namespace picket::cli {
namespace {

struct ExportArguments {
  std::string file;
  std::string live;
  std::string as;
  std::string output = "-";
};

bool BeginsAsXml(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return first != std::string::npos && text[first] == '<';
}

// The CIB of the input: its own, or that of a policy. An exit status, after telling why, if there is none.
int Load(const std::string& file, pugi::xml_document& cib) {
  std::string reason;
  const auto text = ReadCib(file, std::cin, reason);
  if (!text) {
    std::cerr << "picket: error[E0001]: cannot read `" << file << "`"
              << (reason == "cannot be read" ? "" : ": " + reason) << '\n';
    return kEnvironmentWrong;
  }
  if (BeginsAsXml(*text)) {
    solver::DocumentError error;
    if (solver::ParseDocument(*text, cib, error) && cib.child("cib").child("configuration")) return kOk;
    std::cerr << "picket: " << (file == "-" ? "the standard input" : file) << " is no CIB\n";
    return kInputWrong;
  }
  const compiler::CompileResult result = file == "-"
                                             ? compiler::CompileText(*text, "<stdin>", ReviewedOptions())
                                             : compiler::Compile(file, ReviewedOptions());
  const int status = TellDiagnostics(result, false, false);
  if (!result.compiled) return status;
  cib.reset(result.compiled->cib);
  for (const compiler::emit::Secret& secret : result.compiled->secrets) {
    std::cerr << "picket: warning: secret(\"" << secret.path << "\") is not filled in\n";
  }
  return kOk;
}

int Run(ExportArguments arguments) {
  if (arguments.file.empty() == arguments.live.empty()) {
    std::cerr << "picket: export takes one FILE, or --live\n";
    return kInputWrong;
  }
  pugi::xml_document cib;
  const int status = Load(arguments.live.empty() ? arguments.file : arguments.live, cib);
  if (status != kOk) return status;
  const compiler::exporting::Exported exported =
      arguments.as == "pcs" ? compiler::exporting::ExportPcs(cib) : compiler::exporting::ExportCrmsh(cib);
  for (const std::string& note : exported.notes) std::cerr << "picket: note: " << note << '\n';
  for (const std::string& what : exported.left_out) std::cerr << "picket: left out: " << what << '\n';
  if (!WriteOutput(arguments.output, exported.text)) return kEnvironmentWrong;
  return exported.left_out.empty() ? kOk : kVerdict;
}

}  // namespace

void AddExportVerb(CLI::App& program, int& status) {
  CLI::App* verb = program.add_subcommand("export", "Say a policy or a CIB in the words of crmsh or pcs");
  const auto arguments = std::make_shared<ExportArguments>();
  verb->add_option("FILE", arguments->file, "The policy, or a CIB, also packed; - is standard input");
  AddLiveInput(*verb, arguments->live);
  verb->add_option("--as", arguments->as, "crmsh: text for `crm configure load`; pcs: a script of commands")
      ->required()
      ->check(CLI::IsMember({"crmsh", "pcs"}));
  verb->add_option("-o,--output", arguments->output, "Where the text goes; - is standard output");
  verb->footer("Example: picket export examples/pbx/pbx.picket --as crmsh");
  verb->callback([arguments, &status] { status = Run(*arguments); });
}

}  // namespace picket::cli
