#include <algorithm>

#include "compiler/check/option_values.h"
#include "compiler/emit/nvset.h"
#include "compiler/emit/resources.h"

namespace picket::compiler::emit {
namespace {

// Options as attributes of an element, each known by name.
void Attributes(Context& context, pugi::xml_node element, const std::vector<ast::Option>& options,
                const std::vector<std::string>& known, Holder holder, std::string_view owner) {
  for (const ast::Option& option : options) {
    if (std::find(known.begin(), known.end(), option.name.literal) == known.end()) {
      UnknownOption(context, option, known, owner);
      continue;
    }
    const std::string value = option.name.literal == "add-host"
                                  ? BooleanOf(context, option)
                                  : TextOf(context, option.value, "`" + option.name.literal + "`");
    CheckValue(holder, option, context.diagnostics);
    context.Set(element, option.name.literal.c_str(), value, option.span);
  }
}

std::string TextOption(const std::vector<ast::Option>& options, std::string_view name) {
  for (const ast::Option& option : options) {
    if (option.name.literal != name) continue;
    if (const auto* text = std::get_if<ast::Text>(&option.value.what)) return text->literal;
  }
  return "";
}

}  // namespace

void EmitBundle(Context& context, pugi::xml_node parent, const ast::Bundle& bundle, const Span& span) {
  const std::string& runtime = bundle.runtime.literal;
  if (runtime != "podman" && runtime != "docker" && runtime != "rkt") {
    context.Error("E0205", bundle.runtime.span, "`" + runtime + "` does not run containers")
        .help.push_back("write podman or docker");
    return;
  }
  if (runtime == "rkt") context.needs_old_schema = true;
  pugi::xml_node element = parent.append_child("bundle");
  const std::string id = context.SetId(element, bundle.name, "", "", span);
  Blocks blocks(context, element, id);
  std::vector<ast::Option> container;
  for (const ast::BundleItem& item : bundle.items) {
    if (const auto* option = std::get_if<ast::Option>(&item)) container.push_back(*option);
    if (const auto* block = std::get_if<ast::Attributes>(&item)) {
      blocks.Block(TagOf(block->kind.literal), PairKindOf(block->kind.literal), *block);
    }
    if (const auto* description = std::get_if<ast::Description>(&item)) {
      context.Set(element, "description", description->text.literal, description->span);
    }
  }
  pugi::xml_node engine = element.append_child(runtime.c_str());
  static const std::vector<std::string> known = {
      "image", "replicas", "replicas-per-host", "promoted-max", "run-command", "network", "options"};
  for (const ast::Option& option : container) {
    const std::string& name = option.name.literal;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      UnknownOption(context, option, known, "a bundle");
      continue;
    }
    CheckValue(Holder::kBundle, option, context.diagnostics);
    engine.append_attribute(name.c_str()) = TextOf(context, option.value, "`" + name + "`").c_str();
    context.map.Add(id, name, option.span);
  }
  if (!engine.attribute("image")) {
    context.Error("E0206", bundle.name.span, "the bundle `" + bundle.name.literal + "` has no image")
        .help.push_back("write `image = …` in its braces");
  }
  pugi::xml_node network;
  pugi::xml_node storage;
  for (const ast::BundleItem& item : bundle.items) {
    if (const auto* options = std::get_if<ast::BundleNetwork>(&item)) {
      if (!network) network = element.append_child("network");
      static const std::vector<std::string> names = {"ip-range-start", "control-port", "host-interface", "host-netmask",
                                                     "add-host"};
      Attributes(context, network, options->options, names, Holder::kNetwork, "`network`");
    }
  }
  for (const ast::BundleItem& item : bundle.items) {
    if (const auto* port = std::get_if<ast::BundlePort>(&item)) {
      if (!network) network = element.append_child("network");
      pugi::xml_node mapping = network.append_child("port-mapping");
      const std::string name = port->port ? port->port->literal : TextOption(port->options, "range");
      context.SetId(mapping, port->id, id + "-port-" + name, name, port->span);
      if (port->port) context.Set(mapping, "port", port->port->literal, port->span);
      static const std::vector<std::string> names = {"internal-port", "range"};
      Attributes(context, mapping, port->options, names, Holder::kPort, "`port`");
    } else if (const auto* mount = std::get_if<ast::BundleStorage>(&item)) {
      if (!storage) storage = element.append_child("storage");
      pugi::xml_node mapping = storage.append_child("storage-mapping");
      const std::string name = TextOption(mount->options, "target-dir");
      context.SetId(mapping, mount->id, id + "-storage" + name, name, mount->span);
      static const std::vector<std::string> names = {"source-dir", "source-dir-root", "target-dir", "options"};
      Attributes(context, mapping, mount->options, names, Holder::kStorage, "`storage`");
    }
  }
  for (const ast::BundleItem& item : bundle.items) {
    if (const auto* member = std::get_if<ast::BundlePrimitive>(&item)) {
      EmitPrimitive(context, element, member->primitive, member->span);
    }
  }
}

}  // namespace picket::compiler::emit
