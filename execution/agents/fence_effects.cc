#include "execution/agents/fence_effects.h"

#include <algorithm>
#include <array>

#include "solver/cib/values.h"

namespace picket::execution {
namespace {

using What = FenceEffect::What;

constexpr int64_t kCrashKernelMs = 60000;  // fence_kdump's `timeout`

// Disks' reservations, and ports of switches.
constexpr std::array<std::string_view, 6> kShutAccess = {"fence_scsi",      "fence_mpath",   "fence_brocade",
                                                         "fence_cisco_mds", "fence_sanbox2", "fence_ifmib"};

}  // namespace

FenceEffect FenceEffectOf(std::string_view agent, const solver::Table& parameters, int64_t sbd_message_ms) {
  if (agent == "fence_sbd") return {What::kPower, sbd_message_ms};
  if (agent == "fence_heuristics_ping") return {What::kNothing, -1};
  if (agent == "fence_kdump") {
    const std::string* seconds = parameters.Find("timeout");
    const int64_t said_s = seconds ? solver::ParseInteger(*seconds).value_or(0) : 0;
    return {What::kCrashed, said_s > 0 ? said_s * 1000 : kCrashKernelMs};
  }
  const bool access = std::find(kShutAccess.begin(), kShutAccess.end(), agent) != kShutAccess.end();
  return {access ? What::kAccess : What::kPower, -1};
}

}  // namespace picket::execution
