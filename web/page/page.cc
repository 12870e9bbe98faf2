#include "web/page/page.h"

#include <nlohmann/json.hpp>

#include "web/page/assets.h"

namespace picket::web {
namespace {

using Json = nlohmann::ordered_json;

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else if (c == '&')
      escaped += "&amp;";
    else if (c == '"')
      escaped += "&quot;";
    else
      escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return escaped;
}

// JSON that may stand within a script element: it holds no `<`, so neither the end of one nor a comment.
std::string JsonText(const Json& json) {
  std::string text;
  for (const char c : json.dump(-1, ' ', true, Json::error_handler_t::replace)) {
    if (c == '<')
      text += "\\u003c";
    else
      text += c;
  }
  return text;
}

std::string Base64(std::string_view bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t three = 0;
    for (size_t k = 0; k < 3; ++k) three = three << 8 | (i + k < bytes.size() ? static_cast<uint8_t>(bytes[i + k]) : 0);
    for (size_t k = 0; k < 4; ++k) text += i + k > bytes.size() ? '=' : kDigits[three >> (18 - 6 * k) & 63];
  }
  return text;
}

std::string SecurityPolicy() {
  return "default-src 'none'; script-src 'sha256-" + std::string(kScriptDigest) +
         "' 'wasm-unsafe-eval'; worker-src blob:; style-src 'sha256-" + std::string(kStyleDigest) +
         "'; img-src data:; base-uri 'none'; form-action 'none'";
}

}  // namespace

std::string HtmlOf(const InteractivePage& page) {
  Json policies = Json::array();
  for (const PagePolicy& policy : page.policies) {
    Json files = Json::object();
    for (const auto& [name, text] : policy.files) files[name] = text;
    policies.push_back({{"path", policy.path}, {"text", policy.text}, {"files", std::move(files)}});
  }
  const Json data = {{"title", page.title}, {"policies", std::move(policies)}, {"steps", page.steps},
                     {"as", page.as},       {"version", page.version},         {"date", page.date}};
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"" +
         SecurityPolicy() +
         "\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<link rel=\"icon\" href=\"data:,\">\n<title>SIMULATED: " +
         Escaped(page.title) + "</title>\n<style>" + std::string(kStyle) +
         "</style></head>\n<body>\n<div id=\"page\"><main><p>The engine starts. Without scripts "
         "this page is empty; <code>picket report</code> without <code>--interactive</code> makes one that "
         "needs "
         "none.</p></main></div>\n<script type=\"application/json\" id=\"data\">" +
         JsonText(data) + "</script>\n<script type=\"application/octet-stream\" id=\"engine\">" + Base64(page.engine) +
         "</script>\n<script>" + std::string(kScript) + "</script>\n</body></html>\n";
}

namespace {

bool IsName(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

// Where the value that begins here ends.
size_t EndOfValue(std::string_view text, size_t at) {
  if (at < text.size() && (text[at] == '"' || text[at] == '\'')) {
    const char quote = text[at];
    const bool triple = text.substr(at, 3) == std::string(3, quote);
    const std::string end(triple ? 3 : 1, quote);
    for (size_t i = at + end.size(); i < text.size(); ++i) {
      if (text[i] == '\\')
        ++i;
      else if (text.substr(i, end.size()) == end)
        return i + end.size();
    }
    return text.size();
  }
  while (at < text.size() && std::string_view(" \t\r\n;}").find(text[at]) == std::string_view::npos) ++at;
  return at;
}

bool IsHarmless(std::string_view value) {
  return value.empty() || value.starts_with("secret(") ||
         (value[0] >= '0' && value[0] <= '9' && value.size() < 8 &&
          value.find_first_not_of("0123456789msinh") == value.npos);
}

}  // namespace

std::string WithoutSecrets(std::string_view policy, bool (*is_secret_name)(std::string_view)) {
  std::string masked;
  for (size_t at = 0; at < policy.size();) {
    if (!IsName(policy[at])) {
      masked += policy[at++];
      continue;
    }
    size_t end = at;
    while (end < policy.size() && IsName(policy[end])) ++end;
    const std::string_view name = policy.substr(at, end - at);
    masked += name;
    at = end;
    size_t value = at;
    while (value < policy.size() && (policy[value] == ' ' || policy[value] == '\t')) ++value;
    if (value >= policy.size() || policy[value] != '=' || policy.substr(value, 2) == "==" || !is_secret_name(name))
      continue;
    ++value;
    while (value < policy.size() && (policy[value] == ' ' || policy[value] == '\t')) ++value;
    const size_t after = EndOfValue(policy, value);
    masked += policy.substr(at, value - at);
    masked += IsHarmless(policy.substr(value, after - value)) ? std::string(policy.substr(value, after - value))
                                                              : "\"********\"";
    at = after;
  }
  return masked;
}

}  // namespace picket::web
