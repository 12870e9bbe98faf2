#include "cli/subject.h"

#include <ctime>
#include <iostream>
#include <sstream>

#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/load_input.h"
#include "compiler/diagnostics/render.h"
#include "compiler/import/import.h"
#include "execution/plan/plan.h"
#include "simulator/world/from_topology.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/cib/sign.h"

namespace picket::cli {
namespace {

constexpr std::string_view kFaultsTest = "picket --after";

// The policy with the faults as one more test: so they are read, resolved and checked like any other.
std::string WithFaults(std::string text, const std::vector<std::string>& faults) {
  text += "\ntest \"" + std::string(kFaultsTest) + "\" {\n";
  for (const std::string& fault : faults) text += "  " + fault + "\n";
  return text + "  expect count(online) >= 0\n}\n";  // No test goes without an expectation.
}

int CompilePolicy(const std::string& text, const std::vector<std::string>& faults, Subject& subject) {
  subject.compilation = compiler::CompileText(text, subject.path, ReviewedOptions());
  // Warnings are for `check`; here they would stand before each answer.
  if (!subject.compilation.compiled) {
    std::cerr << compiler::RenderText(subject.compilation.diagnostics, subject.compilation.source_map);
  }
  if (!subject.compilation.compiled) return kInputWrong;
  if (faults.empty()) return kOk;
  compiler::CompileResult with_faults =
      compiler::CompileText(WithFaults(text, faults), subject.path, ReviewedOptions());
  if (!with_faults.compiled) {
    std::cerr << "picket: --after: this is not a fault; write a fault as in a `test`: kill ha1\n"
              << compiler::RenderText(with_faults.diagnostics, with_faults.source_map);
    return kInputWrong;
  }
  for (const auto& test : with_faults.compiled->scenario.tests) {
    if (test.name != kFaultsTest) continue;
    for (std::size_t i = 0; i + 1 < test.steps.size(); ++i) {
      if (const auto* fault = std::get_if<compiler::scenario::Fault>(&test.steps[i].what)) {
        subject.faults.push_back(*fault);
      } else {
        std::cerr << "picket: --after: only faults are allowed, such as `kill ha1`\n";
        return kInputWrong;
      }
    }
  }
  return kOk;
}

bool HasState(const pugi::xml_document& document) {
  return static_cast<bool>(document.child("cib").child("status").child("node_state"));
}

// Lets the cluster live: it starts, or goes on from the state that it has, and each fault strikes it at rest.
void Live(Subject& subject, const compiler::Compiled& compiled) {
  simulator::WorldSettings settings = simulator::SettingsFrom(compiled.topology, compiled.scenario.assumptions);
  const bool resumes = HasState(subject.document);
  if (resumes) settings.start_epoch_s = subject.now.epoch_s;
  subject.cluster = solver::ReadCluster(subject.document, subject.cluster.target);
  subject.world.emplace(std::make_shared<simulator::Catalog>(subject.cluster),
                        solver::ReadState(subject.document, subject.now, subject.now), settings);
  simulator::World& world = *subject.world;
  solver::Run run;
  bool waiting = true;
  world.on_plan = [&](const simulator::World& now, const simulator::Plan& plan) {
    if (!waiting || plan.steps.empty()) return true;
    subject.reaction = now.state();
    waiting = false;
    return true;
  };
  if (resumes) {
    world.Resume(run);
  } else {
    world.StartCluster();
  }
  bool rests = world.Settle(run) == simulator::Rest::kSettled;
  for (const auto& fault : subject.faults) {
    waiting = true;
    subject.reaction.reset();
    world.Strike(fault);
    rests = world.Settle(run) == simulator::Rest::kSettled && rests;
  }
  world.on_plan = nullptr;
  if (!rests) {
    std::cerr << "picket: " << subject.path
              << ": warning: the cluster does not come to rest; the answer is about the last "
              << "moment that was played\n";
  }
  subject.now = world.state().now;
  solver::WriteState(world.state(), subject.document);
}

int LivePolicy(Subject& subject, const AsRelease& as) {
  subject.cluster.target = as.target.value_or(ReleaseOfPolicy(*subject.compilation.compiled));
  std::string warning;
  solver::DocumentError error;
  subject.document.reset(subject.compilation.compiled->cib);
  solver::SignDocument(subject.document, subject.cluster.target);
  if (!solver::UpgradeDocument(subject.document, warning, error, subject.cluster.target)) {
    std::cerr << "picket: " << subject.path << ": " << error.message << '\n';
    return kInputWrong;
  }
  Live(subject, *subject.compilation.compiled);
  return kOk;
}

// The CIB as a policy, for what only policies have: faults with names resolved, the dependency graph.
int ReadAsPolicy(const std::string& text, const std::vector<std::string>& faults, Subject& subject) {
  compiler::import::Imported imported;
  std::string reason;
  if (!compiler::import::Import(text, ReviewedImport(), imported, reason)) {
    std::cerr << "picket: " << subject.path << " is " << reason << '\n';
    return kInputWrong;
  }
  return CompilePolicy(imported.policy, faults, subject);
}

int LoadCib(const std::string& text, const std::vector<std::string>& faults, Subject& subject, const AsRelease& as) {
  if (const std::string why = WhyNoCib(text); !why.empty()) {
    return TellNoCib(subject.path, why);
  }
  Input input;
  solver::DocumentError error;
  std::istringstream stream(text);
  if (!LoadInput("-", stream, input, error, as)) {
    std::cerr << "picket: " << subject.path << ": " << error.message << '\n';
    return kInputWrong;
  }
  if (!input.warning.empty()) std::cerr << input.warning << '\n';
  subject.document.reset(input.document);
  subject.cluster.target = input.target;
  const solver::Instant wall_clock{static_cast<int64_t>(std::time(nullptr)), 0};
  subject.now = solver::ReadState(subject.document, {}, wall_clock).now;
  subject.cluster = solver::ReadCluster(subject.document, subject.cluster.target);
  if (faults.empty()) return kOk;
  if (const int status = ReadAsPolicy(text, faults, subject); status != kOk) return status;
  Live(subject, *subject.compilation.compiled);
  return kOk;
}

}  // namespace

std::string Subject::Cite(std::string_view id) const {
  if (is_policy) {
    if (const auto span = compilation.source_map.Find(id)) {
      const compiler::Place place = compilation.source_map.PlaceOf(*span);
      return std::string(place.path) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
    }
  }
  return std::string(id);
}

int LoadSubject(const std::string& file, const std::vector<std::string>& faults, Subject& subject,
                const std::string& as_word) {
  AsRelease as;
  if (std::string reason; !ParseAs(as_word, as, reason)) {
    std::cerr << "picket: --as: " << reason << '\n';
    return kInputWrong;
  }
  subject.path = file == "-" ? "<stdin>" : file;
  Unread unread;
  const auto read = ReadInput(file, std::cin, unread);
  if (!read) return TellUnread(file, unread);
  const std::string& text = subject.text = *read;
  if (!IsPolicyText(file, text)) return LoadCib(text, faults, subject, as);
  subject.is_policy = true;
  if (const int status = CompilePolicy(text, faults, subject); status != kOk) return status;
  return LivePolicy(subject, as);
}

std::unique_ptr<simulator::explain::Situation> SituationOf(const Subject& subject) {
  return simulator::explain::Solve(subject.document, subject.now, true, subject.cluster.target,
                                   subject.world ? subject.world->NotFenced() : std::vector<std::string>());
}

}  // namespace picket::cli
