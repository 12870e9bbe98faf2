// The XML form of a report (spec 06 §14). A quiet run is told in full; everything is written at the end.
//
// After modifications 3.0.2 loses all that follows them. This writes what it means to: the form of the
// published schema.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "simulator/text/report.h"
#include "simulator/text/xml_element.h"

namespace picket::simulator {

class XmlReport : public Report {
 public:
  XmlReport(const ReportOptions& options, std::ostream& out);

  void Info(std::string_view) override {}
  void Error(std::string_view text) override { errors_.emplace_back(text); }
  void Banner(bool, const solver::InstanceCounts&) override {}
  void Status(solver::Run& run, StatusKind kind, const StatusOptions& options) override;
  void Modified(const Modifications& asked, const std::vector<InjectionEvent>& events) override;
  void Assigned(const solver::Run& run, const std::vector<solver::Event>& events, size_t first) override;
  void Summary(const solver::Run& run, const solver::TransitionSummary& summary) override;
  void Executed(const std::vector<ExecutionEvent>& events) override;
  void BeginTimings() override { timings_ = &root_.Add("timings"); }
  void Timed(const std::string& file, double seconds) override;
  void Finish(int status, std::string_view message) override;

 private:
  ReportOptions options_;
  std::ostream& out_;
  XmlElement root_{"pacemaker-result"};
  XmlElement* timings_ = nullptr;
  std::vector<std::string> errors_;
};

}  // namespace picket::simulator
