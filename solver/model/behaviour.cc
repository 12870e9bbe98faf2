#include "solver/model/behaviour.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

namespace picket::solver {
namespace {

struct ReleaseRow {
  Release release;
  std::string_view name;
  std::string_view feature_set;
};
constexpr std::array<ReleaseRow, 9> kReleases = {{
    {Release::k2_1_5, "2.1.5", "3.16.1"},
    {Release::k2_1_6, "2.1.6", "3.17.4"},
    {Release::k2_1_7, "2.1.7", "3.19.0"},
    {Release::k2_1_8, "2.1.8", "3.19.5"},
    {Release::k2_1_9, "2.1.9", "3.19.6"},
    {Release::k2_1_10, "2.1.10", "3.19.6"},
    {Release::k3_0_0, "3.0.0", "3.20.0"},
    {Release::k3_0_1, "3.0.1", "3.20.1"},
    {Release::k3_0_2, "3.0.2", "3.20.5"},
}};

// The table (spec 07 §3): entry, since when in the lines 2.1.x and 3.0.x ({}: not in that line), effect, and what a
// person sees.
constexpr BehaviourInfo kTable[] = {
    {Behaviour::kGroupColocationsStay, "A-1", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "A group's colocations count for its first or last member at any time.",
     "They were moved to the members when the group was placed; before that no member had them, afterwards the group "
     "had none."},
    {Behaviour::kChainedColocationsAttenuated, "A-2", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "A preference that comes through a chain of colocations is weakened by each link.",
     "Only the last link's score counted, so a mandatory link behind a weak one passed everything on."},
    {Behaviour::kMandatoryColocationsFirst, "A-3", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "Mandatory colocations are applied before optional ones.", "They were applied in the order of the list, mixed."},
    {Behaviour::kInnerMemberColocationsFelt, "A-4", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kDecision,
     "A group feels the colocations of all its members.",
     "A colocation that names an inner member was felt by that member only."},
    {Behaviour::kListAddingQuirk, "A-5", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kScores,
     "When lists of colocations are joined, the first element of the second is added once for each of its elements.",
     "Each element was added once."},
    {Behaviour::kDoubleNegativeException, "A-6", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kDecision,
     "A node that is bad for a repelled dependent counts for the primary if it is the only one the dependent may use.",
     "Such a node never counted."},
    {Behaviour::kAntiColocationRolesMatch, "A-7", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kDecision,
     "A colocation with a negative score and a role acts where the role is held.",
     "It acted where the role was not held."},
    {Behaviour::kGroupLocationsForInnerDependent, "A-8", Release::k2_1_8, Release::k3_0_0, BehaviourEffect::kDecision,
     "An inner member that is colocated brings its group's location scores along.", "Only the first member did."},
    {Behaviour::kMissingNodesStayMissing, "A-9", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kScores,
     "A colocation bans the nodes that the dependent knows.",
     "It also added the nodes that the dependent did not know, banned."},
    {Behaviour::kPrimaryAssignedOnce, "A-10", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kScores,
     "A colocation asks for its primary's place once.",
     "It asked again although the place was known, which ran a bundle's placement once more each time."},
    {Behaviour::kLocationRuleScoreAlone, "A-11", Release::k2_1_8, Release::k3_0_0, BehaviourEffect::kDecision,
     "A location rule gives its own score.", "With boolean-op=\"or\" the node's own score was added to it."},
    {Behaviour::kUnsetScoreAttributeSkips,
     "A-12",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "A node without the attribute that score-attribute names is left out.",
     "It was banned."},
    {Behaviour::kOneRulePerLocation,
     "A-13",
     {},
     Release::k3_0_0,
     BehaviourEffect::kUnvalidatedDecision,
     "A location constraint has one top-level rule.",
     "Each top-level rule was a constraint of its own."},
    {Behaviour::kLifetimeGone,
     "A-14",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "The lifetime of constraints is gone: orders and colocations always hold, locations have no effect.",
     "A constraint with a lifetime held while the lifetime lasted."},
    {Behaviour::kInvalidRoleDropsConstraint,
     "A-15",
     {},
     Release::k3_0_0,
     BehaviourEffect::kUnvalidatedDecision,
     "A constraint with an invalid role is ignored.",
     "Such a role meant any role."},
    {Behaviour::kNegativeThresholdNever,
     "A-16",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "A negative migration-threshold is none.",
     "It was 1: one failure moved the resource away."},
    {Behaviour::kColocationByNodeName, "A-17", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kNone,
     "Colocations compare the names of nodes.", "They compared the ids."},
    {Behaviour::kUnknownSetMemberSkipped, "A-18", Release::k2_1_7, Release::k3_0_0,
     BehaviourEffect::kUnvalidatedDecision, "An unknown resource in a set is skipped.",
     "It ended what its set and the next one had with each other."},
    {Behaviour::kPingNodesAreMembers,
     "A-19",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "A node of type ping is online or offline like any other.",
     "It was shown as offline and never fenced."},
    {Behaviour::kInstanceColocationsComputed, "B-1", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "An instance's colocations are collected when they are needed.",
     "They were added to the instance at each attempt to place it, so a second attempt counted them twice."},
    {Behaviour::kInstancesSeeAllColocations, "B-1", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kDecision,
     "An instance sees all colocations of its clone or bundle.",
     "With an instance for every node it saw only mandatory and negative ones."},
    {Behaviour::kStayingIsTried, "B-2", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kDecision,
     "An instance stays where it is if its node would get one anyway.",
     "It stayed only if its node was the best at once; otherwise instances could change places."},
    {Behaviour::kEarlyPlacementIsTrial, "B-3", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kScores,
     "The attempt to let an instance stay is a trial.", "It was final: an instance that found no node had lost."},
    {Behaviour::kPromotedColocationsCountOnce, "B-4", Release::k2_1_8, Release::k3_0_0, BehaviourEffect::kDecision,
     "A colocation of the promoted role counts once.", "It was added a second time through the primary's node scores."},
    {Behaviour::kBundleRolesInColocations, "B-5", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kDecision,
     "The roles and attributes of a bundle's replicas count in colocations.",
     "A container was never promoted and its attributes were those of its node."},
    {Behaviour::kPromotionReadFromNextHost, "B-6", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kDecision,
     "A promotion score kept at the host is read where the container will be.", "It was read where the container is."},
    {Behaviour::kClonedGroupRoleColocations, "B-7", Release::k2_1_8, Release::k3_0_0, BehaviourEffect::kDecision,
     "Cloned groups feel role colocations.", "Promotion of a cloned group did not look at them."},
    {Behaviour::kPromotedPartnersByAttribute,
     "B-8",
     {},
     Release::k3_0_2,
     BehaviourEffect::kDecision,
     "Promoted-with-promoted compares the colocation's node attribute.",
     "It compared the node, whatever the attribute."},
    {Behaviour::kRoleMismatchSubtracts, "B-9", Release::k2_1_8, Release::k3_0_0, BehaviourEffect::kDecision,
     "A mandatory colocation of roles that does not match subtracts infinity.",
     "It replaced the priority, and a primary without a node had no effect."},
    {Behaviour::kOrderedInstancesAllPairs, "B-10", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kGraph,
     "In an ordered clone each instance waits for every earlier one.",
     "It waited for its neighbour, and for the nearest one that has something to do."},
    {Behaviour::kNotifyActionsWithTheirOperation, "B-11", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kGraph,
     "Notifications are made with the operation they tell of.",
     "Those of start were made before stop, which shows in the ids of actions."},
    {Behaviour::kInterleavedBundleInstances, "B-12", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "Interleaved bundles are ordered by the instances inside.", "They were ordered by their containers."},
    {Behaviour::kCloneProbesGateClone, "B-13", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "A probe that cannot run holds back the clone.",
     "It held back the probed instance alone, even one active elsewhere."},
    {Behaviour::kMissingNodesNotProbed, "B-14", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kGraph,
     "With exclusive discovery a clone is not probed where it has no entry.", "Each instance decided for itself."},
    {Behaviour::kNodeMaxMakesUnique,
     "B-15",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "clone-node-max above 1 makes a clone globally unique.",
     "An anonymous clone ran one instance on a node, whatever clone-node-max said."},
    {Behaviour::kInactivePromotionSaid, "B-16", Release::k2_1_8, Release::k3_0_0, BehaviourEffect::kText,
     "The promotion score of an inactive instance is told as such.", "It was told as 0 on no node."},
    {Behaviour::kRktGone,
     "B-17",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "A bundle of rkt containers is refused.",
     "It was run; masters was another word for promoted-max."},
    {Behaviour::kBundleNodesOfContainers, "B-18", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "A bundle is where its containers are, in the order of its replicas.",
     "It was where any of its parts was, in the order in which they were found; resources that are placed by "
     "utilization were sorted by that."},
    {Behaviour::kExpiredFirst, "C-1", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "A failure that has expired counts for nothing.", "An expired failed stop still blocked its resource."},
    {Behaviour::kDegradedIsSuccess, "C-2", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "The degraded results are successes of any operation.", "They were for monitors only."},
    {Behaviour::kCleanedMigrationKnown, "C-3", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "A live migration whose history was cleaned up is left to a probe.",
     "The resource counted as active on the target (Debian's 2.1.5 has the newer rule)."},
    {Behaviour::kFailureEndsPending, "C-4", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "A pending monitor that has failed since is not pending.", "It was."},
    {Behaviour::kFailuresListedByEntry, "C-5", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kText,
     "Each failure is listed.", "Of failures without operation_key only the first of a node was."},
    {Behaviour::kUnknownOperationsIgnored,
     "C-6",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "Entries of other operations, such as cancel, say nothing.",
     "A successful one meant that the resource runs there."},
    {Behaviour::kMissingRcIsFailure, "C-7", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "An entry without a usable rc-code is a failure.", "It was a success."},
    {Behaviour::kMalformedEntriesIgnored,
     "C-7",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "An entry without a usable rc-code is ignored.",
     "It counted."},
    {Behaviour::kOnNodeComparedAsText,
     "C-8",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "Entries are of the same node if they name the same one.",
     "Entries that name none were taken for what was convenient."},
    {Behaviour::kFailCountsNameOperations,
     "C-9",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "Fail counts name their operation.",
     "In clusters older than feature set 3.0.13 they did not."},
    {Behaviour::kSecondsRounded,
     "C-10",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "Milliseconds are rounded to seconds.",
     "They were cut off."},
    {Behaviour::kUnmanagedMemberCounts, "C-11", Release::k2_1_10, Release::k3_0_1, BehaviourEffect::kText,
     "A clone is active where an unmanaged instance of it is, also on an offline node.", "It was not."},
    {Behaviour::kOnFailSeesNode,
     "C-12",
     Release::k2_1_7,
     {},
     BehaviourEffect::kDecision,
     "From 2.1.7 to 2.1.10 a rule about the node decides on-fail.",
     "Such a rule never passes."},
    {Behaviour::kRoleAfterFailureGone,
     "C-13",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "role_after_failure is gone.",
     "It gave the role after a failure."},
    {Behaviour::kNamesComparedExactly,
     "C-14",
     {},
     Release::k3_0_0,
     BehaviourEffect::kNone,
     "Names in entries are compared exactly.",
     "They were compared without case."},
    {Behaviour::kMembershipComparedExactly, "C-14", Release::k2_1_7, Release::k3_0_0,
     BehaviourEffect::kUnvalidatedDecision, "The words for a node's membership are spelled exactly.",
     "Upper and lower case were the same in join, expected and crmd."},
    {Behaviour::kNodeStateWithoutName, "D-1", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kDecision,
     "A node's state without a name belongs to the node with that id.",
     "It was ignored, and the node fenced as one never seen."},
    {Behaviour::kPendingTimeout, "D-2", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kDecision,
     "A node that joins in part is given up after node-pending-timeout.", "It was waited for without end."},
    {Behaviour::kTerminateFirst, "D-3", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kDecision,
     "A request to terminate a node comes before other reasons to fence it.", "It came after them."},
    {Behaviour::kTransientUtilization, "D-4", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "Utilization that is written as a transient attribute counts.", "It was ignored."},
    {Behaviour::kTransientFirstWins,
     "D-5",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "Of transient attributes with one name the first counts.",
     "The one that was read last did."},
    {Behaviour::kTransientHighestScore, "D-5", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kDecision,
     "Of two blocks the one with the higher score counts.", "The one with the lower score did."},
    {Behaviour::kFenceRemoteOption, "D-6", Release::k2_1_10, Release::k3_0_1, BehaviourEffect::kNone,
     "fence-remote-without-quorum is an option.", "There was none."},
    {Behaviour::kFenceRemoteNeedsQuorum,
     "D-6",
     {},
     Release::k3_0_1,
     BehaviourEffect::kDecision,
     "A remote node is fenced without quorum only if fence-remote-without-quorum says so.",
     "A remote node that is online could always be fenced."},
    {Behaviour::kFeatureSetAlwaysShown, "D-7", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kText,
     "XML tells the feature set of a node that is online and expected to stay.",
     "It told that of each node that is online."},
    {Behaviour::kNodeMaintenance, "D-8", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kText,
     "Resources on a node in maintenance are in maintenance.", "They were unmanaged."},
    {Behaviour::kNodeStateById, "D-9", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kDecision,
     "A node's state is found by id, then by name.", "It was found by name."},
    {Behaviour::kConcurrentFencingDefault,
     "E-1",
     {},
     Release::k3_0_0,
     BehaviourEffect::kGraph,
     "Nodes are fenced at the same time unless concurrent-fencing says otherwise.",
     "One after the other (a build option; RHEL had it on)."},
    {Behaviour::kGroupStopBeforeEarlierStart, "E-2", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "A member waits with its start until later members that run are stopped.",
     "It started although a later member still ran."},
    {Behaviour::kRequiredStopsOrdered, "E-3", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kGraph,
     "A stop that is required follows asymmetric orders.", "A stop of a stopped resource never did."},
    {Behaviour::kPoweroffGone,
     "E-4",
     {},
     Release::k3_0_0,
     BehaviourEffect::kNone,
     "fencing-action poweroff is invalid in unvalidated input.",
     "It was another word for off."},
    {Behaviour::kSetActionsOwnStrength, "E-5", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "Ordered sets hold each other by their own actions.", "The second set's action decided for both."},
    {Behaviour::kOrderKindExact, "E-6", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kUnvalidatedDecision,
     "The kind of an order is spelled exactly.", "Upper and lower case were the same."},
    {Behaviour::kUnmigrateableSaid, "E-7", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kText,
     "A live migration that an order forbids is told as unmigrateable.", "It was told as unrunnable."},
    {Behaviour::kOnFailAsValidated, "E-8", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kGraph,
     "The graph names the on-fail that holds.", "It named what was written."},
    {Behaviour::kMetaOverwritten, "E-9", Release::k2_1_8, Release::k3_0_0, BehaviourEffect::kGraph,
     "Later values of an action's meta-attributes replace earlier ones.", "The first stayed."},
    {Behaviour::kOperationMetaHighestScore, "E-10", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kDecision,
     "Of an operation's blocks the one with the higher score counts.", "The one with the lower score did."},
    {Behaviour::kOperationMetaFirstWins,
     "E-10",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "Of an operation's values with one name the first counts.",
     "The last did."},
    {Behaviour::kOperationMetaSeesNode,
     "E-10",
     Release::k2_1_7,
     {},
     BehaviourEffect::kDecision,
     "From 2.1.7 to 2.1.10 rules about the node pass in operation meta-attributes.",
     "They never pass."},
    {Behaviour::kZeroTimeoutIsDefault, "E-11", Release::k2_1_8, Release::k3_0_0, BehaviourEffect::kGraph,
     "A timeout of 0 is the default.", "It was 0."},
    {Behaviour::kFirstTransitionIsOne, "E-12", Release::k2_1_9, Release::k3_0_0, BehaviourEffect::kGraph,
     "The first transition has the number 1.", "It had the number 0."},
    {Behaviour::kFencingEventsWithoutAttributes,
     "E-12",
     {},
     Release::k3_0_0,
     BehaviourEffect::kGraph,
     "Fencing in the graph names the node.",
     "It also listed all of the node's attributes."},
    {Behaviour::kFencingTimeoutInRoot,
     "E-12",
     {},
     Release::k3_0_2,
     BehaviourEffect::kGraph,
     "The graph's root says fencing-timeout.",
     "It said stonith-timeout."},
    {Behaviour::kRemoveAfterStopGone,
     "E-13",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "remove-after-stop is gone.",
     "Each stop was followed by a clean-up of the resource's history."},
    {Behaviour::kInvalidMonitorRoleDropped, "E-14", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kGraph,
     "A monitor with an invalid role is left out.", "It was taken for one of the role Started."},
    {Behaviour::kRestartTypeGone,
     "E-16",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "restart-type is gone.",
     "With restart an optional order restarted the second resource with the first."},
    {Behaviour::kCanFailGone,
     "E-17",
     {},
     Release::k3_0_0,
     BehaviourEffect::kNone,
     "can_fail is gone.",
     "An operation with it could fail without ending the simulated transition."},
    {Behaviour::kFencingOptionNames,
     "F-1",
     {},
     Release::k3_0_2,
     BehaviourEffect::kDecision,
     "Options are called fencing-… and …-removed-…; the old names still count.",
     "Only the old names stonith-…, fence-reaction and stop-orphan-… counted."},
    {Behaviour::kNoQuorumFence, "F-1", Release::k2_1_9, Release::k3_0_0, BehaviourEffect::kDecision,
     "no-quorum-policy may be fence.", "It had to be suicide."},
    {Behaviour::kUndefinedWithoutNode, "F-2", Release::k2_1_8, Release::k3_0_0, BehaviourEffect::kDecision,
     "Where no node is known, its attributes count as undefined.", "A rule about a node attribute failed there."},
    {Behaviour::kProviderOptional, "F-3", Release::k2_1_8, Release::k3_0_0, BehaviourEffect::kDecision,
     "rsc_expression without provider matches any provider.", "It matched resources without a provider only."},
    {Behaviour::kEmptyValueIsText,
     "F-4",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "An empty value in a rule is the empty text.",
     "It meant that the attribute is not set."},
    {Behaviour::kEmptyOrPasses,
     "F-5",
     {},
     Release::k3_0_0,
     BehaviourEffect::kUnvalidatedDecision,
     "A rule without conditions passes.",
     "With boolean-op=\"or\" it failed."},
    {Behaviour::kInvalidRulePartsFail,
     "F-6",
     {},
     Release::k3_0_0,
     BehaviourEffect::kUnvalidatedDecision,
     "What is invalid in a rule makes it fail.",
     "It was mostly ignored."},
    {Behaviour::kValueSourceEverywhere, "F-7", Release::k2_1_8, Release::k3_0_0, BehaviourEffect::kUnvalidatedDecision,
     "value-source counts in every rule.", "It counted in location rules only."},
    {Behaviour::kOneRulePerBlock,
     "F-8",
     {},
     Release::k3_0_0,
     BehaviourEffect::kUnvalidatedDecision,
     "A block of attributes has one rule.",
     "It was used if any of its rules passed."},
    {Behaviour::kReferencedPairWins,
     "F-9",
     {},
     Release::k3_0_0,
     BehaviourEffect::kUnvalidatedDecision,
     "A pair that refers to another takes that one's name and value.",
     "Its own won."},
    {Behaviour::kDefaultsWithoutParameters,
     "F-10",
     {},
     Release::k3_0_0,
     BehaviourEffect::kUnvalidatedDecision,
     "Defaults of resources have meta-attributes only.",
     "Instance attributes there were used as parameters."},
    {Behaviour::kFirstOperationsBlock,
     "F-10",
     {},
     Release::k3_0_2,
     BehaviourEffect::kUnvalidatedDecision,
     "Of several operations elements the first counts.",
     "The last did."},
    {Behaviour::kEmptyGroupsDropped,
     "F-11",
     {},
     Release::k3_0_0,
     BehaviourEffect::kUnvalidatedDecision,
     "A group without members is dropped.",
     "It was kept."},
    {Behaviour::kInvalidScoreIsDefault,
     "F-12",
     {},
     Release::k3_0_0,
     BehaviourEffect::kNone,
     "An invalid score is the default.",
     "It was 0."},
    {Behaviour::kStrictDates,
     "F-14",
     {},
     Release::k3_0_2,
     BehaviourEffect::kUnvalidatedDecision,
     "Dates are read strictly.",
     "Some malformed ones were understood."},
    {Behaviour::kAgentClassesGone,
     "F-15",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "Resources of the classes nagios and upstart are dropped.",
     "They were resources like others."},
    {Behaviour::kNewerFeatureSetRefused, "F-16", Release::k2_1_8, Release::k3_0_0, BehaviourEffect::kDecision,
     "A configuration of a newer feature set is refused.", "It was read."},
    {Behaviour::kOldSchemasUpgraded,
     "F-16",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "Configurations are brought to schema 4.0.",
     "They stayed in the series 3."},
    {Behaviour::kIdsComparedExactly,
     "F-17",
     {},
     Release::k3_0_0,
     BehaviourEffect::kNone,
     "Ids are compared exactly.",
     "Some were compared without case."},
    {Behaviour::kResultsNameTheirNode,
     "G-1",
     {},
     Release::k3_0_0,
     BehaviourEffect::kText,
     "Simulated results name their node.",
     "They did not."},
    {Behaviour::kFailCountNumberSaid, "G-2", Release::k2_1_8, Release::k3_0_0, BehaviourEffect::kText,
     "The simulation tells and stores the new fail count.", "It told value++ and stored 1."},
    {Behaviour::kFatalFailuresAreInfinite, "G-2", Release::k2_1_10, Release::k3_0_0, BehaviourEffect::kText,
     "A simulated failure that is fatal counts as INFINITY.", "It counted as one more."},
    {Behaviour::kStructuredQuietText, "G-4", Release::k2_1_8, Release::k3_0_0, BehaviourEffect::kText,
     "Scores are printed plainly only with -Q.", "They always were."},
    {Behaviour::kUnreadableIs65, "G-5", Release::k2_1_8, Release::k3_0_0, BehaviourEffect::kText,
     "Unreadable input ends with status 65.", "It ended with 70."},
    {Behaviour::kXmlShowsMaintenance, "G-6", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kText,
     "XML output shows maintenance.", "It did not."},
    {Behaviour::kXmlShowsRemoved,
     "G-6",
     {},
     Release::k3_0_0,
     BehaviourEffect::kText,
     "XML output shows removed resources as such.",
     "It did not."},
    {Behaviour::kAssignInCloneLines, "H-1", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kText,
     "Score lines of clones say assign.", "They said allocate."},
    {Behaviour::kAssignInBundleLines, "H-1", Release::k2_1_7, Release::k3_0_0, BehaviourEffect::kText,
     "Score lines of bundles say assign.", "They said allocate."},
    {Behaviour::kNewResultTexts,
     "H-2",
     {},
     Release::k3_0_0,
     BehaviourEffect::kText,
     "Results are told as OK, Error occurred and so on.",
     "They were told as ok, error and so on."},
    {Behaviour::kMaintenanceSaid, "H-3", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kText,
     "Resources in maintenance are told as such, behind disabled.", "They were told as unmanaged, before disabled."},
    {Behaviour::kInterleaveByEffectiveNodeMax, "X-1", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "Clones are interleaved if they run equally many instances on a node.",
     "They were if their clone-node-max said so, also where it has no effect."},
    {Behaviour::kStartedRuleIsAnyRole,
     "X-2",
     {},
     Release::k3_0_0,
     BehaviourEffect::kDecision,
     "The role Started of a location rule means any role.",
     "A location rule with the role Started had no effect."},
    {Behaviour::kUnfencingWithoutDevice, "X-3", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "Nodes are unfenced for resources that require it, also without a fence device.",
     "Without a fence device no node was unfenced."},
    {Behaviour::kSerializeOnlySerializes, "X-4", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kGraph,
     "kind=\"Serialize\" keeps two actions from running at the same time, and no more.",
     "It also ordered them, so that another order of the same two came too late."},
    {Behaviour::kBundleNodesWithoutCapacity, "X-5", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kText,
     "Capacities (simulate -U) leave the nodes of bundles out.", "They were listed like other nodes."},
    {Behaviour::kMissingCapacityTaken, "X-6", Release::k2_1_6, Release::k3_0_0, BehaviourEffect::kDecision,
     "What a node has no capacity of is counted below zero by each resource that needs it.",
     "The first such resource on a node was not counted."},
};
static_assert(std::size(kTable) == kBehaviours);

constexpr bool InOrder() {
  for (size_t i = 0; i < kBehaviours; ++i) {
    if (static_cast<size_t>(kTable[i].behaviour) != i) return false;
  }
  return true;
}
static_assert(InOrder());

// What a package was built with (spec 07 §1.3).
struct BuildOption {
  std::string_view name;
  bool concurrent_fencing;
  bool upstream;  // without Debian's patch of 2.1.5
};
constexpr std::array<BuildOption, 4> kBuildOptions = {{
    {"concurrent-fencing", true, false},
    {"upstream", false, true},
    {"rhel", true, true},
    {"debian", false, false},
}};

// The numbers of `1.2.3`, as many as there are; text behind them is ignored.
std::array<int, 3> Numbers(std::string_view text) {
  std::array<int, 3> numbers = {0, 0, 0};
  for (int& number : numbers) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) break;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    if (!text.starts_with('.')) break;
    text.remove_prefix(1);
  }
  return numbers;
}

