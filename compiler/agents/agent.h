// What is known about resource and fence agents without having them: the
// interface that each describes in its metadata.
//
// Plain data. It is read from what an agent prints (metadata.h), kept in a
// file `agents.lock` (lock.h), and asked by the checker; nothing here runs an
// agent. Only what can be checked or shown in a line is kept: no manual pages.
// Agents of other classes (systemd, lsb, service) describe nothing and are
// not in here.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace picket::compiler::agents {

/// `kText` is also what every type becomes that says nothing about spelling.
enum class ValueType { kText, kInteger, kBoolean, kTime, kSeconds, kSelect };

struct Parameter {
  std::string name;
  ValueType type = ValueType::kText;
  bool required = false;
  /// No two resources of the agent may have the same value; with a group, the
  /// same values of all parameters of the group.
  bool unique = false;
  std::string unique_group;
  std::optional<std::string> fallback;  ///< The default.
  bool deprecated = false;
  std::vector<std::string> replaced_by;
  std::vector<std::string> choices;  ///< Of a select.
  std::string text;                  ///< One line.
};

/// An operation and what the agent advises for it; empty where it says nothing.
struct Action {
  std::string name;
  std::string timeout;
  std::string interval;
  std::string role;   ///< Promoted or Unpromoted, whatever the agent calls them.
  std::string depth;  ///< The OCF_CHECK_LEVEL that the advice is for.
};

struct Agent {
  std::string name;                   ///< In full: `ocf:heartbeat:IPaddr2`, `stonith:fence_ipmilan`.
  std::string package;                ///< Where it came from, or empty.
  std::string version;                ///< The agent's own.
  std::string text;                   ///< One line.
  std::vector<Parameter> parameters;  ///< By name.
  std::vector<Action> actions;        ///< By name; of one name as the agent has them.

  const Parameter* FindParameter(std::string_view name) const;
  bool HasAction(std::string_view name) const;
  bool CanBePromoted() const { return HasAction("promote"); }
};

/// The name under which the parameters stand that Pacemaker's fence daemon
/// understands for every device (`pcmk_host_list` and its like).
inline constexpr std::string_view kFenceDaemon = "pacemaker-fenced";

/// A set of agents, and the versions of the packages they came in.
struct Lock {
  std::map<std::string, std::string, std::less<>> packages;
  std::map<std::string, Agent, std::less<>> agents;

  const Agent* Find(std::string_view name) const;
  /// "fence-agents 4.12.1-1", or the package alone, or empty.
  std::string PackageOf(const Agent& agent) const;
};

/// "IPaddr2" of "ocf:heartbeat:IPaddr2".
std::string_view TypeOf(std::string_view full_name);
/// "ocf:heartbeat" of "ocf:heartbeat:IPaddr2".
std::string_view FamilyOf(std::string_view full_name);

/// The word for a type in the lock and in lists.
std::string_view WordOf(ValueType type);
ValueType TypeNamed(std::string_view word);

/// True if a value may be spelt so. `seconds` takes no unit; `time` does.
bool Fits(const Parameter& parameter, std::string_view value);

}  // namespace picket::compiler::agents
