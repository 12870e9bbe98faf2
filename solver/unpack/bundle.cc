// Bundles: the implicit clone, containers, addresses and connections (spec 01 §18, 04 §11).
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/unpack/build.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

constexpr std::string_view kDefaultPort = "3121";
constexpr std::string_view kRemoteDaemon = "/usr/sbin/pacemaker-remoted";
constexpr std::string_view kKeyFile = "/etc/pacemaker/authkey";
constexpr std::string_view kLogSource = "/var/log/pacemaker/bundles";
constexpr std::string_view kLogTarget = "/var/log";

// What the replicas of one bundle share.
struct Plan {
  std::string id;  // of the bundle
  const BundleDef* def = nullptr;
  const std::string* ip_range_start = nullptr;
  const std::string* control_port = nullptr;
  std::vector<StorageMapping> mounts;
  std::vector<PortMapping> ports;
  std::string host_options;  // of all replicas
  bool has_child = false;

  std::string port() const { return control_port != nullptr ? *control_port : std::string(kDefaultPort); }
  const std::string* Container(std::string_view name) const { return FindAttribute(def->container, name); }
  const std::string* Network(std::string_view name) const {
    return def->network ? FindAttribute(*def->network, name) : nullptr;
  }
  std::string ReplicaName(int32_t offset) const { return id + "-" + std::to_string(offset); }
};

// --- definitions

