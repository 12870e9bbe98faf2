#include "compiler/emit/context.h"

#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::emit {

std::string ShortHash(std::string_view text) {
  // FNV-1a, 64 bits folded to 32: stable everywhere, which std::hash is not.
  std::uint64_t hash = 14695981039346656037ull;
  for (unsigned char byte : text) hash = (hash ^ byte) * 1099511628211ull;
  std::uint32_t folded = static_cast<std::uint32_t>(hash ^ (hash >> 32));
  std::string out(8, '0');
  for (std::size_t i = 8; i-- > 0; folded >>= 4) out[i] = "0123456789abcdef"[folded & 15];
  return out;
}

std::string IdPart(std::string_view text) {
  std::string out;
  for (char c : text) {
    const bool fine = std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
    out += fine ? c : '-';
  }
  return out;
}

std::string IdTable::Claim(std::string_view wanted, std::string_view content) {
  std::string id = IdPart(wanted);
  if (id.empty() || !IsXmlId(id.substr(0, 1))) id = '_' + id;
  if (taken_.insert(id).second) return id;
  const std::string hashed = id + '-' + ShortHash(content);
  if (taken_.insert(hashed).second) return hashed;
  for (int& twin = twins_.try_emplace(hashed, 2).first->second;; ++twin) {
    std::string counted = hashed + '-' + std::to_string(twin);
    if (taken_.insert(counted).second) return counted;
  }
}

std::string Context::SetId(pugi::xml_node element, const std::optional<ast::Text>& given, std::string_view wanted,
                           std::string_view content, const Span& span) {
  const std::string id = given ? given->literal : ids.Claim(wanted, content);
  element.append_attribute("id") = id.c_str();
  map.Add(id, {}, span);
  return id;
}

void Context::Set(pugi::xml_node element, const char* attribute, std::string_view value, const Span& span) {
  element.append_attribute(attribute) = std::string(value).c_str();
  map.Add(element.attribute("id").value(), attribute, span);
}

std::string TextOf(Context& context, const ast::Value& value, std::string_view what) {
  if (const auto* text = std::get_if<ast::Text>(&value.what)) return text->literal;
  context.Error("E0205", value.span, std::string(what) + " is a single value")
      .help.push_back("write a word, or a string in quotes");
  return "";
}

std::string RoleOf(Context& context, const ast::Text& role) {
  const std::string& word = role.literal;
  if (word == "started" || word == "Started") return "Started";
  if (word == "stopped" || word == "Stopped") return "Stopped";
  if (word == "promoted" || word == "Promoted" || word == "Master") return "Promoted";
  if (word == "unpromoted" || word == "Unpromoted" || word == "Slave") return "Unpromoted";
  Diagnostic& error = context.Error("E0205", role.span, "`" + word + "` is not a role");
  static const std::vector<std::string> roles = {"started", "stopped", "promoted", "unpromoted"};
  if (auto nearest = Nearest(word, roles)) {
    error.help.push_back("did you mean `" + *nearest + "`?");
  } else {
    error.help.push_back("roles are started, stopped, promoted and unpromoted");
  }
  return "Started";
}

std::string ScoreOf(Context& context, const ast::Value& value, bool positive) {
  const std::string word = TextOf(context, value, "a score");
  const auto score = AsScore(word);
  if (!score) {
    if (!word.empty()) {
      context.Error("E0205", value.span, "`" + word + "` is not a score")
          .help.push_back("a score is a whole number or `inf`");
    }
    return "0";
  }
  if (positive && (*score)[0] == '-') {
    context.Error("E0209", value.span, "a constraint's score is not negative")
        .help.push_back("say it with a word: `avoids`, `never` or `separate`");
    return "0";
  }
  return *score;
}

std::string BooleanOf(Context& context, const ast::Option& option) {
  const std::string word = TextOf(context, option.value, "`" + option.name.literal + "`");
  const auto value = AsBoolean(word);
  if (!value) {
    context.Error("E0205", option.value.span, "`" + option.name.literal + "` is yes or no, not `" + word + "`")
        .help.push_back("write yes or no");
  }
  return value.value_or(false) ? "true" : "false";
}

void UnknownOption(Context& context, const ast::Option& option, const std::vector<std::string>& known,
                   std::string_view owner) {
  Diagnostic& error =
      context.Error("E0204", option.name.span, std::string(owner) + " has no option `" + option.name.literal + "`");
  if (auto nearest = Nearest(option.name.literal, known)) {
    error.help.push_back("did you mean `" + *nearest + "`?");
  } else {
    std::string list;
    for (const std::string& one : known) list += (list.empty() ? "" : ", ") + one;
    error.help.push_back("known are " + list);
  }
}

}  // namespace picket::compiler::emit
