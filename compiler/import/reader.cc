#include "compiler/import/reader.h"

#include "compiler/import/normal_form.h"

namespace picket::compiler::import {

std::string_view Attribute(xml_node node, const char* name) {
  return node.attribute(name).value();
}
bool Has(xml_node node, const char* name) {
  return !node.attribute(name).empty();
}

ast::Text MakeText(std::string_view literal, bool quoted) {
  ast::Text text;
  text.literal = literal;
  text.quoted = quoted;
  return text;
}

ast::Value MakeValue(std::string_view literal, bool quoted) {
  return {MakeText(literal, quoted), {}};
}

ast::Expr MakeExpr(ast::Value value) {
  return {std::move(value), {}};
}

ast::Expr MakeCall(std::string_view name, std::vector<ast::Argument> arguments) {
  return MakeExpr({ast::Call{MakeText(name), std::move(arguments)}, {}});
}

ast::Argument MakeArgument(std::string_view name, std::string_view value) {
  ast::Argument argument;
  if (!name.empty()) argument.name = MakeText(name);
  argument.value = ast::Box<ast::Expr>(MakeExpr(MakeValue(value)));
  return argument;
}

Reader::Reader(const pugi::xml_document& document, bool all_ids) : all_ids_(all_ids) {
  for (std::string& id : ReferencedIds(document)) referenced_.insert(std::move(id));
  const xml_node configuration = document.document_element().child("configuration");
  for (const xml_node node : configuration.child("nodes").children("node")) {
    nodes.insert(std::string(Attribute(node, "uname")));
  }
  for (const xml_node location : configuration.child("constraints").children("rsc_location")) {
    if (Has(location, "node")) used_nodes.insert(std::string(Attribute(location, "node")));
  }
  for (const xml_node level : configuration.child("fencing-topology").children("fencing-level")) {
    if (Has(level, "target")) used_nodes.insert(std::string(Attribute(level, "target")));
  }
}

Span Reader::Number() {
  ++number_;
  if (!pending_.empty()) notes.comments[number_] = std::move(pending_);
  pending_.clear();
  return {0, number_, number_, 0};
}

// A comment is one line, whatever stands in the values that it tells about.
void Reader::Remark(std::string_view line) {
  std::string text = "# ";
  for (const char c : line) {
    if (c == '\n') {
      text += "\\n";
    } else if (c == '\r') {
      text += "\\r";
    } else {
      text += c == '\t' ? ' ' : c;
    }
  }
  text.erase(text.find_last_not_of(' ') + 1);
  pending_.push_back(std::move(text));
}

bool Reader::IsComment(xml_node node) {
  if (node.type() == pugi::node_element) return false;
  if (node.type() != pugi::node_comment) return true;
  std::string_view text = node.value();
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    std::string_view line = text.substr(0, newline);
    const std::size_t begin = line.find_first_not_of(" \t\r");
    const std::size_t end = line.find_last_not_of(" \t\r");
    if (begin != std::string_view::npos) Remark(line.substr(begin, end + 1 - begin));
    text = newline == std::string_view::npos ? "" : text.substr(newline + 1);
  }
  return true;
}

bool Reader::IsLeading(xml_node node) {
  if (node.type() != pugi::node_comment) return false;
  const std::string_view owner = node.parent().name();
  if (owner != "primitive" && owner != "template" && owner != "group" && owner != "clone" && owner != "master") {
    return false;
  }
  for (xml_node before = node.previous_sibling(); before; before = before.previous_sibling()) {
    if (before.type() == pugi::node_element) return false;
  }
  return true;
}

void Reader::TakeLeading(xml_node resource, std::uint32_t number) {
  std::vector<std::string> others = TakeRemarks();
  for (const xml_node child : resource.children()) {
    if (IsLeading(child)) IsComment(child);
  }
  std::vector<std::string> lines = std::exchange(pending_, std::move(others));
  if (lines.empty()) return;
  std::vector<std::string>& comments = notes.comments[number];
  comments.insert(comments.begin(), lines.begin(), lines.end());
}

std::optional<ast::Text> Reader::InnerId(xml_node node) const {
  const std::string_view id = Attribute(node, "id");
  if (id.empty() || (!all_ids_ && !IsReferenced(id))) return std::nullopt;
  return MakeText(id);
}

ast::Option Reader::MakeOption(std::string_view name, ast::Value value) {
  ast::Option option;
  option.name = MakeText(name);
  option.value = std::move(value);
  option.span = Number();
  return option;
}

ast::Statement Reader::MakeStatement(decltype(ast::Statement::what) what) {
  ast::Statement statement;
  statement.what = std::move(what);
  statement.span = Number();
  return statement;
}

std::optional<ast::Text> RoleWord(std::string_view role) {
  if (role == "Started") return MakeText("started");
  if (role == "Stopped") return MakeText("stopped");
  if (role == "Promoted" || role == "Master") return MakeText("promoted");
  if (role == "Unpromoted" || role == "Slave") return MakeText("unpromoted");
  return std::nullopt;
}

}  // namespace picket::compiler::import
