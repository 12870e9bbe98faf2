#include "simulator/scenario/play.h"

#include <algorithm>
#include <set>

#include "simulator/scenario/evaluate.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;

std::string RestText(Rest rest) {
  switch (rest) {
    case Rest::kSettled:
      return "";
    case Rest::kLivelock:
      return "the cluster never comes to rest: it keeps returning to the same state";
    case Rest::kRestless:
      return "the cluster does not come to rest: it keeps changing";
  }
  return "";
}

Objection MakeObjection(const World& world, const compiler::Span& span, std::string what, std::string instead,
                        size_t begin) {
  return {span, std::move(what), std::move(instead), world.story(), begin, world.state(), {}};
}

// The objection to a condition that is not as it should be: `holds` is what it is.
Objection MakeObjection(const World& world, const say::Condition& condition, bool holds, std::string what,
                        std::string instead, const Observer& observer, size_t begin) {
  Objection objection = MakeObjection(world, condition.span, std::move(what), std::move(instead), begin);
  objection.questions = QuestionsOf(condition, holds, world, observer);
  return objection;
}

}  // namespace

Player::Player(std::shared_ptr<const Catalog> catalog, solver::State initial, WorldSettings settings)
    : rested_(std::move(catalog), std::move(initial), std::move(settings)) {}

std::optional<Objection> Player::Start() {
  rested_.StartCluster();
  const Rest rest = rested_.Settle(run_);
  if (rest == Rest::kSettled) return std::nullopt;
  return MakeObjection(rested_, {}, "start", RestText(rest), 0);
}

// A `given` that does not hold at rest is brought about as an operator would: the other nodes go to standby
// and come back.
bool Player::Steer(World& world, const say::Condition& condition, const Observer& observer) {
  std::vector<const say::InState*> wanted;
  const auto collect = [&](const auto& self, const say::Condition& part) -> void {
    if (const auto* state = std::get_if<say::InState>(&part.what)) {
      if (state->node) wanted.push_back(state);
    } else if (const auto* all = std::get_if<say::And>(&part.what)) {
      for (const say::Condition& operand : all->operands) self(self, operand);
    }
  };
  collect(collect, condition);
  std::set<std::string> keep;
  for (const say::InState* state : wanted) {
    if (state->state == say::State::kRunning || state->state == say::State::kPromoted)
      keep.insert(state->node->id);
  }
  if (keep.empty()) return false;
  say::Standby standby;
  say::Online online;
  for (const auto& [name, node] : world.nodes()) {
    if (keep.count(name)) continue;
    standby.nodes.push_back({name, {}});
    online.nodes.push_back({name, {}});
  }
  if (standby.nodes.empty()) return false;
  world.Strike(standby);
  if (world.Settle(run_) != Rest::kSettled) return false;
  world.Strike(online);
  if (world.Settle(run_) != Rest::kSettled) return false;
  return Holds(condition, world, observer);
}

