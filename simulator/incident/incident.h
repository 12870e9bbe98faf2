// From a series of saved scheduler inputs to the words of a `test` that reproduces what happened.
//
// What changed in the status from one input to the next is told as faults: a node lost or back, an operation that
// failed, a standby, a ticket, an attribute. Where resources ended up is told as expectations, before the next fault
// and at the end. What the language has no word for is told as a comment. Pure: values in, lines out; whether the test
// holds on the policy is for the caller to find out by playing it.
#pragma once

#include <string>
#include <vector>

#include "solver/model/cluster.h"
#include "solver/model/state.h"

namespace picket::simulator::incident {

struct Input {
  std::string name;  // of the file, for comments
  solver::Cluster cluster;
  solver::State state;
};

enum class LineKind { kFault, kGiven, kExpect, kComment };
struct Line {
  LineKind kind = LineKind::kComment;
  std::string text;  // `kill ha1`, `expect running web on ha2`, or the words of a comment
};

// The steps of the test, in order. At least one input.
std::vector<Line> StepsOf(const std::vector<Input>& inputs);

// `test "NAME" { … }`; `disabled` says which lines are written as comments.
std::string TestText(const std::string& name, const std::vector<Line>& steps, const std::vector<bool>& disabled);

}  // namespace picket::simulator::incident
