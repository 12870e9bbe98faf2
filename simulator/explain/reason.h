// What `why` answers, as data: a tree of reasons for each primitive and node, with the element behind each.
//
// Nothing here knows of lines or of the terminal: `cause` is the id of a CIB element, which the caller's source map
// turns into a place in a policy. Texts are in the words of the domain and hold names as they are: whoever prints them
// escapes them.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace picket::simulator::explain {

struct Reason {
  std::string text;
  std::string amount;  // `+100`, `-INFINITY`; empty: not a matter of scores
  std::string cause;   // id of the element behind it; empty: none has it
  std::vector<Reason> because;
};

struct NodeView {
  std::string node;
  std::string score;  // empty: not a candidate
  bool chosen = false;
  bool possible = false;  // it could run there
  std::vector<Reason> reasons;
};

// One primitive, or one instance of it.
struct PrimitiveView {
  std::string resource;  // `drbd:0`
  std::string now;       // `Started on ha1`, as it is before anything is done
  std::string outcome;   // `stays on ha1`, `starts on ha2`, `is promoted on ha2`, `does not run`
  std::string node;      // where it will be; empty: nowhere
  bool runs = false;     // it will be active, and nothing holds up its start
  bool promoted = false;
  std::vector<Reason> decisions;  // what decided, in the order of the decisions
  std::vector<NodeView> nodes;    // best first
};

struct Change {
  std::string text;  // `clean up the failures of web on ha1`
  std::string cause;
};

struct Explanation {
  std::string decided_as;  // the release of Pacemaker
  std::string resource;
  std::string kind;                   // `primitive`, `group`, `clone`, `bundle`
  std::vector<Reason> circumstances;  // of the whole cluster: no quorum, fencing, maintenance
  std::vector<PrimitiveView> parts;
  bool runs = false;                  // some part of it does (of a group: all)
  std::optional<Reason> first_cause;  // if it does not
  std::string held_up_by;             // the node whose fencing has failed, if that is the first cause
  // The smallest set of changes after which it would, tried by solving again; empty: none was found.
  std::vector<Change> remedy;
  std::vector<Change> alternatives;  // other single changes that would do
  int tried = 0;                     // how often the cluster was solved again
};

}  // namespace picket::simulator::explain
