#include "compiler/emit/nvset.h"

#include <algorithm>
#include <array>

#include "compiler/emit/rules.h"
#include "compiler/syntax/dump.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::emit {
namespace {

struct Renamed {
  std::string_view current;
  std::string_view old;
};
// Cluster options that got new names in Pacemaker 3.
constexpr std::array<Renamed, 8> kRenamed = {{
    {"fencing-enabled", "stonith-enabled"},
    {"fencing-action", "stonith-action"},
    {"fencing-reaction", "fence-reaction"},
    {"fencing-timeout", "stonith-timeout"},
    {"fencing-watchdog-timeout", "stonith-watchdog-timeout"},
    {"fencing-max-attempts", "stonith-max-attempts"},
    {"stop-removed-resources", "stop-orphan-resources"},
    {"cancel-removed-actions", "stop-orphan-actions"},
}};

}  // namespace

std::string Spelt(const ast::Text& text, PairKind kind) {
  if (text.quoted) return text.literal;
  if (kind == PairKind::kMeta || kind == PairKind::kProperty) {
    if (text.literal == "inf" || text.literal == "+inf") return "INFINITY";
    if (text.literal == "-inf") return "-INFINITY";
  }
  if (kind == PairKind::kUtilization) {
    if (const auto mebibytes = AsMebibytes(text.literal)) return std::to_string(*mebibytes);
  }
  return text.literal;
}

const char* TagOf(std::string_view keyword) {
  if (keyword == "params" || keyword == "attributes") return "instance_attributes";
  if (keyword == "utilization") return "utilization";
  if (keyword == "property") return "cluster_property_set";
  return "meta_attributes";
}

PairKind PairKindOf(std::string_view keyword) {
  if (keyword == "params" || keyword == "attributes") return PairKind::kParameter;
  if (keyword == "utilization") return PairKind::kUtilization;
  if (keyword == "property") return PairKind::kProperty;
  return PairKind::kMeta;
}

std::string OptionName(std::string_view name, Target target) {
  for (const Renamed& option : kRenamed) {
    if (name == option.current || name == option.old) {
      return std::string(target == Target::k21 ? option.old : option.current);
    }
  }
  return std::string(name);
}

pugi::xml_node Blocks::Common(const char* tag, const Span& span) {
  for (const auto& [known, node] : common_) {
    if (known == tag) return node;
  }
  pugi::xml_node node = parent_.append_child(tag);
  const std::string wanted = common_id_.empty() ? owner_ + '-' + tag : common_id_;
  context_.SetId(node, std::nullopt, wanted, wanted, span);
  common_.emplace_back(tag, node);
  return node;
}

void Blocks::Pair(pugi::xml_node set, PairKind kind, const ast::Option& option) {
  const std::string name =
      kind == PairKind::kProperty ? OptionName(option.name.literal, context_.target) : option.name.literal;
  const auto [first, fresh] = names_[set.hash_value()].emplace(name, option.span);
  if (!fresh) {
    Diagnostic& error = context_.Error("E0202", option.name.span, "`" + option.name.literal + "` is set twice");
    error.others.push_back({first->second, "first set here"});
    error.help.push_back("remove one of them");
    return;
  }
  pugi::xml_node pair = set.append_child("nvpair");
  const std::string set_id = set.attribute("id").value();
  const std::string id = context_.SetId(pair, option.id, set_id + '-' + name, DumpValue(option.value), option.span);
  context_.Set(pair, "name", name, option.name.span);
  std::string value;
  if (const auto* call = std::get_if<ast::Call>(&option.value.what)) {
    const ast::Text* path = nullptr;
    if (call->name.literal == "secret" && call->arguments.size() == 1) {
      if (const auto* argument = std::get_if<ast::Value>(&call->arguments[0].value->what)) {
        path = std::get_if<ast::Text>(&argument->what);
      }
    }
    if (path == nullptr) {
      context_.Error("E0205", option.value.span, "`" + call->name.literal + "(…)` cannot be the value of an option")
          .help.push_back(
              "`secret(\"path\")` is the only call that stands here; quote the text "
              "if it is one");
      return;
    }
    value = "secret(" + path->literal + ')';
    context_.secrets.push_back({id, path->literal, option.value.span});
  } else if (const auto* text = std::get_if<ast::Text>(&option.value.what)) {
    value = Spelt(*text, kind);
  } else {
    TextOf(context_, option.value, "`" + option.name.literal + "`");
    return;
  }
  context_.Set(pair, "value", value, option.value.span);
}

void Blocks::Pair(pugi::xml_node set, PairKind, const ast::PairReference& reference) {
  pugi::xml_node pair = set.append_child("nvpair");
  pair.append_attribute("id-ref") = reference.id.literal.c_str();
  if (reference.name) context_.needs_old_schema = true;  // Schemas since 4.0 have no other name.
  if (reference.name) pair.append_attribute("name") = reference.name->literal.c_str();
}

void Blocks::Plain(const char* tag, PairKind kind, const ast::Option& option) {
  Pair(Common(tag, option.span), kind, option);
}

void Blocks::Plain(const char* tag, PairKind kind, const ast::PairReference& reference) {
  Pair(Common(tag, reference.span), kind, reference);
}

void Blocks::Derived(const char* tag, PairKind kind, std::string_view name, std::string_view value, const Span& span) {
  ast::Option option;
  option.name.literal = name;
  option.name.span = option.span = option.value.span = span;
  ast::Text text;
  text.literal = value;
  text.quoted = true;
  text.span = span;
  option.value.what = std::move(text);
  Plain(tag, kind, option);
}

void Blocks::Block(const char* tag, PairKind kind, const ast::Attributes& block) {
  if (block.from) {
    parent_.append_child(tag).append_attribute("id-ref") = block.from->literal.c_str();
    return;
  }
  const ast::Option* score = nullptr;
  for (const ast::Option& option : block.options) {
    if (option.name.literal == "score") score = &option;
  }
  if (score != nullptr && !block.has_body) {
    context_.Error("E0205", score->span, "this `score` reads both ways")
        .help.push_back("`" + block.kind.literal + " score=5 { … }` scores the block, `" + block.kind.literal +
                        " { score=5 }` sets an option called score");
    return;
  }
  if (block.has_body) {
    for (const ast::Option& option : block.options) {
      if (&option != score) {
        context_.Error("E0204", option.span, "only `score=` stands before the braces of a block")
            .help.push_back("move `" + option.name.literal + "` into the braces");
      }
    }
  }
  pugi::xml_node set;
  if (!block.id && !block.when && score == nullptr) {
    set = Common(tag, block.span);
  } else {
    set = parent_.append_child(tag);
    std::string content = score != nullptr ? DumpValue(score->value) : "";
    if (block.when) {
      content += block.when->from ? "from " + block.when->from->literal : DumpExpr(*block.when->condition);
    }
    const std::string wanted = owner_ + '-' + tag + '-' + ShortHash(content);
    const std::string id = context_.SetId(set, block.id, wanted, content, block.span);
    if (score != nullptr) context_.Set(set, "score", ScoreOf(context_, score->value, false), score->span);
    if (block.when) {
      RuleUse use;
      use.where = "the condition of `" + block.kind.literal + '`';
      EmitRule(context_, set, *block.when, id, use);
    }
  }
  if (!block.has_body) {
    for (const ast::Option& option : block.options) Pair(set, kind, option);
  }
  for (const ast::Pair& pair : block.pairs) {
    std::visit([&](const auto& one) { Pair(set, kind, one); }, pair);
  }
}

}  // namespace picket::compiler::emit
