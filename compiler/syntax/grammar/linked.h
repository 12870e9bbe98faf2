// The shared rules of rules.h as Spirit parsers, under the names that the
// grammar uses, and the ways of turning a definition into such a rule.
#pragma once

#include "compiler/syntax/grammar/rules.h"
#include "compiler/syntax/grammar/x3.h"

namespace picket::compiler::grammar {

inline constexpr Linked<ast::Expr, ParseExpr> expr{"a condition"};
inline constexpr Linked<ast::Value, ParseValue> value{"a value"};
inline constexpr Linked<ast::Option, ParseOption> option{"`name=value`"};
inline constexpr Linked<ast::Argument, ParseArgument> argument{"an argument"};
inline constexpr Linked<ast::Rule, ParseRule> rule_of{"a condition"};
inline constexpr Linked<ast::Pair, ParsePair> pair{"`name = value`"};
inline constexpr Linked<ast::Attributes, ParseAttributes> attributes{"a block of options"};
inline constexpr Linked<ast::Description, ParseDescription> description{"a description"};
inline constexpr Linked<ast::Item, ParseResourceItem> resource_item{"an item of a resource"};
inline constexpr Linked<ast::Item, ParseCollectionItem> collection_item{"an option"};
inline constexpr Linked<ast::Item, ParseNodeItem> node_item{"an item of a node"};
inline constexpr Linked<ast::Reference, ParseReference> reference{"a name or a set of names"};
inline constexpr Linked<ast::TestStep, ParseFault> fault{"a fault"};
inline constexpr Linked<ast::Primitive, ParsePrimitive> primitive{"a primitive"};
inline constexpr Linked<std::vector<ast::Statement>, ParseBlock> block{"`{`"};

/// `rule<ast::Let>(kw("let") > …)`: a definition whose actions fill an ast::Let.
template <class Attribute, class Definition>
auto rule(const Definition& definition) {
  struct Tag;
  return x3::rule<Tag, Attribute>{"rule"} = definition;
}

/// Assigns the attribute to the rule's value: how an alternative becomes one of
/// the kinds of a variant.
struct PutAttribute {
  template <class Context>
  void operator()(Context& context) const {
    x3::_val(context) = std::move(x3::_attr(context));
  }
};
inline constexpr PutAttribute put{};

/// Runs a definition and notes the span of what it read.
template <class Parser, class Attribute>
bool RunSpanned(const Parser& parser, Cursor& first, State& state, Attribute& attribute) {
  const Cursor start = first;
  if (!RunRule(parser, first, state, attribute)) return false;
  attribute.span = state.Between(start, first);
  return true;
}

/// Runs a definition as one alternative of a family of statements.
template <class Node, class Parser>
bool RunStatement(const Parser& parser, Cursor& first, State& state, ast::Statement& out) {
  Node node;
  if (!RunRule(parser, first, state, node)) return false;
  out.what = std::move(node);
  return true;
}

}  // namespace picket::compiler::grammar
