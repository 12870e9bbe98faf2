#include "solver/model/symbol.h"

#include <array>

#include "solver/model/text.h"

namespace picket::solver {
namespace {

constexpr std::array<std::string_view, static_cast<size_t>(Symbol::kWellKnownCount)> kWellKnown = {
    "",
    "monitor",
    "start",
    "running",
    "stop",
    "stopped",
    "promote",
    "promoted",
    "demote",
    "demoted",
    "notify",
    "notified",
    "migrate_to",
    "migrate_from",
    "reload",
    "reload-agent",
    "delete",
    "lrm_delete",
    "clear_failcount",
    "cancel",
    "stonith",
    "do_shutdown",
    "maintenance_nodes",
    "meta-data",
    "load_stopped",
    "pre_notify_start",
    "confirmed-pre_notify_start",
    "post_notify_running",
    "confirmed-post_notify_running",
    "pre_notify_stop",
    "confirmed-pre_notify_stop",
    "post_notify_stopped",
    "confirmed-post_notify_stopped",
    "pre_notify_promote",
    "confirmed-pre_notify_promote",
    "post_notify_promoted",
    "confirmed-post_notify_promoted",
    "pre_notify_demote",
    "confirmed-pre_notify_demote",
    "post_notify_demoted",
    "confirmed-post_notify_demoted",
    "post_notify_start",
    "post_notify_stop",
    "post_notify_promote",
    "post_notify_demote",
    "post_notify_stonith",
    "confirmed-post_notify_stonith",
};

// The symbol of a well-known name; Symbol::kNone for any other.
Symbol FindWellKnown(std::string_view folded) {
  static const auto* const kByName = [] {
    auto* by_name = new std::unordered_map<std::string_view, Symbol>();
    for (size_t i = 0; i < kWellKnown.size(); ++i) by_name->emplace(kWellKnown[i], static_cast<Symbol>(i));
    return by_name;
  }();
  const auto it = kByName->find(folded);
  return it == kByName->end() ? Symbol::kNone : it->second;
}

}  // namespace

Symbol SymbolTable::Intern(std::string_view name) {
  if (name.empty()) return Symbol::kNone;
  if (const Symbol known = Find(name); known != Symbol::kNone) return known;
  const auto symbol = static_cast<Symbol>(kWellKnown.size() + texts_.size());
  by_folded_.emplace(Folded(name), symbol);
  texts_.emplace_back(name);
  return symbol;
}

Symbol SymbolTable::Find(std::string_view name) const {
  // Most names are well known and written as they should be.
  if (const Symbol known = FindWellKnown(name); known != Symbol::kNone) return known;
  const std::string folded = Folded(name);
  if (const Symbol known = FindWellKnown(folded); known != Symbol::kNone) return known;
  const auto it = by_folded_.find(folded);
  return it == by_folded_.end() ? Symbol::kNone : it->second;
}

std::string_view SymbolTable::Text(Symbol symbol) const {
  const auto at = static_cast<size_t>(symbol);
  return at < kWellKnown.size() ? kWellKnown[at] : std::string_view(texts_[at - kWellKnown.size()]);
}

}  // namespace picket::solver
