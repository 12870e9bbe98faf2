// Status and root attributes of a document as a State (spec 01 §2.1, §2.2, §8.3, §12.1; 02 §1).
#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "solver/cib/dates.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/cib/read_parts.h"
#include "solver/cib/values.h"

namespace picket::solver {
namespace {

int32_t Clipped(int64_t value) {
  return static_cast<int32_t>(
      std::clamp<int64_t>(value, std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max()));
}

std::optional<int> OptionalInteger(const HistoryEntry& entry, std::string_view name) {
  const std::string* text = FindAttribute(entry.attributes, name);
  const auto value = text != nullptr ? ParseInteger(*text) : std::nullopt;
  if (!value) return std::nullopt;
  return Clipped(*value);
}

ResourceHistory ReadHistory(pugi::xml_node element) {
  ResourceHistory history{element.attribute("id").value(), ReadAttributes(element), {}};
  for (const pugi::xml_node child : element.children("lrm_rsc_op")) {
    HistoryEntry& entry = history.entries.emplace_back();
    entry.attributes = ReadAttributes(child);
    RefreshEntry(entry);
  }
  return history;
}

std::shared_ptr<const NodeState> ReadNodeState(const PartReader& parts, pugi::xml_node element) {
  auto state = std::make_shared<NodeState>();
  state->attributes = ReadAttributes(element);
  state->id = element.attribute("id").value();
  if (const pugi::xml_attribute uname = element.attribute("uname")) state->uname = uname.value();
  if (const pugi::xml_node transient = element.child("transient_attributes")) {
    state->has_transient = true;
    state->transient_id = transient.attribute("id").value();
    state->transient = parts.ReadNvBlocks(transient, "instance_attributes");
    state->transient_utilization = parts.ReadNvBlocks(transient, "utilization");
  }
  if (const pugi::xml_node lrm = element.child("lrm")) {
    state->has_history = true;
    for (const pugi::xml_node resource : lrm.child("lrm_resources").children("lrm_resource")) {
      state->history.Append(ReadHistory(resource));
    }
  }
  return state;
}

TicketState ReadTicket(pugi::xml_node element) {
  TicketState ticket{element.attribute("id").value(), {}};
  for (const pugi::xml_attribute attribute : element.attributes()) {
    if (std::string_view(attribute.name()) != "id") ticket.attributes.emplace_back(attribute.name(), attribute.value());
  }
  return ticket;
}

Instant EffectiveTime(pugi::xml_node root, std::optional<Instant> now, Instant wall_clock) {
  if (now) return *now;
  const int64_t recorded = ParseInteger(root.attribute("execution-date").value()).value_or(0);
  return recorded != 0 ? Instant{recorded, LocalOffset(recorded)} : wall_clock;
}

}  // namespace

void RefreshEntry(HistoryEntry& entry) {
  entry.id = entry.Get("id");
  entry.operation = entry.Get("operation");
  entry.key = entry.Get("operation_key");
  if (entry.key.empty()) entry.key = entry.id;
  // Recorded in milliseconds, without a unit.
  const int64_t interval_ms = ParseInteger(entry.Get("interval")).value_or(0);
  entry.interval_ms = static_cast<uint32_t>(std::clamp<int64_t>(interval_ms, 0, std::numeric_limits<uint32_t>::max()));
  entry.call_id = OptionalInteger(entry, "call-id").value_or(-1);
  entry.rc = OptionalInteger(entry, "rc-code");
  entry.status = OptionalInteger(entry, "op-status");
  entry.last_rc_change_s = ParseInteger(entry.Get("last-rc-change"));
  entry.on_node = entry.Get("on_node");
}

State ReadState(const pugi::xml_document& document, std::optional<Instant> now, Instant wall_clock) {
  State state;
  const PartReader parts(document, nullptr);
  const pugi::xml_node root = document.document_element();
  state.now = EffectiveTime(root, now, wall_clock);
  if (const pugi::xml_attribute quorum = root.attribute("have-quorum")) state.have_quorum = quorum.value();
  state.dc_uuid = root.attribute("dc-uuid").value();
  state.no_quorum_panic = ParseInteger(root.attribute("no-quorum-panic").value()).value_or(0);
  for (const pugi::xml_node child : OnlyElement(document, "status").children()) {
    const std::string_view name = child.name();
    if (name == "node_state") {
      state.nodes.push_back(ReadNodeState(parts, child));
    } else if (name == "tickets") {
      for (const pugi::xml_node ticket : child.children("ticket_state")) {
        if (ticket.attribute("id")) state.tickets.push_back(ReadTicket(ticket));
      }
    }
  }
  return state;
}

}  // namespace picket::solver
