#include "compiler/syntax/dump.h"

#include <algorithm>

#include "compiler/syntax/walk.h"

namespace picket::compiler {
namespace {

using ast::detail::IsBox;
using ast::detail::IsOptional;
using ast::detail::IsVariant;
using ast::detail::IsVector;

// "ClusterLink" out of what the compiler calls the function.
template <class T>
std::string TypeName() {
  std::string_view name = __PRETTY_FUNCTION__;
  name.remove_prefix(name.find("ast::") + 5);
  return std::string(name.substr(0, name.find_first_of("];, ")));
}

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string DumpArguments(const std::vector<ast::Argument>& arguments) {
  std::string out;
  for (const ast::Argument& argument : arguments) {
    out += ' ';
    if (argument.name) out += DumpText(*argument.name) + '=';
    out += DumpExpr(*argument.value);
  }
  return out;
}

std::string DumpOption(const ast::Option& option) {
  return DumpText(option.name) + (option.id ? "@" + DumpText(*option.id) : "") + '=' + DumpValue(option.value);
}

struct ExprDumper {
  std::string operator()(const ast::Value& value) const { return DumpValue(value); }
  std::string operator()(const ast::Not& node) const { return "(not " + DumpExpr(*node.operand) + ')'; }
  std::string operator()(const ast::Junction& node) const {
    std::string out = node.conjunction ? "(and" : "(or";
    for (const ast::Expr& operand : node.operands) out += ' ' + DumpExpr(operand);
    return out + ')';
  }
  std::string operator()(const ast::Implies& node) const {
    return "(implies " + DumpExpr(*node.premise) + ' ' + DumpExpr(*node.conclusion) + ')';
  }
  std::string operator()(const ast::Binary& node) const {
    return '(' + node.op + ' ' + DumpExpr(*node.left) + ' ' + DumpExpr(*node.right) + ')';
  }
  std::string operator()(const ast::StateAtom& node) const {
    return '(' + DumpText(node.state) + ' ' + DumpText(node.subject) +
           (node.node ? " on=" + DumpText(*node.node) : "") + (node.device ? " by=" + DumpText(*node.device) : "") +
           ')';
  }
  std::string operator()(const ast::UndisturbedAtom& node) const {
    return "(no-" + DumpText(node.kind) + ' ' + DumpText(node.resource) +
           (node.node ? " on=" + DumpText(*node.node) : "") + ')';
  }
  std::string operator()(const ast::DateAtom& node) const {
    std::string out = "(date";
    if (node.after) out += " after=" + DumpValue(*node.after);
    if (node.before) out += " before=" + DumpValue(*node.before);
    if (node.from) out += " from=" + DumpValue(*node.from);
    if (node.until) out += " until=" + DumpValue(*node.until);
    if (!node.duration.empty()) out += " for=(" + DumpArguments(node.duration) + ')';
    return out + ')';
  }
  std::string operator()(const ast::Index& node) const {
    return "(index " + DumpExpr(*node.base) + ' ' + DumpExpr(*node.key) + ')';
  }
};

class Dumper {
 public:
  std::string out;

