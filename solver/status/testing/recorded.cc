#include "solver/status/testing/recorded.h"

#include <sstream>
#include <stdexcept>

#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/model/query.h"
#include "solver/schedule.h"

namespace picket::solver::testing {
namespace {

std::vector<std::string> Split(std::string_view text, char separator) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> parts;
  for (std::string part; std::getline(stream, part, separator);) {
    const size_t begin = part.find_first_not_of(' ');
    if (begin != std::string::npos) parts.push_back(part.substr(begin, part.find_last_not_of(' ') - begin + 1));
  }
  return parts;
}

std::string Attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + std::string(value) + "\"";
}

// Cuts what stands behind `mark` off the text and gives it, or the fallback.
std::string Take(std::string& text, char mark, std::string fallback) {
  const size_t at = text.find(mark);
  if (at == std::string::npos) return fallback;
  std::string value = text.substr(at + 1);
  text.resize(at);
  return value;
}

std::string Entry(const std::string& resource, const std::string& node, std::string text, int call) {
  // From the last mark to the first.
  std::string id = Take(text, '#', "");
  const std::string time = Take(text, '@', "");
  std::string status = Take(text, '~', "");
  std::string expected = Take(text, '!', "");
  const std::string rc = Take(text, '=', "0");
  const std::string interval = Take(text, '/', "0");
  const std::string& operation = text;
  const bool probe = operation == "monitor" && interval == "0";
  if (status.empty()) status = rc == "193" ? "-1" : "0";
  if (expected.empty()) expected = probe ? "7" : "0";
  if (id.empty()) id = resource + "_" + operation + "_" + interval;

  const std::string key = "1:1:" + expected + ":test";
  std::string xml = "<lrm_rsc_op" + Attribute("id", id) + Attribute("operation", operation) +
                    Attribute("operation_key", resource + "_" + operation + "_" + interval) +
                    Attribute("interval", interval) + Attribute("rc-code", rc) + Attribute("op-status", status) +
                    Attribute("transition-key", key) + Attribute("transition-magic", status + ":" + rc + ";" + key) +
                    Attribute("call-id", std::to_string(status == "-1" ? -1 : call)) + Attribute("on_node", node);
  if (!time.empty()) xml += Attribute("last-rc-change", time);
  const std::string other = node == "n1" ? "n2" : "n1";
  if (operation == "migrate_to") xml += Attribute("migrate_source", node) + Attribute("migrate_target", other);
  if (operation == "migrate_from") xml += Attribute("migrate_target", node) + Attribute("migrate_source", other);
  return xml + "/>";
}

std::string Histories(const Recorded& recorded, const std::string& node) {
  std::string xml;
  for (const auto& [where, line] : recorded.history) {
    if (where != node) continue;
    const std::string resource = line.substr(0, line.find(": "));
    xml += "<lrm_resource" + Attribute("id", resource) + " class=\"ocf\" provider=\"pacemaker\" type=\"Dummy\">";
    int call = 0;
    for (const std::string& entry : Split(line.substr(resource.size() + 1), ' ')) {
      xml += Entry(resource, node, entry, ++call);
    }
    xml += "</lrm_resource>";
  }
  return xml;
}

std::string Membership(const Recorded& recorded, const std::string& node) {
  for (const auto& [where, attributes] : recorded.membership) {
    if (where == node) return attributes;
  }
  return "in_ccm=\"true\" crmd=\"online\" join=\"member\" expected=\"member\"";
}

std::string NodeStates(const Recorded& recorded) {
  std::string xml;
  for (const std::string& node : Split(recorded.nodes, ' ')) {
    std::string attributes;
    for (const auto& [where, pairs] : recorded.attributes) {
      if (where == node) attributes += pairs;
    }
    xml += "<node_state" + Attribute("id", node) + Attribute("uname", node) + " " + Membership(recorded, node) +
           "><transient_attributes" + Attribute("id", node) + "><instance_attributes" + Attribute("id", "t-" + node) +
           ">" + attributes + "</instance_attributes></transient_attributes><lrm" + Attribute("id", node) +
           "><lrm_resources>" + Histories(recorded, node) + "</lrm_resources></lrm></node_state>";
  }
  return xml;
}

std::string Cib(const Recorded& recorded) {
  std::string nodes;
  for (const std::string& node : Split(recorded.nodes, ' ')) {
    nodes += "<node" + Attribute("id", node) + Attribute("uname", node) + "/>";
  }
  const std::string fence_device =
      recorded.fencing ? "<primitive id=\"F\" class=\"stonith\" type=\"fence_dummy\"/>" : "";
  return "<cib validate-with=\"pacemaker-4.0\" admin_epoch=\"0\" epoch=\"1\" num_updates=\"0\"" +
         Attribute("have-quorum", recorded.quorum ? "true" : "false") +
         "><configuration><crm_config><cluster_property_set id=\"options\">" +
         Pair("fencing-enabled", recorded.fencing ? "true" : "false") + recorded.properties +
         "</cluster_property_set></crm_config><nodes>" + nodes + "</nodes><resources>" + fence_device +
         recorded.resources + "</resources><constraints/></configuration><status>" + NodeStates(recorded) +
         "</status></cib>";
}

