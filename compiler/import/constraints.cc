#include <algorithm>

#include "compiler/import/reader.h"
#include "compiler/syntax/keywords.h"
#include "compiler/syntax/shape.h"

// Locations, colocations, orders, tickets, and fencing levels.
namespace picket::compiler::import {
namespace {

// A score as a verb and a positive number.
struct Wish {
  std::string_view verb;
  std::optional<ast::Value> score;
};

std::optional<Wish> WishOf(std::string_view text) {
  const auto score = AsScore(text);
  if (!score) return std::nullopt;
  if (*score == "-INFINITY") return Wish{"never", std::nullopt};
  if (*score == "INFINITY") return Wish{"prefers", MakeValue("inf")};
  if (*score == "0") return Wish{"allows", std::nullopt};
  if ((*score)[0] == '-') return Wish{"avoids", MakeValue(score->substr(1))};
  return Wish{"prefers", MakeValue(*score)};
}

// One set of a constraint: its members, and the words in front of it.
bool ReadSet(Reader& reader, xml_node set, bool actions, ast::Reference& out) {
  ast::Set made;
  out.span = reader.Number();
  if (Has(set, "id-ref")) {
    made.from = MakeText(Attribute(set, "id-ref"));
    out.what = std::move(made);
    return true;
  }
  made.ordered = true;
  made.id = reader.InnerId(set);
  for (const pugi::xml_attribute attribute : set.attributes()) {
    const std::string_view name = attribute.name();
    const std::string_view value = attribute.value();
    if (name == "id") continue;
    const auto truth = AsBoolean(value);
    if (name == "sequential" && truth == false) {
      made.ordered = false;
    } else if (name == "require-all" && truth == false) {
      out.any = MakeText("any");
      // The id of such a set is part of an action's name.
      if (!made.id && Has(set, "id")) made.id = MakeText(Attribute(set, "id"));
    } else if (name == "action" && actions) {
      if (!IsAction(value)) return false;
      if (value != "start") out.action = MakeText(value);
    } else if (name == "role" && !actions && RoleWord(value)) {
      out.role = RoleWord(value);
    } else if ((name == "sequential" || name == "require-all") && truth) {
      made.options.push_back(reader.MakeOption(name, "yes"));
    } else {
      made.options.push_back(reader.MakeOption(name, value));
    }
  }
  for (const xml_node member : set.children()) {
    if (reader.IsComment(member)) continue;
    if (std::string_view(member.name()) != "resource_ref") return false;
    made.members.push_back(MakeText(Attribute(member, "id")));
  }
  if (made.members.empty()) return false;
  out.what = std::move(made);
  return true;
}

// The sets of a constraint. Among others a set of one is a bare name.
bool ReadSets(Reader& reader, xml_node constraint, bool actions, std::vector<ast::Reference>& out) {
  for (const xml_node set : constraint.children("resource_set")) {
    if (!ReadSet(reader, set, actions, out.emplace_back())) return false;
  }
  const auto bare = [](const ast::Reference& part) {
    const ast::Set& set = std::get<ast::Set>(part.what);
    return set.ordered && !set.from && !set.id && !part.any && set.members.size() == 1 && set.options.empty();
  };
  const auto lonely = static_cast<std::size_t>(std::count_if(out.begin(), out.end(), bare));
  if (out.size() < 2 || (out.size() == 2 && lonely == 2)) return true;
  for (ast::Reference& part : out) {
    if (bare(part)) {
      const ast::Text member = std::get<ast::Set>(part.what).members[0];
      part.what = member;
    }
  }
  return true;
}

bool HasOnly(xml_node node, std::initializer_list<std::string_view> known) {
  for (const pugi::xml_attribute attribute : node.attributes()) {
    if (std::find(known.begin(), known.end(), attribute.name()) == known.end()) return false;
  }
  return true;
}

ast::Reference NameWithRole(xml_node node, const char* name, const char* role, bool& fine) {
  ast::Reference reference;
  reference.what = MakeText(Attribute(node, name));
  if (Has(node, role)) {
    reference.role = RoleWord(Attribute(node, role));
    fine = fine && reference.role;
  }
  return reference;
}

// The verb and the score that a rule has, or that the rule has to which it
// refers.
bool ReadScore(Reader& reader, xml_node rule, ast::Clause& clause) {
  if (Has(rule, "score-attribute")) {
    if (Has(rule, "score")) return false;
    clause.verb = MakeText("prefers");
    std::vector<ast::Argument> arguments;
    arguments.push_back(MakeArgument("", Attribute(rule, "score-attribute")));
    clause.options.push_back(
        reader.MakeOption("score", ast::Value{ast::Call{MakeText("attribute"), std::move(arguments)}, {}}));
    return true;
  }
  const auto wish = WishOf(Attribute(rule, "score"));
  if (!wish) return false;
  clause.verb = MakeText(wish->verb);
  if (wish->score) clause.options.push_back(reader.MakeOption("score", *wish->score));
  return true;
}

std::optional<ast::Clause> RuleClause(Reader& reader, xml_node rule) {
  ast::Clause clause;
  clause.span = reader.Number();
  ast::Rule where;
  if (!ReadRule(reader, rule, where)) return std::nullopt;
  clause.where = std::move(where);
  xml_node scored = rule;
  if (Has(rule, "id-ref")) {
    const std::string_view id = Attribute(rule, "id-ref");
    scored = rule.root().find_node([&](xml_node candidate) {
      return std::string_view(candidate.name()) == "rule" && Attribute(candidate, "id") == id;
    });
  }
  if (!scored || !ReadScore(reader, scored, clause)) return std::nullopt;
  return clause;
}

std::optional<Statements> ReadLocation(Reader& reader, xml_node node) {
  ast::Location location;
  if (!Has(node, "id")) return std::nullopt;
  location.id = MakeText(Attribute(node, "id"));
  std::optional<ast::Text> role;
  if (Has(node, "role")) role = RoleWord(Attribute(node, "role"));
  bool rules = false;
  for (const xml_node child : node.children()) {
    if (reader.IsComment(child) || std::string_view(child.name()) == "resource_set") continue;
    if (std::string_view(child.name()) != "rule") return std::nullopt;
    rules = true;
    auto clause = RuleClause(reader, child);
    if (!clause) return std::nullopt;
    if (Has(child, "role")) role = RoleWord(Attribute(child, "role"));
    location.clauses.push_back(std::move(*clause));
  }
  if (!rules) {
    const auto wish = WishOf(Attribute(node, "score"));
    if (!wish || !Has(node, "node")) return std::nullopt;
    ast::Clause clause;
    clause.span = reader.Number();
    clause.verb = MakeText(wish->verb);
    clause.nodes.push_back(MakeText(Attribute(node, "node")));
    if (wish->score) clause.options.push_back(reader.MakeOption("score", *wish->score));
    location.clauses.push_back(std::move(clause));
  }
  if (Has(node, "resource-discovery")) {
    location.clauses.back().options.push_back(reader.MakeOption("discovery", Attribute(node, "resource-discovery")));
  }
  location.has_body = location.clauses.size() > 1;
  if (Has(node, "rsc-pattern")) {
    std::string_view pattern = Attribute(node, "rsc-pattern");
    if (pattern.starts_with("!")) {
      location.negated = MakeText("not");
      pattern.remove_prefix(1);
    }
    location.pattern = ast::Regex{MakeText(pattern)};
    location.role = role;
  } else if (Has(node, "rsc")) {
    ast::Reference subject;
    subject.what = MakeText(Attribute(node, "rsc"));
    subject.role = role;
    location.subjects.push_back(std::move(subject));
  } else {
    for (const xml_node set : node.children("resource_set")) {
      if (!ReadSet(reader, set, false, location.subjects.emplace_back())) return std::nullopt;
    }
    if (location.subjects.empty()) return std::nullopt;
  }
  Statements out;
  const bool lines = location.has_body;
  out.push_back(reader.MakeStatement(std::move(location)));
  if (lines) reader.notes.spread.insert(out.back().span.begin);
  return out;
}

std::optional<ast::Relation> Colocation(Reader& reader, xml_node node) {
  ast::Relation relation;
  if (!HasOnly(node, {"id", "rsc", "with-rsc", "rsc-role", "with-rsc-role", "score", "influence", "node-attribute"})) {
    return std::nullopt;
  }
  const auto score = AsScore(Has(node, "score") ? Attribute(node, "score") : "0");
  if (!score || !Has(node, "id")) return std::nullopt;
  const bool apart = (*score)[0] == '-' && *score != "-0";
  relation.keyword = MakeText(apart ? "separate" : "colocation");
  relation.id = MakeText(Attribute(node, "id"));
  bool fine = true;
  if (node.child("resource_set")) {
    if (!ReadSets(reader, node, false, relation.parts)) return std::nullopt;
    // Of one set, `separate` would keep every pair of its members apart.
    if (apart && relation.parts.size() == 1) return std::nullopt;
  } else {
    if (!Has(node, "rsc") || !Has(node, "with-rsc")) return std::nullopt;
    relation.parts.push_back(NameWithRole(node, "rsc", "rsc-role", fine));
    relation.parts.push_back(NameWithRole(node, "with-rsc", "with-rsc-role", fine));
  }
  if (*score != "INFINITY" && *score != "-INFINITY") {
    relation.options.push_back(reader.MakeOption("score", apart ? score->substr(1) : *score));
  }
  if (Has(node, "influence")) {
    const auto truth = AsBoolean(Attribute(node, "influence"));
    if (!truth) return std::nullopt;
    relation.options.push_back(reader.MakeOption("influence", *truth ? "yes" : "no"));
  }
  if (Has(node, "node-attribute")) {
    relation.options.push_back(reader.MakeOption("same", Attribute(node, "node-attribute")));
  }
  if (!fine) return std::nullopt;
  return relation;
}

std::optional<ast::Relation> Order(Reader& reader, xml_node node) {
  ast::Relation relation;
  if (!Has(node, "id")) return std::nullopt;
  relation.keyword = MakeText("order");
  relation.id = MakeText(Attribute(node, "id"));
  if (node.child("resource_set")) {
    if (!ReadSets(reader, node, true, relation.parts)) return std::nullopt;
  } else {
    if (!Has(node, "first") || !Has(node, "then")) return std::nullopt;
    const std::string_view first = Has(node, "first-action") ? Attribute(node, "first-action") : "start";
    const std::string_view then = Has(node, "then-action") ? Attribute(node, "then-action") : first;
    for (const auto& [name, action] : {std::pair{"first", first}, std::pair{"then", then}}) {
      ast::Reference& part = relation.parts.emplace_back();
      part.what = MakeText(Attribute(node, name));
      if (!IsAction(action)) return std::nullopt;
      if (action != "start") part.action = MakeText(action);
    }
  }
  std::string_view kind = Attribute(node, "kind");
  if (kind.empty() && Has(node, "score") && AsInteger(Attribute(node, "score")) == 0) kind = "Optional";
  if (!kind.empty()) {
    std::string word(kind);
    word[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(word[0])));
    relation.options.push_back(reader.MakeOption("kind", word));
  }
  for (const char* name : {"symmetrical", "require-all"}) {
    if (!Has(node, name)) continue;
    const auto truth = AsBoolean(Attribute(node, name));
    if (!truth) return std::nullopt;
    if (std::string_view(name) == "require-all" && !*truth && !node.child("resource_set")) {
      relation.parts[0].any = MakeText("any");
    } else {
      relation.options.push_back(reader.MakeOption(name, *truth ? "yes" : "no"));
    }
  }
  return relation;
}

std::optional<ast::Relation> Ticket(Reader& reader, xml_node node) {
  ast::Relation relation;
  if (!Has(node, "id") || !Has(node, "ticket")) return std::nullopt;
  relation.keyword = MakeText("ticket");
  relation.id = MakeText(Attribute(node, "id"));
  relation.ticket = MakeText(Attribute(node, "ticket"));
  bool fine = true;
  if (node.child("resource_set")) {
    for (const xml_node set : node.children("resource_set")) {
      if (!ReadSet(reader, set, false, relation.parts.emplace_back())) return std::nullopt;
    }
  } else {
    if (!Has(node, "rsc")) return std::nullopt;
    relation.parts.push_back(NameWithRole(node, "rsc", "rsc-role", fine));
  }
  const std::string_view policy = Attribute(node, "loss-policy");
  if (Has(node, "loss-policy")) relation.options.push_back(reader.MakeOption("on-loss", policy));
  if (!fine) return std::nullopt;
  return relation;
}

std::optional<Statements> One(Reader& reader, std::optional<ast::Relation> relation) {
  if (!relation) return std::nullopt;
  Statements out;
  out.push_back(reader.MakeStatement(std::move(*relation)));
  return out;
}

void NoteComments(Reader& reader, xml_node node) {
  for (const xml_node child : node.children()) reader.IsComment(child);
}

// The name on one side of a simple constraint, or nothing.
const std::string* SimpleName(const ast::Reference& reference) {
  const auto* name = std::get_if<ast::Text>(&reference.what);
  return name == nullptr ? nullptr : &name->literal;
}

}  // namespace

