#include <algorithm>

#include "compiler/check/option_values.h"
#include "compiler/emit/constraints.h"
#include "compiler/emit/sets.h"
#include "compiler/syntax/dump.h"

namespace picket::compiler::emit {
namespace {

using ast::Option;
using ast::Reference;
using ast::Relation;

std::string Content(const std::vector<Reference>& parts, const std::vector<Option>& options) {
  std::string out;
  for (const Reference& part : parts) out += Describe(part) + ';';
  for (const Option& option : options) out += ' ' + option.name.literal + '=' + DumpValue(option.value);
  return out;
}

// "colocation-fs-with-promoted-drbd-ms"; a digest stands for whole sets, and
// follows where options make the difference.
std::string WantedId(std::string_view kind, std::string_view joint, const std::vector<Reference>& parts) {
  std::string out(kind);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Reference& part = parts[i];
    if (i > 0) out += '-' + std::string(joint);
    for (const auto* word : {&part.action, &part.role, &part.any}) {
      if (*word) out += '-' + (*word)->literal;
    }
    const ast::Text* name = NameOf(part);
    out += '-' + (name != nullptr ? name->literal : ShortHash(Describe(part)));
  }
  return out.size() <= 100 ? out : std::string(kind) + '-' + ShortHash(out);
}

bool IsSimple(const std::vector<Reference>& parts) {
  return parts.size() == 2 && NameOf(parts[0]) != nullptr && NameOf(parts[1]) != nullptr;
}

// The options of one relation, parted by who reads them.
std::vector<Option> Select(const std::vector<Option>& options, std::initializer_list<std::string_view> names) {
  std::vector<Option> out;
  for (const Option& option : options) {
    if (std::find(names.begin(), names.end(), option.name.literal) != names.end()) {
      out.push_back(option);
    }
  }
  return out;
}

void Refuse(Context& context, const std::vector<Option>& options, const std::vector<std::string>& known,
            std::string_view owner) {
  for (const Option& option : options) {
    if (std::find(known.begin(), known.end(), option.name.literal) != known.end()) continue;
    if (owner == "an order" && option.name.literal == "score") {
      context.Error("E0204", option.name.span, "an order has no score: it holds, or is a wish")
          .help.push_back("leave it out; where it is only a wish, write `kind=optional`");
      continue;
    }
    UnknownOption(context, option, known, owner);
  }
}

void NoAction(Context& context, const Reference& part) {
  if (part.action) {
    context.Error("E0203", part.action->span, "an action stands in an order, not here")
        .help.push_back("write a role: started, stopped, promoted or unpromoted");
  }
}

void Colocation(Context& context, const std::vector<Reference>& parts, const std::vector<Option>& options,
                const std::optional<ast::Text>& given, std::string wanted, bool apart, const Span& span) {
  pugi::xml_node element = context.constraints.append_child("rsc_colocation");
  if (!options.empty()) wanted += '-' + ShortHash(Content({}, options));
  context.SetId(element, given, wanted, Content(parts, options), span);
  std::string score = "INFINITY";
  Span score_span = span;
  std::string influence, same;
  Span influence_span = span, same_span = span;
  for (const Option& option : options) {
    if (option.name.literal == "score") {
      score = ScoreOf(context, option.value, true);
      score_span = option.span;
    } else if (option.name.literal == "influence") {
      influence = BooleanOf(context, option);
      influence_span = option.span;
    } else if (option.name.literal == "same") {
      same = TextOf(context, option.value, "`same`");
      same_span = option.span;
    }
  }
  if (apart) score = '-' + (score[0] == '+' ? score.substr(1) : score);
  const bool simple = IsSimple(parts);
  if (simple) {
    for (const Reference& part : parts) {
      NoAction(context, part);
      if (part.any) {
        context.Error("E0203", part.any->span, "`any` stands in an order, not here");
      }
    }
    context.Set(element, "rsc", NameOf(parts[0])->literal, parts[0].span);
    if (parts[0].role) {
      context.Set(element, "rsc-role", RoleOf(context, *parts[0].role), parts[0].role->span);
    }
    context.Set(element, "with-rsc", NameOf(parts[1])->literal, parts[1].span);
    if (parts[1].role) {
      context.Set(element, "with-rsc-role", RoleOf(context, *parts[1].role), parts[1].role->span);
    }
  } else {
    for (const Reference& part : parts) EmitSet(context, element, part, SetUse::kRole, false);
  }
  context.Set(element, "score", score, score_span);
  if (!influence.empty()) context.Set(element, "influence", influence, influence_span);
  if (!same.empty()) {
    if (simple) {
      context.Set(element, "node-attribute", same, same_span);
    } else {
      context.Error("E0204", same_span, "`same` stands with two names, not with sets");
    }
  }
}

std::string ActionOf(Context& context, const Reference& part) {
  if (part.role) {
    context.Error("E0203", part.role->span, "an order takes an action, not a role")
        .help.push_back("write start, stop, promote or demote");
  }
  return part.action ? part.action->literal : "start";
}

void Order(Context& context, const std::vector<Reference>& parts, const std::vector<Option>& options,
           const std::optional<ast::Text>& given, std::string wanted, const Span& span) {
  pugi::xml_node element = context.constraints.append_child("rsc_order");
  if (!options.empty()) wanted += '-' + ShortHash(Content({}, options));
  context.SetId(element, given, wanted, Content(parts, options), span);
  const bool named_actions = std::any_of(
      parts.begin(), parts.end(), [](const Reference& part) { return part.action && part.action->literal != "start"; });
  if (IsSimple(parts)) {
    const std::string first = ActionOf(context, parts[0]);
    const std::string then = ActionOf(context, parts[1]);
    context.Set(element, "first", NameOf(parts[0])->literal, parts[0].span);
    if (named_actions) context.Set(element, "first-action", first, parts[0].span);
    context.Set(element, "then", NameOf(parts[1])->literal, parts[1].span);
    if (named_actions) context.Set(element, "then-action", then, parts[1].span);
    if (parts[0].any) context.Set(element, "require-all", "false", parts[0].any->span);
    if (parts[1].any) {
      context.Error("E0203", parts[1].any->span, "`any` stands before what comes first");
    }
  } else {
    for (const Reference& part : parts) {
      EmitSet(context, element, part, SetUse::kAction, named_actions);
    }
  }
  for (const Option& option : options) {
    const std::string& name = option.name.literal;
    if (name == "kind") {
      std::string kind = TextOf(context, option.value, "`kind`");
      if (!CheckValue(Holder::kOrder, option, context.diagnostics) || kind.empty()) continue;
      kind[0] = static_cast<char>(kind[0] - 'a' + 'A');
      context.Set(element, "kind", kind, option.span);
    } else if (name == "symmetrical" || name == "require-all") {
      context.Set(element, name.c_str(), BooleanOf(context, option), option.span);
    }
  }
}

// `depend a on b` places a where b is and starts it after b. The order's first
// action follows from the role that the colocation asks for.
void Depend(Context& context, const Relation& relation, const Span& span) {
  std::vector<Reference> places = relation.parts;
  std::vector<Reference> steps(relation.parts.rbegin(), relation.parts.rend());
  for (Reference& step : steps) {
    if (step.role) {
      const std::string& role = step.role->literal;
      ast::Text action = *step.role;
      action.literal = role == "promoted" ? "promote" : role == "stopped" ? "stop" : "start";
      if (action.literal != "start") step.action = action;
      step.role.reset();
    }
  }
  std::optional<ast::Text> colocation_id, order_id;
  if (relation.first_id) {
    colocation_id = relation.first_id;
    order_id = relation.id;
  }
  std::string colocation_wanted = WantedId("colocation", "with", places);
  std::string order_wanted = WantedId("order", "then", steps);
  if (!relation.first_id && relation.id) {
    colocation_wanted = relation.id->literal + "-colocation";
    order_wanted = relation.id->literal + "-order";
  }
  const auto place_options = Select(relation.options, {"score", "same", "influence"});
  const auto step_options = Select(relation.options, {"kind", "symmetrical", "require-all"});
  Refuse(context, relation.options, {"score", "same", "influence", "kind", "symmetrical", "require-all"}, "`depend`");
  // Ids that the author chose the stem of get no digest.
  if (relation.id && !relation.first_id) {
    colocation_id = *relation.id;
    colocation_id->literal = context.ids.Claim(colocation_wanted, "");
    order_id = *relation.id;
    order_id->literal = context.ids.Claim(order_wanted, "");
  }
  Colocation(context, places, place_options, colocation_id, colocation_wanted, false, span);
  Order(context, steps, step_options, order_id, order_wanted, span);
}

// Every pair is a constraint: this many resources are five thousand.
constexpr std::size_t kSeparatedMax = 100;

void Separate(Context& context, const Relation& relation, const Span& span) {
  if (relation.parts.size() > 1) {
    Colocation(context, relation.parts, relation.options, relation.id, WantedId("separate", "from", relation.parts),
               true, span);
    return;
  }
  // One set: every pair of its members apart.
  const auto* set = std::get_if<ast::Set>(&relation.parts[0].what);
  if (set == nullptr || set->members.size() < 2) {
    context.Error("E0206", span, "`separate` needs at least two resources")
        .help.push_back("`separate a from b`, or `separate [a, b, c]` for every pair");
    return;
  }
  if (relation.id) {
    context.Error("E0204", relation.id->span, "one id cannot name every pair")
        .help.push_back("leave the id out, or write one `separate a from b` for each pair");
  }
  if (set->members.size() > kSeparatedMax) {
    context.Error("E0405", span, "more than " + std::to_string(kSeparatedMax) + " resources to keep apart")
        .help.push_back("each pair of them would be a constraint of its own");
    return;
  }
  for (std::size_t i = 0; i < set->members.size(); ++i) {
    for (std::size_t j = i + 1; j < set->members.size(); ++j) {
      std::vector<Reference> pair(2);
      pair[0].role = pair[1].role = relation.parts[0].role;
      pair[0].what = set->members[j];
      pair[1].what = set->members[i];
      pair[0].span = set->members[j].span;
      pair[1].span = set->members[i].span;
      Colocation(context, pair, relation.options, std::nullopt, WantedId("separate", "from", pair), true, span);
    }
  }
}

void Ticket(Context& context, const Relation& relation, const Span& span) {
  pugi::xml_node element = context.constraints.append_child("rsc_ticket");
  const std::string wanted = "ticket-" + relation.ticket->literal + WantedId("", "", relation.parts);
  context.SetId(element, relation.id, wanted, Content(relation.parts, relation.options), span);
  context.Set(element, "ticket", relation.ticket->literal, relation.ticket->span);
  if (relation.parts.size() == 1 && NameOf(relation.parts[0]) != nullptr) {
    const Reference& part = relation.parts[0];
    NoAction(context, part);
    context.Set(element, "rsc", NameOf(part)->literal, part.span);
    if (part.role) context.Set(element, "rsc-role", RoleOf(context, *part.role), part.role->span);
  } else {
    for (const Reference& part : relation.parts) {
      EmitSet(context, element, part, SetUse::kRole, false);
    }
  }
  for (const Option& option : relation.options) {
    if (option.name.literal != "on-loss") {
      if (option.name.literal == "loss-policy") {
        context.Error("E0204", option.name.span, "what happens when a ticket is lost is called `on-loss`")
            .help.push_back("write `on-loss=` with stop, demote, fence or freeze");
        continue;
      }
      UnknownOption(context, option, {"on-loss"}, "a ticket");
      continue;
    }
    const std::string policy = TextOf(context, option.value, "`on-loss`");
    CheckValue(Holder::kTicket, option, context.diagnostics);
    context.Set(element, "loss-policy", policy, option.span);
  }
}

}  // namespace

void EmitRelation(Context& context, const Relation& relation, const Span& span) {
  const std::string& keyword = relation.keyword.literal;
  if (keyword == "depend") return Depend(context, relation, span);
  if (keyword == "ticket") return Ticket(context, relation, span);
  if (keyword == "order") {
    Refuse(context, relation.options, {"kind", "symmetrical", "require-all"}, "an order");
  } else {
    Refuse(context, relation.options, {"score", "influence", "same"},
           keyword == "separate" ? "`separate`" : "a colocation");
  }
  if (keyword == "separate") return Separate(context, relation, span);
  // A lone name has no partner: only a set can stand by itself.
  if (relation.parts.size() == 1 && NameOf(relation.parts[0]) != nullptr) {
    context.Error("E0206", span, keyword == "order" ? "an order of one resource" : "a colocation of one resource")
        .help.push_back(keyword == "order" ? "write `order a then b`" : "write `colocation a with b`");
    return;
  }
  if (keyword == "order") {
    Order(context, relation.parts, relation.options, relation.id, WantedId("order", "then", relation.parts), span);
  } else {
    Colocation(context, relation.parts, relation.options, relation.id, WantedId("colocation", "with", relation.parts),
               false, span);
  }
}

}  // namespace picket::compiler::emit
