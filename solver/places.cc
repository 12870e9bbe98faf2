#include "solver/places.h"

#include "solver/constraints/constraints.h"
#include "solver/place/place.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {

void ReadPlaces(const Cluster& cluster, const State& state, Run& run) {
  run.cluster = &cluster;
  run.state = &state;
  run.recorder = nullptr;
  UnpackConfiguration(run);
  ApplyHealth(run);
  UnpackConstraints(run);
  ApplyNodeCriteria(run);
}

}  // namespace picket::solver
