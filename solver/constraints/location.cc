// Location constraints: for a resource, a set, a tag or template, or a pattern; by node or by rule (spec 03 §4.2-4.3).
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "solver/cib/rules.h"
#include "solver/cib/values.h"
#include "solver/constraints/pattern.h"
#include "solver/constraints/read_constraint.h"
#include "solver/model/query.h"
#include "solver/model/text.h"
#include "solver/place/place.h"
#include "solver/unpack/unpack.h"

namespace picket::solver::constraints {
namespace {

// What one constraint says about one resource, after sets and patterns are taken apart.
struct Statement {
  const LocationDef& def;
  ResourceId resource;
  const std::string* role = nullptr;
  const std::string* score = nullptr;
  const std::vector<std::string>* submatches = nullptr;
};

// Only Stopped and Promoted restrict; the other roles mean every role (spec 03 §4.3.3).
std::optional<Role> ReadFilter(Run& run, const std::string* text, std::string_view id) {
  const std::optional<Role> role = ReadRole(run, text, id);
  return role == Role::kUnpromoted ? Role::kUnknown : role;
}

ProbeMode ReadDiscovery(const Attributes& attributes) {
  const std::string_view text = AttributeOr(attributes, "resource-discovery");
  if (EqualFolded(text, "never")) return ProbeMode::kNever;
  if (EqualFolded(text, "exclusive")) return ProbeMode::kExclusive;
  return ProbeMode::kAlways;
}

void Store(Run& run, const Statement& statement, Role role, std::vector<std::pair<NodeId, Score>> nodes) {
  Location location;
  location.id = statement.def.id;
  location.resource = statement.resource;
  location.role = role;
  location.discovery = ReadDiscovery(statement.def.attributes);
  location.nodes = std::move(nodes);
  if (location.discovery == ProbeMode::kExclusive) run.at(statement.resource).exclusive_discovery = true;
  AddLocation(run, std::move(location));
}

void ReadNodeForm(Run& run, const Statement& statement, const std::string& node_name) {
  const NodeId node = FindNodeByName(run, node_name);
  if (!node.valid()) return;
  const std::optional<Role> role = ReadFilter(run, statement.role, statement.def.id);
  if (!role) return;
  Store(run, statement, *role, {{node, ReadScore(run, *statement.score).value_or(Score())}});
}

// --- rules ---------------------------------------------------------------------------------------------------

bool AsksForParams(const RuleDef& rule) {
  for (const Condition& condition : rule.conditions) {
    if (const auto* nested = std::get_if<RuleDef>(&condition.what)) {
      if (AsksForParams(*nested)) return true;
    } else if (const auto* expression = std::get_if<AttributeExpression>(&condition.what)) {
      if (EqualFolded(AttributeOr(expression->attributes, "value-source"), "param")) return true;
    }
  }
  return false;
}

// Evaluating parameters may find times at which to look again, even if this rule does not ask for them.
bool ParamsHaveRules(const Run& run, ResourceId id) {
  for (; id.valid(); id = run.at(id).parent) {
    if (!run.at(id).def) continue;
    for (const NvBlock& block : run.at(id).def->params) {
      if (block.rule) return true;
    }
  }
  return false;
}

bool IsValidOperator(const RuleDef& rule) {
  return !rule.boolean_op || EqualFolded(*rule.boolean_op, "and") || EqualFolded(*rule.boolean_op, "or");
}

class RuleForm {
 public:
  RuleForm(Run& run, const Statement& statement, const RuleDef& rule)
      : run_(run),
        statement_(statement),
        rule_(rule),
        wants_params_(AsksForParams(rule) || ParamsHaveRules(run, statement.resource)) {}

  void Read() {
    if (!rule_.score && !rule_.score_attribute && run_.Behaves(Behaviour::kUnsetScoreAttributeSkips)) {
      ReportError(run_, "Ignoring location constraint rule " + rule_.id +
                            " because neither score nor score-attribute was specified");
      return;
    }
    if (rule_.broken || (run_.Behaves(Behaviour::kInvalidRulePartsFail) && !IsValidOperator(rule_))) {
      ReportError(run_, "Ignoring location constraint rule " + rule_.id + " because it is invalid");
      return;
    }
    const std::string* role_text = rule_.role ? &*rule_.role : statement_.role;
    std::optional<Role> role = ReadFilter(run_, role_text, statement_.def.id);
    if (!role || (rule_.role && !ParseRole(*rule_.role))) return;
    // Before 3.0 such a rule waits for a role that nothing has yet.
    const bool started = rule_.role && ParseRole(*rule_.role) == Role::kStarted;
    if (started && !run_.Behaves(Behaviour::kStartedRuleIsAnyRole)) role = Role::kStarted;
    std::vector<std::pair<NodeId, Score>> nodes;
    for (const NodeId node : std::vector<NodeId>(run_.node_order)) {
      if (!Passes(node)) continue;
      if (const std::optional<Score> score = ScoreOn(node)) nodes.emplace_back(node, *score);
    }
    Store(run_, statement_, *role, std::move(nodes));
  }

