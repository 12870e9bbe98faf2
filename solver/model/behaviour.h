// Behaviours: what Pacemaker's releases decide or say differently, one name for each rule that changed (spec 07).
//
// The specification's chapters 01-06 are the rules of 3.0.2; a behaviour is one of these rules that did not always
// hold. `Target` says which release the solver answers as, and holds one bit for each behaviour, worked out once, so
// that asking costs a bit test. The place that has the rule asks `cluster.Behaves(Behaviour::k…)` and does, where it
// does not hold, what earlier releases did. The table in behaviour.cc is the one place that says which release does
// what; `picket explain versions` prints it.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace picket::solver {

// Two lines that overlap: 3.0.0 came after 2.1.9, and 2.1.10 after 3.0.0 with fixes taken back (spec 07 §1.1).
enum class Release : uint8_t { k2_1_5, k2_1_6, k2_1_7, k2_1_8, k2_1_9, k2_1_10, k3_0_0, k3_0_1, k3_0_2 };
inline constexpr Release kNewestRelease = Release::k3_0_2;

// Each is named for what newer releases do. The order is that of spec 07.
enum class Behaviour : uint8_t {
  // A: placement
  kGroupColocationsStay,
  kChainedColocationsAttenuated,
  kMandatoryColocationsFirst,
  kInnerMemberColocationsFelt,
  kListAddingQuirk,
  kDoubleNegativeException,
  kAntiColocationRolesMatch,
  kGroupLocationsForInnerDependent,
  kMissingNodesStayMissing,
  kPrimaryAssignedOnce,
  kLocationRuleScoreAlone,
  kUnsetScoreAttributeSkips,
  kOneRulePerLocation,
  kLifetimeGone,
  kInvalidRoleDropsConstraint,
  kNegativeThresholdNever,
  kColocationByNodeName,
  kUnknownSetMemberSkipped,
  kPingNodesAreMembers,
  // B: clones and bundles
  kInstanceColocationsComputed,
  kInstancesSeeAllColocations,
  kStayingIsTried,
  kEarlyPlacementIsTrial,
  kPromotedColocationsCountOnce,
  kBundleRolesInColocations,
  kPromotionReadFromNextHost,
  kClonedGroupRoleColocations,
  kPromotedPartnersByAttribute,
  kRoleMismatchSubtracts,
  kOrderedInstancesAllPairs,
  kNotifyActionsWithTheirOperation,
  kInterleavedBundleInstances,
  kCloneProbesGateClone,
  kMissingNodesNotProbed,
  kNodeMaxMakesUnique,
  kInactivePromotionSaid,
  kRktGone,
  kBundleNodesOfContainers,
  // C: history
  kExpiredFirst,
  kDegradedIsSuccess,
  kCleanedMigrationKnown,
  kFailureEndsPending,
  kFailuresListedByEntry,
  kUnknownOperationsIgnored,
  kMissingRcIsFailure,
  kMalformedEntriesIgnored,
  kOnNodeComparedAsText,
  kFailCountsNameOperations,
  kSecondsRounded,
  kUnmanagedMemberCounts,
  kOnFailSeesNode,
  kRoleAfterFailureGone,
  kNamesComparedExactly,
  kMembershipComparedExactly,
  // D: node state
  kNodeStateWithoutName,
  kPendingTimeout,
  kTerminateFirst,
  kTransientUtilization,
  kTransientFirstWins,
  kTransientHighestScore,
  kFenceRemoteOption,
  kFenceRemoteNeedsQuorum,
  kFeatureSetAlwaysShown,
  kNodeMaintenance,
  kNodeStateById,
  // E: actions, relations, fencing, graph
  kConcurrentFencingDefault,
  kGroupStopBeforeEarlierStart,
  kRequiredStopsOrdered,
  kPoweroffGone,
  kSetActionsOwnStrength,
  kOrderKindExact,
  kUnmigrateableSaid,
  kOnFailAsValidated,
  kMetaOverwritten,
  kOperationMetaHighestScore,
  kOperationMetaFirstWins,
  kOperationMetaSeesNode,
  kZeroTimeoutIsDefault,
  kFirstTransitionIsOne,
  kFencingEventsWithoutAttributes,
  kFencingTimeoutInRoot,
  kRemoveAfterStopGone,
  kInvalidMonitorRoleDropped,
  kRestartTypeGone,
  kCanFailGone,
  // F: configuration and rules
  kFencingOptionNames,
  kNoQuorumFence,
  kUndefinedWithoutNode,
  kProviderOptional,
  kEmptyValueIsText,
  kEmptyOrPasses,
  kInvalidRulePartsFail,
  kValueSourceEverywhere,
  kOneRulePerBlock,
  kReferencedPairWins,
  kDefaultsWithoutParameters,
  kFirstOperationsBlock,
  kEmptyGroupsDropped,
  kInvalidScoreIsDefault,
  kStrictDates,
  kAgentClassesGone,
  kNewerFeatureSetRefused,
  kOldSchemasUpgraded,
  kIdsComparedExactly,
  // G: simulation
  kResultsNameTheirNode,
  kFailCountNumberSaid,
  kFatalFailuresAreInfinite,
  kStructuredQuietText,
  kUnreadableIs65,
  kXmlShowsMaintenance,
  kXmlShowsRemoved,
  // H: texts
  kAssignInCloneLines,
  kAssignInBundleLines,
  kNewResultTexts,
  kMaintenanceSaid,
  // X: found by comparing with 2.1.5; since when is a guess
  kInterleaveByEffectiveNodeMax,
  kStartedRuleIsAnyRole,
  kUnfencingWithoutDevice,
  kSerializeOnlySerializes,
  kBundleNodesWithoutCapacity,
  kMissingCapacityTaken,
  kCount
};

