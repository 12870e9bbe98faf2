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

}  // namespace

SymbolTable::SymbolTable() {
  for (size_t i = 0; i < kWellKnown.size(); ++i) {
    texts_.emplace_back(kWellKnown[i]);
    by_folded_.emplace(kWellKnown[i], static_cast<Symbol>(i));
  }
}

Symbol SymbolTable::Intern(std::string_view name) {
  const auto [it, inserted] = by_folded_.emplace(Folded(name), static_cast<Symbol>(texts_.size()));
  if (inserted) texts_.emplace_back(name);
  return it->second;
}

Symbol SymbolTable::Find(std::string_view name) const {
  const auto it = by_folded_.find(Folded(name));
  return it == by_folded_.end() ? Symbol::kNone : it->second;
}

}  // namespace picket::solver
