// Calls `visit` for every rule of a policy (what follows `when` and `where`), wherever it stands, in the
// order of the text. Conditions of tests are no rules.
#pragma once

#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "compiler/syntax/ast.h"

namespace picket::compiler {

namespace detail {

template <class T, class Visit>
void RulesIn(const T& node, Visit& visit) {
  if constexpr (std::is_same_v<T, ast::Rule>) {
    visit(node);
  } else if constexpr (requires {
                         node.has_value();
                         *node;
                       }) {
    if (node) RulesIn(*node, visit);
  } else if constexpr (requires { std::visit([](const auto&) {}, node); }) {
    std::visit([&](const auto& one) { RulesIn(one, visit); }, node);
  } else if constexpr (requires { node.Fields(); }) {
    std::apply([&](const auto&... field) { (RulesIn(field, visit), ...); }, node.Fields());
  } else if constexpr (requires { node.begin() != node.end(); } && !std::is_same_v<T, std::string>) {
    for (const auto& one : node) RulesIn(one, visit);
  }
}

}  // namespace detail

template <class Visit>
void ForEachRule(const std::vector<ast::Statement>& statements, Visit visit) {
  for (const ast::Statement& statement : statements) detail::RulesIn(statement.what, visit);
}

}  // namespace picket::compiler
