// Inside the ordering room: what its files ask of each other while actions influence one another (spec 05
// §18-§20).
//
// Everything here is plain recursion, depth first, as the specification says: a work list would give other
// reasons and other results. No action is created once propagation runs, so action ids and "newest named"
// stay as they are.
#pragma once

#include "solver/model/run.h"

namespace picket::solver {

// What an action looks like to the other side of a relation (spec 05 §19.3).
struct Effect {
  bool optional = true;
  bool runnable = true;
  bool migratable = false;
};

// Whether a step changed an attribute of the first or of the then action.
struct Change {
  bool first = false;
  bool then = false;
  Change& operator|=(Change other) {
    first = first || other.first;
    then = then || other.then;
    return *this;
  }
  bool any() const { return first || then; }
};

// 19.3 without and with a node; has side effects on actions of collectives (required, unrunnable).
Effect EffectiveAttributes(Run& run, ActionId action, NodeId node);
// The same as seen by a relation whose other side runs on `node` (may be none).
Effect EffectiveForOrdering(Run& run, ActionId action, NodeId node);

// The newest of a child's actions with that name, on `node` if that is given; `newest` is the newest on any node.
ActionId NewestOnNode(const Run& run, ResourceId child, Symbol name, NodeId node, ActionId newest);

// The name under which the instances of a collective perform `action`: completions mean their operation if
// the instances are primitives, notifications the operation they are about (04 §6.2.1).
Symbol InstanceTask(const Run& run, ActionId action);
// The completion of an operation of a collective, completions of themselves; kNone for anything else.
Symbol Completion(Symbol operation);
// The operation of a completion; any other name unchanged.
Symbol OperationOf(Symbol completion);

// 19.5, by the variant of `owner`, for one kind.
Change UpdateOrdered(Run& run, ResourceId owner, ActionId first, ActionId then, NodeId node, const Effect& effect,
                     Kinds kind);
// 19.6.
bool Interleaves(const Run& run, ActionId first, ActionId then);
Change UpdateInterleaved(Run& run, ActionId first, ActionId then, NodeId node, Kinds kind);
// Whether the collective's instances are paired with those of other collectives.
bool IsInterleaved(const Run& run, ResourceId collective);

// 19.1.
void ProcessAction(Run& run, ActionId then);
// Every action that is ordered after `action`, most recently linked first.
void ProcessAfter(Run& run, ActionId action);
// 18.2, for one action; nothing unless it is an unrunnable start or promote.
void BlockDependents(Run& run, ActionId action);

// 20.
void DropInvalid(Run& run);

}  // namespace picket::solver
