#include "compiler/check/agents.h"

#include <algorithm>
#include <set>

#include "compiler/check/agent_operations.h"
#include "compiler/check/agent_parameters.h"
#include "compiler/check/agent_report.h"
#include "compiler/check/agent_values.h"
#include "compiler/check/configured.h"
#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

using agents::Agent;
using agents::Parameter;

/// Goes over the resources and finds out what each is.
class Walker {
 public:
  Walker(const pugi::xml_document& cib, AgentReport& report)
      : configuration_(cib), report_(report), parameters_(configuration_, report), operations_(configuration_, report) {
    for (const auto& [name, agent] : report.rules.lock.agents) {
      families_.insert(std::string(agents::FamilyOf(name)));
    }
  }

  void Run(const std::vector<EditedParameter>& edits) {
    for (pugi::xml_node element : configuration_.Resources().children()) Resource(element, false);
    for (const EditedParameter& edit : edits) Edited(edit);
  }

 private:
  // What stands in an `xml` statement is the author's own business.
  bool IsWritten(pugi::xml_node element) const {
    const Symbol* symbol = report_.symbols.Find(element.attribute("id").value());
    return symbol != nullptr && !std::holds_alternative<ast::Xml>(symbol->statement->what);
  }

  void Resource(pugi::xml_node element, bool promotable) {
    const std::string_view tag = element.name();
    if (tag == "primitive" || tag == "template") {
      if (IsWritten(element)) Primitive(element, promotable);
    } else if (tag == "group" || tag == "clone" || tag == "master" || tag == "bundle") {
      if (!IsWritten(element)) return;
      const bool promotes = promotable || (tag != "group" && tag != "bundle" && configuration_.IsPromotable(element));
      for (pugi::xml_node member : element.children()) Resource(member, promotes);
      SharedParameters(element);
      if (promotes && !promotable) Promotion(element);
    }
  }

  void Primitive(pugi::xml_node element, bool promotable) {
    const bool is_template = std::string_view(element.name()) == "template";
    const Agent* agent = AgentOf(element, true);
    if (agent == nullptr) return;
    parameters_.Own(element, *agent);
    operations_.Own(element, *agent);
    CheckValues(configuration_, element, *agent, report_);
    if (is_template) return;
    parameters_.Missing(element, *agent);
    parameters_.Unique(element, *agent);
    operations_.Whole(element, *agent, promotable);
  }

  // As if the resource had this parameter and no other.
  void Edited(const EditedParameter& edit) {
    const pugi::xml_node resource = configuration_.ById(edit.resource);
    const Agent* agent = std::string_view(resource.name()) == "primitive" ? AgentOf(resource, false) : nullptr;
    if (agent == nullptr) return;
    pugi::xml_document scratch;
    pugi::xml_node element = scratch.append_child("primitive");
    element.append_attribute("id") = edit.resource.c_str();
    pugi::xml_node pair = element.append_child("instance_attributes").append_child("nvpair");
    pair.append_attribute("id") = edit.id.c_str();
    pair.append_attribute("name") = edit.name.c_str();
    pair.append_attribute("value") = edit.value.c_str();
    parameters_.Own(element, *agent);
    CheckValues(configuration_, element, *agent, report_);
  }

  // Parameters of a group or clone: some member has to know each of them.
  void SharedParameters(pugi::xml_node container) {
    const auto pairs = configuration_.PairsOf(container);
    if (pairs.empty()) return;
    std::vector<const Agent*> members;
    if (!Members(container, members) || members.empty()) return;
    for (const ConfiguredPair& pair : pairs) {
      if (!pair.own) continue;
      const auto knows = [&](const Agent* agent) { return parameters_.Knows(*agent, pair.name); };
      const auto found = std::find_if(members.begin(), members.end(), knows);
      if (found == members.end()) {
        parameters_.Unknown(container, pair, members);
      } else if (const Parameter* parameter = parameters_.Find(**found, pair.name)) {
        parameters_.Known(pair, *parameter, **found);
      }
    }
  }

