#include "solver/preferences.h"

#include "solver/constraints/constraints.h"
#include "solver/place/chains.h"
#include "solver/schedule.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {

std::optional<std::string> WherePreferencesAreLeftOut(const Cluster& cluster) {
  std::optional<std::string> id;
  WithLargeStack([&] {
    Run run;
    const State state;
    run.cluster = &cluster;
    run.state = &state;
    run.recorder = nullptr;
    UnpackConfiguration(run);
    UnpackConstraints(run);
    if (const auto first = place::WhereChainsExceedTheLimit(run)) id = run.at(*first).id;
  });
  return id;
}

}  // namespace picket::solver
