#include "solver/place/testing/placed.h"

#include <sstream>
#include <stdexcept>

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

std::vector<std::string> Words(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string Quoted(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + std::string(value) + "\"";
}

// One successful start per active resource.
std::string History(const Situation& situation, const std::string& node) {
  std::string text;
  int call = 0;
  for (const auto& [id, where] : situation.active) {
    if (where != node) continue;
    text += "<lrm_resource" + Quoted("id", id) + " class=\"ocf\" provider=\"pacemaker\" type=\"Dummy\">";
    text += "<lrm_rsc_op" + Quoted("id", id + "_last_0") + Quoted("operation_key", id + "_start_0");
    text += Quoted("call-id", std::to_string(++call)) + " operation=\"start\" rc-code=\"0\" op-status=\"0\"";
    text += " interval=\"0\" transition-key=\"1:1:0:x\" transition-magic=\"0:0;1:1:0:x\"/></lrm_resource>";
  }
  return text;
}

std::string NodeStates(const Situation& situation) {
  std::string text;
  for (const std::string& node : Words(situation.nodes)) {
    text += "<node_state" + Quoted("id", node) + Quoted("uname", node) + " in_ccm=\"true\" crmd=\"online\"";
    text += " join=\"member\" expected=\"member\"><transient_attributes" + Quoted("id", node) + ">";
    text += "<instance_attributes" + Quoted("id", "status-" + node) + ">";
    for (const auto& [where, pairs] : situation.attributes) {
      if (where == node) text += pairs;
    }
    text += "</instance_attributes></transient_attributes><lrm" + Quoted("id", node) + "><lrm_resources>";
    text += History(situation, node) + "</lrm_resources></lrm></node_state>";
  }
  return text;
}

std::string Cib(const Situation& situation) {
  std::string text = "<cib validate-with=\"pacemaker-4.0\" admin_epoch=\"0\" epoch=\"1\" num_updates=\"0\"";
  text += " have-quorum=\"1\"><configuration><crm_config><cluster_property_set id=\"options\">";
  text += Pair("fencing", "fencing-enabled", "false") + situation.properties;
  text += "</cluster_property_set></crm_config><nodes>";
  for (const std::string& node : Words(situation.nodes)) {
    text += "<node" + Quoted("id", node) + Quoted("uname", node) + "/>";
  }
  text += "</nodes><resources>" + situation.resources + "</resources><constraints>" + situation.constraints;
  text += "</constraints></configuration><status>" + NodeStates(situation) + "</status></cib>";
  return text;
}

}  // namespace

std::string Pair(std::string_view id, std::string_view name, std::string_view value) {
  return "<nvpair" + Quoted("id", id) + Quoted("name", name) + Quoted("value", value) + "/>";
}

std::string Meta(std::string_view owner, std::string_view meta) {
  const std::string id = std::string(owner) + "-meta";
  std::string text = "<meta_attributes" + Quoted("id", id) + ">";
  for (const std::string& word : Words(meta)) {
    const std::string name = word.substr(0, word.find('='));
    text += Pair(id + "-" + name, name, word.substr(name.size() + 1));
  }
  return text + "</meta_attributes>";
}

std::string Dummy(std::string_view id, std::string_view meta) {
  return "<primitive" + Quoted("id", id) + " class=\"ocf\" provider=\"pacemaker\" type=\"Dummy\">" + Meta(id, meta) +
         "</primitive>";
}

std::string Colocation(std::string_view dependent, std::string_view primary, std::string_view score,
                       std::string_view more) {
  const std::string id = std::string(dependent) + "-with-" + std::string(primary) + std::string(score);
  return "<rsc_colocation" + Quoted("id", id) + Quoted("rsc", dependent) + Quoted("with-rsc", primary) +
         Quoted("score", score) + " " + std::string(more) + "/>";
}

std::string Location(std::string_view resource, std::string_view node, std::string_view score, std::string_view more) {
  const std::string id = std::string(resource) + "-on-" + std::string(node) + std::string(score);
  return "<rsc_location" + Quoted("id", id) + Quoted("rsc", resource) + Quoted("node", node) + Quoted("score", score) +
         " " + std::string(more) + "/>";
}

Placed::Placed(const Situation& situation) {
  pugi::xml_document document;
  DocumentError error;
  if (!ParseDocument(Cib(situation), document, error)) throw std::runtime_error(error.message);
  cluster_ = ReadCluster(document);
  state_ = ReadState(document, std::nullopt, Instant{1000000000, 0});
  recorder_.scores = true;
  recorder_.reasons = true;
  run_.cluster = &cluster_;
  run_.state = &state_;
  run_.recorder = &recorder_;
  UnpackConfiguration(run_);
  UnpackStatus(run_);
  ApplyHealth(run_);
  UnpackConstraints(run_);
  ApplyNodeCriteria(run_);
  RecordImplicit(run_);
  CheckDefinitions(run_);
  AssignResources(run_);
}

std::string Placed::Lines(std::string_view resource, ScoreStage stage) const {
  std::string text;
  for (const Event& event : recorder_.events()) {
    const auto* line = std::get_if<ScoreLine>(&event);
    if (!line || line->stage != stage || run_.at(line->resource).id != resource) continue;
    if (!text.empty()) text += ", ";
    text += run_.at(line->node).name + " " + line->score.ToString();
  }
  return text;
}

std::string Placed::Promotions() const {
  std::string text;
  for (const Event& event : recorder_.events()) {
    const auto* line = std::get_if<PromotionLine>(&event);
    if (!line) continue;
    if (!text.empty()) text += ", ";
    text += run_.at(line->resource).id + " " + (line->node.valid() ? run_.at(line->node).name : "(inactive)") + " " +
            line->score.ToString();
  }
  return text;
}

std::string Placed::Reasons(std::string_view resource) const {
  std::string text;
  for (const Event& event : recorder_.events()) {
    const auto* reason = std::get_if<ReasonEvent>(&event);
    if (!reason || run_.at(reason->resource).id != resource) continue;
    if (!text.empty()) text += ", ";
    const std::string node = reason->node.valid() ? run_.at(reason->node).name : "everywhere";
    const std::string words =
        reason->what + " " + node + " " + reason->after.ToString() + " (" + reason->cause_id + ")";
    text += reason->taken_back ? "[" + words + "]" : words;
  }
  return text;
}

std::string Placed::NodeOf(std::string_view resource) const {
  const NodeId node = LocationOf(run_, FindResource(run_, resource), false);
  return node.valid() ? run_.at(node).name : "";
}

Role Placed::NextRoleOf(std::string_view resource) const {
  return run_.at(FindResource(run_, resource)).next_role;
}

}  // namespace picket::solver::testing
