// W0499: more chains of colocations than a solve follows, so that preferences do not count.
#include <optional>
#include <string>

#include "simulator/checks/fencing_view.h"
#include "solver/preferences.h"

namespace picket::simulator {

void CheckChains(const compiler::Review& review, const solver::Cluster& cluster) {
  const auto first = solver::WherePreferencesAreLeftOut(cluster);
  if (!first) return;
  std::optional<compiler::Span> place;
  for (const char* attribute : {"rsc", "id", ""}) {
    if (!place) place = review.source_map.Find(*first, attribute);
  }
  compiler::Diagnostic& warning =
      review.diagnostics.Warning("W0499", place.value_or(review.cluster_name.value_or(compiler::Span{})),
                                 "there are more chains of colocations than are followed: some of what these "
                                 "resources prefer does not count");
  warning.label = "each resource more doubles them";
  warning.help.push_back(
      "keep fewer resources apart from each other, by `node` instead of an attribute where that will do, or colocate "
      "groups instead of their members");
}

}  // namespace picket::simulator
