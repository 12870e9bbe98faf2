#include "compiler/syntax/grammar/linked.h"

// bundle.
namespace picket::compiler::grammar {
namespace {

bool ParseNetwork(Cursor& first, State& state, ast::BundleNetwork& out) {
  static const auto definition = rule<ast::BundleNetwork>(kw("network") > +option[add<&ast::BundleNetwork::options>]);
  return RunSpanned(definition, first, state, out);
}
constexpr Linked<ast::BundleNetwork, ParseNetwork> network{"`network`"};

bool ParsePort(Cursor& first, State& state, ast::BundlePort& out) {
  static const auto definition = rule<ast::BundlePort>(
      kw("port") > -id[set<&ast::BundlePort::id>] > -((x3::eps - option_ahead) >> word[set<&ast::BundlePort::port>]) >
      *option[add<&ast::BundlePort::options>]);
  return RunSpanned(definition, first, state, out);
}
constexpr Linked<ast::BundlePort, ParsePort> port{"`port`"};

bool ParseStorage(Cursor& first, State& state, ast::BundleStorage& out) {
  static const auto definition = rule<ast::BundleStorage>(kw("storage") > -id[set<&ast::BundleStorage::id>] >
                                                          +option[add<&ast::BundleStorage::options>]);
  return RunSpanned(definition, first, state, out);
}
constexpr Linked<ast::BundleStorage, ParseStorage> storage{"`storage`"};

bool ParseMember(Cursor& first, State& state, ast::BundlePrimitive& out) {
  if (!state.IsWord(first, "primitive")) return false;
  static const auto definition = rule<ast::BundlePrimitive>(primitive[set<&ast::BundlePrimitive::primitive>]);
  return RunSpanned(definition, first, state, out);
}
constexpr Linked<ast::BundlePrimitive, ParseMember> member{"`primitive`"};

bool ParseItem(Cursor& first, State& state, ast::BundleItem& out) {
  static const auto definition = rule<ast::BundleItem>(option[put] | network[put] | port[put] | storage[put] |
                                                       member[put] | attributes[put] | description[put]);
  return RunRule(definition, first, state, out);
}
constexpr Linked<ast::BundleItem, ParseItem> item{"an item of a bundle"};

}  // namespace

bool ParseBundle(Cursor& first, State& state, ast::Statement& out) {
  static const auto definition = rule<ast::Bundle>(
      kw("bundle") > named("the bundle's name", name)[set<&ast::Bundle::name>] >
      named("`podman` or `docker`", name)[set<&ast::Bundle::runtime>] >
      body("an item of a bundle", "network port storage primitive meta params description image replicas",
           item)[set<&ast::Bundle::items>]);
  return RunStatement<ast::Bundle>(definition, first, state, out);
}

}  // namespace picket::compiler::grammar
