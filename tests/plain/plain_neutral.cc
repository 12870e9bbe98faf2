// The plain solver's merging: every path of colocations is walked. See solver/place/neutral.h.
#include "solver/place/kept_merge.h"
#include "solver/place/neutral.h"

namespace picket::solver::place {

bool SkipNeutral(Run&, ResourceId, Row&, float, bool) {
  return false;
}
bool MergeKept(Run&, ResourceId, Row&, ColocationId, float, const MergeMode&) {
  return false;
}
void ForgetNeutral(Run&, ResourceId) {}
void ForgetAllNeutral(Run&) {}

}  // namespace picket::solver::place