// Ids become legal XML names: another first character is `_`, others are `.` (spec 04 §11.4).
std::string XmlId(std::string id) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  };
  const auto is_other = [](char c) { return (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  for (size_t i = 0; i < id.size(); ++i) {
    if (is_letter(id[i]) || (i > 0 && is_other(id[i]))) continue;
    id[i] = i == 0 ? '_' : '.';
  }
  return id;
}

void AddPair(NvBlock& block, std::string_view name, std::string_view value) {
  block.pairs.push_back({block.id + "-" + std::string(name), std::string(name), std::string(value)});
}

// A primitive of the bundle's own, with its monitor.
ResourceDef MakePrimitive(const std::string& id, std::string_view provider, std::string_view type,
                          std::string_view interval, std::string_view timeout) {
  ResourceDef def;
  def.element = "primitive";
  def.id = id;
  def.cls = "ocf";
  def.provider = provider;
  def.type = type;
  def.attributes = {{"id", id}, {"class", "ocf"}, {"provider", def.provider}, {"type", def.type}};
  def.params.push_back({id + "-attributes-" + id, Score(), std::nullopt, {}});
  OperationDef monitor;
  monitor.id = id + "-monitor-" + std::string(interval);
  monitor.name = "monitor";
  monitor.interval_ms = DurationOrZero(interval);
  monitor.attributes = {{"id", monitor.id}, {"name", "monitor"}, {"interval", std::string(interval)}};
  if (!timeout.empty()) monitor.attributes.emplace_back("timeout", std::string(timeout));
  def.operations.push_back(std::move(monitor));
  return def;
}

std::string MountSource(const Plan& plan, const StorageMapping& mount, int32_t offset) {
  return mount.per_replica ? mount.source + "/" + plan.ReplicaName(offset) : mount.source;
}

// rkt, before 3.0, has words of its own (spec 07 B-17).
std::string RktOptions(const Plan& plan, const Replica& replica) {
  std::string text;
  if (plan.ip_range_start != nullptr) text += " --hostname=" + plan.ReplicaName(replica.offset);
  text += " --environment=PCMK_stderr=1";
  if (const std::string* network = plan.Container("network")) text += " --net=" + *network;
  text += " --environment=PCMK_remote_port=" + plan.port();
  for (size_t i = 0; i < plan.mounts.size(); ++i) {
    const StorageMapping& mount = plan.mounts[i];
    const std::string volume = "vol" + std::to_string(i);
    text += " --volume " + volume + ",kind=host,source=" + MountSource(plan, mount, replica.offset);
    if (!mount.options.empty()) text += "," + mount.options;
    text += " --mount volume=" + volume + ",target=" + mount.target;
  }
  for (const PortMapping& port : plan.ports) {
    const std::string address = replica.ip_address.empty() ? "" : replica.ip_address + ":";
    text += " --port=" + port.target + ":" + address + port.source;
  }
  if (const std::string* options = plan.Container("options")) text += " " + *options;
  return text + " " + plan.host_options;
}

// Spec 04 §11.4, items 1-9.
std::string RunOptions(const Plan& plan, const Replica& replica) {
  if (plan.def->agent == "rkt") return RktOptions(plan, replica);
  const std::string* network = plan.Container("network");
  std::string text;
  if (plan.def->agent == "docker") text += " --restart=no";
  if (plan.ip_range_start != nullptr) text += " -h " + plan.ReplicaName(replica.offset);
  text += " -e PCMK_stderr=1";
  if (network != nullptr) text += " --net=" + *network;
  text += " -e PCMK_remote_port=" + plan.port();
  for (const StorageMapping& mount : plan.mounts) {
    text += " -v " + MountSource(plan, mount, replica.offset) + ":" + mount.target;
    if (!mount.options.empty()) text += ":" + mount.options;
  }
  for (const PortMapping& port : plan.ports) {
    if (!replica.ip_address.empty()) {
      text += " -p " + replica.ip_address + ":" + port.source + ":" + port.target;
    } else if (network == nullptr || *network != "host") {
      text += " -p " + port.source + ":" + port.target;
    }
  }
  if (const std::string* options = plan.Container("options")) text += " " + *options;
  return text + " " + plan.host_options;
}

ResourceDef ContainerDef(const Plan& plan, const Replica& replica) {
  const std::string& agent = plan.def->agent;
  const std::string id = XmlId(plan.id + "-" + agent + "-" + std::to_string(replica.offset));
  ResourceDef def = MakePrimitive(id, "heartbeat", agent, "60s", "");
  NvBlock& params = def.params.front();
  if (const std::string* image = plan.Container("image")) AddPair(params, "image", *image);
  AddPair(params, "allow_pull", "true");
  AddPair(params, "force_kill", "false");
  AddPair(params, "reuse", "false");
  AddPair(params, "run_opts", RunOptions(plan, replica));
  std::string mount_points;
  for (const StorageMapping& mount : plan.mounts) {
    if (!mount.per_replica) continue;
    if (!mount_points.empty()) mount_points += ",";
    mount_points += MountSource(plan, mount, replica.offset);
  }
  AddPair(params, "mount_points", mount_points);
  if (const std::string* command = plan.Container("run-command")) {
    AddPair(params, "run_cmd", *command);
  } else if (plan.has_child) {
    AddPair(params, "run_cmd", kRemoteDaemon);
  }
  AddPair(params, "monitor_cmd", "/bin/true");
  return def;
}

ResourceDef AddressDef(const Plan& plan, const Replica& replica) {
  ResourceDef def = MakePrimitive(XmlId(plan.id + "-ip-" + replica.ip_address), "heartbeat", "IPaddr2", "60s", "");
  NvBlock& params = def.params.front();
  AddPair(params, "ip", replica.ip_address);
  if (const std::string* interface = plan.Network("host-interface")) AddPair(params, "nic", *interface);
  const std::string* netmask = plan.Network("host-netmask");
  AddPair(params, "cidr_netmask", netmask != nullptr ? *netmask : "32");
  return def;
}

ResourceDef ConnectionDef(const Plan& plan, const Replica& replica, const std::string& id,
                          const std::string& container_id) {
  ResourceDef def = MakePrimitive(id, "pacemaker", "remote", "30s", "30s");
  AddPair(def.params.front(), "addr", replica.ip_address.empty() ? "#uname" : replica.ip_address);
  AddPair(def.params.front(), "port", plan.port());
  NvBlock meta{id + "-meta_attributes", Score(), std::nullopt, {}};
  AddPair(meta, "internal_rsc", "true");
  AddPair(meta, "container", container_id);
  def.meta.push_back(std::move(meta));
  return def;
}

ResourceDef CloneDef(const Plan& plan, const BundleData& bundle, const ResourceDef& child) {
  ResourceDef def;
  def.variant = Variant::kClone;
  def.element = "clone";
  def.id = plan.id + (bundle.promoted_max > 0 ? "-master" : "-clone");
  def.attributes = {{"id", def.id}};
  NvBlock meta{def.id + "-meta_attributes", Score(), std::nullopt, {}};
  AddPair(meta, "ordered", "true");
  AddPair(meta, "clone-max", std::to_string(bundle.replicas_configured));
  AddPair(meta, "clone-node-max", std::to_string(bundle.replicas_per_host));
  AddPair(meta, "globally-unique", bundle.replicas_per_host > 1 ? "true" : "false");
  if (bundle.promoted_max > 0) {
    AddPair(meta, "promotable", "true");
    AddPair(meta, "promoted-max", std::to_string(bundle.promoted_max));
  }
  def.meta.push_back(std::move(meta));
  def.children.push_back(child);
  return def;
}

const ResourceDef& Keep(Run& run, ResourceDef def) {
  return run.generated.emplace_back(std::move(def));
}

// --- addresses

// The address after `previous`; empty if there is none (spec 04 §11.3).
std::string NextAddress(const std::string& previous) {
  std::array<int, 4> octets{};
  const char* at = previous.data();
  const char* const end = at + previous.size();
  for (size_t i = 0; i < octets.size(); ++i) {
    if (i > 0 && (at == end || *at++ != '.')) return {};
    const auto [next, error] = std::from_chars(at, end, octets[i]);
    if (error != std::errc() || octets[i] < 0 || octets[i] > 255) return {};
    at = next;
  }
  if (at != end || octets[2] > 253) return {};
  if (octets[3] > 253) {
    ++octets[2];
    octets[3] = 1;
  } else {
    ++octets[3];
  }
  return std::to_string(octets[0]) + "." + std::to_string(octets[1]) + "." + std::to_string(octets[2]) + "." +
         std::to_string(octets[3]);
}

// Addresses of all replicas, and the host options that every container gets.
void AssignAddresses(Plan& plan, std::vector<Replica>& replicas) {
  if (plan.ip_range_start == nullptr) return;
  const std::string* add_host = plan.Network("add-host");
  const bool as_hosts = plan.def->agent != "rkt" && (add_host == nullptr || ParseBoolean(*add_host).value_or(true));
  std::string previous;
  for (Replica& replica : replicas) {
    replica.ip_address = previous.empty() ? *plan.ip_range_start : NextAddress(previous);
    previous = replica.ip_address;
    const std::string address = previous.empty() ? "(null)" : previous;
    const std::string name = plan.ReplicaName(replica.offset);
    plan.host_options += as_hosts ? " --add-host=" + name + ":" + address : " --hosts-entry=" + address + "=" + name;
  }
}

// --- building

std::optional<ResourceId> BuildPart(Run& run, ResourceId bundle, ResourceDef def) {
  const auto part = BuildResource(run, Keep(run, std::move(def)), bundle, std::nullopt);
  if (part) {
    run.at(*part).bundled = true;
    run.at(*part).internal = true;
    run.at(bundle).children.push_back(*part);
  }
  return part;
}

// No other resource runs or is probed on a bundle node (spec 01 §18.5.1-2).
NodeId BundleNode(Run& run, const std::string& name) {
  NodeId id = FindNodeByName(run, name);
  const bool known = id.valid();
  if (!known) id = AddNode(run, name, name, true, Score::MinusInfinity());
  run.at(id).base_score = Score::MinusInfinity();
  run.at(id).probe_mode = ProbeMode::kNever;
  if (!known) return id;  // No table has an entry for it yet.
  const auto close = [&run, id](const auto& self, ResourceId resource) -> void {
    if (Cell* cell = run.at(resource).row.Find(id)) {
      cell->score = Score::MinusInfinity();
      cell->probe_mode = ProbeMode::kNever;
    }
    for (const ResourceId child : run.at(resource).children) self(self, child);
  };
  for (const ResourceId top : run.top_level) close(close, top);
  return id;
}

bool BuildConnection(Run& run, ResourceId bundle, const Plan& plan, Replica& replica) {
  std::string name = plan.ReplicaName(replica.offset);
  if (FindResource(run, name).valid()) {
    name = "pcmk-internal-" + run.at(replica.child).id + "-remote-" + std::to_string(replica.offset);
  }
  replica.node = BundleNode(run, name);
  const ResourceId clone = run.at(bundle).bundle->contained;
  Row& child_row = run.at(replica.child).row;
  child_row.Clear();
  child_row.FindOrCreate(replica.node, Score(500), ProbeMode::kExclusive);
  run.at(clone).row.FindOrCreate(replica.node, Score::MinusInfinity(), ProbeMode::kNever) =
      Cell{Score::MinusInfinity(), true, ProbeMode::kNever, false, 0};
  const auto connection = BuildPart(run, bundle, ConnectionDef(plan, replica, name, run.at(replica.container).id));
  if (!connection) return false;
  replica.connection = *connection;
  run.at(*connection).nesting_allowed = true;
  for (const NodeId node : run.node_order) {
    if (!run.at(node).remote) continue;
    if (Cell* cell = run.at(*connection).row.Find(node)) cell->score = Score::MinusInfinity();
  }
  run.at(*connection).launcher = replica.container;
  run.at(replica.node).connection = *connection;
  run.at(replica.node).attributes.Set("#kind", "container");
  return true;
}

bool BuildReplica(Run& run, ResourceId bundle, const Plan& plan, Replica& replica) {
  const auto container = BuildPart(run, bundle, ContainerDef(plan, replica));
  if (!container) return false;
  replica.container = *container;
  if (!replica.ip_address.empty()) {
    const auto ip = BuildPart(run, bundle, AddressDef(plan, replica));
    if (!ip) return false;
    replica.ip = *ip;
  }
  if (!replica.child.valid()) return true;
  if (!BuildConnection(run, bundle, plan, replica)) return false;
  Resource& child = run.at(replica.child);
  Resource& launcher = run.at(replica.container);
  if (!replica.ip_address.empty()) child.meta.Set("external-ip", replica.ip_address);
  std::swap(child.utilization, launcher.utilization);
  std::swap(child.load, launcher.load);
  return true;
}

// The implicit clone (spec 01 §18.2, 04 §11.2). Built before the replicas, listed after them.
bool BuildContained(Run& run, ResourceId bundle, const Plan& plan, const ResourceDef& child) {
  const ResourceDef& def = Keep(run, CloneDef(plan, *run.at(bundle).bundle, child));
  const auto built = BuildResource(run, def, bundle, std::nullopt);
  if (!built) return false;
  const ResourceId clone = *built;
  run.at(bundle).bundle->contained = clone;
  run.at(clone).internal = true;
  for (const ResourceId instance : run.at(clone).children) {
    run.at(instance).exclusive_discovery = true;
    run.at(instance).bundled = true;
    run.at(instance).in_container = true;
    if (run.at(instance).notify) run.at(clone).notify = true;
    if (const std::string* target = run.at(instance).meta.Find("container-attribute-target")) {
      const std::string value = *target;
      run.at(clone).meta.Set("container-attribute-target", value);
      run.at(bundle).meta.Set("container-attribute-target", value);
    }
  }
  return true;
}

// Spec 01 §18.1.
BundleData ReadBundleData(const Plan& plan) {
  BundleData data;
  data.agent = plan.def->agent;
  if (const std::string* image = plan.Container("image")) data.image = *image;
  if (const std::string* most = plan.Container("promoted-max")) data.promoted_max = IntegerAtLeast(most, 0);
  if (const std::string* replicas = plan.Container("replicas")) {
    data.replicas_configured = IntegerAtLeast(replicas, 1);
  } else {
    data.replicas_configured = data.promoted_max > 0 ? data.promoted_max : 1;
  }
  data.replicas_per_host = IntegerAtLeast(plan.Container("replicas-per-host"), 1);
  data.has_ip_range = plan.ip_range_start != nullptr;
  return data;
}

void AddImplicitMappings(Plan& plan) {
  plan.mounts.push_back({std::string(kKeyFile), false, std::string(kKeyFile), ""});
  bool log_mapped = false;
  for (const StorageMapping& mount : plan.mounts) log_mapped = log_mapped || mount.target == kLogTarget;
  if (!log_mapped) plan.mounts.push_back({std::string(kLogSource), true, std::string(kLogTarget), ""});
  plan.ports.push_back({plan.port(), plan.port()});
}

}  // namespace

