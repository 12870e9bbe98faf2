// Run: the working memory of one scheduling run. Everything the stages change is here.
//
// A Run is filled by the stages in the order of spec 01 §1 and 05 §2, read by the graph and the text writers,
// then cleared and used again. It belongs to one thread. References into `resources`, `actions`, `nodes` are
// not stable while something can be created; hold ids across calls that create.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "solver/explain/recorder.h"
#include "solver/explain/stage_watch.h"
#include "solver/model/action.h"
#include "solver/model/actions_by_key.h"
#include "solver/model/cluster.h"
#include "solver/model/ids.h"
#include "solver/model/linked_kinds.h"
#include "solver/model/node.h"
#include "solver/model/options.h"
#include "solver/model/resource.h"
#include "solver/model/score_change.h"
#include "solver/model/state.h"
#include "solver/model/symbol.h"

namespace picket::solver {

struct Colocation {
  std::string id;
  ResourceId dependent;
  ResourceId primary;
  Score score;
  Role dependent_role = Role::kUnknown;  // kUnknown: any role (Started counts as any)
  Role primary_role = Role::kUnknown;
  std::string attribute = "#uname";
  bool influence = true;
  bool explicit_ = false;  // from the CIB
};

struct Location {
  std::string id;
  ResourceId resource;
  Role role = Role::kUnknown;  // kUnknown: no filter
  ProbeMode discovery = ProbeMode::kAlways;
  std::vector<std::pair<NodeId, Score>> nodes;
};

enum class LossPolicy : uint8_t { kStop, kDemote, kFence, kFreeze };

struct TicketConstraint {
  std::string id;
  ResourceId resource;
  std::string ticket;
  Role role = Role::kUnknown;  // kUnknown: any
  LossPolicy loss_policy = LossPolicy::kStop;
};

struct Ticket {
  bool granted = false;
  bool standby = false;
  int64_t last_granted_s = -1;
};

// An element of the failed list (spec 02 §11.1): the raw entry plus where it was.
struct FailedOperation {
  HistoryEntry entry;
  NodeId node;
  ResourceId resource;
  std::string resource_id;
};

// What one operation's parameters amount to now, and how the first compared history entry differed (spec 02
// §17).
enum class DigestVerdict : uint8_t { kMatch, kUnknown, kMismatch, kRestart };
struct DigestSet {
  std::string full;
  std::string restart;  // empty: not calculated, since the entry had none
  std::string secure;
  DigestVerdict verdict = DigestVerdict::kMatch;
};

// What the next solve of the same configuration may use again: what follows from the configuration and from entries of
// the history alone, and neither from the time nor from a node. Empty unless somebody asked for it, see KeepFor() in
// solver/schedule.h.
struct Kept {
  std::shared_ptr<const void> owner;  // of the configuration, which does not change while it is held
  const Cluster* cluster = nullptr;   // null: nothing is kept
  // By definition, and by the operation with what the compared entry says (status/digest.cc).
  std::unordered_map<const ResourceDef*, std::unordered_map<std::string, DigestSet>> digests;
};

// The actions of every resource, sorted by name and of one name the newest first, while no action comes and none
// changes its name or node: during propagation (order/propagation.h). Only NewestNamed() and
// NewestOfChildren() look.
struct ActionsByName {
  std::vector<std::pair<Symbol, ActionId>> entries;
  std::vector<size_t> begins;  // by resource, and the end; empty: there is no index now
  struct OfChildren {
    std::vector<ActionId> newest;  // for each child; invalid where there is none
    bool any = false;              // one of them is valid
  };
  std::unordered_map<uint64_t, OfChildren> of_children;  // by resource and name; what was asked for
};

// What an action of a collective looks like (order/effective.cc), good until an attribute of any action changes.
struct KnownEffect {
  uint64_t at_change = 0;  // of Run::attribute_changes
  bool optional = true;
  bool runnable = true;
};

// All that merging what is below a resource adds to a row (place/kept_merge.h).
struct KeptMerge {
  float factor = 0;
  double steps = 0;                  // of merging, one for each path
  std::vector<ScoreChange> changes;  // by node, where no step is dropped; empty: nothing is below
  std::vector<Score> gains;          // by node: no more than this is ever added
  // What else came of it, by the scores on which that depends.
  std::map<std::vector<Score>, std::vector<ScoreChange>> with_drops;
};

// What is known of the colocations below a resource (place/neutral.h, place/kept_merge.h).
struct Below {
  enum class State : uint8_t { kUnknown, kAsking, kNeutral, kOther };
  enum class Kept : uint8_t { kUnknown, kYes, kNo };
  State state = State::kUnknown;
  Kept kept = Kept::kUnknown;         // whether merges may be kept at all
  bool attracts = false;              // some resource below counts with the sign of the factor above
  bool repels = false;                // some counts with the other sign
  bool mandatory = true;              // every factor below is 1 or -1
  std::vector<ResourceId> asked_for;  // whose answer rests on this one
  std::vector<KeptMerge> merges;      // one for each factor
};

struct Run {
  const Cluster* cluster = nullptr;
  const State* state = nullptr;
  Recorder* recorder = nullptr;  // may be null
  Kept kept;                     // from one solve to the next; everything else begins anew
  StageWatch* watch = nullptr;   // may be null

