#include "cli/simulate_run.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>

#include "bazel/deps/fmt.h"
#include "cli/atomic_file.h"
#include "cli/exit_status.h"
#include "cli/load_input.h"
#include "cli/profile.h"
#include "cli/read_cib.h"
#include "simulator/inject/state_editor.h"
#include "simulator/replay/replay.h"
#include "simulator/text/report.h"
#include "solver/cib/dates.h"
#include "solver/cib/read.h"
#include "solver/cib/values.h"
#include "solver/schedule.h"
#include "solver/status/status.h"

namespace picket::cli {

using namespace simulator;  // NOLINT
using solver::Instant;

namespace {

// Why the run ends early.
struct Ending {
  int status;
  std::string complaint;  // for stderr, may be empty
};

// How often the CIB was changed, for the version numbers of the saved one (spec 06 §12.2).
struct Changes {
  int configuration = 0;
  int status = 0;

  void Add(const StateEditor& editor) {
    if (editor.configuration_changes() > 0) status = 0;
    configuration += editor.configuration_changes();
    status += editor.status_changes();
  }
};

bool IsEntry(const pugi::xml_node& element, const solver::HistoryEntry& entry) {
  return std::all_of(entry.attributes.begin(), entry.attributes.end(),
                     [&](const auto& pair) { return pair.second == element.attribute(pair.first.c_str()).value(); });
}

void Set(pugi::xml_node element, const char* name, const std::string& value) {
  pugi::xml_attribute attribute = element.attribute(name);
  if (!attribute) attribute = element.append_attribute(name);
  attribute.set_value(value.c_str());
}

// The entries that are listed as failures name their node and their resource (spec 06 §12.1).
void NameFailures(const solver::Run& run, pugi::xml_document& document) {
  const pugi::xml_node status = solver::OnlyElement(document, "status");
  for (const solver::FailedOperation& failure : run.failed_operations) {
    const std::string& node = run.at(failure.node).name;
    for (const pugi::xml_node state : status.children("node_state")) {
      if (node != state.attribute("uname").value() && node != state.attribute("id").value()) continue;
      for (const pugi::xml_node history : state.child("lrm").child("lrm_resources").children("lrm_resource")) {
        for (const pugi::xml_node entry : history.children("lrm_rsc_op")) {
          if (!IsEntry(entry, failure.entry)) continue;
          Set(entry, "uname", node);
          Set(entry, "rsc-id", failure.resource_id);
        }
      }
    }
  }
}

class Simulation {
 public:
  Simulation(const SimulateOptions& options, Input& input, int64_t clock_s, Report& report, std::ostream& err)
      : options_(options), input_(input), clock_s_(clock_s), report_(report), err_(err) {}

  int Execute() {
    ReadInput();
    ReadAndTellStatus(StatusKind::kCurrent);
    if (options_.modifications.any()) Modify();
    if (!options_.save_input.empty() && !SaveCib(options_.save_input, true)) return simulate_exit::kNoSuchObject;
    int status = simulate_exit::kOk;
    if (options_.schedules()) {
      solver::Transition transition = Schedule();
      if (!SaveGraphs(transition)) return simulate_exit::kInputOutput;
      report_.Summary(run_, transition.summary);
      if (options_.executes()) status = CarryOut(transition);
    }
    const std::string& output = !options_.save_output.empty() ? options_.save_output : InPlaceFile();
    if (!output.empty() && !SaveCib(output, false)) status = simulate_exit::kNoSuchObject;
    return status;
  }

 private:
  void ReadInput() {
    const Instant clock{clock_s_, solver::LocalOffset(clock_s_)};
    std::optional<Instant> asked;
    if (options_.date) {
      const bool strict = input_.target.Behaves(solver::Behaviour::kStrictDates);
      const auto form = strict ? solver::TimeForm::kStrict : solver::TimeForm::kLoose;
      if (const auto date = solver::ParseDateTime(*options_.date, clock.offset_s, clock, form))
        asked = solver::ToInstant(*date);
    }
    cluster_ = solver::ReadCluster(input_.document, input_.target);
    state_ = solver::ReadState(input_.document, asked, clock);
    recorder_.log = true;
  }

  // The line that tells for which time the status is evaluated comes each time it is read.
  void TellTime() {
    if (options_.date) {
      report_.Info("Setting effective cluster time: " + *options_.date);
      return;
    }
    const char* recorded = input_.document.document_element().attribute("execution-date").value();
    if (solver::ParseInteger(recorded).value_or(0) != 0) {
      report_.Info("Using the original execution date of: " + solver::FormatUtc(state_.now));
    }
  }

