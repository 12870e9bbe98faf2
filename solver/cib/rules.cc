#include "solver/cib/rules.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>

#include "solver/cib/dates.h"
#include "solver/cib/values.h"
#include "solver/model/text.h"

namespace picket::solver {
namespace {

void Say(const RuleInput& input, LogLevel level, std::string text) {
  if (input.recorder != nullptr) input.recorder->Log(level, std::move(text));
}

// The condition is wrong in itself: says so, and it does not pass.
bool Broken(const RuleInput& input, std::string_view element, const Attributes& attributes, std::string_view reason) {
  std::string text = "Treating ";
  text.append(element).append(" ").append(AttributeOr(attributes, "id", "without ID"));
  text.append(" as not passing because ").append(reason);
  Say(input, LogLevel::kError, std::move(text));
  return false;
}

void Consider(NextChange& next_change, int64_t candidate) {
  if (!next_change || candidate < *next_change) next_change = candidate;
}

// --- <expression> (spec 01 §5.3)

enum class Comparison { kDefined, kNotDefined, kEq, kNe, kLt, kLte, kGt, kGte };
enum class ValueType { kString, kInteger, kNumber, kVersion };

std::optional<Comparison> ParseComparison(std::string_view text) {
  constexpr std::array<std::string_view, 8> kNames = {"defined", "not_defined", "eq", "ne", "lt", "lte", "gt", "gte"};
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (EqualFolded(text, kNames[i])) return static_cast<Comparison>(i);
  }
  return std::nullopt;
}

bool IsOrdering(Comparison comparison) {
  return comparison >= Comparison::kLt;
}

std::optional<ValueType> ParseType(std::string_view text) {
  constexpr std::array<std::string_view, 4> kNames = {"string", "integer", "number", "version"};
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (EqualFolded(text, kNames[i])) return static_cast<ValueType>(i);
  }
  return std::nullopt;
}

// Floating point with trailing garbage; no digits, overflow and underflow give nothing.
std::optional<double> ParseNumber(const std::string& text) {
  char* end = nullptr;
  errno = 0;
  const double value = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || errno == ERANGE) return std::nullopt;
  return value;
}

template <typename T>
int Sign(const T& a, const T& b) {
  return a < b ? -1 : (a > b ? 1 : 0);
}

// Undefined is less than anything defined, and equal to itself.
int CompareValues(ValueType type, const std::string* actual, const std::string* reference) {
  if (actual == nullptr || reference == nullptr) return (actual != nullptr ? 1 : 0) - (reference != nullptr ? 1 : 0);
  if (type == ValueType::kInteger) {
    const auto a = ParseInteger(*actual);
    const auto b = ParseInteger(*reference);
    if (a && b) return Sign(*a, *b);
  } else if (type == ValueType::kNumber) {
    const auto a = ParseNumber(*actual);
    const auto b = ParseNumber(*reference);
    if (a && b) return Sign(*a, *b);
  } else if (type == ValueType::kVersion) {
    return CompareVersions(*actual, *reference);
  }
  return CompareFolded(*actual, *reference);
}

ValueType AutomaticType(Comparison comparison, const std::string* actual, const std::string* reference) {
  if (!IsOrdering(comparison)) return ValueType::kString;
  const auto has_point = [](const std::string* text) {
    return text != nullptr && text->find('.') != std::string::npos;
  };
  return has_point(actual) || has_point(reference) ? ValueType::kNumber : ValueType::kInteger;
}

bool Decides(Comparison comparison, int order) {
  switch (comparison) {
    case Comparison::kEq:
      return order == 0;
    case Comparison::kNe:
      return order != 0;
    case Comparison::kLt:
      return order < 0;
    case Comparison::kLte:
      return order <= 0;
    case Comparison::kGt:
      return order > 0;
    case Comparison::kGte:
      return order >= 0;
    default:
      return false;
  }
}

