// The transient attributes of a node (09 §11).
//
// Works on values that the caller owns and knows no time of its own. Cost: the attributes of the node.
#pragma once

#include <string>
#include <string_view>

#include "execution/history/style.h"
#include "solver/model/state.h"

namespace picket::execution {

// Overwrites in place or appends.
void OverwriteAttribute(solver::Attributes& attributes, std::string_view name, std::string_view value);
// Characters that an XML id may not have become dots.
std::string XmlId(std::string text);

void StoreTransient(solver::NodeState& node, std::string_view name, std::string_view value, const Style& style = kLive);
void EraseTransient(solver::NodeState& node, std::string_view name);
// All of them, utilization included.
void ForgetTransient(solver::NodeState& node);
// nullptr: not set.
const std::string* FindTransient(const solver::NodeState& node, std::string_view name);

}  // namespace picket::execution
