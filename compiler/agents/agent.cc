#include "compiler/agents/agent.h"

#include <algorithm>
#include <array>
#include <utility>

#include "compiler/syntax/shape.h"

namespace picket::compiler::agents {
namespace {

constexpr std::array<std::pair<ValueType, std::string_view>, 6> kWords = {{
    {ValueType::kText, "text"},
    {ValueType::kInteger, "integer"},
    {ValueType::kBoolean, "boolean"},
    {ValueType::kTime, "time"},
    {ValueType::kSeconds, "seconds"},
    {ValueType::kSelect, "select"},
}};

// `30`, `0.5`: what fence agents take for seconds.
bool IsDecimal(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return AsInteger(text).has_value();
  const std::string_view fraction = text.substr(point + 1);
  return AsInteger(text.substr(0, point)) && !fraction.empty() &&
         fraction.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

const Parameter* Agent::FindParameter(std::string_view wanted) const {
  const auto found =
      std::lower_bound(parameters.begin(), parameters.end(), wanted,
                       [](const Parameter& parameter, std::string_view word) { return parameter.name < word; });
  return found != parameters.end() && found->name == wanted ? &*found : nullptr;
}

bool Agent::HasAction(std::string_view wanted) const {
  return std::any_of(actions.begin(), actions.end(), [&](const Action& action) { return action.name == wanted; });
}

const Agent* Lock::Find(std::string_view name) const {
  const auto found = agents.find(name);
  return found == agents.end() ? nullptr : &found->second;
}

std::string Lock::PackageOf(const Agent& agent) const {
  const auto found = packages.find(agent.package);
  if (found == packages.end()) return agent.package;
  return agent.package + ' ' + found->second;
}

std::string_view TypeOf(std::string_view full_name) {
  const std::size_t colon = full_name.rfind(':');
  return colon == std::string_view::npos ? full_name : full_name.substr(colon + 1);
}

std::string_view FamilyOf(std::string_view full_name) {
  const std::size_t colon = full_name.rfind(':');
  return colon == std::string_view::npos ? std::string_view() : full_name.substr(0, colon);
}

std::string_view WordOf(ValueType type) {
  for (const auto& [one, word] : kWords) {
    if (one == type) return word;
  }
  return "text";
}

ValueType TypeNamed(std::string_view word) {
  for (const auto& [type, one] : kWords) {
    if (one == word) return type;
  }
  return ValueType::kText;
}

bool Fits(const Parameter& parameter, std::string_view value) {
  switch (parameter.type) {
    case ValueType::kText:
      return true;
    case ValueType::kInteger:
      return AsInteger(value).has_value();
    case ValueType::kBoolean:
      return AsBoolean(value).has_value();
    case ValueType::kTime:
      return AsDurationMs(value).has_value();
    case ValueType::kSeconds:
      return IsDecimal(value);
    case ValueType::kSelect:
      return std::find(parameter.choices.begin(), parameter.choices.end(), value) != parameter.choices.end();
  }
  return true;
}

}  // namespace picket::compiler::agents
