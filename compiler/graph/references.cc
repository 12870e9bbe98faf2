#include "compiler/graph/references.h"

namespace picket::compiler {

References::References(const std::vector<ast::Statement>& statements, const Symbols& symbols) : symbols_(symbols) {
  const auto name_set = [&](const ast::Reference& reference) {
    const auto* set = std::get_if<ast::Set>(&reference.what);
    if (set != nullptr && set->id) sets_.emplace(set->id->literal, set);
  };
  for (const ast::Statement& statement : statements) {
    if (const auto* relation = std::get_if<ast::Relation>(&statement.what)) {
      for (const ast::Reference& part : relation->parts) name_set(part);
    } else if (const auto* location = std::get_if<ast::Location>(&statement.what)) {
      for (const ast::Reference& subject : location->subjects) name_set(subject);
    } else if (const auto* primitive = std::get_if<ast::Primitive>(&statement.what)) {
      if (primitive->source.is_template) made_from_[primitive->source.name.literal].push_back(primitive->name.literal);
    } else if (const auto* fence = std::get_if<ast::Fence>(&statement.what)) {
      if (fence->source.is_template) made_from_[fence->source.name.literal].push_back(fence->name.literal);
    }
  }
}

const ast::Set* References::SetOf(const ast::Reference& reference) const {
  const auto* set = std::get_if<ast::Set>(&reference.what);
  if (set == nullptr || !set->from) return set;
  const auto found = sets_.find(set->from->literal);
  return found == sets_.end() || found->second->from ? nullptr : found->second;
}

std::vector<std::string> References::Resources(const ast::Reference& reference) const {
  std::vector<std::string> out;
  if (const auto* name = std::get_if<ast::Text>(&reference.what)) {
    Expand(name->literal, out, false);
  } else if (const ast::Set* set = SetOf(reference)) {
    for (const ast::Text& member : set->members) Expand(member.literal, out, false);
  }
  return out;
}

void References::Expand(const std::string& name, std::vector<std::string>& out, bool inside_tag) const {
  const Symbol* symbol = symbols_.Find(name);
  if (symbol == nullptr) return;
  if (IsResource(symbol->kind)) {
    out.push_back(name);
  } else if (symbol->kind == SymbolKind::kTemplate) {
    const auto found = made_from_.find(name);
    if (found == made_from_.end()) return;
    out.insert(out.end(), found->second.begin(), found->second.end());
  } else if (symbol->kind == SymbolKind::kTag && !inside_tag) {
    const auto* tag = std::get_if<ast::Tag>(&symbol->statement->what);
    if (tag == nullptr) return;
    for (const ast::Text& member : tag->members) Expand(member.literal, out, true);
  }
}

}  // namespace picket::compiler
