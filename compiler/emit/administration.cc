#include "compiler/emit/administration.h"

#include <sstream>

#include "compiler/emit/nvset.h"
#include "compiler/emit/resources.h"

namespace picket::compiler::emit {
namespace {

void EmitPermission(Context& context, pugi::xml_node role, const std::string& role_id,
                    const ast::Permission& permission) {
  pugi::xml_node element = role.append_child("acl_permission");
  const std::string object = permission.object ? permission.object->literal : "";
  const std::string name = permission.name ? permission.name->literal : "";
  const std::string content = permission.kind.literal + ' ' + object + ' ' + name + ' ' +
                              (permission.attribute ? permission.attribute->literal : "");
  const std::string part =
      object == "xpath" ? ShortHash(content) : object + (object.empty() || name.empty() ? "" : "-") + name;
  context.SetId(element, permission.id, role_id + '-' + permission.kind.literal + '-' + part, content, permission.span);
  context.Set(element, "kind", permission.kind.literal, permission.kind.span);
  if (object == "all") {
    context.Set(element, "xpath", "/cib", permission.span);
  } else if (object == "secrets") {
    // Whatever an agent calls its password; the same names that Pacemaker hides
    // from its logs.
    context.Set(element, "xpath", "//nvpair[contains(@name,'passw') or contains(@name,'secret')]", permission.span);
  } else if (object == "xpath") {
    context.Set(element, "xpath", name, permission.span);
  } else if (object == "element") {
    context.Set(element, "object-type", name, permission.span);
    if (permission.attribute) {
      context.Set(element, "attribute", permission.attribute->literal, permission.span);
    }
  } else if (object == "meta" || object == "params") {
    context.Set(element, "xpath",
                "//*[@id='" + name + "']/" + (object == "meta" ? "meta_attributes" : "instance_attributes"),
                permission.span);
  } else {
    context.Set(element, "reference", name, permission.span);
  }
  for (const ast::Option& option : permission.options) {
    if (option.name.literal == "description") {
      context.Set(element, "description", TextOf(context, option.value, "`description`"), option.span);
    } else {
      UnknownOption(context, option, {"description"}, "a permission");
    }
  }
}

}  // namespace

void EmitTag(Context& context, const ast::Tag& tag, const Span& span) {
  pugi::xml_node element = context.tags.append_child("tag");
  context.SetId(element, tag.name, "", "", span);
  for (const ast::Text& member : tag.members) {
    element.append_child("obj_ref").append_attribute("id") = member.literal.c_str();
  }
}

void EmitRole(Context& context, const ast::Role& role, const Span& span) {
  pugi::xml_node element = context.acls.append_child("acl_role");
  const std::string id = context.SetId(element, role.name, "", "", span);
  for (const ast::RoleItem& item : role.items) {
    if (const auto* description = std::get_if<ast::Description>(&item)) {
      context.Set(element, "description", description->text.literal, description->span);
    } else {
      EmitPermission(context, element, id, std::get<ast::Permission>(item));
    }
  }
}

void EmitAcl(Context& context, const ast::Acl& acl, const Span& span) {
  const bool user = acl.kind.literal == "user";
  pugi::xml_node element = context.acls.append_child(user ? "acl_target" : "acl_group");
  // Without an id of its own, an account's name is its id.
  const ast::Text& id = acl.id ? *acl.id : acl.name;
  context.SetId(element, id, "", "", span);
  if (acl.id) {
    context.names_accounts = true;
    context.Set(element, "name", acl.name.literal, acl.name.span);
  }
  for (const ast::Text& role : acl.roles) {
    element.append_child("role").append_attribute("id") = role.literal.c_str();
  }
}

void EmitAlert(Context& context, const ast::Alert& alert, const Span& span) {
  pugi::xml_node element = context.alerts.append_child("alert");
  const std::string id = context.SetId(element, alert.name, "", "", span);
  context.Set(element, "path", TextOf(context, alert.path, "the path of an alert"), alert.path.span);
  std::vector<ast::Item> shared;
  for (const ast::AlertItem& item : alert.items) {
    std::visit(
        [&](const auto& one) {
          if constexpr (requires { ast::Item(one); }) shared.push_back(one);
        },
        item);
  }
  EmitCollectionItems(context, element, id, shared, "instance_attributes");
  pugi::xml_node select;
  for (const ast::AlertItem& item : alert.items) {
    const auto* given = std::get_if<ast::Select>(&item);
    if (given == nullptr) continue;
    if (!select) select = element.append_child("select");
    for (const ast::Selection& selection : given->selections) {
      const std::string tag = "select_" + selection.kind.literal;
      pugi::xml_node node = select.child(tag.c_str());
      if (!node) node = select.append_child(tag.c_str());
      for (const ast::Text& name : selection.attributes) {
        pugi::xml_node attribute = node.append_child("attribute");
        context.SetId(attribute, std::nullopt, id + "-select-" + name.literal, "", name.span);
        context.Set(attribute, "name", name.literal, name.span);
      }
    }
  }
  for (const ast::AlertItem& item : alert.items) {
    const auto* recipient = std::get_if<ast::Recipient>(&item);
    if (recipient == nullptr) continue;
    pugi::xml_node node = element.append_child("recipient");
    const std::string value = TextOf(context, recipient->value, "a recipient");
    const std::string recipient_id =
        context.SetId(node, recipient->id, id + "-recipient-" + value, value, recipient->span);
    context.Set(node, "value", value, recipient->value.span);
    EmitCollectionItems(context, node, recipient_id, recipient->items, "instance_attributes");
  }
}

void EmitXml(Context& context, const ast::Xml& xml, const Span& span) {
  pugi::xml_node section;
  const std::string& name = xml.section.literal;
  if (name == "crm_config") section = context.crm_config;
  if (name == "nodes") section = context.nodes;
  if (name == "resources") section = context.resources;
  if (name == "constraints") section = context.constraints;
  if (name == "fencing-topology") section = context.fencing_topology;
  if (name == "rsc_defaults") section = context.rsc_defaults;
  if (name == "op_defaults") section = context.op_defaults;
  if (name == "tags") section = context.tags;
  if (name == "acls") section = context.acls;
  if (name == "alerts") section = context.alerts;
  if (!section) {
    context.Error("E0203", xml.section.span, "`" + name + "` is not a section of the configuration")
        .help.push_back(
            "sections are crm_config, nodes, resources, constraints, "
            "fencing-topology, rsc_defaults, op_defaults, tags, acls and alerts");
    return;
  }
  pugi::xml_document document;
  const pugi::xml_parse_result result = document.load_buffer(xml.content.literal.data(), xml.content.literal.size(),
                                                             pugi::parse_default | pugi::parse_fragment);
  if (!result || !document.first_child()) {
    context.Error("E0205", xml.content.span,
                  result ? "no element in this text" : "not well-formed XML: " + std::string(result.description()));
    return;
  }
  context.needs_old_schema = true;
  for (pugi::xml_node child : document.children()) {
    const pugi::xml_node copy = section.append_copy(child);
    if (const auto id = copy.attribute("id")) {
      context.ids.Reserve(id.value());
      context.map.Add(id.value(), {}, span);
    }
  }
  context.diagnostics.Warning("W0404", span, "`xml` puts text into the CIB unchecked")
      .help.push_back("say it in words, if there are words for it");
}

}  // namespace picket::compiler::emit
