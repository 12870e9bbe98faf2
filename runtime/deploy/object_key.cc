#include "runtime/deploy/object_key.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "compiler/import/normal_form.h"
#include "solver/cib/values.h"

namespace picket::runtime {
namespace {

using pugi::xml_node;

template <size_t N>
bool Among(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 6> kResourceNames = {"primitive", "group",  "clone",
                                                            "master",    "bundle", "template"};
constexpr std::array<std::string_view, 4> kBlockNames = {"instance_attributes", "meta_attributes", "utilization",
                                                         "cluster_property_set"};
constexpr std::array<std::string_view, 3> kOptionSections = {"crm_config", "rsc_defaults", "op_defaults"};
// What the cluster and its tools write (design: the list of what is no drift).
constexpr std::array<std::string_view, 8> kClusterOptions = {
    "dc-version",   "cluster-infrastructure", "have-watchdog",          "last-lrm-refresh",
    "cluster-name", "expected-quorum-votes",  "cluster-recheck-needed", "last-rsc-refresh"};

std::string_view Value(xml_node node, const char* name) {
  return node.attribute(name).value();
}

bool IsSection(xml_node element) {
  return std::string_view(element.parent().name()) == "configuration";
}

std::string OperationPart(xml_node op) {
  std::string part =
      "op " + std::string(Value(op, "name")) + "@" + std::to_string(solver::DurationOrZero(Value(op, "interval")));
  std::string_view role = Value(op, "role");
  if (role == "Master") role = "Promoted";
  if (role == "Slave") role = "Unpromoted";
  return role.empty() ? part : part + " " + std::string(role);
}

std::string PairPart(xml_node pair) {
  const std::string_view name = Value(pair, "name");
  if (name.empty()) return "ref " + std::string(Value(pair, "id-ref"));
  if (std::string_view(pair.parent().name()) == "cluster_property_set") {
    const std::string current = compiler::import::CurrentOption(name);
    if (!current.empty()) return current;
  }
  return std::string(name);
}

// A part within its object.
std::string PartOf(xml_node element) {
  const std::string_view tag = element.name();
  if (tag == "op") return OperationPart(element);
  if (tag == "nvpair") return PairPart(element);
  if (tag == "recipient") return "recipient " + std::string(Value(element, "value"));
  if (tag == "obj_ref" || tag == "resource_ref" || tag == "role" || tag == "acl_permission")
    return std::string(tag) + " " + std::string(Value(element, "id"));
  if (tag == "attribute") return "attribute " + std::string(Value(element, "name"));
  return std::string(tag);
}

}  // namespace

bool IsResource(xml_node element) {
  if (!Among(element.name(), kResourceNames)) return false;
  const std::string_view parent = element.parent().name();
  return parent == "resources" || Among(parent, kResourceNames);
}

bool IsBlock(xml_node element) {
  return Among(element.name(), kBlockNames);
}

bool IsObject(xml_node element) {
  if (IsSection(element)) return Among(element.name(), kOptionSections);
  if (IsResource(element)) return true;
  return IsSection(element.parent()) && !Among(element.parent().name(), kOptionSections);
}

xml_node ObjectOf(xml_node element) {
  while (element && !IsObject(element)) element = element.parent();
  return element;
}

std::string KeyOf(xml_node element) {
  const std::string tag = element.name();
  if (!element.parent()) return tag;
  if (IsSection(element)) return tag;
  if (IsObject(element)) {
    if (tag == "node") return "node " + std::string(Value(element, "uname"));
    return tag + " " + std::string(Value(element, "id"));
  }
  const xml_node parent = element.parent();
  // `operations` says nothing that its operations do not say.
  const bool silent = std::string_view(parent.name()) == "operations";
  return KeyOf(silent ? parent.parent() : parent) + "/" + PartOf(element);
}

bool IsClustersOwn(xml_node element) {
  for (; element && !IsSection(element); element = element.parent()) {
    const std::string_view tag = element.name();
    if (tag == "cluster_property_set") {
      const std::string_view id = Value(element, "id");
      if (id == kMarkerId || id.starts_with("SAPHanaSR") || id.find("hana_") != std::string_view::npos) return true;
    }
    if (tag == "nvpair" && std::string_view(element.parent().name()) == "cluster_property_set" &&
        Among(Value(element, "name"), kClusterOptions)) {
      return true;
    }
  }
  return false;
}

}  // namespace picket::runtime
