#include "solver/status/entry_order.h"

#include <algorithm>
#include <charconv>

#include "solver/model/merge_sort.h"
#include "solver/model/text.h"

namespace picket::solver {
namespace {

constexpr size_t kUuidLength = 36;

// Reads a whole number and the separator behind it.
bool TakeNumber(std::string_view& text, char separator, int& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data() + text.size() || *end != separator) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()) + 1);
  return true;
}

size_t LengthOfWord(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\n'; };
  return static_cast<size_t>(std::find_if(text.begin(), text.end(), is_blank) - text.begin());
}

// Same node, or neither says.
bool SameNode(const HistoryEntry& a, const HistoryEntry& b, std::optional<bool> unnamed) {
  if (unnamed && (a.on_node.empty() || b.on_node.empty())) return *unnamed;
  return EqualFolded(a.on_node, b.on_node);
}

int CompareKnown(int64_t a, int64_t b) {
  if (a >= 0 && a < b) return -1;
  if (b >= 0 && b < a) return 1;
  return 0;
}

// One of the two has no call id yet.
int CompareWithPending(const HistoryEntry& a, const HistoryEntry& b) {
  const auto key_a = ParseTransitionMagic(a.Get("transition-magic"));
  const auto key_b = ParseTransitionMagic(b.Get("transition-magic"));
  if (!key_a || !key_b) return 0;
  if (key_a->uuid != key_b->uuid || key_a->graph == key_b->graph) return a.call_id == -1 ? 1 : -1;
  if (key_b->graph == -1) return -1;
  if (key_a->graph == -1) return 1;
  return key_a->graph < key_b->graph ? -1 : 1;
}

}  // namespace

std::optional<TransitionKey> ParseTransitionKey(std::string_view text) {
  TransitionKey key;
  if (!TakeNumber(text, ':', key.action) || !TakeNumber(text, ':', key.graph) ||
      !TakeNumber(text, ':', key.expected_rc)) {
    return std::nullopt;
  }
  key.uuid = text.substr(0, std::min(LengthOfWord(text), kUuidLength));
  if (key.uuid.empty()) return std::nullopt;
  return key;
}

std::optional<TransitionKey> ParseTransitionMagic(std::string_view text) {
  int status = 0;
  int rc = 0;
  if (!TakeNumber(text, ':', status) || !TakeNumber(text, ';', rc)) return std::nullopt;
  return ParseTransitionKey(text);
}

int ExpectedResult(const HistoryEntry& entry) {
  const auto key = ParseTransitionKey(entry.Get("transition-key"));
  return key ? key->expected_rc : -1;
}

int CompareEntries(const HistoryEntry& a, const HistoryEntry& b, std::optional<bool> unnamed) {
  const bool same_node = SameNode(a, b, unnamed);
  if (same_node && a.id == b.id) return 0;
  if (a.call_id == -1 && b.call_id == -1) return 0;
  if (same_node) {
    if (const int order = CompareKnown(a.call_id, b.call_id); order != 0 && a.call_id >= 0 && b.call_id >= 0) {
      return order;
    }
  }
  if (a.call_id >= 0 && b.call_id >= 0) {
    return CompareKnown(a.last_rc_change_s.value_or(-1), b.last_rc_change_s.value_or(-1));
  }
  return CompareWithPending(a, b);
}

Entries SortedEntries(const ResourceHistory& history, std::optional<bool> unnamed) {
  Entries sorted;
  sorted.reserve(history.entries.size());
  for (auto it = history.entries.rbegin(); it != history.entries.rend(); ++it) sorted.push_back(&*it);
  MergeSort(sorted,
            [unnamed](const HistoryEntry* a, const HistoryEntry* b) { return CompareEntries(*a, *b, unnamed); });
  return sorted;
}

ActiveWindow WindowOf(const Entries& sorted) {
  ActiveWindow window;
  int implied_by_monitor = -1;
  int implied_by_promotion = -1;
  for (size_t i = 0; i < sorted.size(); ++i) {
    const HistoryEntry& entry = *sorted[i];
    const int index = static_cast<int>(i);
    const std::string_view rc = entry.Get("rc-code");
    if (entry.operation == "stop" && entry.Get("op-status") == "0") {
      window.stop = index;
    } else if (entry.operation == "start" || entry.operation == "migrate_from") {
      window.start = index;
    } else if (implied_by_monitor <= window.stop && entry.operation == "monitor" && (rc == "0" || rc == "8")) {
      implied_by_monitor = index;
    } else if (entry.operation == "promote" || entry.operation == "demote") {
      implied_by_promotion = index;
    }
  }
  if (window.start == -1) window.start = implied_by_promotion != -1 ? implied_by_promotion : implied_by_monitor;
  return window;
}

}  // namespace picket::solver
