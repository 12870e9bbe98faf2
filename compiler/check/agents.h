// What agents say about themselves, held against what a policy asks of them:
// parameters, operations, promotion.
//
// The names of agents are looked at in the tree, since a wrong one does not
// reach the CIB; everything else in the compiled CIB (configured.h), with the
// source map leading back to the line. What an `xml` statement holds is not
// checked. An agent that the lock does not know, and need not know, is not
// checked either. Costs one walk over the resources.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <vector>

#include "compiler/agents/agent.h"
#include "compiler/check/symbols.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source_map/source_map.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler {

/// The agents to check against, and how seriously.
struct AgentRules {
  const agents::Lock& lock;
  std::string origin;   ///< Where they are from: `agents.lock`, `built-in`.
  bool pinned = false;  ///< The lock is the user's own: what is not in it is not there.
  bool errors = false;  ///< Mistakes are errors; else they are warnings.
};

/// Reports what is no full name of an agent. `lock` may be null: it only knows
/// better help.
void CheckAgentNames(const std::vector<ast::Statement>& statements, const agents::Lock* lock, Diagnostics& diagnostics);

/// `set params ip=192.0.2.7 of vip` in a test.
struct EditedParameter {
  std::string resource, name, value;
  std::string id;  ///< Under which the source map has its places.
};
/// What the tests of a policy set, each with its places in `sources`.
std::vector<EditedParameter> ParametersThatTestsSet(const std::vector<ast::Statement>& statements, SourceMap& sources);

void CheckAgents(const pugi::xml_document& cib, const std::vector<EditedParameter>& edits, const AgentRules& rules,
                 const Symbols& symbols, const SourceMap& sources, Diagnostics& diagnostics);

/// Takes back second reports about what an agent does not know: where E0311 or E0313 stands, W0420, W0421 and W0429 at
/// the same place go.
void DropSaidTwice(Diagnostics& diagnostics);

}  // namespace picket::compiler