Verdict Player::Play(const say::Test& test) {
  Verdict verdict;
  verdict.name = test.name;
  verdict.span = test.span;
  World world = rested_;
  Observer observer;
  const auto begin = [&] {
    observer.Begin(world);
    for (const say::Step& step : test.steps) {
      if (const auto* expect = std::get_if<say::Expect>(&step.what)) observer.Register(expect->condition);
      if (const auto* given = std::get_if<say::Given>(&step.what)) observer.Register(given->condition);
    }
  };
  begin();
  world.on_event = [&observer](const World& now, const StoryEvent& event) { observer.See(now, event); };
  bool moved = false;  // a fault struck since the last rest
  bool struck = false;
  for (const say::Step& step : test.steps) {
    if (const auto* fault = std::get_if<say::Fault>(&step.what)) {
      if (!struck) begin();
      struck = true;
      moved = true;
      world.Strike(*fault);
      continue;
    }
    if (moved) {
      moved = false;
      const Rest rest = world.Settle(run_);
      if (rest != Rest::kSettled) {
        verdict.objection = MakeObjection(world, step.span, "rest", RestText(rest), observer.since());
        break;
      }
    }
    if (const auto* given = std::get_if<say::Given>(&step.what)) {
      if (!Holds(given->condition, world, observer) && !Steer(world, given->condition, observer)) {
        verdict.objection = MakeObjection(world, given->condition, false, "given",
                                          Instead(given->condition, world, observer), observer, 0);
        break;
      }
      struck = false;  // What has led here does not count.
      continue;
    }
    const auto& expect = std::get<say::Expect>(step.what);
    if (!Holds(expect.condition, world, observer)) {
      verdict.objection = MakeObjection(world, expect.condition, false, "expected",
                                        Instead(expect.condition, world, observer), observer, observer.since());
      break;
    }
  }
  if (moved && !verdict.objection) {
    if (const Rest rest = world.Settle(run_); rest != Rest::kSettled) {
      verdict.objection = MakeObjection(world, test.span, "rest", RestText(rest), observer.since());
    }
  }
  verdict.cluster_time_ms = world.now_ms() - observer.since_ms();
  verdict.story = world.story();
  verdict.story_begins = observer.since();
  return verdict;
}

std::vector<say::Fault> Player::FaultsOf(const say::Scope& scope, const World& world) const {
  std::vector<say::Fault> faults;
  const solver::Cluster& cluster = world.catalog().cluster();
  const auto each_primitive = [&](const auto& self, const solver::ResourceDef& def, bool fence) -> void {
    const bool is_device = def.cls == "stonith";
    if (def.variant == solver::Variant::kPrimitive && is_device == fence) {
      if (fence) {
        faults.push_back(say::FailFence{{def.id, {}}});
      } else {
        say::FailResource fail;
        fail.resource.id = def.id;
        faults.push_back(fail);
      }
    }
    for (const solver::ResourceDef& child : def.children) self(self, child, fence);
  };
  for (const say::FaultKind kind : scope.kinds) {
    switch (kind) {
      case say::FaultKind::kNode:
        for (const auto& [name, node] : world.nodes()) faults.push_back(say::Kill{{{name, {}}}});
        break;
      case say::FaultKind::kResource:
        for (const solver::ResourceDef& def : cluster.resources) each_primitive(each_primitive, def, false);
        break;
      case say::FaultKind::kLink:
        for (const std::string& link : world.settings().links)
          faults.push_back(say::CutLink{{link, {}}, std::nullopt});
        break;
      case say::FaultKind::kFence:
        for (const solver::ResourceDef& def : cluster.resources) each_primitive(each_primitive, def, true);
        break;
      case say::FaultKind::kTicket: {
        std::set<std::string> tickets;
        for (const solver::ConstraintDef& constraint : cluster.constraints) {
          const auto* ticket = std::get_if<solver::TicketDef>(&constraint);
          if (!ticket) continue;
          const std::string name(solver::AttributeOr(ticket->attributes, "ticket"));
          if (tickets.insert(name).second) faults.push_back(say::Revoke{{name, {}}});
        }
        break;
      }
    }
  }
  return faults;
}

// Only what one has can be lost: where the loss of a ticket is among the faults, the cluster begins with it.
void Player::GrantWhatMayBeLost(const std::vector<say::Fault>& faults, World& world) {
  for (const say::Fault& fault : faults) {
    if (const auto* revoke = std::get_if<say::Revoke>(&fault)) world.Strike(say::Grant{revoke->ticket});
  }
  world.Settle(run_);
}

struct Player::History {
  World world;
  Observer observer;
  std::set<size_t> struck;  // faults by their number
};

int64_t Player::HistoriesOf(const say::Invariant& invariant) const {
  if (!invariant.scope) return 1;
  const auto faults = static_cast<int64_t>(FaultsOf(*invariant.scope, rested_).size());
  int64_t total = invariant.scope->failures_min == 0 ? 1 : 0;
  int64_t combinations = 1;
  for (int k = 1; k <= invariant.scope->failures_max && k <= faults; ++k) {
    combinations *= faults - k + 1;
    if (k >= invariant.scope->failures_min) total += combinations;
  }
  return total;
}

