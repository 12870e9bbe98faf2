#include "simulator/sweep/default_claims.h"

#include <algorithm>
#include <utility>

#include "simulator/scenario/evaluate.h"
#include "solver/cib/values.h"
#include "solver/model/text.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;

say::Condition In(say::State state, const std::string& id) {
  say::InState in;
  in.state = state;
  in.subject.id = id;
  return {in, {}};
}

say::Condition Compare(say::Comparison::Op op, say::Quantity left, say::Quantity right) {
  say::Comparison comparison;
  comparison.op = op;
  comparison.left = std::move(left);
  comparison.right = std::move(right);
  return {comparison, {}};
}

say::Condition AtMost(say::State state, const std::string& id, int64_t limit) {
  return Compare(say::Comparison::Op::kLessEqual, {say::Count{state, say::Name{id, {}}}, {}},
                 {say::Constant{limit}, {}});
}

// More than half of the nodes are online, or, with two_node, one of the two.
say::Condition Enough(const World& world) {
  int64_t members = 0;
  for (const auto& [name, node] : world.nodes()) members += node.remote ? 0 : 1;
  const bool pair = world.settings().two_node && members == 2;
  const say::Quantity online{say::Count{say::State::kOnline, std::nullopt}, {}};
  return Compare(say::Comparison::Op::kGreater, online, {say::Constant{pair ? 0 : members / 2}, {}});
}

int64_t PromotedMax(const solver::ResourceDef& def) {
  for (const char* name : {"promoted-max", "master-max"}) {
    if (const std::string* value = PlainValue(def.meta, name)) return solver::ParseInteger(*value).value_or(1);
  }
  return 1;
}

void AddClaims(const solver::ResourceDef& def, const World& world, const Observer& observer, bool cloned,
               say::Invariant& invariant) {
  if (solver::EqualFolded(def.cls, "stonith")) return;
  const bool clone = def.variant == solver::Variant::kClone || def.variant == solver::Variant::kBundle;
  const auto settles = [&](say::State state) {
    const say::Condition condition = In(state, def.id);
    if (Holds(condition, world, observer)) invariant.claims.push_back({say::Claim::Kind::kSettles, condition, {}});
  };
  if (clone && !cloned) {
    settles(say::State::kRunning);
    const CatalogEntry* entry = world.catalog().Find(def.id);
    if (entry && entry->promotable) {
      settles(say::State::kPromoted);
      invariant.claims.push_back(
          {say::Claim::Kind::kAlways, AtMost(say::State::kPromoted, def.id, PromotedMax(def)), {}});
    }
  }
  if (def.variant == solver::Variant::kPrimitive && !cloned) {
    settles(say::State::kRunning);
    invariant.claims.push_back({say::Claim::Kind::kAlways, AtMost(say::State::kRunning, def.id, 1), {}});
  }
  for (const solver::ResourceDef& child : def.children) AddClaims(child, world, observer, cloned || clone, invariant);
}

}  // namespace

std::unique_ptr<const say::Invariant> DefaultClaims(const World& rested) {
  auto invariant = std::make_unique<say::Invariant>();
  invariant->name = "what ran runs again, and nothing runs twice";
  invariant->assuming = Enough(rested);
  Observer observer;
  observer.Begin(rested);
  for (const solver::ResourceDef& def : rested.catalog().cluster().resources)
    AddClaims(def, rested, observer, false, *invariant);
  return invariant;
}

std::string DefaultClaimText(const say::Claim& claim) {
  if (const auto* state = std::get_if<say::InState>(&claim.condition.what)) {
    return std::string(state->state == say::State::kPromoted ? "promoted " : "running ") + state->subject.id;
  }
  const auto* comparison = std::get_if<say::Comparison>(&claim.condition.what);
  if (!comparison) return "";
  const auto* count = std::get_if<say::Count>(&comparison->left.what);
  const auto* limit = std::get_if<say::Constant>(&comparison->right.what);
  if (!count || !limit || !count->subject) return "";
  return std::string("count(") + (count->state == say::State::kPromoted ? "promoted " : "running ") +
         count->subject->id + ") <= " + std::to_string(limit->value);
}

}  // namespace picket::simulator
