#include "compiler/agents/table.h"

#include <charconv>
#include <cstdlib>
#include <optional>
#include <vector>

namespace picket::compiler::agents {
namespace {

constexpr char kRequired = 'r';
constexpr char kUnique = 'u';
constexpr char kDeprecated = 'd';
constexpr char kHasFallback = 'f';

// ------------------------------------------------------------------- writing

class Writer {
 public:
  void Put(std::string_view field) {
    if (field.find('\n') != std::string_view::npos) std::abort();
    table_ += field;
    table_ += '\n';
  }
  void PutCount(std::size_t count) { Put(std::to_string(count)); }
  void PutList(const std::vector<std::string>& fields) {
    PutCount(fields.size());
    for (const std::string& field : fields) Put(field);
  }

  void PutParameter(const Parameter& parameter) {
    Put(parameter.name);
    PutCount(static_cast<std::size_t>(parameter.type));
    std::string flags;
    if (parameter.required) flags += kRequired;
    if (parameter.unique) flags += kUnique;
    if (parameter.deprecated) flags += kDeprecated;
    if (parameter.fallback) flags += kHasFallback;
    Put(flags);
    Put(parameter.unique_group);
    Put(parameter.fallback.value_or(""));
    PutList(parameter.replaced_by);
    PutList(parameter.choices);
    Put(parameter.text);
  }

  void PutAgent(const Agent& agent) {
    for (const std::string* field : {&agent.name, &agent.package, &agent.version, &agent.text}) Put(*field);
    PutCount(agent.parameters.size());
    for (const Parameter& parameter : agent.parameters) PutParameter(parameter);
    PutCount(agent.actions.size());
    for (const Action& action : agent.actions) {
      for (const std::string* field : {&action.name, &action.timeout, &action.interval, &action.role, &action.depth}) {
        Put(*field);
      }
    }
  }

  std::string Take() { return std::move(table_); }

 private:
  std::string table_;
};

// ------------------------------------------------------------------- reading

class Reader {
 public:
  explicit Reader(std::string_view table) : rest_(table) {}

  bool AtEnd() const { return rest_.empty(); }

  std::string_view Field() {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) std::abort();
    const std::string_view field = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return field;
  }
  std::string Text() { return std::string(Field()); }
  std::size_t Count() {
    const std::string_view field = Field();
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), count);
    // Each thing that is counted has a line.
    if (error != std::errc() || end != field.data() + field.size() || count > rest_.size()) std::abort();
    return count;
  }
  std::vector<std::string> List() {
    std::vector<std::string> fields(Count());
    for (std::string& field : fields) field = Field();
    return fields;
  }

  Parameter TakeParameter() {
    Parameter parameter;
    parameter.name = Text();
    parameter.type = static_cast<ValueType>(Count());
    const std::string_view flags = Field();
    const auto has = [flags](char flag) { return flags.find(flag) != std::string_view::npos; };
    parameter.required = has(kRequired);
    parameter.unique = has(kUnique);
    parameter.deprecated = has(kDeprecated);
    parameter.unique_group = Text();
    const std::string_view fallback = Field();
    if (has(kHasFallback)) parameter.fallback = fallback;
    parameter.replaced_by = List();
    parameter.choices = List();
    parameter.text = Text();
    return parameter;
  }

  Agent TakeAgent() {
    Agent agent;
    for (std::string* field : {&agent.name, &agent.package, &agent.version, &agent.text}) *field = Field();
    const std::size_t parameters = Count();
    agent.parameters.reserve(parameters);
    for (std::size_t i = 0; i < parameters; ++i) agent.parameters.push_back(TakeParameter());
    agent.actions.resize(Count());
    for (Action& action : agent.actions) {
      for (std::string* field : {&action.name, &action.timeout, &action.interval, &action.role, &action.depth}) {
        *field = Field();
      }
    }
    return agent;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::string WriteTable(const Lock& lock) {
  Writer writer;
  writer.PutCount(lock.packages.size());
  for (const auto& [name, version] : lock.packages) {
    writer.Put(name);
    writer.Put(version);
  }
  for (const auto& [name, agent] : lock.agents) writer.PutAgent(agent);
  return writer.Take();
}

Lock ReadTable(std::string_view table) {
  Reader reader(table);
  Lock lock;
  for (std::size_t left = reader.Count(); left > 0; --left) {
    std::string name = reader.Text();
    lock.packages.emplace_hint(lock.packages.end(), std::move(name), reader.Text());
  }
  while (!reader.AtEnd()) {
    Agent agent = reader.TakeAgent();
    std::string name = agent.name;
    lock.agents.emplace_hint(lock.agents.end(), std::move(name), std::move(agent));
  }
  return lock;
}

}  // namespace picket::compiler::agents
