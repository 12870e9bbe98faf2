#include "simulator/scenario/evaluate.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "solver/cib/values.h"
#include "solver/model/overloaded.h"
#include "solver/model/text.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;
using solver::Role;

bool Serves(const TrueResource& resource, Role at_least) {
  return resource.failing_rc == 0 && resource.role >= at_least;
}

// Every primitive of the entry serves on the node.
bool RunsWholeOn(const CatalogEntry& entry, const TrueNode& node) {
  return !entry.primitives.empty() &&
         std::all_of(entry.primitives.begin(), entry.primitives.end(), [&](const std::string& id) {
           return std::any_of(node.resources.begin(), node.resources.end(), [&](const auto& running) {
             return running.second.primitive == id && Serves(running.second, Role::kStarted);
           });
         });
}

bool HasRoleOn(const CatalogEntry& entry, const TrueNode& node, Role role) {
  return std::any_of(node.resources.begin(), node.resources.end(), [&](const auto& running) {
    return running.second.role == role && Serves(running.second, role) &&
           std::find(entry.primitives.begin(), entry.primitives.end(), running.second.primitive) !=
               entry.primitives.end();
  });
}

bool AnythingOn(const CatalogEntry& entry, const TrueNode& node) {
  return std::any_of(node.resources.begin(), node.resources.end(), [&](const auto& running) {
    return std::find(entry.primitives.begin(), entry.primitives.end(), running.second.primitive) !=
           entry.primitives.end();
  });
}

bool HoldsOn(const CatalogEntry& entry, const TrueNode& node, say::State state) {
  switch (state) {
    case say::State::kRunning:
      return RunsWholeOn(entry, node);
    case say::State::kStopped:
      return !AnythingOn(entry, node);
    case say::State::kPromoted:
      return HasRoleOn(entry, node, Role::kPromoted);
    case say::State::kUnpromoted:
      return HasRoleOn(entry, node, Role::kUnpromoted);
    case say::State::kFenced:
    case say::State::kOnline:
      break;
  }
  return false;
}

// The node itself, and the copies of bundles that run on it: what is in a bundle is where its container is.
bool HoldsAt(const CatalogEntry& entry, const TrueNode& node, say::State state, const World& world) {
  const bool holds = HoldsOn(entry, node, state);
  if (!entry.bundled || node.remote) return holds;
  const bool all = state == say::State::kStopped;
  const auto inside = [&](const auto& other) {
    return other.second.remote && node.resources.count(other.first) > 0 && HoldsOn(entry, other.second, state) != all;
  };
  const bool any_inside = std::any_of(world.nodes().begin(), world.nodes().end(), inside);
  return all ? holds && !any_inside : holds || any_inside;
}

// `rb-2 on n1`: a copy of a bundle with the node that it is on.
std::string PlaceName(const CatalogEntry& entry, const std::string& name, const TrueNode& node, const World& world) {
  if (!entry.bundled || !node.remote) return name;
  for (const auto& [host, there] : world.nodes()) {
    if (!there.remote && there.resources.count(name) > 0) return name + " on " + host;
  }
  return name;
}

bool SameNode(std::string_view a, std::string_view b) {
  return solver::EqualFolded(a, b);
}

// What the name means now. What was deleted is in no catalog: its name means the primitive that it was.
class Meant {
 public:
  Meant(const World& world, const std::string& id) : entry_(world.catalog().Find(id)) {
    if (entry_) return;
    gone_.emplace().primitives = {id};
    entry_ = &*gone_;
  }
  Meant(const Meant&) = delete;
  Meant& operator=(const Meant&) = delete;
  const CatalogEntry& operator*() const { return *entry_; }
  bool Has(const std::string& primitive) const {
    return std::find(entry_->primitives.begin(), entry_->primitives.end(), primitive) != entry_->primitives.end();
  }

 private:
  std::optional<CatalogEntry> gone_;  // made only for what was deleted: claims are looked at after every event
  const CatalogEntry* entry_;
};

