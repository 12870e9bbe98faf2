#include "execution/fencing/reach.h"

#include <algorithm>

#include "execution/fencing/parameters.h"
#include "solver/model/text.h"

namespace picket::execution {
namespace {

using solver::EqualFolded;

// By its parameters: names of the list and of the map, and ports as well, since they are what the device knows.
bool IsListed(const solver::Table& parameters, std::string_view target) {
  const std::vector<std::string> list = ParseHostList(parameters.Get("pcmk_host_list"));
  const std::vector<HostPort> map = ParseHostMap(parameters.Get("pcmk_host_map"));
  return std::any_of(list.begin(), list.end(), [&](const auto& host) { return EqualFolded(host, target); }) ||
         std::any_of(map.begin(), map.end(), [&](const HostPort& entry) {
           return EqualFolded(entry.host, target) || EqualFolded(entry.port, target);
         });
}

// How much of what fences the target a node has.
enum class Share : uint8_t { kNothing, kPart, kEnough };

Share ShareOf(const TopologyEntry* entry, const std::vector<Usable>& usable) {
  if (!entry) return usable.empty() ? Share::kNothing : Share::kEnough;
  Share share = Share::kNothing;
  for (const TopologyLevel& level : entry->levels) {
    const auto found = std::count_if(level.devices.begin(), level.devices.end(), [&](const std::string& id) {
      return std::any_of(usable.begin(), usable.end(), [&](const Usable& one) { return one.device->id == id; });
    });
    if (found > 0) share = std::max(share, Share::kPart);
    if (found > 0 && found == static_cast<std::ptrdiff_t>(level.devices.size())) share = Share::kEnough;
  }
  return share;
}

}  // namespace

Reach ReachOf(const solver::Table& parameters, const AgentFacts& facts, std::string_view target) {
  switch (HostCheckOf(parameters, facts)) {
    case HostCheck::kStaticList:
      return IsListed(parameters, target) ? Reach::kYes : Reach::kNo;
    case HostCheck::kDynamicList:
    case HostCheck::kStatus:
      return Reach::kAsks;
    case HostCheck::kNone:
      return Reach::kYes;
    case HostCheck::kInvalid:
      break;
  }
  return Reach::kNo;
}

bool IsEligible(const AgentFacts& facts, std::string_view action, std::string_view node, std::string_view target,
                bool self) {
  const bool here = EqualFolded(node, target);
  if (action == "on") return facts.switches_on && (facts.on_by_target ? here : !here || self);
  if (!here || self) return true;
  return action == "reboot" && facts.switches_on && facts.on_by_target;
}

std::vector<Usable> UsableOn(const Fencing& fencing, std::string_view node, std::string_view target,
                             std::string_view action) {
  std::vector<Usable> usable;
  for (const FenceDevice& device : fencing.devices) {
    const DeviceOnNode* there = fencing.On(device, node);
    if (!there || there->registration != Registration::kRegistered) continue;
    const AgentFacts& facts = device.facts;
    if (!IsEligible(facts, action, node, target, false)) continue;
    const Reach reach = ReachOf(there->parameters, facts, target);
    if (reach != Reach::kNo) usable.push_back({&device, there, reach});
  }
  return usable;
}

std::vector<std::string> NodesThatCanFence(const Fencing& fencing, std::string_view target,
                                           const std::vector<std::string>& members) {
  const std::vector<const TopologyEntry*> entries = EntriesFor(fencing, target);
  std::vector<std::string> able;
  std::vector<std::string> partly_able;
  for (const std::string& member : members) {
    if (EqualFolded(member, target)) continue;
    const Share share = ShareOf(entries.empty() ? nullptr : entries.front(), UsableOn(fencing, member, target, "off"));
    if (share == Share::kEnough) able.push_back(member);
    if (share == Share::kPart) partly_able.push_back(member);
  }
  return able.empty() ? partly_able : able;
}

}  // namespace picket::execution
