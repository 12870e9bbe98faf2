#include "compiler/agents/lock.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace picket::compiler::agents {
namespace {

using nlohmann::ordered_json;
using Json = nlohmann::json;

// The file itself nests five deep.
constexpr std::size_t kDepthMax = 16;

// ------------------------------------------------------------------- writing

// What does not follow UTF-8 in an agent's output is replaced, not thrown on.
std::string Compact(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json JsonOf(const Parameter& parameter) {
  ordered_json json = ordered_json::object();
  if (parameter.type != ValueType::kText) json["type"] = WordOf(parameter.type);
  if (!parameter.choices.empty()) json["choices"] = parameter.choices;
  if (parameter.required) json["required"] = true;
  if (parameter.unique) json["unique"] = true;
  if (!parameter.unique_group.empty()) json["unique-group"] = parameter.unique_group;
  if (parameter.fallback) json["default"] = *parameter.fallback;
  if (parameter.deprecated) json["deprecated"] = true;
  if (!parameter.replaced_by.empty()) json["replaced-by"] = parameter.replaced_by;
  // Nobody is told what the old name means.
  if (!parameter.text.empty() && !parameter.deprecated) json["text"] = parameter.text;
  return json;
}

ordered_json JsonOf(const Action& action) {
  ordered_json json = {{"name", action.name}};
  if (!action.role.empty()) json["role"] = action.role;
  if (!action.depth.empty()) json["depth"] = action.depth;
  if (!action.interval.empty()) json["interval"] = action.interval;
  if (!action.timeout.empty()) json["timeout"] = action.timeout;
  return json;
}

// Puts `lines` between brackets, a line each.
std::string Block(char open, const std::vector<std::string>& lines, char close, int indent) {
  if (lines.empty()) return {open, close};
  const std::string blanks(static_cast<std::size_t>(indent), ' ');
  std::string out(1, open);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += (i > 0 ? ",\n" : "\n") + blanks + "  " + lines[i];
  }
  return out + '\n' + blanks + close;
}

std::string Member(std::string_view name, std::string_view value) {
  return Compact(name) + ": " + std::string(value);
}

std::string TextOf(const Agent& agent) {
  std::vector<std::string> members;
  if (!agent.package.empty()) members.push_back(Member("package", Compact(agent.package)));
  if (!agent.version.empty()) members.push_back(Member("version", Compact(agent.version)));
  if (!agent.text.empty()) members.push_back(Member("text", Compact(agent.text)));
  std::vector<std::string> parameters;
  for (const Parameter& parameter : agent.parameters) {
    parameters.push_back(Member(parameter.name, Compact(JsonOf(parameter))));
  }
  members.push_back(Member("parameters", Block('{', parameters, '}', 6)));
  std::vector<std::string> actions;
  for (const Action& action : agent.actions) actions.push_back(Compact(JsonOf(action)));
  members.push_back(Member("actions", Block('[', actions, ']', 6)));
  return Block('{', members, '}', 4);
}

// ------------------------------------------------------------------- reading

// The first byte at which brackets are nested too deeply to be a lock; a parser
// that builds what it reads would fill the memory with them.
std::optional<std::size_t> TooDeep(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kDepthMax) return i;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return std::nullopt;
}

// Takes the values out of the JSON; what has the wrong kind is remembered, with
// the way to it.
class Reader {
 public:
  explicit Reader(std::string& wrong) : wrong_(wrong) {}

  std::string Text(const Json& object, const char* key, const std::string& where) {
    const auto found = object.find(key);
    if (found == object.end()) return "";
    if (found->is_string()) return found->get<std::string>();
    return Wrong(where + '.' + key, "a text"), "";
  }

  bool Flag(const Json& object, const char* key, const std::string& where) {
    const auto found = object.find(key);
    if (found == object.end()) return false;
    if (found->is_boolean()) return found->get<bool>();
    return Wrong(where + '.' + key, "true or false"), false;
  }

  std::vector<std::string> Texts(const Json& object, const char* key, const std::string& where) {
    std::vector<std::string> texts;
    const auto found = object.find(key);
    if (found == object.end()) return texts;
    if (!found->is_array()) return Wrong(where + '.' + key, "a list of texts"), texts;
    for (const Json& item : *found) {
      if (!item.is_string()) return Wrong(where + '.' + key, "a list of texts"), texts;
      texts.push_back(item.get<std::string>());
    }
    return texts;
  }

  // The member, an empty object if it is not there.
  const Json& Object(const Json& object, const char* key, const std::string& where) {
    static const Json empty = Json::object();
    const auto found = object.find(key);
    if (found == object.end()) return empty;
    if (found->is_object()) return *found;
    return Wrong(where.empty() ? key : where + '.' + key, "an object"), empty;
  }

