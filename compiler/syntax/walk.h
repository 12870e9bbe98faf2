// Goes over a whole tree, or any part of one, in the order of the text.
//
// The visitor is called for every `Text` and, where it takes one, for every
// `Span` and every `Value` (before its parts); it may change them. Depth is
// bounded by the parser.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/syntax/ast.h"

namespace picket::compiler::ast {

template <class Visitor, class T>
void Walk(Visitor& visitor, T& node);

namespace detail {

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVariant : std::false_type {};
template <class... T>
struct IsVariant<std::variant<T...>> : std::true_type {};
template <class T>
struct IsBox : std::false_type {};
template <class T>
struct IsBox<Box<T>> : std::true_type {};

/// The parts of the few types that have no PICKET_FIELDS.
template <class F>
void Parts(F&& f, auto& node) requires requires {
  node.Fields();
}
{
  std::apply([&](auto&... field) { (f(field), ...); }, node.Fields());
}
template <class F, class T>
void PartsOf(F&& f, T& node) {
  using Plain = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Plain, List>) {
    f(node.items);
  } else if constexpr (std::is_same_v<Plain, Map>) {
    f(node.options);
  } else if constexpr (std::is_same_v<Plain, Call>) {
    f(node.name);
    f(node.arguments);
  } else if constexpr (std::is_same_v<Plain, Not>) {
    f(node.operand);
  } else if constexpr (std::is_same_v<Plain, Junction>) {
    f(node.operands);
  } else if constexpr (std::is_same_v<Plain, Implies>) {
    f(node.premise);
    f(node.conclusion);
  } else if constexpr (std::is_same_v<Plain, Binary>) {
    f(node.left);
    f(node.right);
  } else if constexpr (std::is_same_v<Plain, StateAtom>) {
    f(node.state);
    f(node.subject);
    f(node.node);
    f(node.device);
  } else if constexpr (std::is_same_v<Plain, UndisturbedAtom>) {
    f(node.kind);
    f(node.resource);
    f(node.node);
  } else if constexpr (std::is_same_v<Plain, DateAtom>) {
    f(node.after);
    f(node.before);
    f(node.from);
    f(node.until);
    f(node.duration);
  } else if constexpr (std::is_same_v<Plain, Index>) {
    f(node.base);
    f(node.key);
  } else if constexpr (
      requires { node.what; } && !requires { node.Fields(); }) {
    f(node.what);
  } else {
    Parts(f, node);
  }
}

}  // namespace detail

template <class Visitor, class T>
void Walk(Visitor& visitor, T& node) {
  using Plain = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Plain, std::string> || std::is_arithmetic_v<Plain>) {
    return;
  } else if constexpr (detail::IsVector<Plain>::value) {
    for (auto& element : node) Walk(visitor, element);
  } else if constexpr (detail::IsOptional<Plain>::value) {
    if (node) Walk(visitor, *node);
  } else if constexpr (detail::IsVariant<Plain>::value) {
    std::visit([&](auto& alternative) { Walk(visitor, alternative); }, node);
  } else if constexpr (detail::IsBox<Plain>::value) {
    Walk(visitor, *node);
  } else if constexpr (std::is_same_v<Plain, Text>) {
    visitor(node);
    using Place = std::conditional_t<std::is_const_v<T>, const Span, Span>;
    if constexpr (std::is_invocable_v<Visitor&, Place&>) visitor(node.span);
  } else {
    if constexpr (std::is_invocable_v<Visitor&, Value&> && std::is_same_v<T, Value>) visitor(node);
    using Place = std::conditional_t<std::is_const_v<T>, const Span, Span>;
    if constexpr (std::is_invocable_v<Visitor&, Place&>) {
      if constexpr (requires { node.span; }) visitor(node.span);
      if constexpr (requires { node.keyword.begin; }) visitor(node.keyword);
    }
    detail::PartsOf([&](auto& part) { Walk(visitor, part); }, node);
  }
}

}  // namespace picket::compiler::ast
