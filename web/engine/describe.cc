#include <algorithm>
#include <set>

#include "compiler/diagnostics/json_log.h"
#include "simulator/scenario/fault_sets.h"
#include "web/engine/subject.h"
#include "web/engine/words.h"

namespace picket::web {
namespace {

namespace say = compiler::scenario;

Json LineOf(const Subject& subject, std::string_view id) {
  const auto span = subject.compilation.source_map.Find(id);
  if (!span || span->file != 0) return nullptr;
  return subject.compilation.source_map.PlaceOf(*span).line;
}

Json ResourceOf(const Subject& subject, const solver::ResourceDef& def) {
  const simulator::Catalog& catalog = subject.rested().catalog();
  const simulator::CatalogEntry* entry = catalog.Find(def.id);
  Json children = Json::array();
  for (const solver::ResourceDef& child : def.children) children.push_back(ResourceOf(subject, child));
  std::string agent = def.cls;
  for (const std::string* part : {&def.provider, &def.type}) {
    if (!part->empty()) agent += (agent.empty() ? "" : ":") + *part;
  }
  return {{"id", def.id},
          {"word", WordOf(def.id)},
          {"kind", def.element},
          {"agent", agent},
          {"device", def.cls == "stonith"},
          {"promotable", entry && entry->promotable},
          {"cloned", entry && entry->cloned},
          {"line", LineOf(subject, def.id)},
          {"children", std::move(children)}};
}

// The names of node attributes that rules ask for, beside the ones that every node has.
void AddAttributes(const solver::RuleDef& rule, std::set<std::string>& names) {
  for (const solver::Condition& condition : rule.conditions) {
    if (const auto* below = std::get_if<solver::RuleDef>(&condition.what)) AddAttributes(*below, names);
    const auto* expression = std::get_if<solver::AttributeExpression>(&condition.what);
    if (!expression) continue;
    for (const auto& [name, value] : expression->attributes) {
      if (name == "attribute" && !value.starts_with('#')) names.insert(value);
    }
  }
}

Json NamesOf(const std::set<std::string>& names) {
  Json list = Json::array();
  for (const std::string& name : names) list.push_back({{"id", name}, {"word", WordOf(name)}});
  return list;
}

Json TestsOf(const Subject& subject) {
  const compiler::SourceMap& sources = subject.compilation.source_map;
  Json list = Json::array();
  for (const say::Test& test : subject.scenario().tests) {
    Json steps = Json::array();
    for (const say::Step& step : test.steps) {
      if (std::holds_alternative<say::Expect>(step.what) || step.span.file >= sources.files.size()) continue;
      const std::string& text = sources.files[step.span.file].text;
      steps.push_back(OneLine(std::string_view(text).substr(step.span.begin, step.span.end - step.span.begin)));
    }
    list.push_back({{"name", test.name}, {"line", sources.PlaceOf(test.span).line}, {"steps", std::move(steps)}});
  }
  return list;
}

Json DiagnosticsOf(const Subject& subject) {
  compiler::JsonLog log;
  log.Add(subject.compilation.diagnostics, subject.compilation.source_map);
  Json document;
  log.WriteTo(document);
  return document.at("diagnostics");
}

}  // namespace

Json Describe(const Subject& subject) {
  Json answer = {{"ok", subject.compilation.compiled.has_value()},
                 {"path", subject.path},
                 {"from_cib", subject.from_cib},
                 {"policy", subject.policy},
                 {"diagnostics", DiagnosticsOf(subject)}};
  if (!subject.compilation.compiled) return answer;
  const compiler::Topology& topology = subject.compilation.compiled->topology;
  answer["cluster"] = topology.cluster;
  answer["engine"] = subject.settings.picket_engine ? "picket" : "pacemaker";
  answer["release"] = subject.cluster.target.name();
  answer["resumes"] = subject.resumes;
  answer["unrest"] = subject.unrest;
  Json nodes = Json::array();
  std::vector<std::string> names;  // in the order of the configuration, then those that are made by resources
  for (const solver::NodeDef& node : subject.cluster.nodes) {
    if (subject.rested().nodes().count(node.uname) > 0) names.push_back(node.uname);
  }
  for (const auto& [name, node] : subject.rested().nodes()) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  for (const std::string& name : names) {
    const simulator::TrueNode& node = subject.rested().nodes().at(name);
    nodes.push_back({{"id", name}, {"word", WordOf(name)}, {"remote", node.remote}, {"line", LineOf(subject, name)}});
  }
  answer["nodes"] = std::move(nodes);
  Json resources = Json::array();
  for (const solver::ResourceDef& def : subject.cluster.resources) resources.push_back(ResourceOf(subject, def));
  answer["resources"] = std::move(resources);
  Json links = Json::array();
  for (const std::string& link : subject.settings.links) links.push_back({{"id", link}, {"word", WordOf(link)}});
  answer["links"] = std::move(links);
  std::set<std::string> attributes, tickets;
  for (const solver::ConstraintDef& constraint : subject.cluster.constraints) {
    if (const auto* location = std::get_if<solver::LocationDef>(&constraint); location && location->rule) {
      AddAttributes(*location->rule, attributes);
    }
    if (const auto* ticket = std::get_if<solver::TicketDef>(&constraint)) {
      for (const auto& [name, value] : ticket->attributes) {
        if (name == "ticket") tickets.insert(value);
      }
    }
  }
  answer["attributes"] = NamesOf(attributes);
  answer["tickets"] = NamesOf(tickets);
  answer["tests"] = TestsOf(subject);
  answer["invariants"] = subject.scenario().invariants.size();
  return answer;
}

}  // namespace picket::web
