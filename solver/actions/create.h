// Creating actions: the one place where an action comes into being (spec 05 §3, §4).
//
// Cost: a hash lookup and, for a new action, its operation configuration.
#pragma once

#include <optional>
#include <string>

#include "solver/model/run.h"

namespace picket::solver {

// Create-or-reuse for a resource (spec 05 §3.3). `key_operation` is the operation of the key, `interval_ms` its
// interval; the action's name is key_operation unless `name` is given (kNotify, kNotified for notifications).
// `optional` is what the requester would like. The optional and runnable updates are done also on reuse.
ActionId RequestAction(Run& run, ResourceId resource, Symbol key_operation, uint32_t interval_ms, NodeId node,
                       bool optional, Symbol name = Symbol::kNone);

// An optional or required pseudo-action of a collective, without node (spec 04 §6.1, 05 §10): create-or-reuse, then
// pseudo is set and runnable set as given.
ActionId RequestPseudo(Run& run, ResourceId resource, Symbol key_operation, bool optional, bool runnable,
                       Symbol name = Symbol::kNone);

// An action without resource found by its whole key (`one-or-more:S`, `load_stopped_n1`, `do_shutdown-n1`, …).
ActionId RequestClusterAction(Run& run, std::string_view key, std::string_view name, NodeId node, bool optional,
                              bool pseudo);

// Setting a reason (spec 05 §3.5).
void SetReason(Run& run, ActionId action, std::string_view reason, bool overwrite);
// Clears an attribute of `action` because of `cause`, with the reason `WORD [RSC ]TASK` if the two are for different
// resources; nothing if it is clear already. Gives whether something changed.
bool MakeRequired(Run& run, ActionId action, ActionId cause);
bool MakeUnrunnable(Run& run, ActionId action, ActionId cause);
bool MakeUnmigratable(Run& run, ActionId action, ActionId cause);

// The configured operation: same name and interval, first in document order; enabled ones only on request; `migrate`
// stands in for migrate_to/migrate_from (spec 05 §4.1).
const OperationDef* FindOperation(const Run& run, ResourceId resource, std::string_view name, uint32_t interval_ms,
                                  bool enabled_only);
// The meta-attributes of an action (spec 05 §4.2): timeout, interval, start-delay normalised to ms, on-fail validated.
Table OperationMeta(Run& run, ResourceId resource, std::string_view name, uint32_t interval_ms,
                    const OperationDef* operation, NodeId node);

// The failure policy as the configuration has it, valid or not; empty: none.
std::string WrittenOnFail(Run& run, ResourceId resource, std::string_view name, uint32_t interval_ms,
                          const OperationDef* operation, NodeId node);

// A cancel of the resource's recurring operation on the node (spec 05 §9.4); `call_id` only for cancels that come from
// history, which are also recorded after the resource's stop.
ActionId CancelRecurring(Run& run, ResourceId resource, NodeId node, Symbol operation, uint32_t interval_ms,
                         std::optional<std::string> call_id);
// Required clear_failcount of the resource on the node (spec 02 §6.3).
ActionId ClearFailCount(Run& run, ResourceId resource, NodeId node);
bool HasClearFailCount(const Run& run, ResourceId resource, NodeId node);

// Sets a meta-attribute of an action; before 2.1.8 a value that is there already stays (spec 07 E-9).
void SetMeta(Run& run, ActionId action, std::string_view name, std::string_view value);

}  // namespace picket::solver
