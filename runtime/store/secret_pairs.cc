#include "runtime/store/secret_pairs.h"

#include <sstream>

#include "solver/model/text.h"

namespace picket::runtime {
namespace {

constexpr const char* kSet = "picket-options";
constexpr const char* kOption = "picket-secret-pairs";

pugi::xml_node FindOption(pugi::xml_node configuration) {
  return configuration.child("crm_config")
      .find_child_by_attribute("cluster_property_set", "id", kSet)
      .find_child_by_attribute("nvpair", "name", kOption);
}

pugi::xml_node ChildNamed(pugi::xml_node parent, const char* name) {
  const pugi::xml_node child = parent.child(name);
  return child ? child : parent.prepend_child(name);
}

}  // namespace

std::string MaskValues(std::string text, const std::vector<std::string>& values) {
  for (const std::string& value : values) {
    for (size_t at = text.find(value); at != std::string::npos; at = text.find(value, at)) {
      text.replace(at, value.size(), kMask);
      at += kMask.size();
    }
  }
  return text;
}

bool IsSecretName(std::string_view name) {
  const std::string folded = solver::Folded(name);
  return folded.find("passw") != std::string::npos || folded.find("secret") != std::string::npos ||
         folded.find("token") != std::string::npos || folded.find("private") != std::string::npos || folded == "key" ||
         folded.ends_with("_key") || folded == "community";
}

void MarkSecretPairs(pugi::xml_node configuration, const std::vector<std::string>& ids) {
  std::set<std::string> all = SecretPairs(configuration);
  all.insert(ids.begin(), ids.end());
  if (all.empty()) return;
  pugi::xml_node option = FindOption(configuration);
  if (!option) {
    pugi::xml_node set = ChildNamed(configuration, "crm_config").append_child("cluster_property_set");
    set.append_attribute("id") = kSet;
    option = set.append_child("nvpair");
    option.append_attribute("id") = (std::string(kSet) + "-" + kOption).c_str();
    option.append_attribute("name") = kOption;
    option.append_attribute("value");
  }
  std::string text;
  for (const std::string& id : all) text += (text.empty() ? "" : " ") + id;
  option.attribute("value").set_value(text.c_str());
}

std::set<std::string> SecretPairs(pugi::xml_node configuration) {
  std::istringstream words(FindOption(configuration).attribute("value").value());
  std::set<std::string> ids;
  for (std::string id; words >> id;) ids.insert(id);
  return ids;
}

}  // namespace picket::runtime