  // The agents of all members; false if one of them is not known.
  bool Members(pugi::xml_node container, std::vector<const Agent*>& members) {
    for (pugi::xml_node member : container.children()) {
      const std::string_view tag = member.name();
      if (tag == "group" && !Members(member, members)) return false;
      if (tag != "primitive") continue;
      members.push_back(AgentOf(member, false));
      if (members.back() == nullptr) return false;
    }
    return true;
  }

  void Promotion(pugi::xml_node clone) {
    std::vector<const Agent*> members;
    if (!Members(clone, members)) return;
    Notifications(clone, members);
    for (const Agent* agent : members) {
      if (agent->actions.empty() || agent->CanBePromoted()) continue;
      const std::string id = clone.attribute("id").value();
      Diagnostic& mistake =
          report_.Mistake("E0315", report_.NameOf(id), "`" + id + "` is promotable, and its agent is not");
      mistake.label = report_.Source(*agent) + " has no operation `promote`";
      mistake.help.push_back("write `clone " + id + " of …` if its instances are all alike");
      return;
    }
  }

  // W0321: an agent of replication that wants to hear of its neighbours, and does not.
  void Notifications(pugi::xml_node clone, const std::vector<const Agent*>& members) {
    if (configuration_.Tells(clone, "notify")) return;
    for (const Agent* agent : members) {
      if (!agent->HasAction("notify") || agents::TypeOf(agent->name) == "Stateful") continue;
      const std::string id = clone.attribute("id").value();
      Diagnostic& warning = report_.diagnostics.Warning(
          "W0321", report_.NameOf(id), "`" + id + "` does not tell its instances what happens to the others");
      warning.label = report_.Source(*agent) + " has an operation `notify`, which is never called";
      warning.help.push_back("write `notify=yes` in the braces of `" + id + "`");
      return;
    }
  }

  // Null if nothing is known about the agent; an agent that should be known and
  // is not is reported where it is named.
  const Agent* AgentOf(pugi::xml_node element, bool tell) {
    const std::string name = configuration_.AgentOf(element);
    const Agent* agent = report_.rules.lock.Find(name);
    if (agent != nullptr || !tell || element.attribute("template") || !ShouldBeKnown(name)) return agent;
    const auto place = report_.sources.Find(element.attribute("id").value(), "type");
    if (!place || !unknown_.insert(name).second) return nullptr;
    const bool pinned = report_.rules.pinned;
    const auto nearest = NearestAgent(name);
    // Vendors put agents of their own beside the known ones: only what is spelt like a known agent is an
    // error.
    Diagnostic& mistake = nearest || pinned
                              ? report_.Mistake("E0310", *place, "unknown agent `" + name + "`")
                              : report_.diagnostics.Warning("E0310", *place, "unknown agent `" + name + "`");
    mistake.label = pinned ? "not in " + report_.rules.origin : "not among the built-in agents";
    if (nearest) mistake.help.push_back("did you mean `" + *nearest + "`?");
    mistake.help.push_back("if the nodes have it, `picket agents lock` there writes an agents.lock that has it too");
    return nullptr;
  }

  // Whether the lock would have this agent if there were one. The built-in set
  // knows some providers whole and others not at all.
  bool ShouldBeKnown(const std::string& name) const {
    const std::string family(agents::FamilyOf(name));
    if (family == "stonith") return agents::TypeOf(name).starts_with("fence_");
    if (!family.starts_with("ocf:")) return false;
    if (report_.rules.pinned || families_.contains(family)) return true;
    // A provider that is nearly one of those, of an agent that it has.
    const auto near = Nearest(family, {families_.begin(), families_.end()});
    return near && report_.rules.lock.Find(*near + ':' + std::string(agents::TypeOf(name))) != nullptr;
  }

  // What all fence agents begin with says nothing about which is meant.
  static std::string_view Bare(std::string_view type) { return type.starts_with("fence_") ? type.substr(6) : type; }

