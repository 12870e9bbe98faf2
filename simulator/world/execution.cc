#include "simulator/world/execution.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "simulator/world/history.h"
#include "solver/cib/values.h"
#include "solver/model/text.h"
#include "solver/status/status.h"

namespace picket::simulator {
namespace {

// Promotion scores as a well-behaved agent sets them: higher where it is promoted, so that the role stays.
constexpr std::string_view kScoreUnpromoted = "5";
constexpr std::string_view kScorePromoted = "10";

int ToInt(std::string_view text, int fallback) {
  int value = fallback;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

StoryEvent OperationEvent(EventKind kind, const std::string& primitive, const std::string& instance,
                          const std::string& operation, uint32_t interval_ms, const std::string& node) {
  StoryEvent event;
  event.kind = kind;
  event.resource = primitive;
  event.instance = instance;
  event.operation = operation;
  event.interval_ms = interval_ms;
  event.node = node;
  return event;
}

// The digest of what the operation was given (spec 02 §17.2): the parameters, and the timeout of a recurring
// one.
std::string DigestOf(const solver::ActionDescription& description, bool recurring) {
  solver::Table parameters;
  for (const auto& [name, value] : description.parameters) {
    if (name == "crm_feature_set" || name == "pcmk_external_ip") continue;
    if (name.starts_with("CRM_meta_") && !(recurring && name == "CRM_meta_timeout")) continue;
    parameters.Add(name, value);
  }
  for (const auto& [name, value] : description.params) parameters.Add(name, value);
  return solver::ParameterDigest(parameters);
}

}  // namespace

Execution::Execution(World& world, solver::Run& run, const solver::Transition& transition) : world_(world) {
  std::unordered_map<int32_t, size_t> index_of;
  steps_.resize(transition.synapses.size());
  for (size_t i = 0; i < steps_.size(); ++i) {
    Step& step = steps_[i];
    step.description = solver::Describe(run, transition.synapses[i]);
    step.operation = solver::AttributeOr(step.description.attributes, "operation");
    step.node = solver::AttributeOr(step.description.attributes, "on_node");
    index_of.emplace(transition.synapses[i].value, i);
  }
  for (size_t i = 0; i < steps_.size(); ++i) {
    for (uint32_t k = transition.first_input[i]; k < transition.first_input[i + 1]; ++k) {
      ++steps_[i].open_inputs;
      const auto found = index_of.find(transition.inputs[k].value);
      // An input that is not listed never completes: the step waits for ever, as in a real cluster.
      if (found != index_of.end()) steps_[found->second].followers.push_back(i);
    }
    if (steps_[i].open_inputs == 0) ready_.push_back(i);
  }
}

bool Execution::Carry() {
  while (true) {
    // Launching may confirm pseudo-actions at once and so lengthen the list.
    for (size_t k = 0; k < ready_.size() && !aborted_; ++k) Launch(ready_[k]);
    ready_.clear();
    size_t next = steps_.size();
    for (size_t i = 0; i < steps_.size(); ++i) {
      if (steps_[i].progress != Progress::kInFlight) continue;
      if (next == steps_.size() || std::pair(steps_[i].end_ms, steps_[i].sequence) <
                                       std::pair(steps_[next].end_ms, steps_[next].sequence)) {
        next = i;
      }
    }
    if (next == steps_.size()) return progressed_;
    if (!world_.timers_.empty() && world_.timers_.front().at_ms <= steps_[next].end_ms) {
      if (world_.FireFirstTimer()) aborted_ = true;
      DropLost();
      continue;
    }
    world_.now_ms_ = std::max(world_.now_ms_, steps_[next].end_ms);
    Finish(next);
  }
}

// What was in flight on a node that is known to be lost will never answer.
void Execution::DropLost() {
  for (Step& step : steps_) {
    if (step.progress != Progress::kInFlight || step.operation == "stonith" || step.node.empty()) continue;
    const auto node = world_.nodes_.find(step.node);
    if (node == world_.nodes_.end() || node->second.member) continue;
    step.progress = Progress::kDropped;
    aborted_ = true;
    world_.Tell(OperationEvent(EventKind::kActionLost,
                               std::string(solver::AttributeOr(step.description.resource, "id")), {},
                               step.operation, 0, step.node));
  }
}

std::string_view Execution::Parameter(const Step& step, std::string_view name) const {
  return solver::AttributeOr(step.description.parameters, name);
}

int64_t Execution::DurationOf(const Step& step) const {
  const Durations& durations = world_.settings_.durations;
  if (step.operation == "start") return durations.start_ms;
  if (step.operation == "stop") return durations.stop_ms;
  if (step.operation == "promote") return durations.promote_ms;
  if (step.operation == "demote") return durations.demote_ms;
  if (step.operation.starts_with("migrate_")) return durations.migrate_ms;
  if (step.operation == "monitor") return durations.monitor_ms;
  if (step.operation == "notify") return durations.notify_ms;
  return durations.other_ms;
}

int64_t Execution::TimeoutOf(const Step& step) const {
  return ToInt(Parameter(step, "CRM_meta_timeout"), 20000);
}

void Execution::Launch(size_t index) {
  Step& step = steps_[index];
  if (step.description.element == "pseudo_event") {
    step.progress = Progress::kDone;
    Confirm(index);
    return;
  }
  step.sequence = world_.next_sequence_++;
  if (step.operation == "stonith" && Parameter(step, "CRM_meta_stonith_action") != "on") {
    LaunchFencing(step);
    return;
  }
  step.progress = Progress::kInFlight;
  step.end_ms = world_.now_ms_ + DurationOf(step);
  if (step.description.element == "rsc_op") LaunchOperation(step);
  progressed_ = true;
}

void Execution::LaunchFencing(Step& step) {
  int& attempts = world_.fence_attempts_[step.node];
  if (attempts >= world_.settings_.max_fence_attempts) {
    step.progress = Progress::kDropped;  // Given up; what waits for it waits for ever.
    return;
  }
  ++attempts;
  progressed_ = true;
  step.progress = Progress::kInFlight;
  step.will_succeed = false;
  int64_t spent_ms = 0;
  for (const auto& level : world_.catalog_->LevelsFor(step.node)) {
    bool level_works = !level.empty();
    int64_t level_ms = 0;
    std::string names;
    for (const FenceDevice* device : level) {
      level_ms += world_.settings_.durations.fence_ms + world_.catalog_->DelayFor(*device, step.node);
      level_works = level_works && world_.failing_devices_.count(device->id) == 0;
      names += (names.empty() ? "" : ",") + device->id;
    }
    spent_ms += level_ms;
    step.device = names;
    if (level_works) {
      step.will_succeed = true;
      break;
    }
  }
  step.end_ms = world_.now_ms_ + std::max<int64_t>(spent_ms, 1);
  StoryEvent event;
  event.kind = EventKind::kFenceBegins;
  event.node = step.node;
  event.device = step.device;
  event.text = Parameter(step, "CRM_meta_stonith_action");
  world_.Tell(std::move(event));
}

void Execution::LaunchOperation(Step& step) {
  const std::string id(solver::AttributeOr(step.description.resource, "id"));
  const std::string primitive(solver::BaseName(id));
  const auto interval_ms = static_cast<uint32_t>(ToInt(Parameter(step, "CRM_meta_interval"), 0));
  for (auto armed = world_.armed_.begin(); armed != world_.armed_.end(); ++armed) {
    if (armed->primitive != primitive || armed->operation != step.operation) continue;
    if (!armed->node.empty() && armed->node != step.node) continue;
    step.fails = true;
    step.failing_rc = armed->rc;
    step.times_out = armed->timed_out;
    world_.armed_.erase(armed);
    break;
  }
  if (world_.hanging_.count(primitive) && step.operation != "notify" && step.operation != "cancel") {
    step.fails = true;
    step.failing_rc = 1;
    step.times_out = true;
  }
  if (step.times_out) step.end_ms = world_.now_ms_ + TimeoutOf(step);
  world_.Tell(
      OperationEvent(EventKind::kActionBegins, primitive, id, step.operation, interval_ms, step.node));
}

void Execution::Confirm(size_t index) {
  for (const size_t follower : steps_[index].followers) {
    if (--steps_[follower].open_inputs == 0) ready_.push_back(follower);
  }
}

void Execution::Finish(size_t index) {
  Step& step = steps_[index];
  step.progress = Progress::kDone;
  if (step.operation == "stonith") {
    FinishFencing(step);
    if (step.will_succeed) Confirm(index);
    return;
  }
  const auto node = world_.nodes_.find(step.node);
  if (node != world_.nodes_.end() && !node->second.powered) {
    // The node is gone, though nobody has noticed yet: its answer never comes, and what is waiting learns of
    // it when the loss is noticed.
    step.progress = Progress::kInFlight;
    step.end_ms = INT64_MAX;
    if (world_.timers_.empty()) step.progress = Progress::kDropped;
    return;
  }
  if (step.operation == "do_shutdown") {
    world_.Tell(EventKind::kNodeLeaves, step.node, step.node + " leaves");
    Confirm(index);
    return;
  }
  if (step.operation == "clear_failcount") {
    ClearFailures(world_.Edit(step.node), solver::AttributeOr(step.description.resource, "id"));
    Confirm(index);
    return;
  }
  if (step.operation == "lrm_delete" || step.operation == "delete") {
    ForgetResource(world_.Edit(step.node), solver::AttributeOr(step.description.resource, "id"));
    Confirm(index);
    return;
  }
  if (step.description.element != "rsc_op") {
    Confirm(index);
    return;
  }
  FinishOperation(step);
  if (!step.fails) {
    Confirm(index);
  } else {
    aborted_ = true;
  }
}

void Execution::FinishFencing(Step& step) {
  StoryEvent event;
  event.node = step.node;
  event.device = step.device;
  event.text = Parameter(step, "CRM_meta_stonith_action");
  event.kind = step.will_succeed ? EventKind::kFenced : EventKind::kFenceFails;
  if (!step.will_succeed) {
    aborted_ = true;
    world_.Tell(std::move(event));
    return;
  }
  world_.fence_attempts_.erase(step.node);
  const auto found = world_.nodes_.find(step.node);
  if (found != world_.nodes_.end()) {
    TrueNode& node = found->second;
    world_.LosePower(node, false);
    node.member = false;
    // A node that lost its power does not come back by being reset.
    if (event.text == "reboot" && !node.stays_away) {
      world_.SetTimer(world_.now_ms_ + world_.settings_.durations.boot_ms, World::TimerKind::kBoot,
                      node.name);
    }
  }
  solver::NodeState& state = world_.Edit(step.node);
  SetAttribute(state.attributes, "in_ccm", "false");
  SetAttribute(state.attributes, "crmd", "offline");
  SetAttribute(state.attributes, "join", "down");
  SetAttribute(state.attributes, "expected", "down");
  state.history.clear();
  state.transient.clear();
  state.has_transient = false;
  world_.Tell(std::move(event));
}

// What the agent answers, and what it did to the world.
int Execution::TrueResult(Step& step) {
  TrueNode& node = world_.nodes_.at(step.node);
  const std::string id(solver::AttributeOr(step.description.resource, "id"));
  const std::string primitive(solver::BaseName(id));
  const CatalogEntry* entry = world_.catalog_->Find(primitive);
  const bool promotable = entry && entry->promotable;
  const auto found = node.resources.find(id);
  if (step.operation == "start" || step.operation == "migrate_from") {
    if (step.fails) return step.failing_rc;
    node.resources[id] = {primitive, promotable ? solver::Role::kUnpromoted : solver::Role::kStarted, 0};
    return 0;
  }
  if (step.operation == "stop" || step.operation == "migrate_to") {
    if (step.fails) {
      if (found != node.resources.end()) found->second.failing_rc = step.failing_rc;
      return step.failing_rc;
    }
    if (found != node.resources.end()) node.resources.erase(found);
    return 0;
  }
  if (step.operation == "promote" || step.operation == "demote") {
    if (step.fails) {
      if (found != node.resources.end()) found->second.failing_rc = step.failing_rc;
      return step.failing_rc;
    }
    node.resources[id] = {
        primitive, step.operation == "promote" ? solver::Role::kPromoted : solver::Role::kUnpromoted, 0};
    return 0;
  }
  if (step.operation == "monitor") {
    if (step.fails) return step.failing_rc;
    if (found == node.resources.end()) return 7;
    if (found->second.failing_rc != 0) return found->second.failing_rc;
    return found->second.role == solver::Role::kPromoted ? 8 : 0;
  }
  return step.fails ? step.failing_rc : 0;
}

void Execution::SetPromotionScore(const Step& step, int rc) {
  const std::string id(solver::AttributeOr(step.description.resource, "id"));
  const CatalogEntry* entry = world_.catalog_->Find(solver::BaseName(id));
  if (!entry || !entry->promotable) return;
  solver::NodeState& state = world_.Edit(step.node);
  const std::string attribute = "master-" + id;
  if (step.operation == "stop" && rc == 0) {
    EraseTransient(state, attribute);
  } else if (step.operation == "promote" && rc == 0) {
    SetTransient(state, attribute, kScorePromoted);
  } else if ((step.operation == "start" || step.operation == "demote") && rc == 0) {
    // An attribute that the test has set is the test's; a score that is there already came from this agent.
    SetTransient(state, attribute, kScoreUnpromoted);
  }
}

void Execution::FinishOperation(Step& step) {
  const std::string id(solver::AttributeOr(step.description.resource, "id"));
  OperationResult result;
  result.resource_id = id;
  result.cls = solver::AttributeOr(step.description.resource, "class");
  result.provider = solver::AttributeOr(step.description.resource, "provider");
  result.type = solver::AttributeOr(step.description.resource, "type");
  result.operation = step.operation;
  result.interval_ms = static_cast<uint32_t>(ToInt(Parameter(step, "CRM_meta_interval"), 0));
  result.expected_rc = ToInt(Parameter(step, "CRM_meta_op_target_rc"), 0);
  result.timed_out = step.times_out;
  result.when_s = world_.EpochNow();
  result.node = step.node;
  result.exec_ms = DurationOf(step);
  result.digest = DigestOf(step.description, result.interval_ms > 0);
  result.migrate_source = Parameter(step, "CRM_meta_migrate_source");
  result.migrate_target = Parameter(step, "CRM_meta_migrate_target");

  if (step.operation == "cancel") {
    const std::string cancelled(Parameter(step, "CRM_meta_operation"));
    ForgetRecurring(world_.Edit(step.node), id, cancelled, result.interval_ms);
    return;
  }
  const bool was_armed = step.fails;
  result.rc = TrueResult(step);
  step.fails = result.rc != result.expected_rc;
  solver::NodeState& state = world_.Edit(step.node);
  if (step.operation == "notify" || step.operation == "meta-data") {
    step.fails = false;
  } else {
    if (step.operation == "reload" || step.operation == "reload-agent") result.operation = "start";
    RecordResult(state, result);
  }
  const bool found_stopped = step.operation == "monitor" && result.interval_ms == 0 && result.rc == 7;
  if (step.fails && !found_stopped && (was_armed || result.rc != 0)) {
    const bool fatal =
        step.operation == "stop" || (step.operation == "start" && world_.start_failure_is_fatal_);
    if (result.interval_ms > 0 || step.operation != "monitor" || was_armed) {
      CountFailure(state, id, step.operation, result.interval_ms, fatal, result.when_s);
    }
  }
  SetPromotionScore(step, result.rc);
  StoryEvent event =
      OperationEvent(step.fails ? EventKind::kActionFails : EventKind::kActionDone,
                     std::string(solver::BaseName(id)), id, step.operation, result.interval_ms, step.node);
  event.rc = result.rc;
  event.timed_out = step.times_out;
  world_.Tell(std::move(event));
}

}  // namespace picket::simulator
