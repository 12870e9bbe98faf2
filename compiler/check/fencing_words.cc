#include "compiler/check/fencing_words.h"

#include <algorithm>
#include <variant>

namespace picket::compiler {
namespace {

bool NamesAreKnown(const ast::Statement& statement, const Symbols& symbols) {
  if (const auto* fence = std::get_if<ast::Fence>(&statement.what)) {
    // What is no fence agent is reported, and stands in the CIB as nothing.
    if (!fence->source.is_template && !fence->source.name.literal.starts_with("stonith:")) return false;
    return std::all_of(fence->hosts.begin(), fence->hosts.end(),
                       [&](const ast::Host& host) { return symbols.FindNode(host.name.literal) != nullptr; });
  }
  const auto* fencing = std::get_if<ast::Fencing>(&statement.what);
  if (fencing == nullptr) return true;
  const auto* target = std::get_if<ast::Text>(&fencing->target);
  if (target != nullptr && symbols.FindNode(target->literal) == nullptr) return false;
  return std::all_of(fencing->levels.begin(), fencing->levels.end(), [&](const ast::Level& level) {
    return std::all_of(level.devices.begin(), level.devices.end(),
                       [&](const ast::Text& device) { return symbols.Find(device.literal) != nullptr; });
  });
}

std::vector<std::pair<std::string, std::string>> TargetOf(const ast::Fencing& fencing) {
  if (const auto* name = std::get_if<ast::Text>(&fencing.target)) return {{"target", name->literal}};
  if (const auto* pattern = std::get_if<ast::Regex>(&fencing.target)) {
    return {{"target-pattern", pattern->pattern.literal}};
  }
  const auto& attribute = std::get<ast::AttributeTarget>(fencing.target);
  const auto* value = std::get_if<ast::Text>(&attribute.value.what);
  return {{"target-attribute", attribute.attribute.literal}, {"target-value", value ? value->literal : ""}};
}

}  // namespace

FencingWords FencingWordsOf(const PolicyView& view) {
  FencingWords words;
  for (const ast::Node* node : view.members()) words.members.emplace_back(node->name.literal, node->name.span);
  for (const ast::Statement& statement : view.statements()) {
    words.names_are_known = words.names_are_known && NamesAreKnown(statement, view.symbols());
    const auto* fencing = std::get_if<ast::Fencing>(&statement.what);
    if (fencing != nullptr && fencing->none) words.unfenced.push_back(TargetOf(*fencing));
  }
  return words;
}

}  // namespace picket::compiler
