#include "simulator/scenario/fault_sets.h"

#include <algorithm>
#include <set>
#include <string>

#include "solver/model/text.h"

namespace picket::simulator {
namespace {

namespace say = compiler::scenario;

class Collecting {
 public:
  explicit Collecting(const World& world) : world_(world) {}

  void Add(say::FaultKind kind) {
    const solver::Cluster& cluster = world_.catalog().cluster();
    switch (kind) {
      case say::FaultKind::kNode:
        for (const auto& [name, node] : world_.nodes()) {
          if (!node.remote) faults.push_back(say::Kill{{{name, {}}}});
        }
        break;
      case say::FaultKind::kResource:
      case say::FaultKind::kFence:
        for (const solver::ResourceDef& def : cluster.resources) Resource(def, kind == say::FaultKind::kFence);
        break;
      case say::FaultKind::kLink:
        for (const std::string& link : world_.settings().links)
          faults.push_back(say::CutLink{{link, {}}, std::nullopt});
        break;
      case say::FaultKind::kTicket:
        Tickets(cluster);
        break;
      case say::FaultKind::kReturn:
        break;  // They follow from the others: FaultsOf() adds them.
    }
  }

  std::vector<say::Fault> faults;

 private:
  void Resource(const solver::ResourceDef& def, bool fence) {
    for (const solver::ResourceDef& child : def.children) Resource(child, fence);
    const bool is_device = solver::EqualFolded(def.cls, "stonith");
    if (def.variant != solver::Variant::kPrimitive || is_device != fence) return;
    if (fence) {
      faults.push_back(say::FailFence{{def.id, {}}, say::FailFence::How::kRefuses});
      return;
    }
    say::FailResource fail;
    fail.resource.id = def.id;
    const CatalogEntry* entry = world_.catalog().Find(def.id);
    if (!entry || !entry->cloned) {
      faults.push_back(fail);
      return;
    }
    // Instances fail one by one.
    for (const auto& [name, node] : world_.nodes()) {
      if (node.remote) continue;
      fail.node = say::Name{name, {}};
      faults.push_back(fail);
    }
  }

  void Tickets(const solver::Cluster& cluster) {
    std::set<std::string> tickets;
    for (const solver::ConstraintDef& constraint : cluster.constraints) {
      const auto* ticket = std::get_if<solver::TicketDef>(&constraint);
      if (!ticket) continue;
      const std::string name(solver::AttributeOr(ticket->attributes, "ticket"));
      if (tickets.insert(name).second) faults.push_back(say::Revoke{{name, {}}});
    }
  }

  const World& world_;
};

}  // namespace

std::vector<say::Fault> FaultsOf(const std::vector<say::FaultKind>& kinds, const World& world) {
  Collecting collecting(world);
  for (const say::FaultKind kind : kinds) collecting.Add(kind);
  std::vector<say::Fault> faults = std::move(collecting.faults);
  if (std::find(kinds.begin(), kinds.end(), say::FaultKind::kReturn) == kinds.end()) return faults;
  const size_t outages = faults.size();
  for (size_t i = 0; i < outages; ++i) {
    if (std::optional<say::Fault> end = ReturnOf(faults[i])) faults.push_back(std::move(*end));
  }
  return faults;
}

std::optional<say::Fault> ReturnOf(const say::Fault& outage) {
  if (const auto* kill = std::get_if<say::Kill>(&outage)) return say::Online{kill->nodes};
  if (const auto* standby = std::get_if<say::Standby>(&outage)) return say::Online{standby->nodes};
  if (const auto* isolate = std::get_if<say::Isolate>(&outage)) return say::Online{isolate->nodes};
  if (const auto* cut = std::get_if<say::CutLink>(&outage)) return say::Heal{cut->link, cut->node};
  if (const auto* fail = std::get_if<say::FailFence>(&outage)) return say::Repair{fail->device};
  if (const auto* revoke = std::get_if<say::Revoke>(&outage)) return say::Grant{revoke->ticket};
  return std::nullopt;
}

void GrantWhatMayBeLost(const std::vector<say::Fault>& faults, World& world, solver::Run& run) {
  for (const say::Fault& fault : faults) {
    if (const auto* revoke = std::get_if<say::Revoke>(&fault)) world.Strike(say::Grant{revoke->ticket});
  }
  world.Settle(run);
}

}  // namespace picket::simulator
