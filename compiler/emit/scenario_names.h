// What names mean in tests, and what is reported where a name means nothing. condition.h and fault.h ask here.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/check/symbols.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/scenario/scenario.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler::emit {

/// Compiles the policy that a `deploy` names. Null after the reason has been
/// reported.
using DeployReader = std::function<std::shared_ptr<const scenario::Deployed>(const ast::Text& file)>;

/// Resolves the names that tests, invariants and assumptions use. Each function
/// reports a name that does not exist and returns nullopt.
class ScenarioNames {
 public:
  ScenarioNames(const Symbols& symbols, Diagnostics& diagnostics, DeployReader read = {})
      : symbols_(symbols), diagnostics_(diagnostics), read_(std::move(read)) {}

  /// Finds the policies that these steps deploy: what they bring is known, too,
  /// until the next call.
  void TakeDeployed(const std::vector<ast::TestStep>& steps);
  /// One of them; null if it is no good, which was reported.
  std::shared_ptr<const scenario::Deployed> Deployed(const ast::Text& file) const;

  std::optional<scenario::Name> Node(const ast::Text& name) const;
  std::optional<scenario::Name> Resource(const ast::Text& name) const;
  std::optional<scenario::Name> Device(const ast::Text& name) const;
  std::optional<scenario::Name> ResourceOrConstraint(const ast::Text& name) const;
  std::optional<scenario::Name> Link(const ast::Text& name) const;
  std::optional<scenario::Name> Ticket(const ast::Text& name) const;
  /// The nodes that exist.
  std::vector<scenario::Name> Nodes(const std::vector<ast::Text>& names) const;
  /// A word of a fixed list; `what` says of what kind.
  std::optional<scenario::Name> Listed(const ast::Text& name, const std::vector<std::string>& known,
                                       const std::string& what) const;
  /// Reports a name that does not exist, with the nearest one that does; the caller may add to the help.
  Diagnostic& Unknown(const ast::Text& name, const std::string& what, const std::vector<std::string>& known) const;

  const Symbols& symbols() const { return symbols_; }
  Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  bool IsDeployed(const std::string& name, std::vector<std::string> scenario::Deployed::*names) const;
  void FindDeployed(const std::vector<ast::TestStep>& steps);

  const Symbols& symbols_;
  Diagnostics& diagnostics_;
  DeployReader read_;
  std::map<std::string, std::shared_ptr<const scenario::Deployed>> deployed_;  // by the name in the text
};

}  // namespace picket::compiler::emit
