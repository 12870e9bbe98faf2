// A bootstrap plan carried out, phase by phase.
#pragma once

#include <chrono>
#include <iosfwd>
#include <string>

#include "cli/bootstrap_work.h"
#include "compiler/topology/topology.h"
#include "runtime/bootstrap/plan.h"

namespace picket::cli {

struct Carrying {
  const compiler::Topology& topology;
  const runtime::BootstrapPlan& plan;
  Crew& crew;
  Host way;
  std::chrono::seconds wait;  // for the nodes to agree that the cluster is there
  std::ostream& course;
};

// Gives the exit status; tells on stderr what is amiss and what the next run will do about it.
int CarryOutBootstrap(const Carrying& carrying);

// Until every node of the policy says that the cluster is as it should be; else false, after telling on
// stderr what each still says against it.
bool AwaitAgreement(const compiler::Topology& topology, const Host& way, std::chrono::seconds wait,
                    std::ostream& course);

}  // namespace picket::cli
