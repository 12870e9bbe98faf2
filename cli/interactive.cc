#include "cli/interactive.h"

#include <unistd.h>

#include <climits>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/policy_io.h"
#include "cli/read_cib.h"
#include "cli/version.h"
#include "compiler/diagnostics/render.h"
#include "compiler/import/import.h"
#include "solver/cib/document.h"
#include "web/page/page.h"
#include "web/page/secrets.h"

namespace picket::cli {
namespace {

constexpr const char* kEngine = "engine.wasm.gz";

// Beside the program, where Bazel builds it, or where the package puts it.
std::optional<std::string> ReadEngine(std::string& reason) {
  std::vector<std::string> places;
  if (const char* named = std::getenv("PICKET_ENGINE")) places.emplace_back(named);
  char path[PATH_MAX];
  if (const ssize_t size = readlink("/proc/self/exe", path, sizeof path); size > 0) {
    const std::string program(path, static_cast<size_t>(size));
    const std::string folder = program.substr(0, program.rfind('/'));
    places.push_back(folder + "/" + kEngine);
    places.push_back(folder + "/../web/" + kEngine);
  }
  places.push_back(std::string("/usr/share/picket/") + kEngine);
  for (const std::string& place : places) {
    std::ifstream stream(place, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    if (bytes.starts_with("\x1f\x8b")) return bytes;
  }
  reason = "the interactive page needs its engine, which is not at " + places.front();
  std::cerr << "picket: " << reason
            << "\nhelp: from a checkout, `./picket report --interactive` builds it; without it, leave out "
               "--interactive\n";
  return std::nullopt;
}

// Whether the steps are steps of a test; tells what the compiler says of them.
int CheckSteps(const std::string& policy, const std::string& path, const std::vector<std::string>& steps) {
  std::string text = policy + "\ntest \"picket --after\" {\n";
  for (const std::string& step : steps) text += "  " + step + "\n";
  // No test goes without an expectation.
  const compiler::CompileResult result =
      compiler::CompileText(text + "  expect count(online) >= 0\n}\n", path, ReviewedOptions());
  if (result.compiled) return kOk;
  std::cerr << "picket: --after is not understood; it takes a step as a `test` says it: kill ha1\n"
            << compiler::RenderText(result.diagnostics, result.source_map);
  return kInputWrong;
}

int LoadCib(const std::string& text, const std::vector<std::string>& steps, web::PagePolicy& policy) {
  pugi::xml_document document;
  solver::DocumentError error;
  if (!solver::ParseDocument(text, document, error)) {
    std::cerr << "picket: " << policy.path << ": " << error.message << '\n';
    return kInputWrong;
  }
  web::MaskSecrets(document.document_element());
  policy.text = solver::DocumentText(document);
  compiler::import::Imported imported;
  std::string reason;
  if (!compiler::import::Import(policy.text, ReviewedImport(), imported, reason)) {
    std::cerr << "picket: " << policy.path << " is " << reason << '\n';
    return kInputWrong;
  }
  return CheckSteps(imported.policy, policy.path, steps);
}

int LoadPolicy(const std::string& text, const std::vector<std::string>& steps, web::PagePolicy& policy) {
  const compiler::CompileResult result = compiler::CompileText(text, policy.path, ReviewedOptions());
  if (!result.compiled) {
    std::cerr << compiler::RenderText(result.diagnostics, result.source_map);
    return kInputWrong;
  }
  policy.text = web::WithoutSecrets(text);
  for (size_t i = 1; i < result.source_map.files.size(); ++i) {
    const compiler::SourceFile& file = result.source_map.files[i];
    policy.files[file.path] = web::WithoutSecrets(file.text);
  }
  return steps.empty() ? kOk : CheckSteps(text, policy.path, steps);
}

int Load(const std::string& file, const std::vector<std::string>& steps, web::PagePolicy& policy) {
  policy.path = file == "-" ? "<stdin>" : file;
  Unread unread;
  const auto text = ReadInput(file, std::cin, unread);
  if (!text) return TellUnread(file, unread);
  if (IsPolicyText(file, *text)) return LoadPolicy(*text, steps, policy);
  if (const std::string why = WhyNoCib(*text); !why.empty()) return TellNoCib(file, why);
  return LoadCib(*text, steps, policy);
}

// The day, as reproducible builds want it told.
std::string Today() {
  std::time_t now = std::time(nullptr);
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH")) now = std::strtoll(epoch, nullptr, 10);
  std::tm fields{};
  char text[16];
  if (!gmtime_r(&now, &fields) || std::strftime(text, sizeof text, "%Y-%m-%d", &fields) == 0) return "";
  return text;
}

// Puts in what is the same in every page, and writes it.
int Finish(web::InteractivePage& page, std::string& html, std::string& reason) {
  auto engine = ReadEngine(reason);
  if (!engine) return kEnvironmentWrong;
  page.engine = std::move(*engine);
  page.version = Version();
  page.date = Today();
  html = HtmlOf(page);
  return kOk;
}

}  // namespace

int MakeInteractive(const InteractiveOptions& options, std::string& html) {
  web::InteractivePage page;
  for (const std::string& file : options.files) {
    page.policies.emplace_back();
    if (const int status = Load(file, options.after, page.policies.back()); status != kOk) return status;
  }
  page.title = page.policies.front().path.substr(page.policies.front().path.rfind('/') + 1);
  page.steps = options.after;
  page.as = options.as == "cluster" ? "" : options.as;
  std::string reason;
  return Finish(page, html, reason);
}

int MakeInteractive(const std::string& name, const std::string& cib, std::string& html, std::string& reason) {
  web::InteractivePage page;
  page.policies.emplace_back();
  page.policies.back().path = name;
  page.title = name;
  if (const int status = LoadCib(cib, {}, page.policies.back()); status != kOk) {
    reason = "no page can be made of this CIB; the server's messages say why";
    return status;
  }
  return Finish(page, html, reason);
}

}  // namespace picket::cli