bool StateHolds(const say::InState& state, const World& world, const Observer& observer) {
  if (state.state == say::State::kFenced) {
    return observer.WasFenced(state.subject.id, state.device ? std::string_view(state.device->id) : "");
  }
  if (state.state == say::State::kOnline) {
    const auto found = world.nodes().find(state.subject.id);
    return found != world.nodes().end() && found->second.member;
  }
  const Meant subject(world, state.subject.id);
  if (state.node) {
    const auto found = world.nodes().find(state.node->id);
    return found != world.nodes().end() && HoldsAt(*subject, found->second, state.state, world);
  }
  const auto holds = [&](const auto& node) { return HoldsOn(*subject, node.second, state.state); };
  // Stopped means stopped everywhere; the other states are had somewhere.
  return state.state == say::State::kStopped ? std::all_of(world.nodes().begin(), world.nodes().end(), holds)
                                             : std::any_of(world.nodes().begin(), world.nodes().end(), holds);
}

std::string_view OperationName(say::Action action) {
  switch (action) {
    case say::Action::kStart:
      return "start";
    case say::Action::kStop:
      return "stop";
    case say::Action::kPromote:
      return "promote";
    case say::Action::kDemote:
      return "demote";
  }
  return "";
}

// `first before second`: the first is over when the second begins.
std::optional<size_t> Position(const say::Event& event, bool begun, const Observer& observer) {
  if (const auto* state = std::get_if<say::InState>(&event.what)) return observer.FirstTime(*state);
  const auto& happened = std::get<say::Happened>(event.what);
  return begun ? observer.FirstBegun(happened) : observer.FirstDone(happened);
}

bool BeforeHolds(const say::Before& before, const Observer& observer) {
  const auto first = Position(before.first, false, observer);
  const auto second = Position(before.second, true, observer);
  return first && second && *first < *second;
}

int64_t CountOf(const say::Count& count, const World& world, const Observer& observer) {
  int64_t number = 0;
  const CatalogEntry* entry = count.subject ? world.catalog().Find(count.subject->id) : nullptr;
  for (const auto& [name, node] : world.nodes()) {
    if (count.state == say::State::kOnline) {
      number += node.member ? 1 : 0;
    } else if (count.state == say::State::kFenced) {
      number += observer.WasFenced(name, "") ? 1 : 0;
    } else if (entry) {
      number += HoldsOn(*entry, node, count.state) ? 1 : 0;
    }
  }
  return number;
}

int64_t Amount(const say::Quantity& quantity, const World& world, const Observer& observer);

int64_t Compute(const say::Arithmetic& arithmetic, const World& world, const Observer& observer) {
  const int64_t left = Amount(arithmetic.left, world, observer);
  const int64_t right = Amount(arithmetic.right, world, observer);
  switch (arithmetic.op) {
    case say::Arithmetic::Op::kAdd:
      return left + right;
    case say::Arithmetic::Op::kSubtract:
      return left - right;
    case say::Arithmetic::Op::kMultiply:
      return left * right;
    case say::Arithmetic::Op::kDivide:
      return right == 0 ? 0 : left / right;
    case say::Arithmetic::Op::kRemainder:
      return right == 0 ? 0 : left % right;
  }
  return 0;
}

int64_t Amount(const say::Quantity& quantity, const World& world, const Observer& observer) {
  return std::visit(Overloaded{
                        [](const say::Constant& constant) { return constant.value; },
                        [&](const say::Count& count) { return CountOf(count, world, observer); },
                        [&](const say::Downtime& downtime) { return observer.DowntimeMs(downtime.resource.id, world); },
                        [&](const std::shared_ptr<const say::Arithmetic>& arithmetic) {
                          return Compute(*arithmetic, world, observer);
                        },
                    },
                    quantity.what);
}

bool Compare(say::Comparison::Op op, int64_t left, int64_t right) {
  switch (op) {
    case say::Comparison::Op::kEqual:
      return left == right;
    case say::Comparison::Op::kNotEqual:
      return left != right;
    case say::Comparison::Op::kLess:
      return left < right;
    case say::Comparison::Op::kLessEqual:
      return left <= right;
    case say::Comparison::Op::kGreater:
      return left > right;
    case say::Comparison::Op::kGreaterEqual:
      return left >= right;
  }
  return false;
}

// No node carries more than it has. Values under rules are not looked at: they depend on time.
bool UtilizationFits(const World& world) {
  for (const solver::NodeDef& def : world.catalog().cluster().nodes) {
    const auto found = world.nodes().find(def.uname);
    if (found == world.nodes().end()) continue;
    std::map<std::string, int64_t> load;
    for (const auto& [instance, resource] : found->second.resources) {
      const CatalogEntry* entry = world.catalog().Find(resource.primitive);
      if (!entry) continue;
      for (const solver::NvBlock& block : entry->def->utilization) {
        for (const solver::NvPair& pair : block.pairs) load[pair.name] += solver::ParseInteger(pair.value).value_or(0);
      }
    }
    for (const auto& [name, carried] : load) {
      const std::string* has = PlainValue(def.utilization, name);
      if (carried > (has ? solver::ParseInteger(*has).value_or(0) : 0)) return false;
    }
  }
  return true;
}

