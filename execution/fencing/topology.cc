// The levels of a configuration: collected into entries, and the entries that are a target's.
#include <regex.h>

#include <algorithm>

#include "execution/fencing/fencing.h"
#include "solver/model/text.h"

namespace picket::execution {
namespace {

using solver::AttributeOr;
using solver::EqualFolded;
using solver::FindAttribute;

// Nothing of its levels; an empty key if it names no target.
TopologyEntry EntryOf(const solver::FencingLevelDef& level) {
  TopologyEntry entry;
  if (const std::string* target = FindAttribute(level.attributes, "target")) {
    entry.key = *target;
  } else if (const std::string* pattern = FindAttribute(level.attributes, "target-pattern")) {
    entry.kind = TopologyEntry::Kind::kPattern;
    entry.key = *pattern;
  } else if (const std::string* attribute = FindAttribute(level.attributes, "target-attribute")) {
    entry.kind = TopologyEntry::Kind::kAttribute;
    entry.attribute = *attribute;
    entry.value = AttributeOr(level.attributes, "target-value");
    entry.key = entry.attribute + "=" + entry.value;
  }
  return entry;
}

// Of two levels with one index the later replaces the earlier.
void Put(TopologyEntry& entry, const solver::FencingLevelDef& def) {
  const auto place = std::find_if(entry.levels.begin(), entry.levels.end(),
                                  [&](const TopologyLevel& level) { return level.index >= def.index; });
  if (place == entry.levels.end() || place->index != def.index) {
    entry.levels.insert(place, {def.id, def.index, def.devices});
    return;
  }
  entry.replaced.emplace_back(place->id, def.id);
  *place = {def.id, def.index, def.devices};
}

void Add(std::vector<TopologyEntry>& topology, const solver::FencingLevelDef& level) {
  TopologyEntry entry = EntryOf(level);
  if (entry.key.empty()) return;
  auto known = std::find_if(topology.begin(), topology.end(),
                            [&](const TopologyEntry& earlier) { return earlier.key == entry.key; });
  // What has the same key is the same entry, and is what the first said that it is.
  if (known == topology.end()) known = topology.insert(topology.end(), std::move(entry));
  Put(*known, level);
}

bool Matches(const Fencing& fencing, const TopologyEntry& entry, std::string_view target) {
  switch (entry.kind) {
    case TopologyEntry::Kind::kTarget:
      return EqualFolded(entry.key, target);
    case TopologyEntry::Kind::kPattern:
      return MatchesPattern(entry.key, std::string(target));
    case TopologyEntry::Kind::kAttribute:
      break;
  }
  return std::any_of(fencing.attributes.begin(), fencing.attributes.end(), [&](const auto& node) {
    if (!EqualFolded(node.first, target)) return false;
    const std::string* value = node.second.Find(entry.attribute);
    return value && *value == entry.value;
  });
}

}  // namespace

std::vector<TopologyEntry> ReadTopology(const solver::Cluster& cluster) {
  std::vector<TopologyEntry> topology;
  for (const solver::FencingLevelDef& level : cluster.fencing_levels) Add(topology, level);
  return topology;
}

std::vector<TopologyEntry> EditedTopology(std::vector<TopologyEntry> known, const solver::Cluster& before,
                                          const solver::Cluster& after) {
  const auto& old = before.fencing_levels;
  std::vector<const solver::FencingLevelDef*> changed;
  for (const solver::FencingLevelDef& level : after.fencing_levels) {
    const auto same = std::find_if(old.begin(), old.end(), [&](const auto& one) { return one.id == level.id; });
    if (same == old.end()) return ReadTopology(after);
    const bool equal =
        same->index == level.index && same->devices == level.devices && EntryOf(*same).key == EntryOf(level).key;
    if (!equal) changed.push_back(&level);
  }
  if (old.size() != after.fencing_levels.size()) return ReadTopology(after);
  for (const solver::FencingLevelDef* level : changed) Add(known, *level);
  return known;
}

std::vector<const TopologyEntry*> EntriesFor(const Fencing& fencing, std::string_view target) {
  std::vector<const TopologyEntry*> entries;
  for (const TopologyEntry& entry : fencing.topology) {
    if (entry.key == target) return {&entry};
    if (Matches(fencing, entry, target)) entries.push_back(&entry);
  }
  return entries;
}

bool MatchesPattern(const std::string& pattern, const std::string& text) {
  regex_t compiled;
  if (regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0) return false;
  const bool matches = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return matches;
}

}  // namespace picket::execution