std::string MetaBlock(std::string_view owner, std::string_view meta) {
  std::string xml = "<meta_attributes" + Attribute("id", std::string(owner) + "-meta") + ">";
  for (std::string word : Split(meta, ' ')) {
    const std::string value = Take(word, '=', "");
    xml += Pair(word, value);
  }
  return xml + "</meta_attributes>";
}

}  // namespace

std::string Pair(std::string_view name, std::string_view value) {
  return "<nvpair" + Attribute("id", name) + Attribute("name", name) + Attribute("value", value) + "/>";
}

std::string Dummy(std::string_view id, std::string_view meta, std::string_view operations) {
  std::string xml = "<primitive" + Attribute("id", id) + " class=\"ocf\" provider=\"pacemaker\" type=\"Dummy\">" +
                    MetaBlock(id, meta) + "<operations>";
  for (const std::string& operation : Split(operations, ';')) {
    std::vector<std::string> words = Split(operation, ' ');
    const std::string interval = Take(words[0], '/', "0");
    xml += "<op" + Attribute("id", std::string(id) + "-" + words[0] + interval) + Attribute("name", words[0]) +
           Attribute("interval", interval + "ms");
    for (size_t i = 1; i < words.size(); ++i) {
      const std::string value = Take(words[i], '=', "");
      xml += Attribute(words[i], value);
    }
    xml += "/>";
  }
  return xml + "</operations></primitive>";
}

std::string Clone(std::string_view id, std::string_view child, std::string_view meta) {
  return "<clone" + Attribute("id", id) + ">" + MetaBlock(id, meta) + std::string(child) + "</clone>";
}

Read::Read(const Recorded& recorded) {
  pugi::xml_document document;
  DocumentError error;
  if (!ParseDocument(Cib(recorded), document, error)) throw std::runtime_error(error.message);
  cluster_ = ReadCluster(document);
  state_ = ReadState(document, std::nullopt, Instant{kNow, 0});
  ReadStatus(cluster_, state_, run, nullptr);
}

std::string Read::Of(std::string_view id) const {
  const ResourceId found = FindResource(run, id);
  if (!found.valid()) return "none";
  const Resource& resource = run.at(found);
  std::string text(RoleName(resource.role));
  for (const NodeId node : resource.active) text += " " + run.at(node).name;
  if (resource.removed) text += " removed";
  if (resource.failed) text += " failed";
  if (resource.stop_on_failure) text += " stop";
  if (resource.blocked) text += " blocked";
  if (!resource.managed) text += " unmanaged";
  if (resource.failure_ignored) text += " ignored";
  if (resource.pending_operation != Symbol::kNone) {
    text += " pending-" + std::string(run.symbols.Text(resource.pending_operation));
  }
  if (resource.migration_source.valid()) {
    text += " from " + run.at(resource.migration_source).name + " to " + run.at(resource.migration_target).name;
  }
  for (const NodeId node : resource.dangling) text += " dangling " + run.at(node).name;
  if (resource.next_role != Role::kUnknown) text += " next " + std::string(RoleName(resource.next_role));
  return text;
}

std::string Read::Node(std::string_view name) const {
  const solver::Node& node = run.at(FindNodeByName(run, name));
  std::string text = node.online ? "online" : "offline";
  if (node.unclean) text += " unclean";
  if (node.standby) text += " standby";
  if (node.pending) text += " pending";
  if (node.shutting_down) text += " shutdown";
  return text;
}

std::string Read::Score(std::string_view resource, std::string_view node) const {
  const Cell* cell = run.at(FindResource(run, resource)).row.Find(FindNodeByName(run, node));
  return cell ? cell->score.ToString() : "absent";
}

std::string Read::Actions() const {
  std::string text;
  for (const Action& action : run.actions) {
    std::string one = KeyText(run, action.id);
    if (action.node.valid()) one += "@" + run.at(action.node).name;
    if (action.optional) one = "(" + one + ")";
    if (!action.reason.empty()) one += " '" + action.reason + "'";
    text += (text.empty() ? "" : " ") + one;
  }
  return text;
}

std::string Read::Failed() const {
  std::string text;
  for (const FailedOperation& failed : run.failed_operations) {
    text += (text.empty() ? "" : " ") + failed.entry.key + "@" + run.at(failed.node).name;
  }
  return text;
}

}  // namespace picket::solver::testing
