// Rules and name/value blocks as the configuration states them (spec 01 §4, §5): plain data, not evaluated.
//
// References (id-ref) are resolved when the configuration is read. Evaluation is in solver/cib/rules.h and
// blocks.h, because it needs a time and attributes.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "solver/model/score.h"
#include "solver/model/table.h"

namespace picket::solver {

struct Condition;

struct RuleDef {
  std::string id;
  std::optional<std::string> boolean_op;
  std::optional<std::string> score;            // only meaningful on the top rule of a location constraint
  std::optional<std::string> score_attribute;  // likewise
  std::optional<std::string> role;             // likewise
  std::vector<Condition> conditions;           // in document order
  bool broken = false;                         // an unresolvable id-ref or a missing id: never passes
};

// The XML attributes of a condition element, kept raw: what is missing or wrong decides whether it passes.
struct AttributeExpression {
  Attributes attributes;
};                       // <expression>
struct DateExpression {  // <date_expression>
  Attributes attributes;
  std::optional<Attributes> duration;
  std::optional<Attributes> date_spec;
};
struct ResourceExpression {
  Attributes attributes;
};  // <rsc_expression>
struct OperationExpression {
  Attributes attributes;
};  // <op_expression>
struct UnknownCondition {
  std::string element;
  std::string id;
};

struct Condition {
  std::variant<AttributeExpression, DateExpression, ResourceExpression, OperationExpression, UnknownCondition, RuleDef>
      what;
};

struct NvPair {
  std::string id;
  std::string name;
  std::string value;
};

// One cluster_property_set, meta_attributes, instance_attributes or utilization.
struct NvBlock {
  std::string id;
  Score score;
  std::optional<RuleDef> rule;
  std::vector<NvPair> pairs;  // document order, id-refs replaced, pairs without name or value left out
};

// Blocks of one parent in order of precedence, highest first (spec 01 §4.2).
using NvBlocks = std::vector<NvBlock>;

}  // namespace picket::solver