// The last release of the table that is not newer than asked for by `name_of`; the oldest if all are newer.
template <typename NameOf>
Release NewestUpTo(std::string_view asked, NameOf&& name_of) {
  Release found = kReleases.front().release;
  for (const ReleaseRow& row : kReleases) {
    if (Numbers(name_of(row)) <= Numbers(asked)) found = row.release;
  }
  return found;
}

bool StartsWithDigit(std::string_view text) {
  return !text.empty() && text.front() >= '0' && text.front() <= '9';
}

}  // namespace

std::span<const BehaviourInfo> AllBehaviours() {
  return kTable;
}

const BehaviourInfo& InfoOf(Behaviour behaviour) {
  return kTable[static_cast<size_t>(behaviour)];
}

std::string_view EffectText(BehaviourEffect effect) {
  switch (effect) {
    case BehaviourEffect::kDecision:
      return "decision";
    case BehaviourEffect::kUnvalidatedDecision:
      return "decision, in input that no schema allows";
    case BehaviourEffect::kGraph:
      return "graph";
    case BehaviourEffect::kScores:
      return "scores";
    case BehaviourEffect::kText:
      return "text";
    case BehaviourEffect::kNone:
      return "none known";
  }
  return "";
}

std::string_view ReleaseName(Release release) {
  return kReleases[static_cast<size_t>(release)].name;
}

