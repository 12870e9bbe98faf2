// Which changes of a resource's parameters its agent takes in while it runs (`reload-agent`), and the digest of those
// that it does not: recorded with an operation, it lets the solver reload a resource instead of restarting it.
//
// An agent is asked for its metadata once, beside the first operation that it is run for. What is not known when an
// operation ends is not recorded, and the resource is restarted as if its agent could not reload. OCF agents only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>

#include "runtime/executor/agent_runs.h"
#include "runtime/executor/invocation.h"
#include "runtime/group/operation.h"
#include "runtime/group/outbox.h"

namespace picket::runtime {

// What an agent's metadata says about parameters.
struct ReloadFacts {
  bool reloads = false;  // it knows `reload-agent`
  std::set<std::string> reloadable;
  std::set<std::string> others;
};
// Nothing if the text is no metadata.
std::optional<ReloadFacts> ReadReloadFacts(std::string_view metadata);

// As the history has it: `op-force-restart` and `op-restart-digest`.
struct RestartRecord {
  std::string names;
  std::string digest;
};
// Nothing if the agent cannot reload, or if the operation's digest is not that of the parameters that it has here.
std::optional<RestartRecord> RestartRecordOf(const Operation& operation, const ReloadFacts& facts);

class Reloads {
 public:
  explicit Reloads(const std::string& node) : runs_(node) {}
  void Rename(const std::string& node) { runs_.Rename(node); }

  // An operation begins: its agent is asked if nothing is known of it. `next_run` outlives this.
  void Ask(const Operation& operation, const Settings& settings, RunNumber& next_run, const Moment& now, Outbox& out);
  std::optional<RestartRecord> Of(const Operation& operation) const;

  bool Owns(RunNumber run) const { return runs_.Owns(run); }
  template <typename E>
  void On(const E& event, const Moment& now, Outbox& out) {
    if constexpr (std::is_same_v<E, ProcessSpawned>) {
      runs_.On(event, out);
    } else {
      runs_.On(event, now, out);
    }
    TakeAnswers();
  }
  void OnTimer(const Moment& now, Outbox& out) {
    runs_.OnTimer(now, out);
    TakeAnswers();
  }
  int64_t NextDeadline() const { return runs_.NextDeadline(); }

 private:
  void TakeAnswers();

  AgentRuns runs_;
  std::map<CallNumber, std::string> asking_;  // agents
  std::map<std::string, ReloadFacts> facts_;
};

}  // namespace picket::runtime
