// One line for each thing that happened or was recorded: modifications, executed actions, scores, summary
// (spec 06 §11, §12.3, §13.3). Pure functions from data to words; where the lines go is the report's
// business.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/inject/modifications.h"
#include "simulator/replay/replay.h"
#include "solver/actions/summary.h"
#include "solver/explain/recorder.h"

namespace picket::simulator {

std::string LineOf(const QuorumSet& event);
std::string LineOf(const WatchdogSet& event);
std::string LineOf(const NodeModified& event);
std::string LineOf(const TicketModified& event);
std::string LineOf(const OperationInjected& event);
std::string LineOf(const AttributeInjected& event);
std::string LineOf(const PseudoFired& event);
std::string LineOf(const ResourceFired& event);
std::string LineOf(const FencingFired& event);
std::string LineOf(const ClusterFired& event);
std::string LineOf(const FailurePretended& event);

// The name that a score line begins with.
std::string_view StageName(const solver::Run& run, solver::ScoreStage stage);
// The name that a utilization line begins with.
std::string_view AssignmentName(const solver::Run& run);
// A score, promotion, capacity or utilization line; nothing for other events.
std::optional<std::string> ScoreText(const solver::Run& run, const solver::Event& event);

// The lines of the Transition Summary, without bullets, node lines first; columns are laid out over all of
// them.
std::vector<std::string> SummaryLines(const solver::TransitionSummary& summary);

}  // namespace picket::simulator
