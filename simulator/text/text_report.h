// The text form of a report (spec 06 §9): blocks under titles, with an empty line before each that follows
// something.
#pragma once

#include <ostream>

#include "simulator/text/report.h"
#include "simulator/text/text_writer.h"

namespace picket::simulator {

class TextReport : public Report {
 public:
  TextReport(const ReportOptions& options, std::ostream& out, std::ostream& err);

  void Info(std::string_view text) override;
  void Error(std::string_view text) override;
  void Banner(bool maintenance_mode, const solver::InstanceCounts& counts) override;
  void Status(solver::Run& run, StatusKind kind, const StatusOptions& options) override;
  void Modified(const Modifications& asked, const std::vector<InjectionEvent>& events) override;
  void Assigned(const solver::Run& run, const std::vector<solver::Event>& events, size_t first) override;
  void Summary(const solver::Run& run, const solver::TransitionSummary& summary) override;
  void Executed(const std::vector<ExecutionEvent>& events) override;
  void BeginTimings() override;
  void Timed(const std::string& file, double seconds) override;
  void Finish(int status, std::string_view message) override;

 private:
  // The empty line before a block that follows something.
  void Separate();
  std::string_view ScoresTitle() const;

  ReportOptions options_;
  std::ostream& out_;
  std::ostream& err_;
  TextWriter writer_;
  bool printed_ = false;  // a banner or a block
};

}  // namespace picket::simulator