// Strikes one fault (or none), lets the cluster come to rest, and asks every claim: `always` and `never`
// after each event, `settles` at rest.
std::optional<Objection> Player::PlayHistory(const say::Invariant& invariant, History& history,
                                             const say::Fault* fault, Verdict& verdict) {
  std::optional<Objection> objection;
  const auto object = [&](const World& world, const say::Claim& claim, const char* what,
                          std::string instead) {
    if (objection) return;
    objection = MakeObjection(world, claim.condition, claim.kind == say::Claim::Kind::kNever, what,
                              std::move(instead), history.observer, history.observer.since());
  };
  const auto ask_always = [&](const World& world) {
    if (objection) return;
    if (invariant.assuming && !Holds(*invariant.assuming, world, history.observer)) return;
    for (const say::Claim& claim : invariant.claims) {
      if (claim.kind == say::Claim::Kind::kSettles) continue;
      const bool holds = Holds(claim.condition, world, history.observer);
      if (claim.kind == say::Claim::Kind::kAlways && !holds) {
        object(world, claim, "always", Instead(claim.condition, world, history.observer));
      }
      if (claim.kind == say::Claim::Kind::kNever && holds)
        object(world, claim, "never", "it is so at this moment");
    }
  };
  history.world.on_event = [&](const World& world, const StoryEvent& event) {
    history.observer.See(world, event);
    ask_always(world);
  };
  if (fault) history.world.Strike(*fault);
  const Rest rest = history.world.Settle(run_);
  history.world.on_event = nullptr;
  if (objection) return objection;
  if (invariant.assuming && !Holds(*invariant.assuming, history.world, history.observer)) {
    ++verdict.excused;
    return std::nullopt;
  }
  if (rest != Rest::kSettled)
    return MakeObjection(history.world, invariant.span, "rest", RestText(rest), history.observer.since());
  ask_always(history.world);
  for (const say::Claim& claim : invariant.claims) {
    if (claim.kind != say::Claim::Kind::kSettles || Holds(claim.condition, history.world, history.observer))
      continue;
    object(history.world, claim, "settles", Instead(claim.condition, history.world, history.observer));
  }
  return objection;
}

Verdict Player::Play(const say::Invariant& invariant) {
  Verdict verdict;
  verdict.name = invariant.name;
  verdict.is_invariant = true;
  verdict.span = invariant.span;
  verdict.histories = 0;
  const std::vector<say::Fault> faults =
      invariant.scope ? FaultsOf(*invariant.scope, rested_) : std::vector<say::Fault>();
  std::vector<History> layer;
  layer.push_back({rested_, {}, {}});
  GrantWhatMayBeLost(faults, layer.front().world);
  layer.front().observer.Begin(layer.front().world);
  for (const say::Claim& claim : invariant.claims) layer.front().observer.Register(claim.condition);
  const auto count = [&] {
    ++verdict.histories;
    if (on_history) on_history(verdict.histories);
  };
  if (!invariant.scope || invariant.scope->failures_min == 0) {
    History history = layer.front();
    verdict.objection = PlayHistory(invariant, history, nullptr, verdict);
    count();
  }
  if (!invariant.scope) return verdict;
  for (int k = 1; k <= invariant.scope->failures_max && !verdict.objection; ++k) {
    std::vector<History> next;
    for (const History& before : layer) {
      for (size_t i = 0; i < faults.size() && !verdict.objection; ++i) {
        if (before.struck.count(i)) continue;
        History history = before;
        history.struck.insert(i);
        std::optional<Objection> objection = PlayHistory(invariant, history, &faults[i], verdict);
        if (k >= invariant.scope->failures_min) {
          verdict.objection = std::move(objection);
          count();
        }
        if (k < invariant.scope->failures_max) next.push_back(std::move(history));
      }
    }
    layer = std::move(next);
  }
  return verdict;
}

}  // namespace picket::simulator
