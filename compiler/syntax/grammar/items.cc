#include "compiler/syntax/grammar/linked.h"

// What stands between the braces of resources and nodes: options, attribute
// blocks, operations.
namespace picket::compiler::grammar {
namespace {

constexpr bool IsBlockKind(std::string_view word) {
  return word == "params" || word == "meta" || word == "utilization" || word == "attributes" || word == "property" ||
         word == "rsc_defaults" || word == "op_defaults";
}

const auto& PairReference() {
  // `from id` or `name from id`.
  static const auto definition = rule<ast::PairReference>(
      (join("from") > name[set<&ast::PairReference::id>]) |
      (name[set<&ast::PairReference::name>] >> join("from") > name[set<&ast::PairReference::id>]));
  return definition;
}

bool ParsePairReference(Cursor& first, State& state, ast::PairReference& out) {
  // Looked at before a name is read: reading one may report something.
  const bool ahead = state.IsWord(first, "from") || state.IsWord(first + 1, "from");
  return ahead && RunSpanned(PairReference(), first, state, out);
}
constexpr Linked<ast::PairReference, ParsePairReference> pair_reference{"`name from id`"};

bool ParseOperationItem(Cursor& first, State& state, ast::OperationItem& out) {
  static const auto definition = rule<ast::OperationItem>(option[put] | attributes[put]);
  return RunRule(definition, first, state, out);
}
constexpr Linked<ast::OperationItem, ParseOperationItem> operation_item{"an option"};

bool ParseOperation(Cursor& first, State& state, ast::Operation& out) {
  static const auto definition = rule<ast::Operation>(
      kw("op") > named("the operation's name, such as `monitor`", name)[set<&ast::Operation::name>] >
      -id[set<&ast::Operation::id>] > *option[add<&ast::Operation::options>] >
      -body("a parameter of the operation or `meta`", "meta params", operation_item)[set<&ast::Operation::items>]);
  return RunSpanned(definition, first, state, out);
}
constexpr Linked<ast::Operation, ParseOperation> operation_{"an operation"};

bool ParseOperations(Cursor& first, State& state, ast::Operations& out) {
  static const auto definition = rule<ast::Operations>(
      kw("operations") >
      named("`@id` or `from`", (join("from") > name[set<&ast::Operations::from>]) | id[set<&ast::Operations::id>]));
  return RunSpanned(definition, first, state, out);
}
constexpr Linked<ast::Operations, ParseOperations> operations{"operations"};

bool ParseLinkAddress(Cursor& first, State& state, ast::LinkAddress& out) {
  static const auto definition =
      rule<ast::LinkAddress>(kw("link") > named("the name of a link", name)[set<&ast::LinkAddress::link>] >
                             named("the node's address on that link", value)[set<&ast::LinkAddress::address>]);
  return RunSpanned(definition, first, state, out);
}
constexpr Linked<ast::LinkAddress, ParseLinkAddress> link_address{"a link"};

}  // namespace

bool ParsePair(Cursor& first, State& state, ast::Pair& out) {
  static const auto definition = rule<ast::Pair>(option[put] | pair_reference[put]);
  return RunRule(definition, first, state, out);
}

bool ParseAttributes(Cursor& first, State& state, ast::Attributes& out) {
  static const auto definition = rule<ast::Attributes>(
      Choice{IsBlockKind}[set<&ast::Attributes::kind>] >
      ((join("from") > name[set<&ast::Attributes::from>]) |
       (-id[set<&ast::Attributes::id>] >> -(join("when") > rule_of[set<&ast::Attributes::when>]) >>
        *option[add<&ast::Attributes::options>] >> -body("`name = value`", "from", pair)[([](auto& c) {
          x3::_val(c).pairs = std::move(x3::_attr(c));
          x3::_val(c).has_body = true;
        })])));
  return RunSpanned(definition, first, state, out);
}

bool ParseDescription(Cursor& first, State& state, ast::Description& out) {
  static const auto definition = rule<ast::Description>(kw("description") > string[set<&ast::Description::text>]);
  return RunSpanned(definition, first, state, out);
}

bool ParseResourceItem(Cursor& first, State& state, ast::Item& out) {
  static const auto definition = rule<ast::Item>(option[put] | operation_[put] | operations[put] | attributes[put] |
                                                 description[put] | pair_reference[put]);
  return RunRule(definition, first, state, out);
}

bool ParseCollectionItem(Cursor& first, State& state, ast::Item& out) {
  static const auto definition =
      rule<ast::Item>(option[put] | attributes[put] | description[put] | pair_reference[put]);
  return RunRule(definition, first, state, out);
}

bool ParseNodeItem(Cursor& first, State& state, ast::Item& out) {
  static const auto definition = rule<ast::Item>(option[put] | link_address[put] | operation_[put] | attributes[put] |
                                                 description[put] | pair_reference[put]);
  return RunRule(definition, first, state, out);
}

}  // namespace picket::compiler::grammar
