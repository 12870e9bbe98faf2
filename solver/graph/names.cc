#include "solver/graph/names.h"

#include "solver/model/query.h"

namespace picket::solver {
namespace {

// `HISTORYID_NAME_INTERVAL`; a cancel goes by what it cancels.
void AppendHistoryKey(const Run& run, const Action& action, std::string& out) {
  const Symbol name = action.name == Symbol::kCancel ? action.cancelled : action.name;
  out += run.at(action.resource).history_id;
  out += '_';
  out += run.symbols.Text(name);
  out += '_';
  out += std::to_string(action.interval_ms);
}

// `HISTORYID_TYPE_notify_OPERATION_0` with the two words from the action's meta-attributes.
void AppendNotifyKey(const Run& run, const Action& action, std::string_view type, std::string_view operation,
                     std::string& out) {
  out += run.at(action.resource).history_id;
  out += '_';
  out += action.meta.Get(type);
  out += "_notify_";
  out += action.meta.Get(operation);
  out += "_0";
}

bool HasHistoryId(const Run& run, const Action& action) {
  return action.resource.valid() && !run.at(action.resource).history_id.empty();
}

}  // namespace

std::string_view ElementName(const Action& action) {
  switch (action.name) {
    case Symbol::kStonith:
      return action.pseudo ? "pseudo_event" : "crm_event";
    case Symbol::kDoShutdown:
    case Symbol::kClearFailcount:
    case Symbol::kLrmDelete:
      return "crm_event";
    default:
      return action.pseudo ? "pseudo_event" : "rsc_op";
  }
}

bool HasNodeAttributes(const Action& action) {
  return action.name == Symbol::kStonith || ElementName(action) != "pseudo_event";
}

void AppendPrintedKey(const Run& run, ActionId id, std::string& out) {
  const Action& action = run.at(id);
  if (!HasHistoryId(run, action)) {
    AppendKeyText(run, id, out);
  } else if (action.name == Symbol::kNotify) {
    AppendNotifyKey(run, action, "notify_type", "notify_operation", out);
  } else {
    AppendHistoryKey(run, action, out);
  }
}

std::string DotName(const Run& run, ActionId id, bool with_id) {
  const Action& action = run.at(id);
  std::string host;
  if (action.node.valid()) {
    host = run.at(action.node).name;
  } else if (!action.pseudo) {
    host = "<none>";
  }
  const bool notification = action.name == Symbol::kNotify || action.name == Symbol::kNotified;
  std::string name;
  if (action.name == Symbol::kStonith) {
    name = "stonith '" + std::string(action.meta.Get("stonith_action")) + "'";
  } else if (!action.resource.valid() && !host.empty()) {
    name = run.symbols.Text(action.name);
  } else {
    if (action.name == Symbol::kCancel) name = "Cancel ";
    if (!HasHistoryId(run, action)) {
      AppendKeyText(run, id, name);
    } else if (notification) {
      AppendNotifyKey(run, action, "notify_key_type", "notify_key_operation", name);
    } else {
      AppendHistoryKey(run, action, name);
    }
  }
  if (!host.empty()) {
    name += ' ';
    name += host;
  }
  if (with_id) name += " (" + std::to_string(id.value + 1) + ")";
  return name;
}

}  // namespace picket::solver