  // The same type elsewhere, a type spelt nearly so, or the shortest one that begins so.
  std::optional<std::string> NearestAgent(const std::string& name) const {
    const std::string family(agents::FamilyOf(name));
    const std::string type = Lower(Bare(agents::TypeOf(name)));
    std::vector<std::string> types;
    std::optional<std::string> elsewhere, longer;
    std::size_t best = SIZE_MAX;
    for (const auto& [known, agent] : report_.rules.lock.agents) {
      const std::string other = Lower(Bare(agents::TypeOf(known)));
      const bool same_family = agents::FamilyOf(known) == family;
      if (other == type && same_family) return known;
      const std::size_t distance = EditDistance(agents::FamilyOf(known), family);
      if (other == type && known.find(':') != std::string::npos && distance < best) {
        elsewhere = known;
        best = distance;
      }
      if (!same_family) continue;
      types.emplace_back(Bare(agents::TypeOf(known)));
      const bool begins = type.size() >= 4 && other.starts_with(type);
      if (begins && (!longer || known.size() < longer->size())) longer = known;
    }
    if (elsewhere) return elsewhere;
    if (const auto nearest = Nearest(Bare(agents::TypeOf(name)), types)) {
      return family + ':' + (family == "stonith" ? "fence_" : "") + *nearest;
    }
    return longer;
  }

  Configuration configuration_;
  AgentReport& report_;
  ParameterCheck parameters_;
  OperationCheck operations_;
  std::set<std::string> families_;
  std::set<std::string> unknown_;
};

}  // namespace

std::string ListOf(const std::vector<std::string>& names, std::string_view last) {
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) list += i + 1 == names.size() ? ' ' + std::string(last) + ' ' : ", ";
    list += '`' + names[i] + '`';
  }
  return list;
}

void DropSaidTwice(Diagnostics& diagnostics) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> unknown;
  for (const Diagnostic& one : diagnostics.list()) {
    if (one.code == "E0311" || one.code == "E0313") unknown.emplace(one.span.file, one.span.begin);
  }
  diagnostics.TakeBack([&](const Diagnostic& one) {
    const bool again = one.code == "W0420" || one.code == "W0421" || one.code == "W0429";
    return again && unknown.contains({one.span.file, one.span.begin});
  });
}

namespace {

void TakeEdits(const std::vector<ast::TestStep>& steps, SourceMap& sources, std::vector<EditedParameter>& edits) {
  for (const ast::TestStep& step : steps) {
    if (const auto* during = std::get_if<ast::DuringStep>(&step.what)) TakeEdits(during->faults, sources, edits);
    const auto* edit = std::get_if<ast::EditFault>(&step.what);
    if (edit == nullptr || edit->block.literal != "params" || !edit->resource) continue;
    const auto* text = std::get_if<ast::Text>(&edit->option.value.what);
    if (text == nullptr) continue;
    // No id of the CIB has a blank in it.
    const std::string id = "edit " + std::to_string(edits.size());
    sources.Add(id, "name", edit->option.name.span);
    sources.Add(id, "value", edit->option.value.span);
    edits.push_back({edit->resource->literal, edit->option.name.literal, text->literal, id});
  }
}

}  // namespace

std::vector<EditedParameter> ParametersThatTestsSet(const std::vector<ast::Statement>& statements, SourceMap& sources) {
  std::vector<EditedParameter> edits;
  for (const ast::Statement& statement : statements) {
    if (const auto* test = std::get_if<ast::Test>(&statement.what)) TakeEdits(test->steps, sources, edits);
  }
  return edits;
}

void CheckAgents(const pugi::xml_document& cib, const std::vector<EditedParameter>& edits, const AgentRules& rules,
                 const Symbols& symbols, const SourceMap& sources, Diagnostics& diagnostics) {
  AgentReport report{rules, symbols, sources, diagnostics};
  Walker(cib, report).Run(edits);
}

}  // namespace picket::compiler
