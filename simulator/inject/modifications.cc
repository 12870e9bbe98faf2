#include "simulator/inject/modifications.h"

#include <cctype>
#include <cstdlib>
#include <limits>

#include "solver/cib/values.h"
#include "solver/model/query.h"

namespace picket::simulator {

using namespace solver;  // NOLINT

namespace {

// RESOURCE_OPERATION_INTERVAL from the end, since resources may have underscores in their names (spec 02 §1).
bool ParseKey(std::string_view key, OperationSpec& spec) {
  const size_t last = key.rfind('_');
  if (last == std::string_view::npos || last == 0) return false;
  size_t before = key.rfind('_', last - 1);
  if (before == std::string_view::npos || before == 0) return false;
  std::string_view operation = key.substr(before + 1, last - before - 1);
  if ((operation == "to" || operation == "from") && key.substr(0, before).ends_with("_migrate")) {
    before -= std::string_view("_migrate").size();
    operation = key.substr(before + 1, last - before - 1);
  }
  spec.resource = key.substr(0, before);
  spec.operation = operation;
  const int64_t interval = ParseInteger(key.substr(last + 1)).value_or(0);
  spec.interval_ms = static_cast<uint32_t>(std::clamp<int64_t>(interval, 0, std::numeric_limits<uint32_t>::max()));
  return true;
}

class Applying {
 public:
  Applying(const Run& run, StateEditor& editor) : run_(run), editor_(editor) {}

  std::vector<InjectionEvent> Apply(const Modifications& asked) {
    // Both lines come before either change.
    if (asked.quorum) events_.push_back(QuorumSet{*asked.quorum});
    if (asked.watchdog) events_.push_back(WatchdogSet{*asked.watchdog});
    if (asked.quorum) editor_.SetQuorum(*asked.quorum);
    if (asked.watchdog) editor_.SetWatchdog(*asked.watchdog);

    if (!asked.nodes_up.empty()) editor_.ConfigureTouchedNodes();
    for (const std::string& node : asked.nodes_up) {
      events_.push_back(NodeModified{NodeChange::kOnline, node});
      editor_.BringUp(node);
    }
    for (const std::string& node : asked.nodes_down) {
      events_.push_back(NodeModified{NodeChange::kOffline, node});
      editor_.TakeDown(node);
    }
    for (const std::string& node : asked.nodes_fail) {
      events_.push_back(NodeModified{NodeChange::kFailing, node});
      editor_.Fail(node);
    }
    ChangeTickets(asked.tickets_grant, TicketChange::kGranting, "granted", "true");
    ChangeTickets(asked.tickets_revoke, TicketChange::kRevoking, "granted", "false");
    ChangeTickets(asked.tickets_standby, TicketChange::kStandby, "standby", "true");
    ChangeTickets(asked.tickets_activate, TicketChange::kActivating, "standby", "false");
    for (const std::string& spec : asked.operations) Inject(spec);
    return std::move(events_);
  }

 private:
  void ChangeTickets(const std::vector<std::string>& tickets, TicketChange change, const char* attribute,
                     const char* value) {
    for (const std::string& ticket : tickets) {
      events_.push_back(TicketModified{change, ticket});
      editor_.SetTicket(ticket, attribute, value);
    }
  }

  void Inject(const std::string& text) {
    events_.push_back(OperationInjected{text});
    int fields = 0;
    const std::optional<OperationSpec> spec = ParseOperationSpec(text, fields);
    if (!spec) {
      const std::string found =
          fields < 3 ? "Only found " + std::to_string(fields) + " fields" : "The operation key is malformed";
      events_.push_back(Complaint{"Invalid operation spec: " + text + ".  " + found});
      return;
    }
    const ResourceId resource = FindResource(run_, spec->resource);
    if (!resource.valid()) {
      events_.push_back(Complaint{"Invalid resource name: " + spec->resource});
      return;
    }
    Inject(*spec, run_.at(resource));
  }

  void Inject(const OperationSpec& spec, const Resource& resource) {
    const size_t node = editor_.FindOrMakeNode(spec.node);
    if (CountsAsFailure(spec.rc, spec.interval_ms)) {
      const bool fatal = spec.operation == "stop" || (spec.operation == "start" && run_.options.start_failure_is_fatal);
      for (StoredAttribute& stored :
           editor_.CountFailure(node, spec.resource, spec.operation, spec.interval_ms, fatal)) {
        events_.push_back(AttributeInjected{std::move(stored)});
      }
    }
    execution::OperationResult result;
    result.resource = spec.resource;
    result.operation = spec.operation;
    result.interval_ms = spec.interval_ms;
    result.rc = spec.rc;
    if (spec.rc != 0) result.exit_reason = "Simulated action result";
    editor_.Record(node, {{spec.resource}, resource.cls, resource.provider, resource.type}, result);
  }

  const Run& run_;
  StateEditor& editor_;
  std::vector<InjectionEvent> events_;
};

}  // namespace

bool Modifications::any() const {
  return watchdog || !nodes_up.empty() || !nodes_down.empty() || !nodes_fail.empty() || !tickets_grant.empty() ||
         !tickets_revoke.empty() || !tickets_standby.empty() || !tickets_activate.empty() || !operations.empty();
}

std::optional<OperationSpec> ParseOperationSpec(std::string_view text, int& fields) {
  fields = 0;
  OperationSpec spec;
  const size_t at = text.find('@');
  const std::string_view key = text.substr(0, at);
  if (key.empty()) return std::nullopt;
  fields = 1;
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(at + 1);
  const size_t equals = rest.find('=');
  spec.node = rest.substr(0, equals);
  if (spec.node.empty()) return std::nullopt;
  fields = 2;
  if (equals == std::string_view::npos) return std::nullopt;
  const std::optional<int64_t> rc = ParseInteger(rest.substr(equals + 1));
  if (!rc) return std::nullopt;
  fields = 3;
  spec.rc = static_cast<int>(*rc);
  if (!ParseKey(key, spec)) return std::nullopt;
  return spec;
}

std::vector<InjectionEvent> ApplyModifications(const Modifications& modifications, const Run& run,
                                               StateEditor& editor) {
  return Applying(run, editor).Apply(modifications);
}

}  // namespace picket::simulator
