#include "execution/fencing/agent_facts.h"

#include <algorithm>
#include <iterator>

namespace picket::execution {
namespace {

// Agents that are not as the fence library's defaults are, from their metadata (data/agents).
struct Row {
  const char* agent;
  bool lists, status, reboots, on;
  const char* argument;
  bool unfences = false;
};
constexpr Row kRows[] = {
    // Boards of one machine: they have nothing to list.
    {"fence_alom", false, true, true, true, "plug"},
    {"fence_amt", false, true, true, true, "plug"},
    {"fence_drac", false, true, true, true, "plug"},
    {"fence_idrac", false, true, true, true, "plug"},
    {"fence_ilo", false, true, true, true, "plug"},
    {"fence_ilo2", false, true, true, true, "plug"},
    {"fence_ilo3", false, true, true, true, "plug"},
    {"fence_ilo3_ssh", false, true, true, true, "plug"},
    {"fence_ilo4", false, true, true, true, "plug"},
    {"fence_ilo4_ssh", false, true, true, true, "plug"},
    {"fence_ilo5", false, true, true, true, "plug"},
    {"fence_ilo5_ssh", false, true, true, true, "plug"},
    {"fence_ilo_mp", false, true, true, true, "plug"},
    {"fence_ilo_ssh", false, true, true, true, "plug"},
    {"fence_imm", false, true, true, true, "plug"},
    {"fence_ipmilan", false, true, true, true, "plug"},
    {"fence_ipmilanplus", false, true, true, true, "plug"},
    {"fence_powerman", false, true, true, true, "plug"},
    {"fence_redfish", false, true, true, true, "plug"},
    {"fence_rsa", false, true, true, true, "plug"},
    {"fence_rsb", false, true, true, true, "plug"},
    {"fence_vmware", false, true, true, true, "plug"},
    // Those that cut a node off and cannot restart it.
    {"fence_brocade", true, true, false, true, "plug"},
    {"fence_cisco_mds", true, true, false, true, "plug"},
    {"fence_compute", true, true, false, true, "plug"},
    {"fence_ifmib", true, true, false, true, "plug"},
    {"fence_sanbox2", true, true, false, true, "plug"},
    {"fence_mpath", false, true, false, true, "plug", true},
    {"fence_scsi", false, true, false, true, "plug", true},
    // One of a kind each.
    {"fence_dummy", false, true, true, true, ""},
    {"fence_heuristics_ping", false, false, true, true, ""},
    {"fence_kdump", false, false, false, false, ""},
    {"fence_legacy", true, true, true, true, "port"},
    {"fence_ovh", true, false, true, true, "plug"},
    {"fence_rcd_serial", false, false, true, false, ""},
    {"fence_watchdog", true, false, true, true, "plug"},
};

}  // namespace

AgentFacts KnownFacts(std::string_view agent) {
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& r) { return agent == r.agent; });
  if (row == std::end(kRows)) return {};
  return {row->argument, row->reboots, row->on, row->lists, row->status, row->unfences, row->unfences};
}

}  // namespace picket::execution