  void ReadStatus() {
    TellTime();
    const size_t first = recorder_.events().size();
    solver::ReadStatus(cluster_, state_, run_, &recorder_);
    TellLog(first, true);
  }

  void ReadAndTellStatus(StatusKind kind) {
    ReadStatus();
    const bool current = kind == StatusKind::kCurrent;
    if (current) report_.Banner(run_.options.maintenance_mode, solver::CountInstances(run_));
    report_.Status(run_, kind, {current, options_.show_attributes, options_.show_fail_counts});
  }

  // Messages by verbosity on stderr; what belongs to the output itself only while no scores are being listed.
  void TellLog(size_t first, bool with_output) {
    static constexpr std::string_view kLevels[] = {"error", "warning", "notice", "info"};
    for (size_t i = first; i < recorder_.events().size(); ++i) {
      const auto* line = std::get_if<solver::LogLine>(&recorder_.events()[i]);
      if (!line) continue;
      if (line->level == solver::LogLevel::kOutput) {
        if (with_output) report_.Info(line->text);
      } else if (static_cast<int>(line->level) < options_.verbosity) {
        err_ << kLevels[static_cast<size_t>(line->level)] << ": " << line->text << '\n';
      }
    }
  }

  void Modify() {
    {
      StateEditor editor(cluster_, state_, clock_s_);
      report_.Modified(options_.modifications, ApplyModifications(options_.modifications, run_, editor));
      changes_.Add(editor);
    }
    ReadStatus();
  }

  solver::Transition Schedule() {
    recorder_.scores = options_.show_scores;
    recorder_.utilization = options_.show_utilization;
    const size_t first = recorder_.events().size();
    solver::Transition transition = solver::Decide(run_);
    recorder_.scores = recorder_.utilization = false;
    report_.Assigned(run_, recorder_.events(), first);
    TellLog(first, false);
    if (solver::LeavesPreferencesOut(run_)) err_ << "picket: warning: " << solver::PreferencesLeftOut() << '\n';
    return transition;
  }

  bool SaveGraphs(const solver::Transition& transition) {
    if (!options_.save_graph.empty() && !Save(options_.save_graph, solver::GraphXml(run_, transition))) return false;
    if (options_.save_dot.empty()) return true;
    return Save(options_.save_dot, solver::DotText(run_, transition, options_.all_actions, options_.verbosity > 0));
  }

  int CarryOut(const solver::Transition& transition) {
    solver::State after = state_;
    bool terminated = false;
    {
      StateEditor editor(cluster_, after, clock_s_);
      // Once a node was brought up, whatever is touched later becomes part of the configuration as well.
      if (!options_.modifications.nodes_up.empty()) editor.ConfigureTouchedNodes();
      const Replayed replayed = Replay(run_, transition, options_.failures, editor);
      report_.Executed(replayed.events);
      terminated = replayed.terminated;
      changes_.Add(editor);
    }
    if (terminated) {
      report_.Error("Transition failed: terminated");
      report_.Error("An invalid transition was produced");
    }
    state_ = std::move(after);
    ReadAndTellStatus(StatusKind::kRevised);
    return terminated ? simulate_exit::kError : simulate_exit::kOk;
  }

  const std::string& InPlaceFile() const {
    static const std::string kNone;
    return options_.in_place && !IsLive(options_.xml_file) ? options_.xml_file : kNone;
  }

  bool SaveCib(const std::string& path, bool name_failures) {
    pugi::xml_document document;
    document.reset(input_.document);
    solver::WriteState(state_, document);
    if (name_failures) NameFailures(run_, document);
    pugi::xml_node root = document.document_element();
    const auto add = [&](const char* name, int changes, bool reset) {
      pugi::xml_attribute attribute = root.attribute(name);
      if (!attribute) attribute = root.append_attribute(name);
      attribute.set_value(static_cast<long long>((reset ? 0 : attribute.as_llong()) + changes));
    };
    if (changes_.configuration > 0) add("epoch", changes_.configuration, false);
    if (changes_.configuration + changes_.status > 0) add("num_updates", changes_.status, changes_.configuration > 0);
    return Save(path, solver::DocumentText(document));
  }

  bool Save(const std::string& path, std::string_view text) {
    std::string reason;
    if (WriteFile(path, text, reason)) return true;
    report_.Error(fmt::format("crm_simulate: Could not write '{}': {}", path, reason));
    return false;
  }

