#include <algorithm>

#include "compiler/export/crmsh_parts.h"

namespace picket::compiler::exporting {
namespace {

using pugi::xml_attribute;
using pugi::xml_node;

constexpr const char* kNewLine = " \\\n\t";

// A part of an agent's name: crmsh takes names apart at colons.
bool IsAgentPart(std::string_view part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_.@+-").find(c) != std::string_view::npos;
  });
}

Said Agent(xml_node primitive) {
  const xml_attribute made_from = primitive.attribute("template");
  if (made_from) {
    if (primitive.attribute("class") || primitive.attribute("type") || primitive.attribute("provider") ||
        !IsCrmshName(made_from.value()))
      return std::nullopt;
    return std::string("@") + made_from.value();
  }
  const std::string family = primitive.attribute("class").value(), provider = primitive.attribute("provider").value(),
                    type = primitive.attribute("type").value();
  if (!IsAgentPart(family) || !IsAgentPart(type)) return std::nullopt;
  if ((family == "ocf") != !provider.empty()) return std::nullopt;
  if (provider.empty()) return family + ':' + type;
  if (!IsAgentPart(provider)) return std::nullopt;
  return family + ':' + provider + ':' + type;
}

Said Description(xml_node element) {
  const xml_attribute description = element.attribute("description");
  if (!description) return "";
  if (*description.value() == '\0') return std::nullopt;
  return kNewLine + Option("description", description.value());
}

Said Primitive(const Source& source, xml_node primitive) {
  if (!HasOnly(primitive, {"id", "class", "provider", "type", "template", "description"})) return std::nullopt;
  const Said agent = Agent(primitive), description = Description(primitive),
             blocks = Blocks(source, primitive, "params");
  if (!agent || !description || !blocks) return std::nullopt;
  const bool is_template = std::string_view(primitive.name()) == "template";
  return (is_template ? "rsc_template " : "primitive ") + std::string(primitive.attribute("id").value()) + ' ' +
         *agent + *description + *blocks;
}

// A group or a clone, with the names of what it holds.
Said Collection(const Source& source, xml_node collection) {
  if (!HasOnly(collection, {"id", "description"})) return std::nullopt;
  const bool ms = std::string_view(collection.name()) == "master";
  std::string out = (ms ? "ms" : collection.name()) + std::string(" ") + collection.attribute("id").value();
  for (const xml_node member : collection.children()) {
    if (IsResource(member)) out += std::string(" ") + member.attribute("id").value();
  }
  const Said description = Description(collection), blocks = Blocks(source, collection, "params");
  if (!description || !blocks) return std::nullopt;
  return out + *description + *blocks;
}

std::string Options(xml_node element) {
  std::string out;
  for (const xml_attribute option : element.attributes()) out += ' ' + Option(option.name(), option.value());
  return out;
}

Said Bundle(const Source& source, xml_node bundle) {
  if (!HasOnly(bundle, {"id"})) return std::nullopt;
  std::string out = std::string("bundle ") + bundle.attribute("id").value(), member;
  for (const char* part : {"docker", "network", "storage"}) {
    const xml_node element = bundle.child(part);
    if (!element) continue;
    out += std::string(kNewLine) + part + Options(element);
    for (const xml_node mapping : element.children())
      out += std::string(kNewLine) + '\t' + mapping.name() + Options(mapping);
  }
  for (const xml_node primitive : bundle.children("primitive"))
    out += std::string(kNewLine) + "primitive " + primitive.attribute("id").value();
  const Said blocks = Blocks(source, bundle, "params");
  if (!blocks) return std::nullopt;
  return out + *blocks;
}

}  // namespace

Said CrmshResource(const Source& source, xml_node resource) {
  const std::string_view tag = resource.name();
  if (tag == "primitive" || tag == "template") return Primitive(source, resource);
  if (tag == "bundle") return Bundle(source, resource);
  if (tag == "group" || tag == "clone" || tag == "master") return Collection(source, resource);
  return std::nullopt;
}

}  // namespace picket::compiler::exporting
