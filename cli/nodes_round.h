// The nodes of a policy asked, all at once and without a change: what they are, whether UDP arrives between
// them, what their fence devices answer. What that means is for runtime/bootstrap to say.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cli/host.h"
#include "cli/nodes.h"
#include "compiler/agents/choose.h"
#include "compiler/compile.h"
#include "runtime/bootstrap/doctor.h"
#include "runtime/bootstrap/waivers.h"

namespace picket::cli {

struct RoundOptions {
  Host way;
  std::string secrets;  // the folder with a file for each `secret("path")`; empty: such devices are not asked
};

class Round {
 public:
  Round(const RoundOptions& options, const compiler::CompileResult& result);

  void Probe();
  // Asks the policy's agents what they are, for a comparison with the lock. After Probe().
  void CompareWith(const compiler::agents::ChosenLock& chosen);
  // UDP is tried where Corosync does not run: where it does, it has the ports, and knows.
  void Meet();
  // Asks each device, from each node, for the status of a node that it is for; nothing else.
  void AskDevices();

  const runtime::Patient& patient() const { return patient_; }
  const std::vector<Host>& hosts() const { return hosts_; }  // in the policy's order
  bool reached_all() const;

 private:
  const compiler::Topology& topology() const { return compiled_.topology; }
  void ProbeOne(size_t i, const std::string& script);
  std::string MeetingOf(size_t me, const std::vector<size_t>& idle) const;
  runtime::DeviceAnswer Ask(size_t i, const std::string& agent, const std::string& device, const std::string& input,
                            const std::vector<std::string>& secrets, const std::set<std::string>& plugs) const;
  int MtuOf(size_t node, const std::string& address) const;
  bool Parameters(const pugi::xml_node& device, std::string& input, std::vector<std::string>& secrets,
                  std::string& why) const;

  RoundOptions options_;
  const compiler::Compiled& compiled_;
  runtime::Patient patient_;
  std::vector<Host> hosts_;
};

// Facts of nodes that no policy names, such as those that leave a cluster; `names` are looked up there.
std::vector<runtime::NodeFacts> ProbeNodes(const std::vector<compiler::TopologyNode>& nodes, const Host& way,
                                           const std::string& names);

// The waivers that the policy's comments give; false after telling on stderr which of them waive nothing.
bool WaiversOf(const compiler::CompileResult& result, const std::string& file, std::vector<runtime::Waiver>& waivers);

}  // namespace picket::cli
