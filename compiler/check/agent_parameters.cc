#include "compiler/check/agent_parameters.h"

#include <algorithm>
#include <optional>
#include <set>

#include "compiler/agents/builtin.h"
#include "compiler/check/known_options.h"
#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/duration_help.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

using agents::Agent;
using agents::Parameter;
using agents::ValueType;

// Understood for every fence device, besides what the fence daemon describes.
constexpr std::string_view kOfEveryDevice[] = {"priority", "provides", "stonith-timeout"};
// Given to a fence agent by the cluster, whatever its metadata requires.
constexpr std::string_view kFromTheCluster[] = {"action", "nodename", "plug", "port"};
// Read by the functions that agents share, or by Pacemaker itself.
constexpr std::string_view kOfEveryAgent[] = {"trace_ra", "trace_file"};

template <class List>
bool IsIn(const List& list, std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

bool IsOfEveryAgent(std::string_view name) {
  return IsIn(kOfEveryAgent, name) || name.starts_with("OCF_") || name.starts_with("CRM_");
}

// Required by the versions that are known, and optional in newer ones.
bool IsOptionalToday(std::string_view agent, std::string_view parameter) {
  return agent == "stonith:fence_sbd" && parameter == "devices";  // Read from /etc/sysconfig/sbd.
}

// A value that says what it is only later: filled in by deployment or by somebody's tools.
bool IsPlaceholder(std::string_view value) {
  return value.empty() || value.starts_with("secret(") || value.find_first_of("$%{") != std::string_view::npos;
}

// `pcmk_reboot_timeout` and its like, for whatever a device can do.
bool IsAboutAnAction(const Agent& agent, std::string_view name) {
  if (!name.starts_with("pcmk_")) return false;
  const std::string_view rest = name.substr(5);
  for (const std::string_view ending : {"_action", "_timeout", "_retries"}) {
    if (rest.ends_with(ending)) return agent.HasAction(rest.substr(0, rest.size() - ending.size()));
  }
  return false;
}

bool IsFence(const Agent& agent) {
  return agent.name.starts_with("stonith:");
}

// Names that differ in case and dashes only are meant before any other; at last the one that has the word in
// it.
std::optional<std::string> NearestParameter(const std::string& name, const std::vector<std::string>& known) {
  const auto plain = [](std::string_view text) {
    std::string out;
    for (const char c : text) {
      if (c != '-' && c != '_') out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return out;
  };
  for (const std::string& one : known) {
    if (plain(one) == plain(name)) return one;
  }
  if (auto nearest = Nearest(name, known)) return nearest;
  const std::string* found = nullptr;
  for (const std::string& one : known) {
    if (name.size() < 4 || one.find(name) == std::string::npos) continue;
    if (found != nullptr) return std::nullopt;
    found = &one;
  }
  return found != nullptr ? std::optional(*found) : std::nullopt;
}

}  // namespace

ParameterCheck::ParameterCheck(Configuration& configuration, AgentReport& report)
    : configuration_(configuration), report_(report) {
  daemon_ = report.rules.lock.Find(agents::kFenceDaemon);
  // A lock of a few agents may come from a host without the daemon.
  if (daemon_ == nullptr) daemon_ = agents::BuiltinLock().Find(agents::kFenceDaemon);
}

// The parameter that a name means, in the words of the agent or of the daemon.
const Parameter* ParameterCheck::Find(const Agent& agent, const std::string& name) const {
  if (const Parameter* found = agent.FindParameter(name)) return found;
  if (!IsFence(agent)) return nullptr;
  if (daemon_ != nullptr) {
    if (const Parameter* found = daemon_->FindParameter(name)) return found;
  }
  // Fence agents take `ssl-insecure` for `ssl_insecure`.
  std::string underscored = name;
  std::replace(underscored.begin(), underscored.end(), '-', '_');
  return agent.FindParameter(underscored);
}

bool ParameterCheck::Knows(const Agent& agent, const std::string& name) const {
  return Find(agent, name) != nullptr || IsOfEveryAgent(name) ||
         (IsFence(agent) && (IsIn(kOfEveryDevice, name) || IsAboutAnAction(agent, name)));
}

// What the element itself says, about a known agent.
void ParameterCheck::Own(pugi::xml_node element, const Agent& agent) {
  for (const ConfiguredPair& pair : configuration_.PairsOf(element)) {
    if (!pair.own) continue;
    if (!Knows(agent, pair.name)) Unknown(element, pair, {&agent});
    if (const Parameter* parameter = Find(agent, pair.name)) Known(pair, *parameter, agent);
    if (IsFence(agent)) ActionThatItHas(pair, agent);
  }
}

// `pcmk_reboot_action=restart`: what the device is asked for instead.
void ParameterCheck::ActionThatItHas(const ConfiguredPair& pair, const Agent& agent) {
  const bool names_one = pair.name.starts_with("pcmk_") && pair.name.ends_with("_action");
  if (!names_one || agent.actions.empty() || IsPlaceholder(pair.value) || agent.HasAction(pair.value)) return;
  if (pair.value == "reboot" && agent.HasAction("off")) return;  // Off and on again.
  const auto place = report_.sources.Find(pair.id, "value");
  if (!place) return;
  std::vector<std::string> known;
  for (const agents::Action& action : agent.actions) known.push_back(action.name);
  Diagnostic& mistake = report_.Mistake("E0314", *place, "the agent has no action `" + pair.value + "`");
  mistake.label = report_.Source(agent) + " is asked for it, and fails";
  const auto nearest = Nearest(pair.value, known);
  mistake.help.push_back(nearest ? "did you mean `" + *nearest + "`?" : "write `off` or `reboot`");
}

void ParameterCheck::Unknown(pugi::xml_node element, const ConfiguredPair& pair,
                             const std::vector<const Agent*>& agents) {
  const auto place = report_.sources.Find(pair.id, "name");
  if (!place) return;
  const bool full = report_.diagnostics.IsFull();
  Diagnostic& mistake = report_.Mistake(
      "E0311", *place, "`" + std::string(element.attribute("id").value()) + "` has no parameter `" + pair.name + "`");
  if (full) return;
  const Agent* shown = agents[0];
  std::optional<std::string> nearest;
  for (const Agent* agent : agents) {
    std::vector<std::string> known;
    for (const Parameter& parameter : agent->parameters) {
      if (!parameter.deprecated) known.push_back(parameter.name);
    }
    if (IsFence(*agent) && daemon_ != nullptr) {
      for (const Parameter& parameter : daemon_->parameters) known.push_back(parameter.name);
    }
    nearest = NearestParameter(pair.name, known);
    if (!nearest) continue;
    shown = agent;
    break;
  }
  mistake.label = report_.Source(*shown) + (nearest ? " has `" + *nearest + "`" : " knows none of that name");
  std::string dashed = pair.name;
  std::replace(dashed.begin(), dashed.end(), '_', '-');
  if (FindMeta("resource-" + dashed) != nullptr) dashed = "resource-" + dashed;
  mistake.help.push_back(FindMeta(dashed) != nullptr
                             ? "`" + dashed + "` is a meta attribute: write `meta " + dashed + "=…`"
                             : report_.ShowHint(*shown));
}

void ParameterCheck::Known(const ConfiguredPair& pair, const Parameter& parameter, const Agent& agent) {
  if (!agents::Fits(parameter, pair.value) && pair.value != parameter.fallback.value_or("") &&
      !IsPlaceholder(pair.value)) {
    WrongType(pair, parameter, agent);
  }
  if (parameter.deprecated) Deprecated(pair, parameter, agent);
}

// What a primitive has with everything it inherits.
void ParameterCheck::Missing(pugi::xml_node primitive, const Agent& agent) {
  const std::vector<ConfiguredPair> pairs = configuration_.ParametersOf(primitive);
  std::set<std::string> given;
  for (const ConfiguredPair& pair : pairs) {
    given.insert(pair.name);
    if (const Parameter* parameter = Find(agent, pair.name)) {
      given.insert(parameter->name);
      // The old name of a parameter gives the new one.
      given.insert(parameter->replaced_by.begin(), parameter->replaced_by.end());
    }
    if (pair.name == "pcmk_host_argument") given.insert(pair.value);
  }
  std::vector<const Parameter*> missing;
  for (const Parameter& parameter : agent.parameters) {
    if (!parameter.required || parameter.fallback || parameter.deprecated) continue;
    if (IsFence(agent) && IsIn(kFromTheCluster, parameter.name)) continue;
    if (IsOptionalToday(agent.name, parameter.name)) continue;
    if (!given.contains(parameter.name)) missing.push_back(&parameter);
  }
  if (missing.empty()) return;
  std::vector<std::string> names;
  for (const Parameter* parameter : missing) names.push_back(parameter->name);
  const std::string id = primitive.attribute("id").value();
  Diagnostic& mistake = report_.Mistake("E0312", report_.NameOf(id), "`" + id + "` lacks " + ListOf(names));
  mistake.label = report_.Source(agent) + " does nothing without " + (names.size() > 1 ? "them" : "it");
  for (const Parameter* parameter : missing) {
    mistake.help.push_back("write `" + parameter->name + " = …`" +
                           (parameter->text.empty() ? "" : ": " + parameter->text));
  }
}

// The same value where each resource of the agent needs its own.
void ParameterCheck::Unique(pugi::xml_node primitive, const Agent& agent) {
  std::map<std::string, ConfiguredPair> values;
  for (const ConfiguredPair& pair : configuration_.ParametersOf(primitive)) {
    if (!pair.conditional) values.emplace(pair.name, pair);  // The nearest one counts.
  }
  std::map<std::string, std::vector<const Parameter*>> groups;
  for (const Parameter& parameter : agent.parameters) {
    if (!parameter.unique || parameter.deprecated) continue;
    groups[parameter.unique_group.empty() ? "=" + parameter.name : parameter.unique_group].push_back(&parameter);
  }
  const std::string id = primitive.attribute("id").value();
  for (const auto& [group, members] : groups) {
    const ConfiguredPair* written = nullptr;
    std::vector<std::string> names;
    std::string key = agent.name + '\n' + group;
    bool known = true;
    for (const Parameter* member : members) {
      const auto found = values.find(member->name);
      const bool given = found != values.end();
      if (given && written == nullptr) written = &found->second;
      if (given) names.push_back(member->name);
      const std::string value = given ? found->second.value : member->fallback.value_or("");
      known = known && (!given || !IsPlaceholder(value));
      key += '\n' + value;
    }
    if (written == nullptr || !known) continue;
    const auto [first, fresh] = seen_.emplace(key, id);
    if (fresh || first->second == id) continue;
    auto place = written->own ? report_.sources.Find(written->id, "value") : std::nullopt;
    Diagnostic& warning =
        report_.diagnostics.Warning("W0320", place.value_or(report_.NameOf(id)),
                                    "`" + id + "` has the same " + ListOf(names) + " as `" + first->second + "`");
    warning.label = report_.Source(agent) + " wants its own for each resource";
    warning.others.push_back({report_.NameOf(first->second), "the other one"});
    warning.help.push_back("give one of them another value");
  }
}

void ParameterCheck::WrongType(const ConfiguredPair& pair, const Parameter& parameter, const Agent& agent) {
  const auto place = report_.sources.Find(pair.id, "value");
  if (!place) return;
  std::string wanted, help;
  switch (parameter.type) {
    case ValueType::kText:
      return;
    case ValueType::kInteger:
      wanted = "an integer";
      break;
    case ValueType::kBoolean:
      wanted = "yes or no";
      break;
    case ValueType::kTime:
      wanted = "a duration";
      help = DurationHelp(pair.value);
      break;
    case ValueType::kSeconds: {
      wanted = "a number of seconds, without a unit";
      const auto time_ms = AsDurationMs(pair.value);
      if (time_ms && *time_ms % 1000 == 0) {
        help = "write `" + parameter.name + " = " + std::to_string(*time_ms / 1000) + "`";
      }
      break;
    }
    case ValueType::kSelect: {
      wanted = ListOf(parameter.choices, "or");
      if (auto nearest = Nearest(pair.value, parameter.choices)) help = "did you mean `" + *nearest + "`?";
      break;
    }
  }
  if (help.empty()) help = report_.ShowHint(agent);
  Diagnostic& mistake =
      report_.Mistake("E0314", *place, "`" + pair.name + "` is " + wanted + ", not `" + pair.value + "`");
  const bool own = agent.FindParameter(parameter.name) != nullptr;
  mistake.label = own || daemon_ == nullptr ? "so says " + report_.Source(agent) : "so says Pacemaker's fence daemon";
  mistake.help.push_back(help);
}

void ParameterCheck::Deprecated(const ConfiguredPair& pair, const Parameter& parameter, const Agent& agent) {
  const auto place = report_.sources.Find(pair.id, "name");
  if (!place) return;
  Diagnostic& warning = report_.diagnostics.Warning("W0319", *place, "`" + pair.name + "` is deprecated");
  if (parameter.replaced_by.empty()) {
    warning.label = "so says " + report_.Source(agent);
    warning.help.push_back(report_.ShowHint(agent));
    return;
  }
  warning.label = report_.Source(agent) + " has " + ListOf(parameter.replaced_by, "or") + " instead";
  warning.help.push_back("write " + ListOf(parameter.replaced_by, "or"));
}

}  // namespace picket::compiler
