// Tables on rules and blocks (spec 01 §4, §5, §25.6).
#include "solver/cib/rules.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace picket::solver {
namespace {

constexpr Instant kNow = {1700000000, 0};  // 2023-11-14T22:13:20Z

RuleDef RuleOf(std::vector<Condition> conditions, std::string boolean_op = "and") {
  RuleDef rule;
  rule.id = "r";
  rule.boolean_op = std::move(boolean_op);
  rule.conditions = std::move(conditions);
  return rule;
}

DateExpression Date(Attributes attributes) {
  attributes.emplace_back("id", "d");
  return {std::move(attributes), std::nullopt, std::nullopt};
}

DateExpression Duration(std::string start, Attributes duration) {
  DateExpression expression = Date({{"start", std::move(start)}});
  duration.emplace_back("id", "u");
  expression.duration = std::move(duration);
  return expression;
}

DateExpression Spec(Attributes spec) {
  DateExpression expression = Date({{"operation", "date_spec"}});
  expression.date_spec = std::move(spec);
  return expression;
}

Condition Attribute(Attributes attributes) {
  attributes.emplace_back("id", "e");
  return {AttributeExpression{std::move(attributes)}};
}

}  // namespace

TEST_CASE("date expressions: what passes and what changes next") {
  struct Case {
    DateExpression expression;
    bool passes;
    NextChange next;
  };
  const Case cases[] = {
      {Date({{"operation", "in_range"}, {"end", "2023-11-14 22:13:20"}}), true, 1700000001},
      {Date({{"operation", "gt"}, {"start", "2023-11-14 22:13:20"}}), false, 1700000001},
      {Date({{"operation", "lt"}, {"end", "2023-11-14 22:13:21"}}), true, 1700000001},
      {Date({{"operation", "lt"}, {"end", "2023-11-14 22:13:20"}}), false, {}},
      {Date({{"start", "2023-11-15"}}), false, 1700006400},
      {Date({{"end", "2023-W46-3"}}), true, 1700006401},
      {Duration("2023-11-14T22:00:00Z", {{"minutes", "14"}}), true, 1700000041},
      {Duration("2023-10-31 00:00:00", {{"months", "1"}}), true, 1701302401},
      {Date({{"operation", "lt"}, {"end", "2023-11-15T24:00:00"}}), true, 1700092800},
      {Spec({{"hours", "22"}, {"weekdays", "2"}}), true, {}},
      {Spec({{"weeks", "46"}, {"yeardays", "318"}, {"weekyears", "2023"}}), true, {}},
      {Spec({{"hours", "9-21"}}), false, {}},
      {Spec({{"hours", "9-"}}), true, {}},
      {Spec({{"hours", "-21"}}), false, {}},
      {Spec({{"hours", "22x"}}), false, {}},
      {Spec({{"hours", ""}}), false, {}},
      {Spec({{"hours", "-"}}), false, {}},
      {Spec({}), true, {}},
      {Date({}), false, {}},
      {Date({{"operation", "in_range"}, {"end", "nonsense"}}), false, {}},
      {Duration("2023-10-31", {{"months", "x"}}), false, {}},
  };
  int number = 0;
  for (const Case& c : cases) {
    CAPTURE(number++);
    NextChange next;
    RuleInput input;
    input.now = kNow;
    CHECK(RulePasses(RuleOf({{c.expression}}), input, next) == c.passes);
    CHECK(next == c.next);
  }
}

