#include "cli/import_verb.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <pugixml.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/answer.h"
#include "cli/as_test.h"
#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/policy_io.h"
#include "cli/progress.h"
#include "cli/read_cib.h"
#include "cli/run_program.h"
#include "compiler/agents/builtin.h"
#include "compiler/compile.h"
#include "compiler/import/crmsh.h"
#include "compiler/import/import.h"
#include "compiler/import/normal_form.h"
#include "compiler/import/passwords.h"
#include "compiler/import/pcs.h"
#include "compiler/import/policy_text.h"
#include "compiler/import/web_page.h"
#include "compiler/syntax/text_kind.h"

namespace picket::cli {
namespace {

struct ImportArguments {
  std::vector<std::string> files;
  std::string output = "-";
  std::string live;
  bool ids = false;
  bool as_test = false;
  std::string check_with;
  std::string format = "text";
};

// Writes the policy, and for programs what was imported: the policy is in the document where it would have gone to the
// standard output. `mark`: where the messages about it begin. Gives the exit status.
int Deliver(const ImportArguments& arguments, const compiler::import::Imported& imported, std::size_t mark) {
  const bool json = arguments.format == "json";
  if (!(json && arguments.output == "-") && !WriteOutput(arguments.output, imported.policy)) return kEnvironmentWrong;
  if (!json) return kOk;
  nlohmann::ordered_json document = Envelope("picket-import");
  document["file"] = arguments.files.front();
  if (arguments.output == "-") {
    document["policy"] = imported.policy;
  } else {
    document["written"] = arguments.output;
  }
  document["elements_as_xml"] = imported.elements_as_xml;
  document["messages"] = ToldSince(mark);
  std::cout << JsonText(document);
  return kOk;
}

// As crmsh looks for an agent that is named without its class: among those of heartbeat, then of Pacemaker.
std::string FullAgent(const std::string& type) {
  const compiler::agents::Lock& lock = compiler::agents::BuiltinLock();
  for (const char* family : {"ocf:heartbeat:", "ocf:pacemaker:", "ocf:linbit:", "stonith:"}) {
    if (lock.Find(family + type) != nullptr) return family + type;
  }
  return "ocf:heartbeat:" + type;
}

// A CIB that crmsh changes in place of a cluster's, in a folder that goes with us.
class ScratchCib {
 public:
  ScratchCib() {
    std::string pattern = (std::filesystem::temp_directory_path() / "picket-crmsh-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) return;
    folder_ = pattern;
    std::ofstream(Cib()) << "<cib crm_feature_set=\"3.16.1\" validate-with=\"pacemaker-3.9\" epoch=\"1\" "
                            "num_updates=\"0\" admin_epoch=\"0\"><configuration><crm_config/><nodes/><resources/>"
                            "<constraints/></configuration><status/></cib>\n";
  }
  ~ScratchCib() {
    std::error_code no_matter;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, no_matter);
  }
  ScratchCib(const ScratchCib&) = delete;
  ScratchCib& operator=(const ScratchCib&) = delete;
  std::string Cib() const { return folder_ + "/cib.xml"; }
  std::string Text() const { return folder_ + "/text.crm"; }

