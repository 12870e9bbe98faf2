// A node during one run: configuration, membership and flags (spec 01 §7, §8).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "solver/model/ids.h"
#include "solver/model/score.h"
#include "solver/model/table.h"

namespace picket::solver {

enum class ProbeMode : uint8_t { kAlways, kNever, kExclusive };  // ordered by strength (spec 03 §4.5)

struct Node {
  NodeId self;
  std::string id;         // compared without case
  std::string name;       // compared without case
  bool ping = false;      // known to releases before 3.0: nothing runs there, never fenced
  bool remote = false;    // remote kind: remote, guest or bundle node
  ResourceId connection;  // its ocf:pacemaker:remote resource, if linked
  Score base_score;
  ProbeMode probe_mode = ProbeMode::kAlways;  // kNever for bundle nodes
  bool probes_allowed = true;                 // resource-discovery-enabled (remote kinds)

  bool online = false;
  bool shutting_down = false;
  bool pending = false;
  bool standby = false;
  bool standby_on_fail = false;
  bool maintenance = false;
  bool seen = false;
  bool expected_up = false;
  bool unclean = false;
  bool is_dc = false;

  // Remote kinds only.
  bool recorded_fenced = false;     // node_fenced > 0
  bool needs_reset = false;         // to be reset
  bool remote_maintenance = false;  // node_in_maintenance > 0
  bool history_read = false;

  Table attributes;
  Table utilization;                                      // as configured
  std::vector<std::pair<std::string, int64_t>> capacity;  // remaining utilization; missing ones are created
  int32_t priority = 0;                                   // spec 02 §15.1
  std::vector<ResourceId> running;                        // primitives recorded active here, in order
  int32_t assigned_count = 0;                             // primitives assigned here so far
  int32_t state_index = -1;                               // index into State::nodes, -1 if none
};

}  // namespace picket::solver
