#include "cli/playground.h"

#include <iostream>

#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/load_input.h"
#include "cli/objection_why.h"
#include "cli/read_cib.h"
#include "compiler/diagnostics/render.h"
#include "compiler/import/import.h"
#include "compiler/topology/corosync_reader.h"
#include "simulator/world/from_topology.h"
#include "solver/cib/dates.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/cib/sign.h"

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

bool TakeDocument(Playground& ground, const solver::Target& target, int& status) {
  std::string warning;
  solver::DocumentError error;
  if (!solver::UpgradeDocument(ground.document, warning, error, target)) {
    status = Complain(ground.path, error.message);
    return false;
  }
  ground.cluster = solver::ReadCluster(ground.document, target);
  // Ages count from the moment at which the status was written, not from today.
  ground.state = solver::ReadState(ground.document, {}, {});
  ground.has_status = !ground.state.nodes.empty();
  for (const solver::ResourceDef& def : ground.cluster.resources) ground.resources += CountPrimitives(def);
  return true;
}

bool LoadPolicy(Playground& ground, std::string text, const Beside& beside, int& status) {
  compiler::CompileOptions how = ReviewedOptions();
  how.agents = compiler::AgentOptions{beside.agents};
  if (beside.review) {
    how.review = [usual = how.review, &beside](const compiler::Review& review) {
      usual(review);
      beside.review(review);
    };
  }
  ground.compilation = compiler::CompileText(std::move(text), ground.path == "-" ? "<stdin>" : ground.path, how);
  std::cerr << compiler::RenderText(ground.compilation.diagnostics, ground.compilation.source_map);
  if (!ground.compilation.compiled) {
    status = ground.compilation.unreadable ? kEnvironmentWrong : kInputWrong;
    return false;
  }
  ground.document.reset(ground.compilation.compiled->cib);
  ground.settings = simulator::SettingsFrom(ground.compilation.compiled->topology, ground.scenario().assumptions);
  AsRelease as{ReleaseOfPolicy(*ground.compilation.compiled)};
  if (std::string reason; !ParseAs(beside.as, as, reason)) {
    status = Complain("--as", reason);
    return false;
  }
  const solver::Target target = beside.target.value_or(as.target.value_or(solver::Target()));
  solver::SignDocument(ground.document, target);
  return TakeDocument(ground, target, status);
}

// Tests beside a CIB are compiled as if the CIB were a policy that they import.
bool LoadTests(Playground& ground, const std::string& cib, const std::string& tests, int& status) {
  compiler::import::Imported imported;
  std::string reason;
  if (!compiler::import::Import(cib, ReviewedImport(), imported, reason)) {
    status = Complain(ground.path, reason);
    return false;
  }
  auto text = compiler::ReadSource(tests);
  if (!text) {
    status = TellUnread(tests, WhyUnread(tests));
    return false;
  }
  compiler::CompileOptions options = ReviewedOptions();
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

bool LoadCorosync(Playground& ground, const std::string& path, int& status) {
  const auto text = path == ground.path ? CorosyncBeside(path) : compiler::ReadSource(path);
  if (!text) {
    status = TellUnread(path, WhyUnread(path));
    return false;
  }
  compiler::CorosyncError error;
  const auto topology = compiler::ReadCorosyncConf(*text, error);
  if (!topology) {
    const std::string place = error.line > 0 ? path + ":" + std::to_string(error.line) : path;
    status = Complain(place, error.message + (error.help.empty() ? "" : "; " + error.help));
    return false;
  }
  ground.settings = simulator::SettingsFrom(*topology);
  ground.settings.durations.detection_source = topology->token_ms ? path : "Corosync's default token";
  return true;
}

bool LoadCib(Playground& ground, const std::string& text, const Beside& beside, int& status) {
  const std::string why_not = WhyNoCib(text);
  solver::DocumentError error;
  if (!why_not.empty() || !solver::ParseDocument(text, ground.document, error)) {
    status = TellNoCib(ground.path, why_not.empty() ? "is no CIB: " + error.message : why_not);
    return false;
  }
  if (!beside.tests.empty() && !LoadTests(ground, text, beside.tests, status)) return false;
  ground.settings.durations.detection_source = "Corosync's default token";
  if (beside.corosync.empty() && CorosyncBeside(ground.path)) {
    if (!LoadCorosync(ground, ground.path, status)) return false;
  } else if (beside.corosync.empty()) {
    // Said once: with a target the same input is read again.
    if (!beside.target)
      std::cerr << "picket: " << ground.path
                << ": note: a CIB has no links and votes. Assumed: one link, one vote for each "
                << "node, Corosync's defaults. --corosync FILE gives the real ones\n";
  } else if (!LoadCorosync(ground, beside.corosync, status)) {
    return false;
  }
  ground.settings.assumptions = ground.scenario().assumptions;
  if (ground.compilation.compiled) {
    ground.settings.picket_engine = ground.compilation.compiled->topology.engine == compiler::Engine::kPicket;
  }
  AsRelease as;
  if (std::string reason; !ParseAs(beside.as, as, reason)) {
    status = Complain("--as", reason);
    return false;
  }
  return TakeDocument(ground, beside.target.value_or(as.target.value_or(solver::TargetOf(ground.document))), status);
}

}  // namespace

const compiler::scenario::Scenario& Playground::scenario() const {
  static const compiler::scenario::Scenario kNone;
  return compilation.compiled ? compilation.compiled->scenario : kNone;
}

simulator::Quoter Playground::Quoter() const {
  return QuoterOf(compilation.source_map);
}

std::string Playground::Why(const simulator::Objection& objection) const {
  return WhyOf(objection, compilation.source_map);
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

std::unique_ptr<Playground> LoadPlayground(const std::string& path, const Beside& beside, int& status) {
  auto ground = std::make_unique<Playground>();
  ground->path = path;
  Unread unread;
  auto text = ReadInput(path, std::cin, unread);
  if (!text) {
    status = TellUnread(path, unread);
    return nullptr;
  }
  if (!NamesCib(path) && text->find_first_not_of(" \t\r\n") == std::string::npos) {
    status = Complain(path, "is empty; `picket init` lists policies to start from");
    return nullptr;
  }
  const bool loaded = IsPolicyText(path, *text) ? LoadPolicy(*ground, std::move(*text), beside, status)
                                                : LoadCib(*ground, *text, beside, status);
  if (!loaded) return nullptr;
  if (!beside.now.empty()) {
    const solver::Instant clock{ground->settings.start_epoch_s, 0};
    const auto date = solver::ParseDateTime(beside.now, 0, clock);
    if (!date) {
      status = Complain(path, "--now `" + beside.now + "` is no date; write 2026-11-29T22:00:00Z");
      return nullptr;
    }
    ground->state.now = solver::ToInstant(*date);
  }
  if (!beside.engine.empty()) ground->settings.picket_engine = beside.engine == "picket";
  return ground;
}

}  // namespace picket::cli
