// The order of a resource's history entries on one node, and what of it is still in force (spec 02 §4.2, §4.3).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "solver/model/state.h"

namespace picket::solver {

// `ACTION:GRAPH:EXPECTED-RC:UUID`: who asked for an operation, and what result it was to have.
struct TransitionKey {
  int action = 0;
  int graph = 0;  // -1: a shutdown, or asked for from outside
  int expected_rc = 0;
  std::string_view uuid;  // a part of the text
};
// Nothing unless all four parts are there. The key is good as long as the text.
std::optional<TransitionKey> ParseTransitionKey(std::string_view text);
// The key behind `STATUS:RC;` of a transition-magic.
std::optional<TransitionKey> ParseTransitionMagic(std::string_view text);
// -1 without a usable key.
int ExpectedResult(const HistoryEntry& entry);

// <0: a is older. Not a total order for odd data, so only MergeSort may use it. `unnamed`: whether entries of which one
// names no node count as of the same node; nothing: they do if neither names one (spec 07 C-8).
int CompareEntries(const HistoryEntry& a, const HistoryEntry& b, std::optional<bool> unnamed = std::nullopt);

using Entries = std::vector<const HistoryEntry*>;

// Oldest first; among equals the one that is later in the document.
Entries SortedEntries(const ResourceHistory& history, std::optional<bool> unnamed = std::nullopt);

// Indices into sorted entries, -1: none. The resource is stopped if start < stop.
struct ActiveWindow {
  int start = -1;
  int stop = -1;
};
ActiveWindow WindowOf(const Entries& sorted);

}  // namespace picket::solver
