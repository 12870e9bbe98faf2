#include "runtime/daemon/configuration_check.h"

#include <algorithm>
#include <pugixml.hpp>
#include <vector>

#include "runtime/store/replica.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/cib/valid.h"
#include "solver/model/text.h"

namespace picket::runtime {

std::string WhyUnusable(const std::string& cib, Hard hard, const std::string& own_name) {
  hard.cib = cib;
  std::string error;
  pugi::xml_document document;
  if (!Compose(hard, document, error)) return error;
  pugi::xml_document as_it_came;
  as_it_came.load_string(cib.c_str());
  const std::vector<solver::CibFault> faults = solver::FindFaults(as_it_came);
  if (!faults.empty()) return faults.front().Where() + " " + faults.front().what;
  const solver::Cluster cluster = solver::ReadCluster(document);
  const bool ours = std::any_of(cluster.nodes.begin(), cluster.nodes.end(),
                                [&](const solver::NodeDef& node) { return solver::EqualFolded(node.uname, own_name); });
  if (ours) return {};
  error = "it has no node `" + own_name + "`, which is who we are";
  if (!cluster.nodes.empty()) error += "; its nodes:";
  for (const solver::NodeDef& node : cluster.nodes) error += " " + node.uname;
  return error;
}

}  // namespace picket::runtime
