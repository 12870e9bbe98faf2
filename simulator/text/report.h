// Where a run of `simulate` tells what it found: as text, as XML, or not at all (spec 06 §8, §9, §14).
//
// The caller says what happened, in the order of spec 06 §9; a report decides which words, blank lines or
// elements that makes, and what of it a quiet run shows. Errors go to stderr in the text form and into the
// result in the XML form.
#pragma once

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/inject/modifications.h"
#include "simulator/replay/replay.h"
#include "simulator/text/display.h"
#include "solver/actions/summary.h"
#include "solver/explain/recorder.h"
#include "solver/status/status.h"

namespace picket::simulator {

enum class StatusKind { kCurrent, kRevised };
enum class ReportFormat { kText, kXml, kNone };

struct ReportOptions {
  ReportFormat format = ReportFormat::kText;
  bool quiet = false;
  bool scores = false;                               // -s
  bool utilization = false;                          // -U
  std::string request;                               // the command line, for the XML form
  bool plain = false;                                // without titles and bullets
  solver::Release release = solver::kNewestRelease;  // whose XML form is written
};

class Report {
 public:
  virtual ~Report() = default;

  // `Setting effective cluster time: …` and other lines that stand for themselves.
  virtual void Info(std::string_view text) = 0;
  virtual void Error(std::string_view text) = 0;

  // Before the current status: management is off; instances are disabled or blocked.
  virtual void Banner(bool maintenance_mode, const solver::InstanceCounts& counts) = 0;
  virtual void Status(solver::Run& run, StatusKind kind, const StatusOptions& options) = 0;
  virtual void Modified(const Modifications& asked, const std::vector<InjectionEvent>& events) = 0;
  // Scores and utilization, of `events` from `first` on. Called whenever something was scheduled.
  virtual void Assigned(const solver::Run& run, const std::vector<solver::Event>& events, size_t first) = 0;
  virtual void Summary(const solver::Run& run, const solver::TransitionSummary& summary) = 0;
  virtual void Executed(const std::vector<ExecutionEvent>& events) = 0;

  virtual void BeginTimings() = 0;
  virtual void Timed(const std::string& file, double seconds) = 0;

  // The last word; `message` belongs to `status`.
  virtual void Finish(int status, std::string_view message) = 0;
};

std::unique_ptr<Report> MakeReport(const ReportOptions& options, std::ostream& out, std::ostream& err);

}  // namespace picket::simulator
