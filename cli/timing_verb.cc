#include "cli/timing_verb.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/agents_option.h"
#include "cli/answer.h"
#include "cli/as_option.h"
#include "cli/engine_option.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/playground.h"
#include "cli/read_cib.h"
#include "compiler/topology/corosync_reader.h"
#include "simulator/checks/fencing.h"
#include "simulator/timing/report.h"
#include "simulator/world/catalog.h"
#include "solver/schedule.h"

namespace picket::cli {
namespace {

struct TimingOptions {
  std::vector<std::string> files;
  Beside beside;
  std::string format = "text";
};

// What only the compilation of a policy knows.
struct Compiled {
  compiler::Topology topology;
  std::vector<simulator::Limit> limits;
};

std::string FencingAction(const solver::Cluster& cluster) {
  for (const char* name : {"fencing-action", "stonith-action"}) {
    if (const std::string* value = simulator::PlainValue(cluster.properties, name))
      return *value == "off" || *value == "poweroff" ? "off" : "reboot";
  }
  return "reboot";
}

std::vector<simulator::Advice> AdviceIn(const Playground& ground) {
  std::vector<simulator::Advice> advice;
  const simulator::Quoter quote = ground.Quoter();
  for (const compiler::Diagnostic& one : ground.compilation.diagnostics.list()) {
    if (one.code == "W0316" || one.code == "W0317")
      advice.push_back({std::string(one.code), quote(one.span).place, one.message});
  }
  return advice;
}

// A CIB says nothing of Corosync; its file does.
void TakeTopology(const Playground& ground, const Beside& beside, compiler::Topology& topology) {
  const auto text = beside.corosync.empty() ? CorosyncBeside(ground.path) : compiler::ReadSource(beside.corosync);
  if (text) {
    compiler::CorosyncError error;
    if (const auto read = compiler::ReadCorosyncConf(*text, error)) topology = *read;
  } else {
    topology.nodes.resize(ground.cluster.nodes.size());
  }
}

simulator::TimingReport ReportOf(const Playground& ground, const std::string& file, const Compiled& compiled) {
  const auto catalog = std::make_shared<const simulator::Catalog>(ground.cluster);
  simulator::TimingReport report;
  report.path = file;
  report.nodes = ground.cluster.nodes.size();
  report.detection = compiled.topology.DetectionParts();
  report.durations = ground.settings.durations;
  const execution::Fencing& fencing = catalog->fencing();
  report.fencing = fencing.enabled;
  report.fencing_timeout_ms = fencing.timeout_ms;
  report.watchdog_ms = fencing.watchdog_ms;
  simulator::FenceTimesOptions how;
  how.engine = ground.settings.picket_engine ? execution::Engine::kPicketd : execution::Engine::kPacemaker;
  how.action = FencingAction(ground.cluster);
  how.agent_ms = ground.settings.durations.fence_ms;
  how.sbd_message_ms = ground.settings.durations.sbd_message_ms;
  report.fence_times = simulator::FenceTimesOf(fencing, how);
  report.chains = simulator::ChainsOf(catalog, ground.state, ground.settings, ground.has_status);
  report.limits = compiled.limits;
  report.advice = AdviceIn(ground);
  return report;
}

// The report of one file; with `error_status` if it cannot be read or is wrong.
simulator::TimingReport Reckon(const TimingOptions& options, const std::string& file) {
  Compiled compiled;
  bool reviewed = false;
  Beside beside = options.beside;
  beside.review = [&](const compiler::Review& review) {
    reviewed = true;
    compiled.topology = review.topology;
    compiled.limits = simulator::LimitsOf(review);
  };
  int status = kOk;
  const std::size_t mark = ToldSoFar();
  const auto ground = LoadPlayground(file, beside, status);
  if (!ground) {
    simulator::TimingReport report;
    report.path = file;
    report.error_status = status;
    report.error = ToldSince(mark);
    return report;
  }
  if (!reviewed || NamesCib(file)) {
    TakeTopology(*ground, beside, compiled.topology);
    const simulator::Catalog catalog(ground->cluster);
    compiled.limits = simulator::LimitsOf(catalog.fencing(), compiled.topology, nullptr);
  }
  return ReportOf(*ground, file, compiled);
}

int Run(const TimingOptions& options) {
  std::vector<simulator::TimingReport> reports;
  int worst = kOk;  // of the files that cannot be read or are wrong; the others are told all the same
  for (const std::string& file : options.files) {
    reports.push_back(Reckon(options, file));
    worst = std::max(worst, reports.back().error_status);
  }
  if (options.format == "json") {
    std::cout << simulator::JsonOf(reports);
  } else {
    const char* between = "";
    for (const simulator::TimingReport& report : reports) {
      if (report.error_status != 0) continue;
      std::cout << between << TextOf(report);
      between = "\n";
    }
  }
  if (worst != kOk) return worst;
  const bool good = std::all_of(reports.begin(), reports.end(), [](const simulator::TimingReport& report) {
    return simulator::AllFits(report) && report.chains.rests;
  });
  return good ? kOk : kVerdict;
}

}  // namespace

void AddTimingVerb(CLI::App& program, int& status) {
  const auto options = std::make_shared<TimingOptions>();
  CLI::App* verb =
      program.add_subcommand("timing", "Tell how long services are away after each fault, and which times do not fit");
  verb->add_option("FILE", options->files, "Policies, `-` being standard input, or CIBs (.xml)")->required();
  verb->add_option("--corosync", options->beside.corosync, "beside a CIB: the cluster's corosync.conf");
  verb->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  AddAgentsOption(*verb, options->beside.agents);
  AddEngineOption(*verb, options->beside.engine);
  AddAsOption(*verb, options->beside.as);
  verb->footer("Example: picket timing examples/pbx/pbx.picket");
  verb->callback([options, &status] { solver::WithLargeStack([&] { status = Run(*options); }); });
}

}  // namespace picket::cli
