// Nodes: the `nodes` section, attributes, and the nodes of remote and guest connections (spec 01 §7, §17.1,
// §17.2).
#include <string>
#include <string_view>
#include <vector>

#include "solver/cib/values.h"
#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/unpack/build.h"
#include "solver/unpack/unpack.h"

namespace picket::solver {
namespace {

// `#is_dc` is decided once: the first node whose id is the DC's.
void SetIsDc(Run& run, NodeId id) {
  Node& node = run.at(id);
  if (!run.dc.valid() && !run.state->dc_uuid.empty() && EqualFolded(node.id, run.state->dc_uuid)) {
    run.dc = id;
    node.is_dc = true;
    node.attributes.Set("#is_dc", "true");
  } else if (run.dc != id) {
    node.attributes.Set("#is_dc", "false");
  }
}

// Steps 2-4 of spec 01 §7.4.
void SetGenerated(Run& run, NodeId id) {
  Node& node = run.at(id);
  node.attributes.Set("#uname", node.name);
  node.attributes.Set("#id", node.id);
  SetIsDc(run, id);
  if (!run.options.cluster_name.empty()) run.at(id).attributes.Set("#cluster-name", run.options.cluster_name);
}

// Step 7.
void SetSiteName(Run& run, NodeId id) {
  Table& attributes = run.at(id).attributes;
  if (attributes.Has("#site-name")) return;
  if (const std::string* site = attributes.Find("site-name")) {
    attributes.Set("#site-name", std::string(*site));
  } else if (!run.options.cluster_name.empty()) {
    attributes.Set("#site-name", run.options.cluster_name);
  }
}

// False: reading of the section stops here.
bool UnpackNode(Run& run, const NodeDef& def) {
  if (def.id.empty()) {
    Say(run, LogLevel::kError, "Ignoring <node> entry in configuration without id");
    return true;
  }
  Score score;
  if (def.score) {
    const auto parsed = ReadScore(run, *def.score);
    if (!parsed) {
      Say(run, LogLevel::kWarning,
          "Using 0 as score for node " + def.uname + " because '" + *def.score +
              "' is not a valid score: Bad input value provided");
    }
    score = parsed.value_or(Score());
  }
  const bool remote = EqualFolded(def.type, "remote");
  // Before 3.0 anything that is neither a member nor remote was taken for a ping node (spec 07 A-19).
  const bool ping =
      !remote && !def.type.empty() && !EqualFolded(def.type, "member") && !run.Behaves(Behaviour::kPingNodesAreMembers);
  if (!remote && !ping && !def.type.empty() && !EqualFolded(def.type, "member")) {
    Say(run, LogLevel::kError, "Ignoring node " + def.uname + " with unrecognized type '" + def.type + "'");
    return false;
  }
  const NodeId id = AddNode(run, def.id, def.uname, remote, score);
  run.at(id).ping = ping;
  run.at(id).unclean = !remote && StartupFencing(run);
  SetGenerated(run, id);
  ReadInto(run, def.attributes, TimeInput(run), run.at(id).attributes);
  ReadInto(run, def.utilization, TimeInput(run), run.at(id).utilization);
  SetSiteName(run, id);
  return true;
}

bool IsConnection(const ResourceDef& def) {
  return EqualFolded(def.cls, "ocf") && EqualFolded(def.provider, "pacemaker") && EqualFolded(def.type, "remote");
}

OperationDef MakeOperation(const std::string& id, std::string_view name, std::string_view interval,
                           const std::string& timeout) {
  OperationDef operation;
  operation.id = id;
  operation.name = name;
  operation.interval_ms = DurationOrZero(interval);
  operation.attributes = {{"id", id}, {"name", operation.name}, {"interval", std::string(interval)}};
  if (!timeout.empty()) operation.attributes.emplace_back("timeout", timeout);
  return operation;
}

// The connection of a guest node, if `def` asks for one (spec 01 §17.2).
const ResourceDef* MakeGuestConnection(Run& run, const ResourceDef& def) {
  const std::string* name = def.guest_meta.Find("remote-node");
  if (name == nullptr || name->empty()) return nullptr;
  const auto given = [&def](std::string_view key) { return def.guest_meta.Find(key); };
  const std::string* timeout = given("remote-connect-timeout");
  ResourceDef connection;
  connection.element = "primitive";
  connection.id = *name;
  connection.cls = "ocf";
  connection.provider = "pacemaker";
  connection.type = "remote";
  connection.attributes = {{"id", *name}, {"class", "ocf"}, {"provider", "pacemaker"}, {"type", "remote"}};
  NvBlock meta{*name + "-meta_attributes", Score(), std::nullopt, {}};
  const auto add = [](NvBlock& block, std::string_view key, const std::string* value) {
    if (value != nullptr) block.pairs.push_back({block.id + "-" + std::string(key), std::string(key), *value});
  };
  const std::string yes = "true";
  add(meta, "internal_rsc", &yes);
  add(meta, "container", &def.id);
  add(meta, "allow-migrate", given("remote-allow-migrate"));
  add(meta, "is-managed", given("is-managed"));
  connection.meta.push_back(std::move(meta));
  NvBlock params{*name + "-instance_attributes", Score(), std::nullopt, {}};
  add(params, "addr", given("remote-addr"));
  add(params, "port", given("remote-port"));
  if (!params.pairs.empty()) connection.params.push_back(std::move(params));
  connection.operations.push_back(MakeOperation(*name + "-monitor-30s", "monitor", "30s", "30s"));
  connection.operations.push_back(
      MakeOperation(*name + "-start-0", "start", "0", timeout != nullptr ? *timeout : "60s"));
  run.generated.push_back(std::move(connection));
  return &run.generated.back();
}

void CreateRemoteNode(Run& run, const std::string& name) {
  if (!FindNodeByName(run, name).valid()) AddNode(run, name, name, true, Score());
}

}  // namespace

void Say(const Run& run, LogLevel level, std::string text) {
  if (run.recorder != nullptr) run.recorder->Log(level, std::move(text));
}

RuleInput TimeInput(const Run& run) {
  RuleInput input;
  input.now = run.state->now;
  input.recorder = run.recorder;
  input.target = &run.cluster->target;
  return input;
}

void ReadInto(Run& run, const NvBlocks& blocks, const RuleInput& input, Table& target) {
  NextChange next_change;
  ReadBlocks(blocks, input, target, next_change);
  if (next_change) ConsiderRecheck(run, *next_change);
}

void ConsiderRecheck(Run& run, int64_t candidate_s) {
  if (candidate_s <= run.state->now.epoch_s) return;
  if (!run.recheck_by_s || candidate_s < *run.recheck_by_s) run.recheck_by_s = candidate_s;
}

uint32_t WholeSeconds(const Run& run, uint32_t ms) {
  return run.Behaves(Behaviour::kSecondsRounded) ? RoundedSeconds(ms) : ms / 1000;
}

NodeId AddNode(Run& run, std::string_view id, std::string_view name, bool remote, Score base_score) {
  const NodeId self(run.nodes.size());
  Node& node = run.nodes.emplace_back();
  node.self = self;
  node.id = id;
  node.name = name;
  node.remote = remote;
  node.base_score = base_score;
  node.attributes.Set("#kind", remote ? "remote" : "cluster");
  if (remote) run.has_remote_nodes = true;
  // By name, before an existing one with an equal name (spec 01 §7.1).
  auto place = run.node_order.begin();
  while (place != run.node_order.end() && CompareNodeNames(name, run.at(*place).name) > 0) ++place;
  if (place != run.node_order.end() && EqualFolded(run.at(*place).name, name)) {
    Say(run, LogLevel::kWarning, "More than one node entry has name '" + std::string(name) + "'");
  }
  run.node_order.insert(place, self);
  return self;
}

void UnpackNodes(Run& run) {
  for (const NodeDef& def : run.cluster->nodes) {
    if (!UnpackNode(run, def)) return;
  }
  for (const NodeDef& def : run.state->added_nodes) UnpackNode(run, def);
}

void ApplyTransientAttributes(Run& run, NodeId id, const NodeState& state) {
  SetGenerated(run, id);
  Table transient;
  if (run.Behaves(Behaviour::kTransientFirstWins)) {
    ReadInto(run, state.transient, TimeInput(run), transient);
  } else {
    NextChange next_change;
    ReadBlocksReplacing(state.transient, TimeInput(run), run.Behaves(Behaviour::kTransientHighestScore), transient,
                        next_change);
    if (next_change) ConsiderRecheck(run, *next_change);
  }
  for (const auto& [name, value] : transient) run.at(id).attributes.Set(name, value);
  if (run.Behaves(Behaviour::kTransientUtilization)) {
    ReadInto(run, state.transient_utilization, TimeInput(run), run.at(id).utilization);
  }
  SetSiteName(run, id);
}

std::vector<const ResourceDef*> DiscoverRemoteNodes(Run& run) {
  std::vector<const ResourceDef*> list;
  for (const ResourceDef& def : run.cluster->resources) list.push_back(&def);
  const auto discover_guest = [&](const ResourceDef& def) {
    const ResourceDef* connection = MakeGuestConnection(run, def);
    if (connection == nullptr) return;
    list.push_back(connection);
    CreateRemoteNode(run, connection->id);
  };
  // The list grows during the walk; what is appended is a connection itself.
  for (size_t i = 0; i < list.size(); ++i) {
    const ResourceDef& def = *list[i];
    if (IsConnection(def) && def.template_id.empty()) {
      CreateRemoteNode(run, def.id);
    } else if (def.element == "primitive") {
      discover_guest(def);
    } else if (def.element == "group") {
      for (const ResourceDef& member : def.children) discover_guest(member);
    }
  }
  return list;
}

}  // namespace picket::solver
