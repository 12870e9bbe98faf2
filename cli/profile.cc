#include "cli/profile.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "cli/load_input.h"
#include "simulator/profile/stage_times.h"
#include "solver/cib/dates.h"
#include "solver/cib/read.h"
#include "solver/cib/values.h"
#include "solver/schedule.h"

namespace picket::cli {

namespace {

// The XML files of a folder, as paths; a file stands for itself.
std::optional<std::vector<std::string>> XmlFiles(const std::string& folder) {
  std::error_code error;
  if (std::filesystem::is_regular_file(folder, error)) return std::vector<std::string>{folder};
  std::filesystem::directory_iterator entries(folder, error);
  if (error) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& entry : entries) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".xml") && !name.starts_with(".") && entry.is_regular_file(error)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  for (std::string& name : names) name = folder + "/" + name;
  return names;
}

// `times` is of one solve more, which is not counted.
double SecondsToDecide(Input& input, const SimulateOptions& options, int64_t clock_s, simulator::StageTimes& times) {
  const solver::Instant clock{clock_s, solver::LocalOffset(clock_s)};
  std::optional<solver::Instant> asked;
  if (options.date) {
    const bool strict = input.target.Behaves(solver::Behaviour::kStrictDates);
    const auto form = strict ? solver::TimeForm::kStrict : solver::TimeForm::kLoose;
    if (const auto date = solver::ParseDateTime(*options.date, clock.offset_s, clock, form))
      asked = solver::ToInstant(*date);
  }
  const auto repeat = std::max<int64_t>(1, solver::ParseInteger(options.repeat).value_or(1));
  const auto begin = std::chrono::steady_clock::now();
  const solver::Cluster cluster = solver::ReadCluster(input.document, input.target);
  const solver::State state = solver::ReadState(input.document, asked, clock);
  double seconds = 0;
  solver::WithLargeStack([&] {
    solver::Run run;
    for (int64_t i = 0; i < repeat; ++i) solver::Schedule(cluster, state, run, nullptr);
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    run.watch = &times;
    const solver::Transition transition = solver::Schedule(cluster, state, run, nullptr);
    times.EndSolve(run, "graph file");
    solver::GraphXml(run, transition);
    times.Begin("end");
  });
  return seconds;
}

}  // namespace

int RunProfile(const SimulateOptions& options, const AsRelease& as, int64_t clock_s, simulator::Report& report,
               std::ostream& err) {
  const auto files = XmlFiles(options.profile_folder);
  if (!files) {
    err << "crm_simulate: Could not read folder '" << options.profile_folder << "'\n";
    return simulate_exit::kNoSuchObject;
  }
  report.BeginTimings();
  std::istringstream nothing;
  for (const std::string& path : *files) {
    Input input;
    solver::DocumentError error;
    if (!LoadInput(path, nothing, input, error, as)) {
      report.Error("crm_simulate: " + path + ": " + error.message);
      continue;
    }
    simulator::StageTimes times;
    report.Timed(path, SecondsToDecide(input, options, clock_s, times));
    err << path << ": " << times.Text();
  }
  return simulate_exit::kOk;
}

}  // namespace picket::cli
