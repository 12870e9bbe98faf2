#include "compiler/agents/differences.h"

#include <algorithm>

namespace picket::compiler::agents {
namespace {

std::string Quoted(const std::string& word) {
  return "`" + word + "`";
}

std::string DefaultOf(const Parameter& parameter) {
  return parameter.fallback ? Quoted(*parameter.fallback) : "no default";
}

void CompareParameter(const Parameter& locked, const Parameter& installed, std::vector<std::string>& phrases) {
  const std::string name = Quoted(locked.name);
  if (installed.required && !locked.required) phrases.push_back("requires " + name);
  if (locked.fallback != installed.fallback)
    phrases.push_back("has " + DefaultOf(installed) + " for " + name + " instead of " + DefaultOf(locked));
  if (locked.type != installed.type) {
    phrases.push_back("takes " + name + " as " + std::string(WordOf(installed.type)) + " instead of " +
                      std::string(WordOf(locked.type)));
  }
  for (const std::string& choice : locked.choices) {
    if (installed.choices.empty()) break;
    const auto& now = installed.choices;
    if (std::find(now.begin(), now.end(), choice) == now.end())
      phrases.push_back("does not take " + Quoted(choice) + " for " + name);
  }
}

}  // namespace

std::vector<std::string> Differences(const Agent& locked, const Agent& installed) {
  std::vector<std::string> phrases;
  if (!locked.version.empty() && !installed.version.empty() && locked.version != installed.version)
    phrases.push_back("is version " + installed.version + " instead of " + locked.version);
  for (const Parameter& parameter : locked.parameters) {
    if (const Parameter* other = installed.FindParameter(parameter.name))
      CompareParameter(parameter, *other, phrases);
    else
      phrases.push_back("has no parameter " + Quoted(parameter.name));
  }
  for (const Parameter& parameter : installed.parameters) {
    if (parameter.required && !locked.FindParameter(parameter.name))
      phrases.push_back("requires " + Quoted(parameter.name) + ", which is new");
  }
  std::string last;
  for (const Action& action : locked.actions) {
    if (action.name != last && !installed.HasAction(action.name))
      phrases.push_back("has no action " + Quoted(action.name));
    last = action.name;
  }
  return phrases;
}

}  // namespace picket::compiler::agents
