#include "compiler/import/reader.h"

// Tags, access control, alerts.
namespace picket::compiler::import {
namespace {

// `//*[@id='web']/meta_attributes` is said as `meta of web`.
bool ReadPart(std::string_view xpath, ast::Permission& out) {
  constexpr std::string_view kBegin = "//*[@id='";
  if (!xpath.starts_with(kBegin)) return false;
  xpath.remove_prefix(kBegin.size());
  const std::size_t quote = xpath.find("']/");
  if (quote == std::string_view::npos) return false;
  const std::string_view part = xpath.substr(quote + 3);
  if (part != "meta_attributes" && part != "instance_attributes") return false;
  out.object = MakeText(part == "meta_attributes" ? "meta" : "params");
  out.name = MakeText(xpath.substr(0, quote));
  return true;
}

bool ReadPermission(Reader& reader, xml_node node, Level level, ast::Permission& out) {
  out.span = reader.Number();
  out.kind = MakeText(Attribute(node, "kind"));
  out.id = reader.InnerId(node);
  if (Has(node, "xpath")) {
    const std::string_view xpath = Attribute(node, "xpath");
    if (xpath == "/cib") {
      out.object = MakeText("all");
    } else if (xpath == "//nvpair[contains(@name,'passw') or contains(@name,'secret')]") {
      out.object = MakeText("secrets");
    } else if (level != Level::kReadable || !ReadPart(xpath, out)) {
      out.object = MakeText("xpath");
      out.name = MakeText(xpath, true);
    }
  } else if (Has(node, "object-type")) {
    out.object = MakeText("element");
    out.name = MakeText(Attribute(node, "object-type"));
    if (Has(node, "attribute")) out.attribute = MakeText(Attribute(node, "attribute"));
  } else if (Has(node, "reference")) {
    out.name = MakeText(Attribute(node, "reference"));
  } else {
    return false;
  }
  if (Has(node, "description")) {
    out.options.push_back(reader.MakeOption("description", MakeValue(Attribute(node, "description"), true)));
  }
  return true;
}

bool ReadSelect(Reader& reader, xml_node node, ast::Select& out) {
  out.span = reader.Number();
  for (const xml_node child : node.children()) {
    if (reader.IsComment(child)) continue;
    std::string_view kind = child.name();
    if (!kind.starts_with("select_")) return false;
    ast::Selection selection;
    selection.kind = MakeText(kind.substr(7));
    for (const xml_node attribute : child.children("attribute")) {
      selection.attributes.push_back(MakeText(Attribute(attribute, "name")));
    }
    out.selections.push_back(std::move(selection));
  }
  return !out.selections.empty();
}

}  // namespace

std::optional<Statements> ReadTag(Reader& reader, xml_node node) {
  ast::Tag tag;
  if (!Has(node, "id")) return std::nullopt;
  tag.name = MakeText(Attribute(node, "id"));
  for (const xml_node reference : node.children()) {
    if (!reader.IsComment(reference)) tag.members.push_back(MakeText(Attribute(reference, "id")));
  }
  if (tag.members.empty()) return std::nullopt;
  Statements out;
  out.push_back(reader.MakeStatement(std::move(tag)));
  return out;
}

std::optional<Statements> ReadAcl(Reader& reader, xml_node node, Level level) {
  const std::string_view element = node.name();
  Statements out;
  if (!Has(node, "id")) return std::nullopt;
  if (element == "acl_role") {
    ast::Role role;
    role.name = MakeText(Attribute(node, "id"));
    if (Has(node, "description")) {
      role.items.emplace_back(ast::Description{MakeText(Attribute(node, "description"), true), reader.Number()});
    }
    for (const xml_node child : node.children()) {
      if (reader.IsComment(child)) continue;
      ast::Permission permission;
      if (std::string_view(child.name()) != "acl_permission" || !ReadPermission(reader, child, level, permission)) {
        return std::nullopt;
      }
      role.items.emplace_back(std::move(permission));
    }
    const bool lines = role.items.size() > 3;
    out.push_back(reader.MakeStatement(std::move(role)));
    if (lines) reader.notes.spread.insert(out.back().span.begin);
    return out;
  }
  if (element != "acl_target" && element != "acl_group") return std::nullopt;
  ast::Acl acl;
  acl.kind = MakeText(element == "acl_target" ? "user" : "group");
  acl.name = MakeText(Attribute(node, Has(node, "name") ? "name" : "id"));
  if (Has(node, "name")) acl.id = MakeText(Attribute(node, "id"));
  for (const xml_node child : node.children()) {
    if (!reader.IsComment(child)) acl.roles.push_back(MakeText(Attribute(child, "id")));
  }
  out.push_back(reader.MakeStatement(std::move(acl)));
  return out;
}

std::optional<Statements> ReadAlert(Reader& reader, xml_node node) {
  ast::Alert alert;
  if (!Has(node, "id") || !Has(node, "path")) return std::nullopt;
  alert.name = MakeText(Attribute(node, "id"));
  alert.path = MakeValue(Attribute(node, "path"));
  if (!ReadItems(reader, node, "instance_attributes", {}, alert.items)) return std::nullopt;
  for (const xml_node child : node.children()) {
    const std::string_view element = child.name();
    if (element == "select") {
      ast::Select select;
      if (!ReadSelect(reader, child, select)) return std::nullopt;
      alert.items.emplace_back(std::move(select));
    } else if (element == "recipient") {
      ast::Recipient recipient;
      recipient.span = reader.Number();
      // A recipient's id is told to nobody, but people choose it with care.
      recipient.id = reader.InnerId(child);
      recipient.value = MakeValue(Attribute(child, "value"));
      if (!ReadItems(reader, child, "instance_attributes", {}, recipient.items)) return std::nullopt;
      alert.items.emplace_back(std::move(recipient));
    }
  }
  Statements out;
  const bool lines = alert.items.size() > 2;
  out.push_back(reader.MakeStatement(std::move(alert)));
  if (lines) reader.notes.spread.insert(out.back().span.begin);
  return out;
}

}  // namespace picket::compiler::import
