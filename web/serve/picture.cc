#include "web/serve/picture.h"

#include <algorithm>
#include <map>
#include <set>

#include "runtime/deploy/leftovers.h"
#include "runtime/store/secret_pairs.h"
#include "simulator/text/failures.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/model/query.h"
#include "solver/model/role.h"
#include "solver/schedule.h"
#include "solver/status/status.h"

namespace picket::web {
namespace {

// A value that short stands in many texts by chance.
constexpr size_t kSecretMin = 4;

void CollectSecrets(pugi::xml_node root, std::vector<std::string>& secrets) {
  const std::set<std::string> marked = runtime::SecretPairs(root.child("configuration"));
  std::set<std::string> values;
  for (const auto& found : root.select_nodes("//nvpair")) {
    const pugi::xml_node pair = found.node();
    const std::string value = pair.attribute("value").value();
    const bool secret =
        runtime::IsSecretName(pair.attribute("name").value()) || marked.contains(pair.attribute("id").value());
    if (secret && value.size() >= kSecretMin) values.insert(value);
  }
  secrets.assign(values.begin(), values.end());
  // One may be part of another.
  std::stable_sort(secrets.begin(), secrets.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

const char* StateOf(const solver::Node& node) {
  if (node.unclean) return node.online ? "unclean" : "lost";
  if (node.pending) return "joining";
  if (!node.online) return "offline";
  if (node.maintenance) return "maintenance";
  if (node.standby || node.standby_on_fail) return "standby";
  return "online";
}

const char* RoleWord(const solver::Run& run, solver::ResourceId id) {
  const solver::Resource& resource = run.at(id);
  if (resource.role == solver::Role::kPromoted) return "promoted";
  if (solver::IsRoleShownAsUnpromoted(run, id) || resource.role == solver::Role::kUnpromoted) return "unpromoted";
  return "started";
}

std::string AgentOf(const solver::Resource& resource) {
  std::string agent = resource.cls;
  for (const std::string* part : {&resource.provider, &resource.type}) {
    if (!part->empty()) agent += (agent.empty() ? "" : ":") + *part;
  }
  return agent;
}

// What is to be told of a resource beside where it runs; empty if nothing is.
std::string TroubleOf(const solver::Resource& resource) {
  if (resource.removed) return "orphan";
  if (resource.blocked) return "blocked";
  if (resource.failed) return "failed";
  if (resource.active.size() > 1) return "runs twice";
  if (!resource.managed) return resource.maintenance ? "in maintenance" : "not managed";
  return resource.disabled ? "disabled" : "";
}

Json NodesOf(const solver::Run& run) {
  Json nodes = Json::array();
  for (const solver::NodeId id : run.node_order) {
    const solver::Node& node = run.at(id);
    nodes.push_back({{"name", node.name},
                     {"state", StateOf(node)},
                     {"remote", node.remote},
                     {"coordinator", node.is_dc},
                     {"standby", node.standby},
                     {"maintenance", node.maintenance}});
  }
  return nodes;
}

Json ResourcesOf(const solver::Run& run) {
  Json resources = Json::array();
  for (size_t i = 0; i < run.resources.size(); ++i) {
    const solver::ResourceId id(i);
    const solver::Resource& resource = run.at(id);
    if (!resource.is_primitive()) continue;
    Json nodes = Json::array();
    for (const solver::NodeId node : resource.active) nodes.push_back(run.at(node).name);
    const solver::Resource& top = run.at(solver::TopWithBundle(run, id));
    // Instances of a clone that run nowhere say nothing: there may be as many as nodes.
    if (nodes.empty() && top.variant != solver::Variant::kPrimitive && top.variant != solver::Variant::kGroup &&
        !resource.failed && !resource.blocked && resource.instance_number.value_or(0) > 0)
      continue;
    resources.push_back({{"id", resource.id},
                         {"name", resource.config_id.empty() ? resource.id : resource.config_id},
                         {"of", top.self == resource.self ? "" : top.id},
                         {"agent", AgentOf(resource)},
                         {"device", resource.fence_device},
                         {"nodes", std::move(nodes)},
                         {"role", resource.active.empty() ? "stopped" : RoleWord(run, id)},
                         {"wanted", !resource.disabled && !resource.removed},
                         {"trouble", TroubleOf(resource)}});
  }
  return resources;
}

Json FailuresOf(const Reading& reading, const solver::Run& run) {
  Json failures = Json::array();
  for (const solver::FailedOperation* failure : simulator::ShownFailures(run)) {
    const simulator::FailureView view = simulator::ViewFailure(run, *failure);
    Json one = {{"resource", failure->resource_id},
                {"node", view.node},
                {"operation", view.operation},
                {"interval_ms", view.interval_ms},
                {"rc", view.rc},
                {"result", solver::ResultText(run, view.rc)},
                {"reason", Masked(reading, std::string(view.exit_reason))}};
    one["since_s"] = view.last_rc_change_s ? Json(*view.last_rc_change_s) : Json();
    failures.push_back(std::move(one));
  }
  return failures;
}

// Failures are told on their own, so they are left out here.
Json LeftoversOf(const Reading& reading, int64_t now_s) {
  Json leftovers = Json::array();
  for (const runtime::Leftover& leftover : runtime::LeftoversOf(reading.document, now_s)) {
    if (leftover.what.find("` failed on ") != std::string::npos) continue;
    Json one = {{"id", leftover.id}, {"what", Masked(reading, leftover.what)}};
    one["since_s"] = leftover.age_s < 0 ? Json() : Json(now_s - leftover.age_s);
    leftovers.push_back(std::move(one));
  }
  return leftovers;
}

// Operations that have begun and whose result is not there yet.
Json BusyOf(const solver::State& state) {
  Json busy = Json::array();
  for (const auto& node : state.nodes) {
    for (const solver::ResourceHistory& history : node->history) {
      for (const solver::HistoryEntry& entry : history.entries) {
        if (entry.status != -1) continue;
        busy.push_back({{"operation", entry.operation},
                        {"resource", history.id},
                        {"node", node->uname ? *node->uname : node->id}});
      }
    }
  }
  return busy;
}

std::string OptionOf(const pugi::xml_document& cib, const char* name) {
  const std::string path = std::string("/cib/configuration/crm_config//nvpair[@name='") + name + "']";
  return cib.select_node(path.c_str()).node().attribute("value").value();
}

std::string TextOf(const Json& one, const char* name) {
  const auto found = one.find(name);
  return found != one.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// A list's members by what tells them apart, in the list's order.
using Members = std::vector<std::pair<std::string, const Json*>>;

Members By(const Json& picture, const char* list, std::initializer_list<const char*> key) {
  Members members;
  for (const Json& one : picture.at(list)) {
    std::string text;
    for (const char* part : key) text += one.at(part).dump(-1, ' ', true, Json::error_handler_t::replace) + " ";
    members.emplace_back(std::move(text), &one);
  }
  return members;
}

std::map<std::string, const Json*> Index(const Members& members) {
  return {members.begin(), members.end()};
}

// What came to a list and what went from it.
template <class Tell>
void Compare(const Json& before, const Json& after, const char* list, std::initializer_list<const char*> key,
             const Tell& tell) {
  const Members was = By(before, list, key), is = By(after, list, key);
  const auto old = Index(was), fresh = Index(is);
  for (const auto& [id, one] : is) {
    const auto found = old.find(id);
    tell(found == old.end() ? nullptr : found->second, one);
  }
  for (const auto& [id, one] : was) {
    if (!fresh.contains(id)) tell(one, nullptr);
  }
}

// Somebody wants it so.
bool IsOnPurpose(const std::string& trouble) {
  return trouble == "disabled" || trouble == "in maintenance" || trouble == "not managed";
}

void TellMoves(const Json* was, const Json* is, Json& events) {
  const Json none = Json::array();
  const Json& old = was ? was->at("nodes") : none;
  const Json& now = is ? is->at("nodes") : none;
  const std::string id = TextOf(is ? *is : *was, "id");
  const std::string before = was ? TextOf(*was, "role") : "", after = is ? TextOf(*is, "role") : "";
  const auto has = [](const Json& list, const Json& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
  };
  for (const Json& node : old) {
    if (!has(now, node))
      events.push_back({{"text", id + " runs no longer on " + node.get<std::string>()}, {"level", "note"}});
  }
  for (const Json& node : now) {
    const std::string where = node.get<std::string>();
    if (!has(old, node)) {
      events.push_back(
          {{"text", id + (after == "promoted" ? " is promoted on " : " runs on ") + where}, {"level", "good"}});
    } else if (before != after) {
      events.push_back({{"text", id + " is now " + after + " on " + where}, {"level", "note"}});
    }
  }
  const std::string trouble = is ? TextOf(*is, "trouble") : "";
  if (was && is && trouble != TextOf(*was, "trouble") && !trouble.empty())
    events.push_back({{"text", id + ": " + trouble}, {"level", IsOnPurpose(trouble) ? "note" : "bad"}});
}

}  // namespace

std::string Masked(const Reading& reading, std::string text) {
  return runtime::MaskValues(std::move(text), reading.secrets);
}

bool ReadCibText(const std::string& text, int64_t now_s, Reading& reading, std::string& reason) {
  solver::DocumentError error;
  if (!solver::ParseDocument(text, reading.document, error)) {
    reason = error.message;
    return false;
  }
  const pugi::xml_node root = reading.document.document_element();
  if (std::string_view(root.name()) != "cib" || !root.child("configuration")) {
    reason = "what was read is no CIB";
    return false;
  }
  reading.readable.reset(reading.document);
  std::string warning;
  const solver::Target target = solver::TargetOf(reading.document);
  if (!solver::UpgradeDocument(reading.readable, warning, error)) {
    reason = error.message;
    return false;
  }
  reading.cluster = solver::ReadCluster(reading.readable, target);
  reading.state = solver::ReadState(reading.readable, {}, {now_s, 0});
  CollectSecrets(root, reading.secrets);
  reading.configuration =
      std::string(root.attribute("admin_epoch").as_string("0")) + "." + root.attribute("epoch").as_string("0");
  reading.version = reading.configuration + "." + root.attribute("num_updates").as_string("0");
  return true;
}

Json PictureOf(const Reading& reading, int64_t now_s) {
  solver::Run run;
  solver::ReadStatus(reading.cluster, reading.state, run, nullptr);
  std::string coordinator;
  for (const solver::Node& node : run.nodes) {
    if (node.is_dc) coordinator = node.name;
  }
  const std::string name = OptionOf(reading.document, "cluster-name");
  return {{"cluster", name.empty() ? "cluster" : name},
          {"version", reading.version},
          {"configuration", reading.configuration},
          {"quorate", run.quorate},
          {"coordinator", coordinator},
          {"maintenance", OptionOf(reading.document, "maintenance-mode") == "true"},
          {"nodes", NodesOf(run)},
          {"resources", ResourcesOf(run)},
          {"failures", FailuresOf(reading, run)},
          {"leftovers", LeftoversOf(reading, now_s)},
          {"busy", BusyOf(reading.state)}};
}

Json HappenedBetween(const Json& before, const Json& after) {
  Json events = Json::array();
  const auto add = [&](const std::string& text, const char* level) {
    events.push_back({{"text", text}, {"level", level}});
  };
  Compare(before, after, "nodes", {"name"}, [&](const Json* was, const Json* is) {
    const std::string old = was ? TextOf(*was, "state") : "", now = is ? TextOf(*is, "state") : "not known any more";
    if (old == now) return;
    const bool good = now == "online";
    const bool in = now == "standby" || now == "maintenance";
    add(TextOf(is ? *is : *was, "name") + (in ? " is in " : " is ") + now, good ? "good"
                                                                           : now == "lost" || now == "unclean"
                                                                               ? "bad"
                                                                               : "note");
  });
  Compare(before, after, "resources", {"id"}, [&](const Json* was, const Json* is) { TellMoves(was, is, events); });
  Compare(before, after, "failures", {"resource", "node", "operation", "interval_ms", "since_s"},
          [&](const Json* was, const Json* is) {
            if (was && is) return;
            const Json& one = was ? *was : *is;
            const std::string what =
                TextOf(one, "operation") + " of " + TextOf(one, "resource") + " on " + TextOf(one, "node");
            const std::string reason = TextOf(one, "reason");
            if (is)
              add(what + " failed: " + TextOf(one, "result") + (reason.empty() ? "" : " (" + reason + ")"), "bad");
            if (was) add("the failure of the " + what + " is forgotten", "note");
          });
  if (before.at("quorate") != after.at("quorate"))
    add(after.at("quorate") == true ? "the cluster has quorum" : "the cluster has no quorum",
        after.at("quorate") == true ? "good" : "bad");
  if (before.at("maintenance") != after.at("maintenance"))
    add(after.at("maintenance") == true ? "the cluster is in maintenance" : "the cluster is managed again", "note");
  if (before.at("coordinator") != after.at("coordinator") && !TextOf(after, "coordinator").empty())
    add(TextOf(after, "coordinator") + " coordinates", "note");
  if (before.at("configuration") != after.at("configuration"))
    add("the configuration was changed: " + TextOf(after, "configuration"), "note");
  return events;
}

}  // namespace picket::web