  Parameter ReadParameter(const std::string& name, const Json& json, const std::string& where) {
    Parameter parameter;
    parameter.name = name;
    if (!json.is_object()) return Wrong(where, "an object"), parameter;
    parameter.type = TypeNamed(Text(json, "type", where));
    parameter.choices = Texts(json, "choices", where);
    parameter.required = Flag(json, "required", where);
    parameter.unique = Flag(json, "unique", where);
    parameter.unique_group = Text(json, "unique-group", where);
    if (json.contains("default")) parameter.fallback = Text(json, "default", where);
    parameter.deprecated = Flag(json, "deprecated", where);
    parameter.replaced_by = Texts(json, "replaced-by", where);
    parameter.text = Text(json, "text", where);
    // A choice among nothing would forbid every value.
    if (parameter.type == ValueType::kSelect && parameter.choices.empty()) {
      parameter.type = ValueType::kText;
    }
    return parameter;
  }

  Agent ReadAgent(const std::string& name, const Json& json) {
    Agent agent;
    agent.name = name;
    if (!json.is_object()) return Wrong(name, "an object"), agent;
    agent.package = Text(json, "package", name);
    agent.version = Text(json, "version", name);
    agent.text = Text(json, "text", name);
    for (const auto& [key, value] : Object(json, "parameters", name).items()) {
      agent.parameters.push_back(ReadParameter(key, value, name + ".parameters." + key));
    }
    const auto actions = json.find("actions");
    if (actions == json.end()) return agent;
    if (!actions->is_array()) return Wrong(name + ".actions", "a list"), agent;
    for (const Json& item : *actions) {
      const std::string where = name + ".actions";
      if (!item.is_object()) return Wrong(where, "a list of objects"), agent;
      agent.actions.push_back({Text(item, "name", where), Text(item, "timeout", where), Text(item, "interval", where),
                               Text(item, "role", where), Text(item, "depth", where)});
    }
    return agent;
  }

 private:
  void Wrong(const std::string& where, const std::string& wanted) {
    if (wrong_.empty()) wrong_ = "`" + where + "` is not " + wanted;
  }

  std::string& wrong_;
};

std::optional<Lock> Fault(LockFault& fault, std::string message, std::size_t offset = 0) {
  fault = {std::move(message), offset};
  return std::nullopt;
}

}  // namespace

std::string WriteLock(const Lock& lock) {
  std::vector<std::string> packages;
  for (const auto& [name, version] : lock.packages) packages.push_back(Member(name, Compact(version)));
  std::vector<std::string> agents;
  for (const auto& [name, agent] : lock.agents) agents.push_back(Member(name, TextOf(agent)));
  return Block('{',
               {Member("picket-agents", std::to_string(kLockVersion)), Member("packages", Block('{', packages, '}', 2)),
                Member("agents", Block('{', agents, '}', 2))},
               '}', 0) +
         '\n';
}

std::optional<Lock> ReadLock(std::string_view text, LockFault& fault) {
  if (const auto deep = TooDeep(text)) return Fault(fault, "brackets are nested too deeply", *deep);
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::parse_error& error) {
    const std::size_t offset = error.byte > 0 ? error.byte - 1 : 0;
    return Fault(fault, offset >= text.size() ? "the text ends too early" : "this is not JSON",
                 std::min(offset, text.size()));
  } catch (const Json::exception&) {
    return Fault(fault, "this is not JSON that can be read");
  }
  if (!json.is_object() || !json.contains("picket-agents")) {
    return Fault(fault, "this is no lock of agents: `picket-agents` is missing");
  }
  const Json& version = json["picket-agents"];
  if (!version.is_number_integer() || version != kLockVersion) {
    return Fault(fault, "version " + version.dump(-1, ' ', true, Json::error_handler_t::replace).substr(0, 20) +
                            " of the format is unknown; this program reads version " + std::to_string(kLockVersion));
  }
  std::string wrong;
  Reader reader(wrong);
  Lock lock;
  const Json& packages = reader.Object(json, "packages", "");
  for (const auto& [name, value] : packages.items()) {
    lock.packages[name] = reader.Text(packages, name.c_str(), "packages");
  }
  for (const auto& [name, value] : reader.Object(json, "agents", "").items()) {
    lock.agents.emplace(name, reader.ReadAgent(name, value));
  }
  if (!wrong.empty()) return Fault(fault, wrong);
  return lock;
}

}  // namespace picket::compiler::agents
