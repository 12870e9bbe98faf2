// State: what happened. A value: copied per node on write, comparable, without XML.
//
// Everything that a fault or a day-to-day verb can change is here: quorum, membership, history, attributes,
// tickets. Node states are shared until changed: to change one, copy it and put the copy in. Raw attributes
// are kept beside the parsed fields so that what is not interpreted survives writing
// (solver/cib/write_state.h). Spec 01 §8, §12.1; 02 §1.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "solver/model/cluster.h"
#include "solver/model/shared_list.h"
#include "solver/model/table.h"

namespace picket::solver {

// A point in time: seconds since 1970 and the offset in which its calendar fields are read.
struct Instant {
  int64_t epoch_s = 0;
  int32_t offset_s = 0;
  friend bool operator==(const Instant&, const Instant&) = default;
};

// One lrm_rsc_op. `attributes` is the truth; the other fields are parsed from it by Parse() in read_state.h
// and must be refreshed when it changes.
struct HistoryEntry {
  Attributes attributes;
  std::string id;
  std::string operation;
  std::string key;  // operation_key, or id where that is absent or empty
  uint32_t interval_ms = 0;
  int32_t call_id = -1;
  std::optional<int> rc;      // rc-code
  std::optional<int> status;  // op-status
  std::optional<int64_t> last_rc_change_s;
  std::string on_node;

  std::string_view Get(std::string_view name) const { return AttributeOr(attributes, name); }
  bool Has(std::string_view name) const { return FindAttribute(attributes, name) != nullptr; }
};

// One lrm_resource.
struct ResourceHistory {
  std::string id;
  Attributes attributes;  // id, type, class, provider, container, shutdown-lock, …
  std::vector<HistoryEntry> entries;
};

// One node_state.
struct NodeState {
  Attributes attributes;  // id, uname, in_ccm, crmd, join, expected, node_fenced, …
  std::string id;
  std::optional<std::string> uname;
  bool has_transient = false;  // a transient_attributes element is there
  NvBlocks transient;          // its instance_attributes, precedence order
  std::string transient_id;    // id of transient_attributes
  NvBlocks transient_utilization;
  bool has_history = false;             // an lrm element is there
  SharedList<ResourceHistory> history;  // document order

  std::string_view Get(std::string_view name) const { return AttributeOr(attributes, name); }
  bool Has(std::string_view name) const { return FindAttribute(attributes, name) != nullptr; }
};

struct TicketState {
  std::string id;
  Attributes attributes;  // all but id: granted, standby, last-granted, …
};

struct State {
  // The effective time. Where the input gives none, the edge has put in the wall clock.
  Instant now;
  std::optional<std::string> have_quorum;  // cib/@have-quorum as written
  std::string dc_uuid;
  int64_t no_quorum_panic = 0;
  std::optional<std::string> watchdog;                  // overrides the option have-watchdog (simulate -w)
  std::vector<std::shared_ptr<const NodeState>> nodes;  // document order
  std::vector<TicketState> tickets;                     // document order over all <tickets>
  // Position of the tickets among the node states is not kept: neither reads the other.
  std::vector<NodeDef> added_nodes;  // configured by an injection (simulate -u), after Cluster::nodes

  // From-file runs accept a matching secure digest (spec 06 §12.1 "sanitized").
  bool sanitized = true;
};

}  // namespace picket::solver