std::string Seconds(int64_t ms) {
  std::string text = std::to_string(ms / 1000);
  if (ms % 1000 != 0) text += "." + std::to_string(1000 + ms % 1000).substr(1);
  return text + "s";
}

std::string WhereIs(const std::string& id, const World& world) {
  const Meant subject(world, id);
  const bool deleted = !world.catalog().Find(id);
  std::string running, promoted, partly;
  for (const auto& [name, node] : world.nodes()) {
    const std::string place = PlaceName(*subject, name, node, world);
    const auto add = [&place](std::string& list) { list += (list.empty() ? "" : ", ") + place; };
    if (HasRoleOn(*subject, node, Role::kPromoted)) add(promoted);
    if (RunsWholeOn(*subject, node)) {
      add(running);
    } else if (AnythingOn(*subject, node)) {
      add(partly);
    }
  }
  if (deleted) return id + " is deleted" + (running.empty() ? "" : ", and still runs on " + running);
  std::string text;
  if (!promoted.empty()) text += id + " is promoted on " + promoted;
  if (!running.empty()) text += (text.empty() ? id : std::string(" and")) + " runs on " + running;
  if (!partly.empty()) text += (text.empty() ? id : std::string(" and")) + " runs only in part, or fails, on " + partly;
  return text.empty() ? id + " runs nowhere" : text;
}

std::string InsteadOfState(const say::InState& state, const World& world) {
  if (state.state == say::State::kOnline) return state.subject.id + " is not a member of the cluster";
  if (state.state != say::State::kFenced) return WhereIs(state.subject.id, world);
  for (const StoryEvent& event : world.story()) {
    if (event.kind == EventKind::kFenced && SameNode(event.node, state.subject.id)) {
      return state.subject.id + " was fenced by " + event.device + " after " + Seconds(event.time_ms);
    }
    if (event.kind == EventKind::kFenceFails && SameNode(event.node, state.subject.id))
      return "fencing of " + state.subject.id + " failed";
  }
  return state.subject.id + " was not fenced";
}

std::string Clock(int64_t ms) {
  return std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100) + " s";
}

std::string_view PastOf(say::Action action) {
  switch (action) {
    case say::Action::kStart:
      return " started";
    case say::Action::kStop:
      return " stopped";
    case say::Action::kPromote:
      return " was promoted";
    case say::Action::kDemote:
      return " was demoted";
  }
  return "";
}

// What did happen: `nfs-fs started on st3 at 30.0 s, not on st2`.
std::string InsteadOfAction(const say::Happened& happened, const World& world, const Observer& observer) {
  const Meant resource(world, happened.resource.id);
  std::string text;
  for (size_t i = observer.since(); i < world.story().size(); ++i) {
    const StoryEvent& event = world.story()[i];
    if (event.kind != EventKind::kActionDone && event.kind != EventKind::kActionFails) continue;
    if (event.operation != OperationName(happened.action) || !resource.Has(event.resource)) continue;
    const bool failed = event.kind == EventKind::kActionFails;
    if (failed) {
      text = event.operation + " of " + event.resource + " on " + event.node + " failed at " + Clock(event.time_ms);
      continue;
    }
    return event.resource + std::string(PastOf(happened.action)) + " on " + event.node + " at " + Clock(event.time_ms) +
           (happened.node ? ", not on " + happened.node->id : "");
  }
  if (!text.empty()) return text;
  return "there was no " + std::string(OperationName(happened.action)) + " of " + happened.resource.id +
         (happened.node ? ", on " + happened.node->id + " or elsewhere" : "");
}

std::string InsteadOfEvent(const say::Event& event, const World& world, const Observer& observer) {
  const auto* happened = std::get_if<say::Happened>(&event.what);
  if (happened) return InsteadOfAction(*happened, world, observer);
  return InsteadOfState(std::get<say::InState>(event.what), world);
}

