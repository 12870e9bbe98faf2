#include "simulator/timing/limits.h"

#include <algorithm>

#include "execution/fencing/parameters.h"
#include "simulator/timing/fence_times.h"
#include "solver/cib/values.h"

namespace picket::simulator {
namespace {

using compiler::Detection;
using compiler::Topology;
using execution::FenceDevice;
using execution::Fencing;

constexpr std::string_view kSbdAgent = "fence_sbd";
constexpr std::string_view kKdumpAgent = "fence_kdump";
constexpr int64_t kSyncTimeoutMs = 30000;  // Corosync's default for a quorum device

class Limits {
 public:
  Limits(const Fencing& fencing, const Topology& topology, const AgentDefault& agent_default)
      : fencing_(fencing), topology_(topology), agent_default_(agent_default) {}

  std::vector<Limit> Run() {
    Consensus();
    if (topology_.sbd) SbdTimes(*topology_.sbd);
    for (const FenceDevice& device : fencing_.devices) AgentWaits(device);
    return std::move(limits_);
  }

 private:
  Limit& Add(const char* code, std::string less, int64_t less_ms, std::string more, int64_t more_ms) {
    Limit& limit = limits_.emplace_back();
    limit.code = code;
    limit.less = std::move(less);
    limit.less_ms = less_ms;
    limit.more = std::move(more);
    limit.more_ms = more_ms;
    return limit;
  }

  void Consensus() {
    const Detection detection = topology_.DetectionParts();
    Limit& limit =
        Add("W0458", "1.2 × token", detection.EffectiveTokenMs() * 12 / 10, "consensus", detection.consensus_ms);
    limit.otherwise = "a lost node may be told twice, or too early";
    limit.help = "leave `consensus` out: it is 1.2 times the token by itself";
    limit.section = "totem";
    limit.parameter = "consensus";
  }

  void SbdTimes(const compiler::Sbd& sbd) {
    if (sbd.watchdog_ms && sbd.msgwait_ms) {
      Limit& limit = Add("W0470", "2 × SBD's watchdog", 2 * *sbd.watchdog_ms, "msgwait", *sbd.msgwait_ms);
      limit.otherwise = "a node counts as fenced while its watchdog may still let it run";
      limit.help = "write `msgwait=" + SecondsWord(2 * *sbd.watchdog_ms) + "` or more, on the disks as well";
      limit.section = "sbd";
      limit.parameter = "msgwait";
    }
    const int64_t msgwait_ms = sbd.msgwait_ms.value_or(2 * sbd.watchdog_ms.value_or(0));
    for (const FenceDevice& device : fencing_.devices) {
      if (device.agent != kSbdAgent || msgwait_ms == 0) continue;
      // fence_sbd reboots by one message (spec 08 §14.5).
      const int64_t time_ms = DeviceTimeoutMs(fencing_, device, "reboot");
      Limit& limit =
          Add("W0471", "1.2 × msgwait", msgwait_ms * 12 / 10, "the time that `" + device.id + "` has", time_ms);
      limit.otherwise = "the device is killed before it has waited for the node, and fencing fails";
      limit.help = "write `property fencing-timeout=" + SecondsWord(msgwait_ms * 12 / 10) + "` or more";
      limit.device = device.id;
      limit.parameter = "pcmk_reboot_timeout";
      limit.property = "fencing-timeout";
    }
    if (sbd.watchdog_ms && fencing_.watchdog_ms > 0) WatchdogTimes(*sbd.watchdog_ms);
    const bool disks = std::any_of(fencing_.devices.begin(), fencing_.devices.end(),
                                   [](const FenceDevice& device) { return device.agent == kSbdAgent; });
    if (sbd.watchdog_ms && topology_.device && !disks) QuorumDeviceTimes(*sbd.watchdog_ms);
  }

  // Nobody confirms that a watchdog has fired (spec 08 §14.3): the others wait, and go by the clock.
  void WatchdogTimes(int64_t watchdog_ms) {
    Limit& twice =
        Add("W0472", "2 × SBD's watchdog", 2 * watchdog_ms, "fencing-watchdog-timeout", fencing_.watchdog_ms);
    twice.otherwise = "a node counts as fenced while its watchdog may still let it run";
    twice.help = "write `property fencing-watchdog-timeout=" + SecondsWord(2 * watchdog_ms) + "` or more";
    twice.property = "fencing-watchdog-timeout";
    const int64_t token_ms = topology_.DetectionParts().EffectiveTokenMs();
    Limit& token = Add("W0472", "token + SBD's watchdog", token_ms + watchdog_ms, "fencing-watchdog-timeout",
                       fencing_.watchdog_ms);
    token.otherwise = "a node that notices one token later that it is alone counts as fenced while it still runs";
    token.help = "write `property fencing-watchdog-timeout=" + SecondsWord(token_ms + watchdog_ms) + "` or more";
    token.property = "fencing-watchdog-timeout";
  }