// The reference value, or nothing when the source is not a known one. `found` may be null: undefined.
bool ResolveReference(const Attributes& attributes, const RuleInput& input, const std::string*& found) {
  const std::string* value = FindAttribute(attributes, "value");
  std::string_view source = AttributeOr(attributes, "value-source", "literal");
  if (!input.location && !input.Behaves(Behaviour::kValueSourceEverywhere)) source = "literal";
  if (EqualFolded(source, "literal")) {
    found = value;
    const bool empty_is_unset = !input.Behaves(Behaviour::kEmptyValueIsText) &&
                                (input.location || input.Behaves(Behaviour::kUndefinedWithoutNode));
    if (value != nullptr && value->empty() && empty_is_unset) found = nullptr;
  } else if (EqualFolded(source, "param")) {
    found = value != nullptr && input.params != nullptr ? input.params->Find(*value) : nullptr;
  } else if (EqualFolded(source, "meta")) {
    found = value != nullptr && input.meta != nullptr ? input.meta->Find(*value) : nullptr;
  } else {
    found = value;
    return !input.Behaves(Behaviour::kInvalidRulePartsFail);
  }
  return true;
}

bool Passes(const AttributeExpression& expression, const RuleInput& input, NextChange&) {
  const Attributes& attributes = expression.attributes;
  constexpr std::string_view kElement = "expression";
  const bool strict = input.Behaves(Behaviour::kInvalidRulePartsFail);
  if (strict && FindAttribute(attributes, "id") == nullptr) {
    return Broken(input, kElement, attributes, "it has no ID");
  }
  if (input.node_attributes == nullptr && !input.Behaves(Behaviour::kUndefinedWithoutNode)) return false;
  const std::string* attribute = FindAttribute(attributes, "attribute");
  if (attribute == nullptr) return Broken(input, kElement, attributes, "it has no attribute");
  const auto comparison = ParseComparison(AttributeOr(attributes, "operation"));
  if (!comparison) return Broken(input, kElement, attributes, "its operation is invalid");
  const bool existence = *comparison == Comparison::kDefined || *comparison == Comparison::kNotDefined;
  if (strict && existence == (FindAttribute(attributes, "value") != nullptr)) {
    return Broken(input, kElement, attributes, existence ? "it has a value" : "it has no value");
  }
  std::optional<ValueType> type;
  bool type_is_invalid = false;
  if (const std::string* name = FindAttribute(attributes, "type")) {
    type = ParseType(*name);
    type_is_invalid = !type;
    if (type_is_invalid && strict) return Broken(input, kElement, attributes, "its type is invalid");
  }
  const std::string* reference = nullptr;
  if (!ResolveReference(attributes, input, reference)) {
    return Broken(input, kElement, attributes, "its value-source is invalid");
  }
  const std::string name = ExpandSubmatches(*attribute, input.submatches);
  const std::string* actual = input.node_attributes != nullptr ? input.node_attributes->Find(name) : nullptr;
  if (existence) return (actual != nullptr) == (*comparison == Comparison::kDefined);
  if (IsOrdering(*comparison) && (actual == nullptr || reference == nullptr)) return false;
  if (type_is_invalid) return Decides(*comparison, 0);
  if (!type) type = AutomaticType(*comparison, actual, reference);
  return Decides(*comparison, CompareValues(*type, actual, reference));
}

// --- <date_expression> (spec 01 §5.4)

// A bound as written: absent, a date, or wrong.
struct Bound {
  std::optional<DateTime> date;
  bool given = false;
  bool wrong() const { return given && !date; }
};

Bound ReadBound(const Attributes& attributes, std::string_view name, const RuleInput& input) {
  const std::string* text = FindAttribute(attributes, name);
  if (text == nullptr) return {};
  const bool loose = input.target != nullptr && !input.target->Behaves(Behaviour::kStrictDates);
  const TimeForm form = loose ? TimeForm::kLoose : TimeForm::kStrict;
  return {ParseDateTime(*text, LocalOffset(input.now.epoch_s), input.now, form), true};
}