// `start of r on n2 began`, `n1 was fenced`.
std::string TextOf(const say::Event& event, const char* how_far) {
  if (const auto* happened = std::get_if<say::Happened>(&event.what)) {
    return std::string(OperationName(happened->action)) + " of " + happened->resource.id +
           (happened->node ? " on " + happened->node->id : "") + how_far;
  }
  const auto& state = std::get<say::InState>(event.what);
  static constexpr std::string_view kWords[] = {"running", "stopped", "promoted", "unpromoted", "fenced", "online"};
  return state.subject.id + " was " + std::string(kWords[static_cast<size_t>(state.state)]) +
         (state.node ? " on " + state.node->id : "");
}

std::string InsteadOfBefore(const say::Before& before, const World& world, const Observer& observer) {
  if (!Position(before.first, false, observer)) return InsteadOfEvent(before.first, world, observer);
  if (!Position(before.second, true, observer)) return InsteadOfEvent(before.second, world, observer);
  const auto at = [&](size_t number) {
    return number < world.story().size() ? Clock(world.story()[number].time_ms) : std::string("the beginning");
  };
  return TextOf(before.first, " was done") + " at " + at(*Position(before.first, false, observer)) + ", but " +
         TextOf(before.second, " began") + " at " + at(*Position(before.second, true, observer));
}

}  // namespace

void Observer::Begin(const World& world) {
  at_rest_ = false;
  since_ = world.events();
  since_ms_ = world.now_ms();
  fenced_.clear();
  states_.clear();
  actions_.clear();
  disturbances_.clear();
  runs_.clear();
  places_ = {};
  services_.Begin(world, *this);
}

void Observer::RegisterEvent(const say::Event& event) {
  if (const auto* state = std::get_if<say::InState>(&event.what)) states_.push_back({state, std::nullopt});
  if (const auto* happened = std::get_if<say::Happened>(&event.what)) actions_.push_back({happened, {}, {}});
}

void Observer::RegisterQuantity(const say::Quantity& quantity) {
  if (const auto* downtime = std::get_if<say::Downtime>(&quantity.what)) {
    const bool known =
        std::any_of(runs_.begin(), runs_.end(), [&](const RunWatch& w) { return w.resource == downtime->resource.id; });
    if (!known) runs_.push_back({downtime->resource.id, 0, std::nullopt});
  } else if (const auto* arithmetic = std::get_if<std::shared_ptr<const say::Arithmetic>>(&quantity.what)) {
    RegisterQuantity((*arithmetic)->left);
    RegisterQuantity((*arithmetic)->right);
  }
}

void Observer::Register(const say::Condition& condition) {
  std::visit(Overloaded{
                 [this](const say::Before& before) {
                   RegisterEvent(before.first);
                   RegisterEvent(before.second);
                 },
                 [this](const say::Comparison& comparison) {
                   RegisterQuantity(comparison.left);
                   RegisterQuantity(comparison.right);
                 },
                 [this](const say::Not& negation) { Register(*negation.operand); },
                 [this](const say::And& all) {
                   for (const say::Condition& operand : all.operands) Register(operand);
                 },
                 [this](const say::Or& any) {
                   for (const say::Condition& operand : any.operands) Register(operand);
                 },
                 [this](const say::Implies& implies) {
                   Register(*implies.premise);
                   Register(*implies.conclusion);
                 },
                 [this](const say::Happened& happened) {
                   actions_.push_back({&happened, {}, {}});
                 },
                 [this](const say::Undisturbed& claim) {
                   disturbances_.push_back({&claim, {}, false});
                 },
                 [](const say::InState&) {},
                 [](const say::UtilizationFits&) {},
             },
             condition.what);
}

// A restart is a stop and a start of one primitive on one node; a move is a start on another node than
// before.
void Observer::SeeAction(const World& world, const StoryEvent& event, size_t number) {
  for (ActionWatch& watch : actions_) {
    if (event.operation != OperationName(watch.happened->action)) continue;
    if (watch.happened->node && !SameNode(event.node, watch.happened->node->id)) continue;
    if (!Meant(world, watch.happened->resource.id).Has(event.resource)) continue;
    if (event.kind == EventKind::kActionBegins && !watch.begun) watch.begun = number;
    if (event.kind == EventKind::kActionDone && !watch.done) watch.done = number;
  }
  if (event.kind == EventKind::kActionBegins) return;
  for (DisturbanceWatch& watch : disturbances_) {
    if (event.operation != "stop" && event.operation != "start") continue;
    if (!Meant(world, watch.claim->resource.id).Has(event.resource)) continue;
    const CatalogEntry* own = world.catalog().Find(event.resource);
    std::set<std::string>& stopped = watch.stopped[event.resource];
    const std::string node = solver::Folded(event.node);
    const bool same = event.operation == "start" && stopped.erase(node) > 0;
    // What is no clone is started where it was stopped last, or it has moved.
    if (!own || !own->cloned) stopped.clear();
    if (event.operation == "stop") {
      stopped.insert(node);
      continue;
    }
    const auto& only = watch.claim->node;
    const bool restarted = same && (!only || SameNode(event.node, only->id));
    if (watch.claim->kind == say::Undisturbed::Kind::kRestart ? restarted : !same) watch.disturbed = true;
  }
}