 private:
  bool Passes(NodeId node) {
    Table params;
    if (wants_params_) params = EvaluateParams(run_, statement_.resource, node);
    RuleInput input;
    input.now = run_.state->now;
    input.node_attributes = &run_.at(node).attributes;
    input.params = &params;
    input.meta = &run_.at(statement_.resource).meta;
    input.submatches = statement_.submatches;
    input.recorder = run_.recorder;
    input.target = &run_.cluster->target;
    input.location = true;
    NextChange next_change;
    const bool passes = RulePasses(rule_, input, next_change);
    if (next_change) ConsiderRecheck(run_, *next_change);
    return passes;
  }

  // The rule's own score, or that in a node attribute; without a valid one the node is left out.
  std::optional<Score> ScoreOn(NodeId node) const {
    const std::optional<Score> score = OwnScoreOn(node);
    // Releases before 2.1.8 start from the node's score where one condition is enough (spec 07 A-11).
    const bool any = rule_.boolean_op && EqualFolded(*rule_.boolean_op, "or");
    if (!score || !any || run_.Behaves(Behaviour::kLocationRuleScoreAlone)) return score;
    return run_.at(node).base_score + *score;
  }

  std::optional<Score> OwnScoreOn(NodeId node) const {
    if (!rule_.score && !rule_.score_attribute) return Score();
    if (rule_.score) return ReadScore(run_, *rule_.score).value_or(Score());
    const std::string attribute = ExpandSubmatches(*rule_.score_attribute, statement_.submatches);
    const std::string* value = HostAwareAttribute(node, attribute);
    if (!run_.Behaves(Behaviour::kUnsetScoreAttributeSkips)) {
      return value ? ReadScore(run_, *value).value_or(Score()) : Score::MinusInfinity();
    }
    if (!value || value->empty()) return std::nullopt;
    return ReadScore(run_, *value);
  }

  // Guests of a resource that targets hosts: the attribute is that of the node where the launcher is active now.
  const std::string* HostAwareAttribute(NodeId node, const std::string& attribute) const {
    const Resource& resource = run_.at(statement_.resource);
    const bool host = EqualFolded(resource.meta.Get("container-attribute-target"), "host");
    if (!host || !IsGuestNode(run_, node)) return run_.at(node).attributes.Find(attribute);
    const Resource& launcher = run_.at(LauncherOf(run_, node));
    return launcher.active.empty() ? nullptr : run_.at(launcher.active.front()).attributes.Find(attribute);
  }

  Run& run_;
  const Statement& statement_;
  const RuleDef& rule_;
  const bool wants_params_;
};

void ReadStatement(Run& run, const Statement& statement) {
  const std::string* node = FindAttribute(statement.def.attributes, "node");
  if (node && statement.score) {
    ReadNodeForm(run, statement, *node);
  } else if (statement.def.rule) {
    RuleForm(run, statement, *statement.def.rule).Read();
  }
}

// --- forms (spec 03 §4.2) ------------------------------------------------------------------------------------

void ReadSets(Run& run, const LocationDef& def, const std::vector<ResourceSetDef>& sets) {
  for (const ResourceSetDef& set : sets) {
    const std::string* role = FindAttribute(set.attributes, "role");
    const std::string* score = FindAttribute(set.attributes, "score");
    for (const std::string& ref : set.refs) {
      const ResourceId resource = FindReferenced(run, ref);
      if (!resource.valid()) {
        ReportError(run, "Ignoring constraint '" + def.id + "' because '" + ref + "' does not exist");
        return;
      }
      Statement statement{def, resource, role, score};
      if (!role) statement.role = FindAttribute(def.attributes, "role");
      if (!score) statement.score = FindAttribute(def.attributes, "score");
      ReadStatement(run, statement);
    }
  }
}

void ReadPattern(Run& run, const LocationDef& def, const std::string& text) {
  const Pattern pattern(text);
  if (!pattern.valid()) {
    ReportError(run, "Ignoring constraint '" + def.id + "' because rsc-pattern has invalid value '" + text + "'");
    return;
  }
  for (const ResourceId resource : std::vector<ResourceId>(run.top_level)) {
    const auto submatches = pattern.Match(run.at(resource).id);
    if (!submatches) continue;
    Statement statement{def, resource, FindAttribute(def.attributes, "role"), FindAttribute(def.attributes, "score")};
    if (!pattern.inverted()) statement.submatches = &*submatches;
    ReadStatement(run, statement);
  }
}

}  // namespace

void ReadLocation(Run& run, const LocationDef& def) {
  const std::string* id = FindAttribute(def.attributes, "rsc");
  const std::string* role = FindAttribute(def.attributes, "role");
  if (!def.sets.empty()) {
    ReadSets(run, def, ExpandSets(run, def.sets));
    return;
  }
  if (id) {
    const Reference reference = Lookup(run, *id);
    if (reference.members) {
      ReadSets(run, def, {AsSet(*id, reference, role)});
      return;
    }
    if (reference.resource.valid()) {
      ReadStatement(run, {def, reference.resource, role, FindAttribute(def.attributes, "score")});
    } else {
      ReportWarning(run, "Ignoring constraint '" + def.id + "' because resource '" + *id + "' does not exist");
      return;
    }
  }
  if (const std::string* pattern = FindAttribute(def.attributes, "rsc-pattern")) ReadPattern(run, def, *pattern);
}

}  // namespace picket::solver::constraints