// `date` moved by the duration's attributes; nothing if one of them is wrong.
std::optional<DateTime> AddDuration(DateTime date, const Attributes& duration) {
  if (FindAttribute(duration, "id") == nullptr) return std::nullopt;
  struct Unit {
    std::string_view name;
    void (*add)(DateTime&, int64_t);
  };
  constexpr std::array<Unit, 7> kUnits = {{
      {"years", AddYears},
      {"months", AddMonths},
      {"weeks", [](DateTime& d, int64_t n) { AddDays(d, n * 7); }},
      {"days", AddDays},
      {"hours", [](DateTime& d, int64_t n) { AddSeconds(d, n * 3600); }},
      {"minutes", [](DateTime& d, int64_t n) { AddSeconds(d, n * 60); }},
      {"seconds", AddSeconds},
  }};
  constexpr int64_t kMost = INT32_MAX;
  for (const Unit& unit : kUnits) {
    const std::string* text = FindAttribute(duration, unit.name);
    if (text == nullptr) continue;
    const auto amount = ParseInteger(*text);
    if (!amount || *amount > kMost || *amount < -kMost) return std::nullopt;
    unit.add(date, *amount);
  }
  return date;
}

int64_t EpochOf(const DateTime& date) {
  return ToInstant(date).epoch_s;
}

bool InRange(const DateExpression& expression, const DateTime& now, const RuleInput& input, NextChange& next_change) {
  const Attributes& attributes = expression.attributes;
  constexpr std::string_view kElement = "date_expression";
  Bound start = ReadBound(attributes, "start", input);
  Bound end = ReadBound(attributes, "end", input);
  if (!input.Behaves(Behaviour::kInvalidRulePartsFail)) {
    start.given = start.date.has_value();
    end.given = end.date.has_value();
  }
  if (start.wrong() || end.wrong()) return Broken(input, kElement, attributes, "a date is invalid");
  if (!end.given && expression.duration) {
    if (!start.given) return Broken(input, kElement, attributes, "it has a duration but no start");
    end = {AddDuration(*start.date, *expression.duration), true};
    if (end.wrong()) return Broken(input, kElement, attributes, "its duration is invalid");
  }
  if (!start.given && !end.given)
    return Broken(input, kElement, attributes, "in_range requires at least one of start or end");
  if (start.given && CompareDates(now, *start.date) < 0) {
    Consider(next_change, EpochOf(*start.date));
    return false;
  }
  if (!end.given) return true;
  if (CompareDates(now, *end.date) > 0) return false;
  Consider(next_change, EpochOf(*end.date) + 1);
  return true;
}

struct SpecRange {
  std::optional<int64_t> low, high;
};

// `N`, `N-M`, `N-`, `-M`; nothing else.
std::optional<SpecRange> ParseSpecRange(std::string_view text) {
  SpecRange range;
  const auto number = [&text]() -> std::optional<int64_t> {
    size_t length = 0;
    while (length < text.size() && text[length] >= '0' && text[length] <= '9') ++length;
    if (length == 0) return std::nullopt;
    const auto value = ParseInteger(text.substr(0, length));
    text.remove_prefix(length);
    return value;
  };
  range.low = number();
  if (text.empty()) {
    range.high = range.low;
    return range.low ? std::optional(range) : std::nullopt;
  }
  if (text.front() != '-') return std::nullopt;
  text.remove_prefix(1);
  range.high = number();
  if (!text.empty() || (!range.low && !range.high)) return std::nullopt;
  return range;
}

