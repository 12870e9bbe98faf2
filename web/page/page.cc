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

}  // namespace picket::web
