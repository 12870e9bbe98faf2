#include "simulator/text/xml_report.h"

#include "bazel/deps/fmt.h"
#include "simulator/text/event_text.h"
#include "simulator/text/status_xml.h"
#include "solver/model/text.h"

namespace picket::simulator {

using namespace solver;  // NOLINT

namespace {

// The version of the XML form. Those between the two are not recorded (spec 06 §14), and count as the newest.
std::string_view ApiVersion(Release release) {
  return release == Release::k2_1_5 ? "2.25" : "2.42";
}

// One element for each event; complaints and pretended failures are told elsewhere or not at all.
struct EventElements {
  XmlElement& parent;
  std::vector<std::string>& errors;

  void operator()(const QuorumSet& event) const { parent.Set("quorum", event.value); }
  void operator()(const WatchdogSet& event) const { parent.Set("watchdog", event.value); }
  void operator()(const NodeModified& event) const {
    static constexpr std::string_view kWords[] = {"Online", "Offline", "Failing"};
    parent.Add("modify_node").Set("action", kWords[static_cast<size_t>(event.change)]).Set("node", event.node);
  }
  void operator()(const TicketModified& event) const {
    static constexpr std::string_view kWords[] = {"Granting", "Revoking", "Standby", "Activating"};
    parent.Add("modify_ticket").Set("action", kWords[static_cast<size_t>(event.change)]).Set("ticket", event.ticket);
  }
  void operator()(const OperationInjected& event) const { parent.Add("inject_spec").Set("spec", event.spec); }
  void operator()(const AttributeInjected& event) const {
    const StoredAttribute& stored = event.attribute;
    XmlElement& element = parent.Add("inject_attr").Set("name", stored.name).Set("value", stored.value);
    element.Set("node_path", "/node_state").Set("cib_node", stored.node_state_id);
  }
  void operator()(const Complaint& event) const { errors.push_back(event.text); }
  void operator()(const FailurePretended&) const {}
  void operator()(const PseudoFired& event) const {
    parent.Add("pseudo_action").Set("task", event.key).SetIfAny("node", event.node);
  }
  void operator()(const ResourceFired& event) const {
    XmlElement& element = parent.Add("rsc_action").Set("resource", event.name).Set("op", event.operation);
    element.Set("node", event.node);
    if (event.interval_ms > 0) element.SetNumber("interval", event.interval_ms);
  }
  void operator()(const FencingFired& event) const {
    parent.Add("fencing_action").Set("target", event.node).Set("op", event.operation);
  }
  void operator()(const ClusterFired& event) const {
    XmlElement& element = parent.Add("cluster_action").Set("task", event.operation).Set("node", event.node);
    element.SetIfAny("id", event.resource);
  }
};

void AddValues(XmlElement& element, const std::vector<std::pair<std::string, int64_t>>& values) {
  for (const auto& [name, value] : values) element.Add(name).text = std::to_string(value);
}

struct ScoreElements {
  XmlElement& parent;
  const Run& run;

