#include "execution/fencing/fencing.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/places.h"
#include "solver/unpack/unpack.h"

namespace picket::execution {
namespace {

using solver::Cell;
using solver::EqualFolded;
using solver::NodeId;
using solver::Resource;
using solver::ResourceId;
using solver::Run;
using solver::Score;

constexpr int64_t kSecondMs = 1000;
constexpr std::string_view kWatchdog = "watchdog";

// --- the configuration without what has no part in it ----------------------------------------------------------------

bool HasDevice(const solver::ResourceDef& def) {
  if (def.variant == solver::Variant::kPrimitive) return EqualFolded(def.cls, "stonith");
  return std::any_of(def.children.begin(), def.children.end(), HasDevice);
}

// A name that constraints may say, and nothing else.
void AddNames(const solver::ResourceDef& def, std::vector<solver::ResourceDef>& names) {
  solver::ResourceDef& name = names.emplace_back();
  name.element = "primitive";
  name.attributes = {{"id", def.id}};
  name.id = def.id;
  name.cls = "ocf";
  name.provider = "pacemaker";
  name.type = "Dummy";
  name.template_id = def.template_id;
  for (const solver::ResourceDef& child : def.children) AddNames(child, names);
}

// Only locations and tickets count, and other resources only as names in their sets. So a large configuration costs
// little here.
solver::Cluster Reduced(const solver::Cluster& cluster) {
  solver::Cluster reduced;
  reduced.properties = cluster.properties;
  reduced.rsc_defaults = cluster.rsc_defaults;
  reduced.nodes = cluster.nodes;
  reduced.templates = cluster.templates;
  reduced.tags = cluster.tags;
  reduced.feature_set = cluster.feature_set;
  for (const solver::ResourceDef& def : cluster.resources) {
    if (HasDevice(def)) {
      reduced.resources.push_back(def);
    } else {
      AddNames(def, reduced.resources);
    }
  }
  for (const solver::ConstraintDef& constraint : cluster.constraints) {
    const bool places = std::holds_alternative<solver::LocationDef>(constraint);
    if (places || std::holds_alternative<solver::TicketDef>(constraint)) reduced.constraints.push_back(constraint);
  }
  return reduced;
}

// --- registration --------------------------------------------------------------------------------------------------

bool HasTicket(const Run& run, ResourceId id) {
  return std::any_of(run.ticket_constraints.begin(), run.ticket_constraints.end(), [&](const auto& constraint) {
    return constraint.resource == id || solver::IsAncestor(run, constraint.resource, id);
  });
}

bool IsBelowZero(const Run& run, ResourceId id, NodeId node) {
  const Cell* cell = run.at(id).row.Find(node);
  return cell && cell->score < Score();
}

// Discovery may be said of the resource or of what it is in.
bool IsExclusiveElsewhere(const Run& run, ResourceId id, NodeId node) {
  const bool exclusive = run.at(id).exclusive_discovery || run.at(solver::Top(run, id)).exclusive_discovery;
  const Cell* cell = run.at(id).row.Find(node);
  return exclusive && cell && cell->probe_mode != solver::ProbeMode::kExclusive;
}

Registration RegistrationOn(const Run& run, const Fencing& fencing, ResourceId id, NodeId node) {
  const Resource& device = run.at(id);
  if (device.disabled) return Registration::kDisabled;
  if (device.id == kWatchdog && fencing.watchdog_ms <= 0) return Registration::kUnusedWatchdog;
  if (!device.row.Find(node)) return Registration::kNotNamed;
  if (IsBelowZero(run, id, node)) {
    if (HasTicket(run, id)) return Registration::kTicket;
    return IsExclusiveElsewhere(run, id, node) ? Registration::kExclusive : Registration::kBanned;
  }
  const bool in_group = device.parent.valid() && run.at(device.parent).is_group();
  if (in_group && IsBelowZero(run, device.parent, node)) return Registration::kGroupBanned;
  return Registration::kRegistered;
}

// --- devices -------------------------------------------------------------------------------------------------------

class Reader {
 public:
  Reader(Run& run, Fencing& fencing) : run_(run), fencing_(fencing) {}

  void ReadNodes(const solver::Cluster& cluster) {
    for (const solver::NodeDef& def : cluster.nodes) {
      solver::Table attributes;
      for (const solver::NvBlock& block : def.attributes) {
        for (const solver::NvPair& pair : block.pairs) attributes.Add(pair.name, pair.value);
      }
      fencing_.attributes.emplace_back(def.uname, std::move(attributes));
    }
    for (const solver::NodeDef& def : cluster.nodes) {
      const auto found = std::find_if(run_.nodes.begin(), run_.nodes.end(), [&](const solver::Node& node) {
        return !node.remote && EqualFolded(node.name, def.uname);
      });
      if (found == run_.nodes.end()) continue;
      fencing_.nodes.push_back(found->name);
      nodes_.push_back(found->self);
    }
  }

