// Bytes as a CIB that is decided about, as the oldest release and as the newest: it is refused with a reason, or the
// same CIB leads to the same transition twice, in a fresh Run and in one that was used before.
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/graph/transition.h"
#include "solver/schedule.h"
#include "tests/fuzz/demand.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

using namespace picket;
using namespace picket::solver;

void Decide(const std::string& text, Release release, Run& used) {
  const Target target(release);
  pugi::xml_document document;
  DocumentError error;
  std::string warning;
  if (!ParseDocument(text, document, error) || !UpgradeDocument(document, warning, error, target)) {
    fuzz::Demand(!error.message.empty() && error.exit_status != 0, "refused without a reason", text);
    return;
  }
  const Cluster cluster = ReadCluster(document, target);
  const State state = ReadState(document, {}, {1700000000, 0});
  Run fresh;
  const Transition first = Schedule(cluster, state, fresh, nullptr);
  const std::string graph = GraphXml(fresh, first);
  const Transition second = Schedule(cluster, state, used, nullptr);
  fuzz::Demand(GraphXml(used, second) == graph, "another transition from a Run that was used before", text);
  DotText(fresh, first, true, true);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  static Run used;
  WithLargeStack([&] {
    Decide(text, Release::k2_1_5, used);
    Decide(text, kNewestRelease, used);
  });
  return 0;
}