inline constexpr size_t kBehaviours = static_cast<size_t>(Behaviour::kCount);
using BehaviourSet = std::bitset<kBehaviours>;

// What a behaviour can change: what runs where, pseudo-actions and order, score lines, printed text (spec 07 head).
enum class BehaviourEffect : uint8_t { kDecision, kUnvalidatedDecision, kGraph, kScores, kText, kNone };

// One row of the table.
struct BehaviourInfo {
  Behaviour behaviour;
  std::string_view entry;         // of spec 07: `A-1`
  std::optional<Release> since2;  // in the line 2.1.x; none: never there
  std::optional<Release> since3;  // in the line 3.0.x; none: no longer there
  BehaviourEffect effect;
  std::string_view now;     // what happens since then, one sentence
  std::string_view before;  // what happened before

  bool HoldsIn(Release release) const {
    const std::optional<Release>& since = release < Release::k3_0_0 ? since2 : since3;
    return since && release >= *since;
  }
};

std::span<const BehaviourInfo> AllBehaviours();  // in the order of the enumeration
const BehaviourInfo& InfoOf(Behaviour behaviour);
std::string_view EffectText(BehaviourEffect effect);  // `decision`, `decision in unvalidated input`, …

// Which release answers, with what its package was built with. A value.
class Target {
 public:
  Target() : Target(kNewestRelease) {}
  explicit Target(Release release);

  // `2.1.5`, `3.0.2`, with build options behind a plus sign: `2.1.10+concurrent-fencing`, `2.1.10+rhel`. 2.1.11 is
  // 2.1.10. Gives nothing and the reason for anything else.
  static std::optional<Target> Parse(std::string_view text, std::string& reason);
  // The release that a cluster says it is: its dc-version (`2.1.5-1.el9-a3f44794f94`), else its crm_feature_set.
  // Releases before 2.1.5 are answered as 2.1.5, later ones as the newest. Nothing where neither says anything.
  static std::optional<Target> Of(std::string_view dc_version, std::string_view feature_set);

  Release release() const { return release_; }
  bool Behaves(Behaviour behaviour) const { return behaviours_[static_cast<size_t>(behaviour)]; }
  // The same target with one rule as another release has it: what an entry alone changes.
  Target With(Behaviour behaviour, bool holds) const;
  std::string name() const;  // `2.1.10+concurrent-fencing`
  std::string_view feature_set() const;
  bool IsNewest() const { return release_ == kNewestRelease; }
  bool is_3_0() const { return release_ >= Release::k3_0_0; }

 private:
  Release release_;
  bool concurrent_fencing_ = false;  // a build option of 2.1.x
  bool upstream_ = false;            // without the patches of Debian's package
  BehaviourSet behaviours_;
};

std::string_view ReleaseName(Release release);
std::string_view FeatureSetOf(Release release);

}  // namespace picket::solver
