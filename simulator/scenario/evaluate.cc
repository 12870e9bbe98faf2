#include "simulator/scenario/evaluate.h"

#include <algorithm>
#include <map>

#include "solver/cib/values.h"
#include "solver/model/text.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;
using solver::Role;

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

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

bool SameNode(std::string_view a, std::string_view b) {
  return solver::EqualFolded(a, b);
}

bool WasFenced(const World& world, const Observer& observer, std::string_view node,
               const std::optional<say::Name>& device) {
  for (size_t i = observer.since(); i < world.story().size(); ++i) {
    const StoryEvent& event = world.story()[i];
    if (event.kind != EventKind::kFenced || !SameNode(event.node, node)) continue;
    if (!device || ("," + event.device + ",").find("," + device->id + ",") != std::string::npos) return true;
  }
  return false;
}

bool StateHolds(const say::InState& state, const World& world, const Observer& observer) {
  if (state.state == say::State::kFenced) return WasFenced(world, observer, state.subject.id, state.device);
  if (state.state == say::State::kOnline) {
    const auto found = world.nodes().find(state.subject.id);
    return found != world.nodes().end() && found->second.member;
  }
  const CatalogEntry* entry = world.catalog().Find(state.subject.id);
  if (!entry) return false;
  if (state.node) {
    const auto found = world.nodes().find(state.node->id);
    return found != world.nodes().end() && HoldsOn(*entry, found->second, state.state);
  }
  const auto holds = [&](const auto& node) { return HoldsOn(*entry, node.second, state.state); };
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

// First position from `since` at which the action begins (or is done) on a primitive of the resource.
std::optional<size_t> FirstAction(const say::Happened& happened, const World& world, const Observer& observer,
                                  EventKind kind) {
  const CatalogEntry* entry = world.catalog().Find(happened.resource.id);
  if (!entry) return std::nullopt;
  for (size_t i = observer.since(); i < world.story().size(); ++i) {
    const StoryEvent& event = world.story()[i];
    if (event.kind != kind || event.operation != OperationName(happened.action)) continue;
    if (happened.node && !SameNode(event.node, happened.node->id)) continue;
    if (std::find(entry->primitives.begin(), entry->primitives.end(), event.resource) !=
        entry->primitives.end())
      return i;
  }
  return std::nullopt;
}

// `first before second`: the first is over when the second begins.
bool BeforeHolds(const say::Before& before, const World& world, const Observer& observer) {
  const auto position = [&](const say::Event& event, EventKind kind) -> std::optional<size_t> {
    if (const auto* state = std::get_if<say::InState>(&event.what)) return observer.FirstTime(*state);
    return FirstAction(std::get<say::Happened>(event.what), world, observer, kind);
  };
  const auto first = position(before.first, EventKind::kActionDone);
  const auto second = position(before.second, EventKind::kActionBegins);
  return first && second && *first < *second;
}

// A restart is a stop and a start of one primitive on one node; a move is a start on another node than
// before.
bool IsUndisturbed(const say::Undisturbed& claim, const World& world, const Observer& observer) {
  const CatalogEntry* entry = world.catalog().Find(claim.resource.id);
  if (!entry) return false;
  std::map<std::string, std::string> last_stop;  // primitive -> node
  for (size_t i = observer.since(); i < world.story().size(); ++i) {
    const StoryEvent& event = world.story()[i];
    if (event.kind != EventKind::kActionDone && event.kind != EventKind::kActionFails) continue;
    if (std::find(entry->primitives.begin(), entry->primitives.end(), event.resource) ==
        entry->primitives.end())
      continue;
    if (event.operation == "stop") last_stop[event.resource] = event.node;
    if (event.operation != "start") continue;
    const auto stopped = last_stop.find(event.resource);
    const bool same = stopped != last_stop.end() && SameNode(stopped->second, event.node);
    if (claim.kind == say::Undisturbed::Kind::kRestart ? same : !same) return false;
  }
  return true;
}

int64_t CountOf(const say::Count& count, const World& world, const Observer& observer) {
  int64_t number = 0;
  const CatalogEntry* entry = count.subject ? world.catalog().Find(count.subject->id) : nullptr;
  for (const auto& [name, node] : world.nodes()) {
    if (count.state == say::State::kOnline) {
      number += node.member ? 1 : 0;
    } else if (count.state == say::State::kFenced) {
      number += WasFenced(world, observer, name, std::nullopt) ? 1 : 0;
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
  return std::visit(
      Overloaded{
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
        for (const solver::NvPair& pair : block.pairs)
          load[pair.name] += solver::ParseInteger(pair.value).value_or(0);
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
  const CatalogEntry* entry = world.catalog().Find(id);
  std::string running, promoted, partly;
  for (const auto& [name, node] : world.nodes()) {
    if (!entry) break;
    const auto add = [&name](std::string& list) { list += (list.empty() ? "" : ", ") + name; };
    if (HasRoleOn(*entry, node, Role::kPromoted)) add(promoted);
    if (RunsWholeOn(*entry, node)) {
      add(running);
    } else if (AnythingOn(*entry, node)) {
      add(partly);
    }
  }
  std::string text;
  if (!promoted.empty()) text += id + " is promoted on " + promoted;
  if (!running.empty()) text += (text.empty() ? id : std::string(" and")) + " runs on " + running;
  if (!partly.empty())
    text += (text.empty() ? id : std::string(" and")) + " runs only in part, or fails, on " + partly;
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

std::string InsteadOfBefore(const say::Before& before, const World& world, const Observer& observer) {
  const auto missing = [&](const say::Event& event, EventKind kind) {
    if (const auto* state = std::get_if<say::InState>(&event.what)) return !observer.FirstTime(*state);
    return !FirstAction(std::get<say::Happened>(event.what), world, observer, kind);
  };
  if (missing(before.first, EventKind::kActionDone)) return "the first of the two never happened";
  if (missing(before.second, EventKind::kActionBegins)) return "the second of the two never happened";
  return "they happened the other way round";
}

}  // namespace

void Observer::Begin(const World& world) {
  since_ = world.story().size();
  since_ms_ = world.now_ms();
  states_.clear();
  runs_.clear();
}

void Observer::RegisterEvent(const say::Event& event) {
  if (const auto* state = std::get_if<say::InState>(&event.what)) states_.push_back({state, std::nullopt});
}

void Observer::RegisterQuantity(const say::Quantity& quantity) {
  if (const auto* downtime = std::get_if<say::Downtime>(&quantity.what)) {
    const bool known = std::any_of(runs_.begin(), runs_.end(),
                                   [&](const RunWatch& w) { return w.resource == downtime->resource.id; });
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
                 [](const auto&) {},
             },
             condition.what);
}

void Observer::See(const World& world) {
  const size_t position = world.story().empty() ? 0 : world.story().size() - 1;
  for (StateWatch& watch : states_) {
    if (!watch.first && StateHolds(*watch.state, world, *this)) watch.first = position;
  }
  for (RunWatch& watch : runs_) {
    say::InState running;
    running.state = say::State::kRunning;
    running.subject.id = watch.resource;
    const bool runs = StateHolds(running, world, *this);
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

int64_t Observer::DowntimeMs(const std::string& resource, const World& world) const {
  for (const RunWatch& watch : runs_) {
    if (watch.resource != resource) continue;
    return watch.down_ms + (watch.down_since_ms ? world.now_ms() - *watch.down_since_ms : 0);
  }
  return 0;
}

bool Holds(const say::Condition& condition, const World& world, const Observer& observer) {
  return std::visit(
      Overloaded{
          [&](const say::InState& state) { return StateHolds(state, world, observer); },
          [&](const say::Happened& happened) {
            return FirstAction(happened, world, observer, EventKind::kActionDone).has_value();
          },
          [&](const say::Undisturbed& claim) { return IsUndisturbed(claim, world, observer); },
          [&](const say::UtilizationFits&) { return UtilizationFits(world); },
          [&](const say::Comparison& comparison) {
            return Compare(comparison.op, Amount(comparison.left, world, observer),
                           Amount(comparison.right, world, observer));
          },
          [&](const say::Before& before) { return BeforeHolds(before, world, observer); },
          [&](const say::Not& negation) { return !Holds(*negation.operand, world, observer); },
          [&](const say::And& all) {
            return std::all_of(all.operands.begin(), all.operands.end(), [&](const say::Condition& operand) {
              return Holds(operand, world, observer);
            });
          },
          [&](const say::Or& any) {
            return std::any_of(any.operands.begin(), any.operands.end(), [&](const say::Condition& operand) {
              return Holds(operand, world, observer);
            });
          },
          [&](const say::Implies& implies) {
            return !Holds(*implies.premise, world, observer) || Holds(*implies.conclusion, world, observer);
          },
      },
      condition.what);
}

std::string Instead(const say::Condition& condition, const World& world, const Observer& observer) {
  return std::visit(
      Overloaded{
          [&](const say::InState& state) { return InsteadOfState(state, world); },
          [&](const say::Happened& happened) {
            return "there was no " + std::string(OperationName(happened.action)) + " of " +
                   happened.resource.id + (happened.node ? " on " + happened.node->id : "");
          },
          [&](const say::Undisturbed& claim) {
            return claim.resource.id +
                   (claim.kind == say::Undisturbed::Kind::kRestart ? " was restarted" : " was moved");
          },
          [&](const say::UtilizationFits&) { return std::string("a node carries more than it has"); },
          [&](const say::Comparison& comparison) {
            const bool is_time = std::holds_alternative<say::Downtime>(comparison.left.what);
            const int64_t left = Amount(comparison.left, world, observer);
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
