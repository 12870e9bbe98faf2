#include "web/engine/subject.h"

#include <functional>

#include "cli/compile_options.h"
#include "compiler/diagnostics/render.h"
#include "compiler/import/import.h"
#include "simulator/world/from_topology.h"
#include "simulator/world/plan_cache.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/cib/sign.h"

namespace picket::web {
namespace {

constexpr std::string_view kStepsTest = "steps of the page";

compiler::CompileOptions OptionsFor(const Subject& subject, bool with_checks) {
  compiler::CompileOptions options;
  if (with_checks) {
    options = cli::ReviewedOptions();
    options.agents = compiler::AgentOptions();
  }
  options.read = [&subject](const std::string& path) -> std::optional<std::string> {
    const auto file = subject.files.find(path);
    if (file == subject.files.end()) return std::nullopt;
    return file->second;
  };
  return options;
}

void ReadCib(Subject& subject, const std::string& text) {
  solver::DocumentError error;
  if (!solver::ParseDocument(text, subject.document, error)) throw Refusal(error.message);
  compiler::import::Imported imported;
  std::string reason;
  if (!compiler::import::Import(text, cli::ReviewedImport(), imported, reason)) {
    throw Refusal(subject.path + " is " + reason);
  }
  subject.policy = imported.policy;
  subject.from_cib = true;
}

solver::Target TargetFor(const Subject& subject, const std::string& as) {
  std::string reason;
  if (!as.empty()) {
    const auto target = solver::Target::Parse(as, reason);
    if (!target) throw Refusal("as: " + reason);
    return *target;
  }
  if (subject.from_cib) return solver::TargetOf(subject.document);
  return solver::Target::Parse(subject.compilation.compiled->topology.pacemaker, reason).value_or(solver::Target());
}

void Start(Subject& subject, const std::string& as) {
  const compiler::Compiled& compiled = *subject.compilation.compiled;
  const solver::Target target = TargetFor(subject, as);
  if (!subject.from_cib) {
    subject.document.reset(compiled.cib);
    solver::SignDocument(subject.document, target);
  }
  std::string warning;
  solver::DocumentError error;
  if (!solver::UpgradeDocument(subject.document, warning, error, target)) throw Refusal(error.message);
  subject.cluster = solver::ReadCluster(subject.document, target);
  subject.initial = solver::ReadState(subject.document, {}, {});
  subject.resumes = !subject.initial.nodes.empty();
  subject.settings = simulator::SettingsFrom(compiled.topology, compiled.scenario.assumptions);
  subject.settings.plans = std::make_shared<simulator::PlanCache>();
  subject.player.emplace(std::make_shared<simulator::Catalog>(subject.cluster), subject.initial, subject.settings);
  subject.player->resume = subject.resumes;
  if (const auto objection = subject.player->Start()) subject.unrest = objection->instead;
}

}  // namespace

bool LooksLikeXml(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  return first != std::string_view::npos && text[first] == '<';
}

size_t Subject::Primitives() const {
  std::function<size_t(const solver::ResourceDef&)> count = [&](const solver::ResourceDef& def) -> size_t {
    if (def.variant == solver::Variant::kPrimitive) return 1;
    size_t below = 0;
    for (const solver::ResourceDef& child : def.children) below += count(child);
    return below;
  };
  size_t all = 0;
  for (const solver::ResourceDef& def : cluster.resources) all += count(def);
  return all;
}

std::string Subject::Cite(std::string_view id) const {
  const auto span = compilation.source_map.Find(id);
  if (!span) return std::string(id);
  const compiler::Place place = compilation.source_map.PlaceOf(*span);
  return std::string(place.path) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

std::unique_ptr<Subject> LoadSubject(const Json& request) {
  auto subject = std::make_unique<Subject>();
  subject->path = request.at("path").get<std::string>();
  subject->policy = request.at("text").get<std::string>();
  if (const auto files = request.find("files"); files != request.end()) {
    for (const auto& [name, text] : files->items()) subject->files[name] = text.get<std::string>();
  }
  if (LooksLikeXml(subject->policy)) ReadCib(*subject, std::string(subject->policy));
  subject->compilation =
      compiler::CompileText(subject->policy, subject->path, OptionsFor(*subject, !subject->from_cib));
  if (subject->compilation.compiled) Start(*subject, request.value("as", std::string()));
  return subject;
}

compiler::CompileResult CompileWithSteps(const Subject& subject, const std::vector<std::string>& steps,
                                         const std::vector<std::string>& expectations) {
  std::string text = subject.policy + "\ntest \"" + std::string(kStepsTest) + "\" {\n";
  for (const std::string& step : steps) text += "  " + step + "\n";
  // No test goes without an expectation; this one is always met.
  text += "  expect count(online) >= 0\n";
  for (const std::string& expectation : expectations) text += "  " + expectation + "\n";
  compiler::CompileResult result = compiler::CompileText(text + "}\n", subject.path, OptionsFor(subject, false));
  if (!result.compiled) throw Refusal(compiler::RenderText(result.diagnostics, result.source_map));
  const auto& tests = result.compiled->scenario.tests;
  const size_t expected = steps.size() + 1 + expectations.size();
  if (tests.size() != subject.scenario().tests.size() + 1 || tests.back().name != kStepsTest ||
      tests.back().steps.size() != expected) {
    throw Refusal("a step is one fault, one `during`, one `given`, or one `expect`");
  }
  return result;
}

}  // namespace picket::web
