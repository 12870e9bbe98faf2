#include <algorithm>
#include <cctype>
#include <map>

#include "compiler/check/known_options.h"
#include "compiler/check/lint_families.h"
#include "compiler/check/lint_words.h"

// W0459: options in a block where nobody looks for them.
namespace picket::compiler {
namespace {

using Find = const KnownOption* (*)(std::string_view name);

// Options that older versions read as cluster options.
const std::map<std::string, std::string, std::less<>>& Removed() {
  static const std::map<std::string, std::string, std::less<>> names = {
      {"default-resource-stickiness", "rsc_defaults resource-stickiness"},
      {"default-resource-failure-stickiness", "rsc_defaults migration-threshold"},
      {"is-managed-default", "rsc_defaults is-managed"},
      {"default-action-timeout", "op_defaults timeout"}};
  return names;
}

class BlockLinter {
 public:
  explicit BlockLinter(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void Defaults(const ast::Attributes& block) {
    const std::string& kind = block.kind.literal;
    ForEachOption(block, [&](const ast::Option& option) {
      if (kind == "property") {
        if (const auto gone = Removed().find(option.name.literal); gone != Removed().end()) {
          return Told(option, "is no cluster option any more", gone->second);
        }
        OneOf(option,
              {{FindMeta, "a meta attribute of resources", "rsc_defaults "},
               {FindOperationOption, "an option of operations", "op_defaults "}},
              FindClusterOption);
      } else if (kind == "rsc_defaults") {
        OneOf(option,
              {{FindClusterOption, "a cluster option", "property "},
               {FindOperationOption, "an option of operations", "op_defaults "}},
              FindMeta);
      } else {
        OneOf(option,
              {{FindClusterOption, "a cluster option", "property "},
               {FindMeta, "a meta attribute of resources", "rsc_defaults "}},
              FindOperationOption);
      }
    });
  }

  // `plain`: the lines are meta attributes, as those of a group are.
  void Items(const std::vector<ast::Item>& items, bool plain) {
    for (const ast::Item& item : items) {
      if (const auto* option = std::get_if<ast::Option>(&item); option != nullptr && plain) Meta(*option);
      if (const auto* block = std::get_if<ast::Attributes>(&item); block != nullptr && block->kind.literal == "meta") {
        ForEachOption(*block, [&](const ast::Option& option) { Meta(option); });
      }
      if (const auto* operation = std::get_if<ast::Operation>(&item)) Operation(*operation);
    }
  }

 private:
  struct Other {
    Find find;
    const char* what;
    const char* block;
  };

  static std::string Hyphened(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    std::replace(name.begin(), name.end(), '_', '-');
    return name;
  }

  void Meta(const ast::Option& option) {
    OneOf(option,
          {{FindClusterOption, "a cluster option", "property "},
           {FindOperationOption, "an option of operations", "op monitor … "}},
          FindMeta);
  }

  // What stands in the braces of an operation is for the agent.
  void Operation(const ast::Operation& operation) {
    const auto one = [&](const ast::Option& option) {
      const std::string name = Hyphened(option.name.literal);
      if (FindOperationOption(name) != nullptr)
        Told(option, "is handed to the agent here", "op " + operation.name.literal + " … " + name, true);
    };
    for (const ast::OperationItem& item : operation.items) {
      if (const auto* option = std::get_if<ast::Option>(&item)) one(*option);
      const auto* block = std::get_if<ast::Attributes>(&item);
      if (block != nullptr && block->kind.literal == "params") ForEachOption(*block, one);
    }
  }

  void OneOf(const ast::Option& option, std::initializer_list<Other> others, Find own) {
    const std::string name = Hyphened(option.name.literal);
    if (own(name) != nullptr) return;
    for (const Other& other : others) {
      if (other.find(name) != nullptr) {
        return Told(option, std::string("is ") + other.what, other.block + name);
      }
    }
  }

  void Told(const ast::Option& option, const std::string& what, const std::string& place, bool in_braces = false) {
    Diagnostic& warning = diagnostics_.Warning("W0459", option.name.span, "`" + option.name.literal + "` " + what);
    warning.label = "has no effect here";
    const auto* text = std::get_if<ast::Text>(&option.value.what);
    warning.help.push_back("write `" + place + "=" + (text != nullptr ? text->literal : "…") + "`" +
                           (in_braces ? ", outside of the braces" : ""));
  }

  Diagnostics& diagnostics_;
};

}  // namespace

void LintBlocks(const PolicyView& view, Diagnostics& diagnostics) {
  BlockLinter linter(diagnostics);
  for (const ast::Statement& statement : view.statements()) {
    const auto& what = statement.what;
    if (const auto* defaults = std::get_if<ast::Defaults>(&what)) linter.Defaults(defaults->block);
    if (const auto* primitive = std::get_if<ast::Primitive>(&what)) linter.Items(primitive->items, false);
    if (const auto* fence = std::get_if<ast::Fence>(&what)) linter.Items(fence->items, false);
    if (const auto* members = std::get_if<ast::Members>(&what)) linter.Items(members->items, true);
  }
}

}  // namespace picket::compiler