bool BuildBundle(Run& run, ResourceId id) {
  const ResourceDef& def = *run.at(id).def;
  if (def.bundle->agent.empty()) return false;
  Plan plan;
  plan.id = run.at(id).id;
  plan.def = &*def.bundle;
  plan.ip_range_start = plan.Network("ip-range-start");
  plan.control_port = plan.Network("control-port");
  plan.mounts = plan.def->storage;
  plan.ports = plan.def->ports;
  plan.has_child = !def.children.empty();

  BundleData data = ReadBundleData(plan);
  if (data.replicas_per_host == 1) run.at(id).unique = false;
  if (plan.has_child) {
    if (plan.ip_range_start == nullptr && plan.control_port == nullptr) {
      Say(run, LogLevel::kError,
          "Cannot control " + def.children.front().id + " inside " + plan.id +
              " without either ip-range-start or control-port");
      return false;
    }
    if (plan.ip_range_start == nullptr && data.replicas_per_host > 1) {
      Say(run, LogLevel::kError, "Specifying the 'control-port' for " + plan.id + " requires 'replicas-per-host=1'");
      data.replicas_per_host = 1;
    }
    AddImplicitMappings(plan);
  }
  run.at(id).bundle = data;
  if (plan.has_child && !BuildContained(run, id, plan, def.children.front())) {
    Say(run, LogLevel::kError, "Failed unpacking resource " + def.children.front().id);
    return false;
  }

  const ResourceId clone = run.at(id).bundle->contained;
  const size_t count = clone.valid() ? run.at(clone).children.size() : static_cast<size_t>(data.replicas_configured);
  std::vector<Replica> replicas(count);
  for (size_t k = 0; k < count; ++k) {
    replicas[k].offset = static_cast<int32_t>(k);
    if (clone.valid()) replicas[k].child = run.at(clone).children[k];
  }
  AssignAddresses(plan, replicas);
  for (Replica& replica : replicas) {
    if (BuildReplica(run, id, plan, replica)) continue;
    Say(run, LogLevel::kError, "Failed unpacking resource " + plan.id);
    return false;
  }
  if (clone.valid()) run.at(id).children.push_back(clone);
  run.at(id).bundle->replicas = std::move(replicas);
  return true;
}

}  // namespace picket::solver
