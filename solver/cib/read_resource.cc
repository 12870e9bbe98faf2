#include "solver/cib/read_resource.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "solver/cib/values.h"
#include "solver/model/role.h"

namespace picket::solver {
namespace {

std::string Text(pugi::xml_node element, const char* name) {
  return element.attribute(name).value();
}

std::optional<Variant> VariantOf(std::string_view element) {
  if (element == "primitive") return Variant::kPrimitive;
  if (element == "group") return Variant::kGroup;
  if (element == "clone") return Variant::kClone;
  if (element == "bundle") return Variant::kBundle;
  return std::nullopt;
}

// Name and class of role of an <op>: what decides whether a template's operation is there already. The
// interval does not matter (spec 01 §15).
std::string OperationKey(pugi::xml_node operation) {
  std::string key = Text(operation, "name") + "-";
  const std::string role = Text(operation, "role");
  const auto parsed = ParseRole(role);
  const bool plain = role.empty() || parsed == Role::kStarted || parsed == Role::kUnpromoted;
  return plain ? key : key + (parsed ? std::string(RoleName(*parsed)) : role);
}

void MergeOperations(pugi::xml_node merged, pugi::xml_node of_template, pugi::xml_node own) {
  std::vector<std::string> keys;
  for (const pugi::xml_node operation : own.children("op")) keys.push_back(OperationKey(operation));
  for (const pugi::xml_node operation : of_template.children("op")) {
    if (std::find(keys.begin(), keys.end(), OperationKey(operation)) == keys.end()) own.append_copy(operation);
  }
  merged.remove_child(of_template);
}

// Spec 01 §17.2: every pair directly inside the element's own blocks, whatever their scores and rules; last
// one wins.
Table ReadGuestMeta(pugi::xml_node element) {
  Table meta;
  for (const pugi::xml_node block : element.children("meta_attributes")) {
    for (const pugi::xml_node pair : block.children("nvpair")) {
      if (pair.attribute("name") && pair.attribute("value")) meta.Set(Text(pair, "name"), Text(pair, "value"));
    }
  }
  return meta;
}

}  // namespace

ResourceDef ResourceReader::Read(pugi::xml_node element) const {
  pugi::xml_document scratch;
  ResourceDef def;
  def.guest_meta = ReadGuestMeta(element);
  def.template_id = Text(element, "template");
  const pugi::xml_node expanded = Expand(element, scratch);
  if (!expanded) {
    def.element = element.name();
    def.id = Text(element, "id");
    def.attributes = ReadAttributes(element);
    def.broken = true;
    return def;
  }
  ReadCommon(expanded, def);
  ReadChildren(expanded, def);
  return def;
}

pugi::xml_node ResourceReader::Expand(pugi::xml_node element, pugi::xml_document& scratch) const {
  const pugi::xml_attribute name = element.attribute("template");
  if (!name) return element;
  const std::string id = Text(element, "id");
  if (id == name.value()) {
    errors_.push_back("The resource object '" + id + "' should not reference itself");
    return {};
  }
  pugi::xml_node found;
  for (const pugi::xml_node candidate : resources_.children("template")) {
    if (std::string_view(candidate.attribute("id").value()) == name.value()) {
      found = candidate;
      break;
    }
  }
  if (!found) {
    errors_.push_back(std::string("No template named '") + name.value() + "'");
    return {};
  }
  pugi::xml_node merged = scratch.append_copy(found);
  merged.set_name(element.name());
  merged.attribute("id").set_value(id.c_str());
  const pugi::xml_node template_operations = merged.child("operations");
  pugi::xml_node own_operations;
  for (const pugi::xml_node child : element.children()) {
    const pugi::xml_node copy = merged.append_copy(child);
    if (!own_operations && std::string_view(child.name()) == "operations") own_operations = copy;
  }
  if (template_operations && own_operations) MergeOperations(merged, template_operations, own_operations);
  return merged;
}

void ResourceReader::ReadCommon(pugi::xml_node element, ResourceDef& def) const {
  def.element = element.name();
  const bool master = def.element == "master" && !parts_.Behaves(Behaviour::kRktGone);
  if (master) def.element = "clone";
  def.attributes = ReadAttributes(element);
  def.id = Text(element, "id");
  def.cls = Text(element, "class");
  def.provider = Text(element, "provider");
  def.type = Text(element, "type");
  def.params = parts_.ReadNvBlocks(element, "instance_attributes");
  def.meta = parts_.ReadNvBlocks(element, "meta_attributes");
  if (master) {
    NvBlock promotable{def.id + "-promotable", Score::Infinity(), std::nullopt, {}};
    promotable.pairs.push_back({promotable.id, "promotable", "true"});
    def.meta.insert(def.meta.begin(), std::move(promotable));
  }
  def.utilization = parts_.ReadNvBlocks(element, "utilization");
  pugi::xml_node operations = element.child("operations");
  if (!parts_.Behaves(Behaviour::kFirstOperationsBlock)) {
    while (operations.next_sibling("operations")) operations = operations.next_sibling("operations");
  }
  def.operations_by_reference = static_cast<bool>(operations.attribute("id-ref"));
  def.operations = ReadOperations(parts_.Resolve(operations));
}

void ResourceReader::ReadChildren(pugi::xml_node element, ResourceDef& def) const {
  const auto variant = VariantOf(def.element);
  if (!variant) {
    errors_.push_back("Ignoring resource '" + def.id + "' of unknown type '" + def.element + "'");
    def.broken = true;
    return;
  }
  def.variant = *variant;
  switch (*variant) {
    case Variant::kPrimitive:
      return;
    case Variant::kGroup:
      for (const pugi::xml_node child : element.children("primitive")) def.children.push_back(Read(child));
      return;
    case Variant::kClone:
      for (const pugi::xml_node child : element.children()) {
        const std::string_view name = child.name();
        if (name != "primitive" && name != "group") continue;
        def.children.push_back(Read(child));
        return;
      }
      return;
    case Variant::kBundle:
      def.bundle = ReadBundle(element);
      if (const pugi::xml_node child = element.child("primitive")) def.children.push_back(Read(child));
      return;
  }
}

BundleDef ResourceReader::ReadBundle(pugi::xml_node element) const {
  BundleDef bundle;
  for (const char* agent : {"docker", "rkt", "podman"}) {
    const pugi::xml_node container = element.child(agent);
    const bool old = !parts_.Behaves(Behaviour::kRktGone);
    if (!container || (agent == std::string_view("rkt") && !old)) continue;
    bundle.agent = agent;
    bundle.container = ReadAttributes(container);
    if (const pugi::xml_attribute masters = container.attribute("masters");
        old && masters && !container.attribute("promoted-max")) {
      bundle.container.emplace_back("promoted-max", masters.value());
    }
    break;
  }
  if (const pugi::xml_node network = element.child("network")) {
    bundle.network = ReadAttributes(network);
    for (const pugi::xml_node mapping : network.children("port-mapping")) {
      PortMapping port{Text(mapping, "port"), Text(mapping, "internal-port")};
      if (!mapping.attribute("port")) {
        port = {Text(mapping, "range"), Text(mapping, "range")};
      } else if (!mapping.attribute("internal-port")) {
        port.target = port.source;
      }
      if (port.source.empty() || port.target.empty()) {
        errors_.push_back("Invalid port directive " + Text(mapping, "id"));
      } else {
        bundle.ports.push_back(std::move(port));
      }
    }
  }
  for (const pugi::xml_node mapping : element.child("storage").children("storage-mapping")) {
    StorageMapping mount{Text(mapping, "source-dir"), false, Text(mapping, "target-dir"), Text(mapping, "options")};
    if (!mapping.attribute("source-dir")) {
      mount.source = Text(mapping, "source-dir-root");
      mount.per_replica = true;
    }
    if (mount.source.empty() || mount.target.empty()) {
      errors_.push_back("Invalid mount directive " + Text(mapping, "id"));
    } else {
      bundle.storage.push_back(std::move(mount));
    }
  }
  return bundle;
}

std::vector<OperationDef> ResourceReader::ReadOperations(pugi::xml_node operations) const {
  std::vector<OperationDef> list;
  for (const pugi::xml_node element : operations.children("op")) {
    OperationDef operation;
    operation.id = Text(element, "id");
    operation.name = Text(element, "name");
    operation.interval_ms = DurationOrZero(Text(element, "interval"));
    const pugi::xml_attribute enabled = element.attribute("enabled");
    operation.enabled = !enabled || IsTrue(std::string_view(enabled.value()));
    operation.attributes = ReadAttributes(element);
    operation.meta = parts_.ReadNvBlocks(element, "meta_attributes");
    operation.params = parts_.ReadNvBlocks(element, "instance_attributes");
    list.push_back(std::move(operation));
  }
  return list;
}

}  // namespace picket::solver
