#include "simulator/scenario/judge.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace picket::simulator {

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

void Judge::Begin(const World& world) {
  observer_.Begin(world);
  for (const say::Invariant* invariant : invariants_) {
    if (invariant->assuming) observer_.Register(*invariant->assuming);
    for (const say::Claim& claim : invariant->claims) observer_.Register(claim.condition);
  }
  violation_.reset();
  excused_ = false;
  // Whoever plays with a story may edit the configuration, and so what the names mean.
  place_claims_.reset();
  if (!world.settings().keep_story) FindPlaceClaims(world);
}

void Judge::FindPlaceClaims(const World& world) {
  auto found = std::make_shared<PlaceClaims>();
  for (const say::Invariant* invariant : invariants_) {
    for (const say::Claim& claim : invariant->claims) {
      const size_t number = found->is_one.size();
      std::vector<std::string> resources;
      const bool is_asked = claim.kind != say::Claim::Kind::kSettles;
      found->is_one.push_back(is_asked && AsksOnlyForPlaces(claim.condition, resources));
      if (!found->is_one.back()) continue;
      for (const std::string& resource : resources) {
        const CatalogEntry* entry = world.catalog().Find(resource);
        const std::vector<std::string> primitives = entry ? entry->primitives : std::vector<std::string>{resource};
        for (const std::string& primitive : primitives) found->by_primitive.emplace(primitive, number);
      }
    }
  }
  if (found->by_primitive.empty()) return;
  answers_.assign(found->is_one.size(), std::nullopt);
  place_claims_ = std::move(found);
  places_ = {};
}

void Judge::ForgetTouched(const World& world) {
  if (!place_claims_) return;
  places_.Look(world);
  if (places_.all_changed()) answers_.assign(answers_.size(), std::nullopt);
  for (const std::string& primitive : places_.changed()) {
    const auto [begin, end] = place_claims_->by_primitive.equal_range(primitive);
    for (auto claim = begin; claim != end; ++claim) answers_[claim->second].reset();
  }
}

bool Judge::IsSo(const say::Claim& claim, size_t number, const World& world) {
  if (!place_claims_ || !place_claims_->is_one[number]) return Holds(claim.condition, world, observer_);
  std::optional<bool>& answer = answers_[number];
  if (!answer) {
    answer = Holds(claim.condition, world, observer_);
  } else if (world.settings().verify_plans && *answer != Holds(claim.condition, world, observer_)) {
    throw std::logic_error("a claim has another answer though none of its places has changed");
  }
  return *answer;
}

void Judge::Expect(const say::Fault& fault, bool ends_outage) {
  if (ends_outage) {
    kinds_.insert(say::FaultKind::kReturn);
    return;
  }
  ++faults_;
  if (std::holds_alternative<say::Kill>(fault)) kinds_.insert(say::FaultKind::kNode);
  if (std::holds_alternative<say::FailResource>(fault)) kinds_.insert(say::FaultKind::kResource);
  if (std::holds_alternative<say::CutLink>(fault)) kinds_.insert(say::FaultKind::kLink);
  if (std::holds_alternative<say::FailFence>(fault)) kinds_.insert(say::FaultKind::kFence);
  if (std::holds_alternative<say::Revoke>(fault)) kinds_.insert(say::FaultKind::kTicket);
}

bool Judge::SpeaksOf(const say::Invariant& invariant, bool and_return) const {
  if (beyond_ || !invariant.scope) return true;
  const say::Scope& scope = *invariant.scope;
  if (faults_ < scope.failures_min || faults_ > scope.failures_max) return false;
  const auto names = [&](say::FaultKind kind) {
    return std::find(scope.kinds.begin(), scope.kinds.end(), kind) != scope.kinds.end();
  };
  return std::all_of(kinds_.begin(), kinds_.end(), names) && (!and_return || names(say::FaultKind::kReturn));
}

void Judge::Object(const say::Invariant& invariant, const say::Claim* claim, std::string what, std::string instead,
                   const World& world) {
  if (violation_ || !armed_) return;
  violation_ = Violation{&invariant, claim, std::move(what), std::move(instead), {}, {}};
  if (!world.settings().keep_story) return;
  violation_->moment = MomentOf(world);
  if (claim) {
    violation_->questions = QuestionsOf(claim->condition, claim->kind == say::Claim::Kind::kNever, world, observer_);
  }
}

void Judge::AskAlways(const say::Invariant& invariant, size_t first, const World& world) {
  bool asked = false;
  for (size_t i = 0; i < invariant.claims.size(); ++i) {
    const say::Claim& claim = invariant.claims[i];
    if (claim.kind == say::Claim::Kind::kSettles) continue;
    if (!asked && invariant.assuming && !Holds(*invariant.assuming, world, observer_)) return;
    asked = true;
    const bool holds = IsSo(claim, first + i, world);
    if (claim.kind == say::Claim::Kind::kAlways && !holds) {
      const bool tells = world.settings().keep_story;
      Object(invariant, &claim, "always", tells ? Instead(claim.condition, world, observer_) : "", world);
    }
    if (claim.kind == say::Claim::Kind::kNever && holds)
      Object(invariant, &claim, "never", "it is so at this moment", world);
  }
}

void Judge::See(const World& world, const StoryEvent& event) {
  observer_.See(world, event);
  if (violation_ || !armed_) return;
  ForgetTouched(world);
  size_t first = 0;
  for (const say::Invariant* invariant : invariants_) {
    if (SpeaksOf(*invariant)) AskAlways(*invariant, first, world);
    first += invariant->claims.size();
  }
}

void Judge::AtRest(const World& world, Rest rest) {
  observer_.AtRest();
  excused_ = false;
  ForgetTouched(world);
  size_t next = 0;
  for (const say::Invariant* invariant : invariants_) {
    const size_t first = next;
    next += invariant->claims.size();
    if (!SpeaksOf(*invariant)) continue;
    if (invariant->assuming && !Holds(*invariant->assuming, world, observer_)) {
      excused_ = true;
      continue;
    }
    if (rest != Rest::kSettled) {
      Object(*invariant, nullptr, "rest", RestText(rest), world);
      continue;
    }
    AskAlways(*invariant, first, world);
    for (const say::Claim& claim : invariant->claims) {
      if (claim.kind != say::Claim::Kind::kSettles || Holds(claim.condition, world, observer_)) continue;
      const bool tells = world.settings().keep_story;
      Object(*invariant, &claim, "settles", tells ? Instead(claim.condition, world, observer_) : "", world);
    }
  }
}

void Judge::AddKey(Hasher& hasher, const World& world) const {
  observer_.AddKey(hasher, world);
  // Which kinds have struck only decides which invariants speak.
  const bool kinds_matter = !beyond_ && std::any_of(invariants_.begin(), invariants_.end(),
                                                    [](const say::Invariant* invariant) { return invariant->scope; });
  uint64_t kinds = 0;
  for (const say::FaultKind kind : kinds_) kinds |= uint64_t{1} << static_cast<unsigned>(kind);
  if (!kinds_matter) kinds = 0;
  hasher.Add(kinds);
  hasher.Add((armed_ ? 2 : 0) + (violation_ ? 1 : 0));
}

}  // namespace picket::simulator