  template <class T>
  void Node(const T& node, int depth) {
    if constexpr (IsVariant<T>::value) {
      std::visit([&](const auto& alternative) { Node(alternative, depth); }, node);
    } else if constexpr (std::is_same_v<T, ast::Statement>) {
      Node(node.what, depth);
    } else if constexpr (std::is_same_v<T, ast::Option>) {
      Line(depth, DumpOption(node));
    } else if constexpr (requires { node.Fields(); }) {
      std::string head = TypeName<T>();
      std::transform(head.begin(), head.end(), head.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      std::vector<std::string> names = FieldNames(T::kFieldNames);
      std::size_t i = 0;
      std::apply([&](const auto&... field) { (Inline(head, names[i++], field), ...); }, node.Fields());
      Line(depth, head);
      std::apply([&](const auto&... field) { (Below(field, depth + 1), ...); }, node.Fields());
    }
  }

 private:
  void Line(int depth, const std::string& text) {
    out += std::string(static_cast<std::size_t>(depth) * 2, ' ') + text + '\n';
  }

  static std::vector<std::string> FieldNames(std::string_view list) {
    std::vector<std::string> names;
    while (!list.empty()) {
      const std::size_t comma = list.find(',');
      names.emplace_back(list.substr(0, comma));
      list = comma == std::string_view::npos ? "" : list.substr(list.find_first_not_of(", ", comma));
    }
    return names;
  }

  // Fields that fit on the node's own line.
  template <class T>
  static void Inline(std::string& head, const std::string& name, const T& field) {
    if constexpr (IsOptional<T>::value) {
      if (field) Inline(head, name, *field);
    } else if constexpr (std::is_same_v<T, ast::Text>) {
      head += ' ' + name + '=' + DumpText(field);
    } else if constexpr (std::is_same_v<T, ast::Value>) {
      head += ' ' + name + '=' + DumpValue(field);
    } else if constexpr (std::is_same_v<T, ast::Expr>) {
      head += ' ' + name + '=' + DumpExpr(field);
    } else if constexpr (std::is_same_v<T, std::vector<ast::Text>>) {
      for (const ast::Text& text : field) head += ' ' + DumpText(text);
    } else if constexpr (std::is_same_v<T, std::vector<ast::Option>>) {
      for (const ast::Option& option : field) head += ' ' + DumpOption(option);
    } else if constexpr (std::is_same_v<T, std::vector<ast::Argument>>) {
      head += DumpArguments(field);
    } else if constexpr (std::is_same_v<T, ast::Option>) {
      head += ' ' + DumpOption(field);
    } else if constexpr (std::is_same_v<T, ast::Rule>) {
      head += ' ' + name + '=';
      if (field.id) head += '@' + DumpText(*field.id) + ' ';
      if (field.from) head += "from " + DumpText(*field.from);
      if (field.condition) head += DumpExpr(*field.condition);
    } else if constexpr (std::is_same_v<T, ast::Source>) {
      head += (field.is_template ? " from=" : " agent=") + DumpText(field.name);
    } else if constexpr (std::is_same_v<T, ast::Regex>) {
      head += ' ' + name + "=/" + DumpText(field.pattern) + '/';
    } else if constexpr (std::is_same_v<T, std::variant<ast::Text, ast::Set>>) {
      std::visit([&](const auto& what) { Inline(head, name, what); }, field);
    } else if constexpr (std::is_same_v<T, std::variant<ast::Text, ast::Regex, ast::AttributeTarget>>) {
      std::visit([&](const auto& what) { Inline(head, name, what); }, field);
    } else if constexpr (std::is_same_v<T, ast::AttributeTarget>) {
      head += " where=" + DumpText(field.attribute) + "==" + DumpValue(field.value);
    } else if constexpr (std::is_same_v<T, ast::Set>) {
      head += field.ordered ? " [" : " {";
      if (field.id) head += '@' + DumpText(*field.id);
      if (field.from) head += "from " + DumpText(*field.from);
      for (const ast::Text& member : field.members) head += ' ' + DumpText(member);
      for (const ast::Option& option : field.options) head += ' ' + DumpOption(option);
      head += field.ordered ? " ]" : " }";
    }
  }

  // Fields that are nodes of their own.
  template <class T>
  void Below(const T& field, int depth) {
    if constexpr (IsVector<T>::value) {
      using Element = typename T::value_type;
      if constexpr (!std::is_same_v<Element, ast::Text> && !std::is_same_v<Element, ast::Option> &&
                    !std::is_same_v<Element, ast::Argument>) {
        for (const Element& element : field) Node(element, depth);
      }
    } else if constexpr (IsVariant<T>::value && !std::is_same_v<T, std::variant<ast::Text, ast::Set>> &&
                         !std::is_same_v<T, std::variant<ast::Text, ast::Regex, ast::AttributeTarget>>) {
      Node(field, depth);
    } else if constexpr (std::is_same_v<T, ast::Attributes> || std::is_same_v<T, ast::Primitive>) {
      Node(field, depth);
    }
  }
};

}  // namespace

std::string DumpText(const ast::Text& text) {
  if (text.IsLiteral()) return text.quoted ? Quoted(text.literal) : text.literal;
  std::string out;
  for (const ast::Piece& piece : text.pieces) {
    if (const auto* run = std::get_if<std::string>(&piece)) {
      out += *run;
    } else {
      out += "${" + DumpExpr(*std::get<ast::Box<ast::Expr>>(piece)) + '}';
    }
  }
  return text.quoted ? Quoted(out) : out;
}

std::string DumpValue(const ast::Value& value) {
  if (const auto* text = std::get_if<ast::Text>(&value.what)) return DumpText(*text);
  if (const auto* call = std::get_if<ast::Call>(&value.what)) {
    return '(' + DumpText(call->name) + "()" + DumpArguments(call->arguments) + ')';
  }
  std::string out;
  if (const auto* list = std::get_if<ast::List>(&value.what)) {
    for (const ast::Value& item : list->items) out += (out.empty() ? "" : " ") + DumpValue(item);
    return '[' + out + ']';
  }
  for (const ast::Option& option : std::get<ast::Map>(value.what).options) {
    out += (out.empty() ? "" : " ") + DumpOption(option);
  }
  return '{' + out + '}';
}

std::string DumpExpr(const ast::Expr& expr) {
  return std::visit(ExprDumper{}, expr.what);
}

std::string DumpAst(const std::vector<ast::Statement>& statements) {
  Dumper dumper;
  for (const ast::Statement& statement : statements) dumper.Node(statement, 0);
  return std::move(dumper.out);
}

}  // namespace picket::compiler
