#include "solver/actions/testing/acted.h"

#include <pugixml.hpp>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "solver/actions/stages.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/constraints/constraints.h"
#include "solver/model/query.h"
#include "solver/order/order.h"
#include "solver/place/place.h"
#include "solver/status/status.h"
#include "solver/unpack/unpack.h"

namespace picket::solver::testing {
namespace {

std::vector<std::string> Split(std::string_view text, char separator) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; std::getline(stream, word, separator);) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

// The text before and after a mark; the second is empty if there is no mark.
std::pair<std::string, std::string> Halves(std::string_view text, char mark) {
  const size_t at = text.find(mark);
  if (at == std::string_view::npos) return {std::string(text), {}};
  return {std::string(text.substr(0, at)), std::string(text.substr(at + 1))};
}

std::string Is(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "='" + std::string(value) + "'";
}

std::string Pairs(std::string_view owner, std::string_view words) {
  std::string text;
  for (const std::string& word : Split(words, ' ')) {
    const auto [name, value] = Halves(word, '=');
    text += "<nvpair" + Is("id", std::string(owner) + "-" + name) + Is("name", name) + Is("value", value) + "/>";
  }
  return text;
}

std::string Meta(std::string_view id, std::string_view words) {
  const std::string block = std::string(id) + "-meta";
  return "<meta_attributes" + Is("id", block) + ">" + Pairs(block, words) + "</meta_attributes>";
}

// One operation of a history, with the digests that the unchanged resource has.
std::string Entry(const std::string& id, const std::string& word, int call) {
  const auto [what, rc] = Halves(word, '!');
  const auto [operation, seconds] = Halves(what, '/');
  const std::string interval = seconds.empty() ? "0" : seconds + "000";
  const std::string code = rc.empty() ? "0" : rc;
  Table params;
  if (!seconds.empty()) params.Set("CRM_meta_timeout", "20000");
  std::string text = "<lrm_rsc_op" + Is("id", id + "_" + operation + "_" + interval + "_" + std::to_string(call));
  text += Is("operation_key", id + "_" + operation + "_" + interval) + Is("operation", operation);
  text += Is("interval", interval) + Is("call-id", std::to_string(call)) + Is("rc-code", code);
  text += Is("op-status", "0") + Is("transition-key", "1:1:" + std::string(seconds.empty() ? code : "0") + ":x");
  text += Is("transition-magic", "0:" + code + ";1:1:0:x") + Is("op-digest", ParameterDigest(params)) + "/>";
  return text;
}

std::string HistoryOn(const Scene& scene, const std::string& node) {
  std::string text;
  int call = 0;
  for (const std::string& word : Split(scene.history, ' ')) {
    const auto [id, rest] = Halves(word, '@');
    const auto [where, operations] = Halves(rest, ':');
    if (where != node) continue;
    text += "<lrm_resource" + Is("id", id) + " class='ocf' provider='pacemaker' type='Stateful'>";
    for (const std::string& operation : Split(operations, ',')) text += Entry(id, operation, ++call);
    text += "</lrm_resource>";
  }
  return text;
}

std::string NodeStates(const Scene& scene) {
  std::string text;
  for (const std::string& word : Split(scene.nodes, ' ')) {
    const auto [node, condition] = Halves(word, ':');
    const bool down = condition == "down" || condition == "lost";
    const bool expected = !down || condition == "lost";
    text += "<node_state" + Is("id", node) + Is("uname", node) + Is("in_ccm", down ? "false" : "true");
    text += Is("crmd", down ? "offline" : "online") + Is("join", expected ? "member" : "down");
    text += Is("expected", expected ? "member" : "down") + ">";
    if (condition == "leaving") {
      text += "<transient_attributes" + Is("id", node) + "><instance_attributes" + Is("id", "t-" + node) + ">";
      text += Pairs("t-" + node, "shutdown=900000000") + "</instance_attributes></transient_attributes>";
    }
    text += "<lrm" + Is("id", node) + "><lrm_resources>" + HistoryOn(scene, node);
    text += "</lrm_resources></lrm></node_state>";
  }
  return text;
}

std::string Options(const Scene& scene) {
  std::string words = scene.options;
  for (const std::string fallback : {"fencing-enabled=false", "enable-startup-probes=false"}) {
    if (scene.options.find(Halves(fallback, '=').first) == std::string::npos) words += " " + fallback;
  }
  return Pairs("options", words);
}

std::string Cib(const Scene& scene) {
  std::string text = "<cib validate-with='pacemaker-4.0' admin_epoch='0' epoch='1' num_updates='0' have-quorum='1'>";
  text += "<configuration><crm_config><cluster_property_set id='options'>" + Options(scene);
  text += "</cluster_property_set></crm_config><nodes>";
  for (const std::string& word : Split(scene.nodes, ' ')) {
    const std::string node = Halves(word, ':').first;
    text += "<node" + Is("id", node) + Is("uname", node) + "/>";
  }
  text += "</nodes><resources>" + scene.resources + "</resources><constraints>" + scene.constraints;
  text += "</constraints></configuration><status>" + NodeStates(scene) + "</status></cib>";
  return text;
}

std::string ActionText(const Run& run, const Action& action) {
  std::string text(run.symbols.Text(action.key_operation));
  if (action.interval_ms != 0) text += "/" + std::to_string(action.interval_ms / 1000);
  if (action.name == Symbol::kCancel) text = "cancel " + text;
  if (action.node.valid() && action.resource.valid()) text += " " + run.at(action.node).name;
  if (action.pseudo) text += "~";
  if (!action.runnable) text += "!";
  return action.optional ? "[" + text + "]" : text;
}

}  // namespace

