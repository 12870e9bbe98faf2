#include "simulator/text/text_report.h"

#include "bazel/deps/fmt.h"
#include "simulator/text/event_text.h"
#include "simulator/text/status_text.h"

namespace picket::simulator {

using namespace solver;  // NOLINT

TextReport::TextReport(const ReportOptions& options, std::ostream& out, std::ostream& err)
    : options_(options), out_(out), err_(err), writer_(out, options.plain) {}

void TextReport::Separate() {
  if (printed_) writer_.Spacer();
  printed_ = true;
}

void TextReport::Info(std::string_view text) {
  if (!options_.quiet) writer_.Info(text);
}

void TextReport::Error(std::string_view text) {
  // Both streams may go to one terminal or file, where the order of lines should tell the order of events.
  out_.flush();
  err_ << text << '\n' << std::flush;
}

void TextReport::Banner(bool maintenance_mode, const InstanceCounts& counts) {
  if (options_.quiet) return;
  if (maintenance_mode) {
    writer_.Spacer();
    writer_.Info("              *** Resource management is DISABLED ***");
    writer_.Info("  The cluster will not attempt to start, stop or recover services");
    printed_ = true;
  }
  if (counts.disabled > 0 || counts.blocked > 0) {
    Separate();
    writer_.Info(fmt::format("{} of {} resource instances DISABLED and {} BLOCKED from further action due to failure",
                             counts.disabled, counts.all, counts.blocked));
  }
}

void TextReport::Status(Run& run, StatusKind kind, const StatusOptions& options) {
  if (options_.quiet) return;
  Separate();
  WriteStatus(writer_, run, kind == StatusKind::kCurrent ? "Current cluster status" : "Revised Cluster Status",
              options);
}

void TextReport::Modified(const Modifications&, const std::vector<InjectionEvent>& events) {
  Separate();  // Also where the block itself is not printed, as the reference does.
  if (!options_.quiet) writer_.Open("Performing Requested Modifications");
  for (const InjectionEvent& event : events) {
    if (const auto* complaint = std::get_if<Complaint>(&event)) {
      Error(complaint->text);
    } else if (!options_.quiet) {
      std::visit(
          [&](const auto& what) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(what)>, Complaint>) writer_.Item(LineOf(what));
          },
          event);
    }
  }
  if (!options_.quiet) writer_.Close();
}

std::string_view TextReport::ScoresTitle() const {
  if (options_.scores && options_.utilization) return "Assignment Scores and Utilization Information";
  return options_.scores ? "Assignment Scores" : "Utilization Information";
}

void TextReport::Assigned(const Run& run, const std::vector<Event>& events, size_t first) {
  if (!options_.scores && !options_.utilization) return;
  Separate();
  OpenList list(writer_, ScoresTitle());
  for (size_t i = first; i < events.size(); ++i) {
    if (const std::optional<std::string> line = ScoreText(run, events[i])) {
      writer_.Item(*line);
    } else if (const auto* log = std::get_if<LogLine>(&events[i]); log && log->level == LogLevel::kOutput) {
      Info(log->text);
    }
  }
}

void TextReport::Summary(const Run&, const TransitionSummary& summary) {
  if (options_.quiet) return;
  Separate();
  OpenList list(writer_, "Transition Summary");
  for (const std::string& line : SummaryLines(summary)) writer_.Item(line);
}

void TextReport::Executed(const std::vector<ExecutionEvent>& events) {
  Separate();
  if (!options_.quiet) writer_.Open("Executing Cluster Transition");
  for (const ExecutionEvent& event : events) {
    if (const auto* complaint = std::get_if<Complaint>(&event)) {
      Error(complaint->text);
    } else if (const auto* pretended = std::get_if<FailurePretended>(&event)) {
      Info(LineOf(*pretended));
    } else if (!options_.quiet) {
      std::visit(
          [&](const auto& what) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(what)>, Complaint>) writer_.Item(LineOf(what));
          },
          event);
    }
  }
  if (!options_.quiet) writer_.Close();
}

void TextReport::BeginTimings() {
  writer_.Open("Timings");
}

void TextReport::Timed(const std::string& file, double seconds) {
  writer_.Item(fmt::format("Testing {} ... {:.2f} secs", file, seconds));
}

void TextReport::Finish(int, std::string_view) {
  out_.flush();
}

}  // namespace picket::simulator
