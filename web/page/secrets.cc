#include "web/page/secrets.h"

#include <set>

#include "runtime/store/secret_pairs.h"

namespace picket::web {
namespace {

void MaskPairs(pugi::xml_node node, const std::set<std::string>& marked) {
  for (pugi::xml_node child = node.first_child(); child;) {
    if (std::string_view(child.name()) == "nvpair") {
      pugi::xml_attribute value = child.attribute("value");
      const bool secret =
          runtime::IsSecretName(child.attribute("name").value()) || marked.count(child.attribute("id").value()) > 0;
      if (value && secret) value.set_value(std::string(runtime::kMask).c_str());
    }
    if (child.first_child()) {
      child = child.first_child();
      continue;
    }
    while (child && child != node && !child.next_sibling()) child = child.parent();
    if (!child || child == node) return;
    child = child.next_sibling();
  }
}

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

std::string WithoutSecrets(std::string_view policy) {
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
    if (value >= policy.size() || policy[value] != '=' || policy.substr(value, 2) == "==" ||
        !runtime::IsSecretName(name))
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

void MaskSecrets(pugi::xml_node cib) {
  MaskPairs(cib, runtime::SecretPairs(cib.child("configuration")));
}

}  // namespace picket::web
