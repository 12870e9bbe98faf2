#include "compiler/agents/metadata.h"

#include <algorithm>
#include <array>
#include <pugixml.hpp>

namespace picket::compiler::agents {
namespace {

// Texts are for one line of a list.
constexpr std::size_t kTextMax = 100;
constexpr std::size_t kDefaultMax = 200;

// One line without control characters, cut between words.
std::string OneLine(std::string_view text, std::size_t bytes_max) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte != 0x7F) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  if (out.size() <= bytes_max) return out;
  std::size_t end = out.rfind(' ', bytes_max);
  if (end == std::string::npos || end == 0) {
    end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80) --end;
  }
  return out.substr(0, end) + " …";
}

bool IsYes(const pugi::xml_attribute& attribute) {
  const std::string_view value = attribute.value();
  return value == "1" || value == "true" || value == "yes";
}

ValueType TypeOfContent(std::string_view type) {
  if (type == "integer") return ValueType::kInteger;
  if (type == "boolean") return ValueType::kBoolean;
  if (type == "time" || type == "duration" || type == "timeout") return ValueType::kTime;
  if (type == "second") return ValueType::kSeconds;
  if (type == "select") return ValueType::kSelect;
  return ValueType::kText;
}

// Types that agents give wrongly, to parameters that take more than the type allows.
struct Mislabelled {
  std::string_view agent;  // empty: every agent
  std::string_view parameter;
  ValueType type;
};
constexpr std::array<Mislabelled, 9> kMislabelled = {{
    {"", "dampen", ValueType::kTime},
    {"ocf:heartbeat:Filesystem", "force_unmount", ValueType::kText},
    {"ocf:heartbeat:gcp-pd-move", "device_name", ValueType::kText},
    {"ocf:heartbeat:pingd", "host_list", ValueType::kText},
    {"ocf:heartbeat:pingd", "section", ValueType::kText},
    {"ocf:heartbeat:pingd", "set", ValueType::kText},
    {"ocf:heartbeat:rabbitmq-server-ha", "erlang_cookie", ValueType::kText},
    {"ocf:linbit:drbd", "wfc_timeout", ValueType::kText},
    {"ocf:linbit:drbd-attr", "dampening_delay", ValueType::kTime},
}};

void MendTypes(Agent& agent) {
  for (const Mislabelled& wrong : kMislabelled) {
    if (!wrong.agent.empty() && wrong.agent != agent.name) continue;
    for (Parameter& parameter : agent.parameters) {
      if (parameter.name == wrong.parameter) parameter.type = wrong.type;
    }
  }
}

Parameter ReadParameter(pugi::xml_node node) {
  Parameter parameter;
  parameter.name = node.attribute("name").value();
  parameter.unique_group = node.attribute("unique-group").value();
  parameter.unique = IsYes(node.attribute("unique")) || !parameter.unique_group.empty();
  parameter.text = OneLine(node.child("shortdesc").text().get(), kTextMax);
  const pugi::xml_node deprecated = node.child("deprecated");
  parameter.deprecated = IsYes(node.attribute("deprecated")) || deprecated;
  // Fence agents call the old name of a required parameter required as well.
  parameter.required = IsYes(node.attribute("required")) && !parameter.deprecated;
  for (pugi::xml_node other : deprecated.children("replaced-with")) {
    parameter.replaced_by.emplace_back(other.attribute("name").value());
  }
  const pugi::xml_node content = node.child("content");
  parameter.type = TypeOfContent(content.attribute("type").value());
  for (pugi::xml_node choice : content.children("option")) {
    parameter.choices.emplace_back(choice.attribute("value").value());
  }
  const std::string fallback = OneLine(content.attribute("default").value(), kDefaultMax);
  if (!fallback.empty()) parameter.fallback = fallback;
  const bool no_choice = parameter.type == ValueType::kSelect && parameter.choices.empty();
  if (no_choice || (parameter.fallback && !Fits(parameter, *parameter.fallback))) {
    parameter.type = ValueType::kText;
  }
  if (parameter.type != ValueType::kSelect) parameter.choices.clear();
  return parameter;
}

