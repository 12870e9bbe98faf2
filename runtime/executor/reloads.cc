#include "runtime/executor/reloads.h"

#include "runtime/executor/agent_metadata.h"
#include "solver/model/table.h"
#include "solver/status/parameter_digest.h"

namespace picket::runtime {
namespace {

constexpr int64_t kMetadataMs = 20000;

std::string AgentOf(const Operation& operation) {
  return operation.provider + ":" + operation.type;
}

}  // namespace

std::optional<ReloadFacts> ReadReloadFacts(std::string_view metadata) {
  pugi::xml_document document;
  if (!LoadMetadata(metadata, document)) return std::nullopt;
  const pugi::xml_node root = document.child("resource-agent");
  ReloadFacts facts;
  facts.reloads = static_cast<bool>(root.child("actions").find_child_by_attribute("action", "name", "reload-agent"));
  for (const pugi::xml_node parameter : root.child("parameters").children("parameter")) {
    const bool reloadable = IsSet(parameter.attribute("reloadable"));
    (reloadable ? facts.reloadable : facts.others).insert(parameter.attribute("name").value());
  }
  return facts;
}

std::optional<RestartRecord> RestartRecordOf(const Operation& operation, const ReloadFacts& facts) {
  if (!facts.reloads || operation.interval_ms > 0 || operation.digest.empty()) return std::nullopt;
  solver::Table all;
  solver::Table restarting;
  // A parameter that the agent does not know is none that it can reload.
  std::set<std::string> names = facts.others;
  for (const auto& [name, value] : operation.parameters) {
    if (IsBookkeeping(name)) continue;
    all.Add(name, value);
    if (facts.reloadable.count(name) > 0) continue;
    restarting.Add(name, value);
    names.insert(name);
  }
  if (solver::ParameterDigest(all) != operation.digest) return std::nullopt;
  RestartRecord record;
  for (const std::string& name : names) record.names += " " + name;
  record.names += " ";
  record.digest = solver::ParameterDigest(restarting);
  return record;
}

void Reloads::Ask(const Operation& operation, const Settings& settings, RunNumber& next_run, const Moment& now,
                  Outbox& out) {
  const std::string agent = AgentOf(operation);
  if (ClassOf(operation) != AgentClass::kOcf || facts_.count(agent) > 0) return;
  for (const auto& [call, asked] : asking_) {
    if (asked == agent) return;
  }
  Operation question;
  question.resource = operation.type;
  question.cls = operation.cls;
  question.provider = operation.provider;
  question.type = operation.type;
  question.name = "meta-data";
  AgentCall call;
  call.words = "meta-data of " + agent;
  call.invocation = InvocationOf(question, settings);
  call.budget_ms = kMetadataMs;
  call.quiet = true;
  runs_.next_run = &next_run;
  asking_[runs_.Start(std::move(call), now, out)] = agent;
}

void Reloads::TakeAnswers() {
  for (const AgentAnswer& answer : runs_.TakeAnswers()) {
    const auto asked = asking_.find(answer.call);
    if (asked == asking_.end()) continue;
    const std::optional<ReloadFacts> facts = answer.success ? ReadReloadFacts(answer.output) : std::nullopt;
    if (facts) facts_[asked->second] = *facts;
    asking_.erase(asked);
  }
}

std::optional<RestartRecord> Reloads::Of(const Operation& operation) const {
  if (ClassOf(operation) != AgentClass::kOcf) return std::nullopt;
  const auto facts = facts_.find(AgentOf(operation));
  return facts == facts_.end() ? std::nullopt : RestartRecordOf(operation, facts->second);
}

}  // namespace picket::runtime
