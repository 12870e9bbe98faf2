// How a history is written: what crm_simulate, a live Pacemaker cluster and picketd do differently.
#pragma once

#include <cstdint>
#include <string_view>

namespace picket::execution {

struct Style {
  enum class Calls : uint8_t { kPerResource, kPerNode };
  enum class Pending : uint8_t {
    kInPlace,  // where the result will stand
    kBeside,   // in an entry of its own, `R_pending_0`
  };

  std::string_view debug_origin;  // crm-debug-origin; empty: not recorded
  std::string_view feature_set;   // crm_feature_set; empty: the result's own
  std::string_view transition_uuid;
  int transition = 1;             // in the transition key
  Calls calls = Calls::kPerNode;  // what a call id counts
  Pending pending = Pending::kInPlace;
  std::string_view attributes_prefix = "status-";  // of the id of a node's transient attributes
  bool finds_attributes_by_id = false;             // not by name: one with another id is no hindrance
  bool keeps_unknown_fields = false;  // an entry that is written again keeps the fields that the result does not set
  bool records_everything = false;    // notifications and cancels too
  bool fails_by_rc_alone = false;     // whatever the status, degraded or not
  bool names_node = true;             // on_node is written (07 G-1)
  bool plain_attribute_ids = false;   // of an attribute's name only `#` and `:` are replaced in its id (07 G-2)
  bool stop_forgets_monitors = false;
  bool failed_monitor_replaces_good = false;  // its failure stands in `R_monitor_INTERVAL` too
};

// crm_simulate (06 §13.4).
extern const Style kCrmSimulate;
// A live cluster (09 §8).
extern const Style kLive;
// picketd.
extern const Style kPicketd;

}  // namespace picket::execution