  // While a quorum device is asked, nobody knows whether there is quorum, and SBD is not fed.
  void QuorumDeviceTimes(int64_t watchdog_ms) {
    int64_t sync_ms = kSyncTimeoutMs;
    for (const auto& [name, value] : topology_.device->options) {
      if (name == "sync_timeout") sync_ms = std::max<int64_t>(solver::ParseInteger(value).value_or(sync_ms), 0);
    }
    Limit& limit = Add("W0473", "the quorum device's sync_timeout", sync_ms, "SBD's watchdog", watchdog_ms);
    limit.otherwise = "the watchdog fires while the quorum device is still being asked";
    limit.help = "write `sbd watchdog=" + SecondsWord(sync_ms + sync_ms / 6) + "`, on the nodes as well";
    limit.section = "sbd";
    limit.parameter = "watchdog";
  }

  // The agent's own waits for the power to go, in seconds; a device that is killed in them has failed.
  void AgentWaits(const FenceDevice& device) {
    const solver::Table* parameters = nullptr;
    for (const execution::DeviceOnNode& there : device.on) {
      if (there.registration == execution::Registration::kRegistered) parameters = &there.parameters;
      if (parameters) break;
    }
    if (!parameters) return;
    const bool kdump = device.agent == kKdumpAgent;
    const auto waited = kdump ? WaitMs(device, *parameters, "timeout") : WaitMs(device, *parameters, "power_timeout");
    const auto delay = WaitMs(device, *parameters, "delay");
    const auto pause = WaitMs(device, *parameters, "power_wait");
    if (!waited && !delay && !pause) return;
    const std::string action = execution::ActionFor("reboot", execution::KnownFacts(device.agent));
    const int64_t time_ms = DeviceTimeoutMs(fencing_, device, action);
    const int64_t needed_ms = waited.value_or(0) + delay.value_or(0) + pause.value_or(0);
    std::string parts = kdump ? "`timeout`" : "`power_timeout`";
    if (pause.value_or(0) > 0) parts += " + `power_wait`";
    if (delay.value_or(0) > 0) parts += " + `delay`";
    Limit& limit = Add("W0474", parts + " of `" + device.id + "`", needed_ms, "the time that it has", time_ms);
    limit.otherwise = "the agent is killed while it waits for the power to go, and a killed agent is not tried again";
    limit.help = "write `pcmk_" + action + "_timeout=" + SecondsWord(needed_ms + needed_ms / 5) + "` in `" + device.id +
                 "`" + (kdump ? ", or a shorter `timeout`" : ", or a shorter `power_timeout`");
    limit.device = device.id;
    limit.parameter = parameters->Has(kdump ? "timeout" : "power_timeout") ? (kdump ? "timeout" : "power_timeout")
                                                                           : "pcmk_" + action + "_timeout";
  }

  std::optional<int64_t> WaitMs(const FenceDevice& device, const solver::Table& parameters,
                                std::string_view name) const {
    std::string text(parameters.Get(name));
    if (!parameters.Has(name)) {
      const auto known = agent_default_ ? agent_default_(device.agent, name) : std::nullopt;
      if (!known) return std::nullopt;
      text = *known;
    }
    const auto time_ms = solver::ParseDuration(text);
    if (!time_ms) return std::nullopt;  // A secret, or no time at all.
    return *time_ms;
  }

  // As it is written in a policy, in whole seconds and not less: `24s`.
  static std::string SecondsWord(int64_t ms) { return std::to_string((ms + 999) / 1000) + "s"; }

  const Fencing& fencing_;
  const Topology& topology_;
  const AgentDefault& agent_default_;
  std::vector<Limit> limits_;
};

}  // namespace

std::string SecondsText(int64_t ms) {
  const int64_t tenths = (ms + 50) / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

std::vector<Limit> LimitsOf(const Fencing& fencing, const Topology& topology, const AgentDefault& agent_default) {
  return Limits(fencing, topology, agent_default).Run();
}

}  // namespace picket::simulator
