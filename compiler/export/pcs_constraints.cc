#include <algorithm>

#include "compiler/export/pcs_parts.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::exporting {
namespace {

using pugi::xml_attribute;
using pugi::xml_node;

// What pcs has no option for, as the reason to leave the element out.
std::string Unknown(xml_node element, std::initializer_list<std::string_view> known) {
  for (const xml_attribute attribute : element.attributes()) {
    if (std::find(known.begin(), known.end(), attribute.name()) == known.end())
      return std::string("has `") + attribute.name() + "`, for which pcs has no option";
  }
  return "";
}

// Whether pcs finds all that the constraint is about: it takes resources only, no tags and no templates.
std::string NoResource(const Source& source, xml_node constraint) {
  const auto missing = [&](const std::string& id) -> std::string {
    if (ResourceOf(source, id)) return "";
    const bool tag = source.Section("tags").find_child_by_attribute("tag", "id", id.c_str());
    return "is about `" + id + "`, which is " + (tag ? "a tag; pcs takes none here" : "no resource");
  };
  for (const char* name : {"rsc", "with-rsc", "first", "then"}) {
    if (!constraint.attribute(name)) continue;
    if (const std::string why = missing(constraint.attribute(name).value()); !why.empty()) return why;
  }
  for (const xml_node set : constraint.children("resource_set")) {
    for (const xml_node member : set.children()) {
      if (const std::string why = missing(IdOf(member)); !why.empty()) return why;
    }
  }
  return "";
}

std::string ResourceOrPattern(xml_node location) {
  if (location.attribute("rsc-pattern")) return std::string("regexp%") + location.attribute("rsc-pattern").value();
  return location.attribute("rsc").value();
}

// ` id= score= role= CONDITIONS`; nothing if pcs cannot say the rule.
std::optional<Words> RuleWords(const Source& source, xml_node location, xml_node rule) {
  if (!HasAttributesOnly(rule, {"id", "score", "score-attribute", "role", "boolean-op"})) return std::nullopt;
  Words words;
  if (!IdOf(rule).empty() && (source.IsReferenced(rule) || IsXmlId(IdOf(rule)))) words.push_back("id=" + IdOf(rule));
  AddOptions(words, rule, {"score", "score-attribute"});
  const xml_attribute role = rule.attribute("role") ? rule.attribute("role") : location.attribute("role");
  if (role) words.push_back(std::string("role=") + role.value());
  const auto conditions = PcsRule(rule, false);
  if (!conditions) return std::nullopt;
  Append(words, *conditions);
  return words;
}

PcsSaid Location(const Source& source, xml_node location) {
  const std::string unknown =
      Unknown(location, {"id", "rsc", "rsc-pattern", "role", "resource-discovery", "score", "node"});
  if (!unknown.empty()) return {"", unknown};
  if (location.child("resource_set")) return {"", "is a location of a set, for which pcs has no command"};
  if (!location.child("rule")) {
    Words words = {"constraint",
                   "location",
                   "add",
                   "--force",
                   "--",
                   IdOf(location),
                   ResourceOrPattern(location),
                   location.attribute("node").value(),
                   location.attribute("score").value()};
    if (words[7].empty() || !AsScore(words[8])) return {"", "names no node or no score"};
    AddOptions(words, location, {"resource-discovery", "role"});
    return {PcsCommand(words), ""};
  }
  if (location.attribute("node")) return {"", "has a node and a rule, which pcs does not take"};
  PcsSaid said;
  for (const xml_node rule : location.children("rule")) {
    const auto of_rule = RuleWords(source, location, rule);
    if (!of_rule) return {"", "has a rule that pcs has no words for"};
    Words words = {"constraint", "rule", "add", "--force", "--", IdOf(location)};
    if (said.commands.empty()) {
      words = {"constraint",
               "location",
               "--force",
               "--",
               ResourceOrPattern(location),
               "rule",
               "constraint-id=" + IdOf(location)};
      AddOptions(words, location, {"resource-discovery"});
    }
    Append(words, *of_rule);
    said.commands += PcsCommand(words);
  }
  return said;
}

// The sets of a constraint, with the options of each, and then those of all.
PcsSaid Sets(Source& source, xml_node constraint, const char* kind, const Words& options) {
  Words words = {"constraint", kind, "--force", "--"};
  int number = 0;
  for (const xml_node set : constraint.children("resource_set")) {
    if (const std::string unknown = Unknown(set, {"id", "sequential", "require-all", "role", "action"});
        !unknown.empty())
      return {"", "has a set that " + unknown};
    words.push_back("set");
    for (const xml_node member : set.children()) words.push_back(IdOf(member));
    AddOptions(words, set, {"sequential", "require-all", "role", "action"});
    const std::string id = IdOf(constraint) + "_set" + (number == 0 ? "" : '-' + std::to_string(number));
    const bool counts = source.IsReferenced(set) || AsBoolean(set.attribute("require-all").value()) == false;
    if (counts && IdOf(set) != id) {
      if (source.IsReferenced(set)) return {"", "has a set that is used again, to which pcs gives another id"};
      source.Tell("the id `" + IdOf(set) + "` of a set of " + NameOf(constraint) + ", which pcs calls `" + id + '`');
      set.attribute("id") = id.c_str();
    }
    ++number;
  }
  words.push_back("setoptions");
  Append(words, options);
  return {PcsCommand(words), ""};
}

PcsSaid Order(Source& source, xml_node order) {
  const std::string unknown = Unknown(
      order, {"id", "kind", "score", "first", "first-action", "then", "then-action", "symmetrical", "require-all"});
  if (!unknown.empty()) return {"", unknown};
  Words options = {"id=" + IdOf(order)};
  if (!order.attribute("kind") && AsInteger(order.attribute("score").value()) == 0) options.push_back("kind=Optional");
  AddOptions(options, order, {"kind", "symmetrical"});
  if (order.child("resource_set")) {
    if (order.attribute("require-all")) return {"", "has `require-all` beside sets, which pcs does not take"};
    return Sets(source, order, "order", options);
  }
  AddOptions(options, order, {"require-all"});
  const std::string first = order.attribute("first-action") ? order.attribute("first-action").value() : "start",
                    then = order.attribute("then-action") ? order.attribute("then-action").value() : first;
  Words words = {"constraint", "order", "--force",
                 "--",         first,   order.attribute("first").value(),
                 "then",       then,    order.attribute("then").value()};
  Append(words, options);
  return {PcsCommand(words), ""};
}

PcsSaid Colocation(Source& source, xml_node colocation) {
  const std::string unknown = Unknown(
      colocation, {"id", "score", "rsc", "rsc-role", "with-rsc", "with-rsc-role", "node-attribute", "influence"});
  if (!unknown.empty()) return {"", unknown};
  const std::string score = colocation.attribute("score") ? colocation.attribute("score").value() : "0";
  if (!AsScore(score)) return {"", "has a score that is none"};
  if (colocation.child("resource_set")) {
    if (colocation.attribute("node-attribute") || colocation.attribute("influence"))
      return {"", "has `node-attribute` or `influence` beside sets, which pcs does not take"};
    return Sets(source, colocation, "colocation", {"score=" + score, "id=" + IdOf(colocation)});
  }
  // Roles as options: of the two, pcs would add the one that is not said.
  Words words = {"constraint", "colocation",
                 "add",        "--force",
                 "--",         colocation.attribute("rsc").value(),
                 "with",       colocation.attribute("with-rsc").value(),
                 score,        "id=" + IdOf(colocation)};
  AddOptions(words, colocation, {"rsc-role", "with-rsc-role", "node-attribute", "influence"});
  return {PcsCommand(words), ""};
}

PcsSaid Ticket(Source& source, xml_node ticket) {
  const std::string unknown = Unknown(ticket, {"id", "ticket", "rsc", "rsc-role", "loss-policy"});
  if (!unknown.empty()) return {"", unknown};
  const std::string name = ticket.attribute("ticket").value();
  const bool known = !name.empty() && name.size() <= 63 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!known) return {"", "has a ticket with a name that pcs does not take"};
  Words options = {"id=" + IdOf(ticket)};
  AddOptions(options, ticket, {"loss-policy"});
  if (ticket.child("resource_set")) {
    options.push_back("ticket=" + name);
    return Sets(source, ticket, "ticket", options);
  }
  Words words = {"constraint", "ticket", "add", "--force", "--", name};
  if (ticket.attribute("rsc-role")) words.push_back(ticket.attribute("rsc-role").value());
  words.push_back(ticket.attribute("rsc").value());
  Append(words, options);
  return {PcsCommand(words), ""};
}

}  // namespace

PcsSaid PcsConstraint(Source& source, xml_node constraint) {
  if (!IsXmlId(IdOf(constraint))) return {"", "has a name that pcs does not take"};
  if (const std::string why = NoResource(source, constraint); !why.empty()) return {"", why};
  for (const xml_node child : constraint.children()) {
    const std::string_view tag = child.name();
    if ((tag != "resource_set" && tag != "rule") || child.attribute("id-ref"))
      return {"", "has a part that stands elsewhere or that pcs does not know"};
  }
  const std::string_view tag = constraint.name();
  if (tag == "rsc_location") return Location(source, constraint);
  if (tag == "rsc_colocation") return Colocation(source, constraint);
  if (tag == "rsc_order") return Order(source, constraint);
  if (tag == "rsc_ticket") return Ticket(source, constraint);
  return {"", "is of a kind that pcs does not have"};
}

}  // namespace picket::compiler::exporting