  void operator()(const ScoreLine& line) const {
    XmlElement& element = parent.Add("node_weight").Set("function", StageName(run, line.stage));
    element.Set("node", run.at(line.node).name).Set("score", line.score.ToString()).Set("id", run.at(line.resource).id);
  }
  void operator()(const PromotionLine& line) const {
    XmlElement& element = parent.Add("promotion_score").Set("id", run.at(line.resource).id);
    element.Set("score", line.score.ToString());
    if (line.node.valid()) element.Set("node", run.at(line.node).name);
  }
  void operator()(const CapacityLine& line) const {
    XmlElement& element = parent.Add("capacity").Set("node", run.at(line.node).name);
    AddValues(element.Set("comment", line.original ? "Original" : "Remaining"), line.values);
  }
  void operator()(const UtilizationLine& line) const {
    XmlElement& element = parent.Add("utilization").Set("resource", run.at(line.resource).id);
    AddValues(element.Set("node", run.at(line.node).name).Set("function", AssignmentName(run)), line.values);
  }
  void operator()(const LogLine&) const {}
  void operator()(const ReasonEvent&) const {}
  void operator()(const ChoiceEvent&) const {}
  void operator()(const RoleEvent&) const {}
};

// Spec 05 §22.3 as attributes.
void SetChange(XmlElement& element, const Run& run, const ResourceSummary& change) {
  const std::string_view from = change.from.valid() ? std::string_view(run.at(change.from).name) : std::string_view();
  const std::string_view to = change.to.valid() ? std::string_view(run.at(change.to).name) : std::string_view();
  const std::string_view role = RoleName(change.role);
  const std::string_view next_role = RoleName(change.next_role);
  if (!change.from.valid()) {
    if (change.role_shown) {
      element.Set("role", role).Set("next-role", next_role).Set("dest", to);
    } else {
      element.Set("node", to);
    }
  } else if (!change.to.valid()) {
    if (change.role_shown) element.Set("role", role);
    element.Set("node", from);
  } else if (change.role == change.next_role) {
    if (change.from != change.to) {
      element.Set("source", from).Set("dest", to);
      if (change.role_shown) element.Set("role", role);
    } else {
      if (change.role_shown) element.Set("role", role);
      element.Set("source", from);
    }
  } else if (change.from == change.to) {
    element.Set("role", role).Set("next-role", next_role).Set("source", from);
  } else {
    element.Set("role", role).Set("source", from).Set("next-role", next_role).Set("dest", to);
  }
}

// `due to REASON`, `due to REASON (blocked)` and `blocked` taken apart again.
void SetReason(XmlElement& element, std::string_view reason) {
  constexpr std::string_view kDueTo = "due to ";
  constexpr std::string_view kBlocked = "blocked";
  constexpr std::string_view kAlsoBlocked = " (blocked)";
  const bool also_blocked = reason.ends_with(kAlsoBlocked);
  const bool blocked = reason == kBlocked || also_blocked;
  if (reason.starts_with(kDueTo)) {
    reason.remove_prefix(kDueTo.size());
    if (also_blocked) reason.remove_suffix(kAlsoBlocked.size());
    element.Set("reason", reason);
  }
  if (blocked) element.Set("blocked", "true");
}

}  // namespace

XmlReport::XmlReport(const ReportOptions& options, std::ostream& out) : options_(options), out_(out) {
  root_.Set("api-version", ApiVersion(options.release)).Set("request", options.request);
}

void XmlReport::Status(Run& run, StatusKind kind, const StatusOptions& options) {
  AddStatus(root_.Add(kind == StatusKind::kCurrent ? "cluster_status" : "revised_cluster_status"), run, options);
}

void XmlReport::Modified(const Modifications&, const std::vector<InjectionEvent>& events) {
  XmlElement& element = root_.Add("modifications");
  for (const InjectionEvent& event : events) std::visit(EventElements{element, errors_}, event);
}

void XmlReport::Assigned(const Run& run, const std::vector<Event>& events, size_t first) {
  if (!options_.scores && !options_.utilization) return;
  XmlElement& element = root_.Add(!options_.utilization ? "allocations"
                                  : !options_.scores    ? "utilizations"
                                                        : "allocations_utilizations");
  for (size_t i = first; i < events.size(); ++i) std::visit(ScoreElements{element, run}, events[i]);
}

void XmlReport::Summary(const Run& run, const TransitionSummary& summary) {
  XmlElement& element = root_.Add("actions");
  for (const NodeSummary& node : summary.nodes) {
    if (node.reason.empty()) continue;
    element.Add("node_action").Set("task", node.task).Set("node", node.node_text).Set("reason", node.reason);
  }
  for (const ResourceSummary& change : summary.resources) {
    XmlElement& line = element.Add("rsc_action").Set("action", Folded(change.change)).Set("resource", change.id);
    SetChange(line, run, change);
    SetReason(line, change.reason);
  }
}

void XmlReport::Executed(const std::vector<ExecutionEvent>& events) {
  XmlElement& element = root_.Add("transition");
  for (const ExecutionEvent& event : events) std::visit(EventElements{element, errors_}, event);
}

void XmlReport::Timed(const std::string& file, double seconds) {
  timings_->Add("timing").Set("file", file).Set("duration", fmt::format("{:.6f}", seconds));
}

void XmlReport::Finish(int status, std::string_view message) {
  XmlElement& element = root_.Add("status").SetNumber("code", status).Set("message", message);
  if (!errors_.empty()) {
    XmlElement& errors = element.Add("errors");
    for (const std::string& error : errors_) errors.Add("error").text = error;
  }
  out_ << XmlText(root_) << std::flush;
}

}  // namespace picket::simulator
