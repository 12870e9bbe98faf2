#include "compiler/check/option_values.h"
#include "compiler/emit/constraints.h"
#include "compiler/emit/rules.h"
#include "compiler/emit/sets.h"
#include "compiler/syntax/dump.h"

namespace picket::compiler::emit {
namespace {

// What one clause comes to: a score, and whom it is about.
struct Meaning {
  std::string score;
  std::string score_attribute;
  std::string discovery;
  Span score_span;
};

// score=attribute(pingd): the score is the value of a node attribute.
std::string AttributeScore(const ast::Option& option) {
  const auto* call = std::get_if<ast::Call>(&option.value.what);
  if (call == nullptr || call->name.literal != "attribute" || call->arguments.size() != 1) return "";
  const auto* value = std::get_if<ast::Value>(&call->arguments[0].value->what);
  const auto* text = value != nullptr ? std::get_if<ast::Text>(&value->what) : nullptr;
  return text != nullptr ? text->literal : "";
}

Meaning Read(Context& context, const ast::Clause& clause) {
  Meaning meaning;
  meaning.score_span = clause.verb.span;
  bool scored = false;
  for (const ast::Option& option : clause.options) {
    if (option.name.literal == "score") {
      scored = true;
      meaning.score_span = option.span;
      meaning.score_attribute = AttributeScore(option);
      if (meaning.score_attribute.empty()) meaning.score = ScoreOf(context, option.value, true);
    } else if (option.name.literal == "discovery") {
      meaning.discovery = TextOf(context, option.value, "`discovery`");
      CheckValue(Holder::kLocation, option, context.diagnostics);
    } else {
      UnknownOption(context, option, {"score", "discovery"}, "a location");
    }
  }
  const std::string& verb = clause.verb.literal;
  const bool graded = verb == "prefers" || verb == "avoids";
  if (graded && !scored) {
    context.Error("E0206", clause.verb.span, "`" + verb + "` needs a score")
        .help.push_back(verb == "prefers" ? "add `score=…`, or write `only` if nothing else will do"
                                          : "add `score=…`, or write `never`");
  }
  if (!graded && scored) {
    context.Error("E0204", meaning.score_span, "`" + verb + "` has no score")
        .help.push_back("a graded wish is `prefers … score=N` or `avoids … score=N`");
  }
  if (verb == "only" || verb == "never") meaning.score = "-INFINITY";
  if (verb == "allows") meaning.score = "0";
  if (verb == "avoids") {
    if (!meaning.score_attribute.empty()) {
      context.Error("E0205", meaning.score_span, "an attribute's value cannot be turned around")
          .help.push_back("write `prefers`, and let the attribute be negative");
    } else if (!meaning.score.empty() && meaning.score != "0") {
      meaning.score = '-' + (meaning.score[0] == '+' ? meaning.score.substr(1) : meaning.score);
    }
  }
  return meaning;
}

std::string Content(const ast::Location& location) {
  std::string out;
  if (location.role) out += location.role->literal + ' ';
  if (location.pattern) {
    out += (location.negated ? "not /" : "/") + location.pattern->pattern.literal + '/';
  }
  for (const ast::Reference& subject : location.subjects) out += Describe(subject) + ' ';
  for (const ast::Clause& clause : location.clauses) {
    out += ' ' + clause.verb.literal;
    for (const ast::Text& node : clause.nodes) out += ' ' + node.literal;
    if (clause.where && clause.where->condition) out += " where " + DumpExpr(*clause.where->condition);
    if (clause.where && clause.where->from) out += " from " + clause.where->from->literal;
    for (const ast::Option& option : clause.options) {
      out += ' ' + option.name.literal + '=' + DumpValue(option.value);
    }
  }
  return out;
}

// location-pbx-prefers-ha1, and a digest where names alone do not say it all.
std::string WantedId(const ast::Location& location) {
  const std::string content = Content(location);
  if (location.subjects.size() == 1 && NameOf(location.subjects[0]) != nullptr && location.clauses.size() == 1 &&
      !location.has_body && !location.clauses[0].where && location.clauses[0].nodes.size() == 1) {
    const ast::Reference& subject = location.subjects[0];
    return "location-" + (subject.role ? subject.role->literal + '-' : "") + NameOf(subject)->literal + '-' +
           location.clauses[0].verb.literal + '-' + location.clauses[0].nodes[0].literal;
  }
  const std::string subject = location.subjects.size() == 1 && NameOf(location.subjects[0]) != nullptr
                                  ? NameOf(location.subjects[0])->literal + '-'
                                  : "";
  return "location-" + subject + ShortHash(content);
}

}  // namespace

void EmitLocation(Context& context, const ast::Location& location, const Span& span) {
  if (location.clauses.empty()) {
    context.Error("E0206", span, "this location says nothing")
        .help.push_back("write `prefers`, `avoids`, `only`, `never` or `allows`");
    return;
  }
  pugi::xml_node element = context.constraints.append_child("rsc_location");
  const std::string id = context.SetId(element, location.id, WantedId(location), Content(location), span);

  // The subject. Its role belongs to the rules where there are any.
  std::string role;
  Span role_span = span;
  const auto take_role = [&](const ast::Text& word) {
    role = RoleOf(context, word);
    role_span = word.span;
  };
  if (location.pattern) {
    context.Set(element, "rsc-pattern", (location.negated ? "!" : "") + location.pattern->pattern.literal,
                location.pattern->pattern.span);
    if (location.role) take_role(*location.role);
  } else if (location.subjects.size() == 1 && NameOf(location.subjects[0]) != nullptr) {
    const ast::Reference& subject = location.subjects[0];
    context.Set(element, "rsc", NameOf(subject)->literal, subject.span);
    if (subject.role) take_role(*subject.role);
    if (subject.action) {
      context.Error("E0203", subject.action->span, "an action stands in an order, not here");
    }
  } else {
    for (const ast::Reference& subject : location.subjects) {
      EmitSet(context, element, subject, SetUse::kRole, false);
    }
  }

  const bool several = location.clauses.size() > 1;
  if (several) context.needs_old_schema = true;
  std::string discovery;
  for (const ast::Clause& clause : location.clauses) {
    const Meaning meaning = Read(context, clause);
    if (!meaning.discovery.empty()) discovery = meaning.discovery;
    const bool only = clause.verb.literal == "only";
    if (!clause.where && clause.nodes.size() == 1 && !only && !location.has_body && meaning.score_attribute.empty()) {
      if (!role.empty()) context.Set(element, "role", role, role_span);
      context.Set(element, "score", meaning.score, meaning.score_span);
      context.Set(element, "node", clause.nodes[0].literal, clause.nodes[0].span);
      continue;
    }
    const RuleUse use{meaning.score_attribute.empty() ? meaning.score : "",
                      meaning.score_attribute,
                      role,
                      only,
                      several,
                      "a location rule",
                      clause.span};
    if (clause.where) {
      EmitRule(context, element, *clause.where, id, use);
    } else {
      EmitNodesRule(context, element, clause.nodes, clause.span, id, use);
    }
  }
  if (!discovery.empty()) context.Set(element, "resource-discovery", discovery, span);
}

}  // namespace picket::compiler::emit