  const SimulateOptions& options_;
  Input& input_;
  int64_t clock_s_;
  Report& report_;
  std::ostream& err_;
  solver::Cluster cluster_;
  solver::State state_;
  solver::Run run_;
  solver::Recorder recorder_;
  Changes changes_;
};

std::optional<ReportFormat> FormatOf(const std::string& name) {
  if (name == "text") return ReportFormat::kText;
  if (name == "xml") return ReportFormat::kXml;
  if (name == "none") return ReportFormat::kNone;
  return std::nullopt;
}

ReportOptions ReportOptionsOf(const SimulateOptions& options, ReportFormat format, const solver::Target& target) {
  // Scores are for programs, with -Q; before 2.1.8 always (spec 07 G-4).
  const bool plain = target.Behaves(solver::Behaviour::kStructuredQuietText)
                         ? options.show_scores && options.quiet
                         : options.show_scores || options.show_utilization;
  return {format,          options.quiet, options.show_scores, options.show_utilization,
          options.request, plain,         target.release()};
}

// A file may also be named without an option; crm_simulate would not look at it.
std::string InputFile(const SimulateOptions& options) {
  if (options.live) return "live:";
  if (options.xml_pipe) return "-";
  if (!options.xml_file.empty()) return options.xml_file;
  return options.arguments.empty() ? "-" : options.arguments.front();
}

// Reads the input and makes sure that the results can be stored, before anything is told.
std::optional<Ending> Prepare(const SimulateOptions& options, const AsRelease& as, Input& input, Streams& streams) {
  solver::DocumentError error;
  if (!LoadInput(InputFile(options), streams.in, input, error, as)) {
    if (error.exit_status == simulate_exit::kBadData && !input.target.Behaves(solver::Behaviour::kUnreadableIs65)) {
      error.exit_status = simulate_exit::kSoftware;
    }
    // What is wrong stands in the lines before the last.
    const size_t last = error.message.rfind('\n') + 1;
    const bool tells_place = error.message.find(": element ", last) != std::string::npos;
    if (!input.is_policy && !tells_place) error.message.insert(last, "crm_simulate: ");
    return Ending{error.exit_status, error.message};
  }
  // The recorded summaries begin with the line about an unvalidated CIB: in a report for people it is part of
  // it.
  const bool in_report = options.output_as == "text" && options.output_to == "-" && !options.quiet && !input.is_policy;
  if (!input.warning.empty()) (in_report ? streams.out : streams.err) << input.warning << '\n';
  std::string reason;
  const std::string& output = options.save_output;
  if (!output.empty() && !CanWriteFile(output, reason)) {
    return Ending{simulate_exit::kNoSuchObject, fmt::format("crm_simulate: Could not create '{}': {}", output, reason)};
  }
  return std::nullopt;
}

}  // namespace

int RunSimulate(const SimulateOptions& options, int64_t clock_s, Streams streams) {
  // It stands in for crm_simulate 3.0.2, which answers as itself whatever cluster it is given.
  AsRelease as{solver::Target()};
  if (std::string reason; !ParseAs(options.as, as, reason)) {
    streams.err << "crm_simulate: --as: " << reason << '\n';
    return simulate_exit::kUsage;
  }
  if (options.version) {
    streams.out << "Pacemaker " << as.target.value_or(solver::Target()).name()
                << "\nDecided by Picket, an independent implementation\n";
    return simulate_exit::kOk;
  }
  const std::optional<ReportFormat> format = FormatOf(options.output_as);
  if (!format) {
    streams.err << "Error creating output format " << options.output_as << ": Unknown output format\n";
    return simulate_exit::kNoSuchObject;
  }
  std::ofstream file;
  if (options.output_to != "-") {
    file.open(options.output_to, std::ios::binary);
    if (!file) {
      streams.err << "Error creating output format " << options.output_as << ": Could not open " << options.output_to
                  << '\n';
      return simulate_exit::kNoSuchObject;
    }
  }
  std::ostream& out = file.is_open() ? file : streams.out;
  Input input;
  input.target = as.target.value_or(solver::Target());
  const bool profiles = !options.profile_folder.empty();
  const std::optional<Ending> ending = profiles ? std::nullopt : Prepare(options, as, input, streams);
  const std::unique_ptr<Report> report = MakeReport(ReportOptionsOf(options, *format, input.target), out, streams.err);

  int status = simulate_exit::kOk;
  if (profiles) {
    status = RunProfile(options, as, clock_s, *report, streams.err);
  } else if (ending) {
    status = ending->status;
    streams.err << ending->complaint << '\n';
  } else {
    solver::WithLargeStack([&] { status = Simulation(options, input, clock_s, *report, streams.err).Execute(); });
  }
  report->Finish(status, simulate_exit::Text(status));
  return out.flush() ? status : simulate_exit::kInputOutput;
}

}  // namespace picket::cli
