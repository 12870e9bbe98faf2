#include "solver/cib/document.h"

#include <array>

#include "solver/cib/upgrade.h"
#include "solver/cib/values.h"

namespace picket::solver {
namespace {

constexpr int kUnreadable = 65;
constexpr int kUnacceptable = 78;
constexpr std::string_view kUnreadableMessage = "Could not read input XML: Bad input value provided";

// Leaves elements only: comments, text and the rest say nothing here.
void KeepElements(pugi::xml_node node) {
  for (pugi::xml_node child = node.first_child(); child;) {
    const pugi::xml_node next = child.next_sibling();
    if (child.type() == pugi::node_element) {
      KeepElements(child);
    } else {
      node.remove_child(child);
    }
    child = next;
  }
}

// The next node in document order within the tree of `root`.
pugi::xml_node Following(pugi::xml_node node) {
  if (node.first_child()) return node.first_child();
  while (node && !node.next_sibling()) node = node.parent();
  return node.next_sibling();
}

// The series of a known schema name: 1, 2, 3, 4; 0 for `none`; -1 for anything else.
int SchemaSeries(std::string_view name) {
  struct Series {
    std::string_view prefix;
    int number;
    int last_minor;
  };
  constexpr std::array<Series, 4> kSeries = {
      {{"pacemaker-1.", 1, 3}, {"pacemaker-2.", 2, 10}, {"pacemaker-3.", 3, 10}, {"pacemaker-4.", 4, 0}}};
  if (name == "none") return 0;
  for (const Series& series : kSeries) {
    if (!name.starts_with(series.prefix)) continue;
    const std::string_view minor = name.substr(series.prefix.size());
    const auto value = ParseInteger(minor);
    if (!value || *value < 0 || *value > series.last_minor || minor != std::to_string(*value)) return -1;
    return series.number == 1 && *value == 1 ? -1 : series.number;  // There was never a 1.1.
  }
  return -1;
}

// The newest schema that a release knows (spec 07 F-16).
std::string_view NewestSchema(const Target& target) {
  if (target.release() < Release::k2_1_8) return "pacemaker-3.9";
  return target.is_3_0() ? "pacemaker-4.0" : "pacemaker-3.10";
}

bool IsNewerSchema(std::string_view schema, std::string_view newest) {
  constexpr std::string_view kPrefix = "pacemaker-";
  return schema.starts_with(kPrefix) &&
         CompareVersions(schema.substr(kPrefix.size()), newest.substr(kPrefix.size())) > 0;
}

std::string CannotUpgrade3(const std::string& schema) {
  const std::string claim = schema.empty() ? "unset" : schema;
  return "Cannot upgrade configuration (claiming " + claim +
         " schema) to at least pacemaker-4.0 because it does not validate with any schema from " + claim +
         " to the latest";
}

// A schema that the release does not know is `unknown` to it.
std::string CannotUpgrade2(const std::string& schema, std::string_view newest) {
  const bool known = SchemaSeries(schema) >= 0 && !IsNewerSchema(schema, newest);
  return "Cannot upgrade configuration (claiming schema " + schema +
         ") to at least pacemaker-3.0 because it does not validate with any schema from " +
         (known ? schema : "unknown") + " to " + std::string(newest);
}

void DropConfiguration(pugi::xml_node root) {
  root.remove_child("configuration");
  root.remove_child("status");
  pugi::xml_node configuration = root.append_child("configuration");
  for (const char* section : {"crm_config", "nodes", "resources", "constraints"}) configuration.append_child(section);
  root.append_child("status");
}

void AppendEscaped(std::string& text, std::string_view value) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '<':
        text += "&lt;";
        break;
      case '>':
        text += "&gt;";
        break;
      case '&':
        text += "&amp;";
        break;
      case '"':
        text += "&quot;";
        break;
      default:
        if (byte < 0x20 || byte == 0x7f) {
          text.append("&#x").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]).append(";");
        } else {
          text += c;
        }
    }
  }
}

// Everything that walks a document may call itself for each level, so a document has to be of sane depth. The limit is
// that of libxml2, with which clusters read theirs. The walk itself does not recurse.
bool IsTooDeep(const pugi::xml_document& document) {
  constexpr int kDepthMax = 256;
  int depth = 0;
  for (pugi::xml_node node = document.first_child(); node;) {
    if (node.first_child()) {
      if (++depth > kDepthMax) return true;
      node = node.first_child();
      continue;
    }
    while (node && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    node = node.next_sibling();
  }
  return false;
}

void AppendElement(std::string& text, pugi::xml_node element, size_t depth) {
  text.append(2 * depth, ' ').append("<").append(element.name());
  for (const pugi::xml_attribute attribute : element.attributes()) {
    text.append(" ").append(attribute.name()).append("=\"");
    AppendEscaped(text, attribute.value());
    text += '"';
  }
  if (!element.first_child()) {
    text += "/>\n";
    return;
  }
  text += ">\n";
  for (const pugi::xml_node child : element.children()) AppendElement(text, child, depth + 1);
  text.append(2 * depth, ' ').append("</").append(element.name()).append(">\n");
}

// Every instance is a resource of its own, with a history and actions.
constexpr int64_t kMostInstances = 10000;

// What asks for more instances than memory can hold, or none.
pugi::xml_node FindTooMany(const pugi::xml_document& document) {
  const auto is_too_large = [](pugi::xml_attribute number) {
    return ParseInteger(number.value()).value_or(0) > kMostInstances;
  };
  const auto asks_too_much = [&](pugi::xml_node element) {
    const bool is_option = element.attribute("name").value() == std::string_view("clone-max");
    if (is_option) return is_too_large(element.attribute("value"));
    if (element.parent().name() != std::string_view("bundle")) return false;
    return is_too_large(element.attribute("replicas")) || is_too_large(element.attribute("promoted-max")) ||
           is_too_large(element.attribute("masters"));
  };
  const pugi::xml_node configuration = document.document_element().child("configuration");
  for (const char* section : {"resources", "rsc_defaults"}) {
    if (const pugi::xml_node found = configuration.child(section).find_node(asks_too_much)) return found;
  }
  return {};
}

std::string TooMany(pugi::xml_node found) {
  const pugi::xml_node owner = found.attribute("name") ? found.parent().parent() : found.parent();
  const std::string id = owner.attribute("id").value();
  return (id.empty() ? std::string(owner.name()) : id) + " asks for more than " + std::to_string(kMostInstances) +
         " instances";
}

}  // namespace

