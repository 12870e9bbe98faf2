// Conditions as the CIB's `rule` elements.
#pragma once

#include <string>

#include "compiler/emit/context.h"

namespace picket::compiler::emit {

/// What a rule carries besides its condition; a block's rule carries nothing.
struct RuleUse {
  std::string score;
  std::string score_attribute;
  std::string role;
  bool negated = false;                      ///< `only`: the rule is about everybody else.
  bool several = false;                      ///< The constraint may have more than this rule.
  std::string where = "a location rule";     ///< For messages: what cannot stand in it.
  std::optional<Span> place = std::nullopt;  ///< Of the rule, where it is more than its condition.
};

/// Appends the rule of `rule` to `parent`. Ids are derived from `owner`. The
/// CIB knows no negation: `not` is pushed down to the comparisons, where
/// `not x < 5` is "x is undefined or at least 5".
pugi::xml_node EmitRule(Context& context, pugi::xml_node parent, const ast::Rule& rule, const std::string& owner,
                        const RuleUse& use);

/// Appends a rule that holds on (negated: off) the given nodes.
pugi::xml_node EmitNodesRule(Context& context, pugi::xml_node parent, const std::vector<ast::Text>& nodes,
                             const Span& span, const std::string& owner, const RuleUse& use);

}  // namespace picket::compiler::emit