std::optional<Statements> ReadConstraint(Reader& reader, xml_node node) {
  const std::string_view tag = node.name();
  if (tag == "rsc_location") return ReadLocation(reader, node);
  NoteComments(reader, node);
  if (tag == "rsc_colocation") return One(reader, Colocation(reader, node));
  if (tag == "rsc_order") return One(reader, Order(reader, node));
  if (tag == "rsc_ticket") return One(reader, Ticket(reader, node));
  return std::nullopt;
}

std::optional<Statements> ReadDependency(Reader& reader, xml_node one, xml_node other) {
  const bool in_order = std::string_view(one.name()) == "rsc_colocation";
  const xml_node colocation = in_order ? one : other;
  const xml_node order = in_order ? other : one;
  if (std::string_view(colocation.name()) != "rsc_colocation" || std::string_view(order.name()) != "rsc_order") {
    return std::nullopt;
  }
  auto place = Colocation(reader, colocation);
  auto step = Order(reader, order);
  if (!place || !step || place->keyword.literal != "colocation") return std::nullopt;
  if (place->parts.size() != 2 || step->parts.size() != 2) return std::nullopt;
  const ast::Reference& dependent = place->parts[0];
  const ast::Reference& needed = place->parts[1];
  const std::string *a = SimpleName(dependent), *b = SimpleName(needed);
  const std::string *first = SimpleName(step->parts[0]), *then = SimpleName(step->parts[1]);
  if (a == nullptr || b == nullptr || first == nullptr || then == nullptr || *a != *then || *b != *first) {
    return std::nullopt;
  }
  // The order's actions have to be those that follow from the roles.
  const auto follows = [](const ast::Reference& place, const ast::Reference& step) {
    const std::string role = place.role ? place.role->literal : "";
    const std::string action = step.action ? step.action->literal : "start";
    if (step.any) return false;
    return role.empty() ? action == "start" : role == "promoted" && action == "promote";
  };
  if (!follows(dependent, step->parts[1]) || !follows(needed, step->parts[0])) return std::nullopt;
  ast::Relation depend = std::move(*place);
  depend.keyword = MakeText("depend");
  const std::string& place_id = depend.id->literal;
  const std::string& step_id = step->id->literal;
  const std::size_t stem = place_id.size() - std::min(place_id.size(), std::string("-colocation").size());
  if (stem > 0 && place_id.substr(stem) == "-colocation" && step_id == place_id.substr(0, stem) + "-order") {
    depend.id = MakeText(place_id.substr(0, stem));
  } else {
    depend.first_id = depend.id;
    depend.id = step->id;
  }
  for (ast::Option& option : step->options) depend.options.push_back(std::move(option));
  NoteComments(reader, colocation);
  NoteComments(reader, order);
  return One(reader, std::move(depend));
}

