#include "compiler/check/ties.h"

namespace picket::compiler {
namespace {

// Nobody reads hints on a policy with more than a million pairs.
constexpr std::size_t kPairsMax = 1000000;

}  // namespace

std::vector<std::string> Ties::Names(const ast::Reference& reference) const {
  std::vector<std::string> names;
  for (const ast::Text* name : NamesIn(reference)) Expand(name->literal, names, true);
  return names;
}

void Ties::Expand(const std::string& name, std::vector<std::string>& names, bool tags) const {
  const Symbol* symbol = view_.symbols().Find(name);
  if (symbol == nullptr) return;
  const auto* tag = std::get_if<ast::Tag>(&symbol->statement->what);
  if (tag != nullptr && symbol->kind == SymbolKind::kTag) {
    if (!tags) return;
    for (const ast::Text& member : tag->members) Expand(member.literal, names, false);
  } else {
    names.push_back(view_.Outermost(*symbol).id);
  }
}

bool Ties::Collect() {
  std::size_t pairs = 0;
  for (const ast::Statement& statement : view_.statements()) {
    const auto* relation = std::get_if<ast::Relation>(&statement.what);
    if (relation == nullptr || relation->keyword.literal == "ticket") continue;
    Take(*relation, pairs);
    if (pairs > kPairsMax) return false;
  }
  return true;
}

void Ties::Take(const ast::Relation& relation, std::size_t& pairs) {
  const std::string& keyword = relation.keyword.literal;
  const bool orders = keyword == "order" || keyword == "depend";
  std::vector<std::string> previous;
  for (const ast::Reference& part : relation.parts) {
    std::vector<std::string> names = Names(part);
    pairs += previous.size() * names.size() + names.size();
    if (pairs > kPairsMax) return;
    for (const std::string& a : previous) {
      for (const std::string& b : names) {
        // For `depend` the direction is the other one; either way they are ordered.
        if (orders) order_.Add(keyword == "depend" ? b : a, keyword == "depend" ? a : b);
        if (keyword != "order") Join(a, b);
        if (keyword == "colocation" || keyword == "depend") placed_.emplace(a, b);
      }
    }
    const auto* set = std::get_if<ast::Set>(&part.what);
    for (std::size_t i = 0; set != nullptr && i + 1 < names.size(); ++i) {
      if (orders && set->ordered) order_.Add(names[i], names[i + 1]);
      if (keyword != "order") Join(names[i], names[i + 1]);
    }
    previous = std::move(names);
  }
}

std::size_t Ties::Root(const std::string& name) {
  const auto [place, fresh] = number_.emplace(name, parent_.size());
  if (fresh) parent_.push_back(place->second);
  std::size_t at = place->second;
  while (parent_[at] != at) at = parent_[at] = parent_[parent_[at]];
  return at;
}

bool Ties::AreOrdered(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  for (const std::string& a : left) {
    for (const std::string& b : right) {
      if (a == b || order_.ComesBefore(a, b) || order_.ComesBefore(b, a)) return true;
    }
  }
  return left.empty() || right.empty();
}

}  // namespace picket::compiler
