// A resource during one run: primitive, group, clone, bundle, instance, member, implicit part (spec 01
// §13-§18).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "solver/model/cluster.h"
#include "solver/model/ids.h"
#include "solver/model/node.h"
#include "solver/model/role.h"
#include "solver/model/score.h"
#include "solver/model/symbol.h"
#include "solver/model/table.h"

namespace picket::solver {

// One cell of a resource's allowed-node table. Absent is not minus infinity: an absent node is no candidate.
struct Cell {
  Score score;
  bool present = false;
  ProbeMode probe_mode = ProbeMode::kAlways;
  bool unusable = false;  // strict merging marked it (spec 03 §10.3.6); counts as not available
  uint16_t count = 0;     // instances
};

// The allowed-node table: one cell per NodeId (grown as nodes appear), and the order of insertion for the
// strategies that see the hash order (spec 03 §1.6).
struct Row {
  std::vector<Cell> cells;
  std::vector<NodeId> inserted;

  Cell* Find(NodeId node) {
    return node.valid() && node.index() < cells.size() && cells[node.index()].present ? &cells[node.index()] : nullptr;
  }
  const Cell* Find(NodeId node) const { return const_cast<Row*>(this)->Find(node); }
  // The cell, created with `score` and `mode` if it is absent.
  Cell& FindOrCreate(NodeId node, Score score, ProbeMode mode) {
    if (cells.size() <= node.index()) cells.resize(node.index() + 1);
    Cell& cell = cells[node.index()];
    if (!cell.present) {
      cell = Cell{score, true, mode, false, 0};
      inserted.push_back(node);
    }
    return cell;
  }
  void Erase(NodeId node) {
    if (Cell* cell = Find(node)) {
      *cell = Cell{};
      std::erase(inserted, node);
    }
  }
  void Clear() {
    cells.clear();
    inserted.clear();
  }
};

enum class MultipleActive : uint8_t { kStopStart, kStopOnly, kBlock, kStopUnexpected };

struct CloneData {
  int32_t clone_max = 0;
  int32_t clone_node_max = 1;
  std::optional<int32_t> clone_min;
  int32_t promoted_max = 0;
  int32_t promoted_node_max = 0;
  int32_t instances_created = 0;  // next instance number
  bool interleave = false;
  bool ordered = false;
  bool promotion_scores_added = false;  // spec 04 §9.2, once per run
  bool role_selection_begun = false;    // spec 04 §9.5 / 12.4
  // Notification pseudo-actions, if created: [start, stop, promote, demote] × [pre, confirmed-pre, post,
  // confirmed-post].
  ActionId notify[4][4];
};

struct Replica {
  int32_t offset = 0;
  std::string ip_address;  // empty if none
  ResourceId container;
  ResourceId ip;
  ResourceId connection;
  ResourceId child;  // instance of the contained clone
  NodeId node;       // the bundle node
};

struct BundleData {
  int32_t replicas_configured = 1;
  int32_t replicas_per_host = 1;
  int32_t promoted_max = 0;
  std::string image;
  std::string agent;
  bool has_ip_range = false;
  std::vector<Replica> replicas;
  ResourceId contained;  // the implicit clone, if any
};

struct Resource {
  ResourceId self;
  std::string id;          // instance id: `rsc:1`, or the configured id
  std::string config_id;   // the id of its element: `rsc`
  std::string history_id;  // name under which the history knows it, if it differs; else empty
  Variant variant = Variant::kPrimitive;
  const ResourceDef* def = nullptr;  // definition (owned by Cluster, or by Run::generated for implicit ones)
  std::string cls;
  std::string provider;
  std::string type;
  ResourceId parent;
  std::vector<ResourceId> children;  // current child order
  std::optional<int32_t> instance_number;

  Table meta;  // finished meta table (spec 01 §14.1)
  Table utilization;
  std::vector<std::pair<std::string, int64_t>> load;  // utilization parsed, in table insertion order

  // Properties from meta-attributes (spec 01 §13.3-13.7).
  int32_t priority = 0;  // for promotable instances changed during assignment (spec 04 §9)
  Score stickiness;
  int32_t migration_threshold = Score::kInfinityValue;  // 0: never
  uint32_t failure_timeout_ms = 0;                      // 0: never expires
  uint32_t reconnect_interval_ms = 0;                   // remote connections
  MultipleActive multiple_active = MultipleActive::kStopStart;

  bool managed = true;
  bool maintenance = false;
  bool blocked = false;
  bool failed = false;
  bool stop_on_failure = false;  // "recover-by-stop"
  bool failure_ignored = false;
  bool start_pending = false;
  bool removed = false;  // "orphan"
  bool removed_launched = false;
  bool migratable = false;
  bool unique = true;
  bool promotable = false;
  bool notify = false;
  bool critical = true;
  bool needs_quorum = false;
  bool needs_fencing = false;
  bool needs_unfencing = false;
  bool fence_device = false;
  bool connection = false;        // ocf:pacemaker:remote
  bool guest_connection = false;  // connection with a launcher (meta `container`)
  bool internal = false;          // implicit: guest connection or bundle part
  bool bundled = false;           // inside a bundle (instance below its clone, container, IP, connection)
  bool in_container = false;      // an instance of a bundle's contained primitive (not the implicit parts): what
                                  // the specification calls a bundled resource where it masks history
  bool nesting_allowed = false;   // bundle connection
  bool exclusive_discovery = false;
  bool has_exclusive_location = false;  // (kept for the clone probes of spec 04 §8.1; same flag for now)
  bool group_ordered = true;
  bool group_collocated = true;
  bool disabled = false;  // spec 01 §13.6, for display

  // What history says (spec 02).
  Role role = Role::kStopped;  // current role
  Role next_role = Role::kUnknown;
  std::vector<NodeId> active;    // current nodes, order of discovery
  std::vector<NodeId> known_on;  // state known (probed)
  Symbol pending_operation = Symbol::kNone;
  uint32_t pending_interval_ms = 0;
  NodeId pending_node;
  NodeId lock_node;
  int64_t lock_time_s = 0;
  NodeId migration_source;  // partial migration
  NodeId migration_target;
  std::vector<NodeId> dangling;  // dangling migration sources, front first

  // Links.
  ResourceId launcher;
  std::vector<ResourceId> launched;

  // Placement.
  Row row;
  bool assigned = false;  // decision taken (possibly "no node")
  bool assigning = false;
  bool merging = false;                 // spec 03 §10.2.1
  NodeId node;                          // assigned node, none if not (yet) assigned to one
  Score node_score;                     // score the node had in the row when assigned
  int32_t sort_index = 0;               // promotion (spec 04 §9.4)
  std::vector<LocationId> locations;    // newest first
  std::vector<ColocationId> this_with;  // own list, sorted (spec 03 §6.4)
  std::vector<ColocationId> with_this;
  std::vector<int32_t> tickets;  // indices into Run::ticket_constraints

  // Actions.
  std::vector<ActionId> actions;  // creation order; "newest first" walks it backwards
  bool restarting = false;
  bool stop_unexpected = false;
  bool reloading = false;

  std::optional<CloneData> clone;
  std::optional<BundleData> bundle;

  bool is_primitive() const { return variant == Variant::kPrimitive; }
  bool is_clone() const { return variant == Variant::kClone; }
  bool is_group() const { return variant == Variant::kGroup; }
  bool is_bundle() const { return variant == Variant::kBundle; }
};

}  // namespace picket::solver
