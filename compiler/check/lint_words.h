// What several lints need to go over options, and what a resource inherits.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/check/policy_view.h"
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

/// A parameter of a primitive: its own, its template's, or one of the clone, bundle or group that holds it.
inline std::optional<Setting> HeldParameter(const PolicyView& view, const Symbol& primitive, std::string_view name) {
  if (auto own = view.Parameter(primitive, name)) return own;
  if (const Symbol* holder = view.symbols().Find(primitive.container)) {
    if (auto held = view.Parameter(*holder, name)) return held;
  }
  const Symbol& outermost = view.Outermost(primitive);
  return &outermost != &primitive ? view.Parameter(outermost, name) : std::nullopt;
}

/// Whether a primitive uses parameters that stand in another resource (`params from NAME`).
inline bool BorrowsParameters(const Symbol& symbol) {
  const auto* primitive = std::get_if<ast::Primitive>(&symbol.statement->what);
  return primitive == nullptr || std::any_of(primitive->items.begin(), primitive->items.end(), [](const auto& item) {
           const auto* block = std::get_if<ast::Attributes>(&item);
           if (block == nullptr || block->kind.literal != "params") return false;
           return block->from || std::any_of(block->pairs.begin(), block->pairs.end(), [](const ast::Pair& pair) {
                    return std::holds_alternative<ast::PairReference>(pair);
                  });
         });
}

}  // namespace picket::compiler