  // Of a clone the first instance stands for all.
  void Visit(ResourceId id) {
    const Resource& resource = run_.at(id);
    if (resource.is_primitive()) {
      if (EqualFolded(resource.cls, "stonith")) Add(id);
      return;
    }
    if (resource.is_bundle() || resource.children.empty()) return;
    const std::vector<ResourceId> children = resource.children;
    const size_t count = resource.is_clone() ? 1 : children.size();
    for (size_t i = 0; i < count; ++i) Visit(children[i]);
  }

 private:
  void Add(ResourceId id) {
    const Resource& resource = run_.at(id);
    FenceDevice device;
    device.id = resource.config_id;
    device.registered_as = resource.id;
    device.agent = resource.type;
    device.facts = KnownFacts(device.agent);
    device.top_level = !resource.parent.valid();
    const solver::Table parameters = solver::EvaluateParams(run_, id, {});
    const std::string* priority = parameters.Find("priority");
    if (!priority) priority = resource.meta.Find("priority");
    if (priority) device.priority = solver::ParseInteger(*priority).value_or(0);
    device.unfences =
        EqualFolded(resource.meta.Get("provides"), "unfencing") || EqualFolded(parameters.Get("provides"), "unfencing");
    for (const NodeId node : nodes_) {
      DeviceOnNode& there = device.on.emplace_back();
      there.registration = RegistrationOn(run_, fencing_, id, node);
      if (const Cell* cell = run_.at(id).row.Find(node)) there.score = cell->score;
      there.parameters = solver::EvaluateParams(run_, id, node);
    }
    fencing_.devices.push_back(std::move(device));
  }

  Run& run_;
  Fencing& fencing_;
  std::vector<NodeId> nodes_;
};

// --- options -------------------------------------------------------------------------------------------------------

int64_t WholeSeconds(std::string_view text) {
  return (int64_t{solver::DurationOrZero(text)} + kSecondMs - 1) / kSecondMs * kSecondMs;
}

// Rules and precedence do not count for it: the first one that is written.
int64_t WatchdogMs(const solver::Cluster& cluster) {
  for (const char* name : {"fencing-watchdog-timeout", "stonith-watchdog-timeout"}) {
    for (const solver::NvBlock& block : cluster.properties) {
      for (const solver::NvPair& pair : block.pairs) {
        if (pair.name == name) return solver::DurationOrZero(pair.value);
      }
    }
  }
  return 0;
}

}  // namespace

std::string_view ReasonOf(Registration registration) {
  switch (registration) {
    case Registration::kRegistered:
      return "it may be used";
    case Registration::kDisabled:
      return "it is disabled";
    case Registration::kUnusedWatchdog:
      return "no watchdog fences here";
    case Registration::kTicket:
      return "it depends on a ticket";
    case Registration::kExclusive:
      return "its discovery is exclusive to other nodes";
    case Registration::kNotNamed:
      return "the cluster is opt-in and no location allows it";
    case Registration::kBanned:
      return "a location has a negative score for it";
    case Registration::kGroupBanned:
      return "a location has a negative score for its group";
    case Registration::kUnknownNode:
      return "the node is not one of the cluster";
  }
  return {};
}

Fencing ReadFencing(const solver::Cluster& cluster, const solver::Instant& now) {
  solver::State state;
  state.now = now;
  Run run;
  const solver::Cluster reduced = Reduced(cluster);
  solver::ReadPlaces(reduced, state, run);
  Fencing fencing;
  fencing.enabled = run.options.fencing_enabled;
  fencing.timeout_ms = WholeSeconds(run.options.fencing_timeout);
  fencing.watchdog_ms = WatchdogMs(cluster);
  Reader reader(run, fencing);
  reader.ReadNodes(cluster);
  const std::vector<ResourceId> top_level = run.top_level;
  for (const ResourceId id : top_level) reader.Visit(id);
  fencing.topology = ReadTopology(cluster);
  return fencing;
}

const FenceDevice* Fencing::Find(std::string_view id) const {
  const auto found = std::find_if(devices.begin(), devices.end(), [&](const FenceDevice& d) { return d.id == id; });
  return found == devices.end() ? nullptr : &*found;
}

const DeviceOnNode* Fencing::On(const FenceDevice& device, std::string_view node) const {
  const auto found =
      std::find_if(nodes.begin(), nodes.end(), [&](const std::string& name) { return EqualFolded(name, node); });
  return found == nodes.end() ? nullptr : &device.on[static_cast<size_t>(found - nodes.begin())];
}

bool Fencing::IsRegistered(const FenceDevice& device, std::string_view node) const {
  const DeviceOnNode* there = On(device, node);
  return there && there->registration == Registration::kRegistered;
}

}  // namespace picket::execution