std::string Dummy(std::string_view id, std::string_view meta, std::string_view operations) {
  std::string text =
      "<primitive" + Is("id", id) + " class='ocf' provider='pacemaker' type='Stateful'>" + Meta(id, meta);
  text += "<operations>";
  for (const std::string& word : Split(operations, ' ')) {
    const auto [what, role] = Halves(word, '=');
    const auto [name, seconds] = Halves(what, '/');
    text += "<op" + Is("id", std::string(id) + "-" + name + seconds + role) + Is("name", name);
    text += Is("interval", seconds.empty() ? "0" : seconds + "s") + (role.empty() ? "" : Is("role", role)) + "/>";
  }
  return text + "</operations></primitive>";
}

std::string Clone(std::string_view id, std::string_view child, std::string_view meta) {
  return "<clone" + Is("id", id) + ">" + Meta(id, meta) + std::string(child) + "</clone>";
}

std::string Group(std::string_view id, std::string_view members, std::string_view meta) {
  return "<group" + Is("id", id) + ">" + Meta(id, meta) + std::string(members) + "</group>";
}

std::string Pin(std::string_view resource, std::string_view node) {
  const std::string id = "pin-" + std::string(resource) + "-" + std::string(node);
  return "<rsc_location" + Is("id", id) + Is("rsc", resource) + Is("node", node) + " score='INFINITY'/>";
}

Acted::Acted(const Scene& scene) {
  pugi::xml_document document;
  DocumentError error;
  if (!ParseDocument(Cib(scene), document, error)) throw std::runtime_error(error.message);
  cluster_ = ReadCluster(document);
  state_ = ReadState(document, std::nullopt, Instant{1000000000, 0});
  run_.cluster = &cluster_;
  run_.state = &state_;
  UnpackConfiguration(run_);
  UnpackStatus(run_);
  ApplyHealth(run_);
  UnpackConstraints(run_);
  ApplyNodeCriteria(run_);
  RecordImplicit(run_);
  CheckDefinitions(run_);
  AssignResources(run_);
  CheckDeferredDefinitions(run_);
  ScheduleProbes(run_);
  ClearRemovedFailCounts(run_);
  CreateResourceActions(run_);
  OrderRemote(run_);
  FenceAndShutDown(run_);
  for (const Action& action : run_.actions) {
    std::string& text = actions_[action.resource.valid() ? run_.at(action.resource).id : std::string()];
    if (!text.empty()) text += ", ";
    text += ActionText(run_, action);
  }
  Materialise(run_);
  Propagate(run_);
  TransitionSummary summary = Summarise(run_);
  transition_ = BuildTransition(run_);
  transition_.summary = std::move(summary);
}

std::string Acted::Of(std::string_view resource) const {
  const auto it = actions_.find(resource);
  return it == actions_.end() ? std::string() : it->second;
}

std::string Acted::Summary() const {
  std::string text;
  for (const NodeSummary& line : transition_.summary.nodes) {
    if (!line.reason.empty())
      text += (text.empty() ? "" : "; ") + line.task + " " + line.node_text + " '" + line.reason + "'";
  }
  for (const ResourceSummary& line : transition_.summary.resources) {
    text += (text.empty() ? "" : "; ") + line.change + " " + line.id + " ( " + line.details + " )";
    if (!line.reason.empty()) text += " " + line.reason;
  }
  return text;
}

std::string Acted::Keys() const {
  std::string text;
  for (const Action& action : run_.actions) text += (text.empty() ? "" : " ") + KeyText(run_, action.id);
  return text;
}

std::string Acted::MetaOf(std::string_view key, std::string_view name, std::string_view node) const {
  for (const Action& action : run_.actions) {
    if (KeyText(run_, action.id) != key) continue;
    if (!node.empty() && (!action.node.valid() || run_.at(action.node).name != node)) continue;
    const std::string* value = action.meta.Find(name);
    return value ? *value : "-";
  }
  return "?";
}

}  // namespace picket::solver::testing