std::string_view FeatureSetOf(Release release) {
  return kReleases[static_cast<size_t>(release)].feature_set;
}

Target::Target(Release release) : release_(release) {
  for (const BehaviourInfo& info : kTable) behaviours_[static_cast<size_t>(info.behaviour)] = info.HoldsIn(release);
  // The package that was recorded is Debian's, which has this one early (spec 07 C-3).
  behaviours_[static_cast<size_t>(Behaviour::kCleanedMigrationKnown)] = true;
}

std::optional<Target> Target::Parse(std::string_view text, std::string& reason) {
  const size_t plus = text.find('+');
  const std::string_view version = text.substr(0, plus);
  const auto row = std::find_if(kReleases.begin(), kReleases.end(), [&](const ReleaseRow& one) {
    return one.name == version || (version == "2.1.11" && one.release == Release::k2_1_10);
  });
  if (row == kReleases.end()) {
    reason = "`" + std::string(version) + "` is no release that is known; there are ";
    for (const ReleaseRow& one : kReleases) {
      reason.append(one.release == kReleases.front().release ? "" : ", ").append(one.name);
    }
    return std::nullopt;
  }
  Target target(row->release);
  for (std::string_view rest = plus == std::string_view::npos ? "" : text.substr(plus); !rest.empty();) {
    rest.remove_prefix(1);
    const std::string_view word = rest.substr(0, rest.find('+'));
    rest.remove_prefix(word.size());
    const auto option = std::find_if(kBuildOptions.begin(), kBuildOptions.end(),
                                     [&](const BuildOption& one) { return one.name == word; });
    if (option == kBuildOptions.end()) {
      reason = "`" + std::string(word) + "` is no build option that is known; there are ";
      for (const BuildOption& one : kBuildOptions)
        reason.append(&one == &kBuildOptions[0] ? "" : ", ").append(one.name);
      return std::nullopt;
    }
    target.concurrent_fencing_ = target.concurrent_fencing_ || option->concurrent_fencing;
    target.upstream_ = target.upstream_ || option->upstream;
  }
  if (target.concurrent_fencing_) {
    target.behaviours_[static_cast<size_t>(Behaviour::kConcurrentFencingDefault)] = true;
  }
  if (target.upstream_) {
    target.behaviours_[static_cast<size_t>(Behaviour::kCleanedMigrationKnown)] =
        InfoOf(Behaviour::kCleanedMigrationKnown).HoldsIn(target.release_);
  }
  return target;
}

