#include "simulator/text/status_text.h"

#include "bazel/deps/fmt.h"
#include "simulator/text/failures.h"
#include "simulator/text/node_attributes.h"

namespace picket::simulator {

using namespace solver;  // NOLINT

bool WriteNodeAttributes(TextWriter& out, Run& run, bool after_another) {
  const std::vector<ShownNodeAttributes> nodes = NodeAttributes(run);
  if (nodes.empty()) return false;
  if (after_another) out.Spacer();
  OpenList section(out, "Node Attributes");
  for (const ShownNodeAttributes& shown : nodes) {
    OpenList list(out, "Node: " + run.at(shown.node).name);
    for (const ShownAttribute& attribute : shown.attributes) {
      std::string line = fmt::format("{:<32}\t: {:<10}", attribute.name, attribute.value);
      if (attribute.connectivity_lost) line += "\t: Connectivity is lost";
      if (attribute.connectivity_degraded) {
        line += fmt::format("\t: Connectivity is degraded (Expected={})", *attribute.expected);
      }
      out.Item(line);
    }
  }
  return true;
}

bool WriteMigrationSummary(TextWriter& out, Run& run, bool after_another) {
  const auto nodes = FailCounts(run);
  if (!nodes) return false;
  if (after_another) out.Spacer();
  OpenList section(out, "Migration Summary");
  for (const NodeHistory& history : *nodes) {
    OpenList list(out, "Node: " + run.at(history.node).name);
    for (const CountedHistory& counted : history.resources) {
      std::string line = fmt::format("{}: migration-threshold={}", counted.id, counted.migration_threshold);
      if (counted.count.count > 0) line += fmt::format(" fail-count={}", counted.count.count);
      if (counted.count.last_failure_s > 0) {
        line += fmt::format(" last-failure='{}'", CalendarText(counted.count.last_failure_s));
      }
      out.Item(line);
    }
  }
  return true;
}

bool WriteFailedActions(TextWriter& out, const Run& run, bool after_another) {
  const std::vector<const FailedOperation*> failures = ShownFailures(run);
  if (failures.empty()) return false;
  if (after_another) out.Spacer();
  OpenList section(out, "Failed Resource Actions");
  for (const FailedOperation* failure : failures) {
    const FailureView view = ViewFailure(run, *failure);
    std::string line = fmt::format("{} on {} '{}' ({}): call={}, status='{}'", view.key, view.node,
                                   ResultText(run, view.rc), view.rc, view.call, view.status);
    if (!view.exit_reason.empty()) line += fmt::format(", exitreason='{}'", view.exit_reason);
    if (view.last_rc_change_s) line += fmt::format(", last-rc-change='{}'", CalendarText(*view.last_rc_change_s));
    if (view.queued_ms) line += fmt::format(", queued={}ms", *view.queued_ms);
    if (view.exec_ms) line += fmt::format(", exec={}ms", *view.exec_ms);
    out.Item(line);
  }
  return true;
}

void WriteStatus(TextWriter& out, Run& run, std::string_view title, const StatusOptions& options) {
  OpenList block(out, title);
  bool printed = WriteNodeList(out, run);
  printed |= WriteResourceList(out, run, options, printed);
  if (options.attributes) printed |= WriteNodeAttributes(out, run, printed);
  if (options.fail_counts) {
    printed |= WriteMigrationSummary(out, run, printed);
    WriteFailedActions(out, run, printed);
  }
}

}  // namespace picket::simulator
