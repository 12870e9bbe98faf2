#include <algorithm>

#include "compiler/export/crmsh_parts.h"

namespace picket::compiler::exporting {
namespace {

using pugi::xml_attribute;
using pugi::xml_node;

constexpr const char* kNewLine = " \\\n\t";

Said Description(xml_node element) {
  const xml_attribute description = element.attribute("description");
  if (!description) return "";
  if (*description.value() == '\0') return std::nullopt;
  return ' ' + Option("description", description.value());
}

// The blocks of an alert or of a recipient, all on its line.
Said OneLine(const Source& source, xml_node element) {
  std::string out;
  for (const xml_node block : element.children()) {
    const std::string_view tag = block.name();
    if (tag != "instance_attributes" && tag != "meta_attributes") continue;
    const Said body = BlockBody(source, block);
    if (!body || !HasOnly(block, {"id"}) || source.IsReferenced(block)) return std::nullopt;
    if (!body->empty()) out += (tag == "meta_attributes" ? " meta" : " attributes") + *body;
  }
  return out;
}

Said Permission(const Source& source, xml_node permission) {
  if (std::string_view(permission.name()) != "acl_permission" || source.IsReferenced(permission) ||
      !HasOnly(permission, {"id", "kind", "xpath", "reference", "object-type", "attribute"}))
    return std::nullopt;
  std::string out = std::string(" ") + permission.attribute("kind").value();
  // crmsh reads its words with quotes taken away once more than they were written.
  const std::string_view path = permission.attribute("xpath").value();
  if (path.find_first_of("'\"\\ ") != std::string_view::npos) return std::nullopt;
  static constexpr const char* kWords[][2] = {
      {"xpath", "xpath"}, {"reference", "ref"}, {"object-type", "type"}, {"attribute", "attribute"}};
  for (const auto& [name, word] : kWords) {
    if (const xml_attribute value = permission.attribute(name)) out += std::string(" ") + word + ':' + value.value();
  }
  return out;
}

Said Select(const Source& source, xml_node select) {
  std::string out = std::string(kNewLine) + "select";
  for (const xml_node kind : select.children()) {
    const std::string name = std::string(kind.name()).substr(0, 7) == "select_" ? kind.name() + 7 : "";
    if (name != "nodes" && name != "fencing" && name != "resources" && name != "attributes") return std::nullopt;
    out += ' ' + name;
    if (!kind.first_child()) continue;
    out += " {";
    for (const xml_node attribute : kind.children()) {
      if (source.IsReferenced(attribute) || !IsCrmshName(attribute.attribute("name").value())) return std::nullopt;
      out += std::string(" ") + attribute.attribute("name").value();
    }
    out += " }";
  }
  return out;
}

}  // namespace

Said CrmshNode(const Source& source, xml_node node) {
  if (!HasOnly(node, {"id", "uname", "type", "description"})) return std::nullopt;
  const std::string name = node.attribute("uname").value(), id = IdOf(node), type = node.attribute("type").value();
  const bool sayable = !name.empty() && IsCrmshName("x" + name) && (id == name || IsCrmshName("x" + id));
  if (!sayable) return std::nullopt;
  std::string out = "node " + (id == name ? "" : id + ": ") + name;
  if (!type.empty() && type != "member" && type != "normal") out += ':' + type;
  const Said description = Description(node), blocks = Blocks(source, node, "attributes");
  if (!description || !blocks) return std::nullopt;
  return out + *description + *blocks;
}

Said CrmshDefaults(const Source& source, xml_node set, const char* keyword) {
  if (!HasOnly(set, {"id"}) || !IsCrmshName(IdOf(set))) return std::nullopt;
  Said body = BlockBody(source, set);
  if (!body || body->empty()) return body;
  return keyword + std::string(" ") + IdOf(set) + ':' + kNewLine + body->substr(1);
}

Said CrmshTag(xml_node tag) {
  if (!HasOnly(tag, {"id"})) return std::nullopt;
  std::string out = "tag " + IdOf(tag);
  for (const xml_node reference : tag.children()) out += ' ' + IdOf(reference);
  return out;
}

Said CrmshAccess(const Source& source, xml_node element) {
  if (!HasOnly(element, {"id", "description"})) return std::nullopt;
  const std::string tag = element.name();
  if (tag == "acl_role") {
    const Said description = Description(element);
    if (!description) return std::nullopt;
    std::string out = "role " + IdOf(element) + *description;
    for (const xml_node permission : element.children()) {
      const Said said = Permission(source, permission);
      if (!said) return std::nullopt;
      out += kNewLine + said->substr(1);
    }
    return out;
  }
  if (element.attribute("description") || !element.first_child()) return std::nullopt;
  std::string out = tag + ' ' + Quoted(IdOf(element));
  for (const xml_node role : element.children()) out += ' ' + IdOf(role);
  return out;
}

Said CrmshAlert(const Source& source, xml_node alert) {
  if (!HasOnly(alert, {"id", "path", "description"})) return std::nullopt;
  const std::string path = alert.attribute("path").value();
  const Said description = Description(alert), blocks = OneLine(source, alert);
  if (path.empty() || !description || !blocks) return std::nullopt;
  std::string out = "alert " + IdOf(alert) + ' ' + Quoted(path) + *description + *blocks;
  for (const xml_node child : alert.children()) {
    const std::string_view tag = child.name();
    if (tag == "select") {
      const Said select = Select(source, child);
      if (!select) return std::nullopt;
      out += *select;
    } else if (tag == "recipient") {
      const Said of_recipient = OneLine(source, child), what = Description(child);
      const std::string value = child.attribute("value").value();
      if (!of_recipient || !what || value.empty() || value == "{" || value == "}" || source.IsReferenced(child) ||
          !HasOnly(child, {"id", "value", "description"}))
        return std::nullopt;
      out += std::string(kNewLine) + "to { " + Quoted(value) + *what + *of_recipient + " }";
    }
  }
  return out;
}

Said CrmshFencing(const Source& source, xml_node section) {
  std::string out = "fencing_topology", target;
  int index = 0;
  for (const xml_node level : section.children()) {
    if (source.IsReferenced(level) ||
        !HasOnly(level, {"id", "index", "devices", "target", "target-pattern", "target-attribute", "target-value"}))
      return std::nullopt;
    std::string of;
    if (level.attribute("target")) {
      of = std::string(level.attribute("target").value()) + ':';
    } else if (level.attribute("target-pattern")) {
      of = std::string("pattern:") + level.attribute("target-pattern").value();
    } else {
      of = std::string("attr:") + level.attribute("target-attribute").value() + '=' +
           level.attribute("target-value").value();
    }
    const std::string devices = level.attribute("devices").value();
    if (of.find_first_of(" \"'\\") != std::string::npos || devices.empty() ||
        devices.find_first_of(" :=\"'\\") != std::string::npos)
      return std::nullopt;
    if (of != target) {
      out += kNewLine + of;
      target = of;
      index = 0;
    }
    if (level.attribute("index").as_int() != ++index) return std::nullopt;
    out += ' ' + devices;
  }
  return out;
}

}  // namespace picket::compiler::exporting