 private:
  std::string folder_;
};

// What the installed crmsh makes of the text, compared with what we made of it.
int CheckWithCrmsh(const std::string& text, const pugi::xml_document& ours) {
  const ScratchCib scratch;
  std::ofstream(scratch.Text()) << compiler::import::StatementsOfCrmsh(text);
  const ProgramRun run = RunProgram({"crm", "-F", "configure", "load", "update", scratch.Text()},
                                    {"CIB_file=" + scratch.Cib()}, {.time = std::chrono::seconds(120)});
  if (run.end == ProgramRun::End::kNotStarted) {
    std::cerr << "picket: crmsh is not installed here: there is no program `crm`\n";
    return kEnvironmentWrong;
  }
  pugi::xml_document theirs;
  if (run.end != ProgramRun::End::kExited || run.status != 0 || !theirs.load_file(scratch.Cib().c_str())) {
    std::cerr << "picket: crmsh does not take this text\n";
    return kVerdict;
  }
  const auto mine = compiler::import::NormalForm(ours), other = compiler::import::NormalForm(theirs);
  const auto [left, right] = std::mismatch(mine.begin(), mine.end(), other.begin(), other.end());
  if (left == mine.end() && right == other.end()) {
    std::cerr << "picket: crmsh makes the same CIB of it\n";
    return kOk;
  }
  std::cerr << "picket: crmsh makes another CIB of it\n";
  std::cerr << "  here:  " << (left == mine.end() ? "nothing" : left->section + ": " + left->text) << '\n';
  std::cerr << "  crmsh: " << (right == other.end() ? "nothing" : right->section + ": " + right->text) << '\n';
  return kVerdict;
}

enum class Text { kCrmsh, kPcs };

// Replaces a page in HTML by the text in it. False if the page has no readable text; the user has been told.
bool OutOfPage(const std::string& file, std::string& text) {
  using compiler::import::LooksLikeCrmsh;
  using compiler::import::LooksLikePcs;
  compiler::import::WebText page = compiler::import::TextOfPage(
      text, [](std::string_view block) { return LooksLikeCrmsh(block) || LooksLikePcs(block); });
  if (!LooksLikeCrmsh(page.text) && !LooksLikePcs(page.text)) {
    std::cerr << "picket: " << NameOfInput(file)
              << " is no CIB: it is a page in HTML, without text of crmsh or pcs in it\n";
    return false;
  }
  for (const std::string& skipped : page.skipped) {
    std::cerr << "picket: " << NameOfInput(file) << ": skipped: " << skipped << '\n';
  }
  text = std::move(page.text);
  return true;
}

// The text of crmsh or of pcs as a CIB; tells what was skipped and what is faulty.
int FromText(const ImportArguments& arguments, Text kind, std::string& text) {
  pugi::xml_document cib;
  compiler::import::TextRead read;
  const auto reader = kind == Text::kPcs ? compiler::import::ReadPcs : compiler::import::ReadCrmsh;
  reader(text, FullAgent, cib, read);
  const std::string file = NameOfInput(arguments.files[0]);
  for (const std::string& skipped : read.skipped) std::cerr << "picket: " << file << ": skipped: " << skipped << '\n';
  for (const std::string& fault : read.faults) std::cerr << "picket: " << file << ": " << fault << '\n';
  int status = read.faults.empty() ? kOk : kVerdict;
  if (arguments.check_with == "crmsh") status = std::max(status, CheckWithCrmsh(text, cib));
  std::ostringstream out;
  cib.save(out);
  text = out.str();
  return status;
}

int Run(ImportArguments arguments) {
  if (!arguments.live.empty()) arguments.files.push_back(arguments.live);
  const std::size_t mark = ToldSoFar();
  compiler::import::Imported imported;
  if (arguments.as_test) {
    const int status = ImportAsTest(arguments.files, arguments.ids, imported);
    return imported.policy.empty() ? status : std::max(status, Deliver(arguments, imported, mark));
  }
  if (arguments.files.size() != 1) {
    std::cerr << "picket: import takes one CIB; a series of inputs is for --as-test\n";
    return kInputWrong;
  }
  const std::string& file = arguments.files.front();
  Unread unread;
  Progress line;
  line.Part("reading " + NameOfInput(file));
  auto cib = ReadInput(file, std::cin, unread);
  if (!cib) return TellUnread(file, unread);
  if (compiler::import::LooksLikePolicy(*cib)) {
    std::cerr << "picket: " << NameOfInput(file) << " is a policy already: `picket compile` makes a CIB of it, `picket "
              << "export` a text of crmsh or pcs\n";
    return kInputWrong;
  }
  const compiler::TextKind kind = compiler::KindOfText(*cib);
  if (kind == compiler::TextKind::kHtml && !OutOfPage(file, *cib)) return kInputWrong;
  int status = kOk;
  if (compiler::import::LooksLikeCrmsh(*cib)) {
    status = FromText(arguments, Text::kCrmsh, *cib);
  } else if (arguments.check_with.empty() && compiler::import::LooksLikePcs(*cib)) {
    status = FromText(arguments, Text::kPcs, *cib);
  } else if (!arguments.check_with.empty()) {
    std::cerr << "picket: " << file << " is no text of crmsh, which --check-with is for\n";
    return kInputWrong;
  }
  if (const std::string why = WhyNoCib(*cib); why.starts_with("is not XML")) return TellNoCib(file, why);
  line.Part("turning " + NameOfInput(file) + " into a policy: " + std::to_string(cib->size() >> 10) + " KiB");
  compiler::import::ImportOptions options = ReviewedImport();
  options.all_ids = arguments.ids;
  std::string reason;
  if (!compiler::import::Import(*cib, options, imported, reason)) {
    std::cerr << "picket: " << NameOfInput(file) << " is " << reason << '\n';
    return kInputWrong;
  }
  const std::string prefix = "picket: " + NameOfInput(file) + ": ";
  for (const std::string& warning : imported.warnings) std::cerr << prefix << "warning: " << warning << '\n';
  for (const std::string& fault : imported.faults) std::cerr << prefix << "warning: " << fault << '\n';
  if (const auto passwords = compiler::import::PasswordsInClear(*cib); !passwords.empty()) {
    const std::size_t more = passwords.size() - 1;
    std::cerr << prefix << "note: the policy has " << passwords[0]
              << (more == 0 ? "" : " and " + std::to_string(more) + (more == 1 ? " more password" : " more passwords"))
              << " in clear; write `secret(\"PATH\")` as the value, and `picket apply --secrets FOLDER` takes it from "
              << "the file PATH there\n";
  }
  if (imported.elements_as_xml > 0) {
    std::cerr << prefix << "note: " << imported.elements_as_xml
              << (imported.elements_as_xml == 1 ? " element is" : " elements are")
              << " taken over as `xml`; the comment before each says why\n";
  }
  return std::max(status, Deliver(arguments, imported, mark));
}

}  // namespace

void AddImportVerb(CLI::App& app, int& status) {
  CLI::App* verb = app.add_subcommand("import", "Turn a CIB, or the text of crmsh or pcs, into a policy");
  auto arguments = std::make_shared<ImportArguments>();
  verb->add_option("CIB", arguments->files,
                   "The CIB to read, as XML, also packed, or text of crmsh or pcs; - is stdin");
  AddLiveInput(*verb, arguments->live);
  verb->add_option("-o,--output", arguments->output, "Where the policy goes; - is stdout")->capture_default_str();
  verb->add_flag("--ids", arguments->ids, "Write the ids of inner elements, which are derived otherwise");
  verb->add_option("--check-with", arguments->check_with,
                   "crmsh: compare with the CIB that the installed crmsh makes of the text")
      ->check(CLI::IsMember({"crmsh"}));
  verb->add_flag("--as-test", arguments->as_test,
                 "Several inputs that the scheduler saved, also .bz2: a policy and a test of what happened");
  verb->add_option("--format", arguments->format, "text, or json: the policy and what was told, in one document")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  verb->callback([arguments, &status] { status = Run(*arguments); });
}

}  // namespace picket::cli
