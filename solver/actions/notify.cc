#include "solver/actions/notify.h"

#include <array>
#include <string>
#include <utility>

#include "solver/actions/create.h"
#include "solver/actions/resource_actions.h"
#include "solver/actions/stages.h"
#include "solver/model/merge_sort.h"
#include "solver/model/query.h"
#include "solver/order/order.h"

namespace picket::solver {
namespace {

// Positions in CloneData::notify[operation].
enum Point { kPre, kConfirmedPre, kPost, kConfirmedPost };

// The names that one operation has.
struct Names {
  Symbol operation;
  Symbol completion;
  Symbol points[4];
  Symbol pre_operation;   // of an instance
  Symbol post_operation;  // of an instance
};

constexpr Names kNames[4] = {
    {Symbol::kStart,
     Symbol::kRunning,
     {Symbol::kPreNotifyStart, Symbol::kConfirmedPreNotifyStart, Symbol::kPostNotifyRunning,
      Symbol::kConfirmedPostNotifyRunning},
     Symbol::kPreNotifyStart,
     Symbol::kPostNotifyStart},
    {Symbol::kStop,
     Symbol::kStopped,
     {Symbol::kPreNotifyStop, Symbol::kConfirmedPreNotifyStop, Symbol::kPostNotifyStopped,
      Symbol::kConfirmedPostNotifyStopped},
     Symbol::kPreNotifyStop,
     Symbol::kPostNotifyStop},
    {Symbol::kPromote,
     Symbol::kPromoted,
     {Symbol::kPreNotifyPromote, Symbol::kConfirmedPreNotifyPromote, Symbol::kPostNotifyPromoted,
      Symbol::kConfirmedPostNotifyPromoted},
     Symbol::kPreNotifyPromote,
     Symbol::kPostNotifyPromote},
    {Symbol::kDemote,
     Symbol::kDemoted,
     {Symbol::kPreNotifyDemote, Symbol::kConfirmedPreNotifyDemote, Symbol::kPostNotifyDemoted,
      Symbol::kConfirmedPostNotifyDemoted},
     Symbol::kPreNotifyDemote,
     Symbol::kPostNotifyDemote},
};

const Names& NamesOf(Notified operation) {
  return kNames[static_cast<size_t>(operation)];
}

// A pair pseudo-action and its confirmation, between which the instances are notified; either may be missing.
struct Gate {
  ActionId open;
  ActionId confirmed;
};

struct Gates {
  Gate pre;
  Gate post;
};

// One of the two halves: `notify`, then `notified`.
Gate RequestGate(Run& run, ResourceId resource, Symbol open, Symbol confirmed, bool optional, bool runnable) {
  Gate gate;
  gate.open = RequestPseudo(run, resource, open, optional, runnable, Symbol::kNotify);
  gate.confirmed = RequestPseudo(run, resource, confirmed, optional, runnable, Symbol::kNotified);
  return gate;
}

// `type`: `pre` or `post`; `key_operation`: the action notified about, `operation` or its completion.
void DescribeGate(Run& run, const Gate& gate, std::string_view type, Symbol operation, Symbol key_operation) {
  const std::string confirmed_type = "confirmed-" + std::string(type);
  for (const auto& [action, key_type] :
       {std::pair<ActionId, std::string_view>{gate.open, type}, {gate.confirmed, confirmed_type}}) {
    SetMeta(run, action, "notify_key_type", key_type);
    SetMeta(run, action, "notify_key_operation", run.symbols.Text(key_operation));
    SetMeta(run, action, "notify_type", type);
    SetMeta(run, action, "notify_operation", run.symbols.Text(operation));
  }
}

void FinishPost(Run& run, const Gate& post, ActionId completion) {
  run.at(post.open).priority = kTopPriority;
  run.at(post.confirmed).priority = kTopPriority;
  Link(run, completion, post.open, kind::kPush);
  Link(run, post.open, post.confirmed, kind::kPush);
}

// --- what the notified are told

struct Entry {
  ResourceId resource;
  NodeId node;
};
using Entries = std::vector<Entry>;

// The lists of spec 04 §10.2.
struct Lists {
  Entries inactive, active, unpromoted, promoted;
  std::array<Entries, 4> acting;  // by Notified
};

void AddState(const Run& run, ResourceId primitive, Lists& lists) {
  const Resource& resource = run.at(primitive);
  const Entry entry{primitive, resource.active.empty() ? NodeId() : resource.active.front()};
  switch (resource.role) {
    case Role::kStopped:
      lists.inactive.push_back({primitive, NodeId()});
      break;
    case Role::kStarted:
      lists.active.push_back(entry);
      break;
    case Role::kUnpromoted:
      lists.active.push_back(entry);
      lists.unpromoted.push_back(entry);
      break;
    case Role::kPromoted:
      lists.active.push_back(entry);
      lists.promoted.push_back(entry);
      break;
    case Role::kUnknown:
      break;
  }
}

void AddActions(const Run& run, ResourceId primitive, Lists& lists) {
  for (const ActionId id : run.at(primitive).actions) {
    const Action& action = run.at(id);
    if (action.optional || !action.node.valid()) continue;
    for (size_t i = 0; i < lists.acting.size(); ++i) {
      if (action.name != kNames[i].operation) continue;
      const bool implied = action.name == Symbol::kStop && run.at(action.node).unclean;
      if (action.runnable || implied) lists.acting[i].push_back({primitive, action.node});
    }
  }
}

Lists Collect(const Run& run, ResourceId clone) {
  Lists lists;
  ForEachPrimitive(run, clone, [&](ResourceId primitive) {
    AddState(run, primitive, lists);
    AddActions(run, primitive, lists);
  });
  const auto compare = [&run](const Entry& a, const Entry& b) {
    if (const int order = run.at(a.resource).id.compare(run.at(b.resource).id); order != 0) return order;
    if (!a.node.valid() || !b.node.valid()) return static_cast<int>(a.node.valid()) - static_cast<int>(b.node.valid());
    return run.at(a.node).id.compare(run.at(b.node).id);
  };
  for (Entries* entries : {&lists.inactive, &lists.active, &lists.unpromoted, &lists.promoted}) {
    MergeSort(*entries, compare);
  }
  for (Entries& entries : lists.acting) MergeSort(entries, compare);
  return lists;
}

void Append(std::string& text, std::string_view word) {
  if (!text.empty()) text += ' ';
  text += word;
}

std::string OneSpaceIfEmpty(std::string text) {
  return text.empty() ? " " : std::move(text);
}

// `KEY_resource` and, unless it is only about resources, `KEY_uname`: position by position, one entry per
// resource.
void AddLists(const Run& run, const Entries& entries, std::string_view key, bool with_nodes, Table& target) {
  std::string resources;
  std::string nodes;
  ResourceId last;
  for (const Entry& entry : entries) {
    if (with_nodes && !entry.node.valid()) continue;
    if (entry.resource == last) continue;
    last = entry.resource;
    Append(resources, run.at(entry.resource).id);
    if (with_nodes) Append(nodes, run.at(entry.node).name);
  }
  const std::string prefix = "notify_" + std::string(key);
  target.Set(prefix + "_resource", OneSpaceIfEmpty(std::move(resources)));
  if (with_nodes) target.Set(prefix + "_uname", OneSpaceIfEmpty(std::move(nodes)));
}

// Nodes in display order, those that `accept` takes.
template <typename Accept, typename Name>
std::string NodeList(const Run& run, Accept accept, Name name) {
  std::string text;
  for (const NodeId node : run.node_order) {
    if (accept(node)) Append(text, run.at(name(node)).name);
  }
  return OneSpaceIfEmpty(std::move(text));
}

// The keys of spec 04 §10.3, without the CRM_meta_ prefix.
Table NotificationKeys(const Run& run, ResourceId clone, const Lists& lists) {
  Table keys;
  AddLists(run, lists.acting[static_cast<size_t>(Notified::kStop)], "stop", true, keys);
  AddLists(run, lists.acting[static_cast<size_t>(Notified::kStart)], "start", true, keys);
  AddLists(run, lists.acting[static_cast<size_t>(Notified::kDemote)], "demote", true, keys);
  AddLists(run, lists.acting[static_cast<size_t>(Notified::kPromote)], "promote", true, keys);
  AddLists(run, lists.active, "active", true, keys);
  AddLists(run, lists.unpromoted, "unpromoted", true, keys);
  AddLists(run, lists.unpromoted, "slave", true, keys);
  AddLists(run, lists.promoted, "promoted", true, keys);
  AddLists(run, lists.promoted, "master", true, keys);
  AddLists(run, lists.inactive, "inactive", false, keys);

  const auto any = [](NodeId) { return true; };
  const auto itself = [](NodeId node) { return node; };
  const Row& row = run.at(clone).row;
  keys.Set("notify_available_uname", NodeList(
                                         run, [&row](NodeId node) { return row.Find(node) != nullptr; }, itself));
  keys.Set("notify_all_uname", NodeList(run, any, itself));
  if (run.at(clone).meta.Get("container-attribute-target") == "host") {
    keys.Set("notify_all_hosts", NodeList(run, any, [&run](NodeId node) {
               const ResourceId launcher = LauncherOf(run, node);
               const NodeId host = launcher.valid() ? CurrentNode(run, launcher) : NodeId();
               return host.valid() ? host : node;
             }));
  }
  return keys;
}

void AddKeys(Run& run, ActionId action, const Table& keys) {
  for (const auto& [name, value] : keys) SetMeta(run, action, name, value);
}

// --- the operations

// One round: which operation, between which gates, telling what.
struct Round {
  Notified operation;
  Gates gates;
  const Table& keys;
};

// Spec 04 §10.5.
ActionId NotifyInstance(Run& run, ResourceId instance, NodeId node, const Gate& gate, Symbol key_operation,
                        const Table& keys) {
  if (!gate.open.valid() || !gate.confirmed.valid()) return {};
  if (!run.at(node).online || !run.at(gate.open).runnable) return {};
  const ActionId action =
      RequestAction(run, instance, key_operation, 0, node, run.at(gate.open).optional, Symbol::kNotify);
  const Table inherited = run.at(gate.open).meta;
  for (const auto& [name, value] : inherited) run.at(action).meta.Add(name, value);
  AddKeys(run, action, keys);
  Link(run, gate.open, action, kind::kSeq);
  Link(run, action, gate.confirmed, kind::kSeq);
  return action;
}

void NotifyBefore(Run& run, ResourceId instance, NodeId node, const Round& round) {
  NotifyInstance(run, instance, node, round.gates.pre, NamesOf(round.operation).pre_operation, round.keys);
}

void NotifyAfter(Run& run, ResourceId instance, NodeId node, const Round& round) {
  const ActionId action =
      NotifyInstance(run, instance, node, round.gates.post, NamesOf(round.operation).post_operation, round.keys);
  if (action.valid()) run.at(action).priority = kTopPriority;
  if (!round.gates.post.confirmed.valid()) return;
  const std::vector<ActionId> actions = run.at(instance).actions;
  for (auto it = actions.rbegin(); it != actions.rend(); ++it) {
    if (run.at(*it).interval_ms != 0 && run.at(*it).name != Symbol::kCancel) {
      Link(run, round.gates.post.confirmed, *it, kind::kSeq);
    }
  }
}

// Spec 04 §10.4 step 3: everything active is told, what stops only before.
void NotifyActive(Run& run, ResourceId instance, const Round& round) {
  if (run.at(instance).role == Role::kStopped) return;
  const ActionId stop = NewestNamed(run, instance, Symbol::kStop);
  const std::vector<NodeId> current = run.at(instance).active;
  for (const NodeId node : current) {
    if (stop.valid() && run.at(stop).pseudo && (run.at(node).unclean || run.at(node).needs_reset)) continue;
    NotifyBefore(run, instance, node, round);
    if (round.operation == Notified::kDemote || !stop.valid() || run.at(stop).optional) {
      NotifyAfter(run, instance, node, round);
    }
  }
}

// Spec 04 §10.4 step 4: everything that will be active is told, what starts only afterwards.
void NotifyToBeActive(Run& run, ResourceId instance, const Round& round) {
  if (run.at(instance).next_role == Role::kStopped) return;
  const ActionId start = NewestNamed(run, instance, Symbol::kStart);
  if (start.valid() && run.at(start).node.valid() && run.at(run.at(start).node).remote) {
    const ResourceId connection = run.at(run.at(start).node).connection;
    const ActionId connecting = connection.valid() ? NewestNamed(run, connection, Symbol::kStart) : ActionId();
    if (connecting.valid() && !run.at(connecting).runnable) return;
  }
  const NodeId node = run.at(instance).node;
  if (!node.valid()) return;
  if (round.operation == Notified::kPromote || !start.valid() || run.at(start).optional) {
    NotifyBefore(run, instance, node, round);
  }
  NotifyAfter(run, instance, node, round);
}

void NotifyPrimitive(Run& run, ResourceId instance, const Round& round, bool list_empty) {
  const std::vector<ActionId> actions = run.at(instance).actions;
  for (const ActionId id : actions) {
    const Action& action = run.at(id);
    if (action.optional || !action.node.valid()) continue;
    if (action.name == Symbol::kStart || action.name == Symbol::kStop || action.name == Symbol::kPromote ||
        action.name == Symbol::kDemote) {
      AddKeys(run, id, round.keys);
    }
  }
  switch (round.operation) {
    case Notified::kStop:
      return NotifyActive(run, instance, round);
    case Notified::kDemote:
      return list_empty ? void() : NotifyActive(run, instance, round);
    case Notified::kStart:
    case Notified::kPromote:
      return list_empty ? void() : NotifyToBeActive(run, instance, round);
  }
}

std::vector<ResourceId> Primitives(const Run& run, ResourceId resource) {
  std::vector<ResourceId> found;
  ForEachPrimitive(run, resource, [&found](ResourceId primitive) { found.push_back(primitive); });
  return found;
}

}  // namespace

void CreateNotificationPoints(Run& run, ResourceId clone, Notified operation, ActionId action, ActionId completion) {
  const size_t index = static_cast<size_t>(operation);
  if (run.at(clone).clone->notify[index][kPre].valid()) return;
  const Names& names = NamesOf(operation);

  const Gate pre =
      RequestGate(run, clone, names.points[kPre], names.points[kConfirmedPre], run.at(action).optional, true);
  DescribeGate(run, pre, "pre", names.operation, names.operation);
  Link(run, pre.open, pre.confirmed, kind::kSeq);
  Link(run, pre.confirmed, action, kind::kSeq);

  const Gate post = RequestGate(run, clone, names.points[kPost], names.points[kConfirmedPost],
                                run.at(completion).optional, run.at(completion).runnable);
  DescribeGate(run, post, "post", names.operation, names.completion);
  FinishPost(run, post, completion);
  Link(run, pre.confirmed, post.open, kind::kSeq);

  ActionId* points = run.at(clone).clone->notify[index];
  points[kPre] = pre.open;
  points[kConfirmedPre] = pre.confirmed;
  points[kPost] = post.open;
  points[kConfirmedPost] = post.confirmed;
}

void LinkNotifications(Run& run, ResourceId clone, Notified before, Notified after) {
  const auto& notify = run.at(clone).clone->notify;
  const ActionId first = notify[static_cast<size_t>(before)][kConfirmedPost];
  const ActionId then = notify[static_cast<size_t>(after)][kPre];
  if (first.valid() && then.valid()) Link(run, first, then, kind::kSeq);
}

void NotifyImpliedStop(Run& run, ResourceId resource, ActionId stop, ActionId fencing) {
  Gates gates;
  gates.post = RequestGate(run, resource, Symbol::kPostNotifyStonith, Symbol::kConfirmedPostNotifyStonith,
                           run.at(fencing).optional, run.at(fencing).runnable);
  DescribeGate(run, gates.post, "post", Symbol::kStop, Symbol::kStonith);
  FinishPost(run, gates.post, fencing);

  Table keys;
  keys.Set("notify_stop_resource", run.at(resource).id);
  keys.Set("notify_stop_uname", run.at(run.at(stop).node).name);
  const Round round{Notified::kStop, gates, keys};
  for (const ResourceId primitive : Primitives(run, Top(run, resource))) NotifyPrimitive(run, primitive, round, false);
}

void CreateNotifications(Run& run, ResourceId clone) {
  if (!run.at(clone).notify || !run.at(clone).clone) return;
  const std::vector<ResourceId> primitives = Primitives(run, clone);
  for (const Notified operation : {Notified::kStart, Notified::kStop, Notified::kPromote, Notified::kDemote}) {
    const size_t index = static_cast<size_t>(operation);
    const Lists lists = Collect(run, clone);
    const Table keys = NotificationKeys(run, clone, lists);
    const bool list_empty = lists.acting[index].empty();
    const ActionId* points = run.at(clone).clone->notify[index];
    const Gates gates{{points[kPre], points[kConfirmedPre]}, {points[kPost], points[kConfirmedPost]}};
    if (!list_empty) {
      for (const ActionId point : {gates.pre.open, gates.pre.confirmed, gates.post.open, gates.post.confirmed}) {
        if (point.valid()) run.at(point).optional = false;
      }
    }
    const Round round{operation, gates, keys};
    for (const ResourceId primitive : primitives) NotifyPrimitive(run, primitive, round, list_empty);
  }
}

}  // namespace picket::solver