bool MatchesSpec(const DateExpression& expression, const DateTime& now, const RuleInput& input) {
  if (!expression.date_spec) return Broken(input, "date_expression", expression.attributes, "it has no date_spec");
  const CalendarFields fields = FieldsOf(now);
  const std::array<std::pair<std::string_view, int32_t>, 10> values = {{
      {"years", fields.year},
      {"months", fields.month},
      {"monthdays", fields.month_day},
      {"hours", fields.hour},
      {"minutes", fields.minute},
      {"seconds", fields.second},
      {"yeardays", fields.year_day},
      {"weekyears", fields.week_year},
      {"weeks", fields.week},
      {"weekdays", fields.week_day},
  }};
  for (const auto& [name, value] : values) {
    const std::string* text = FindAttribute(*expression.date_spec, name);
    if (text == nullptr) continue;
    const auto range = ParseSpecRange(*text);
    if (!range) {
      std::string reason = "'" + *text + "' is not a valid range for date_spec attribute ";
      return Broken(input, "date_expression", expression.attributes, reason.append(name));
    }
    if ((range->low && value < *range->low) || (range->high && value > *range->high)) return false;
  }
  return true;
}

bool Passes(const DateExpression& expression, const RuleInput& input, NextChange& next_change) {
  const Attributes& attributes = expression.attributes;
  constexpr std::string_view kElement = "date_expression";
  if (FindAttribute(attributes, "id") == nullptr) return Broken(input, kElement, attributes, "it has no ID");
  const std::string_view operation = AttributeOr(attributes, "operation", "in_range");
  const DateTime now = FromInstant(input.now);
  if (EqualFolded(operation, "in_range")) return InRange(expression, now, input, next_change);
  if (EqualFolded(operation, "date_spec")) return MatchesSpec(expression, now, input);
  if (EqualFolded(operation, "gt")) {
    const Bound start = ReadBound(attributes, "start", input);
    if (!start.date) return Broken(input, kElement, attributes, "gt requires a valid start");
    if (CompareDates(now, *start.date) > 0) return true;
    Consider(next_change, EpochOf(*start.date) + 1);
    return false;
  }
  if (EqualFolded(operation, "lt")) {
    const Bound end = ReadBound(attributes, "end", input);
    if (!end.date) return Broken(input, kElement, attributes, "lt requires a valid end");
    if (CompareDates(now, *end.date) >= 0) return false;
    Consider(next_change, EpochOf(*end.date));
    return true;
  }
  return Broken(input, kElement, attributes, "its operation is invalid");
}

// --- the other conditions

bool Passes(const ResourceExpression& expression, const RuleInput& input, NextChange&) {
  const Attributes& attributes = expression.attributes;
  if (FindAttribute(attributes, "id") == nullptr) return Broken(input, "rsc_expression", attributes, "it has no ID");
  const auto matches = [&attributes](std::string_view name, const std::string* property) {
    const std::string* wanted = FindAttribute(attributes, name);
    return wanted == nullptr || (property != nullptr && !property->empty() && *wanted == *property);
  };
  // Where no resource is known, the expression failed whatever it asks for (spec 07 F-3).
  if (!input.Behaves(Behaviour::kProviderOptional) && input.cls == nullptr) return false;
  // An absent provider was compared like any other (spec 07 F-3).
  if (!input.Behaves(Behaviour::kProviderOptional) && FindAttribute(attributes, "provider") == nullptr &&
      input.provider != nullptr && !input.provider->empty()) {
    return false;
  }
  return matches("class", input.cls) && matches("provider", input.provider) && matches("type", input.type);
}

bool Passes(const OperationExpression& expression, const RuleInput& input, NextChange&) {
  const Attributes& attributes = expression.attributes;
  constexpr std::string_view kElement = "op_expression";
  if (FindAttribute(attributes, "id") == nullptr) return Broken(input, kElement, attributes, "it has no ID");
  const std::string* name = FindAttribute(attributes, "name");
  if (name == nullptr) return Broken(input, kElement, attributes, "it has no name");
  const std::string* interval = FindAttribute(attributes, "interval");
  const auto interval_ms = interval != nullptr ? ParseDuration(*interval) : std::nullopt;
  if (interval != nullptr && !interval_ms) return Broken(input, kElement, attributes, "its interval is invalid");
  return input.operation && *name == *input.operation && (!interval_ms || *interval_ms == input.interval_ms);
}

