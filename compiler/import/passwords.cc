#include "compiler/import/passwords.h"

#include <algorithm>
#include <cctype>
#include <pugixml.hpp>

namespace picket::compiler::import {
namespace {

bool HoldsPassword(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return lower.ends_with("passwd") || lower.ends_with("password") || lower == "passphrase" || lower == "secret_key";
}

void Find(pugi::xml_node node, std::vector<std::string>& found) {
  for (const pugi::xml_node child : node.children()) {
    for (const pugi::xml_node block : child.children("instance_attributes")) {
      for (const pugi::xml_node pair : block.children("nvpair")) {
        const std::string value = pair.attribute("value").value(), name = pair.attribute("name").value();
        if (value.empty() || value.starts_with("secret(") || !HoldsPassword(name)) continue;
        found.push_back("`" + name + "` of `" + child.attribute("id").value() + "`");
      }
    }
    const std::string_view tag = child.name();
    if (tag == "group" || tag == "clone" || tag == "master" || tag == "bundle") Find(child, found);
  }
}

}  // namespace

std::vector<std::string> PasswordsInClear(std::string_view cib) {
  std::vector<std::string> found;
  pugi::xml_document document;
  if (document.load_buffer(cib.data(), cib.size()))
    Find(document.child("cib").child("configuration").child("resources"), found);
  return found;
}

}  // namespace picket::compiler::import
