// What-if changes before a run: what is asked for, and what came of it (spec 06 §12.3).
//
// Requests are applied in a fixed order, whatever order they were given in; within one kind the given order
// counts. What happens is told as events in that order; simulator/text makes the words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "simulator/inject/state_editor.h"
#include "solver/model/run.h"

namespace picket::simulator {

struct Modifications {
  std::optional<std::string> quorum;          // -q; alone it does nothing
  std::optional<std::string> watchdog;        // -w
  std::vector<std::string> nodes_up;          // -u
  std::vector<std::string> nodes_down;        // -d
  std::vector<std::string> nodes_fail;        // -f
  std::vector<std::string> tickets_grant;     // -g
  std::vector<std::string> tickets_revoke;    // -r
  std::vector<std::string> tickets_standby;   // -b
  std::vector<std::string> tickets_activate;  // -e
  std::vector<std::string> operations;        // -i, RSC_OP_INTERVAL@NODE=RC

  bool any() const;
};

struct QuorumSet {
  std::string value;
};
struct WatchdogSet {
  std::string value;
};
enum class NodeChange { kOnline, kOffline, kFailing };
struct NodeModified {
  NodeChange change;
  std::string node;
};
enum class TicketChange { kGranting, kRevoking, kStandby, kActivating };
struct TicketModified {
  TicketChange change;
  std::string ticket;
};
struct OperationInjected {
  std::string spec;
};
struct AttributeInjected {
  StoredAttribute attribute;
};
struct Complaint {
  std::string text;
};  // to stderr
using InjectionEvent =
    std::variant<QuorumSet, WatchdogSet, NodeModified, TicketModified, OperationInjected, AttributeInjected, Complaint>;

// `run` is the status before the changes: it says which resources there are.
std::vector<InjectionEvent> ApplyModifications(const Modifications& modifications, const solver::Run& run,
                                               StateEditor& editor);

// RSC_OP_INTERVAL@NODE=RC taken apart.
struct OperationSpec {
  std::string resource;
  std::string operation;
  uint32_t interval_ms = 0;
  std::string node;
  int rc = 0;
};
// `fields` gets the number of fields found: 3 for a good one.
std::optional<OperationSpec> ParseOperationSpec(std::string_view text, int& fields);

// A result that counts as a failure: not 0, and not 7 ("not running") of a probe.
inline bool CountsAsFailure(int rc, uint32_t interval_ms) {
  return rc != 0 && !(rc == 7 && interval_ms == 0);
}

}  // namespace picket::simulator