void Observer::See(const World& world, const StoryEvent& event) {
  at_rest_ = false;
  const size_t number = world.events() - 1;
  if (event.kind == EventKind::kFenced) {
    // A level may have several devices: `a,b`.
    size_t begin = 0;
    for (size_t i = 0; i <= event.device.size(); ++i) {
      if (i < event.device.size() && event.device[i] != ',') continue;
      fenced_.emplace(solver::Folded(event.node), event.device.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  if (event.kind == EventKind::kActionBegins || event.kind == EventKind::kActionDone ||
      event.kind == EventKind::kActionFails) {
    SeeAction(world, event, number);
  }
  for (StateWatch& watch : states_) {
    if (!watch.first && StateHolds(*watch.state, world, *this)) watch.first = number;
  }
  if (runs_.empty() && services_.empty()) return;
  places_.Look(world);
  SeeRuns(world);
  services_.See(world, *this, places_);
}

// A resource of which nothing has changed runs, or is down, as before.
void Observer::SeeRuns(const World& world) {
  for (RunWatch& watch : runs_) {
    const bool touched = places_.Touch(world, watch.resource);
    if (!touched && !world.settings().verify_plans) continue;
    say::InState running;
    running.state = say::State::kRunning;
    running.subject.id = watch.resource;
    const bool runs = StateHolds(running, world, *this);
    if (!touched && runs == watch.down_since_ms.has_value()) {
      throw std::logic_error("a resource has changed that no event touched");
    }
    if (!runs && !watch.down_since_ms) watch.down_since_ms = world.now_ms();
    if (runs && watch.down_since_ms) {
      watch.down_ms += world.now_ms() - *watch.down_since_ms;
      watch.down_since_ms.reset();
    }
  }
}

std::optional<size_t> Observer::FirstTime(const say::InState& state) const {
  for (const StateWatch& watch : states_) {
    if (watch.state == &state) return watch.first;
  }
  return std::nullopt;
}

std::optional<size_t> Observer::FirstBegun(const say::Happened& happened) const {
  for (const ActionWatch& watch : actions_) {
    if (watch.happened == &happened) return watch.begun;
  }
  return std::nullopt;
}

std::optional<size_t> Observer::FirstDone(const say::Happened& happened) const {
  for (const ActionWatch& watch : actions_) {
    if (watch.happened == &happened) return watch.done;
  }
  return std::nullopt;
}

bool Observer::IsUndisturbed(const say::Undisturbed& claim) const {
  return std::none_of(disturbances_.begin(), disturbances_.end(),
                      [&](const DisturbanceWatch& watch) { return watch.claim == &claim && watch.disturbed; });
}

bool Observer::WasFenced(std::string_view node, std::string_view device) const {
  return std::any_of(fenced_.begin(), fenced_.end(), [&](const auto& fenced) {
    return SameNode(fenced.first, node) && (device.empty() || fenced.second == device);
  });
}

void Observer::AddKey(Hasher& hasher, const World& world) const {
  for (const auto& [node, device] : fenced_) {
    hasher.Add(node);
    hasher.Add(device);
  }
  // Of what has happened only the order counts.
  std::set<size_t> positions;
  const auto note = [&](const std::optional<size_t>& position) {
    if (position) positions.insert(*position);
  };
  for (const StateWatch& watch : states_) note(watch.first);
  for (const ActionWatch& watch : actions_) {
    note(watch.begun);
    note(watch.done);
  }
  const auto add = [&](const std::optional<size_t>& position) {
    hasher.Add(position ? static_cast<uint64_t>(std::distance(positions.begin(), positions.find(*position))) + 1 : 0);
  };
  for (const StateWatch& watch : states_) add(watch.first);
  for (const ActionWatch& watch : actions_) {
    add(watch.begun);
    add(watch.done);
  }
  for (const DisturbanceWatch& watch : disturbances_) {
    hasher.Add(watch.disturbed ? 1 : 0);
    for (const auto& [primitive, nodes] : watch.stopped) {
      if (nodes.empty()) continue;
      hasher.Add(primitive);
      for (const std::string& node : nodes) hasher.Add(node);
    }
  }
  for (const RunWatch& watch : runs_) {
    hasher.Add(static_cast<uint64_t>(DownSoFarMs(watch, world)) * 2 + (watch.down_since_ms ? 1 : 0));
  }
}

int64_t Observer::DownSoFarMs(const RunWatch& watch, const World& world) const {
  return watch.down_ms + (watch.down_since_ms ? world.now_ms() - *watch.down_since_ms : 0);
}

int64_t Observer::DowntimeMs(const std::string& resource, const World& world) const {
  for (const RunWatch& watch : runs_) {
    if (watch.resource != resource) continue;
    return at_rest_ && watch.down_since_ms ? kForEverMs : DownSoFarMs(watch, world);
  }
  return 0;
}

bool Holds(const say::Condition& condition, const World& world, const Observer& observer) {
  return std::visit(
      Overloaded{
          [&](const say::InState& state) { return StateHolds(state, world, observer); },
          [&](const say::Happened& happened) { return observer.FirstDone(happened).has_value(); },
          [&](const say::Undisturbed& claim) { return observer.IsUndisturbed(claim); },
          [&](const say::UtilizationFits&) { return UtilizationFits(world); },
          [&](const say::Comparison& comparison) {
            return Compare(comparison.op, Amount(comparison.left, world, observer),
                           Amount(comparison.right, world, observer));
          },
          [&](const say::Before& before) { return BeforeHolds(before, observer); },
          [&](const say::Not& negation) { return !Holds(*negation.operand, world, observer); },
          [&](const say::And& all) {
            return std::all_of(all.operands.begin(), all.operands.end(),
                               [&](const say::Condition& operand) { return Holds(operand, world, observer); });
          },
          [&](const say::Or& any) {
            return std::any_of(any.operands.begin(), any.operands.end(),
                               [&](const say::Condition& operand) { return Holds(operand, world, observer); });
          },
          [&](const say::Implies& implies) {
            return !Holds(*implies.premise, world, observer) || Holds(*implies.conclusion, world, observer);
          },
      },
      condition.what);
}

std::string Instead(const say::Condition& condition, const World& world, const Observer& observer) {
  return std::visit(Overloaded{
                        [&](const say::InState& state) { return InsteadOfState(state, world); },
                        [&](const say::Happened& happened) { return InsteadOfAction(happened, world, observer); },
                        [&](const say::Undisturbed& claim) {
                          return claim.resource.id +
                                 (claim.kind == say::Undisturbed::Kind::kRestart ? " was restarted" : " was moved") +
                                 (claim.node ? " on " + claim.node->id : "");
                        },
                        [&](const say::UtilizationFits&) { return std::string("a node carries more than it has"); },
                        [&](const say::Comparison& comparison) {
                          const auto* downtime = std::get_if<say::Downtime>(&comparison.left.what);
                          const bool is_time = downtime != nullptr;
                          const int64_t left = Amount(comparison.left, world, observer);
                          if (is_time && left >= Observer::kForEverMs) return downtime->resource.id + " is still down";
                          return "it is " + (is_time ? Seconds(left) : std::to_string(left));
                        },
                        [&](const say::Before& before) { return InsteadOfBefore(before, world, observer); },
                        [&](const say::Not& negation) {
                          if (const auto* state = std::get_if<say::InState>(&negation.operand->what))
                            return InsteadOfState(*state, world);
                          return std::string("it is so");
                        },
                        [&](const say::And& all) {
                          for (const say::Condition& operand : all.operands) {
                            if (!Holds(operand, world, observer)) return Instead(operand, world, observer);
                          }
                          return std::string();
                        },
                        [&](const say::Or& any) {
                          std::string text;
                          for (const say::Condition& operand : any.operands) {
                            const std::string one = Instead(operand, world, observer);
                            if (text.find(one) == std::string::npos) text += (text.empty() ? "" : "; ") + one;
                          }
                          return text;
                        },
                        [&](const say::Implies& implies) { return Instead(*implies.conclusion, world, observer); },
                    },
                    condition.what);
}

}  // namespace picket::simulator
