#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/check/symbols.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/scenario/scenario.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler::emit {

/// Resolves the names that tests, invariants and assumptions use. Each function
/// reports a name that does not exist and returns nullopt.
class ScenarioNames {
 public:
  ScenarioNames(const Symbols& symbols, Diagnostics& diagnostics) : symbols_(symbols), diagnostics_(diagnostics) {}

  std::optional<scenario::Name> Node(const ast::Text& name) const;
  std::optional<scenario::Name> Resource(const ast::Text& name) const;
  std::optional<scenario::Name> Device(const ast::Text& name) const;
  std::optional<scenario::Name> Link(const ast::Text& name) const;
  std::optional<scenario::Name> Ticket(const ast::Text& name) const;
  /// The nodes that exist.
  std::vector<scenario::Name> Nodes(const std::vector<ast::Text>& names) const;
  /// A word of a fixed list; `what` says of what kind.
  std::optional<scenario::Name> Listed(const ast::Text& name, const std::vector<std::string>& known,
                                       const std::string& what) const;
  void Unknown(const ast::Text& name, const std::string& what, const std::vector<std::string>& known) const;

  const Symbols& symbols() const { return symbols_; }
  Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  const Symbols& symbols_;
  Diagnostics& diagnostics_;
};

}  // namespace picket::compiler::emit
