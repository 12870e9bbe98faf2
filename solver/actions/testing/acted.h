// A small cluster for tests of actions, from a few words to the actions that its resources get.
//
//     const Acted acted({.resources = Dummy("A"), .history = "A@n1:start", .constraints = Pin("A", "n2")});
//     CHECK(acted.Of("A") == "stop n1, start n2");
//     CHECK(acted.Summary() == "Move A ( n1 -> n2 )");
//
// It is read as any CIB is and goes through all stages. What Of() tells is how things are when all actions
// exist and before orderings make some of them required, because that is what this room answers for.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "solver/actions/summary.h"
#include "solver/graph/transition.h"
#include "solver/model/run.h"

namespace picket::solver::testing {

struct Scene {
  // Words. `n3:down` has left cleanly, `n3:lost` has not, `n3:leaving` is shutting down.
  std::string nodes = "n1 n2";
  std::string resources;  // XML
  // `RSC@NODE:OP,OP,…`: operations in order of execution. `monitor/10` recurs every 10 s, `start!5` gave
  // rc 5.
  std::string history = {};
  std::string constraints = {};  // XML
  // Words `name=value`. Without others: no fencing, no start-up probes.
  std::string options = {};
};

// XML. `meta` are words `name=value`, `operations` words as in a history, `monitor/10=Promoted` for a role.
std::string Dummy(std::string_view id, std::string_view meta = {}, std::string_view operations = {});
std::string Clone(std::string_view id, std::string_view child, std::string_view meta = {});
std::string Group(std::string_view id, std::string_view members, std::string_view meta = {});
// A location constraint of INFINITY on the node.
std::string Pin(std::string_view resource, std::string_view node);

class Acted {
 public:
  explicit Acted(const Scene& scene);

  // The actions of a resource in order of creation, `OP NODE` with commas between; `[…]` optional, `!`
  // unrunnable,
  // `~` pseudo. Without resource: fencing and shutdown, by their keys.
  std::string Of(std::string_view resource) const;
  // The lines of the Transition Summary, `CHANGE ID ( DETAILS ) REASON` with `; ` between.
  std::string Summary() const;
  // All keys, oldest first, separated by spaces.
  std::string Keys() const;
  // A meta-attribute of the action with that key (on that node, if given); `-` if it has none, `?` without
  // action.
  std::string MetaOf(std::string_view key, std::string_view name, std::string_view node = {}) const;

  const Run& run() const { return run_; }
  const Transition& transition() const { return transition_; }

 private:
  Cluster cluster_;
  State state_;
  Run run_;
  Transition transition_;
  std::map<std::string, std::string, std::less<>> actions_;
};

}  // namespace picket::solver::testing
