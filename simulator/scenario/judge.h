// Whether one history keeps the claims of invariants: `always` and `never` are asked after every event,
// `settles` at rest, and coming to rest at all is a claim of every invariant.
//
// An invariant speaks for the failures that its `over` names, and for no others, unless the judge is told to
// go beyond. A value beside the World whose events it sees: copy both to try several futures. An invariant
// whose assumption does not hold is not asked at that moment; one that is excused at rest is counted. The end
// of an outage is no failure and counts as none, but an invariant speaks of what follows it only if its
// `over` names `return`.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/scenario/scenario.h"
#include "simulator/scenario/because.h"
#include "simulator/scenario/evaluate.h"
#include "simulator/scenario/places_seen.h"
#include "simulator/world/world.h"

namespace picket::simulator {

struct Violation {
  const compiler::scenario::Invariant* invariant = nullptr;
  const compiler::scenario::Claim* claim = nullptr;  // null: the cluster does not come to rest
  std::string what;                                  // `always`, `never`, `settles`, `rest`
  std::string instead;                               // only where the world keeps its story
  // Only where the world keeps its story: the cluster then, and what the claim asks of it.
  Moment moment;
  std::vector<WhyQuestion> questions;
};

// The invariants outlive the judge and stay where they are.
class Judge {
 public:
  explicit Judge(const std::vector<const compiler::scenario::Invariant*>& invariants, bool beyond = false)
      : invariants_(invariants), beyond_(beyond) {}

  // Begins to watch; claims count from the first fault on.
  void Begin(const World& world);
  // Before this, faults and events are seen but nothing is objected to.
  void Arm() { armed_ = true; }
  // Before a fault strikes, or the end of an outage.
  void Expect(const compiler::scenario::Fault& fault, bool ends_outage = false);
  void See(const World& world, const StoryEvent& event);
  void AtRest(const World& world, Rest rest);

  const std::optional<Violation>& violation() const { return violation_; }
  bool excused() const { return excused_; }  // some invariant was, at rest
  // Whether the invariant speaks of what has struck so far, and would if the end of an outage followed.
  bool SpeaksOf(const compiler::scenario::Invariant& invariant, bool and_return = false) const;
  const Observer& observer() const { return observer_; }
  void AddKey(Hasher& hasher, const World& world) const;

 private:
  // Claims that ask for nothing but places. Claims are numbered through all invariants.
  struct PlaceClaims {
    std::vector<bool> is_one;
    std::multimap<std::string, size_t, std::less<>> by_primitive;
  };
  void FindPlaceClaims(const World& world);
  void ForgetTouched(const World& world);
  bool IsSo(const compiler::scenario::Claim& claim, size_t number, const World& world);
  // `first`: the number of the invariant's first claim.
  void AskAlways(const compiler::scenario::Invariant& invariant, size_t first, const World& world);
  void Object(const compiler::scenario::Invariant& invariant, const compiler::scenario::Claim* claim, std::string what,
              std::string instead, const World& world);

  std::vector<const compiler::scenario::Invariant*> invariants_;
  Observer observer_;
  std::shared_ptr<const PlaceClaims> place_claims_;  // null: every claim is asked after every event
  PlacesSeen places_;
  std::vector<std::optional<bool>> answers_;  // of these claims, until one of their places changes
  bool beyond_ = false;
  int faults_ = 0;
  std::set<compiler::scenario::FaultKind> kinds_;
  bool armed_ = false;
  bool excused_ = false;
  std::optional<Violation> violation_;
};

// What is said of a cluster that does not come to rest; empty if it does.
std::string RestText(Rest rest);

}  // namespace picket::simulator