TEST_CASE("attribute expressions") {
  Table node;
  node.Add("a", "10");
  node.Add("b", "5.9");
  node.Add("name", "Node1");
  node.Add("m7", "yes");
  Table params;
  params.Add("p", "10");
  const std::vector<std::string> submatches = {"r7", "7"};
  RuleInput input;
  input.now = kNow;
  input.node_attributes = &node;
  input.params = &params;
  struct Case {
    Attributes attributes;
    bool passes;
  };
  const Case cases[] = {
      {{{"attribute", "a"}, {"operation", "eq"}, {"value", "10"}}, true},
      {{{"attribute", "name"}, {"operation", "eq"}, {"value", "NODE1"}}, true},
      {{{"attribute", "a"}, {"operation", "gt"}, {"value", "9"}}, true},
      {{{"attribute", "a"}, {"operation", "gt"}, {"value", "9"}, {"type", "string"}}, false},
      {{{"attribute", "b"}, {"operation", "eq"}, {"value", "5"}, {"type", "integer"}}, true},
      {{{"attribute", "b"}, {"operation", "lte"}, {"value", "5"}}, false},  // a point makes it a number
      {{{"attribute", "b"}, {"operation", "gt"}, {"value", "x"}, {"type", "number"}}, false},  // as strings
      {{{"attribute", "a"}, {"operation", "lt"}, {"value", "1.9"}, {"type", "version"}}, false},
      {{{"attribute", "none"}, {"operation", "eq"}, {"value", "1"}}, false},
      {{{"attribute", "none"}, {"operation", "ne"}, {"value", "1"}}, true},
      {{{"attribute", "none"}, {"operation", "lt"}, {"value", "1"}}, false},
      {{{"attribute", "none"}, {"operation", "not_defined"}}, true},
      {{{"attribute", "a"}, {"operation", "DEFINED"}}, true},
      {{{"attribute", "a"}, {"operation", "defined"}, {"value", "10"}}, false},
      {{{"attribute", "a"}, {"operation", "eq"}}, false},
      {{{"attribute", "a"}, {"operation", "eq"}, {"value", "p"}, {"value-source", "param"}}, true},
      {{{"attribute", "none"}, {"operation", "eq"}, {"value", "p"}, {"value-source", "meta"}}, true},  // both undefined
      {{{"attribute", "a"}, {"operation", "eq"}, {"value", "p"}, {"value-source", "else"}}, false},
      {{{"attribute", "a"}, {"operation", "eq"}, {"value", "10"}, {"type", "else"}}, false},
      {{{"attribute", "a"}, {"operation", "like"}, {"value", "10"}}, false},
      {{{"operation", "eq"}, {"value", "10"}}, false},
      {{{"attribute", "m%1"}, {"operation", "defined"}}, true},
  };
  input.submatches = &submatches;
  int number = 0;
  for (const Case& c : cases) {
    CAPTURE(number++);
    NextChange next;
    CHECK(RulePasses(RuleOf({Attribute(c.attributes)}), input, next) == c.passes);
  }
  CHECK(ExpandSubmatches("%0-%1-%2-%", &submatches) == "r7-7--%");
  CHECK(ExpandSubmatches("%0", nullptr) == "%0");
}

TEST_CASE("rules stop at the first condition that decides") {
  const Condition later = {Date({{"start", "2023-11-15"}})};
  const Condition passing = {Spec({})};
  RuleInput input;
  input.now = kNow;
  NextChange next;
  CHECK(RulePasses(RuleOf({passing, later}, "or"), input, next));
  CHECK_FALSE(next.has_value());
  CHECK_FALSE(RulePasses(RuleOf({passing, later}, "AND"), input, next));
  CHECK(next == 1700006400);
  CHECK(RulePasses(RuleOf({later, {RuleOf({passing})}}, "or"), input, next));
  CHECK_FALSE(RulePasses(RuleOf({passing}, "xor"), input, next));
  CHECK(RulePasses(RuleOf({}), input, next));
  CHECK_FALSE(RulePasses(RuleOf({{UnknownCondition{"what", "w"}}}), input, next));
}

TEST_CASE("resource and operation expressions need their context") {
  const std::string cls = "ocf", provider = "heartbeat", type = "IPaddr2", empty;
  const Condition resource = {ResourceExpression{{{"id", "x"}, {"class", "ocf"}, {"type", "IPaddr2"}}}};
  const Condition operation = {OperationExpression{{{"id", "x"}, {"name", "monitor"}, {"interval", "10s"}}}};
  NextChange next;
  RuleInput input;
  CHECK_FALSE(RulePasses(RuleOf({resource}), input, next));
  CHECK_FALSE(RulePasses(RuleOf({operation}), input, next));
  CHECK(RulePasses(RuleOf({{ResourceExpression{{{"id", "x"}}}}}), input, next));
  const Target old(Release::k2_1_5);  // There nothing passes without a resource.
  input.target = &old;
  CHECK_FALSE(RulePasses(RuleOf({{ResourceExpression{{{"id", "x"}}}}}), input, next));
  input.target = nullptr;
  input.cls = &cls;
  input.provider = &provider;
  input.type = &type;
  input.operation = "monitor";
  input.interval_ms = 10000;
  CHECK(RulePasses(RuleOf({resource}), input, next));
  CHECK(RulePasses(RuleOf({operation}), input, next));
  input.interval_ms = 20000;
  input.cls = &empty;
  CHECK_FALSE(RulePasses(RuleOf({resource}), input, next));
  CHECK_FALSE(RulePasses(RuleOf({operation}), input, next));
}

TEST_CASE("the first pair of a name wins, and #default takes it away") {
  const NvBlocks blocks = {
      {"a", Score(5), std::nullopt, {{"", "x", "1"}, {"", "x", "9"}, {"", "y", "1"}}},
      {"c", Score(), std::nullopt, {{"", "y", "#DEFAULT"}, {"", "z", "3"}}},
      {"b", Score(), std::nullopt, {{"", "x", "2"}, {"", "y", "2"}, {"", "z", "2"}}},
  };
  Table target;
  NextChange next;
  ReadBlocks(blocks, {}, target, next);
  CHECK(target.Get("x") == "1");
  CHECK(target.Get("y") == "2");
  CHECK(target.Get("z") == "3");
}

}  // namespace picket::solver
