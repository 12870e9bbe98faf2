// Actions, relations between them, and recorded orderings (spec 05 §3, §11).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "solver/model/cluster.h"
#include "solver/model/ids.h"
#include "solver/model/symbol.h"
#include "solver/model/table.h"

namespace picket::solver {

enum class Needs : uint8_t { kNothing, kQuorum, kFencing };

// What identifies a resource's actions: a cancel keeps the key of the operation that it cancels.
struct ActionKey {
  ResourceId resource;
  Symbol operation = Symbol::kNone;
  uint32_t interval_ms = 0;
  friend bool operator==(const ActionKey&, const ActionKey&) = default;
};
struct ActionKeyHash {
  size_t operator()(const ActionKey& key) const noexcept {
    uint64_t mixed = static_cast<uint32_t>(key.resource.value);
    mixed = mixed * 0x9E3779B97F4A7C15u + static_cast<uint32_t>(key.operation);
    mixed = (mixed * 0x9E3779B97F4A7C15u + key.interval_ms) * 0xD6E8FEB86659FD93u;
    return static_cast<size_t>(mixed ^ (mixed >> 32));
  }
};

// One step: a resource operation, a cluster operation or a pseudo-action.
//
// The identity is (resource, key_operation, interval_ms) for resource actions; for others `key_operation` is
// the symbol of the whole key (`stonith-n1-reboot`, `do_shutdown-n1`, `one-or-more:S`, `load_stopped_n1`).
// `name` is the action name ("task"): it differs from the key's operation for cancels (kCancel),
// notifications (kNotify/kNotified), fencing (kStonith), shutdown.
struct Action {
  ActionId id;
  ResourceId resource;  // none for cluster actions
  NodeId node;          // may be filled in later
  Symbol key_operation = Symbol::kNone;
  Symbol name = Symbol::kNone;
  uint32_t interval_ms = 0;
  Symbol cancelled = Symbol::kNone;  // for cancels: the operation's name

  bool optional = true;
  bool runnable = true;
  bool pseudo = false;
  bool migratable = false;
  bool forced_in = false;  // listed in the graph even though optional
  bool can_run_on_dc = false;
  bool reschedule = false;        // recurring op whose definition changed
  bool migration_abort = false;   // stop ending a dangling migration
  bool params_evaluated = false;  // op_params was evaluated (first time with node and configuration)

  // Set by the graph stage.
  bool visited = false;  // considered for listing
  bool listed = false;   // in the graph
  bool inputs_merged = false;

  Needs needs = Needs::kNothing;
  std::string reason;  // empty: none
  int32_t priority = 0;
  int32_t required_count = 0;  // "minimum of" pseudo-actions; 0: unused
  int32_t count = 0;
  const OperationDef* operation = nullptr;  // configuration element, if any
  Table meta;                               // action meta-attributes without the CRM_meta_ prefix (spec 05 §4.2)
  Table op_params;                          // op/instance_attributes evaluated for the node

  RelationId before_head;  // records whose `then` is this action, most recent first
  RelationId after_head;   // records whose `first` is this action, most recent first
};

// Kinds of a relation, bits of a 32-bit word (spec 05 §11.1).
using Kinds = uint32_t;
namespace kind {
inline constexpr Kinds kSeq = 1u << 0;
inline constexpr Kinds kPush = 1u << 1;
inline constexpr Kinds kPushLocal = 1u << 2;
inline constexpr Kinds kPull = 1u << 3;
inline constexpr Kinds kPullPromoted = 1u << 4;
inline constexpr Kinds kGate = 1u << 5;
inline constexpr Kinds kAsym = 1u << 6;
inline constexpr Kinds kRestart = 1u << 7;
inline constexpr Kinds kCount = 1u << 8;
inline constexpr Kinds kGuestProbe = 1u << 9;
inline constexpr Kinds kMigGate = 1u << 10;
inline constexpr Kinds kFallback = 1u << 11;
inline constexpr Kinds kShowFirst = 1u << 12;
inline constexpr Kinds kShowThen = 1u << 13;
inline constexpr Kinds kCancelFirst = 1u << 14;
inline constexpr Kinds kSameNode = 1u << 15;
inline constexpr Kinds kNeededHere = 1u << 16;
inline constexpr Kinds kTargetNode = 1u << 17;
inline constexpr Kinds kUnlessMigrating = 1u << 18;
inline constexpr Kinds kSerial = 1u << 19;
inline constexpr Kinds kGuestOk = 1u << 20;
}  // namespace kind

// A link between two existing actions. The two sides have separate kind sets: disabling or rewriting touches
// kinds_before only, while the duplicate test and the probe walk read kinds_after (spec 05 §11.3).
struct Relation {
  ActionId first;
  ActionId then;
  Kinds kinds_before = 0;  // what then's before-list says
  Kinds kinds_after = 0;   // what first's after-list says; never changes
  RelationId next_before;  // next in then's before-list
  RelationId next_after;   // next in first's after-list
  bool accepted = false;   // became a graph input
};

// One side of a recorded ordering: an action, or (resource, operation, interval) to be searched later.
struct OrderingEnd {
  ResourceId resource;
  Symbol operation = Symbol::kNone;
  uint32_t interval_ms = 0;
  ActionId action;  // if set, wins; the other fields are filled from it by Record()
};

struct Ordering {
  OrderingEnd first;
  OrderingEnd then;
  Kinds kinds = 0;  // may be empty: recorded without effect, but it keeps its place
};

}  // namespace picket::solver
