// W0423: levels between which a cluster chooses as it happens. W0424: a level that replaces another.
#include <algorithm>
#include <set>
#include <string>

#include "simulator/checks/fencing_view.h"

namespace picket::simulator {
namespace {

using execution::TopologyEntry;

bool SaySame(const TopologyEntry& a, const TopologyEntry& b) {
  return std::equal(a.levels.begin(), a.levels.end(), b.levels.begin(), b.levels.end(),
                    [](const auto& x, const auto& y) { return x.devices == y.devices; });
}

}  // namespace

void CheckLevels(const FencingView& view) {
  const auto place = [&](const std::string& level) { return view.review().source_map.Find(level); };
  for (const TopologyEntry& entry : view.fencing().topology) {
    for (const auto& [replaced, by] : entry.replaced) {
      const auto span = place(by);
      const auto earlier = place(replaced);
      if (!span || !earlier) continue;
      compiler::Diagnostic& warning =
          view.diagnostics().Warning("W0424", *span, "this level has the index of an earlier one, and replaces it");
      warning.others.push_back({*earlier, "which is never tried"});
      warning.help.push_back("write both in one statement with `then`, or give this one another index");
    }
  }
  std::set<std::pair<const TopologyEntry*, const TopologyEntry*>> told;
  for (const auto& [name, span] : view.review().members) {
    const auto entries = EntriesFor(view.fencing(), name);
    for (size_t i = 1; i < entries.size(); ++i) {
      const auto here = place(entries[i]->levels.front().id);
      const auto there = place(entries[0]->levels.front().id);
      if (!here || !there || SaySame(*entries[0], *entries[i])) continue;
      if (!told.insert({entries[0], entries[i]}).second) continue;
      compiler::Diagnostic& warning = view.diagnostics().Warning(
          "W0423", *here, "`" + name + "` has two kinds of levels, and only one of them is used, whichever it is");
      warning.others.push_back({*there, "the other one"});
      warning.help.push_back("write `fencing " + name + ": …`, which comes before patterns and attributes");
    }
  }
}

}  // namespace picket::simulator