bool Passes(const UnknownCondition& condition, const RuleInput& input, NextChange&) {
  std::string text = "Treating rule condition ";
  text.append(condition.id.empty() ? "(anonymous)" : condition.id).append(" as not passing because ");
  text.append(condition.element).append(" is not a valid condition type");
  Say(input, LogLevel::kError, std::move(text));
  return false;
}

bool Passes(const RuleDef& rule, const RuleInput& input, NextChange& next_change) {
  return RulePasses(rule, input, next_change);
}

}  // namespace

bool RulePasses(const RuleDef& rule, const RuleInput& input, NextChange& next_change) {
  if (rule.broken) {
    Say(input, LogLevel::kError, "Treating rule " + rule.id + " as not passing because it has no ID");
    return false;
  }
  const bool any = rule.boolean_op && EqualFolded(*rule.boolean_op, "or");
  if (rule.boolean_op && !any && input.Behaves(Behaviour::kInvalidRulePartsFail) &&
      !EqualFolded(*rule.boolean_op, "and")) {
    Say(input, LogLevel::kError,
        "Treating rule " + rule.id + " as not passing because '" + *rule.boolean_op + "' is not a valid boolean-op");
    return false;
  }
  if (rule.conditions.empty() && any && !input.Behaves(Behaviour::kEmptyOrPasses)) return false;
  if (rule.conditions.empty()) {
    Say(input, LogLevel::kWarning, "Ignoring rule " + rule.id + " because it contains no conditions");
    return true;
  }
  for (const Condition& condition : rule.conditions) {
    const auto evaluate = [&](const auto& what) { return Passes(what, input, next_change); };
    if (std::visit(evaluate, condition.what) == any) return any;
  }
  return !any;
}

void ReadBlocks(const NvBlocks& blocks, const RuleInput& input, Table& target, NextChange& next_change) {
  for (const NvBlock& block : blocks) {
    if (block.rule && !RulePasses(*block.rule, input, next_change)) continue;
    for (const NvPair& pair : block.pairs) {
      if (EqualFolded(pair.value, "#default")) {
        target.Remove(pair.name);
        Say(input, LogLevel::kWarning,
            "Support for setting meta-attributes (such as " + pair.name +
                ") to the explicit value '#default' is deprecated and will be removed in a future release");
      } else {
        target.Add(pair.name, pair.value);
      }
    }
  }
}

void ReadBlocksReplacing(const NvBlocks& blocks, const RuleInput& input, bool ascending, Table& target,
                         NextChange& next_change) {
  // From the lowest score up, the blocks of one score still the later one in the document first.
  std::vector<const NvBlock*> order;
  for (const NvBlock& block : blocks) order.push_back(&block);
  if (ascending) {
    std::stable_sort(order.begin(), order.end(),
                     [](const NvBlock* a, const NvBlock* b) { return a->score < b->score; });
  }
  for (const NvBlock* block : order) {
    if (block->rule && !RulePasses(*block->rule, input, next_change)) continue;
    for (const NvPair& pair : block->pairs) {
      if (EqualFolded(pair.value, "#default")) {
        target.Remove(pair.name);
      } else {
        target.Set(pair.name, pair.value);
      }
    }
  }
}

std::string ExpandSubmatches(std::string_view text, const std::vector<std::string>* submatches) {
  std::string expanded;
  if (submatches == nullptr || text.find('%') == std::string_view::npos) return expanded.assign(text);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9') {
      const auto index = static_cast<size_t>(text[++i] - '0');
      if (index < submatches->size()) expanded += (*submatches)[index];
    } else {
      expanded += text[i];
    }
  }
  return expanded;
}

}  // namespace picket::solver
