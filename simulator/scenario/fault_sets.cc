#include "simulator/scenario/fault_sets.h"

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
        break;
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
  return std::move(collecting.faults);
}

void GrantWhatMayBeLost(const std::vector<say::Fault>& faults, World& world, solver::Run& run) {
  for (const say::Fault& fault : faults) {
    if (const auto* revoke = std::get_if<say::Revoke>(&fault)) world.Strike(say::Grant{revoke->ticket});
  }
  world.Settle(run);
}

}  // namespace picket::simulator
