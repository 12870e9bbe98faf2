#include "simulator/text/event_text.h"

#include <algorithm>

#include "bazel/deps/fmt.h"

namespace picket::simulator {

using namespace solver;  // NOLINT

std::string LineOf(const QuorumSet& event) {
  return "Setting quorum: " + event.value;
}
std::string LineOf(const WatchdogSet& event) {
  return "Setting watchdog: " + event.value;
}

std::string LineOf(const NodeModified& event) {
  switch (event.change) {
    case NodeChange::kOnline:
      return fmt::format("Bringing node {} online", event.node);
    case NodeChange::kOffline:
      return fmt::format("Taking node {} offline", event.node);
    case NodeChange::kFailing:
      return fmt::format("Failing node {}", event.node);
  }
  return {};
}

std::string LineOf(const TicketModified& event) {
  switch (event.change) {
    case TicketChange::kGranting:
      return "Granting ticket " + event.ticket;
    case TicketChange::kRevoking:
      return "Revoking ticket " + event.ticket;
    case TicketChange::kStandby:
      return fmt::format("Making ticket {} standby", event.ticket);
    case TicketChange::kActivating:
      return "Activating ticket " + event.ticket;
  }
  return {};
}

std::string LineOf(const OperationInjected& event) {
  return fmt::format("Injecting {} into the configuration", event.spec);
}

std::string LineOf(const AttributeInjected& event) {
  const StoredAttribute& stored = event.attribute;
  return fmt::format("Injecting attribute {}={} into /node_state '{}'", stored.name, stored.value,
                     stored.node_state_id);
}

std::string LineOf(const PseudoFired& event) {
  std::string line = "Pseudo action:   " + event.key;
  if (!event.node.empty()) line += " on " + event.node;
  return line;
}

std::string LineOf(const ResourceFired& event) {
  std::string line = fmt::format("Resource action: {:<15} {}", event.name, event.operation);
  if (event.interval_ms > 0) line += fmt::format("={}", event.interval_ms);
  return line + " on " + event.node;
}

std::string LineOf(const FencingFired& event) {
  return fmt::format("Fencing {} ({})", event.node, event.operation);
}

std::string LineOf(const ClusterFired& event) {
  std::string line = "Cluster action:  " + event.operation;
  if (!event.resource.empty()) line += " for " + event.resource;
  return line + " on " + event.node;
}

std::string LineOf(const FailurePretended& event) {
  return fmt::format("Pretending action {} failed with rc={}", event.action, event.rc);
}

std::string_view StageName(const Run& run, ScoreStage stage) {
  switch (stage) {
    case ScoreStage::kPrimitive:
      return "pcmk__primitive_assign";
    case ScoreStage::kGroup:
      return "pcmk__group_assign";
    case ScoreStage::kClone:
      return run.Behaves(Behaviour::kAssignInCloneLines) ? "pcmk__clone_assign" : "pcmk__clone_allocate";
    case ScoreStage::kBundle:
      return run.Behaves(Behaviour::kAssignInBundleLines) ? "pcmk__bundle_assign" : "pcmk__bundle_allocate";
  }
  return {};
}

std::string_view AssignmentName(const Run& run) {
  return run.Behaves(Behaviour::kAssignInBundleLines) ? "pcmk__assign_resource" : "pcmk__finalize_assignment";
}

namespace {

std::string Values(const std::vector<std::pair<std::string, int64_t>>& values) {
  std::string text;
  for (const auto& [name, value] : values) text += fmt::format(" {}={}", name, value);
  return text;
}

struct ScoreWords {
  const Run& run;

  std::optional<std::string> operator()(const ScoreLine& line) const {
    return fmt::format("{}: {} allocation score on {}: {}", StageName(run, line.stage), run.at(line.resource).id,
                       run.at(line.node).name, line.score.ToString());
  }
  std::optional<std::string> operator()(const PromotionLine& line) const {
    if (!line.node.valid() && !run.Behaves(Behaviour::kInactivePromotionSaid)) {
      return fmt::format("{} promotion score on none: 0", run.at(line.resource).id);
    }
    const std::string where = line.node.valid() ? "on " + run.at(line.node).name : "(inactive)";
    return fmt::format("{} promotion score {}: {}", run.at(line.resource).id, where, line.score.ToString());
  }
  std::optional<std::string> operator()(const CapacityLine& line) const {
    return fmt::format("{}: {} capacity:{}", line.original ? "Original" : "Remaining", run.at(line.node).name,
                       Values(line.values));
  }
  std::optional<std::string> operator()(const UtilizationLine& line) const {
    return fmt::format("{}: {} utilization on {}:{}", AssignmentName(run), run.at(line.resource).id,
                       run.at(line.node).name, Values(line.values));
  }
  std::optional<std::string> operator()(const LogLine&) const { return std::nullopt; }
  std::optional<std::string> operator()(const ReasonEvent&) const { return std::nullopt; }
  std::optional<std::string> operator()(const ChoiceEvent&) const { return std::nullopt; }
  std::optional<std::string> operator()(const RoleEvent&) const { return std::nullopt; }
};

}  // namespace

std::optional<std::string> ScoreText(const Run& run, const Event& event) {
  return std::visit(ScoreWords{run}, event);
}

std::vector<std::string> SummaryLines(const TransitionSummary& summary) {
  std::vector<std::string> lines;
  for (const NodeSummary& node : summary.nodes) {
    if (!node.reason.empty()) lines.push_back(fmt::format("{} {} '{}'", node.task, node.node_text, node.reason));
  }
  // A longer id than any before makes its column two wider than itself, so the width depends on the order
  // (spec 06 §11.3).
  size_t id_width = 5;
  size_t details_width = 5;
  for (const ResourceSummary& resource : summary.resources) {
    if (resource.id.size() > id_width) id_width = resource.id.size() + 2;
    details_width = std::max(details_width, resource.details.size());
  }
  for (const ResourceSummary& resource : summary.resources) {
    std::string line = fmt::format("{:<8}   {:<{}}   ( {:>{}} )", resource.change, resource.id, id_width,
                                   resource.details, details_width);
    if (!resource.reason.empty()) line += "  " + resource.reason;
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace picket::simulator
