// What a name in a constraint stands for, for the dependency graph.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/check/symbols.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler {

/// What the names in a constraint stand for: a tag for its members, a template
/// for what is made from it, `{from id}` for the set of that name. Groups stand
/// for themselves: what a constraint of a group means is for the caller to say.
class References {
 public:
  /// Keeps references to both, which must outlive it.
  References(const std::vector<ast::Statement>& statements, const Symbols& symbols);

  /// The set on one side of a constraint, also where it is named elsewhere;
  /// null for a plain name, and for a name that nothing bears.
  const ast::Set* SetOf(const ast::Reference& reference) const;
  /// The resources, in the order of the text.
  std::vector<std::string> Resources(const ast::Reference& reference) const;

 private:
  void Expand(const std::string& name, std::vector<std::string>& out, bool inside_tag) const;

  const Symbols& symbols_;
  std::map<std::string, const ast::Set*, std::less<>> sets_;
  std::map<std::string, std::vector<std::string>, std::less<>> made_from_;
};

}  // namespace picket::compiler
