#include "cli/export_verb.h"

#include <iostream>
#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <string>

#include "cli/answer.h"
#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/policy_io.h"
#include "cli/read_cib.h"
#include "compiler/compile.h"
#include "compiler/diagnostics/render.h"
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
  std::string format = "text";
};

// What was exported, for programs: the text where it would have gone to the standard output, and what was told.
void TellJson(const ExportArguments& arguments, const std::string& input,
              const compiler::exporting::Exported& exported) {
  nlohmann::ordered_json document = Envelope("picket-export");
  document["file"] = input;
  document["as"] = arguments.as;
  if (arguments.output == "-") {
    document["text"] = exported.text;
  } else {
    document["written"] = arguments.output;
  }
  document["notes"] = exported.notes;
  document["left_out"] = exported.left_out;
  std::cout << JsonText(document);
}

// The CIB of the input: its own, or that of a policy. An exit status, after telling why, if there is none.
int Load(const std::string& file, pugi::xml_document& cib) {
  Unread unread;
  auto text = ReadInput(file, std::cin, unread);
  if (!text) return TellUnread(file, unread);
  if (!IsPolicyText(file, *text)) {
    if (const std::string why = WhyNoCib(*text); !why.empty()) return TellNoCib(file, why);
    solver::DocumentError error;
    if (solver::ParseDocument(*text, cib, error)) return kOk;
    return TellNoCib(file, "is no CIB: " + error.message);
  }
  const compiler::CompileResult result =
      compiler::CompileText(std::move(*text), file == "-" ? "<stdin>" : file, ReviewedOptions());
  const int status = TellDiagnostics(result, false, false);
  if (!result.compiled) return status;
  cib.reset(result.compiled->cib);
  for (const compiler::emit::Secret& secret : result.compiled->secrets) {
    std::cerr << "picket: " << NameOfInput(file) << ": warning: secret(\"" << secret.path << "\") is not filled in\n";
  }
  return kOk;
}

int Run(ExportArguments arguments) {
  if (arguments.file.empty() == arguments.live.empty()) {
    std::cerr << "picket: export takes one FILE, or --live\n";
    return kInputWrong;
  }
  pugi::xml_document cib;
  const std::string& input = arguments.live.empty() ? arguments.file : arguments.live;
  const int status = Load(input, cib);
  if (status != kOk) return status;
  const compiler::exporting::Exported exported =
      arguments.as == "pcs" ? compiler::exporting::ExportPcs(cib) : compiler::exporting::ExportCrmsh(cib);
  const std::string prefix = "picket: " + NameOfInput(input) + ": ";
  for (const std::string& note : exported.notes) std::cerr << prefix << "note: " << compiler::Printable(note) << '\n';
  for (const std::string& what : exported.left_out)
    std::cerr << prefix << "left out: " << compiler::Printable(what) << '\n';
  const bool json = arguments.format == "json";
  if (!(json && arguments.output == "-") && !WriteOutput(arguments.output, exported.text)) return kEnvironmentWrong;
  if (json) TellJson(arguments, input, exported);
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
  verb->add_option("--format", arguments->format, "text, or json: the text and what was told, in one document")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  verb->footer("Example: picket export examples/pbx/pbx.picket --as crmsh");
  verb->callback([arguments, &status] { status = Run(*arguments); });
}

}  // namespace picket::cli