bool ParseDocument(std::string_view text, pugi::xml_document& document, DocumentError& error) {
  const pugi::xml_parse_result result = document.load_buffer(text.data(), text.size());
  if (!result || !document.document_element() || IsTooDeep(document)) {
    error = {kUnreadable, std::string(kUnreadableMessage)};
    return false;
  }
  if (const pugi::xml_node found = FindTooMany(document)) {
    error = {kUnacceptable, TooMany(found)};
    return false;
  }
  KeepElements(document);
  pugi::xml_node root = document.document_element();
  if (!root.child("status")) root.append_child("status");
  return true;
}

bool UpgradeDocument(pugi::xml_document& document, std::string& warning, DocumentError& error, const Target& target) {
  const std::string_view newest = NewestSchema(target);
  const bool to_4 = target.Behaves(Behaviour::kOldSchemasUpgraded);
  pugi::xml_node root = document.document_element();
  std::string schema = root.attribute("validate-with").value();
  // Releases before 3.0 try all schemas where none is named.
  if (schema.empty() && !to_4) schema = "pacemaker-1.0";
  const int series = SchemaSeries(schema);
  if (series < 0 || IsNewerSchema(schema, newest)) {
    error = {kUnacceptable, to_4 ? CannotUpgrade3(schema) : CannotUpgrade2(schema, newest)};
    return false;
  }
  const std::string feature_set = root.attribute("crm_feature_set").value();
  if (target.Behaves(Behaviour::kNewerFeatureSetRefused) && CompareVersions(feature_set, target.feature_set()) > 0) {
    if (!to_4) {  // The releases between read nothing of it, and say so in no way.
      DropConfiguration(root);
      return true;
    }
    error = {kUnacceptable, "Can't process CIB with feature set '" + feature_set + "' greater than our own '" +
                                std::string(target.feature_set()) + "'"};
    return false;
  }
  if (series == 0) {
    warning = target.Behaves(Behaviour::kUnreadableIs65)
                  ? "Schema validation of configuration is disabled (support for validate-with set to \"none\" is "
                    "deprecated and will be removed in a future release)"
                  : "Schema validation of configuration is disabled (enabling is encouraged and prevents common "
                    "misconfigurations)";
    return true;
  }
  if (series <= 2) UpgradeFrom2(document);
  if (series <= 3) UpgradeFrom3(document, target);
  if (pugi::xml_attribute name = root.attribute("validate-with"); series <= 2 || to_4) {
    if (!name) name = root.append_attribute("validate-with");
    name.set_value(std::string(newest).c_str());
  }
  return true;
}

Target TargetOf(const pugi::xml_document& document) {
  const pugi::xml_node root = document.document_element();
  std::string dc_version;
  for (const pugi::xml_node set : root.child("configuration").child("crm_config").children("cluster_property_set")) {
    for (const pugi::xml_node pair : set.children("nvpair")) {
      if (std::string_view(pair.attribute("name").value()) == "dc-version")
        dc_version = pair.attribute("value").value();
    }
  }
  return Target::Of(dc_version, root.attribute("crm_feature_set").value()).value_or(Target());
}

void UpgradeOldSpellings(pugi::xml_document& document) {
  const int series = SchemaSeries(document.document_element().attribute("validate-with").value());
  if (series == 1 || series == 2) UpgradeFrom2(document);
}

pugi::xml_node OnlyElement(const pugi::xml_document& document, const char* name) {
  pugi::xml_node found;
  for (pugi::xml_node node = document.first_child(); node; node = Following(node)) {
    if (std::string_view(node.name()) != name) continue;
    if (found) return {};
    found = node;
  }
  return found;
}

pugi::xml_node FindById(const pugi::xml_document& document, const char* element, std::string_view id) {
  pugi::xml_node found;
  for (pugi::xml_node node = document.first_child(); node; node = Following(node)) {
    if (std::string_view(node.name()) != element || node.attribute("id").value() != id) continue;
    if (found) return {};
    found = node;
  }
  return found;
}

std::string DocumentText(const pugi::xml_document& document) {
  std::string text;
  for (const pugi::xml_node child : document.children()) AppendElement(text, child, 0);
  return text;
}

}  // namespace picket::solver