// What asks an agent about itself is no operation of a resource.
bool IsAboutItself(std::string_view action) {
  return action == "meta-data" || action == "metadata" || action == "manpage" || action == "usage";
}

std::string RoleNamed(std::string_view role) {
  if (role == "Master") return "Promoted";
  if (role == "Slave") return "Unpromoted";
  return std::string(role);
}

// A bare number is seconds.
std::string Duration(const pugi::xml_attribute& attribute) {
  std::string value = OneLine(attribute.value(), kTextMax);
  if (!value.empty() && value.find_first_not_of("0123456789") == std::string::npos) value += 's';
  return value;
}

Action ReadAction(pugi::xml_node node) {
  Action action;
  action.name = node.attribute("name").value();
  action.timeout = Duration(node.attribute("timeout"));
  action.interval = Duration(node.attribute("interval"));
  if (action.interval == "0s") action.interval.clear();
  action.role = RoleNamed(node.attribute("role").value());
  action.depth = node.attribute("depth").value();
  if (action.depth == "0") action.depth.clear();
  return action;
}

// A fence agent says of the new parameter which old ones it `obsoletes`.
void NoteReplacements(pugi::xml_node list, std::vector<Parameter>& parameters) {
  for (pugi::xml_node node : list.children("parameter")) {
    std::string_view old = node.attribute("obsoletes").value();
    while (!old.empty()) {
      const std::string_view one = old.substr(0, old.find(','));
      for (Parameter& parameter : parameters) {
        if (parameter.name == one && parameter.deprecated) {
          parameter.replaced_by.emplace_back(node.attribute("name").value());
        }
      }
      old.remove_prefix(std::min(old.size(), one.size() + 1));
    }
  }
}

template <class T>
void SortByName(std::vector<T>& list) {
  std::stable_sort(list.begin(), list.end(), [](const T& a, const T& b) { return a.name < b.name; });
}

}  // namespace

std::optional<Agent> ReadMetadata(std::string_view text, std::string full_name, std::string& reason) {
  const std::size_t begin = text.find('<');
  if (begin == std::string_view::npos) {
    reason = text.empty() ? "it prints nothing" : "what it prints is not XML";
    return std::nullopt;
  }
  text.remove_prefix(begin);
  pugi::xml_document document;
  const pugi::xml_parse_result result = document.load_buffer(text.data(), text.size());
  if (!result) {
    reason = std::string("what it prints is not whole XML: ") + result.description();
    return std::nullopt;
  }
  const pugi::xml_node root = document.child("resource-agent");
  if (!root) {
    reason = "what it prints has no `resource-agent` element";
    return std::nullopt;
  }
  Agent agent;
  agent.name = std::move(full_name);
  agent.version = OneLine(root.attribute("version").value(), kTextMax);
  agent.text = OneLine(root.child("shortdesc").text().get(), kTextMax);
  if (agent.text.empty()) agent.text = OneLine(root.attribute("shortdesc").value(), kTextMax);
  for (pugi::xml_node node : root.child("parameters").children("parameter")) {
    if (node.attribute("name")) agent.parameters.push_back(ReadParameter(node));
  }
  NoteReplacements(root.child("parameters"), agent.parameters);
  MendTypes(agent);
  SortByName(agent.parameters);
  // Of two parameters of one name the first counts.
  const auto same = [](const Parameter& a, const Parameter& b) { return a.name == b.name; };
  agent.parameters.erase(std::unique(agent.parameters.begin(), agent.parameters.end(), same), agent.parameters.end());
  for (pugi::xml_node node : root.child("actions").children("action")) {
    Action action = ReadAction(node);
    if (!action.name.empty() && !IsAboutItself(action.name)) agent.actions.push_back(std::move(action));
  }
  SortByName(agent.actions);
  return agent;
}

}  // namespace picket::compiler::agents