std::optional<Target> Target::Of(std::string_view dc_version, std::string_view feature_set) {
  std::string reason;
  if (StartsWithDigit(dc_version)) {
    const Release release = NewestUpTo(dc_version, [](const ReleaseRow& row) { return row.name; });
    // Red Hat's packages call themselves by the release of the distribution.
    const bool red_hat = dc_version.find(".el") != std::string_view::npos;
    return Parse(std::string(ReleaseName(release)) + (red_hat && release < Release::k3_0_0 ? "+rhel" : ""), reason);
  }
  if (!StartsWithDigit(feature_set)) return std::nullopt;
  // The feature sets between two releases were those of the newer one's candidates (spec 07 §1.2).
  for (const ReleaseRow& row : kReleases) {
    if (Numbers(feature_set) <= Numbers(row.feature_set)) return Target(row.release);
  }
  return Target(kNewestRelease);
}

Target Target::With(Behaviour behaviour, bool holds) const {
  Target changed = *this;
  changed.behaviours_[static_cast<size_t>(behaviour)] = holds;
  return changed;
}

std::string Target::name() const {
  std::string name(ReleaseName(release_));
  if (concurrent_fencing_ && upstream_) return name + "+rhel";
  if (concurrent_fencing_) name += "+concurrent-fencing";
  if (upstream_) name += "+upstream";
  return name;
}

std::string_view Target::feature_set() const {
  return FeatureSetOf(release_);
}

}  // namespace picket::solver
