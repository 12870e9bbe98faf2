#include "compiler/emit/sets.h"

#include <algorithm>

#include "compiler/check/option_values.h"
#include "compiler/syntax/dump.h"

namespace picket::compiler::emit {

const ast::Text* NameOf(const ast::Reference& reference) {
  return std::get_if<ast::Text>(&reference.what);
}

std::string Describe(const ast::Reference& reference) {
  std::string out;
  for (const auto* word : {&reference.action, &reference.role, &reference.any}) {
    if (*word) out += (*word)->literal + ' ';
  }
  if (const ast::Text* name = NameOf(reference)) return out + name->literal;
  const ast::Set& set = std::get<ast::Set>(reference.what);
  out += set.ordered ? "[" : "{";
  if (set.from) out += "from " + set.from->literal;
  for (const ast::Text& member : set.members) {
    out += (out.back() == '[' || out.back() == '{' ? "" : " ") + member.literal;
  }
  for (const ast::Option& option : set.options) {
    out += ' ' + option.name.literal + '=' + DumpValue(option.value);
  }
  return out + (set.ordered ? "]" : "}");
}

void EmitSet(Context& context, pugi::xml_node constraint, const ast::Reference& reference, SetUse use,
             bool explicit_action) {
  const auto* given = std::get_if<ast::Set>(&reference.what);
  pugi::xml_node element = constraint.append_child("resource_set");
  if (given != nullptr && given->from) {
    element.append_attribute("id-ref") = given->from->literal.c_str();
    return;
  }
  const std::string owner = constraint.attribute("id").value();
  const std::string content = Describe(reference);
  const std::vector<ast::Text> members = given != nullptr ? given->members : std::vector<ast::Text>{*NameOf(reference)};
  const std::string wanted = owner + "-set-" + (members.size() == 1 ? members[0].literal : ShortHash(content));
  context.SetId(element, given != nullptr ? given->id : std::nullopt, wanted, content, reference.span);
  // Options that the author wrote inside the set win over what its shape says.
  const auto has = [&](std::string_view name) {
    return given != nullptr && std::any_of(given->options.begin(), given->options.end(),
                                           [&](const ast::Option& option) { return option.name.literal == name; });
  };
  if (given != nullptr && !given->ordered && !has("sequential")) {
    context.Set(element, "sequential", "false", reference.span);
  }
  if (reference.any && !has("require-all")) {
    context.Set(element, "require-all", "false", reference.any->span);
  }
  if (use == SetUse::kAction) {
    if (reference.role) {
      context.Error("E0203", reference.role->span, "an order takes an action, not a role")
          .help.push_back("write start, stop, promote or demote");
    } else if (reference.action) {
      context.Set(element, "action", reference.action->literal, reference.action->span);
    } else if (explicit_action) {
      context.Set(element, "action", "start", reference.span);
    }
  } else if (reference.action) {
    context.Error("E0203", reference.action->span, "an action stands in an order, not here")
        .help.push_back("write a role: started, stopped, promoted or unpromoted");
  } else if (reference.role) {
    context.Set(element, "role", RoleOf(context, *reference.role), reference.role->span);
  }
  if (given != nullptr) {
    static const std::vector<std::string> known = {"sequential", "require-all", "kind", "score",
                                                   "ordering",   "action",      "role"};
    for (const ast::Option& option : given->options) {
      const std::string& name = option.name.literal;
      std::string value;
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        UnknownOption(context, option, known, "a set");
        continue;
      }
      if (name == "sequential" || name == "require-all") {
        value = BooleanOf(context, option);
      } else if (name == "score") {
        value = ScoreOf(context, option.value, false);
      } else {
        value = TextOf(context, option.value, "`" + name + "`");
        CheckValue(Holder::kSet, option, context.diagnostics);
        if (name == "kind" && !value.empty()) {
          value[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(value[0])));
        }
        if (name == "role") {
          if (const auto* role = std::get_if<ast::Text>(&option.value.what)) {
            value = RoleOf(context, *role);
          }
        }
      }
      context.Set(element, name.c_str(), value, option.span);
    }
  }
  for (const ast::Text& member : members) {
    element.append_child("resource_ref").append_attribute("id") = member.literal.c_str();
  }
}

}  // namespace picket::compiler::emit
