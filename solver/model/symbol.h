// Symbols: operation names (and keys of set actions) as small numbers, so that actions compare integers.
//
// The well-known names have fixed numbers; others are appended per Run: an empty table costs nothing. Symbol numbers
// carry no order.
// Lookup folds case, since keys compare without case (spec 05 §3.1); the text kept is that of the first use.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace picket::solver {

enum class Symbol : uint32_t {
  kNone,
  kMonitor,
  kStart,
  kRunning,
  kStop,
  kStopped,
  kPromote,
  kPromoted,
  kDemote,
  kDemoted,
  kNotify,
  kNotified,
  kMigrateTo,
  kMigrateFrom,
  kReload,
  kReloadAgent,
  kDelete,
  kLrmDelete,
  kClearFailcount,
  kCancel,
  kStonith,
  kDoShutdown,
  kMaintenanceNodes,
  kMetaData,
  kLoadStopped,
  kPreNotifyStart,
  kConfirmedPreNotifyStart,
  kPostNotifyRunning,
  kConfirmedPostNotifyRunning,
  kPreNotifyStop,
  kConfirmedPreNotifyStop,
  kPostNotifyStopped,
  kConfirmedPostNotifyStopped,
  kPreNotifyPromote,
  kConfirmedPreNotifyPromote,
  kPostNotifyPromoted,
  kConfirmedPostNotifyPromoted,
  kPreNotifyDemote,
  kConfirmedPreNotifyDemote,
  kPostNotifyDemoted,
  kConfirmedPostNotifyDemoted,
  kPostNotifyStart,
  kPostNotifyStop,
  kPostNotifyPromote,
  kPostNotifyDemote,  // of instances
  kPostNotifyStonith,
  kConfirmedPostNotifyStonith,
  kWellKnownCount,
};

class SymbolTable {
 public:
  Symbol Intern(std::string_view name);
  // The symbol of `name` if it has one, else Symbol::kNone.
  Symbol Find(std::string_view name) const;
  std::string_view Text(Symbol symbol) const;

 private:
  // Of those that are not well known.
  std::deque<std::string> texts_;  // stable addresses
  std::unordered_map<std::string, Symbol> by_folded_;
};

}  // namespace picket::solver
