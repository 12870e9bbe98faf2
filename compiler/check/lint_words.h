// What several lints need to go over options and to name times.
#pragma once

#include <string>

#include "compiler/syntax/ast.h"

namespace picket::compiler {

/// Calls `visit` for each option of a block, on its line or in its braces.
template <class Visit>
void ForEachOption(const ast::Attributes& block, Visit visit) {
  for (const ast::Option& option : block.options) {
    if (!block.has_body) visit(option);
  }
  for (const ast::Pair& pair : block.pairs) {
    if (const auto* option = std::get_if<ast::Option>(&pair)) visit(*option);
  }
}

/// The text of an option, or null for a list, a map or a call.
inline const ast::Text* TextOf(const ast::Option& option) {
  return std::get_if<ast::Text>(&option.value.what);
}

}  // namespace picket::compiler
