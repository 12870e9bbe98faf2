// What the parts of the agent check share: the rules, places, and the words
// for an agent.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/check/agents.h"

namespace picket::compiler {

struct AgentReport {
  const AgentRules& rules;
  const Symbols& symbols;
  const SourceMap& sources;
  Diagnostics& diagnostics;

  /// A mistake: an error, or a warning where the lock may not be the nodes'.
  Diagnostic& Mistake(std::string_view code, const Span& span, std::string message) {
    return rules.errors ? diagnostics.Error(code, span, std::move(message))
                        : diagnostics.Warning(code, span, std::move(message));
  }

  /// `fence_ipmilan (fence-agents 4.12.1-1, agents.lock)`.
  std::string Source(const agents::Agent& agent) const {
    std::string inner = rules.lock.PackageOf(agent);
    inner += (inner.empty() ? "" : ", ") + rules.origin;
    return std::string(agents::TypeOf(agent.name)) + " (" + inner + ')';
  }

  std::string ShowHint(const agents::Agent& agent) const {
    return "`picket agents show " + agent.name + "` lists what it has";
  }

  /// The place of a resource's name.
  Span NameOf(std::string_view id) const {
    const Symbol* symbol = symbols.Find(id);
    return symbol != nullptr ? symbol->span : Span{};
  }
};

/// "`a`, `b` and `c`".
std::string ListOf(const std::vector<std::string>& names, std::string_view last = "and");

}  // namespace picket::compiler