std::optional<Statements> ReadLevels(Reader& reader, const std::vector<xml_node>& levels) {
  ast::Fencing fencing;
  const xml_node front = levels.front();
  if (Has(front, "target")) {
    fencing.target = MakeText(Attribute(front, "target"));
  } else if (Has(front, "target-pattern")) {
    fencing.target = ast::Regex{MakeText(Attribute(front, "target-pattern"))};
  } else if (Has(front, "target-attribute") && Has(front, "target-value")) {
    fencing.target = ast::AttributeTarget{MakeText(Attribute(front, "target-attribute")),
                                          MakeValue(Attribute(front, "target-value"))};
  } else {
    return std::nullopt;
  }
  std::int64_t next = 1;
  for (const xml_node node : levels) {
    ast::Level level;
    level.id = reader.InnerId(node);
    const auto index = AsInteger(Attribute(node, "index"));
    if (!index) return std::nullopt;
    if (*index != next) level.index = MakeText(Attribute(node, "index"));
    next = *index + 1;
    std::string_view devices = Attribute(node, "devices");
    while (!devices.empty()) {
      const std::size_t comma = devices.find(',');
      level.devices.push_back(MakeText(devices.substr(0, comma)));
      devices = comma == std::string_view::npos ? "" : devices.substr(comma + 1);
    }
    if (level.devices.empty()) return std::nullopt;
    fencing.levels.push_back(std::move(level));
  }
  Statements out;
  out.push_back(reader.MakeStatement(std::move(fencing)));
  return out;
}

}  // namespace picket::compiler::import
