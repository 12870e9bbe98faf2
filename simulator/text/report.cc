#include "simulator/text/report.h"

#include "simulator/text/text_report.h"
#include "simulator/text/xml_report.h"

namespace picket::simulator {

namespace {

// --output-as=none: only the exit status and the files that were asked for.
class SilentReport : public Report {
 public:
  void Info(std::string_view) override {}
  void Error(std::string_view) override {}
  void Banner(bool, const solver::InstanceCounts&) override {}
  void Status(solver::Run&, StatusKind, const StatusOptions&) override {}
  void Modified(const Modifications&, const std::vector<InjectionEvent>&) override {}
  void Assigned(const solver::Run&, const std::vector<solver::Event>&, size_t) override {}
  void Summary(const solver::Run&, const solver::TransitionSummary&) override {}
  void Executed(const std::vector<ExecutionEvent>&) override {}
  void BeginTimings() override {}
  void Timed(const std::string&, double) override {}
  void Finish(int, std::string_view) override {}
};

}  // namespace

std::unique_ptr<Report> MakeReport(const ReportOptions& options, std::ostream& out, std::ostream& err) {
  switch (options.format) {
    case ReportFormat::kXml:
      return std::make_unique<XmlReport>(options, out);
    case ReportFormat::kNone:
      return std::make_unique<SilentReport>();
    case ReportFormat::kText:
      break;
  }
  return std::make_unique<TextReport>(options, out, err);
}

}  // namespace picket::simulator
