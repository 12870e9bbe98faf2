#include "cli/playground.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "cli/exit_status.h"
#include "compiler/diagnostics/render.h"
#include "compiler/import/import.h"
#include "simulator/explain/explain.h"
#include "simulator/explain/text.h"
#include "simulator/world/from_topology.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"

namespace picket::cli {

namespace {

// The name under which the tests beside a CIB import it.
constexpr std::string_view kTheCib = "the-cib-under-test.picket";

size_t CountPrimitives(const solver::ResourceDef& def) {
  if (def.variant == solver::Variant::kPrimitive) return 1;
  size_t count = 0;
  for (const solver::ResourceDef& child : def.children) count += CountPrimitives(child);
  return count;
}

int Complain(const std::string& path, const std::string& what) {
  std::cerr << "picket: " << path << ": " << what << "\n";
  return kInputWrong;
}

bool TakeDocument(Playground& ground, int& status) {
  std::string warning;
  solver::DocumentError error;
  if (!solver::UpgradeDocument(ground.document, warning, error)) {
    status = Complain(ground.path, error.message);
    return false;
  }
  ground.cluster = solver::ReadCluster(ground.document);
  // Ages count from the moment at which the status was written, not from today.
  ground.state = solver::ReadState(ground.document, {}, {});
  ground.has_status = !ground.state.nodes.empty();
  for (const solver::ResourceDef& def : ground.cluster.resources) ground.resources += CountPrimitives(def);
  return true;
}

bool LoadPolicy(Playground& ground, int& status) {
  ground.compilation = compiler::Compile(ground.path, {});
  std::cerr << compiler::RenderText(ground.compilation.diagnostics, ground.compilation.source_map);
  if (!ground.compilation.compiled) {
    status = ground.compilation.unreadable ? kEnvironmentWrong : kInputWrong;
    return false;
  }
  ground.document.reset(ground.compilation.compiled->cib);
  ground.settings = simulator::SettingsFrom(ground.compilation.compiled->topology);
  return TakeDocument(ground, status);
}

// Tests beside a CIB are compiled as if the CIB were a policy that they import.
bool LoadTests(Playground& ground, const std::string& cib, const std::string& tests, int& status) {
  compiler::import::Imported imported;
  std::string reason;
  if (!compiler::import::Import(cib, {}, imported, reason)) {
    status = Complain(ground.path, reason);
    return false;
  }
  auto text = compiler::ReadSource(tests);
  if (!text) {
    status = Complain(tests, "cannot be read");
    return false;
  }
  compiler::CompileOptions options;
  options.read = [&imported](const std::string& path) -> std::optional<std::string> {
    if (path.ends_with(kTheCib)) return imported.policy;
    return compiler::ReadSource(path);
  };
  *text += "\nimport \"" + std::string(kTheCib) + "\"\n";
  ground.compilation = compiler::CompileText(std::move(*text), tests, options);
  std::string told;
  if (!ground.compilation.compiled) {
    std::cerr << compiler::RenderText(ground.compilation.diagnostics, ground.compilation.source_map);
    status = kInputWrong;
    return false;
  }
  return true;
}

bool LoadCib(Playground& ground, const std::string& tests, int& status) {
  const auto text = compiler::ReadSource(ground.path);
  if (!text) {
    status = Complain(ground.path, "cannot be read");
    return false;
  }
  solver::DocumentError error;
  if (!solver::ParseDocument(*text, ground.document, error)) {
    status = Complain(ground.path, error.message);
    return false;
  }
  if (!tests.empty() && !LoadTests(ground, *text, tests, status)) return false;
  ground.settings.durations.detection_source = "Corosync's defaults; a CIB does not say";
  return TakeDocument(ground, status);
}

}  // namespace

const compiler::scenario::Scenario& Playground::scenario() const {
  static const compiler::scenario::Scenario kNone;
  return compilation.compiled ? compilation.compiled->scenario : kNone;
}

simulator::Quoter Playground::Quoter() const {
  const compiler::SourceMap& sources = compilation.source_map;
  return [&sources](const compiler::Span& span) {
    const compiler::Place place = sources.PlaceOf(span);
    simulator::Quote quote;
    quote.place = std::string(place.path) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
    if (span.file < sources.files.size()) {
      quote.text = sources.files[span.file].text.substr(span.begin, span.end - span.begin);
    }
    return quote;
  };
}

std::string Playground::Why(const simulator::Objection& objection) const {
  namespace explain = simulator::explain;
  constexpr size_t kLinesMax = 24;
  if (objection.questions.empty()) return "";
  const auto cite = [this](std::string_view id) {
    const auto span = compilation.source_map.Find(id);
    return span ? Quoter()(*span).place : std::string(id);
  };
  const auto situation = explain::Solve(cluster, objection.state);
  std::string text;
  for (const simulator::WhyQuestion& question : objection.questions) {
    const auto explanation = explain::Explain(*situation, question.resource);
    if (!explanation) continue;
    const std::string brief =
        BriefOf(*explanation, {question.resource, question.node, question.not_there}, cite, kLinesMax);
    if (text.find(brief) == std::string::npos) text += brief;
  }
  return text;
}

std::string Playground::PlaceOf(const std::string& id) const {
  const auto span = compilation.source_map.Find(id);
  return span ? Quoter()(*span).place : std::string();
}

simulator::Player Playground::Player(std::shared_ptr<const simulator::WorldHooks> hooks) const {
  simulator::WorldSettings with_hooks = settings;
  with_hooks.hooks = std::move(hooks);
  simulator::Player player(std::make_shared<simulator::Catalog>(cluster), state, with_hooks);
  player.resume = has_status;
  return player;
}

std::unique_ptr<Playground> LoadPlayground(const std::string& path, const std::string& tests, int& status) {
  auto ground = std::make_unique<Playground>();
  ground->path = path;
  const bool is_cib = path.ends_with(".xml") || path.ends_with(".cib");
  if (is_cib ? LoadCib(*ground, tests, status) : LoadPolicy(*ground, status)) return ground;
  return nullptr;
}

bool OnTerminal(int descriptor) { return isatty(descriptor) != 0 && std::getenv("NO_COLOR") == nullptr; }

}  // namespace picket::cli