  SymbolTable symbols;
  Options options;
  bool quorate = false;
  bool fence_device_exists = false;  // some resource of class stonith (configuration or history)

  std::vector<Node> nodes;         // NodeId order = creation
  std::vector<NodeId> node_order;  // display order (spec 01 §3.10)
  NodeId dc;
  bool has_remote_nodes = false;

  std::deque<ResourceDef> generated;  // definitions of implicit and removed resources
  std::vector<Resource> resources;    // ResourceId order = creation
  std::vector<ResourceId> top_level;  // the resource list, in its current order
  std::unordered_map<std::string, std::vector<std::string>> template_members;  // template id -> resource ids
  std::map<std::string, Ticket, std::less<>> tickets;
  std::vector<FailedOperation> failed_operations;

  std::vector<Location> locations;  // creation order; applied newest first
  std::vector<Colocation> colocations;
  std::vector<TicketConstraint> ticket_constraints;

  std::vector<Action> actions;      // creation order; newest first = backwards
  std::vector<Relation> relations;  // the pool
  std::vector<Ordering> orderings;  // recorded, in order of recording

  std::optional<int64_t> recheck_by_s;  // spec 01 §5.8

  // Indices that hide behind functions (solver/model/find.h, actions/create.h, order/link.h).
  // First in depth-first order wins; history ids, too. Only while constraints are read.
  std::unordered_map<std::string, ResourceId> resource_by_id;
  ActionsByKey actions_by_key;
  ActionsByName actions_by_name;
  // By action and node. Only while there is an index by name: then no action comes.
  std::unordered_map<uint64_t, KnownEffect> known_effects;
  uint64_t attribute_changes = 1;                                     // how often SetAttribute() has changed something
  std::unordered_map<Symbol, std::vector<ActionId>> cluster_actions;  // actions without resource by key, oldest first
  LinkedKinds linked;                                                 // (first, then) -> union of kinds_after

  // Scratch shared between two stages of one room; the room's header says what is in it.
  std::vector<ResourceId> containers_to_stop;  // status: epilogue of spec 02 §2.3, order of remembering
  struct DeferredCheck {
    ResourceId resource;
    NodeId node;
    const HistoryEntry* entry;
    bool active_check;
  };
  std::vector<DeferredCheck> deferred_checks;                      // status: spec 02 §17, order of deferring
  std::unordered_map<std::string, std::string> unfencing_digests;  // free use by status/digests
  std::unordered_map<std::string, DigestSet> digests;              // by node and operation key; cleared by UnpackStatus
  // Expired failures of recurring operations, whose restart digest never matches (spec 02 §6.4.4); only for
  // lookup.
  std::unordered_set<const HistoryEntry*> expired_entries;
  bool role_selection = false;
  int depth = 0;             // recursion depth of propagation
  std::vector<Below> below;  // by resource
  size_t kept_changes = 0;   // changes of scores in `below`
  uint64_t placements = 0;   // how often an assignment was made or undone
  int64_t merges = 0;        // steps of merging colocation preferences, see place/merge.h

  // Whether the release that decides has this rule.
  bool Behaves(Behaviour behaviour) const { return cluster->Behaves(behaviour); }

  Resource& at(ResourceId id) { return resources[id.index()]; }
  const Resource& at(ResourceId id) const { return resources[id.index()]; }
  Node& at(NodeId id) { return nodes[id.index()]; }
  const Node& at(NodeId id) const { return nodes[id.index()]; }
  Action& at(ActionId id) { return actions[id.index()]; }
  const Action& at(ActionId id) const { return actions[id.index()]; }
  Relation& at(RelationId id) { return relations[id.index()]; }
  const Relation& at(RelationId id) const { return relations[id.index()]; }
  Colocation& at(ColocationId id) { return colocations[id.index()]; }
  const Colocation& at(ColocationId id) const { return colocations[id.index()]; }
  Location& at(LocationId id) { return locations[id.index()]; }
  const Location& at(LocationId id) const { return locations[id.index()]; }
};

// Sets an attribute of an action that others look at. Whoever changes one while actions influence one another does it
// here.
inline void SetAttribute(Run& run, bool& attribute, bool value) {
  if (attribute == value) return;
  attribute = value;
  ++run.attribute_changes;
}

// What follows is work for this resource; for none if it is invalid.
inline void WorkFor(Run& run, ResourceId resource) {
  if (run.watch) run.watch->For(resource);
}

}  // namespace picket::solver
